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
	v := Votes{
		participants: participants,
		statements:   statements,
		start:        make([]int, participants+1),
		statement:    make([]int32, len(votes)),
		value:        make([]int8, len(votes)),
	}
	for _, vote := range votes {
		if v.check(vote) != nil {
			return Votes{}, v.firstWrong(votes)
		}
		v.start[vote.Participant+1]++
	}
	for p := range participants {
		v.start[p+1] += v.start[p]
	}
	v.fill(votes)
	for p := range participants {
		row := v.statement[v.start[p]:v.start[p+1]]
		for i := 1; i < len(row); i++ {
			if row[i] == row[i-1] {
				return Votes{}, v.firstWrong(votes)
			}
		}
	}
	return v, nil
}

// fill puts the votes into their rows, each sorted by statement.
func (v Votes) fill(votes []Vote) {
	next := slices.Clone(v.start[:v.participants])
	for _, vote := range votes {
		i := next[vote.Participant]
		next[vote.Participant]++
		v.statement[i], v.value[i] = int32(vote.Statement), vote.Value
	}
	var cells []int64 // statement and value in one number, to be sorted together
	for p := range v.participants {
		from, to := v.start[p], v.start[p+1]
		if slices.IsSorted(v.statement[from:to]) {
			continue
		}
		cells = cells[:0]
		for i := from; i < to; i++ {
			cells = append(cells, int64(v.statement[i])<<8|int64(uint8(v.value[i])))
		}
		slices.Sort(cells)
		for i, one := range cells {
			v.statement[from+i], v.value[from+i] = int32(one>>8), int8(uint8(one))
		}
	}
}

// firstWrong gives the error of the first vote, in order of participant and statement,
// that is not right.
func (v Votes) firstWrong(votes []Vote) error {
	sorted := slices.SortedFunc(slices.Values(votes), func(a, b Vote) int {
		return cmp.Or(cmp.Compare(a.Participant, b.Participant), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Value, b.Value))
	})
	for i, vote := range sorted {
		if err := v.check(vote); err != nil {
			return err
		}
		if i > 0 && sorted[i-1].Participant == vote.Participant && sorted[i-1].Statement == vote.Statement {
			return fmt.Errorf("opinion: participant %d, statement %d: %w", vote.Participant, vote.Statement, ErrTwice)
		}
	}
	return nil
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
