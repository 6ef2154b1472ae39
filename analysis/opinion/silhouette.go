package opinion

import (
	"math"
	"slices"
	"sync"
)

// matrices keeps matrices of distances from one division to the next: of a thousand
// people one has 8 MB, and a map divides them hundreds of times.
var matrices sync.Pool

// distances gives the Euclidean distances between all points, count × count. done gives
// the matrix back; nobody may look at it afterwards.
func distances(points []float64, axes int) (between []float64, done func()) {
	count := len(points) / axes
	kept, _ := matrices.Get().(*[]float64)
	if kept == nil {
		kept = new([]float64)
	}
	*kept = slices.Grow((*kept)[:0], count*count)[:count*count]
	between = *kept
	for i := range count {
		between[i*count+i] = 0 // the rest is written below
		for j := range i {
			d := math.Sqrt(squaredDistance(points[i*axes:(i+1)*axes], points[j*axes:(j+1)*axes]))
			between[i*count+j], between[j*count+i] = d, d
		}
	}
	return between, func() { matrices.Put(kept) }
}

// meanSilhouette gives the mean over all points of (b − a)/max(a, b), a being the mean
// distance to the others of the own group and b the smallest mean distance to another
// group (Rousseeuw, Silhouettes, 1987). A point alone in its group counts 0, as do
// points all in one place.
func meanSilhouette(between []float64, own []int, k int) float64 {
	count := len(own)
	sizes := make([]int, k)
	for _, g := range own {
		sizes[g]++
	}
	sums := make([]float64, k)
	total := 0.0
	for i, g := range own {
		if sizes[g] == 1 {
			continue
		}
		clear(sums)
		for j, d := range between[i*count : (i+1)*count] {
			sums[own[j]] += d
		}
		inside := sums[g] / float64(sizes[g]-1)
		outside := math.Inf(1)
		for h := range k {
			if h != g && sizes[h] > 0 {
				outside = min(outside, sums[h]/float64(sizes[h]))
			}
		}
		if larger := max(inside, outside); larger > 0 && !math.IsInf(larger, 1) {
			total += (outside - inside) / larger
		}
	}
	return total / float64(count)
}
