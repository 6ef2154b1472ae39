package opinion

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// camp is a made-up room of 40 people in two or three camps on 30 statements, with what
// each camp says to each statement.
func camp(seed uint64, camps int) (votes []Vote, say [][]int8) {
	random := rand.New(rand.NewPCG(seed, 31))
	say = make([][]int8, camps)
	for g := range say {
		say[g] = make([]int8, 30)
		for s := range say[g] {
			say[g][s] = int8(2*random.IntN(2) - 1)
		}
	}
	for p := range 40 {
		for s := range 30 {
			if random.Float64() >= 0.8 {
				continue
			}
			value := say[p%camps][s]
			if random.Float64() < 0.15 {
				value = -value
			}
			votes = append(votes, Vote{p, s, value})
		}
	}
	return votes, say
}

// TestFewVotesPullToTheMiddle: a person with three votes that are a camp's never lies
// farther out than one with thirty of the same kind, whichever three they are; nor is
// their place surer.
func TestFewVotesPullToTheMiddle(t *testing.T) {
	for seed := range uint64(20) {
		votes, say := camp(seed, 2+int(seed%2))
		const whole, few, people = 40, 41, 42
		for s, value := range say[0] {
			votes = append(votes, Vote{whole, s, value})
		}
		random := rand.New(rand.NewPCG(seed, 32))
		for range 40 {
			three := random.Perm(30)[:3]
			list := slices.Clone(votes)
			for _, s := range three {
				list = append(list, Vote{few, s, say[0][s]})
			}
			made, err := NewVotes(people, 30, list)
			if err != nil {
				t.Fatal(err)
			}
			everybody := make([]int, people)
			for p := range everybody {
				everybody[p] = p
			}
			y := newSheet(made, everybody)
			at := place(y, leading(y, true, stream(seed, forAxes, 0)), 2, true)
			far, sd := make([]float64, people), make([][]float64, people)
			for row, p := range y.people {
				far[p], sd[p] = math.Hypot(at.at[2*row], at.at[2*row+1]), at.sd[2*row:2*row+2]
			}
			if far[few] > far[whole] {
				t.Errorf("seed %d: votes on %v lie at %.3f, on all at %.3f", seed, three, far[few], far[whole])
			}
			if sd[few][0] <= sd[whole][0] || sd[few][1] <= sd[whole][1] {
				t.Errorf("seed %d: three votes are as sure as thirty", seed)
			}
		}
	}
}
