package opinion

import (
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
	forPermutations
	forResamples
	forCalibration
	forRefilling
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

// firstAxis are the strengths that chance hardly lets a first axis reach.
type firstAxis struct {
	usual   float64 // the 95 % point
	extreme float64 // the largest seen: votes below it cannot be told from chance
}

// chanceLimits finds the limits for the votes of a sheet.
//
// Up to parallelPeople rows this is parallel analysis (Horn, A rationale and test for
// the number of factors, 1965) with votes permuted within columns; beyond, spectrumEdge.
func chanceLimits(ctx context.Context, y *sheet, options Options) (firstAxis, error) {
	if y.rows() > parallelPeople {
		edge := spectrumEdge(y.rows(), y.variances(spectrum{}, 0))
		return firstAxis{edge, edge}, ctx.Err()
	}
	strengths, err := permutedStrengths(ctx, y, 0, options)
	return firstAxis{strengths[parallelPermutations-2], strengths[parallelPermutations-1]}, err
}

// permutedStrengths gives the strengths of the first axis of permuted votes, ascending.
// number tells apart what is permuted.
func permutedStrengths(ctx context.Context, y *sheet, number int, options Options) ([]float64, error) {
	strengths := make([]float64, parallelPermutations)
	err := each(ctx, options.Workers, parallelPermutations, func(i int) {
		random := stream(options.Seed, forParallel, number*parallelPermutations+i)
		strengths[i] = leading(y.permuted(random), false, random).strength[0]
	})
	slices.Sort(strengths)
	return strengths, err
}

// tracyWidom95 is the 95 % point of the Tracy-Widom law of order 1 (Johnstone, On the
// distribution of the largest eigenvalue in principal components analysis, 2001).
const tracyWidom95 = 0.9793

// spectrumEdge gives the 95 % point of the largest eigenvalue of YᵀY when its columns
// are independent and have the variances they have. For n rows and column variances v
// let c be the number in (0, 1/max v) with
//
//	(1/n) Σ (v c/(1 − v c))² = 1.
//
// Then the spectrum of YᵀY/n ends at μ = (1/c)(1 + (1/n) Σ v c/(1 − v c)), the edge of
// the Marchenko-Pastur law for columns of unequal variance, about which the largest
// eigenvalue varies by a Tracy-Widom law of scale σ n^(−2/3), where
// σ³ = (1/c³)(1 + (1/n) Σ (v c/(1 − v c))³) (El Karoui, Tracy-Widom limit for the
// largest eigenvalue of a large class of complex sample covariance matrices, 2007; for
// real numbers Lee and Schnelli 2016).
func spectrumEdge(rows int, variances []float64) float64 {
	n := float64(rows)
	if len(variances) == 0 {
		return 0
	}
	moment := func(c float64, power int) float64 {
		sum := 0.0
		for _, v := range variances {
			sum += math.Pow(v*c/(1-v*c), float64(power))
		}
		return sum / n
	}
	low, high := 0.0, 1/slices.Max(variances)
	for range 100 {
		if middle := (low + high) / 2; moment(middle, 2) < 1 {
			low = middle
		} else {
			high = middle
		}
	}
	end := (1 + moment(low, 1)) / low
	scale := math.Cbrt(1+moment(low, 3)) / low
	return n * (end + tracyWidom95*scale*math.Pow(n, -2.0/3))
}
