package readmodel

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// How many frames a replay has: a few votes each, so that something moves and nobody's
// single vote is a frame, and no more than can be told apart on a slider.
const (
	votesPerFrame = 5
	fewestFrames  = 8
	mostFrames    = 32
)

// ReplayLength gives how many frames the replay of so many votes has; 0 where there are
// too few for one.
func ReplayLength(votes int) int {
	n := min(mostFrames, votes/votesPerFrame)
	if n < fewestFrames {
		return 0
	}
	return n
}

// Frame is the map at a time of the session's past, for the facilitator's screen. Its
// groups are not tested against chance.
type Frame struct {
	// At is when the last of its votes was given, in milliseconds since 1970; for an
	// import the source's time.
	At uint64
	// Votes are the counted votes by then.
	Votes int
	Map   *MapForRoom
}

// Log gives entries, one log after the other, until yield says no.
type Log func(yield func(oplog.Entry) bool) error

// Replay gives the maps of a session from its first votes on, evenly by votes. Each is
// laid like the one after it, and the last like now, so that axes and letters stand still
// while one goes back. Statements and votes come in by their time; all else (what was
// hidden, who is whom) is as it stands at the end, so that nothing comes back that was
// taken away. Nil where there are too few votes, or now has no map. progress may be nil.
// Errors: those of log, of an entry that cannot be read, and that of a ctx that is done.
func Replay(ctx context.Context, log Log, now *View, progress func(done, all int)) ([]Frame, error) {
	if now == nil || now.Scene == nil {
		return nil, nil
	}
	past, err := readPast(ctx, log, now.Record)
	if err != nil {
		return nil, fmt.Errorf("readmodel: replay: %w", err)
	}
	stops := past.stops()
	if len(stops) == 0 {
		return nil, nil
	}
	frames := make([]Frame, len(stops))
	last := now
	for i := len(stops) - 1; i >= 0; i-- {
		if progress != nil {
			progress(len(stops)-1-i, len(stops))
		}
		if last, err = Build(ctx, stops[i].record, Options{Seed: now.Seed, Quick: true, Fresh: true, Workers: 1, Last: last}); err != nil {
			return nil, fmt.Errorf("readmodel: replay: %w", err)
		}
		frames[i] = Frame{At: stops[i].at, Votes: last.Counts.Votes, Map: last.MapForHost()}
		frames[i].Map.Missing = slices.DeleteFunc(slices.Clone(frames[i].Map.Missing), func(s Sentence) bool { return s.ID == MissingTest })
	}
	return frames, nil
}

// past is a record on the way to be told again: acts come in by their time, the state has
// the rest already.
type past struct {
	state *moot.State
	acts  []pastAct
	votes int
}

type pastAct struct {
	at      uint64
	entry   oplog.Entry
	payload moot.Payload
}

func readPast(ctx context.Context, log Log, record *moot.View) (*past, error) {
	p := &past{state: record.Anew()}
	var failed error
	err := log(func(e oplog.Entry) bool {
		if failed = ctx.Err(); failed == nil {
			failed = p.take(e)
		}
		return failed == nil
	})
	p.statementsFirst()
	slices.SortStableFunc(p.acts, func(a, b pastAct) int { return cmp.Compare(a.at, b.at) })
	return p, cmp.Or(failed, err)
}

// take puts statements and counted votes by, and folds everything else in.
func (p *past) take(e oplog.Entry) error {
	if e.Redacted() || e.Kind != (&moot.SetVote{}).Kind() && e.Kind != (&moot.NewStatement{}).Kind() {
		return p.state.Apply(e)
	}
	payload, err := moot.Decode(e.Kind, e.Schema, e.Payload)
	if err != nil {
		return p.state.Apply(e) // of a kind that is not known yet: the state says what that means
	}
	act := pastAct{at: e.Time.MS, entry: e, payload: payload}
	switch it := payload.(type) {
	case *moot.NewStatement:
		if it.Src == moot.Imported {
			act.at = it.Made
		}
	case *moot.SetVote:
		if it.Src == moot.Imported {
			act.at = it.Rev
		}
		p.votes += btoi(it.Open)
	}
	p.acts = append(p.acts, act)
	return nil
}

// statementsFirst lets a statement come in with its first vote at the latest, whatever the
// clocks said.
func (p *past) statementsFirst() {
	first := map[moot.StatementID]uint64{}
	for _, act := range p.acts {
		if vote, ok := act.payload.(*moot.SetVote); ok {
			if at, seen := first[vote.Statement]; !seen || act.at < at {
				first[vote.Statement] = act.at
			}
		}
	}
	for i := range p.acts {
		act := &p.acts[i]
		if _, ok := act.payload.(*moot.NewStatement); !ok {
			continue
		}
		if at, ok := first[moot.StatementID(act.entry.CID)]; ok {
			act.at = min(act.at, at)
		}
	}
}

// stop is a moment of the past.
type stop struct {
	at     uint64
	record *moot.View
}

// stops folds the acts in and gives the record as it stood at each frame.
func (p *past) stops() []stop {
	length := ReplayLength(p.votes)
	stops := make([]stop, 0, length)
	votes := 0
	for _, act := range p.acts {
		p.state.ApplyPayload(act.entry, act.payload)
		if vote, ok := act.payload.(*moot.SetVote); !ok || !vote.Open {
			continue
		}
		if votes++; len(stops) < length && votes == (len(stops)+1)*p.votes/length {
			stops = append(stops, stop{act.at, p.state.View()})
		}
	}
	if length > 0 { // a statement may have come after the last vote
		stops[length-1].record = p.state.View()
	}
	return stops
}
