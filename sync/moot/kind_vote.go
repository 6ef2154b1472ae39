package moot

import (
	"cmp"

	"folkmoot/sync/oplog"
)

// Vote is what a person thinks of a statement.
type Vote int8

// The votes. None is no vote, or one that was taken back; it is never a pass.
const (
	None     Vote = 0
	Agree    Vote = 1
	Disagree Vote = 2
	Pass     Vote = 3
)

var votes = []string{"none", "agree", "disagree", "pass"}

// String gives the vote's name.
func (v Vote) String() string { return votes[v] }

// ParseVote reads a vote's name.
func ParseVote(name string) (Vote, bool) {
	for i, n := range votes {
		if n == name {
			return Vote(i), true
		}
	}
	return 0, false
}

// Sign gives +1 for agree, -1 for disagree and 0 for pass and none.
func (v Vote) Sign() int {
	switch v {
	case Agree:
		return 1
	case Disagree:
		return -1
	}
	return 0
}

// SetVote votes on a statement.
type SetVote struct {
	Person    ParticipantID `cbor:"1,keyasint"`
	Statement StatementID   `cbor:"2,keyasint"`
	Value     Vote          `cbor:"3,keyasint"`
	Rev       uint64        `cbor:"4,keyasint"`
	Src       Source        `cbor:"5,keyasint"`
	// Open: the hub knew a step for voting open. Others are kept and not counted.
	Open bool `cbor:"6,keyasint"`
}

// Kind is "vote".
func (*SetVote) Kind() string { return "vote" }

func (*SetVote) class() oplog.Class { return oplog.Public }

func (v *SetVote) bounds() error {
	if v.Value < None || v.Value > Pass {
		return refuse(BadValue)
	}
	return cmp.Or(checkRev(v.Rev), checkTexts(string(v.Src)))
}

func (v *SetVote) check(s *State) error {
	switch rec := s.statements[v.Statement]; {
	case s.people.get(v.Person) == nil:
		return refuse(UnknownPerson)
	case rec == nil || rec.made == nil:
		return refuse(UnknownStatement)
	case rec.made.Pair != StatementID{}:
		return refuse(UnknownStatement)
	case v.Src != Imported:
		if standing, _, _ := rec.decided(); standing == Pending {
			return refuse(UnknownStatement)
		}
	}
	return nil
}

func (v *SetVote) apply(s *State, e oplog.Entry) {
	s.touchVotes()
	person := s.person(v.Person)
	stamp := stampOf(e, v.Rev)
	s.mark(RowVote, voteKey(v.Person, v.Statement))
	if !v.Open {
		if person.late == nil {
			person.late = map[StatementID]Cell[Vote]{}
		}
		person.late[v.Statement] = person.late[v.Statement].put(v.Value, stamp, e.CID)
		return
	}
	old := person.votes[v.Statement]
	next := old.put(v.Value, stamp, e.CID)
	person.votes[v.Statement] = next
	if change := btoi(next.Value != None) - btoi(old.Value != None); change != 0 {
		rec := s.statement(v.Statement)
		s.mark(RowStatement, v.Statement[:])
		s.mark(RowPerson, v.Person[:])
		rec.votes += change
		if rec.made != nil {
			person.counted += change
			s.votes += change
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
