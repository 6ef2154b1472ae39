package readmodel

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"

	"folkmoot/sync/moot"
)

// Order gives the statements that a person has not voted on, in the order in which
// they should see them. Seed statements come first as long as the person has fewer
// votes than the map needs; then those with the fewest votes, in steps of an eighth
// of the people, so that a new statement gets its share at once; within a step lots
// are drawn, weighted by how much a statement tells about places on the map. The lots
// are the person's own, so that neighbours see different statements; the same record
// gives the same order.
func (v *View) Order(id moot.ParticipantID) []moot.StatementID {
	var votes map[moot.StatementID]moot.Cell[moot.Vote]
	cast := 0
	if p := v.Record.Person(id); p != nil {
		votes, cast = p.Votes(), p.Counted()
	}
	step := max(1, (v.Counts.Voters+7)/8)
	open := make([]candidate, 0, len(v.listing))
	for i, s := range v.listing {
		if votes[s.ID].Value != moot.None {
			continue
		}
		open = append(open, candidate{
			id:       s.ID,
			seed:     s.Seed && cast < v.Map.VotesNeeded,
			coverage: v.Results.Statements[i].Voted() / step,
			lot:      v.lot(id, s.ID),
		})
	}
	slices.SortFunc(open, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(btoi(b.seed), btoi(a.seed)), cmp.Compare(a.coverage, b.coverage),
			cmp.Compare(a.lot, b.lot), bytes.Compare(a.id[:], b.id[:]))
	})
	order := make([]moot.StatementID, len(open))
	for i, c := range open {
		order[i] = c.id
	}
	return order
}

type candidate struct {
	id       moot.StatementID
	seed     bool
	coverage int
	lot      float64
}

// lot draws for a person and a statement: −ln u / weight, of which the smallest comes
// first (Efraimidis and Spirakis 2006).
func (v *View) lot(person moot.ParticipantID, statement moot.StatementID) float64 {
	var key [40]byte
	binary.BigEndian.PutUint64(key[:], v.Seed)
	copy(key[8:], person[:])
	copy(key[24:], statement[:])
	sum := sha256.Sum256(key[:])
	u := (float64(binary.BigEndian.Uint64(sum[:])>>11) + 0.5) / (1 << 53)
	weight := 1.0
	if column, ok := v.layout.column[statement]; ok && len(v.Map.Loadings) > 0 {
		weight = plainWeight + telling(v.Map.Loadings[column])*float64(len(v.Statements))
	}
	return -math.Log(u) / weight
}

// plainWeight is what a statement weighs that tells nothing about places; one that
// tells as much as the average weighs two more (the loadings of two axes of length 1).
const plainWeight = 1

// telling is how much a vote on a statement says about a place on the map: the
// squared length of its loadings, ‖w_s‖², as in the precision WᵀW of a position.
func telling(loading [2]float64) float64 { return loading[0]*loading[0] + loading[1]*loading[1] }

// Priority is how much a statement should be asked next, over all people.
type Priority struct {
	// Statement is the place in View.Statements.
	Statement int
	// Weight is between 0 and 1; all weights add up to 1.
	Weight float64
}

// Priorities gives the statements of the map by how much one more vote on them is
// worth: the share of people on the map who have not seen it, times what a vote on
// it tells about places. The greatest comes first. Empty where there is no map.
func (v *View) Priorities() []Priority {
	if v.Scene == nil {
		return nil
	}
	list := make([]Priority, len(v.Statements))
	total := 0.0
	for s := range v.Statements {
		unseen := 0
		for _, tallies := range v.Map.Tallies {
			unseen += tallies[s].Unseen
		}
		weight := (float64(unseen) + 0.5) / (float64(len(v.onMap)) + 1)
		weight *= plainWeight + telling(v.Map.Loadings[s])*float64(len(v.Statements))
		list[s] = Priority{Statement: s, Weight: weight}
		total += weight
	}
	for i := range list {
		list[i].Weight /= total
	}
	slices.SortStableFunc(list, func(a, b Priority) int { return cmp.Compare(b.Weight, a.Weight) })
	return list
}
