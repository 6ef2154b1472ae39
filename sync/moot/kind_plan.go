package moot

import (
	"cmp"
	"slices"

	"folkmoot/sync/oplog"
)

// NewPlan adds a group plan as a whole; it never changes. Which plan holds is the
// session's field ActivePlan.
type NewPlan struct {
	Round    int               `cbor:"1,keyasint"`
	Mode     string            `cbor:"2,keyasint"`
	Seed     uint64            `cbor:"3,keyasint"`
	Min      int               `cbor:"4,keyasint"`
	Max      int               `cbor:"5,keyasint"`
	Tables   [][]ParticipantID `cbor:"6,keyasint"` // table 1 first
	Unseated []ParticipantID   `cbor:"7,keyasint"`
	// Measure is how unevenly the plan mixes what it was to mix, times 10 000, so that
	// it has no rounding of its own: 10 000 is what lots give on average, 0 is best, and
	// −1 stands where the plan was to gather people.
	Measure int64  `cbor:"8,keyasint"`
	Made    uint64 `cbor:"9,keyasint"`
}

// MaxSeated is how many people one plan may name, so that it fits into an entry.
const MaxSeated = 1500

// Kind is "plan".
func (*NewPlan) Kind() string { return "plan" }

func (*NewPlan) class() oplog.Class { return oplog.Public }

func (p *NewPlan) bounds() error {
	return cmp.Or(checkNumbers(p.Round, p.Min, p.Max), checkTexts(p.Mode))
}

// check wants everybody to be known and in one place.
func (p *NewPlan) check(s *State) error {
	named := len(p.Unseated)
	for _, table := range p.Tables {
		named += len(table)
	}
	if named > MaxSeated {
		return &Refusal{Code: TooManyPeople, Limit: MaxSeated}
	}
	seated := make(map[ParticipantID]bool, named)
	for _, table := range append(slices.Clone(p.Tables), p.Unseated) {
		for _, id := range table {
			if s.people.get(id) == nil {
				return refuse(UnknownPerson)
			}
			if seated[id] {
				return refuse(BadValue)
			}
			seated[id] = true
		}
	}
	return nil
}

func (p *NewPlan) apply(s *State, e oplog.Entry) {
	s.touch()
	id := PlanID(e.CID)
	s.mark(RowPlan, id[:])
	hash := e.Hash()
	if old, ok := s.plans[id]; ok && string(old.hash[:]) <= string(hash[:]) {
		return
	}
	s.plans[id] = planRecord{made: p, hash: hash}
}

type planRecord struct {
	made *NewPlan
	hash oplog.Hash
}

// Plan is a group plan.
type Plan struct {
	ID PlanID
	NewPlan
}

// Table gives the number of the table at which a person sits, 0 for none.
func (p *Plan) Table(id ParticipantID) int {
	for i, table := range p.Tables {
		for _, other := range table {
			if other == id {
				return i + 1
			}
		}
	}
	return 0
}
