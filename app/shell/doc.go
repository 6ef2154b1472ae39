// Package shell is the desk's window: the list of sessions, a session with its agenda at
// the left and what runs at the top, the wall's window, the questions asked before
// something that people would notice.
//
// Start with New, which makes the window for a Program, and Run.
//
// # Words
//
// A Program is what stands behind the window: sessions on the disk, the hub, the
// browser's pen. It declares what the shell needs; cmd/folkmoot joins them. The band is
// the line under the top: what is under way, what did not work and what was kept.
//
// # Concurrency
//
// Everything here belongs to Fyne's thread. Work that takes time goes to Program.Hands,
// and comes back by later, the one place that hops onto Fyne's thread.
//
// # What will bite
//
//   - Another language or theme makes all screens anew (build); what somebody was typing
//     is taken along.
//   - Fyne has one catalogue for its own few texts, chosen by the system's language:
//     look.SpeakFyne writes the desk's language over all of it.
package shell
