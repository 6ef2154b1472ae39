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
	people     crowd
	shardGen   [shards]uint64 // the gen in which a shard was last copied
	plans      map[PlanID]planRecord
	rules      rules
	again      bool                // entries have to be applied anew
	dirty      map[rowKey]struct{} // rows that changed; nil where nobody asks
	votes      int
	here       int // people of the room who came
	imported   int
	shape      uint64
	voted      uint64
	base       *View // the last View, whose parts are taken over as long as they hold
	unknown    map[entryID]bool
	voided     map[int]bool // badges that are no longer good; copied before it is written to
	gen        uint64       // number of Views given; what is of an older one is copied before writing
}

// entryID names an entry: there is one of each number in a log.
type entryID struct {
	replica oplog.ReplicaID
	seq     uint64
}

// NewState gives the state of a session of which nothing is known.
func NewState(id oplog.SessionID) *State {
	return &State{id: id, fields: map[Field]Cell[string]{}, steps: map[StepID]heads[*StepAct]{},
		statements: map[StatementID]*statementRecord{}, texts: map[string]int{},
		plans: map[PlanID]planRecord{}, rules: newRules(), unknown: map[entryID]bool{}}
}

// Apply folds an entry in. Entries may come in any order, and twice. An entry of an
// unknown kind, a redacted one, and one that does not count, change nothing and are no
// error. Where Again says so afterwards, the state has to be made anew, see Fold.
// Error: oplog.ErrMalformed for a payload that cannot be read.
func (s *State) Apply(e oplog.Entry) error {
	if e.Kind == oplog.KindPair || e.Redacted() {
		s.counts(e) // which branch of a log is held
		if e.Kind == oplog.KindPair && s.rules.cuts.opened(e) {
			s.opened(e.Replica)
		}
		return nil
	}
	p, err := Decode(e.Kind, e.Schema, e.Payload)
	if errors.Is(err, ErrUnknownKind) {
		s.counts(e)
		s.unknown[entryID{e.Replica, e.Seq}] = true
		s.touchVotes()
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
	if s.heard(e, p) {
		p.apply(s, e)
	}
}

// Check says whether the rules allow an act now: nil, a *Refusal, or an *Old for
// a cell that holds an equal or newer revision.
func (s *State) Check(p Payload) error {
	if err := p.bounds(); err != nil {
		return err
	}
	if err := p.check(s); err != nil {
		return err
	}
	var held Stamp
	var value any
	switch p := p.(type) {
	case *SetVote:
		if p.Src == Imported {
			return nil // every row of a source is kept, older ones too
		}
		cell := s.people.get(p.Person).votes[p.Statement]
		if !p.Open {
			cell = s.people.get(p.Person).late[p.Statement]
		}
		held, value = cell.Stamp, cell.Value.String()
		return old(p.Rev, held, value)
	case *SetAnswer:
		cell := s.people.get(p.Person).answers[p.Question]
		return old(p.Rev, cell.Stamp, cell.Value)
	case *SetPerson:
		if person := s.people.get(p.Person); person != nil {
			cell := person.fields[p.Field]
			return old(p.Rev, cell.Stamp, cell.Value)
		}
	case *SetPresence:
		cell := s.people.get(p.Person).in
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
