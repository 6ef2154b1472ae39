// Package tablet is the participants' window: one screen at a time, with big targets, for
// people who share a tablet one after the other.
//
// Start with New, which makes the Window for a Program; Show gives it what to show.
//
// # Words
//
// A Handset is what the tablet shows, decided in package readmodel. A Touch is what a
// person did. A place is a screen. The curtain is the screen between two people.
//
// # Concurrency
//
// Everything belongs to Fyne's thread but the function that Program.Follow is given: it
// hops there.
//
// # What will bite
//
//   - The window is made anew from each Handset that differs. What somebody types lives in
//     fields that outlast that, and goes with the person: see Window.letGo.
//   - A tap in the first 0.4 s of a new screen or statement was meant for the one before,
//     and is ignored.
package tablet
