package opinion_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"folkmoot/analysis/opinion"
)

// filled makes votes of every participant on the first statements.
func filled(t testing.TB, participants, statements, voted int, value func(p, s int) int8) opinion.Votes {
	t.Helper()
	var votes []opinion.Vote
	for p := range participants {
		for s := range voted {
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value(p, s)})
		}
	}
	return mustVotes(t, participants, statements, votes)
}

// camps are two halves that agree and disagree on everything by turns.
func camps(p, s int) int8 {
	if p%2 == s%2 {
		return opinion.Agree
	}
	return opinion.Disagree
}

func TestShortfall(t *testing.T) {
	cases := []struct {
		name  string
		votes opinion.Votes
		want  opinion.Shortfall
	}{
		{"nothing", opinion.Votes{}, opinion.Shortfall{Kind: opinion.TooFewStatements, Statements: 3, People: 8}},
		{"two statements", filled(t, 9, 2, 2, camps), opinion.Shortfall{Kind: opinion.TooFewStatements, Statements: 1, People: 8}},
		{"one statement", filled(t, 9, 1, 1, camps), opinion.Shortfall{Kind: opinion.TooFewStatements, Statements: 2, People: 8}},
		{"one participant", filled(t, 1, 9, 9, camps), opinion.Shortfall{Kind: opinion.TooFewPeople, People: 7}},
		{"seven people", filled(t, 7, 9, 9, camps), opinion.Shortfall{Kind: opinion.TooFewPeople, People: 1}},
		{"one vote short each", filled(t, 10, 12, 3, camps), opinion.Shortfall{Kind: opinion.TooFewPeople, People: 8, Votes: 8}},
		{"eight people", filled(t, 8, 9, 3, camps), opinion.Shortfall{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := mustCompute(t, c.votes, opinion.Options{})
			if m.Shortfall != c.want {
				t.Errorf("got %+v, want %+v", m.Shortfall, c.want)
			}
			if (m.Shortfall.Kind == opinion.Ready) != (m.Positions != nil) {
				t.Errorf("positions %v with %+v", m.Positions, m.Shortfall)
			}
		})
	}
}

func TestVotesNeeded(t *testing.T) {
	for statements, want := range map[int]int{0: 3, 3: 3, 9: 3, 10: 4, 12: 4, 18: 6, 19: 7, 60: 7} {
		m := mustCompute(t, filled(t, 0, statements, 0, camps), opinion.Options{})
		if m.VotesNeeded != want {
			t.Errorf("%d statements: %d votes, want %d", statements, m.VotesNeeded, want)
		}
	}
}

func TestTwoCamps(t *testing.T) {
	m := mustCompute(t, filled(t, 12, 10, 10, camps), opinion.Options{})
	if !m.GroupsFound || m.K != 2 || len(m.Groups) != 2 {
		t.Fatalf("found %v, K %d, %d groups", m.GroupsFound, m.K, len(m.Groups))
	}
	same(t, "group of the even", m.Groups[0].Members, []int{0, 2, 4, 6, 8, 10})
	same(t, "group of the odd", m.Groups[1].Members, []int{1, 3, 5, 7, 9, 11})
	if len(m.Groups[0].Representative) != 10 || len(m.Divisive) != 10 || len(m.CommonGround) != 0 {
		t.Errorf("%d representative, %d divisive, %d common", len(m.Groups[0].Representative), len(m.Divisive), len(m.CommonGround))
	}
	// All variance lies on one axis, on which the even agree with statement 0, the first
	// of the largest loadings.
	if math.Abs(m.Explained[0]-1) > 1e-12 || m.Explained[1] != 0 {
		t.Errorf("explained %v", m.Explained)
	}
	for i, position := range m.Positions {
		if (position.X > 0) != (i%2 == 0) || position.Y != 0 {
			t.Errorf("position %d: %+v", i, position)
		}
	}
}

func TestWithoutDifferencesThereIsAMapAndNoGroups(t *testing.T) {
	for name, value := range map[string]int8{"all agree": opinion.Agree, "all pass": opinion.Pass} {
		t.Run(name, func(t *testing.T) {
			m := mustCompute(t, filled(t, 10, 6, 6, func(int, int) int8 { return value }), opinion.Options{})
			if m.Shortfall.Kind != opinion.Ready || m.GroupsFound || m.K != 0 || len(m.Groups) > 0 || !m.GroupsTested {
				t.Fatalf("%+v", m)
			}
			for _, position := range m.Positions {
				if position.X != 0 || position.Y != 0 || position.Group != -1 {
					t.Errorf("position %+v", position)
				}
			}
			if value == opinion.Agree && len(m.CommonGround) != 6 {
				t.Errorf("%d statements of common ground, want 6", len(m.CommonGround))
			}
		})
	}
}

func TestStatementNobodyVotedOn(t *testing.T) {
	m := mustCompute(t, filled(t, 12, 11, 10, camps), opinion.Options{})
	if m.Loadings[10] != [2]float64{} {
		t.Errorf("loadings %v", m.Loadings[10])
	}
	if got := m.Tallies[0][10]; got.Voted() != 0 || got.Unseen != 6 || got.AgreeShare != (opinion.Share{High: 1, Mean: 0.5}) {
		t.Errorf("tally %+v", got)
	}
}

func TestTenThousandStatements(t *testing.T) {
	votes, _ := room{people: 60, statements: 10000, groups: 2, answered: 0.01, leaning: 0.5, clear: 0.9}.votes(t, 1)
	checkFinite(t, mustCompute(t, votes, opinion.Options{Quick: true}))
}

// TestManyPeopleAndStatements takes the path on which no matrix of products is built.
func TestManyPeopleAndStatements(t *testing.T) {
	votes, truth := room{people: 2100, statements: 2100, groups: 2, answered: 0.02, leaning: 0.3, clear: 0.9}.votes(t, 1)
	m := mustCompute(t, votes, opinion.Options{Quick: true})
	checkFinite(t, m)
	people, groups := shownGroups(m)
	if agreement := adjustedRand(groups, pick(truth, people)); agreement < 0.95 {
		t.Errorf("agreement with the planted groups %.3f", agreement)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := opinion.Compute(ctx, filled(t, 12, 10, 10, camps), opinion.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Compute: %v", err)
	}
	if _, err := opinion.Polis(ctx, opinion.PolisVotes{Votes: filled(t, 12, 10, 10, camps)}); !errors.Is(err, context.Canceled) {
		t.Errorf("Polis: %v", err)
	}
}

func TestAtLeast33Permutations(t *testing.T) {
	votes := filled(t, 12, 10, 10, camps)
	got := mustCompute(t, votes, opinion.Options{Permutations: 1})
	if want := mustCompute(t, votes, opinion.Options{Permutations: 33}); got.Test != want.Test || got.Test.Permutations != 33 {
		t.Errorf("got %+v, want %+v", got.Test, want.Test)
	}
}

func TestLargeRoomsAreTestedOn500(t *testing.T) {
	votes, truth := room{people: 600, statements: 20, groups: 2, answered: 0.6, leaning: 0.6, clear: 0.85}.votes(t, 2)
	m := mustCompute(t, votes, opinion.Options{Permutations: 33})
	if m.Test.People != 500 || !m.GroupsFound || m.Test.Explained <= m.Test.ExplainedNull97 {
		t.Fatalf("found %v by %+v", m.GroupsFound, m.Test)
	}
	people, groups := shownGroups(m)
	if len(people) < 590 || adjustedRand(groups, pick(truth, people)) < 0.9 {
		t.Errorf("%d people, agreement %.3f", len(people), adjustedRand(groups, pick(truth, people)))
	}
}

func TestGroupsAreOrderedAndWhole(t *testing.T) {
	votes, _ := room{people: 40, statements: 30, groups: 3, answered: 0.8, leaning: 1, clear: 0.95}.votes(t, 4)
	m := mustCompute(t, votes, opinion.Options{Quick: true})
	var everybody []int
	for g, group := range m.Groups {
		if len(group.Members) < 4 || !slices.IsSorted(group.Members) {
			t.Errorf("members of %d: %v", g, group.Members)
		}
		if g > 0 && len(group.Members) > len(m.Groups[g-1].Members) {
			t.Errorf("group %d is larger than the one before", g)
		}
		everybody = append(everybody, group.Members...)
	}
	slices.Sort(everybody)
	same(t, "everybody", everybody, m.OnMap)
}

// checkFinite looks for figures that are no numbers.
func checkFinite(t testing.TB, m opinion.Map) {
	t.Helper()
	figures := append([]float64{m.Null97, m.Agreement, m.Residual, m.Variance[0], m.Variance[1], m.Test.Chance}, m.Explained[:]...)
	for _, s := range m.Silhouettes {
		figures = append(figures, s.Mean, s.Noise)
		if math.IsNaN(s.Fit) {
			t.Fatalf("the fit of %d groups is no number", s.K)
		}
	}
	for _, loading := range m.Loadings {
		figures = append(figures, loading[:]...)
	}
	for _, p := range m.Positions {
		figures = append(figures, p.X, p.Y, p.SD[0], p.SD[1])
	}
	for _, tallies := range m.Tallies {
		for _, tally := range tallies {
			for _, share := range []opinion.Share{tally.AgreeShare, tally.DisagreeShare} {
				figures = append(figures, share.Low, share.Mean, share.High)
			}
		}
	}
	for _, group := range m.Groups {
		figures = append(figures, group.Stability)
		for _, r := range group.Representative {
			figures = append(figures, r.Effect, r.Q)
		}
	}
	for _, c := range m.CommonGround {
		figures = append(figures, c.Lower, c.PolisGIC)
	}
	for _, figure := range figures {
		if math.IsNaN(figure) || math.IsInf(figure, 0) {
			t.Fatalf("a figure of the map is %v", figure)
		}
	}
}
