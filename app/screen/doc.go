// Package screen gives the desk's screens, one file each, and the wall.
//
// Start with Checkin, Statements, OpinionMap, Tables and Report, the screens of the
// agenda's steps; Home and NewSession, from which a session comes; and Wall, what the
// room looks at.
//
// # Words
//
// A screen is made for a look.Style. Show gives it a readmodel value, its On… functions
// say what its person wants; it works nothing out and knows no session. A screen has at
// most one filled button: the one next thing to do. Lead says that it may have it; the
// step's own start comes first.
//
// # Concurrency
//
// Everything belongs to Fyne's thread. A screen starts no goroutine.
//
// # What will bite
//
//   - Show is called every second and with every change: what did not change must cost
//     nothing. Lists make widgets for the rows in sight only.
//   - Another language or theme makes the screens anew; what somebody is typing lives in
//     the shell.
package screen
