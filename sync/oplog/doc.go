// Package oplog is the record: who did what, in which order on which device,
// signed and chained so that nothing can be changed afterwards.
//
// Start with Writer (makes entries), Chain (checks them) and Log (holds them).
//
// Words: an entry is one act in one replica's log and is never changed; a log
// is all entries of one replica, numbered from 1 without gaps, each naming the
// hash of the one before; heads say per replica how far a log is held; the
// hybrid clock orders entries of different logs where nothing better does.
//
// Everything here is pure: no network, no disk, no wall clock. Values may be
// shared between goroutines as long as nobody writes to them; Writer, Chain,
// Clock and Memory belong to one goroutine at a time.
//
// What will bite: the stored bytes of a header are what was signed. They are
// kept and never encoded again to check a signature.
package oplog
