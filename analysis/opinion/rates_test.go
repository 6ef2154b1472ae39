package opinion_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"folkmoot/analysis/opinion"
)

var runs = flag.Int("runs", 0, "how many made-up rooms of each kind to measure rates on; 0 for the short test")

// roomsToMeasure is how many rooms a test of rates makes up.
func roomsToMeasure(short int) int {
	if *runs > 0 {
		return *runs
	}
	return short
}

// plantedRooms are the rooms of the design, and what must be found in them: the share
// of runs with the right number of groups, and the mean agreement (adjusted Rand) of
// the groups found with those planted. The bounds leave room for few runs; with many,
// see the log.
var plantedRooms = []struct {
	name         string
	room         room
	right, agree float64
}{
	{"two groups", room{people: 40, statements: 30, groups: 2, answered: 0.7, leaning: 0.5, clear: 0.85, passes: 0.08}, 0.8, 0.88},
	{"three groups", room{people: 40, statements: 30, groups: 3, answered: 0.7, leaning: 0.5, clear: 0.9, passes: 0.08}, 0.8, 0.8},
	{"four groups", room{people: 40, statements: 30, groups: 4, answered: 0.7, leaning: 1, clear: 0.85, passes: 0.08}, 0.8, 0.8},
	{"twice six people", room{people: 12, statements: 30, groups: 2, answered: 0.7, leaning: 0.5, clear: 0.85, passes: 0.08}, 0.8, 0.8},
}

func TestRatesPlantedGroupsAreFound(t *testing.T) {
	for _, c := range plantedRooms {
		t.Run(c.name, func(t *testing.T) {
			total := roomsToMeasure(12)
			right, found, agreement := 0, 0, 0.0
			for seed := range uint64(total) {
				votes, truth := c.room.votes(t, seed)
				m := mustCompute(t, votes, opinion.Options{Seed: seed})
				if m.K == c.room.groups {
					right++
				}
				if m.GroupsFound {
					found++
					people, groups := shownGroups(m)
					agreement += adjustedRand(groups, pick(truth, people))
				}
			}
			share := float64(right) / float64(total)
			agreement /= float64(max(1, found))
			t.Logf("%d runs: right number %.3f, groups shown %.3f, their agreement %.3f", total, share, float64(found)/float64(total), agreement)
			if share < c.right || agreement < c.agree {
				t.Errorf("right number %.3f, agreement %.3f; want %.2f, %.2f", share, agreement, c.right, c.agree)
			}
		})
	}
}

// TestRatesNoiseShowsNoGroups has rooms in which all have the same chances to agree.
// The share that shows groups is to be 5 % at most; with 20 runs, four would be a sign
// (chance 1.6 %).
func TestRatesNoiseShowsNoGroups(t *testing.T) {
	for _, people := range []int{12, 20, 40} {
		total := roomsToMeasure(20)
		shown, named, quick := 0, 0, 0
		for seed := range uint64(total) {
			votes, _ := room{people: people, statements: 30, groups: 1, answered: 0.7, passes: 0.08}.votes(t, seed)
			m := mustCompute(t, votes, opinion.Options{Seed: seed})
			if m.GroupsFound {
				shown++
			}
			for _, group := range m.Groups {
				if len(group.Representative) > 0 {
					named++
					break
				}
			}
			if mustCompute(t, votes, opinion.Options{Seed: seed, Quick: true}).GroupsFound {
				quick++
			}
		}
		t.Logf("%d people, %d runs: groups shown in %d, statements named in %d; quick maps show groups in %d", people, total, shown, named, quick)
		if float64(shown) >= max(4, 0.07*float64(total)) {
			t.Errorf("%d people: groups in %d of %d runs of noise", people, shown, total)
		}
	}
}

// TestReferenceDroppingVotes drops a tenth of the votes at random and compares the
// groups with those of all votes.
func TestReferenceDroppingVotes(t *testing.T) {
	for _, name := range []string{"brexit-consensus", "15-per-hour-seattle", "scoop-hivemind.ubi", "vtaiwan.uberx"} {
		votes := exported(t, name).votes(t)
		all := mustCompute(t, votes, opinion.Options{Quick: true})
		groupOf := map[int]int{}
		for _, position := range all.Positions {
			groupOf[position.Participant] = position.Group
		}
		total, sum := roomsToMeasure(10), 0.0
		for seed := range uint64(total) {
			random := rand.New(rand.NewPCG(seed, 10))
			var kept []opinion.Vote
			for p := range votes.Participants() {
				for s, value := range votes.Of(p) {
					if random.Float64() >= 0.1 {
						kept = append(kept, opinion.Vote{Participant: p, Statement: s, Value: value})
					}
				}
			}
			fewer := mustCompute(t, mustVotes(t, votes.Participants(), votes.Statements(), kept), opinion.Options{Quick: true})
			var before, after []int
			for _, position := range fewer.Positions {
				if g, both := groupOf[position.Participant]; both {
					before, after = append(before, g), append(after, position.Group)
				}
			}
			sum += adjustedRand(before, after)
		}
		t.Logf("%s: K %d, mean agreement %.3f over %d", name, all.K, sum/float64(total), total)
		if sum/float64(total) < 0.5 {
			t.Errorf("%s: mean agreement %.3f", name, sum/float64(total))
		}
	}
}
