package seating

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

var (
	// ErrRoster is returned when the people cannot be told apart or placed: an
	// empty or repeated id, positions of different length, a coordinate that is
	// not a finite number.
	ErrRoster = errors.New("seating: unusable roster")
	// ErrOptions is returned for options that contradict themselves: an unknown
	// mode, a minimum above the maximum, a negative count or weight.
	ErrOptions = errors.New("seating: unusable options")
)

// ParticipantID names a person in a roster and in a plan.
type ParticipantID string

// Roster is everybody to be seated. The order never matters.
type Roster []Person

// Person is what is known of one participant. Only ID is required.
type Person struct {
	ID ParticipantID
	// Position is the place on the opinion map, one number per axis; nil when the
	// person has none. All positions of a roster have the same length.
	Position []float64
	// Group is the opinion group, "" for none.
	Group string
	// Answered says whether Answer, on the scale of the question (0 to 5), was given.
	Answered bool
	Answer   int
	// Band is the name of the band that the answer falls into, "" for no answer.
	Band string
	// Fields holds the named categories: "role", "gender", "age", "region" …
	// A missing key means unknown.
	Fields map[string]string
	// Skills are what the person can do at a table, for Options.Needs.
	Skills []string
	// Arrived orders the people by check-in: when there are not enough seats the
	// highest numbers go without, ties by id.
	Arrived int
}

// sorted gives a copy of the roster by id and refuses what cannot be used.
func (r Roster) sorted() (Roster, error) {
	people := slices.Clone(r)
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(string(a.ID), string(b.ID)) })
	axes := 0
	for i, p := range people {
		if p.ID == "" {
			return nil, fmt.Errorf("%w: a person has no id", ErrRoster)
		}
		if i > 0 && people[i-1].ID == p.ID {
			return nil, fmt.Errorf("%w: %q is there twice", ErrRoster, p.ID)
		}
		if len(p.Position) == 0 {
			continue
		}
		if axes == 0 {
			axes = len(p.Position)
		}
		if len(p.Position) != axes {
			return nil, fmt.Errorf("%w: %q has %d coordinates, others %d", ErrRoster, p.ID, len(p.Position), axes)
		}
		for _, x := range p.Position {
			// Beyond this size squares of coordinates would no longer be numbers.
			if math.IsNaN(x) || math.Abs(x) > 1e60 {
				return nil, fmt.Errorf("%w: %q has coordinate %v", ErrRoster, p.ID, x)
			}
		}
	}
	return people, nil
}

// index gives the place of every id in the roster.
func (r Roster) index() map[ParticipantID]int {
	at := make(map[ParticipantID]int, len(r))
	for i, p := range r {
		at[p.ID] = i
	}
	return at
}
