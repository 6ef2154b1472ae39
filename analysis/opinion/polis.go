package opinion

import "context"

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
	// Statements with at least a vote, ascending: "tids".
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
	// K is the number of groups that fits best; 0 without anyone to group.
	K int
	// Groups are the groups of that candidate: "group-clusters", there with base
	// clusters for members. Members here are participants, in the order of their base
	// clusters.
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
	matrix := newPolisMatrix(votes)
	m := PolisMap{Participants: matrix.participants, Statements: matrix.statements, VoteCounts: matrix.castBy}
	m.InConversation = matrix.inConversation()
	m.project(matrix)
	if err := m.cluster(ctx); err != nil {
		return PolisMap{}, err
	}
	m.PolisStatistics = polisStatistics(matrix, &m)
	return m, ctx.Err()
}
