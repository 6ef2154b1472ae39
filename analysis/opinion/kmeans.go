package opinion

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// restarts is how often k-means begins anew for a division that is shown.
	restarts   = 50
	mostRounds = 100
)

// kmeans divides points into groups of like position. The scratch it holds is reused
// from call to call; it belongs to one goroutine.
type kmeans struct {
	points []float64 // count × axes
	axes   int
	count  int

	own      []int     // point -> group
	nearest  []float64 // point -> squared distance to its centre
	sizes    []int
	centres  []float64 // groups × axes
	previous []int
	moves    moveHeap
}

func newKmeans(points []float64, axes int) *kmeans {
	count := len(points) / axes
	return &kmeans{
		points: points, axes: axes, count: count,
		own: make([]int, count), previous: make([]int, count), nearest: make([]float64, count),
	}
}

// search gives the best of as many divisions as begins says into k groups of at least
// smallest points, each begun by k-means++ (Arthur and Vassilvitskii 2007): the one with the lowest sum
// of squared distances to the centres, the first found of equals. k × smallest must
// not exceed the number of points.
func (m *kmeans) search(k, smallest, begins int, random *rand.Rand) (own []int, centres []float64) {
	lowest := math.Inf(1)
	for range begins {
		m.begin(k, random)
		// A relative billionth better, so that rounding does not choose.
		if within := m.settle(k, smallest, mostRounds); within < lowest-1e-9*math.Abs(lowest) || math.IsInf(lowest, 1) {
			lowest = within
			own = append(own[:0], m.own...)
			centres = append(centres[:0], m.centres...)
		}
	}
	return own, centres
}

// begin chooses k points as centres: the first at random, each further one with a
// chance in proportion to its squared distance to the nearest centre so far.
func (m *kmeans) begin(k int, random *rand.Rand) {
	m.centres = m.centres[:0]
	m.sizes = slices.Grow(m.sizes[:0], k)[:k]
	chosen := random.IntN(m.count)
	for i := range m.nearest {
		m.nearest[i] = math.Inf(1)
	}
	for {
		centre := m.point(chosen)
		m.centres = append(m.centres, centre...)
		if len(m.centres) == k*m.axes {
			return
		}
		total := 0.0
		for i := range m.count {
			m.nearest[i] = min(m.nearest[i], squaredDistance(m.point(i), centre))
			total += m.nearest[i]
		}
		chosen = m.draw(random.Float64() * total)
	}
}

// draw gives the first point at which the running sum of nearest passes a mark.
func (m *kmeans) draw(mark float64) int {
	for i, distance := range m.nearest {
		mark -= distance
		if mark < 0 {
			return i
		}
	}
	return m.count - 1
}

// settle alternates assignment and centring until nobody moves, and gives the sum of
// squared distances.
func (m *kmeans) settle(k, smallest, rounds int) float64 {
	for i := range m.previous {
		m.previous[i] = -1
	}
	for range rounds {
		m.assign(k)
		m.fill(k, smallest)
		if slices.Equal(m.own, m.previous) {
			break
		}
		copy(m.previous, m.own)
		m.centre(k)
	}
	within := 0.0
	for i, g := range m.own {
		within += squaredDistance(m.point(i), m.centreOf(g))
	}
	return within
}

// assign puts every point to its nearest centre, the first of equals.
func (m *kmeans) assign(k int) {
	clear(m.sizes)
	for i := range m.count {
		point := m.point(i)
		best, least := 0, math.Inf(1)
		for g := range k {
			if d := squaredDistance(point, m.centreOf(g)); d < least {
				best, least = g, d
			}
		}
		m.own[i], m.nearest[i] = best, least
		m.sizes[best]++
	}
}

// fill moves points into groups that are too small, from groups that can spare them,
// where a move adds least to the sum of squared distances.
func (m *kmeans) fill(k, smallest int) {
	for g := range k {
		if m.sizes[g] >= smallest {
			continue
		}
		m.moves = m.moves[:0]
		for i, own := range m.own {
			if m.sizes[own] > smallest {
				m.moves = append(m.moves, move{i, squaredDistance(m.point(i), m.centreOf(g)) - m.nearest[i]})
			}
		}
		m.moves.arrange()
		for m.sizes[g] < smallest {
			cheapest := m.moves.pop()
			from := m.own[cheapest.point]
			if m.sizes[from] <= smallest {
				continue
			}
			m.own[cheapest.point] = g
			m.nearest[cheapest.point] += cheapest.cost
			m.sizes[from]--
			m.sizes[g]++
		}
	}
}

// centre moves every centre to the mean of its points.
func (m *kmeans) centre(k int) {
	clear(m.centres)
	for i, g := range m.own {
		centre := m.centreOf(g)
		for a, x := range m.point(i) {
			centre[a] += x
		}
	}
	for g := range k {
		for a := range m.axes {
			m.centres[g*m.axes+a] /= float64(m.sizes[g])
		}
	}
}

func (m *kmeans) point(i int) []float64 { return m.points[i*m.axes : (i+1)*m.axes] }

func (m *kmeans) centreOf(g int) []float64 { return m.centres[g*m.axes : (g+1)*m.axes] }

func squaredDistance(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, x := range a {
		sum += (x - b[i]) * (x - b[i])
	}
	return sum
}
