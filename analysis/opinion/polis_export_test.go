package opinion

import "context"

// The stages of Polis one by one, each on what the stage before should have given.

// PolisPlaces gives positions and statement positions by given axes.
func PolisPlaces(votes PolisVotes, centre []float64, components [][]float64) PolisMap {
	matrix := newPolisMatrix(PolisMap{}, votes)
	m := PolisMap{Participants: matrix.participants, Statements: matrix.statements, Centre: centre, Components: components}
	m.project(matrix)
	return m
}

// PolisGroups gives groupings and groups of given base clusters.
func PolisGroups(ctx context.Context, base []PolisCluster) (PolisMap, error) {
	m := PolisMap{BaseClusters: base}
	err := m.group(ctx, PolisMap{})
	return m, err
}

// PolisFigures gives the statistics of given clusters, groups and extremities.
func PolisFigures(votes PolisVotes, base, groups []PolisCluster, extremity []float64) PolisMap {
	matrix := newPolisMatrix(PolisMap{}, votes)
	m := PolisMap{Participants: matrix.participants, Statements: matrix.statements, BaseClusters: base, Groups: groups, Extremity: extremity}
	m.PolisStatistics = polisStatistics(matrix, &m)
	m.Priorities = m.priorities(m.votesInGroups(), votes.Meta)
	return m
}
