package opinion

import (
	"cmp"
	"context"
	"slices"
)

// cluster fills in base clusters and groups, each from those before.
func (m *PolisMap) cluster(ctx context.Context, before PolisMap) error {
	people := m.grouped()
	if len(people.names) == 0 {
		return ctx.Err()
	}
	m.BaseClusters = polisKmeans(ctx, people, before.BaseClusters, polisBaseClusters, polisBaseRounds)
	slices.SortStableFunc(m.BaseClusters, func(a, b PolisCluster) int { return cmp.Compare(a.ID, b.ID) })
	return m.group(ctx, before)
}

// group fills in groupings and groups from the base clusters.
func (m *PolisMap) group(ctx context.Context, before PolisMap) error {
	bases := polisBases(m.BaseClusters)
	for k := 2; k <= min(polisMostGroups, 2+len(m.BaseClusters)/polisBasePerGroup); k++ {
		clusters := polisKmeans(ctx, bases, before.candidate(k), k, polisGroupRounds)
		m.Groupings = append(m.Groupings, PolisGrouping{k, clusters, polisSilhouette(bases, clusters)})
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	m.choose(before)
	for _, group := range m.candidate(m.K) {
		var members []int
		for _, id := range group.Members {
			members = append(members, m.BaseClusters[bases.row[id]].Members...)
		}
		m.Groups = append(m.Groups, PolisCluster{group.ID, members, group.Centre})
	}
	return nil
}

// grouped gives the participants who are grouped, in order of row.
func (m *PolisMap) grouped() polisPoints {
	in := make(map[int]bool, len(m.InConversation))
	for _, p := range m.InConversation {
		in[p] = true
	}
	people := polisPoints{row: make(map[int]int, len(in))}
	for row, p := range m.Participants {
		if in[p] {
			people.add(p, m.Positions[row], 1)
		}
	}
	return people
}

// polisBases gives the base clusters as points, weighted by their members.
func polisBases(clusters []PolisCluster) polisPoints {
	bases := polisPoints{row: make(map[int]int, len(clusters))}
	for _, base := range clusters {
		bases.add(base.ID, base.Centre, float64(len(base.Members)))
	}
	return bases
}

// candidate gives the clusters of a K; none where it is not among the groupings.
func (m *PolisMap) candidate(k int) []PolisCluster {
	for _, grouping := range m.Groupings {
		if grouping.K == k {
			return grouping.Clusters
		}
	}
	return nil
}

// choose fills in which grouping is best and which is shown. Ties go to the larger K.
// Where the base clusters have become too few for the K shown, the best is shown at
// once; Polis of 2024 showed nothing.
func (m *PolisMap) choose(before PolisMap) {
	best := m.Groupings[0]
	for _, grouping := range m.Groupings {
		if grouping.Silhouette >= best.Silhouette {
			best = grouping
		}
	}
	m.KBest, m.KBestRun = best.K, 1
	if best.K == before.KBest {
		m.KBestRun = before.KBestRun + 1
	}
	m.K = before.K
	if m.KBestRun >= polisRunToShow || m.candidate(m.K) == nil {
		m.K = m.KBest
	}
}

// polisSilhouette is the mean silhouette of points, each counted once; 0 for one alone
// in its cluster.
func polisSilhouette(points polisPoints, clusters []PolisCluster) float64 {
	if len(clusters) < 2 {
		return 0
	}
	own := make([]int, len(points.at))
	for c := range clusters {
		for _, name := range clusters[c].Members {
			own[points.row[name]] = c
		}
	}
	flat := make([]float64, 0, 2*len(points.at))
	for _, point := range points.at {
		flat = append(flat, point[0], point[1])
	}
	between, done := distances(flat, 2)
	defer done()
	return meanSilhouette(between, own, len(clusters))
}
