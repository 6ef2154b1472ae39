package opinion_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"folkmoot/analysis/opinion"
)

func TestPolisOnKeptConversations(t *testing.T) {
	for _, name := range kept {
		t.Run(name, func(t *testing.T) { checkColdStart(t, keptConversation(t, name)) })
	}
}

func TestReferencePolisColdStart(t *testing.T) {
	for _, name := range []string{"below-100-ptpts", "25ptpt-3gp-no-strict-with-meta", "150ptpt-3gp-no-strict-no-meta"} {
		t.Run(name, func(t *testing.T) { checkColdStart(t, produced(t, name).withColdStart(t, name)) })
	}
}

func (c conversation) polis(t testing.TB, modOut, meta []int) opinion.PolisMap {
	t.Helper()
	m, err := opinion.Polis(t.Context(), c.polisVotes(t, modOut, meta))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (c conversation) polisVotes(t testing.TB, modOut, meta []int) opinion.PolisVotes {
	t.Helper()
	return opinion.PolisVotes{Votes: c.votes(t), ModeratedOut: indices(c.Statements, modOut), Meta: indices(c.Statements, meta)}
}

// checkColdStart compares the whole of a Polis map with what the original made.
func checkColdStart(t *testing.T, c conversation) {
	want := c.Expected
	m := c.polis(t, want.ModOut, want.MetaTids)
	same(t, "row order", pick(c.Participants, m.Participants), want.Pids)
	same(t, "statements", pick(c.Statements, m.Statements), want.Tids)
	same(t, "in-conv", pick(c.Participants, m.InConversation), want.InConv)
	signs := checkAxes(t, m, want.PCA, 1e-11, 1e-8)

	// The original ends its power iteration unfinished, so positions differ a little.
	checkClusters(t, "base", m.BaseClusters, want.BaseClusters, c.Participants, signs)
	for _, grouping := range m.Groupings {
		k := strconv.Itoa(grouping.K)
		checkClusters(t, "k="+k, grouping.Clusters, want.Clusterings[k], nil, nil)
		if grouping.K == m.K {
			checkClusters(t, "groups", grouping.Clusters, want.Clusters, nil, signs)
		}
		near(t, "silhouette "+k, []float64{grouping.Silhouette}, []float64{want.Silhouettes[k]}, 1e-5)
	}
	if len(m.Groupings) != len(want.Silhouettes) {
		t.Errorf("%d groupings, want %d", len(m.Groupings), len(want.Silhouettes))
	}
	if m.K != len(want.Clusters) {
		t.Errorf("K %d, want %d", m.K, len(want.Clusters))
	}
	checkRepresentative(t, c, m, want.Repness)
	checkMajority(t, c, m.MajorityAgree, want.Consensus.Agree)
	checkMajority(t, c, m.MajorityDisagree, want.Consensus.Disagree)
	for column, s := range m.Statements {
		tid := strconv.Itoa(c.Statements[s])
		near(t, "group-aware consensus "+tid, []float64{m.GroupAwareConsensus[column]}, []float64{want.GroupAware[tid]}, 1e-9)
	}
	checkPriorities(t, "Polis", c, m, want.SecondUpdate.Priorities, 1e-5)
	checkTwoUpdates(t, c)
}

// checkTwoUpdates gives the same votes twice: groups settle, and the priorities are
// those of no votes in groups first.
func checkTwoUpdates(t *testing.T, c conversation) {
	want := c.Expected
	votes := c.polisVotes(t, want.ModOut, want.MetaTids)
	first, err := opinion.PolisUpdate(t.Context(), opinion.PolisMap{}, votes)
	if err != nil {
		t.Fatal(err)
	}
	checkPriorities(t, "first update", c, first, want.Priorities, unfinished)
	second, err := opinion.PolisUpdate(t.Context(), first, votes)
	if err != nil {
		t.Fatal(err)
	}
	checkPriorities(t, "second update", c, second, want.SecondUpdate.Priorities, 1e-5)
	for _, grouping := range second.Groupings {
		k := strconv.Itoa(grouping.K)
		near(t, "second silhouette "+k, []float64{grouping.Silhouette}, []float64{want.SecondUpdate.Silhouettes[k]}, 1e-5)
		if grouping.K == second.K {
			checkClusters(t, "second groups", grouping.Clusters, want.SecondUpdate.Clusters, nil, nil)
		}
	}
}

func checkPriorities(t *testing.T, what string, c conversation, m opinion.PolisMap, want map[string]float64, tolerance float64) {
	t.Helper()
	for column, s := range m.Statements {
		tid := strconv.Itoa(c.Statements[s])
		near(t, what+": priority of "+tid, []float64{m.Priorities[column]}, []float64{want[tid]}, tolerance*math.Max(1, want[tid]))
	}
}

// checkAxes compares centre and components, and gives the sign of each axis.
func checkAxes(t *testing.T, m opinion.PolisMap, want polisPCA, centre, cosine float64) []float64 {
	t.Helper()
	near(t, "centre", m.Centre, want.Center, centre)
	return checkComponents(t, m, want.Comps, cosine)
}

func checkComponents(t *testing.T, m opinion.PolisMap, want [][]float64, cosine float64) []float64 {
	t.Helper()
	signs := make([]float64, len(m.Components))
	for k, component := range m.Components {
		dot := 0.0
		for s, loading := range component {
			dot += loading * want[k][s]
		}
		if math.Abs(dot) < 1-cosine {
			t.Errorf("axis %d: cosine %v", k, dot)
		}
		signs[k] = math.Copysign(1, dot)
	}
	return signs
}

func checkClusters(t *testing.T, what string, got []opinion.PolisCluster, want []polisCluster, ids []int, signs []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d clusters, want %d", what, len(got), len(want))
		return
	}
	for i, cluster := range got {
		members := cluster.Members
		if ids != nil {
			members = pick(ids, members)
		}
		if cluster.ID != want[i].ID {
			t.Errorf("%s: id %d, want %d", what, cluster.ID, want[i].ID)
		}
		same(t, fmt.Sprintf("%s: members of %d", what, cluster.ID), members, want[i].Members)
		if signs == nil {
			continue // the file has no centres
		}
		centre := []float64{signs[0] * cluster.Centre[0], signs[1] * cluster.Centre[1]}
		near(t, fmt.Sprintf("%s: centre of %d", what, cluster.ID), centre, want[i].Center[:], 1e-4)
	}
}

func checkRepresentative(t *testing.T, c conversation, m opinion.PolisMap, want map[string][]polisRepness) {
	t.Helper()
	for g, list := range m.Representative {
		expected := want[strconv.Itoa(m.Groups[g].ID)]
		if len(list) != len(expected) {
			t.Errorf("group %d: %d representative statements, want %d", g, len(list), len(expected))
			continue
		}
		for i, r := range list {
			got := polisRepness{
				Tid: c.Statements[r.Statement], Successes: r.Successes, Trials: r.Trials,
				RepfulFor: string(r.Direction), BestAgree: r.BestAgree, Agrees: r.Agrees,
			}
			figures := expected[i]
			figures.Share, figures.ShareTest, figures.Repness, figures.RepnessTest = 0, 0, 0, 0
			if got != figures {
				t.Errorf("group %d, place %d: %+v, want %+v", g, i, got, figures)
			}
			near(t, "repness", []float64{r.Share, r.ShareTest, r.Representativeness, r.RepresentativenessTest},
				[]float64{expected[i].Share, expected[i].ShareTest, expected[i].Repness, expected[i].RepnessTest}, 1e-6)
		}
	}
}

func checkMajority(t *testing.T, c conversation, got []opinion.PolisMajority, want []polisRepness) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d majority statements, want %d", len(got), len(want))
		return
	}
	for i, entry := range got {
		same(t, "majority", []int{c.Statements[entry.Statement], entry.Successes, entry.Trials},
			[]int{want[i].Tid, want[i].Successes, want[i].Trials})
		near(t, "majority", []float64{entry.Share, entry.ShareTest}, []float64{want[i].Share, want[i].ShareTest}, 1e-9)
	}
}

// indices finds ids in an ascending list; ids that are not there are left out.
func indices(all, ids []int) []int {
	var found []int
	for _, id := range ids {
		if i, ok := slices.BinarySearch(all, id); ok {
			found = append(found, i)
		}
	}
	return found
}

func same(t *testing.T, what string, got, want []int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d figures, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s: figure %d: got %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}
