package opinion

import (
	"context"
	"slices"
)

// polisWarmStart makes the clusters before fit for points that have moved, gone and
// come: centres anew, those in one place made one, and where places then outnumber
// clusters, new clusters for the points that lie farthest off. Their ids follow on the
// highest, so that ids are never packed; and more clusters than k stay.
func polisWarmStart(ctx context.Context, points polisPoints, before []PolisCluster, k int) []PolisCluster {
	next := 0 // id of the next new cluster
	var clusters []PolisCluster
	for _, cluster := range before {
		next = max(next, cluster.ID+1)
		var members []int
		for _, name := range cluster.Members {
			if _, still := points.row[name]; still {
				members = append(members, name)
			}
		}
		clusters = append(clusters, PolisCluster{ID: cluster.ID, Members: members})
	}
	clusters = polisRecentred(points, clusters)
	if len(clusters) == 0 {
		clusters = []PolisCluster{{next, slices.Clone(points.names), points.mean(points.names)}}
	}
	clusters = polisMerged(clusters)
	return polisFilled(ctx, points, clusters, len(points.distinct(k)))
}

// polisMerged joins clusters of the same centre, in the place of the first. The larger
// gives the id, the later of equals.
func polisMerged(clusters []PolisCluster) []PolisCluster {
	var merged []PolisCluster
	for _, cluster := range clusters {
		at := slices.IndexFunc(merged, func(other PolisCluster) bool { return other.Centre == cluster.Centre })
		if at < 0 {
			merged = append(merged, cluster)
			continue
		}
		joined := &merged[at]
		if len(cluster.Members) >= len(joined.Members) {
			joined.ID = cluster.ID
		}
		joined.Members = append(joined.Members, cluster.Members...)
	}
	return merged
}

// polisFilled opens clusters until there are as many as wanted, each with the point
// that is farthest from its nearest centre, the last of equals. The cluster it leaves
// gets its centre anew, after the last as well. More rounds than clusters wanted would
// only chase rounding: where a mean of equal points is not quite that point.
func polisFilled(ctx context.Context, points polisPoints, clusters []PolisCluster, wanted int) []PolisCluster {
	for range wanted {
		clusters = polisRecentred(points, clusters)
		if len(clusters) >= wanted || ctx.Err() != nil {
			break
		}
		farthest, most := 0, 0.0
		for i, point := range points.at {
			if _, d := polisNearest(point, clusters); d >= most {
				farthest, most = i, d
			}
		}
		if most == 0 {
			break
		}
		name, next := points.names[farthest], 0
		for c := range clusters {
			next = max(next, clusters[c].ID+1)
			clusters[c].Members = slices.DeleteFunc(clusters[c].Members, func(member int) bool { return member == name })
		}
		clusters = append(clusters, PolisCluster{next, []int{name}, points.at[farthest]})
	}
	return clusters
}
