package opinion

import (
	"cmp"
	"math"
	"slices"
)

// PolisStatistics are Polis's figures on statements. Lists by statement are in the
// order of PolisMap.Statements, lists by group in that of PolisMap.Groups.
type PolisStatistics struct {
	// BaseVotes by statement and base cluster: "votes-base".
	BaseVotes [][]PolisTally
	// GroupVotes by group and statement: "group-votes".
	GroupVotes [][]PolisTally
	// Representative statements by group, 5 at most: "repness".
	Representative [][]PolisRepresentative
	// MajorityAgree and MajorityDisagree, 5 each at most: "consensus".
	MajorityAgree, MajorityDisagree []PolisMajority
	// GroupAwareConsensus by statement, the product over the groups of (agrees + 1) /
	// (votes + 2): "group-aware-consensus".
	GroupAwareConsensus []float64
	// Priorities by statement, the weight with which it is shown next, from the votes
	// in the groups of the map before: "comment-priorities".
	Priorities []float64
}

// PolisTally counts agrees (A), disagrees (D) and all votes with passes (S).
type PolisTally struct{ A, D, S int }

// PolisRepresentative is an entry of "repness".
type PolisRepresentative struct {
	Statement              int
	Direction              Direction // "repful-for"
	Successes, Trials      int
	Share, ShareTest       float64 // "p-success", "p-test"
	Representativeness     float64 // "repness"
	RepresentativenessTest float64 // "repness-test", a 32-bit number
	BestAgree              bool
	Agrees                 int // "n-agree", of the best agree only
}

// PolisMajority is an entry of "consensus".
type PolisMajority struct {
	Statement, Successes, Trials int
	Share, ShareTest             float64
}

// polisZ90 is the one-sided 90 % point of the normal distribution as Polis rounds it.
const polisZ90 = 1.2816

const (
	polisListLength   = 5
	polisMetaPriority = 7.0
)

// polisStatistics computes all of the statistics but the priorities.
func polisStatistics(matrix *polisMatrix, m *PolisMap) PolisStatistics {
	var found PolisStatistics
	base := make([][]PolisTally, len(m.BaseClusters))
	for b, cluster := range m.BaseClusters {
		base[b] = matrix.tally(cluster.Members)
	}
	found.BaseVotes = make([][]PolisTally, len(m.Statements))
	for column := range m.Statements {
		for b := range base {
			found.BaseVotes[column] = append(found.BaseVotes[column], base[b][column])
		}
	}
	for _, group := range m.Groups {
		found.GroupVotes = append(found.GroupVotes, matrix.tally(group.Members))
	}
	for g := range m.Groups {
		found.Representative = append(found.Representative, matrix.representative(found.GroupVotes, g))
	}
	everybody := matrix.tally(m.Participants)
	found.MajorityAgree = matrix.majority(everybody, func(t PolisTally) int { return t.A })
	found.MajorityDisagree = matrix.majority(everybody, func(t PolisTally) int { return t.D })
	for column := range m.Statements {
		consensus := 1.0
		for g := range m.Groups {
			t := found.GroupVotes[g][column]
			consensus *= float64(t.A+1) / float64(t.S+2)
		}
		found.GroupAwareConsensus = append(found.GroupAwareConsensus, consensus)
	}
	return found
}

// tally counts the votes of some participants by column.
func (m *polisMatrix) tally(people []int) []PolisTally {
	counts := make([]PolisTally, len(m.statements))
	for _, p := range people {
		for s, value := range m.votes.Of(p) {
			t := &counts[m.columnOf[s]]
			t.S++
			switch value {
			case Agree:
				t.A++
			case Disagree:
				t.D++
			}
		}
	}
	return counts
}

func (t PolisTally) plus(other PolisTally) PolisTally {
	return PolisTally{t.A + other.A, t.D + other.D, t.S + other.S}
}

// polisOneShare is Polis's z value of a share against ½.
func polisOneShare(successes, trials int) float64 {
	n := float64(trials + 1)
	return 2 * math.Sqrt(n) * (float64(successes+1)/n - 0.5)
}

// polisTwoShares is Polis's z value of the difference between two shares.
func polisTwoShares(successes, otherSuccesses, trials, otherTrials int) float64 {
	s1, s2 := float64(successes+1), float64(otherSuccesses+1)
	n1, n2 := float64(trials+1), float64(otherTrials+1)
	pooled := (s1 + s2) / (n1 + n2)
	if pooled == 1 {
		return 0
	}
	return (s1/n1 - s2/n2) / math.Sqrt(pooled*(1-pooled)*(1/n1+1/n2))
}

// polisSide holds the figures of one side of a statement in a group: the share and its
// test (pa, pat), the ratio to the rest and its test (ra, rat).
type polisSide struct{ share, shareTest, ratio, ratioTest float64 }

func newPolisSide(successes, trials, restSuccesses, restTrials int) polisSide {
	share := float64(successes+1) / float64(trials+2)
	return polisSide{
		share:     share,
		shareTest: polisOneShare(successes, trials),
		ratio:     share / (float64(restSuccesses+1) / float64(restTrials+2)),
		ratioTest: polisTwoShares(successes, restSuccesses, trials, restTrials),
	}
}

func (s polisSide) significant() bool { return s.ratioTest > polisZ90 && s.shareTest > polisZ90 }

func (s polisSide) product() float64 { return s.ratio * s.ratioTest * s.share * s.shareTest }

// polisComparison is a statement in a group against the other groups.
type polisComparison struct {
	statement       int
	own             PolisTally
	agree, disagree polisSide
}

// entry gives the published form: the side with the larger difference.
func (c polisComparison) entry() PolisRepresentative {
	side, successes, direction := c.disagree, c.own.D, ForDisagree
	if c.agree.ratioTest > c.disagree.ratioTest {
		side, successes, direction = c.agree, c.own.A, ForAgree
	}
	return PolisRepresentative{
		Statement: c.statement, Direction: direction, Successes: successes, Trials: c.own.S,
		Share: side.share, ShareTest: side.shareTest,
		Representativeness: side.ratio, RepresentativenessTest: float64(float32(side.ratioTest)),
	}
}

// beatsAsAgree tells whether c replaces the best agree so far (nil: none).
func (c polisComparison) beatsAsAgree(best *polisComparison) bool {
	switch {
	case c.own.A == 0 && c.own.D == 0:
		return false
	case best != nil && best.agree.ratio > 1:
		return c.agree.product() > best.agree.product()
	case best != nil:
		return c.agree.share*c.agree.shareTest > best.agree.share*best.agree.shareTest
	default:
		return c.agree.shareTest > polisZ90 || c.agree.ratio > 1 && c.agree.share > 0.5
	}
}

// representative selects a group's statements, in one pass over the columns.
func (m *polisMatrix) representative(groupVotes [][]PolisTally, group int) []PolisRepresentative {
	var sufficient []PolisRepresentative
	var best *PolisRepresentative
	var bestAgree *polisComparison
	for column := range m.statements {
		if m.out[column] {
			continue
		}
		c := m.compare(groupVotes, group, column)
		if c.agree.significant() || c.disagree.significant() {
			sufficient = append(sufficient, c.entry())
		}
		if len(sufficient) == 0 && (best == nil || max(c.agree.ratioTest, c.disagree.ratioTest) > best.RepresentativenessTest) {
			entry := c.entry()
			best = &entry
		}
		if c.beatsAsAgree(bestAgree) {
			bestAgree = &c
		}
	}
	return polisList(sufficient, best, bestAgree)
}

// compare sets a group against all other groups together.
func (m *polisMatrix) compare(groupVotes [][]PolisTally, group, column int) polisComparison {
	var rest PolisTally
	for g := range groupVotes {
		if g != group {
			rest = rest.plus(groupVotes[g][column])
		}
	}
	own := groupVotes[group][column]
	return polisComparison{
		statement: m.statements[column], own: own,
		agree:    newPolisSide(own.A, own.S, rest.A, rest.S),
		disagree: newPolisSide(own.D, own.S, rest.D, rest.S),
	}
}

// polisList puts the list together: the best agree first, then the sufficient ones by
// the product of their figures, 5 in all; then all agrees before all disagrees.
func polisList(sufficient []PolisRepresentative, best *PolisRepresentative, bestAgree *polisComparison) []PolisRepresentative {
	var list []PolisRepresentative
	if bestAgree != nil {
		entry := bestAgree.entry()
		entry.BestAgree, entry.Agrees = true, bestAgree.own.A
		list = append(list, entry)
	}
	if len(sufficient) == 0 {
		if len(list) == 0 && best != nil {
			list = append(list, *best)
		}
		return list
	}
	slices.SortStableFunc(sufficient, func(a, b PolisRepresentative) int { return cmp.Compare(b.product(), a.product()) })
	for _, entry := range sufficient {
		if len(list) < polisListLength && (bestAgree == nil || entry.Statement != bestAgree.statement) {
			list = append(list, entry)
		}
	}
	slices.SortStableFunc(list, func(a, b PolisRepresentative) int { return cmp.Compare(a.Direction, b.Direction) })
	return list
}

func (r PolisRepresentative) product() float64 {
	return r.Representativeness * r.RepresentativenessTest * r.Share * r.ShareTest
}

// majority lists the statements that most of all participants take one side on.
func (m *polisMatrix) majority(everybody []PolisTally, side func(PolisTally) int) []PolisMajority {
	var list []PolisMajority
	for column, t := range everybody {
		successes := side(t)
		share := float64(successes+1) / float64(t.S+2)
		test := polisOneShare(successes, t.S)
		if !m.out[column] && share > 0.5 && test > polisZ90 {
			list = append(list, PolisMajority{m.statements[column], successes, t.S, share, test})
		}
	}
	slices.SortStableFunc(list, func(a, b PolisMajority) int { return cmp.Compare(b.Share*b.ShareTest, a.Share*a.ShareTest) })
	return list[:min(polisListLength, len(list))]
}

// votesInGroups counts the votes of all groups together by column.
func (m *PolisMap) votesInGroups() []PolisTally {
	all := make([]PolisTally, len(m.Statements))
	for _, group := range m.GroupVotes {
		for column, t := range group[:min(len(group), len(all))] {
			all[column] = all[column].plus(t)
		}
	}
	return all
}

// priorities gives the weights of all statements from the votes on the first of them.
func (m *PolisMap) priorities(votes []PolisTally, meta []int) []float64 {
	isMeta := make(map[int]bool, len(meta))
	for _, s := range meta {
		isMeta[s] = true
	}
	priorities := make([]float64, len(m.Statements))
	for column, s := range m.Statements {
		var all PolisTally
		if column < len(votes) {
			all = votes[column]
		}
		priorities[column] = polisPriority(all, m.Extremity[column], isMeta[s])
	}
	return priorities
}

// polisPriority is the weight of a statement from its votes in all groups together and
// its extremity: high where agreed with, not passed on, spreading people, and new.
func polisPriority(all PolisTally, extremity float64, meta bool) float64 {
	if meta {
		return polisMetaPriority * polisMetaPriority
	}
	votes := float64(all.S)
	agree := float64(all.A+1) / (votes + 2)
	pass := float64(all.S-all.A-all.D+1) / (votes + 2)
	importance := (1 - pass) * (extremity + 1) * agree
	weight := importance * (1 + 8*math.Pow(2, -votes/5))
	return weight * weight
}
