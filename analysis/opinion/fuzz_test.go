package opinion_test

import (
	"testing"

	"folkmoot/analysis/opinion"
)

// matrixOf reads a matrix of votes out of any bytes: its size first, then a cell a byte.
func matrixOf(data []byte) (people, statements int, votes []opinion.Vote) {
	if len(data) < 2 {
		return 0, 0, nil
	}
	people, statements = int(data[0])%48, int(data[1])%24
	for i, cell := range data[2:] {
		if statements == 0 || i/statements >= people {
			break
		}
		if value := int8(cell%4) - 1; value <= opinion.Agree { // a fourth stays unseen
			votes = append(votes, opinion.Vote{Participant: i / statements, Statement: i % statements, Value: value})
		}
	}
	return people, statements, votes
}

// FuzzCompute gives the engines any votes: an ordinary answer comes back, in which
// everybody on the map has a place and is in one group or none, and every figure is one.
func FuzzCompute(f *testing.F) {
	row := func(people, statements byte, cell func(p, s int) byte) []byte {
		data := []byte{people, statements}
		for p := range int(people) {
			for s := range int(statements) {
				data = append(data, cell(p, s))
			}
		}
		return data
	}
	f.Add([]byte{})
	f.Add(row(1, 9, func(int, int) byte { return 2 }))                            // one participant
	f.Add(row(20, 1, func(p, _ int) byte { return byte(p % 3) }))                 // one statement
	f.Add(row(20, 9, func(int, int) byte { return 2 }))                           // all the same
	f.Add(row(20, 9, func(int, int) byte { return 1 }))                           // all pass
	f.Add(row(20, 9, func(p, s int) byte { return byte(2 * ((p + s) % 2)) }))     // two places
	f.Add(row(20, 9, func(p, s int) byte { return byte(3 - (s+8)/9*3 + 2*p%3) })) // all on one statement only
	f.Add(row(40, 20, func(p, s int) byte { return byte(p*s + p + s*s) }))
	f.Add(row(40, 20, func(p, s int) byte { return byte(2 * ((p%3 + s) % 2)) }))
	f.Fuzz(func(t *testing.T, data []byte) {
		people, statements, list := matrixOf(data)
		votes := mustVotes(t, people, statements, list)
		m := mustCompute(t, votes, opinion.Options{Seed: 3, Permutations: 33})
		checkFinite(t, m)
		if m.Shortfall.Kind == opinion.Ready && len(m.Positions) != len(m.OnMap) {
			t.Fatalf("%d places for %d people", len(m.Positions), len(m.OnMap))
		}
		in := map[int]int{}
		for g, group := range m.Groups {
			for _, p := range group.Members {
				in[p] = g + 1
			}
		}
		for _, position := range m.Positions {
			if in[position.Participant] != position.Group+1 {
				t.Fatalf("participant %d is in group %d, their place in %d", position.Participant, in[position.Participant]-1, position.Group)
			}
		}
		if m.GroupsFound && len(in)+len(m.Unnamed) != len(m.OnMap) {
			t.Fatalf("%d people in groups, %d in none, %d on the map", len(in), len(m.Unnamed), len(m.OnMap))
		}
		if _, err := opinion.Polis(t.Context(), opinion.PolisVotes{Votes: votes}); err != nil {
			t.Fatal(err)
		}
	})
}
