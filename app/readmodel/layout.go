package readmodel

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"folkmoot/analysis/opinion"
	"folkmoot/sync/moot"
)

// layout is the record as rows and columns: people by id, statements that may be
// voted on and are about the matter (not about the process: Meta) by id.
type layout struct {
	people     []*moot.Person
	statements []*moot.Statement
	votes      opinion.Votes
	row        map[moot.ParticipantID]int
	column     map[moot.StatementID]int
	// sum names the votes: equal sums, equal maps.
	sum [sha256.Size]byte
}

func layOut(record *moot.View) (layout, error) {
	l := layout{people: SortedPeople(record), statements: mapStatements(record),
		row: map[moot.ParticipantID]int{}, column: map[moot.StatementID]int{}}
	for i, p := range l.people {
		l.row[p.ID] = i
	}
	for i, s := range l.statements {
		l.column[s.ID] = i
	}
	list := make([]opinion.Vote, 0, record.Votes)
	for row, p := range l.people {
		from := len(list)
		for sid, cell := range p.Votes() {
			if column, ok := l.column[sid]; ok && cell.Value != moot.None {
				list = append(list, opinion.Vote{Participant: row, Statement: column, Value: int8(cell.Value.Sign())})
			}
		}
		slices.SortFunc(list[from:], func(a, b opinion.Vote) int { return cmp.Compare(a.Statement, b.Statement) })
	}
	var err error
	if l.votes, err = opinion.NewVotes(len(l.people), len(l.statements), list); err != nil {
		return layout{}, fmt.Errorf("readmodel: lay out votes: %w", err)
	}
	l.sum = l.digest(list)
	return l, nil
}

// digest sums up who voted how on what; list is in order of row and column.
func (l layout) digest(list []opinion.Vote) [sha256.Size]byte {
	buffer := make([]byte, 0, 16*(len(l.people)+len(l.statements))+9*len(list))
	for _, p := range l.people {
		buffer = append(buffer, p.ID[:]...)
	}
	for _, s := range l.statements {
		buffer = append(buffer, s.ID[:]...)
	}
	for _, v := range list {
		buffer = binary.BigEndian.AppendUint32(buffer, uint32(v.Participant))
		buffer = binary.BigEndian.AppendUint32(buffer, uint32(v.Statement))
		buffer = append(buffer, byte(v.Value))
	}
	return sha256.Sum256(buffer)
}

// SortedPeople gives everybody in the order of the map's rows: imported people
// first, by the source's own id (as numbers where all are whole numbers, else
// bytewise), then the people of the room by id.
func SortedPeople(record *moot.View) []*moot.Person {
	people := record.People()
	numbers := allNumbers(people, func(p *moot.Person) (string, bool) { return p.Get(moot.PersonID), !p.Here() })
	slices.SortStableFunc(people, func(a, b *moot.Person) int {
		if a.Here() != b.Here() {
			return cmp.Compare(btoi(a.Here()), btoi(b.Here()))
		}
		if a.Here() {
			return bytes.Compare(a.ID[:], b.ID[:])
		}
		return cmp.Or(compareSourceIDs(a.Get(moot.PersonID), b.Get(moot.PersonID), numbers), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return people
}

// mapStatements gives the statements of the map's columns: imported ones first by
// the source's own id, then the room's in the order in which they were added.
func mapStatements(record *moot.View) []*moot.Statement {
	var list []*moot.Statement
	for _, s := range record.Statements {
		if s.Votable() && !s.Meta {
			list = append(list, s)
		}
	}
	imported := func(s *moot.Statement) bool { return s.Source == moot.Imported }
	numbers := allNumbers(list, func(s *moot.Statement) (string, bool) { return s.SourceID, imported(s) })
	slices.SortStableFunc(list, func(a, b *moot.Statement) int {
		if imported(a) && imported(b) {
			return compareSourceIDs(a.SourceID, b.SourceID, numbers)
		}
		return cmp.Compare(btoi(!imported(a)), btoi(!imported(b)))
	})
	return list
}

// allNumbers says whether the source ids of all imported things are whole numbers.
func allNumbers[T any](list []T, id func(T) (id string, imported bool)) bool {
	for _, thing := range list {
		if text, imported := id(thing); imported {
			if _, err := strconv.ParseUint(text, 10, 63); err != nil {
				return false
			}
		}
	}
	return true
}

// compareSourceIDs orders two ids of a source, as numbers where numbers is set.
func compareSourceIDs(a, b string, numbers bool) int {
	if !numbers {
		return strings.Compare(a, b)
	}
	x, _ := strconv.ParseUint(a, 10, 63)
	y, _ := strconv.ParseUint(b, 10, 63)
	return cmp.Compare(x, y)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
