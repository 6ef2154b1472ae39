package opinion_test

import (
	"math/rand/v2"
	"testing"

	"folkmoot/analysis/opinion"
)

// room describes votes made up for a trial.
type room struct {
	people, statements, groups int
	answered                   float64 // share of the cells voted on
	leaning                    float64 // share of the statements a group has a view of its own on
	clear                      float64 // how likely a person votes with their group
	passes                     float64
	last                       int     // people in the last group; 0 where all groups are of one size
	random                     float64 // share of the people who answer by tossing a coin
}

// votes makes up the votes of a room, and who belongs to which group. On its share of
// the statements each group agrees with a chance of clear or 1 − clear, never all on the
// same side; on the others all share one chance.
func (r room) votes(t testing.TB, seed uint64) (opinion.Votes, []int) {
	t.Helper()
	votes, group, _ := r.made(t, seed)
	return votes, group
}

// made is votes, with the chance to agree by statement and group besides.
func (r room) made(t testing.TB, seed uint64) (opinion.Votes, []int, [][]float64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 77))
	chance := make([][]float64, r.statements)
	for i, s := range random.Perm(r.statements) {
		chance[s] = make([]float64, r.groups)
		common := 0.1 + 0.8*random.Float64()
		sides := 1 + random.IntN(max(1, 1<<r.groups-2))
		for g := range chance[s] {
			switch {
			case float64(i) >= r.leaning*float64(r.statements):
				chance[s][g] = common
			case sides>>g&1 == 1:
				chance[s][g] = r.clear
			default:
				chance[s][g] = 1 - r.clear
			}
		}
	}
	group := make([]int, r.people)
	var votes []opinion.Vote
	for p := range group {
		switch {
		case r.last == 0:
			group[p] = p % r.groups
		case p >= r.people-r.last:
			group[p] = r.groups - 1
		default:
			group[p] = p % (r.groups - 1)
		}
		tosses := r.tosses(p)
		for s := range r.statements {
			if random.Float64() >= r.answered {
				continue
			}
			value := opinion.Disagree
			switch {
			case random.Float64() < r.passes:
				value = opinion.Pass
			case random.Float64() < chanceOf(chance[s][group[p]], tosses):
				value = opinion.Agree
			}
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value})
		}
	}
	return mustVotes(t, r.people, r.statements, votes), group, chance
}

// tosses says whether a person answers by tossing a coin.
func (r room) tosses(p int) bool { return float64(p%20) < 20*r.random }

// chanceOf is a person's chance to agree, that of a coin for one who tosses it.
func chanceOf(chance float64, tosses bool) float64 {
	if tosses {
		return 0.5
	}
	return chance
}

func mustVotes(t testing.TB, participants, statements int, votes []opinion.Vote) opinion.Votes {
	t.Helper()
	made, err := opinion.NewVotes(participants, statements, votes)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func mustCompute(t testing.TB, votes opinion.Votes, options opinion.Options) opinion.Map {
	t.Helper()
	made, err := opinion.Compute(t.Context(), votes, options)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// adjustedRand is the agreement of two divisions corrected for chance (Hubert and
// Arabie 1985): 1 for the same, about 0 for chance.
func adjustedRand(a, b []int) float64 {
	pairs := func(counts map[[2]int]int) float64 {
		sum := 0
		for _, n := range counts {
			sum += n * (n - 1) / 2
		}
		return float64(sum)
	}
	both, first, second := map[[2]int]int{}, map[[2]int]int{}, map[[2]int]int{}
	for i := range a {
		both[[2]int{a[i], b[i]}]++
		first[[2]int{a[i]}]++
		second[[2]int{b[i]}]++
	}
	all := float64(len(a)*(len(a)-1)) / 2
	expected := pairs(first) * pairs(second) / all
	largest := (pairs(first) + pairs(second)) / 2
	if largest == expected {
		return 1
	}
	return (pairs(both) - expected) / (largest - expected)
}

// shownGroups gives the group of everybody on the map, and who they are.
func shownGroups(m opinion.Map) (participants, groups []int) {
	for _, position := range m.Positions {
		participants = append(participants, position.Participant)
		groups = append(groups, position.Group)
	}
	return participants, groups
}

func pick(values, indices []int) []int {
	picked := make([]int, len(indices))
	for i, index := range indices {
		picked[i] = values[index]
	}
	return picked
}
