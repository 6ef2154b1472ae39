package opinion

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

const (
	// parallelPermutations is how many permuted votes decide the number of axes.
	parallelPermutations = 20
	// parallelPeople is how many people parallel analysis permutes for; above it the
	// edge of the spectrum is computed.
	parallelPeople = 500
)

// purposes keep the streams of random numbers apart.
const (
	forAxes uint64 = iota + 1
	forParallel
	forGroups
	forTest
	forExcerpt
)

// stream gives the random numbers of one task: they depend on the seed, the purpose
// and the number of the task, never on which worker takes it.
func stream(seed, purpose uint64, task int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose<<32|uint64(task)))
}

// each runs task 0 … count-1 on the given number of workers (0: one a processor) and
// returns when all have ended. It takes no new task once ctx is done.
func each(ctx context.Context, workers, count int, task func(int)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	next := make(chan int, count)
	for i := range count {
		next <- i
	}
	close(next)
	var running sync.WaitGroup
	for range min(workers, count) {
		running.Go(func() {
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				task(i)
			}
		})
	}
	running.Wait()
	return ctx.Err()
}

// limits are the strengths that chance hardly reaches.
type limits struct {
	// axis are the 95 % points: axis j takes part in the grouping if it is stronger.
	axis [mostAxes]float64
	// first is the largest strength seen of a first axis: votes whose own does not
	// exceed it cannot be told from chance.
	first float64
}

// chanceLimits finds the limits for the votes of a sheet.
//
// Up to parallelPeople rows this is parallel analysis (Horn, A rationale and test for
// the number of factors, 1965) with votes permuted within columns; beyond, the edge of
// the spectrum of large random matrices, the same for every axis.
func chanceLimits(ctx context.Context, y *sheet, options Options) (limits, error) {
	if y.rows() > parallelPeople {
		edge := spectrumEdge(y)
		return limits{[mostAxes]float64{edge, edge, edge, edge}, edge}, ctx.Err()
	}
	strengths := make([][mostAxes]float64, parallelPermutations)
	err := each(ctx, options.Workers, parallelPermutations, func(i int) {
		random := stream(options.Seed, forParallel, i)
		strengths[i] = leading(y.permuted(random), false, random).strength
	})
	var found limits
	for j := range mostAxes {
		slices.SortFunc(strengths, func(a, b [mostAxes]float64) int { return cmp.Compare(a[j], b[j]) })
		found.axis[j] = strengths[parallelPermutations-2][j]
		if j == 0 {
			found.first = strengths[parallelPermutations-1][0]
		}
	}
	return found, err
}

// beyondChance counts the leading axes that are stronger than their limit.
func (l limits) beyondChance(found spectrum) int {
	for j := range mostAxes {
		if found.strength[j] <= l.axis[j] {
			return j
		}
	}
	return mostAxes
}

// spectrumEdge gives the largest eigenvalue that YᵀY tends to have when its columns
// are independent and have the variances they have: the right edge of the
// Marchenko-Pastur law for columns of unequal variance. With c the column variances
// and n rows, the eigenvalues of YᵀY/n are inverse images of
//
//	z(s) = −1/s + (1/n) Σ c/(1 + c s)
//
// and the edge is z at the s in (−1/max c, 0) where z is flat (Silverstein and Choi,
// Analysis of the limiting spectral distribution, 1995): (1/n) Σ (c s/(1 + c s))² = 1.
func spectrumEdge(y *sheet) float64 {
	n := float64(y.rows())
	variances := make([]float64, 0, y.columns)
	for _, cells := range y.byColumn {
		sum := 0.0
		for _, i := range cells {
			sum += y.value[i] * y.value[i]
		}
		if sum > 0 {
			variances = append(variances, sum/n)
		}
	}
	if len(variances) == 0 {
		return 0
	}
	low, high := 0.0, 1/slices.Max(variances) // −s
	for range 200 {
		middle := (low + high) / 2
		slope := 0.0
		for _, c := range variances {
			part := c * middle / (1 - c*middle)
			slope += part * part
		}
		if slope < n {
			low = middle
		} else {
			high = middle
		}
	}
	edge := 1 / low
	for _, c := range variances {
		edge += c / (1 - c*low) / n
	}
	return edge * n
}

// quantile97 gives the value that at most 3 % of the sample exceed: the smallest one
// with a rank of at least 0.97 (n+1), the observed value counted as one of its own
// null. +Inf where the sample is too small for that.
func quantile97(sample []float64) float64 {
	sorted := slices.Sorted(slices.Values(sample))
	rank := int(math.Ceil(0.97 * float64(len(sorted)+1)))
	if rank > len(sorted) {
		return math.Inf(1)
	}
	return sorted[rank-1]
}
