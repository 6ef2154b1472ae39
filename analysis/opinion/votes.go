package opinion

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
)

// The values of a vote. Unseen has no value: it is the absence of a vote.
const (
	Disagree int8 = -1
	Pass     int8 = 0
	Agree    int8 = 1
)

var (
	// ErrIndex occurs when a vote names a participant or statement outside the
	// given counts, or when a count is negative or beyond 2³¹−1.
	ErrIndex = errors.New("index outside the votes")
	// ErrValue occurs when a vote is none of Agree, Pass and Disagree.
	ErrValue = errors.New("not a vote value")
	// ErrTwice occurs when a participant has two votes on one statement.
	ErrTwice = errors.New("two votes on one statement")
)

// Vote is one participant's vote on one statement, both by index from 0.
type Vote struct {
	Participant int
	Statement   int
	Value       int8
}

// Votes is a checked, sorted matrix of votes: a row for each participant, a column
// for each statement, most cells unseen. It cannot be changed once made. The zero
// value holds no participants and no statements.
type Votes struct {
	participants int
	statements   int
	start        []int // start[p] … start[p+1] are the cells of participant p
	statement    []int32
	value        []int8
}

// NewVotes gives the matrix of votes for participants 0 … participants-1 and
// statements 0 … statements-1. The order of votes is of no importance, and the
// slice is neither kept nor changed. It fails with ErrIndex, ErrValue or ErrTwice
// on the first vote, in order of participant and statement, that is not right.
//
// For one result per session whatever the order of arrival, number participants in
// the order of their ids.
func NewVotes(participants, statements int, votes []Vote) (Votes, error) {
	if participants < 0 || statements < 0 || participants > math.MaxInt32 || statements > math.MaxInt32 {
		return Votes{}, fmt.Errorf("opinion: %d participants, %d statements: %w", participants, statements, ErrIndex)
	}
	sorted := slices.Clone(votes)
	slices.SortFunc(sorted, func(a, b Vote) int {
		return cmp.Or(cmp.Compare(a.Participant, b.Participant), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Value, b.Value))
	})
	v := Votes{
		participants: participants,
		statements:   statements,
		start:        make([]int, participants+1),
		statement:    make([]int32, len(sorted)),
		value:        make([]int8, len(sorted)),
	}
	for i, vote := range sorted {
		if err := v.check(vote); err != nil {
			return Votes{}, err
		}
		if i > 0 && sorted[i-1].Participant == vote.Participant && sorted[i-1].Statement == vote.Statement {
			return Votes{}, fmt.Errorf("opinion: participant %d, statement %d: %w", vote.Participant, vote.Statement, ErrTwice)
		}
		v.start[vote.Participant+1]++
		v.statement[i] = int32(vote.Statement)
		v.value[i] = vote.Value
	}
	for p := range participants {
		v.start[p+1] += v.start[p]
	}
	return v, nil
}

// check tells whether a vote fits the matrix.
func (v Votes) check(vote Vote) error {
	if vote.Participant < 0 || vote.Participant >= v.participants || vote.Statement < 0 || vote.Statement >= v.statements {
		return fmt.Errorf("opinion: participant %d, statement %d: %w", vote.Participant, vote.Statement, ErrIndex)
	}
	if vote.Value < Disagree || vote.Value > Agree {
		return fmt.Errorf("opinion: participant %d, statement %d, value %d: %w", vote.Participant, vote.Statement, vote.Value, ErrValue)
	}
	return nil
}

// Participants gives the number of rows, those without any vote included.
func (v Votes) Participants() int { return v.participants }

// Statements gives the number of columns, those nobody voted on included.
func (v Votes) Statements() int { return v.statements }

// Len gives the number of votes.
func (v Votes) Len() int { return len(v.value) }

// CastBy gives the number of votes of a participant, passes included. It panics
// when there is no such participant.
func (v Votes) CastBy(participant int) int {
	return v.start[participant+1] - v.start[participant]
}

// Of goes through the votes of a participant in order of statement, as statement
// and value. It panics when there is no such participant.
func (v Votes) Of(participant int) iter.Seq2[int, int8] {
	from, to := v.start[participant], v.start[participant+1]
	return func(yield func(int, int8) bool) {
		for i := from; i < to; i++ {
			if !yield(int(v.statement[i]), v.value[i]) {
				return
			}
		}
	}
}

// compareRows orders two participants by their votes alone: by the statements voted
// on and the values, from the first statement on. 0 means the same votes.
func (v Votes) compareRows(p, q int) int {
	a, b := v.start[p], v.start[q]
	for a < v.start[p+1] && b < v.start[q+1] {
		if c := cmp.Or(cmp.Compare(v.statement[a], v.statement[b]), cmp.Compare(v.value[a], v.value[b])); c != 0 {
			return c
		}
		a, b = a+1, b+1
	}
	return cmp.Compare(v.CastBy(p), v.CastBy(q))
}
