package moot

import (
	"cmp"
	"slices"
	"strconv"

	"folkmoot/sync/oplog"
)

// PersonField names a property of a person.
type PersonField string

// The fields of a person. A person's record begins with PersonNumber.
const (
	PersonNumber PersonField = "number" // random and unique in the session, or the source's order
	PersonWord   PersonField = "word"   // key of an animal
	PersonName   PersonField = "name"   // own name, any script
	PersonLang   PersonField = "lang"
	PersonSource PersonField = "source"    // Source
	PersonID     PersonField = "source_id" // the source's own id
)

// SetPerson writes one property of a person. Class personal, so that it can be
// erased; but PersonSource is public, since without it the people of an import
// would turn into people of the room.
type SetPerson struct {
	Person ParticipantID `cbor:"1,keyasint"`
	Field  PersonField   `cbor:"2,keyasint"`
	Value  string        `cbor:"3,keyasint"`
	Rev    uint64        `cbor:"4,keyasint"`
}

// Kind is "person".
func (*SetPerson) Kind() string { return "person" }

func (p *SetPerson) class() oplog.Class {
	if p.Field == PersonSource {
		return oplog.Public
	}
	return oplog.Personal
}

func (p *SetPerson) bounds() error {
	return cmp.Or(checkRev(p.Rev), checkTexts(string(p.Field), p.Value))
}

func (p *SetPerson) check(s *State) error {
	known := []PersonField{PersonNumber, PersonWord, PersonName, PersonLang, PersonSource, PersonID}
	switch {
	case s.rules.unlinked && p.class() == oplog.Personal:
		return refuse(NamesErased)
	case p.Person.IsZero() || !slices.Contains(known, p.Field):
		return refuse(BadValue)
	case len([]rune(p.Value)) > MaxName:
		return &Refusal{Code: TooLong, Limit: MaxName}
	case p.Field == PersonLang && p.Value != "zh-Hant" && p.Value != "en":
		return refuse(BadValue)
	}
	if p.Field == PersonNumber {
		if n, err := strconv.ParseInt(p.Value, 10, 32); err != nil || n < 0 {
			return refuse(BadValue)
		}
	}
	return nil
}

func (p *SetPerson) apply(s *State, e oplog.Entry) {
	s.touchVotes()
	person := s.person(p.Person)
	s.mark(RowPerson, p.Person[:])
	defer s.counting(person)()
	person.fields[p.Field] = person.fields[p.Field].put(p.Value, stampOf(e, p.Rev), e.CID)
}

// counting keeps the numbers of people right over a change of one of them: call it
// before, and what it gives afterwards.
func (s *State) counting(p *Person) func() {
	came, imported := p.came(), !p.Here()
	return func() {
		s.here += btoi(p.came()) - btoi(came)
		s.imported += btoi(!p.Here()) - btoi(imported)
	}
}

// came says whether a person of the room did anything yet: who opened the page and
// read the notice has not.
func (p *Person) came() bool { return p.Here() && p.arrived > 0 }

// Person is a person who takes part, with all that they said.
type Person struct {
	ID      ParticipantID
	fields  map[PersonField]Cell[string]
	in      Cell[bool]
	arrived uint64
	answers map[QuestionID]Cell[int]
	votes   map[StatementID]Cell[Vote]
	late    map[StatementID]Cell[Vote]
	counted int // votes that are not None, on statements that are there
	gen     uint64
}

// Get gives a property, "" where it was never written.
func (p *Person) Get(f PersonField) string { return p.fields[f].Value }

// Rev gives the revision of a property.
func (p *Person) Rev(f PersonField) uint64 { return p.fields[f].Stamp.Rev }

// Log gives the log in which a property was written, zero where it never was.
func (p *Person) Log(f PersonField) oplog.ReplicaID { return p.fields[f].Stamp.Replica }

// Number gives the person's number, 0 where there is none.
func (p *Person) Number() int {
	n, err := strconv.ParseInt(p.Get(PersonNumber), 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}

// Source says how the person came into the session; FromPhone where nothing was
// written.
func (p *Person) Source() Source {
	if s := p.Get(PersonSource); s != "" {
		return Source(s)
	}
	return FromPhone
}

// Here says whether the person belongs to the room: not imported.
func (p *Person) Here() bool { return p.Source() != Imported }

// Present says whether the person is in the room now.
func (p *Person) Present() bool { return p.in.Value }

// Arrived gives the earliest time at which the person was seen, in milliseconds
// since 1970; 0 where never.
func (p *Person) Arrived() uint64 { return p.arrived }

// Answer gives the answer to a question and whether there is one.
func (p *Person) Answer(q QuestionID) (Cell[int], bool) { c, ok := p.answers[q]; return c, ok }

// Vote gives the counted vote on a statement; Value is None where there is none.
func (p *Person) Vote(s StatementID) Cell[Vote] { return p.votes[s] }

// Votes gives all counted votes in no order; None ones (taken back), and those on
// a statement that has not come yet, are among them. The caller must not change
// the map.
func (p *Person) Votes() map[StatementID]Cell[Vote] { return p.votes }

// Late gives the votes that came after the close: kept, not counted. The caller
// must not change the map.
func (p *Person) Late() map[StatementID]Cell[Vote] { return p.late }

// Counted gives the number of counted votes: neither None nor on a statement that
// has not come yet.
func (p *Person) Counted() int { return p.counted }

// clone copies a person so that the copy may be written to.
func (p *Person) clone() *Person {
	c := *p
	c.fields = cloneMap(p.fields)
	c.answers = cloneMap(p.answers)
	c.votes = cloneMap(p.votes)
	c.late = cloneMap(p.late)
	return &c
}
