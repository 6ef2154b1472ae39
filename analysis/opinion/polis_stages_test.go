package opinion_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"folkmoot/analysis/opinion"
)

// stored is the last output of the production service on a conversation: the end of a
// long history, of which the votes tell a part only. So each stage is tested on the
// stored output of the stage before.
type stored struct {
	ModOut   []int    `json:"mod-out"`
	MetaTids []int    `json:"meta-tids"`
	Tids     []int    `json:"tids"`
	InConv   []int    `json:"in-conv"`
	PCA      polisPCA `json:"pca"`
	Base     struct {
		ID      []int     `json:"id"`
		Members [][]int   `json:"members"`
		X       []float64 `json:"x"`
		Y       []float64 `json:"y"`
	} `json:"base-clusters"`
	Clusters   []polisCluster              `json:"group-clusters"`
	BaseVotes  map[string]map[string][]int `json:"votes-base"`
	GroupVotes map[string]struct {
		Votes map[string]opinion.PolisTally `json:"votes"`
	} `json:"group-votes"`
	Repness    map[string][]polisRepness `json:"repness"`
	Consensus  polisConsensus            `json:"consensus"`
	GroupAware map[string]float64        `json:"group-aware-consensus"`
	Priorities map[string]float64        `json:"comment-priorities"`

	c     conversation
	votes opinion.PolisVotes
}

// current are the conversations of today's Polis; legacy is one of 2017, when missing
// votes counted as passes in the axes, and there were no priorities and no
// group-informed consensus yet.
var current = []string{"below-100-ptpts", "25ptpt-3gp-no-strict-with-meta", "150ptpt-3gp-no-strict-no-meta"}

const legacy = "legacy-2017-ubi"

func production(t *testing.T, name string) stored {
	t.Helper()
	s := stored{c: produced(t, name)}
	decode(t, referenceFile(t, "production", name, "math-pca2.json"), &s)
	s.votes = s.c.polisVotes(t, s.ModOut, s.MetaTids)
	return s
}

// base gives the stored base clusters.
func (s stored) base() []opinion.PolisCluster {
	var base []opinion.PolisCluster
	for b, id := range s.Base.ID {
		base = append(base, opinion.PolisCluster{ID: id, Members: indices(s.c.Participants, s.Base.Members[b]), Centre: [2]float64{s.Base.X[b], s.Base.Y[b]}})
	}
	return base
}

// groups gives the stored groups with participants for members.
func (s stored) groups() []opinion.PolisCluster {
	var groups []opinion.PolisCluster
	for _, g := range s.Clusters {
		group := opinion.PolisCluster{ID: g.ID, Centre: g.Center}
		for _, id := range g.Members {
			at := slices.Index(s.Base.ID, id)
			group.Members = append(group.Members, indices(s.c.Participants, s.Base.Members[at])...)
		}
		groups = append(groups, group)
	}
	return groups
}

func TestReferencePolisStageAxes(t *testing.T) {
	for _, name := range current {
		t.Run(name, func(t *testing.T) {
			s := production(t, name)
			m := s.c.polis(t, s.ModOut, s.MetaTids)
			same(t, "statements", pick(s.c.Statements, m.Statements), s.Tids)
			checkAxes(t, m, s.PCA, 1e-12, 1e-12)
		})
	}
}

func TestReferencePolisStagePlaces(t *testing.T) {
	for _, name := range append([]string{legacy}, current...) {
		t.Run(name, func(t *testing.T) {
			s := production(t, name)
			m := opinion.PolisPlaces(s.votes, s.PCA.Center, s.PCA.Comps)
			position := map[int][2]float64{}
			for row, p := range m.Participants {
				position[p] = m.Positions[row]
			}
			for _, base := range s.base() {
				var mean [2]float64
				for _, p := range base.Members {
					for k := range mean {
						mean[k] += position[p][k] / float64(len(base.Members))
					}
				}
				near(t, fmt.Sprintf("base cluster %d", base.ID), mean[:], base.Centre[:], 1e-12)
			}
			if name == legacy {
				return // statements stood where a disagree would be
			}
			for column := range m.Statements {
				got := []float64{m.StatementPositions[column][0], m.StatementPositions[column][1], m.Extremity[column]}
				want := []float64{s.PCA.Projection[0][column], s.PCA.Projection[1][column], s.PCA.Extremity[column]}
				near(t, fmt.Sprintf("column %d", column), got, want, 1e-12)
			}
		})
	}
}

func TestReferencePolisStageGroups(t *testing.T) {
	for _, name := range append([]string{legacy}, current...) {
		t.Run(name, func(t *testing.T) {
			s := production(t, name)
			m, err := opinion.PolisGroups(t.Context(), s.base())
			if err != nil {
				t.Fatal(err)
			}
			s.checkGroups(t, m)
		})
	}
}

func (s stored) checkGroups(t *testing.T, m opinion.PolisMap) {
	t.Helper()
	if m.K != len(s.Clusters) || m.KBest != m.K {
		t.Errorf("K %d, K* %d, want %d", m.K, m.KBest, len(s.Clusters))
	}
	for _, grouping := range m.Groupings {
		if grouping.K == len(s.Clusters) {
			checkClusters(t, "groups", grouping.Clusters, s.Clusters, nil, []float64{1, 1})
		}
	}
	sameClusters(t, "groups of participants", s.c.named(m.Groups), s.c.named(s.groups()))
}

func TestReferencePolisStageStatistics(t *testing.T) {
	for _, name := range current {
		t.Run(name, func(t *testing.T) {
			s := production(t, name)
			m := opinion.PolisFigures(s.votes, s.base(), s.groups(), s.PCA.Extremity)
			s.checkStatistics(t, m)
			checkPriorities(t, "stored", s.c, m, s.Priorities, 1e-12)
		})
	}
	t.Run(legacy, func(t *testing.T) {
		// The majority lists of 2017 name columns, with one missing, and the tallies of
		// statements moderated out count everybody.
		s := production(t, legacy)
		m := opinion.PolisFigures(s.votes, s.base(), s.groups(), make([]float64, len(s.Tids)))
		checkRepresentative(t, s.c, m, s.Repness)
		if quirk := m.Representative[1][0]; !quirk.BestAgree || quirk.Direction != opinion.ForDisagree {
			t.Errorf("got %+v, want a best agree that is for disagree", quirk)
		}
	})
}

// checkStatistics compares all but the priorities.
func (s stored) checkStatistics(t *testing.T, m opinion.PolisMap) {
	t.Helper()
	checkRepresentative(t, s.c, m, s.Repness)
	checkMajority(t, s.c, m.MajorityAgree, s.Consensus.Agree)
	checkMajority(t, s.c, m.MajorityDisagree, s.Consensus.Disagree)
	for column, statement := range m.Statements {
		tid := strconv.Itoa(s.c.Statements[statement])
		for g, group := range m.Groups {
			if got, want := m.GroupVotes[g][column], s.GroupVotes[strconv.Itoa(group.ID)].Votes[tid]; got != want {
				t.Errorf("statement %s, group %d: votes %v, want %v", tid, group.ID, got, want)
			}
		}
		for b, got := range m.BaseVotes[column] {
			votes := s.BaseVotes[tid]
			if want := (opinion.PolisTally{A: votes["A"][b], D: votes["D"][b], S: votes["S"][b]}); got != want {
				t.Errorf("statement %s, base cluster %d: votes %v, want %v", tid, b, got, want)
			}
		}
		near(t, "group-aware consensus "+tid, []float64{m.GroupAwareConsensus[column]}, []float64{s.GroupAware[tid]}, 1e-12)
	}
}

// TestReferencePolisUpdateAfterRestart goes on from what the production service has
// stored, with no new votes, as its worker does when it is started again.
func TestReferencePolisUpdateAfterRestart(t *testing.T) {
	for _, name := range current {
		t.Run(name, func(t *testing.T) {
			s := production(t, name)
			before := opinion.PolisMap{
				Statements:     indices(s.c.Statements, s.Tids),
				Components:     s.PCA.Comps,
				InConversation: indices(s.c.Participants, s.InConv),
				BaseClusters:   s.base(),
			}
			m, err := opinion.PolisUpdate(t.Context(), before, s.votes)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "in-conv", m.InConversation, slices.Sorted(slices.Values(before.InConversation)))
			checkAxes(t, m, s.PCA, 1e-12, 1e-12)
			sameClusters(t, "base clusters", s.c.named(m.BaseClusters), s.c.named(before.BaseClusters))
			s.checkGroups(t, m)
			s.checkStatistics(t, m)
		})
	}
}
