package report

import (
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Options say what a Source is made with. Random is needed.
type Options struct {
	// Entries goes through the log, entry by entry until yield says no. nil where the
	// caller has none: what only the log knows is then left out.
	Entries func(yield func(oplog.Entry) bool) error
	// Random gives the lots by which the room's people are numbered.
	Random io.Reader
	// Now is the time that stands on what is written.
	Now time.Time
	// Software is the version of the program, "1.2.0 (4f3a…)" say; may be empty.
	Software string
}

// Source is what is written about, with the public numbers of people and statements.
type Source struct {
	View    *readmodel.View
	Now     time.Time
	options Options
	record  *moot.View

	people    []*moot.Person // those who are in the files: imported ones in the source's order, then the room's
	number    map[moot.ParticipantID]string
	comments  []*moot.Statement // in the order of the files
	comment   map[moot.StatementID]string
	host      string // the number under which the host's own statements stand
	roomStart uint64
	tallies   map[moot.StatementID]readmodel.Tally
	imported  []castVote
	zones     intake.Zones // how the import's source wrote its times
}

// NewSource numbers people and statements and counts votes. Errors: too few random
// bytes, a log that cannot be read.
func NewSource(v *readmodel.View, o Options) (*Source, error) {
	s := &Source{View: v, Now: o.Now.UTC(), options: o, record: v.Record,
		number: map[moot.ParticipantID]string{}, comment: map[moot.StatementID]string{}, tallies: map[moot.StatementID]readmodel.Tally{}}
	var seed [32]byte
	if o.Random == nil {
		return nil, fmt.Errorf("report: number the people: no random bytes")
	}
	if _, err := io.ReadFull(o.Random, seed[:]); err != nil {
		return nil, fmt.Errorf("report: number the people: %w", err)
	}
	s.roomStart = roomStart(v.Record)
	if text := v.Record.Session.Get(moot.SourceZone); text != "" {
		var err error
		if s.zones, err = intake.ParseZones(text); err != nil {
			return nil, fmt.Errorf("report: read the source's zones: %w", err)
		}
	}
	s.numberStatements()
	s.numberPeople(rand.New(rand.NewChaCha8(seed)))
	s.tally()
	if err := s.readImported(); err != nil {
		return nil, err
	}
	return s, nil
}

// roomStart gives the time under which the room's votes stand: the first start of an
// opinion round, else when the session was made.
func roomStart(record *moot.View) uint64 {
	var first uint64
	for _, step := range record.Steps {
		if step.Kind == moot.StepOpinion && step.Started > 0 && (first == 0 || step.Started < first) {
			first = step.Started
		}
	}
	if first > 0 {
		return first
	}
	return created(record)
}

// created gives when the session was made, in milliseconds since 1970.
func created(record *moot.View) uint64 {
	var ms uint64
	fmt.Sscan(record.Session.Get(moot.Created), &ms)
	return ms
}

// tally counts the last vote of each person on each statement.
func (s *Source) tally() {
	for _, p := range s.people {
		for id, cell := range p.Votes() {
			t := s.tallies[id]
			count(&t, cell.Value)
			s.tallies[id] = t
		}
	}
}

// castVote is a row of votes.csv.
type castVote struct {
	at        uint64 // milliseconds since 1970
	statement moot.StatementID
	person    moot.ParticipantID
	value     moot.Vote
	imported  bool
}

// readImported takes the imported votes out of the log, those that were changed later
// among them; without a log, the last ones out of the record.
func (s *Source) readImported() error {
	if s.options.Entries == nil {
		for _, p := range s.people {
			if !p.Here() {
				s.imported = append(s.imported, lastVotes(p)...)
			}
		}
		return nil
	}
	var bad error
	counts := s.record.Counting()
	err := s.options.Entries(func(e oplog.Entry) bool {
		if !counts(e) || e.Kind != (&moot.SetVote{}).Kind() || e.Redacted() {
			return true
		}
		payload, err := moot.Decode(e.Kind, e.Schema, e.Payload)
		if err != nil {
			bad = fmt.Errorf("report: read entry %d of %s: %w", e.Seq, e.Replica, err)
			return false
		}
		vote := payload.(*moot.SetVote)
		if p := s.record.Person(vote.Person); vote.Src == moot.Imported && vote.Value != moot.None && p != nil && !p.Here() {
			s.imported = append(s.imported, castVote{at: vote.Rev, statement: vote.Statement, person: vote.Person, value: vote.Value, imported: true})
		}
		return true
	})
	if err == nil {
		err = bad
	}
	return err
}

// lastVotes gives a person's counted votes, in no order.
func lastVotes(p *moot.Person) []castVote {
	var list []castVote
	for id, cell := range p.Votes() {
		if cell.Value != moot.None {
			list = append(list, castVote{at: cell.Stamp.Rev, statement: id, person: p.ID, value: cell.Value, imported: !p.Here()})
		}
	}
	return list
}
