package moot

import (
	"errors"
	"fmt"
	"maps"

	"folkmoot/sync/oplog"
)

// State folds entries into what a session is. It belongs to one goroutine; View
// gives pictures of it that everybody may read.
type State struct {
	id         oplog.SessionID
	fields     map[Field]Cell[string]
	steps      map[StepID]heads[*StepAct]
	statements map[StatementID]*statementRecord
	texts      map[string]int // texts that are there, for Duplicate
	people     map[ParticipantID]*Person
	plans      map[PlanID]planRecord
	seen       map[oplog.ItemID]place
	votes      int
	shape      uint64
	voted      uint64
	base       *View // the last View, whose parts are taken over as long as they hold
	unknown    int
	gen        uint64 // number of Views given; people of an older one are copied before writing
}

// place says where an act stands in the record.
type place struct {
	replica oplog.ReplicaID
	seq     uint64
	late    bool
}

func (p place) receipt() string { return fmt.Sprintf("%s-%d", p.replica.String()[:8], p.seq) }

// NewState gives the state of a session of which nothing is known.
func NewState(id oplog.SessionID) *State {
	return &State{id: id, fields: map[Field]Cell[string]{}, steps: map[StepID]heads[*StepAct]{},
		statements: map[StatementID]*statementRecord{}, texts: map[string]int{}, people: map[ParticipantID]*Person{},
		plans: map[PlanID]planRecord{}, seen: map[oplog.ItemID]place{}}
}

// Apply folds an entry in. Entries may come in any order, and twice. An entry of
// an unknown kind, and a redacted one, change nothing and are no error.
// Error: oplog.ErrMalformed for a payload that cannot be read.
func (s *State) Apply(e oplog.Entry) error {
	if e.Kind == oplog.KindPair || e.Redacted() {
		return nil
	}
	p, err := Decode(e.Kind, e.Schema, e.Payload)
	if errors.Is(err, ErrUnknownKind) {
		s.unknown++
		return nil
	}
	if err != nil {
		return fmt.Errorf("moot: apply entry %d of %s: %w", e.Seq, e.Replica, err)
	}
	s.ApplyPayload(e, p)
	return nil
}

// ApplyPayload is Apply for an entry whose payload was decoded before.
func (s *State) ApplyPayload(e oplog.Entry, p Payload) {
	v, isVote := p.(*SetVote)
	here := place{replica: e.Replica, seq: e.Seq, late: isVote && !v.Open}
	if old, ok := s.seen[e.CID]; !ok || here.less(old) {
		s.seen[e.CID] = here
	}
	p.apply(s, e)
}

func (p place) less(q place) bool {
	if p.replica != q.replica {
		return string(p.replica[:]) < string(q.replica[:])
	}
	return p.seq < q.seq
}

// Seen gives the outcome of an item that is in the record already.
func (s *State) Seen(cid oplog.ItemID) (Outcome, bool) {
	at, ok := s.seen[cid]
	return Outcome{Receipt: at.receipt(), Again: true, Late: at.late}, ok
}

// Check says whether the rules allow an act now: nil, a *Refusal, or an *Old for
// a cell that holds an equal or newer revision.
func (s *State) Check(p Payload) error {
	if err := p.check(s); err != nil {
		return err
	}
	var held Stamp
	var value any
	switch p := p.(type) {
	case *SetVote:
		cell := s.people[p.Person].votes[p.Statement]
		if !p.Open {
			cell = s.people[p.Person].late[p.Statement]
		}
		held, value = cell.Stamp, cell.Value.String()
		return old(p.Rev, held, value)
	case *SetAnswer:
		cell := s.people[p.Person].answers[p.Question]
		return old(p.Rev, cell.Stamp, cell.Value)
	case *SetPerson:
		if person := s.people[p.Person]; person != nil {
			cell := person.fields[p.Field]
			return old(p.Rev, cell.Stamp, cell.Value)
		}
	case *SetPresence:
		cell := s.people[p.Person].in
		return old(p.Rev, cell.Stamp, cell.Value)
	case *SetField:
		cell := s.fields[p.Field]
		return old(p.Rev, cell.Stamp, cell.Value)
	}
	return nil
}

// Old says that a cell holds an equal or newer revision than the act carries.
type Old struct{ Stale }

// Error gives the sentence for people.
func (o *Old) Error() string { return "a newer answer is kept" }

func old(rev uint64, held Stamp, value any) error {
	if held != (Stamp{}) && rev <= held.Rev {
		return &Old{Stale{Rev: held.Rev, Value: value}}
	}
	return nil
}

func (s *State) session() Session { return Session{ID: s.id, fields: s.fields} }

// touch notes that something changed which every page shows.
func (s *State) touch() { s.shape++; s.voted++ }

// touchVotes notes that something changed which one person said or is.
func (s *State) touchVotes() { s.voted++ }

// person gives a person's record for writing, made where there is none.
func (s *State) person(id ParticipantID) *Person {
	p := s.people[id]
	switch {
	case p == nil:
		p = &Person{ID: id, gen: s.gen, fields: map[PersonField]Cell[string]{}, answers: map[QuestionID]Cell[int]{}, votes: map[StatementID]Cell[Vote]{}}
	case p.gen != s.gen:
		p = p.clone()
		p.gen = s.gen
	default:
		return p
	}
	s.people[id] = p
	return p
}

func (s *State) statement(id StatementID) *statementRecord {
	rec := s.statements[id]
	if rec == nil {
		rec = &statementRecord{acts: heads[*Moderation]{}}
		s.statements[id] = rec
	}
	return rec
}

func cloneMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return nil
	}
	return maps.Clone(m)
}
