package oplog

import (
	"cmp"
	"math"
)

// Time is a hybrid logical time: milliseconds since 1970 as the writer's wall
// clock had them, never smaller than anything the writer had seen, and a counter
// for acts within one millisecond. It breaks true ties and gives readable times;
// it never decides where the writer's own revision can.
type Time struct {
	_       struct{} `cbor:",toarray"`
	MS      uint64
	Counter uint32
}

// Compare gives -1, 0 or 1 as t lies before, at or after u.
func (t Time) Compare(u Time) int {
	if c := cmp.Compare(t.MS, u.MS); c != 0 {
		return c
	}
	return cmp.Compare(t.Counter, u.Counter)
}

// MaxAhead is how far another replica's clock may run ahead of ours, in
// milliseconds, and still move it: ten minutes.
const MaxAhead = 10 * 60 * 1000

// Clock hands out times that never go back. The wall clock comes in from outside.
type Clock struct {
	last Time
}

// NewClock starts a clock that has seen last.
func NewClock(last Time) *Clock { return &Clock{last: last} }

// Last gives the newest time handed out or observed.
func (c *Clock) Last() Time { return c.last }

// Tick gives the next time; wall is the wall clock in milliseconds since 1970.
func (c *Clock) Tick(wall uint64) Time {
	switch {
	case wall > c.last.MS:
		c.last = Time{MS: wall}
	case c.last.Counter == math.MaxUint32: // a peer may have sent it so
		c.last = Time{MS: c.last.MS + 1}
	default:
		c.last.Counter++
	}
	return c.last
}

// Observe takes note of another replica's time, so that what we write next lies
// after it, and says whether it did: a time that runs more than MaxAhead ahead of
// our wall clock does not drag ours along.
func (c *Clock) Observe(seen Time, wall uint64) bool {
	if seen.MS > wall && seen.MS-wall > MaxAhead {
		return false
	}
	if seen.Compare(c.last) > 0 {
		c.last = seen
	}
	return true
}
