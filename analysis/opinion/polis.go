package opinion

import (
	"context"
	"fmt"
)

// PolisVotes is what Polis computes from. Nothing is hidden from it: statements that
// were moderated out stay in the matrix, where Polis sets them to 0.
type PolisVotes struct {
	// Votes in the order of the ids as numbers: rows by participant, columns by
	// statement. Polis's own order of rows follows from it.
	Votes Votes
	// ModeratedOut are the statements that were rejected, and those that are meta.
	ModeratedOut []int
	// Meta are the statements that are meta. They only change PolisMap.Priorities.
	Meta []int
}

// PolisMap is what Polis would publish, in its own terms and with its own sign: inside
// Polis a disagree is +1 and an agree −1. All participants and statements are indices
// into the Votes. Names in quotes are those of the file math-pca2.json.
type PolisMap struct {
	// Participants with at least a vote, in Polis's order of first appearance.
	Participants []int
	// Statements with at least a vote, in order of first appearance, so ascending in a
	// first map: "tids".
	Statements []int
	// VoteCounts by participant, in the order of Participants: "user-vote-counts".
	VoteCounts []int
	// InConversation are the participants who are grouped, ascending: "in-conv".
	InConversation []int

	// Centre is the mean vote by statement, in the order of Statements: "center".
	Centre []float64
	// Components are the two axes, each by statement: "comps". Fewer where there are
	// fewer participants or statements, or no more differences between the votes.
	Components [][]float64
	// Positions of the participants, in the order of Participants.
	Positions [][2]float64
	// StatementPositions by statement: "comment-projection", there as two lists.
	StatementPositions [][2]float64
	// Extremity by statement, the length of its position: "comment-extremity".
	Extremity []float64

	// BaseClusters by id: "base-clusters". Members are participants.
	BaseClusters []PolisCluster
	// Groupings are the candidates, ascending in K.
	Groupings []PolisGrouping
	// K names the candidate that is shown; 0 without anyone to group. A K that fits
	// better is shown once it has been KBest four times running.
	K int
	// KBest is the K of the largest silhouette, and KBestRun the number of maps up to
	// this one that have had the same.
	KBest, KBestRun int
	// Groups are the groups of candidate K: "group-clusters", there with base
	// clusters for members. Members here are participants, in the order of their base
	// clusters. They are fewer than K where clusters ended empty.
	Groups []PolisCluster

	PolisStatistics
}

// PolisCluster is a cluster of base clusters or of participants.
type PolisCluster struct {
	ID      int
	Members []int
	Centre  [2]float64
}

// PolisGrouping is one way to group the base clusters.
type PolisGrouping struct {
	K int
	// Clusters have base cluster ids for members.
	Clusters []PolisCluster
	// Silhouette is the mean over base clusters, whatever their size.
	Silhouette float64
}

const (
	polisVoteThreshold = 7
	polisLeastPeople   = 15
	polisBaseClusters  = 100
	polisBaseRounds    = 101
	polisGroupRounds   = 21
	polisMostGroups    = 5
	polisBasePerGroup  = 12
	polisRunToShow     = 4
)

// Polis computes positions, groups and statistics as the Polis software does on its
// first look at the votes, without memory of earlier ones. It follows the published
// behaviour of its Clojure mathematics of 2024, quirks included, with three liberties:
// the components are the exact ones that its unfinished power iteration approaches,
// their sign is that of the rule in the package comment, and where Polis takes
// the order of a hash map, participants come in order of row. Priorities are those of
// the second look at the same votes, since those of the first know no groups yet.
//
// Votes without differences give all positions at (0, 0). The only error is that of a
// ctx that is done.
func Polis(ctx context.Context, votes PolisVotes) (PolisMap, error) {
	m, err := PolisUpdate(ctx, PolisMap{}, votes)
	if err == nil {
		m.Priorities = m.priorities(m.votesInGroups(), votes.Meta)
	}
	return m, err
}

// PolisUpdate computes the map that follows on another when votes have come in, as
// Polis does with every batch. The result depends on the maps in between: whoever has
// once been grouped stays so, base clusters and groups keep their ids as long as their
// members stay together, axes keep their sign, and the number of groups is slow to
// change. Polis's liberties apply. votes are all votes so far, not the new ones alone;
// moderation counts as it stands.
//
// Start with the zero PolisMap. That differs from Polis in the priorities alone, which
// come from the votes within the groups of the map before: the first has none. A map
// with only some fields filled is a start too, such as the BaseClusters, Components
// with their Statements, and InConversation that another program has stored.
//
// A participant or statement must keep its index from map to map; an index may be
// without votes until somebody appears. Somebody whose votes have all been taken back
// stays on the map with none. PolisUpdate changes nothing in before and shares nothing
// with it. It fails with ErrIndex when before holds an index that the votes do not
// have or holds one twice, and with the error of a ctx that is done.
func PolisUpdate(ctx context.Context, before PolisMap, votes PolisVotes) (PolisMap, error) {
	if err := before.fits(votes.Votes); err != nil {
		return PolisMap{}, err
	}
	matrix := newPolisMatrix(before, votes)
	m := PolisMap{Participants: matrix.participants, Statements: matrix.statements, VoteCounts: matrix.castBy}
	m.InConversation = matrix.inConversation(before.InConversation)
	m.place(matrix, before.Components)
	if err := m.cluster(ctx, before); err != nil {
		return PolisMap{}, err
	}
	m.PolisStatistics = polisStatistics(matrix, &m)
	m.Priorities = m.priorities(before.votesInGroups(), votes.Meta)
	return m, ctx.Err()
}

// fits tells whether the indices of a map are those of the votes.
func (m *PolisMap) fits(votes Votes) error {
	for _, list := range []struct {
		what    string
		indices []int
		count   int
	}{
		{"participant", m.Participants, votes.Participants()},
		{"grouped participant", m.InConversation, votes.Participants()},
		{"statement", m.Statements, votes.Statements()},
	} {
		seen := make([]bool, list.count)
		for _, i := range list.indices {
			if i < 0 || i >= list.count || seen[i] {
				return fmt.Errorf("opinion: %s %d of the map before: %w", list.what, i, ErrIndex)
			}
			seen[i] = true
		}
	}
	return nil
}
