package moot

import "folkmoot/sync/oplog"

// SetPresence says that a person came or left.
type SetPresence struct {
	Person ParticipantID `cbor:"1,keyasint"`
	In     bool          `cbor:"2,keyasint"`
	Rev    uint64        `cbor:"3,keyasint"`
	At     uint64        `cbor:"4,keyasint"` // milliseconds since 1970; 0 where it is not known
}

// Kind is "presence".
func (*SetPresence) Kind() string { return "presence" }

func (*SetPresence) class() oplog.Class { return oplog.Public }

func (p *SetPresence) bounds() error { return checkRev(p.Rev) }

func (p *SetPresence) check(s *State) error {
	if s.people.get(p.Person) == nil {
		return refuse(UnknownPerson)
	}
	return nil
}

func (p *SetPresence) apply(s *State, e oplog.Entry) {
	s.touchVotes()
	person := s.person(p.Person)
	s.mark(RowPerson, p.Person[:])
	defer s.counting(person)()
	person.in = person.in.put(p.In, stampOf(e, p.Rev), e.CID)
	if p.In && p.At != 0 && (person.arrived == 0 || p.At < person.arrived) {
		person.arrived = p.At
	}
}
