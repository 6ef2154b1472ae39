package opinion_test

import (
	"context"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"folkmoot/analysis/opinion"
)

// polisUpdated gives the map that follows on before, and checks it.
func polisUpdated(t testing.TB, before opinion.PolisMap, votes opinion.PolisVotes) opinion.PolisMap {
	t.Helper()
	m, err := opinion.PolisUpdate(t.Context(), before, votes)
	if err != nil {
		t.Fatal(err)
	}
	checkPolisSound(t, m)
	return m
}

// checkPolisSound fails on figures that are not finite, and unless everybody who is
// grouped is in one base cluster and one group.
func checkPolisSound(t testing.TB, m opinion.PolisMap) {
	t.Helper()
	figures := slices.Concat(m.Centre, m.Extremity, m.GroupAwareConsensus, m.Priorities)
	for _, position := range slices.Concat(m.Positions, m.StatementPositions) {
		figures = append(figures, position[:]...)
	}
	for _, cluster := range slices.Concat(m.BaseClusters, m.Groups) {
		figures = append(figures, cluster.Centre[:]...)
	}
	for _, grouping := range m.Groupings {
		figures = append(figures, grouping.Silhouette)
	}
	for _, entry := range slices.Concat(m.Representative...) {
		figures = append(figures, entry.Share, entry.ShareTest, entry.Representativeness, entry.RepresentativenessTest)
	}
	for _, component := range m.Components {
		figures = append(figures, component...)
	}
	for _, figure := range figures {
		if math.IsNaN(figure) || math.IsInf(figure, 0) {
			t.Fatalf("a figure is %v in %+v", figure, m)
		}
	}
	for _, clusters := range [][]opinion.PolisCluster{m.BaseClusters, m.Groups} {
		var members, ids []int
		for _, cluster := range clusters {
			members, ids = append(members, cluster.Members...), append(ids, cluster.ID)
		}
		slices.Sort(members)
		slices.Sort(ids)
		if !slices.Equal(members, m.InConversation) || len(slices.Compact(ids)) != len(clusters) {
			t.Fatalf("clusters %v of %v", clusters, m.InConversation)
		}
	}
}

// ballots makes votes from rows of signs, as in testdata.
func ballots(t testing.TB, rows ...string) opinion.PolisVotes {
	t.Helper()
	return opinion.PolisVotes{Votes: conversation{Participants: make([]int, len(rows)), Statements: make([]int, len(rows[0])), Rows: rows}.votes(t)}
}

func TestPolisEdges(t *testing.T) {
	cases := map[string]struct {
		rows []string
		out  []int
	}{
		"no votes":                      {rows: []string{"...", "...", "..."}},
		"one vote":                      {rows: []string{"+"}},
		"one participant":               {rows: []string{"+-"}},
		"one statement":                 {rows: []string{"+", "-"}},
		"all the same":                  {rows: []string{"+-0", "+-0", "+-0", "+-0"}},
		"all pass":                      {rows: []string{"0000", "0000", "0000"}},
		"a statement nobody voted on":   {rows: []string{"+.-", "+.-", "+.-"}},
		"only statements moderated out": {rows: []string{"+-0.", "-+0.", "++-."}, out: []int{0, 1, 2, 7, -1}},
	}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) {
			votes := ballots(t, cases[name].rows...)
			votes.ModeratedOut = cases[name].out
			m, err := opinion.Polis(t.Context(), votes)
			if err != nil {
				t.Fatal(err)
			}
			checkPolisSound(t, m)
			for range 2 {
				for _, position := range m.Positions {
					if position != [2]float64{} {
						t.Errorf("position %v, want the middle", position)
					}
				}
				m = polisUpdated(t, m, votes)
			}
		})
	}
	if m := polisUpdated(t, opinion.PolisMap{}, opinion.PolisVotes{}); m.K != 0 || len(m.Groups) != 0 {
		t.Errorf("no votes at all: K %d, groups %v", m.K, m.Groups)
	}
}

// New rows and columns come behind those that are known, in the order in which a batch
// is read: by statement, then by participant.
func TestPolisUpdateAppendsInOrderOfAppearance(t *testing.T) {
	m := polisUpdated(t, opinion.PolisMap{}, ballots(t, ".....", "..-.+", "....."))
	same(t, "rows", m.Participants, []int{1})
	same(t, "columns", m.Statements, []int{2, 4})
	m = polisUpdated(t, m, ballots(t, "..0++", "..-.+", "++...", "....."))
	same(t, "rows", m.Participants, []int{1, 2, 0})
	same(t, "columns", m.Statements, []int{2, 4, 0, 1, 3})
	same(t, "counts", m.VoteCounts, []int{2, 2, 3})
	m = polisUpdated(t, m, ballots(t, "..0++", ".....", "++...", "....-"))
	same(t, "rows after votes were taken back", m.Participants, []int{1, 2, 0, 3})
	same(t, "counts after votes were taken back", m.VoteCounts, []int{0, 2, 3, 1})
}

// Whoever was among the busiest 15 of a first batch stays, whatever comes.
func TestPolisUpdateKeepsWhoIsInTheConversation(t *testing.T) {
	m := polisUpdated(t, opinion.PolisMap{}, ballots(t, slices.Repeat([]string{"+.......-"}, 15)...))
	same(t, "busiest", m.InConversation, upTo(15))
	rows := slices.Concat(slices.Repeat([]string{"+.......-"}, 16), slices.Repeat([]string{"+-+-+-+-+"}, 3))
	m = polisUpdated(t, m, ballots(t, rows...))
	same(t, "with those of nine votes", m.InConversation, append(upTo(15), 16, 17, 18))
}

func upTo(n int) []int {
	var list []int
	for i := range n {
		list = append(list, i)
	}
	return list
}

// threeSides are twelve people of three groups in turn, as k-means starts with the first
// of them. None has the votes of another, so that no two stand in one place.
func threeSides(t testing.TB) opinion.PolisVotes {
	t.Helper()
	return ballots(t,
		"++++++------------", "------++++++------", "------------++++++",
		"+++++.------------", "------+++++.------", "------------+++++.",
		"++++-.------------", "------++++-.------", "------------++++-.",
		"+++-..------------", "------+++-..------", "------------+++-..")
}

// A better K is shown at its fourth time running.
func TestPolisUpdateShowsANewKWithDelay(t *testing.T) {
	votes := threeSides(t)
	var shown, run []int
	m := opinion.PolisMap{K: 2, KBest: 2, KBestRun: 9}
	for range 5 {
		m = polisUpdated(t, m, votes)
		shown, run = append(shown, m.K), append(run, m.KBestRun)
		if len(m.Groups) != m.K || m.KBest != 3 {
			t.Errorf("%d groups, K %d, K* %d", len(m.Groups), m.K, m.KBest)
		}
	}
	same(t, "K shown", shown, []int{2, 2, 2, 3, 3})
	same(t, "times running", run, []int{1, 2, 3, 4, 5})
}

// Five groups need 36 base clusters; with twelve the best of two and three is shown.
func TestPolisUpdateWhereTheKShownIsNoCandidate(t *testing.T) {
	m := polisUpdated(t, opinion.PolisMap{K: 5, KBest: 5, KBestRun: 9}, threeSides(t))
	same(t, "K, K*, run, groups", []int{m.K, m.KBest, m.KBestRun, len(m.Groups)}, []int{3, 3, 1, 3})
}

// Whichever way the axes of the map before point, those of the next do.
func TestPolisUpdateKeepsTheSignOfAxes(t *testing.T) {
	votes := opinion.PolisVotes{Votes: townMeeting()}
	first := polisUpdated(t, opinion.PolisMap{}, votes)
	for k := range first.Components {
		for column := range first.Components[k] {
			first.Components[k][column] *= -1
		}
	}
	second := polisUpdated(t, first, votes)
	for k := range second.Components {
		near(t, "axis", second.Components[k], first.Components[k], 1e-12)
	}
}

func TestPolisUpdateLeavesTheMapBefore(t *testing.T) {
	c := keptConversation(t, "15-per-hour-seattle")
	first := polisUpdated(t, opinion.PolisMap{}, c.firstVotes(t, 900))
	again := polisUpdated(t, opinion.PolisMap{}, c.firstVotes(t, 900))
	second := polisUpdated(t, first, c.firstVotes(t, 1800))
	if !reflect.DeepEqual(first, again) {
		t.Error("the map before has changed, or the same votes give two maps")
	}
	spoilt := polisUpdated(t, first, c.firstVotes(t, 1800))
	for _, list := range [][]int{spoilt.Participants, spoilt.Statements, spoilt.InConversation, spoilt.BaseClusters[0].Members, spoilt.Groups[0].Members} {
		list[0] = -9
	}
	spoilt.Components[0][0], spoilt.BaseClusters[0].ID, spoilt.GroupVotes[0][0].A = 9, 9, 9
	if !reflect.DeepEqual(first, again) || !reflect.DeepEqual(second, polisUpdated(t, first, c.firstVotes(t, 1800))) {
		t.Error("a map shares memory with the one before")
	}
}

func TestPolisUpdateRefuses(t *testing.T) {
	votes := opinion.PolisVotes{Votes: townMeeting()}
	for name, before := range map[string]opinion.PolisMap{
		"a participant too many": {Participants: []int{0, 12}},
		"a participant twice":    {Participants: []int{3, 3}},
		"a negative participant": {InConversation: []int{-1}},
		"a statement too many":   {Statements: []int{10}},
	} {
		if _, err := opinion.PolisUpdate(t.Context(), before, votes); !errors.Is(err, opinion.ErrIndex) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := opinion.PolisUpdate(ctx, opinion.PolisMap{}, votes); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A map before that no PolisUpdate made may give odd groups, but no panic.
func TestPolisUpdateBearsAnOddMapBefore(t *testing.T) {
	odd := opinion.PolisMap{
		Components:   [][]float64{{math.NaN()}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		BaseClusters: []opinion.PolisCluster{{ID: 4, Members: []int{0, 99}}, {ID: 4, Members: []int{1, 0}}, {ID: -2}},
		Groupings:    []opinion.PolisGrouping{{K: 3, Clusters: []opinion.PolisCluster{{ID: 1, Members: []int{77}}}}},
		K:            -1,
	}
	odd.GroupVotes = [][]opinion.PolisTally{make([]opinion.PolisTally, 99)}
	if _, err := opinion.PolisUpdate(t.Context(), odd, opinion.PolisVotes{Votes: townMeeting()}); err != nil {
		t.Error(err)
	}
}

// FuzzPolisUpdate reads bytes as a conversation: two are a vote, one in eight ends a
// batch. Cells are few, so that votes change and people coincide.
func FuzzPolisUpdate(f *testing.F) {
	f.Add([]byte{}, byte(0))
	f.Add([]byte{0, 0, 7, 7, 0, 0}, byte(1))
	f.Add([]byte("the quick brown fox jumps over the lazy dog, and then once more"), byte(6))
	many := make([]byte, 0, 800)
	for i := range 400 {
		many = append(many, byte(i*37+i/29), byte(i*i*5+i/7))
	}
	f.Add(many, byte(9))
	f.Fuzz(func(t *testing.T, given []byte, out byte) {
		const people, statements = 24, 12
		latest := map[[2]int]int8{}
		var m opinion.PolisMap
		given = given[:min(len(given), 600)]
		for i := 0; i+1 < len(given); i += 2 {
			at := [2]int{int(given[i]) % people, int(given[i+1]) % statements}
			latest[at] = int8(given[i+1]/statements)%3 - 1
			if given[i] < 32 || i+3 >= len(given) {
				was := m
				m = polisUpdated(t, m, opinion.PolisVotes{Votes: votesOf(t, people, statements, latest), ModeratedOut: []int{int(out) % statements}})
				checkPolisFollows(t, was, m)
			}
		}
	})
}

func votesOf(t testing.TB, people, statements int, latest map[[2]int]int8) opinion.Votes {
	t.Helper()
	var votes []opinion.Vote
	for at, value := range latest {
		votes = append(votes, opinion.Vote{Participant: at[0], Statement: at[1], Value: value})
	}
	return mustVotes(t, people, statements, votes)
}

// checkPolisFollows fails unless rows, columns and the grouped are those before with
// others behind, and K is that before or the best.
func checkPolisFollows(t testing.TB, before, m opinion.PolisMap) {
	t.Helper()
	for _, list := range [][2][]int{{before.Participants, m.Participants}, {before.Statements, m.Statements}} {
		if !slices.Equal(list[0], list[1][:min(len(list[0]), len(list[1]))]) {
			t.Fatalf("%v does not follow on %v", list[1], list[0])
		}
	}
	for _, p := range before.InConversation {
		if !slices.Contains(m.InConversation, p) {
			t.Fatalf("participant %d has left", p)
		}
	}
	if len(m.Groups) == 0 || len(m.Groups) > 5 || m.KBestRun < 1 || m.K != before.K && m.K != m.KBest {
		t.Fatalf("%d groups, K %d after %d, K* %d for the time %d", len(m.Groups), m.K, before.K, m.KBest, m.KBestRun)
	}
}
