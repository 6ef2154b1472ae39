package moot

import (
	"bytes"
	"cmp"

	"folkmoot/sync/oplog"
)

// Stamp orders the writings of one cell: the writer's own revision first, then
// the hybrid time, then the replica's id, and last the entry's number, which only
// a log whose clock stood still needs. No two entries share a stamp.
type Stamp struct {
	Rev     uint64
	Time    oplog.Time
	Replica oplog.ReplicaID
	Seq     uint64
}

// MaxRev is the first revision that is refused: 2⁵², beyond what JavaScript's
// numbers and any clock in milliseconds need.
const MaxRev = 1 << 52

// Compare gives -1, 0 or 1 as s is older than, the same as or newer than t.
func (s Stamp) Compare(t Stamp) int {
	if c := cmp.Compare(s.Rev, t.Rev); c != 0 {
		return c
	}
	if c := s.Time.Compare(t.Time); c != 0 {
		return c
	}
	if c := bytes.Compare(s.Replica[:], t.Replica[:]); c != 0 {
		return c
	}
	return cmp.Compare(s.Seq, t.Seq)
}

// Cell is a value that its newest writing decides.
type Cell[T any] struct {
	Value T
	Stamp Stamp
	// CID is the act that wrote the value.
	CID oplog.ItemID
}

// put gives the newer of the cell and a writing; zero cells lose to everything.
func (c Cell[T]) put(value T, stamp Stamp, cid oplog.ItemID) Cell[T] {
	if stamp.Compare(c.Stamp) > 0 {
		return Cell[T]{Value: value, Stamp: stamp, CID: cid}
	}
	return c
}

func stampOf(e oplog.Entry, rev uint64) Stamp {
	return Stamp{Rev: rev, Time: e.Time, Replica: e.Replica, Seq: e.Seq}
}
