package intake

import (
	"cmp"
	"slices"
)

// tally counts the rows of a statement as they are written, re-votes again, as
// Polis counts agrees and disagrees.
type tally struct{ plus, minus int64 }

func (t *tally) add(value int8) {
	switch {
	case value > 0:
		t.plus++
	case value < 0:
		t.minus++
	}
}

// checkSign compares the votes with the counts of comments.csv, both ways round.
func (r *polisReader) checkSign(matrix bool) {
	var straight, turned int64 // distances of the counts
	counted := false
	var differing []int
	for i, s := range r.Statements {
		if s.Agrees < 0 || s.Disagrees < 0 {
			continue
		}
		counted = counted || s.Agrees != s.Disagrees
		t := r.tally[i]
		off := distance(s.Agrees, t.plus) + distance(s.Disagrees, t.minus)
		straight += off
		turned += distance(s.Agrees, t.minus) + distance(s.Disagrees, t.plus)
		if off > 0 {
			differing = append(differing, i)
		}
	}
	// The other way round must fit clearly better: counts of another moment differ
	// a little either way.
	r.Reversed = counted && turned < straight/2
	// The server of October 2024 wrote seconds and no table of votes, all of it
	// reversed alike.
	r.AskSign = r.Reversed || len(r.Votes) > 0 && (!counted || r.Zones.Seconds && !matrix)
	switch {
	case r.Reversed:
		r.warn(SignReversed, 0)
	case r.AskSign:
		r.warn(SignUnknown, 0)
	}
	if n := r.differInBoth(differing); n > 0 && !r.Reversed {
		r.warn(CountsDiffer, n)
	}
}

// differInBoth counts those of some statements whose counts are not those of the last
// votes either: some programs, ours among them, count each person once.
func (r *polisReader) differInBoth(statements []int) int {
	if len(statements) == 0 {
		return 0
	}
	last := make([]tally, len(r.Statements))
	for _, v := range r.LastVotes() {
		last[v.Statement].add(v.Value)
	}
	n := 0
	for _, i := range statements {
		if s := r.Statements[i]; s.Agrees != last[i].plus || s.Disagrees != last[i].minus {
			n++
		}
	}
	return n
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

// LastVotes gives the newest vote of each voter on each statement, by time, and by
// place in the file at one time; in the order of votes.csv.
func (p *Polis) LastVotes() []PolisVote {
	last := make(map[uint64]int32, len(p.Votes))
	for i, v := range p.Votes {
		key := uint64(uint32(v.Statement))<<32 | uint64(uint32(v.Voter))
		if old, ok := last[key]; !ok || v.Time >= p.Votes[old].Time {
			last[key] = int32(i)
		}
	}
	places := make([]int32, 0, len(last))
	for _, i := range last {
		places = append(places, i)
	}
	slices.Sort(places)
	out := make([]PolisVote, len(places))
	for i, place := range places {
		out[i] = p.Votes[place]
	}
	return out
}

// Agreed is a statement and its last votes as they would be imported.
type Agreed struct {
	Statement              PolisStatement
	Agrees, Disagrees, All int
}

// MostAgreed gives the n statements, rejected ones apart, with the most agreement
// over disagreement, as Items would import them (see Flip); fewer where there are
// fewer. A person who knows the topic sees at once if they are the wrong ones.
func (p *Polis) MostAgreed(n int) []Agreed {
	list := make([]Agreed, len(p.Statements))
	for i, s := range p.Statements {
		list[i].Statement = s
	}
	for _, v := range p.LastVotes() {
		a := &list[v.Statement]
		a.All++
		switch p.turn(v.Value) {
		case 1:
			a.Agrees++
		case -1:
			a.Disagrees++
		}
	}
	list = slices.DeleteFunc(list, func(a Agreed) bool { return a.Statement.Moderated < 0 || a.All == 0 })
	slices.SortStableFunc(list, func(a, b Agreed) int {
		return cmp.Compare(b.Agrees-b.Disagrees, a.Agrees-a.Disagrees)
	})
	return list[:min(n, len(list))]
}

// turn gives a vote's sign as it is imported.
func (p *Polis) turn(value int8) int8 {
	if p.Flip {
		return -value
	}
	return value
}
