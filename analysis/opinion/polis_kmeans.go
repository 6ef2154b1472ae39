package opinion

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// polisPoints are what Polis's k-means works on: participants or base clusters by
// name, in an order that matters.
type polisPoints struct {
	names  []int
	at     [][2]float64
	weight []float64
	row    map[int]int // name -> index
}

func (p *polisPoints) add(name int, at [2]float64, weight float64) {
	p.row[name] = len(p.names)
	p.names, p.at, p.weight = append(p.names, name), append(p.at, at), append(p.weight, weight)
}

// distinct gives the indices of the first k points of different places.
func (p *polisPoints) distinct(k int) []int {
	var found []int
	seen := map[[2]float64]bool{}
	for i, point := range p.at {
		if len(found) == k {
			break
		}
		if !seen[point] {
			seen[point] = true
			found = append(found, i)
		}
	}
	return found
}

// mean gives the weighted mean of the points of these names.
func (p *polisPoints) mean(names []int) [2]float64 {
	var centre [2]float64
	sum := 0.0
	for _, name := range names {
		i := p.row[name]
		centre[0] += p.weight[i] * p.at[i][0]
		centre[1] += p.weight[i] * p.at[i][1]
		sum += p.weight[i]
	}
	return [2]float64{centre[0] / sum, centre[1] / sum}
}

// polisKmeans is the k-means of Polis. It starts from the clusters before or, where
// there are none, from the first k distinct points, with their numbers for ids;
// emptied clusters are dropped, and it ends when no centre has moved by 0.01. Members
// are names of points.
func polisKmeans(ctx context.Context, points polisPoints, before []PolisCluster, k, rounds int) []PolisCluster {
	var clusters []PolisCluster
	if len(before) > 0 {
		clusters = polisWarmStart(ctx, points, before, k)
	} else {
		for id, i := range points.distinct(k) {
			clusters = append(clusters, PolisCluster{ID: id, Centre: points.at[i]})
		}
	}
	for range rounds {
		old := polisCentres(clusters)
		clusters = polisStep(points, clusters)
		if ctx.Err() != nil || polisSettled(old, polisCentres(clusters)) {
			break
		}
	}
	return clusters
}

// polisStep assigns every point to the nearest centre, the last of equals, and moves
// the centres to the weighted means.
func polisStep(points polisPoints, clusters []PolisCluster) []PolisCluster {
	next := make([]PolisCluster, len(clusters))
	for c := range clusters {
		next[c].ID = clusters[c].ID
	}
	for i, point := range points.at {
		best, _ := polisNearest(point, clusters)
		next[best].Members = append(next[best].Members, points.names[i])
	}
	return polisRecentred(points, next)
}

// polisNearest gives the nearest cluster, the last of equals, and its distance.
func polisNearest(point [2]float64, clusters []PolisCluster) (int, float64) {
	best, least := 0, math.Inf(1)
	for c := range clusters {
		if d := polisDistance(point, clusters[c].Centre); d <= least {
			best, least = c, d
		}
	}
	return best, least
}

// polisRecentred gives the clusters with their centres computed anew, those without
// members left out.
func polisRecentred(points polisPoints, clusters []PolisCluster) []PolisCluster {
	var kept []PolisCluster
	for _, cluster := range clusters {
		if len(cluster.Members) > 0 {
			kept = append(kept, PolisCluster{cluster.ID, cluster.Members, points.mean(cluster.Members)})
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
