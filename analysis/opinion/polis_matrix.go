package opinion

import "slices"

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
}

// newPolisMatrix keeps the rows and columns of the map before and appends new ones in
// Polis's order: a batch of votes is read by statement, then by participant, and a
// participant gets a row on first appearance. All votes of somebody new are in the
// batch, so the votes so far tell that order.
func newPolisMatrix(before PolisMap, given PolisVotes) *polisMatrix {
	votes := given.Votes
	m := &polisMatrix{
		votes:        votes,
		participants: slices.Clone(before.Participants),
		statements:   slices.Clone(before.Statements),
		columnOf:     make([]int, votes.Statements()),
	}
	known := make([]bool, votes.Participants())
	for _, p := range before.Participants {
		known[p] = true
	}
	first := make([][]int, votes.Statements())
	used := make([]bool, votes.Statements())
	for p := range votes.Participants() {
		for s := range votes.Of(p) {
			used[s] = true
			if !known[p] {
				known[p] = true
				first[s] = append(first[s], p)
			}
		}
	}
	for s := range m.columnOf {
		m.columnOf[s] = -1
	}
	for column, s := range before.Statements {
		m.columnOf[s] = column
	}
	for s := range first {
		m.participants = append(m.participants, first[s]...)
		if used[s] && m.columnOf[s] < 0 {
			m.columnOf[s] = len(m.statements)
			m.statements = append(m.statements, s)
		}
	}
	for _, p := range m.participants {
		m.castBy = append(m.castBy, votes.CastBy(p))
	}
	m.out = m.marked(given.ModeratedOut)
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

// inConversation gives the participants who are grouped: those who were, those with 7
// votes or votes on everything; and if that leaves fewer than 15, the busiest others,
// up to 15.
func (m *polisMatrix) inConversation(before []int) []int {
	was := make([]bool, m.votes.Participants())
	for _, p := range before {
		was[p] = true
	}
	threshold := min(polisVoteThreshold, len(m.statements))
	var in, out []int
	for row, p := range m.participants {
		if was[p] || m.castBy[row] >= threshold {
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
