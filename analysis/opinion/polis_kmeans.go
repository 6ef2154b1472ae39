package opinion

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// polisKmeans is the k-means of Polis from a cold start: the first k distinct points
// are the centres, ids are their numbers, emptied clusters are dropped, and it ends
// when no centre has moved by 0.01. Members are indices of points. weights may be nil.
func polisKmeans(ctx context.Context, points [][2]float64, weights []float64, k, rounds int) []PolisCluster {
	clusters := polisStart(points, k)
	for range rounds {
		before := polisCentres(clusters)
		clusters = polisStep(points, weights, clusters)
		if ctx.Err() != nil || polisSettled(before, polisCentres(clusters)) {
			break
		}
	}
	return clusters
}

// polisStart makes clusters of the first k distinct points.
func polisStart(points [][2]float64, k int) []PolisCluster {
	var clusters []PolisCluster
	seen := map[[2]float64]bool{}
	for _, point := range points {
		if len(clusters) == k {
			break
		}
		if !seen[point] {
			seen[point] = true
			clusters = append(clusters, PolisCluster{ID: len(clusters), Centre: point})
		}
	}
	return clusters
}

// polisStep assigns every point to the nearest centre, the last of equals, and moves
// the centres to the weighted means.
func polisStep(points [][2]float64, weights []float64, clusters []PolisCluster) []PolisCluster {
	next := make([]PolisCluster, len(clusters))
	sums := make([]float64, len(clusters))
	for i, point := range points {
		best, least := 0, math.Inf(1)
		for c := range clusters {
			if d := polisDistance(point, clusters[c].Centre); d <= least {
				best, least = c, d
			}
		}
		weight := 1.0
		if weights != nil {
			weight = weights[i]
		}
		cluster := &next[best]
		cluster.Members = append(cluster.Members, i)
		cluster.Centre[0] += weight * point[0]
		cluster.Centre[1] += weight * point[1]
		sums[best] += weight
	}
	kept := next[:0]
	for c := range next {
		if len(next[c].Members) > 0 {
			centre := [2]float64{next[c].Centre[0] / sums[c], next[c].Centre[1] / sums[c]}
			kept = append(kept, PolisCluster{clusters[c].ID, next[c].Members, centre})
		}
	}
	return kept
}

func polisCentres(clusters []PolisCluster) [][2]float64 {
	centres := make([][2]float64, len(clusters))
	for c := range clusters {
		centres[c] = clusters[c].Centre
	}
	slices.SortFunc(centres, func(a, b [2]float64) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return centres
}

// polisSettled compares sorted centres pairwise, as far as the shorter list goes.
func polisSettled(before, after [][2]float64) bool {
	for i := range min(len(before), len(after)) {
		if polisDistance(before[i], after[i]) >= 0.01 {
			return false
		}
	}
	return true
}

func polisDistance(a, b [2]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]))
}
