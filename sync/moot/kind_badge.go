package moot

import (
	"maps"

	"folkmoot/sync/oplog"
)

// Badges is the session's field for how people join: "on" asks everybody for a printed
// badge, "" is open mode.
const Badges Field = "badges"

// maxBadge is the largest number of a badge, 15 bits; sync/badge makes them.
const maxBadge = 1<<15 - 1

// VoidBadge says that a badge is no longer good: lost, or in the wrong hands. It is
// never taken back, a new badge is issued instead. What its person answered stays.
type VoidBadge struct {
	Number int    `cbor:"1,keyasint"`
	At     uint64 `cbor:"2,keyasint"` // milliseconds since 1970; 0 where it is not known
}

func init() { register(func() Payload { return &VoidBadge{} }) }

// Kind is "badge_void".
func (*VoidBadge) Kind() string { return "badge_void" }

func (*VoidBadge) class() oplog.Class { return oplog.Public }

func (b *VoidBadge) bounds() error {
	if b.Number < 1 || b.Number > maxBadge {
		return refuse(BadValue)
	}
	return nil
}

func (*VoidBadge) check(*State) error { return nil }

func (b *VoidBadge) apply(s *State, _ oplog.Entry) {
	if s.voided[b.Number] {
		return
	}
	// A View may hold the set as it was.
	s.touch()
	s.voided = maps.Clone(s.voided)
	if s.voided == nil {
		s.voided = map[int]bool{}
	}
	s.voided[b.Number] = true
}

// BadgesOnly says whether joining takes a badge. Simulated people have none: where they
// may come, the six digits let in whoever has them.
func (s Session) BadgesOnly() bool { return s.On(Badges) && !s.On(Rehearsal) && !s.On(Sample) }

// BadgeVoided says whether a badge is no longer good.
func (v *View) BadgeVoided(number int) bool { return v.voided[number] }
