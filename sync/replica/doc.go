// Package replica is one device's copy of a session: its record, the state that
// follows from it, and the one writer that adds to it.
//
// Start with Open, Do, Receive and View.
//
// Words: an outcome is what became of an item (saved, there already, stale,
// refused); a batch is what one transaction takes; rules are what acts say about
// which entries count, and Obey takes them from a peer.
//
// Promises: Do returns after the commit, so what it calls saved is on the disk;
// an item sent twice counts once; a View never changes. Everything may be called
// from any goroutine. One goroutine prepares and signs a batch while another
// commits the one before, so that disk and processor work at the same time. Receive
// checks signatures on all processors, and is done with that when it returns.
//
// What will bite: a failed commit means "unknown". The replica then reads its
// record again from the disk and goes on from what is there; whoever waited gets
// ErrAgain and sends the same items once more.
package replica
