// Package link is how the devices of a session talk over a network: over TLS with keys
// that were pinned when they were paired, each holding what all of them hold.
//
// Start with New, which gives a device's Node for one session; Serve answers others, Run
// calls them. Join is how a device that has nothing yet asks to be paired.
//
// Words: a device is one installation of the program, with one key for its life, as
// against a replica's log, whose key may be exchanged; a peer is a device that was
// paired; the book is where peers are kept; a contact is the time during which a peer
// answers; a backup follows another laptop and is in step while it holds all that this
// one has told phones to be saved; the lead is the laptop that the facilitator works at.
//
// Promises: who is not in the book is answered a hello and the calls of pairing, nothing
// else. What a peer brings goes through package peer and is on the disk before it is
// called taken. A Node loses nothing when a contact breaks: the next one goes on from
// what both hold. All methods may be called from any goroutine; Close ends them all.
//
// A tablet is believed what speaks for itself only: entries of logs whose first entry says
// whose they are, and proofs. See trust.go for which logs it may bring.
//
// What will bite: trust lies in the book of each device and never in the record, so it
// decides who may talk, not what counts; see moot.Unpair for that.
package link
