package readmodel

import (
	"cmp"
	"fmt"
	"slices"

	"folkmoot/analysis/opinion"
	"folkmoot/sync/moot"
)

// PolisMatrix is a record laid out for the engine that computes as Polis does:
// hidden statements stay in, marked, and people and statements come in the order
// of the source's ids, those of the room after them.
type PolisMatrix struct {
	Votes      opinion.PolisVotes
	People     []*moot.Person    // rows
	Statements []*moot.Statement // columns
}

// LayOutForPolis lays a record out. Its only error is a fault in our own code.
func LayOutForPolis(record *moot.View) (PolisMatrix, error) {
	m := PolisMatrix{People: SortedPeople(record)}
	for _, s := range record.Statements {
		if s.Pair == (moot.StatementID{}) {
			m.Statements = append(m.Statements, s)
		}
	}
	numbers := allNumbers(m.Statements, func(s *moot.Statement) (string, bool) { return s.SourceID, s.SourceID != "" })
	slices.SortStableFunc(m.Statements, func(a, b *moot.Statement) int {
		if c := cmp.Compare(btoi(a.SourceID == ""), btoi(b.SourceID == "")); c != 0 || a.SourceID == "" {
			return c
		}
		return compareSourceIDs(a.SourceID, b.SourceID, numbers)
	})
	column := map[moot.StatementID]int{}
	for i, s := range m.Statements {
		column[s.ID] = i
		if s.Meta || s.Standing > moot.Approved {
			m.Votes.ModeratedOut = append(m.Votes.ModeratedOut, i)
		}
		if s.Meta {
			m.Votes.Meta = append(m.Votes.Meta, i)
		}
	}
	var list []opinion.Vote
	for row, p := range m.People {
		for sid, cell := range p.Votes() {
			if at, ok := column[sid]; ok && cell.Value != moot.None {
				list = append(list, opinion.Vote{Participant: row, Statement: at, Value: int8(cell.Value.Sign())})
			}
		}
	}
	var err error
	if m.Votes.Votes, err = opinion.NewVotes(len(m.People), len(m.Statements), list); err != nil {
		return PolisMatrix{}, fmt.Errorf("readmodel: lay out votes for the polis engine: %w", err)
	}
	return m, nil
}
