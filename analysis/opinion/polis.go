package opinion

import (
	"context"
	"math"
	"slices"
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

// polisMatrix is the rating matrix. Rows and columns are its own: those with votes,
// in Polis's order.
type polisMatrix struct {
	votes        Votes
	participants []int  // row -> participant
	statements   []int  // column -> statement
	columnOf     []int  // statement -> column, -1 without votes
	castBy       []int  // row -> votes
	out          []bool // column -> moderated out
	outCount     int
	meta         []bool // column -> meta
}

// newPolisMatrix finds Polis's order: the votes are read by statement, then by
// participant, and a participant gets a row on first appearance.
func newPolisMatrix(given PolisVotes) *polisMatrix {
	votes := given.Votes
	m := &polisMatrix{votes: votes, columnOf: make([]int, votes.Statements())}
	first := make([][]int, votes.Statements())
	used := make([]bool, votes.Statements())
	for p := range votes.Participants() {
		earliest := -1
		for s := range votes.Of(p) {
			used[s] = true
			if earliest < 0 {
				earliest = s
			}
		}
		if earliest >= 0 {
			first[earliest] = append(first[earliest], p)
		}
	}
	for s := range first {
		m.participants = append(m.participants, first[s]...)
		m.columnOf[s] = -1
		if used[s] {
			m.columnOf[s] = len(m.statements)
			m.statements = append(m.statements, s)
		}
	}
	for _, p := range m.participants {
		m.castBy = append(m.castBy, votes.CastBy(p))
	}
	m.out = m.marked(given.ModeratedOut)
	m.meta = m.marked(given.Meta)
	for _, out := range m.out {
		if out {
			m.outCount++
		}
	}
	return m
}

// marked turns a list of statements into marks by column; statements without votes or
// outside the matrix are passed over.
func (m *polisMatrix) marked(statements []int) []bool {
	marks := make([]bool, len(m.statements))
	for _, s := range statements {
		if s >= 0 && s < len(m.columnOf) && m.columnOf[s] >= 0 {
			marks[m.columnOf[s]] = true
		}
	}
	return marks
}

// inConversation gives the participants who are grouped: those with 7 votes, or votes
// on everything; and if that leaves fewer than 15, the busiest others, up to 15.
func (m *polisMatrix) inConversation() []int {
	threshold := min(polisVoteThreshold, len(m.statements))
	var in, out []int
	for row, p := range m.participants {
		if m.castBy[row] >= threshold {
			in = append(in, p)
		} else {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(p, q int) int { return m.votes.CastBy(q) - m.votes.CastBy(p) })
	if missing := polisLeastPeople - len(in); missing > 0 {
		in = append(in, out[:min(missing, len(out))]...)
	}
	slices.Sort(in)
	return in
}

// project fills in centre, components and the positions of participants and
// statements.
func (m *PolisMap) project(matrix *polisMatrix) {
	columns := len(matrix.statements)
	y := newSheet(matrix.withoutOut(), m.Participants)
	m.Centre = make([]float64, columns)
	for column, s := range m.Statements {
		if mean := y.mean[s]; mean != 0 {
			m.Centre[column] = -mean
		}
	}
	found := leading(y, true, stream(0, forAxes, 0))
	for _, axis := range found.axis[:2] {
		if axis == nil {
			break
		}
		component := make([]float64, columns)
		for column, s := range m.Statements {
			component[column] = axis[s]
		}
		m.Components = append(m.Components, component)
	}
	m.Positions = make([][2]float64, len(m.Participants))
	m.StatementPositions = make([][2]float64, columns)
	m.Extremity = make([]float64, columns)
	if columns < 2 || len(m.Participants) < 2 {
		return
	}
	for row := range m.Participants {
		m.Positions[row] = m.participantPosition(matrix, row)
	}
	for column := range m.Statements {
		for k, component := range m.Components {
			m.StatementPositions[column][k] = math.Sqrt(float64(columns)) * (-1 - m.Centre[column]) * component[column]
		}
		m.Extremity[column] = math.Hypot(m.StatementPositions[column][0], m.StatementPositions[column][1])
	}
}

// withoutOut gives the votes without those on statements moderated out.
func (m *polisMatrix) withoutOut() Votes {
	kept := Votes{participants: m.votes.participants, statements: m.votes.statements, start: make([]int, 1, m.votes.participants+1)}
	for p := range m.votes.participants {
		for s, value := range m.votes.Of(p) {
			if !m.out[m.columnOf[s]] {
				kept.statement = append(kept.statement, int32(s))
				kept.value = append(kept.value, value)
			}
		}
		kept.start = append(kept.start, len(kept.value))
	}
	return kept
}

// participantPosition projects the votes a participant cast, pushed outwards by
// √(statements / votes). Statements moderated out count as votes of everybody.
func (m *PolisMap) participantPosition(matrix *polisMatrix, row int) [2]float64 {
	var position [2]float64
	cast := matrix.outCount
	for s, value := range matrix.votes.Of(m.Participants[row]) {
		column := matrix.columnOf[s]
		if matrix.out[column] {
			continue
		}
		cast++
		for k, component := range m.Components {
			position[k] += (-float64(value) - m.Centre[column]) * component[column]
		}
	}
	scale := math.Sqrt(float64(len(m.Statements)) / float64(max(cast, 1)))
	return [2]float64{position[0] * scale, position[1] * scale}
}
