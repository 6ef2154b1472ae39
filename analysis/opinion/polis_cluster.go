package opinion

import "context"

// cluster fills in base clusters, groupings and groups.
func (m *PolisMap) cluster(ctx context.Context) error {
	in := make(map[int]bool, len(m.InConversation))
	for _, p := range m.InConversation {
		in[p] = true
	}
	var people []int
	var points [][2]float64
	for row, p := range m.Participants {
		if in[p] {
			people = append(people, p)
			points = append(points, m.Positions[row])
		}
	}
	if len(people) == 0 {
		return ctx.Err()
	}
	m.BaseClusters = polisKmeans(ctx, points, nil, polisBaseClusters, polisBaseRounds)
	centres := make([][2]float64, len(m.BaseClusters))
	weights := make([]float64, len(m.BaseClusters))
	for b := range m.BaseClusters {
		base := &m.BaseClusters[b]
		centres[b], weights[b] = base.Centre, float64(len(base.Members))
		rename(base.Members, func(i int) int { return people[i] })
	}
	most := min(polisMostGroups, 2+len(centres)/polisBasePerGroup)
	best := -1
	for k := 2; k <= most; k++ {
		clusters := polisKmeans(ctx, centres, weights, k, polisGroupRounds)
		silhouette := polisSilhouette(centres, clusters)
		m.Groupings = append(m.Groupings, PolisGrouping{k, clusters, silhouette})
		// Ties go to the larger k.
		if best < 0 || silhouette >= m.Groupings[best].Silhouette {
			best = k - 2
		}
	}
	m.K = m.Groupings[best].K
	for _, group := range m.Groupings[best].Clusters {
		var members []int
		for _, b := range group.Members {
			members = append(members, m.BaseClusters[b].Members...)
		}
		m.Groups = append(m.Groups, PolisCluster{group.ID, members, group.Centre})
	}
	for g := range m.Groupings {
		for _, cluster := range m.Groupings[g].Clusters {
			rename(cluster.Members, func(b int) int { return m.BaseClusters[b].ID })
		}
	}
	return ctx.Err()
}

func rename(members []int, name func(int) int) {
	for i, member := range members {
		members[i] = name(member)
	}
}

// polisSilhouette is the mean silhouette of points, each counted once; 0 for one alone
// in its cluster.
func polisSilhouette(points [][2]float64, clusters []PolisCluster) float64 {
	if len(clusters) < 2 {
		return 0
	}
	own := make([]int, len(points))
	for c := range clusters {
		for _, i := range clusters[c].Members {
			own[i] = c
		}
	}
	flat := make([]float64, 0, 2*len(points))
	for _, point := range points {
		flat = append(flat, point[0], point[1])
	}
	return meanSilhouette(distances(flat, 2), own, len(clusters))
}
