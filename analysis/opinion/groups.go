package opinion

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// GroupingSample is the number of people above which groups are sought, and
// silhouettes computed, on a sample of as many: the cost of both grows with it, not
// with the room.
const GroupingSample = 300

// ratioPower is how much the variance ratio weighs beside the silhouette: see
// Silhouette.Fit.
const ratioPower = 0.2

// smallestGroup is the smallest opinion group among so many people.
func smallestGroup(people int) int { return max(3, people/10) }

// mostGroups is the largest number of groups tried for so many people.
func mostGroups(people int) int { return max(2, min(5, people/8)) }

// division is a way to divide the rows of a sheet into groups.
type division struct {
	candidates []candidate // of every k tried, ascending
	k          int         // the k taken, 0 where no division was possible
	own        []int       // row -> group, in no stated order; nil where k is 0
}

// silhouettes gives what is told of every k that was tried.
func (d division) silhouettes() []Silhouette {
	var list []Silhouette
	for _, c := range d.candidates {
		list = append(list, c.Silhouette)
	}
	return list
}

// taken gives the candidate that was taken; the zero value where there was none.
func (d division) taken() candidate {
	if d.k == 0 {
		return candidate{}
	}
	return d.candidates[d.k-2]
}

// search says how groups are sought.
type search struct {
	// begins is how often k-means begins anew.
	begins int
	// workers is how many goroutines may work at once.
	workers int
	// random gives the stream for each k.
	random func(k int) *rand.Rand
	// choose gives the k to be taken of all candidates; nil for the one that fits best.
	choose func([]candidate) int
	// only is the one k that is sought, 0 for all.
	only int
}

// divide seeks groups of like position: k-means for every k. Above GroupingSample rows
// that is done on a sample, evenly spread over the rows, which stand in order of their
// votes, and everybody then joins the nearest centre.
func divide(ctx context.Context, at places, how search) (division, error) {
	points := sample(at.at, at.axes)
	count := len(points) / at.axes
	if count < 2*smallestGroup(count) || allEqual(points, at.axes) {
		return division{}, ctx.Err()
	}
	between, done := distances(points, at.axes)
	defer done()
	candidates := make([]candidate, mostGroups(count)-1)
	err := each(ctx, how.workers, len(candidates), func(i int) {
		c := &candidates[i]
		if c.K = i + 2; how.only > 0 && how.only != c.K {
			return
		}
		c.own, c.centres = newKmeans(points, at.axes).search(c.K, smallestGroup(count), how.begins, how.random(c.K))
		c.Mean = meanSilhouette(between, c.own, c.K)
		if c.Fit = c.Mean; c.Mean > 0 {
			c.Fit *= math.Pow(varianceRatio(points, at.axes, c), ratioPower)
		}
	})
	if err != nil {
		return division{}, err
	}
	if how.choose == nil {
		how.choose = fittest
	}
	result := division{candidates: candidates, k: how.choose(candidates)}
	result.own = result.taken().own
	if len(points) < len(at.at) {
		result.own = everybody(at, result.k, result.taken().centres)
	}
	return result, nil
}

// fittest gives the k that fits best, the smaller of equals.
func fittest(candidates []candidate) int {
	best := candidates[0]
	for _, c := range candidates[1:] {
		if c.Fit > best.Fit+1e-9*math.Abs(best.Fit) {
			best = c
		}
	}
	return best.K
}

// candidate is the best division into one number of groups.
type candidate struct {
	Silhouette
	own     []int
	centres []float64
}

// varianceRatio is that of the spread between the groups to that within, each over its
// degrees of freedom (Calinski and Harabasz, A dendrite method for cluster analysis,
// 1974); +Inf where everybody stands on their centre.
func varianceRatio(points []float64, axes int, c *candidate) float64 {
	count := len(points) / axes
	middle := make([]float64, axes)
	for i, x := range points {
		middle[i%axes] += x / float64(count)
	}
	within, all := 0.0, 0.0
	for i, g := range c.own {
		point := points[i*axes : (i+1)*axes]
		within += squaredDistance(point, c.centres[g*axes:(g+1)*axes])
		all += squaredDistance(point, middle)
	}
	if within <= 1e-12*all {
		return math.Inf(1)
	}
	return (all - within) / float64(c.K-1) / (within / float64(count-c.K))
}

// sample gives GroupingSample points evenly spread over the rows, or all of them.
func sample(points []float64, axes int) []float64 {
	count := len(points) / axes
	if count <= GroupingSample {
		return points
	}
	chosen := make([]float64, 0, GroupingSample*axes)
	for i := range GroupingSample {
		row := i * count / GroupingSample
		chosen = append(chosen, points[row*axes:(row+1)*axes]...)
	}
	return chosen
}

// everybody goes on from the centres of a sample with all rows, a few rounds.
func everybody(at places, k int, centres []float64) []int {
	all := newKmeans(at.at, at.axes)
	all.centres = slices.Clone(centres)
	all.sizes = make([]int, k)
	all.settle(k, smallestGroup(all.count), 10)
	return all.own
}

func allEqual(points []float64, axes int) bool {
	for i := axes; i < len(points); i++ {
		if points[i] != points[i-axes] {
			return false
		}
	}
	return true
}

// groupingAxes is the number of axes groups are sought on: those that carry more than
// chance, but two at least.
func groupingAxes(beyond int) int { return max(2, min(mostAxes, beyond)) }

// orderGroups numbers the groups by size, the largest first, equal ones by their
// first participant. It gives the members by group, ascending.
func orderGroups(y *sheet, d division) [][]int {
	members := make([][]int, d.k)
	for row, g := range d.own {
		members[g] = append(members[g], y.people[row])
	}
	for _, group := range members {
		slices.Sort(group)
	}
	slices.SortFunc(members, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0]))
	})
	return members
}
