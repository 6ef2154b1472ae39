package opinion_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"folkmoot/analysis/opinion"
	"gonum.org/v1/gonum/floats/scalar"
	"pgregory.net/rapid"
)

// drawnVotes are any votes of up to 40 people on up to 20 statements, as a list.
func drawnVotes(t *rapid.T) (people, statements int, votes []opinion.Vote) {
	people = rapid.IntRange(0, 40).Draw(t, "people")
	statements = rapid.IntRange(0, 20).Draw(t, "statements")
	answered := rapid.Float64Range(0, 1).Draw(t, "answered")
	kinds := rapid.SampledFrom([][]int8{{1}, {0}, {1, -1}, {1, 0, -1}, {1, 1, 1, -1}}).Draw(t, "kinds")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	camp := rapid.Bool().Draw(t, "camps")
	for p := range people {
		for s := range statements {
			if random.Float64() >= answered {
				continue
			}
			value := kinds[random.IntN(len(kinds))]
			if camp && p%2 == 0 && s%3 > 0 {
				value = -value
			}
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value})
		}
	}
	return people, statements, votes
}

func compute(t *rapid.T, people, statements int, votes []opinion.Vote, options opinion.Options) opinion.Map {
	made, err := opinion.NewVotes(people, statements, votes)
	if err != nil {
		t.Fatal(err)
	}
	m, err := opinion.Compute(t.Context(), made, options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// options that keep a law quick: as few permutations as can show groups.
var lawOptions = opinion.Options{Seed: 5, Permutations: 33}

func TestLawOrderOfVotesAndWorkersChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, statements, votes := drawnVotes(t)
		want := compute(t, people, statements, votes, lawOptions)
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(votes), func(i, j int) { votes[i], votes[j] = votes[j], votes[i] })
		options := lawOptions
		options.Workers = rapid.IntRange(1, 3).Draw(t, "workers")
		if got := compute(t, people, statements, votes, options); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestLawOrderOfParticipantsChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, statements, votes := drawnVotes(t)
		want := compute(t, people, statements, votes, lawOptions)
		place := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1)).Perm(people)
		moved := make([]opinion.Vote, len(votes))
		for i, vote := range votes {
			moved[i] = opinion.Vote{Participant: place[vote.Participant], Statement: vote.Statement, Value: vote.Value}
		}
		got := compute(t, people, statements, moved, lawOptions)
		if got.K != want.K || got.GroupsFound != want.GroupsFound || got.Null97 != want.Null97 || got.Axes != want.Axes {
			t.Fatalf("got K %d, found %v, null %v, want %d, %v, %v", got.K, got.GroupsFound, got.Null97, want.K, want.GroupsFound, want.Null97)
		}
		positions := map[int]opinion.Position{}
		for _, position := range got.Positions {
			positions[position.Participant] = position
		}
		var groups, wantGroups []int
		for _, position := range want.Positions {
			other := positions[place[position.Participant]]
			if !scalar.EqualWithinAbs(other.X, position.X, 1e-6) || !scalar.EqualWithinAbs(other.Y, position.Y, 1e-6) {
				t.Fatalf("got %+v, want %+v", other, position)
			}
			groups, wantGroups = append(groups, other.Group), append(wantGroups, position.Group)
		}
		if len(groups) > 0 && distinctRows(people, statements, votes) && adjustedRand(groups, wantGroups) != 1 {
			t.Fatalf("groups %v, want %v", groups, wantGroups)
		}
	})
}

// distinctRows tells whether no two people voted alike. Where two did and a group is
// filled up to its smallest size, either may be taken.
func distinctRows(people, statements int, votes []opinion.Vote) bool {
	rows := make([][]byte, people)
	for p := range rows {
		rows[p] = make([]byte, statements)
	}
	for _, vote := range votes {
		rows[vote.Participant][vote.Statement] = byte(vote.Value + 2)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[string(row)] {
			return false
		}
		seen[string(row)] = true
	}
	return true
}

func TestLawOneMoreParticipantDoesNoHarm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, statements, votes := drawnVotes(t)
		values := rapid.SliceOfN(rapid.Int8Range(-1, 2), statements, statements).Draw(t, "one more")
		for s, value := range values {
			if value < 2 {
				votes = append(votes, opinion.Vote{Participant: people, Statement: s, Value: value})
			}
		}
		m := compute(t, people+1, statements, votes, lawOptions)
		finite(t, m)
		if m.Shortfall.Kind == opinion.Ready && len(m.Positions) != len(m.OnMap) {
			t.Fatalf("%d positions for %d people", len(m.Positions), len(m.OnMap))
		}
	})
}

func TestLawPolisPutsEverybodyInOneGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, statements, votes := drawnVotes(t)
		made, err := opinion.NewVotes(people, statements, votes)
		if err != nil {
			t.Fatal(err)
		}
		out := rapid.SliceOfN(rapid.IntRange(0, 25), 0, 3).Draw(t, "moderated out")
		m, err := opinion.Polis(t.Context(), opinion.PolisVotes{Votes: made, ModeratedOut: out, Meta: out})
		if err != nil {
			t.Fatal(err)
		}
		count := map[int]int{}
		for _, group := range m.Groups {
			for _, p := range group.Members {
				count[p]++
			}
		}
		for _, p := range m.InConversation {
			if count[p] != 1 {
				t.Fatalf("participant %d is in %d groups", p, count[p])
			}
		}
		if len(count) != len(m.InConversation) {
			t.Fatalf("%d grouped, %d in the conversation", len(count), len(m.InConversation))
		}
	})
}

// finite runs checkFinite inside a rapid check.
func finite(t *rapid.T, m opinion.Map) {
	for _, p := range m.Positions {
		for _, figure := range []float64{p.X, p.Y, p.SD[0], p.SD[1]} {
			if figure != figure || figure-figure != 0 {
				t.Fatalf("position %+v", p)
			}
		}
	}
	for _, s := range m.Silhouettes {
		if !(s.Mean >= -1 && s.Mean <= 1) {
			t.Fatalf("silhouette %+v", s)
		}
	}
}
