package opinion

import (
	"cmp"
	"slices"
)

const (
	// smallestEffect is the smallest difference of shares that is worth naming.
	smallestEffect = 0.2
	// FalseRate is the share of false discoveries accepted among named statements.
	FalseRate = 0.05
)

// Tally counts a group's votes on a statement, with its shares among those who voted
// (passes included).
type Tally struct {
	Agree, Disagree, Pass, Unseen int
	AgreeShare, DisagreeShare     Share
}

// Voted gives the number of members who voted, passes included.
func (t Tally) Voted() int { return t.Agree + t.Disagree + t.Pass }

// count takes in a vote.
func (t *Tally) count(value int8) {
	switch value {
	case Agree:
		t.Agree++
	case Disagree:
		t.Disagree++
	default:
		t.Pass++
	}
}

// share gives the share of one side.
func (t Tally) share(direction Direction) Share {
	if direction == ForDisagree {
		return t.DisagreeShare
	}
	return t.AgreeShare
}

// Representative is a statement that a group holds more than the rest of the map.
type Representative struct {
	Statement int
	// Direction is the side the group takes more than the rest.
	Direction Direction
	// Tally are the group's votes.
	Tally Tally
	// Share is the group's share for Direction.
	Share Share
	// Effect is that share less that of the rest, both as means, 0.2 … 1.
	Effect float64
	// Q is the rate of false discoveries (Benjamini and Hochberg) over all groups and
	// statements at which this difference is still named, at most 0.05. Where
	// Map.Calibrated it allows for the groups having been made from the same votes.
	Q float64
}

// CommonGround is a statement that every group holds on the same side.
type CommonGround struct {
	Statement int
	Direction Direction
	// Lower is the smallest of the groups' lower bounds of the share for Direction;
	// above ½.
	Lower float64
	// ByGroup are the groups' shares for Direction, in the order of Map.Tallies.
	ByGroup []Share
	// PolisGIC is what Polis calls group-aware consensus: the product over the groups
	// of (agrees + 1)/(votes + 2). It looks at agreement only, for either Direction.
	PolisGIC float64
}

// Divisive is a statement on which two groups lie apart.
type Divisive struct {
	Statement int
	// Between are indices in Map.Groups: the group that agrees more, then the other.
	Between [2]int
	// Difference is the gap between the two intervals of the agree share: the lower
	// bound of the one less the upper bound of the other, above 0.
	Difference float64
}

// judgeStatements fills in the tallies and what follows from them.
func (m *Map) judgeStatements(votes Votes) {
	members := [][]int{m.OnMap}
	if m.GroupsFound {
		members = members[:0]
		for _, group := range m.Groups {
			members = append(members, group.Members)
		}
		if len(m.Unnamed) > 0 {
			members = append(members, m.Unnamed)
		}
	}
	shares := newShareTable()
	m.Tallies = make([][]Tally, len(members))
	for g, group := range members {
		m.Tallies[g] = tally(votes, group, shares)
	}
	m.Divisive, m.Calibrated = nil, false
	if m.GroupsFound {
		m.Calibrated = m.chance != nil
		m.nameRepresentative(shares)
		m.Divisive = divisive(m.Tallies[:len(m.Groups)])
	}
	m.CommonGround = commonGround(m.Tallies, members)
}

// tally counts the votes of some participants by statement.
func tally(votes Votes, people []int, shares *shareTable) []Tally {
	counts := make([]Tally, votes.Statements())
	for _, p := range people {
		for s, value := range votes.Of(p) {
			counts[s].count(value)
		}
	}
	for s := range counts {
		c := &counts[s]
		c.Unseen = len(people) - c.Voted()
		c.AgreeShare = shares.of(c.Agree, c.Voted())
		c.DisagreeShare = shares.of(c.Disagree, c.Voted())
	}
	return counts
}

// shareTable remembers the shares already computed: a room has few different counts.
type shareTable struct{ known map[[2]int]Share }

func newShareTable() *shareTable { return &shareTable{map[[2]int]Share{}} }

func (t *shareTable) of(hits, votes int) Share {
	key := [2]int{hits, votes}
	share, ok := t.known[key]
	if !ok {
		share = JeffreysShare(hits, votes)
		t.known[key] = share
	}
	return share
}

// nameRepresentative compares every group with the rest on every statement that both
// voted on. For each pair both sides are tested and the smaller p-value doubled.
func (m *Map) nameRepresentative(shares *shareTable) {
	type difference struct {
		group int
		Representative
		lowest float64
	}
	var found []difference
	var p []float64
	for g := range m.Groups {
		for s, own := range m.Tallies[g] {
			rest := restTally(m.Tallies, g, s, shares)
			if own.Voted() == 0 || rest.Voted() == 0 {
				continue
			}
			direction, value := clearerSide(own, rest)
			share := own.share(direction)
			found = append(found, difference{g, Representative{
				Statement: s, Direction: direction, Tally: own, Share: share,
				Effect: share.Mean - rest.share(direction).Mean,
			}, lowestDifference(share, rest.share(direction))})
			p = append(p, m.chance.apply(value))
		}
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	q := falseDiscoveries(p, order)
	for i := range found {
		found[i].Q = q[i]
	}
	slices.SortStableFunc(found, func(a, b difference) int { return cmp.Compare(b.lowest, a.lowest) })
	for _, d := range found {
		if d.Q <= FalseRate && d.Effect >= smallestEffect && d.Share.Mean > 0.5 {
			group := &m.Groups[d.group]
			group.Representative = append(group.Representative, d.Representative)
		}
	}
}

// restTally adds up the votes on a statement of all groups but one.
func restTally(tallies [][]Tally, but, statement int, shares *shareTable) Tally {
	var rest Tally
	for g := range tallies {
		if g == but {
			continue
		}
		t := tallies[g][statement]
		rest.Agree += t.Agree
		rest.Disagree += t.Disagree
		rest.Pass += t.Pass
		rest.Unseen += t.Unseen
	}
	rest.AgreeShare = shares.of(rest.Agree, rest.Voted())
	rest.DisagreeShare = shares.of(rest.Disagree, rest.Voted())
	return rest
}

// clearerSide gives the side that a group takes more than the rest with the smaller
// mid-p value, and that value doubled, since two sides were looked at. Of equal values,
// as of two that are 0 to the computer, the side with the larger difference counts.
func clearerSide(own, rest Tally) (Direction, float64) {
	agree := FisherMidP(own.Agree, own.Voted(), rest.Agree, rest.Voted())
	disagree := FisherMidP(own.Disagree, own.Voted(), rest.Disagree, rest.Voted())
	if disagree < agree || disagree == agree && excess(own.Disagree, own, rest.Disagree, rest) > excess(own.Agree, own, rest.Agree, rest) {
		return ForDisagree, min(1, 2*disagree)
	}
	return ForAgree, min(1, 2*agree)
}

// excess is by how much the share of one side is larger than in the rest.
func excess(side int, own Tally, restSide int, rest Tally) float64 {
	return float64(side)/float64(max(1, own.Voted())) - float64(restSide)/float64(max(1, rest.Voted()))
}

// commonGround lists what all groups hold: at least half of each group voted, and the
// smallest lower bound of the share is above ½.
func commonGround(tallies [][]Tally, members [][]int) []CommonGround {
	var found []CommonGround
	for s := range tallies[0] {
		consensus, enough := 1.0, true
		for g := range tallies {
			t := tallies[g][s]
			consensus *= float64(t.Agree+1) / float64(t.Voted()+2)
			enough = enough && 2*t.Voted() >= len(members[g])
		}
		if !enough {
			continue
		}
		for _, direction := range []Direction{ForAgree, ForDisagree} {
			common := CommonGround{Statement: s, Direction: direction, Lower: 1, PolisGIC: consensus}
			for g := range tallies {
				share := tallies[g][s].share(direction)
				common.ByGroup = append(common.ByGroup, share)
				common.Lower = min(common.Lower, share.Low)
			}
			if common.Lower > 0.5 {
				found = append(found, common)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b CommonGround) int { return cmp.Compare(b.Lower, a.Lower) })
	return found
}

// divisive lists the statements on which the intervals of two groups lie apart, with
// the pair of groups that lies furthest apart.
func divisive(tallies [][]Tally) []Divisive {
	var found []Divisive
	for s := range tallies[0] {
		widest := Divisive{Statement: s}
		for g := range tallies {
			for h := range tallies {
				gap := tallies[g][s].AgreeShare.Low - tallies[h][s].AgreeShare.High
				if gap > widest.Difference {
					widest.Between, widest.Difference = [2]int{g, h}, gap
				}
			}
		}
		if widest.Difference > 0 {
			found = append(found, widest)
		}
	}
	slices.SortStableFunc(found, func(a, b Divisive) int { return cmp.Compare(b.Difference, a.Difference) })
	return found
}
