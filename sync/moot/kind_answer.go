package moot

import (
	"cmp"

	"folkmoot/sync/oplog"
)

// SetAnswer answers a 0–5 question.
type SetAnswer struct {
	Person   ParticipantID `cbor:"1,keyasint"`
	Question QuestionID    `cbor:"2,keyasint"`
	Value    int           `cbor:"3,keyasint"` // 0 … 5
	Rev      uint64        `cbor:"4,keyasint"`
}

// Kind is "answer".
func (*SetAnswer) Kind() string { return "answer" }

func (*SetAnswer) class() oplog.Class { return oplog.Public }

func (a *SetAnswer) bounds() error {
	if a.Value < 0 || a.Value > 5 {
		return refuse(BadValue)
	}
	return cmp.Or(checkRev(a.Rev), checkTexts(string(a.Question)))
}

func (a *SetAnswer) check(s *State) error {
	switch {
	case s.people.get(a.Person) == nil:
		return refuse(UnknownPerson)
	case a.Question != FirstQuestion || s.session().Get(Question) == "":
		return refuse(UnknownQuestion)
	}
	return nil
}

func (a *SetAnswer) apply(s *State, e oplog.Entry) {
	s.touchVotes()
	person := s.person(a.Person)
	s.mark(RowPerson, a.Person[:])
	person.answers[a.Question] = person.answers[a.Question].put(a.Value, stampOf(e, a.Rev), e.CID)
}
