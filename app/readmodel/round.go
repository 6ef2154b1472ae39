package readmodel

import (
	"encoding/binary"

	"folkmoot/sync/moot"
)

const (
	// lately is for how long back votes make the pace of a room, and for how long after
	// a vote a person is taken to go on, in milliseconds.
	lately = 120_000
	// paceAfter is how long a step must have run for its pace to mean anything, in
	// milliseconds.
	paceAfter = 30_000
)

// Round is how a step for voting goes: what the order of statements and the forecast
// need to know besides the votes. The zero value is a record in which nobody votes now.
type Round struct {
	// Running says that such a step is open.
	Running bool
	// Clock says that it has an end, and Left is how many seconds are left to that; 0
	// when the time is up.
	Clock bool
	Left  float64
	// Pace is how many votes a minute the room cast in the last two minutes, or since the
	// step started; 0 in its first half minute.
	Pace float64
	// Active is how many people voted or came in that time and have something left to
	// vote on.
	Active int

	record *moot.View
	open   map[moot.StatementID]int // active people who have not voted on it
}

// RoundOf tells how voting goes at a time, in milliseconds since 1970. Votes count by
// when this session's computers took them in, which may run ahead of now by the
// difference of two clocks: the pace is then too high for a while.
func RoundOf(record *moot.View, now uint64) Round {
	r := Round{record: record, open: map[moot.StatementID]int{}}
	step := votingStep(record)
	if step == nil {
		return r
	}
	r.Running, r.Clock = true, step.Ends > 0
	if step.Ends > now {
		r.Left = float64(step.Ends-now) / 1000
	}
	from := max(step.Started, now-min(now, lately))
	votes := r.count(record, step.Started, now-min(now, lately))
	if now >= step.Started+paceAfter {
		r.Pace = float64(votes) * minute / float64(now-from)
	}
	return r
}

// votingStep gives the open step in which votes count, nil for none.
func votingStep(record *moot.View) *moot.Step {
	var voting *moot.Step
	for _, s := range record.Steps {
		if s.Open && s.Kind == moot.StepOpinion && (voting == nil || s.Started >= voting.Started) {
			voting = s
		}
	}
	return voting
}

// count fills in Active and open, and gives the number of votes of the step since a
// time. Imported people vote no more.
func (r *Round) count(record *moot.View, started, since uint64) (votes int) {
	votable := listed(record)
	for _, p := range record.People() {
		if !p.Here() || p.Arrived() == 0 {
			continue
		}
		heard := p.Arrived()
		if p.Present() {
			heard = max(heard, started) // who was there before is about to begin
		}
		for _, cell := range p.Votes() {
			if at := cell.Stamp.Time.MS; cell.Value != moot.None && at >= max(started, since) {
				votes, heard = votes+1, max(heard, at)
			}
		}
		if heard >= since {
			r.addActive(p, votable)
		}
	}
	return votes
}

func (r *Round) addActive(p *moot.Person, votable []*moot.Statement) {
	left := 0
	for _, s := range votable {
		if p.Vote(s.ID).Value == moot.None {
			r.open[s.ID]++
			left++
		}
	}
	r.Active += btoi(left > 0)
}

// Of gives the same round for a record that is a little newer: who just voted is not
// asked the same again, while people are counted only now and then.
func (r Round) Of(record *moot.View) Round {
	r.record = record
	return r
}

// lotOf is the number under which lots are drawn for an id.
func lotOf(id [16]byte) uint64 {
	return binary.BigEndian.Uint64(id[:8]) ^ binary.BigEndian.Uint64(id[8:])
}
