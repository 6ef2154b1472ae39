// Package badge makes and checks the printed badges by which people join a session,
// and the proof that a call comes from the phone that scanned one.
//
// Start with Key: Issue gives what is printed, Check says whether a typed code is
// one of ours, PID who it is. Call.MAC and Window guard the calls of a phone.
//
// Words: a code is a number of 15 bits and a sum of 35 bits that only holders of the
// session's badge key can make, written as ten characters. The call key, 128 bits,
// belongs to a number too; it stands in the QR code only, behind the # of its
// address, so that it never goes over the network: what a listener hears of a call
// is no help in finding it, which the 35 bits of a code would not withstand.
// An epoch is one run of a hub's program.
//
// Everything here is a function of its arguments; a Window belongs to its caller, who
// keeps it from being used by two goroutines at once.
//
// What will bite: a code that was typed goes over the network as it is. Who hears it
// can use it, as a token in open mode; the page says so.
package badge
