package readmodel

import (
	"math/rand/v2"

	"folkmoot/sync/moot"
)

// Rehearsal is a pretend room with planted leanings, for samples and rehearsals:
// what a person of a given number says to a statement of a given number is a pure
// function of the fields, so that a rehearsal can be repeated.
type Rehearsal struct {
	// Seed chooses the room.
	Seed uint64
	// Leanings is how many groups are planted, 0 for 3.
	Leanings int
}

// The choice model: leanings take a side on seven statements of ten each; on the
// others everybody leans the same way. The chances are those under which map.md asks
// for three planted groups to be found.
const (
	sidedShare  = 0.7  // statements on which each leaning has a side of its own
	holdsSide   = 0.9  // a person votes by their leaning's side
	holdsCommon = 0.85 // a person votes by the common side
	passes      = 0.08
	answers     = 0.85 // of the statements a person is shown
)

// Leaning gives the planted group of a person, from 0. Groups are of about equal size.
func (r Rehearsal) Leaning(person int) int { return person % r.leanings() }

// Vote gives what a person says to a statement: None where the person skips it.
func (r Rehearsal) Vote(person, statement int) moot.Vote {
	draw := r.draw(1, person, statement)
	if draw.Float64() >= answers {
		return moot.None
	}
	if draw.Float64() < passes {
		return moot.Pass
	}
	side, holds := r.side(r.Leaning(person), statement)
	if draw.Float64() >= holds {
		side = !side
	}
	if side {
		return moot.Agree
	}
	return moot.Disagree
}

// side gives whether a leaning agrees with a statement, and how firmly.
func (r Rehearsal) side(leaning, statement int) (agree bool, holds float64) {
	draw := r.draw(2, 0, statement)
	if draw.Float64() >= sidedShare || r.leanings() == 1 {
		return draw.Float64() < 0.75, holdsCommon
	}
	// One leaning at least stands against the others; which ones is drawn.
	pattern := 1 + draw.IntN(1<<r.leanings()-2)
	return pattern>>leaning&1 == 1, holdsSide
}

// Answer gives a person's answer to the 0–5 question: low leanings lean to 0, high
// ones to 5, with a spread; false for the one in twenty who would rather not say.
func (r Rehearsal) Answer(person int) (int, bool) {
	draw := r.draw(3, person, 0)
	if draw.Float64() < 0.05 {
		return 0, false
	}
	middle := 2.5
	if n := r.leanings(); n > 1 {
		middle = 0.8 + 3.4*float64(r.Leaning(person))/float64(n-1)
	}
	return min(5, max(0, int(middle+draw.NormFloat64()*0.8+0.5))), true
}

func (r Rehearsal) leanings() int {
	if r.Leanings < 1 {
		return 3
	}
	return min(r.Leanings, 8)
}

// draw gives the lots of one question about one person and statement.
func (r Rehearsal) draw(question, person, statement int) *rand.Rand {
	return rand.New(rand.NewPCG(r.Seed^uint64(question)<<56, uint64(person)<<32|uint64(uint32(statement))))
}
