package mapview

import (
	"cmp"
	"math"
	"slices"

	"folkmoot/app/readmodel"
)

// farGlide is the longest way that a mark glides, in the scene's units. Marks have no
// names: one without an old one near it is somebody else, and grows where it stands.
const farGlide = 0.2

// glide is the way from one picture to another.
type glide struct {
	to    shown
	spots []spotWay
	hulls []hullWay
	// labels at the beginning, in the order of to.labels.
	labels []readmodel.Label
}

type spotWay struct{ from, to spot }

type hullWay struct {
	group    string
	from, to [][2]float64
}

func newGlide(from, to shown) *glide {
	return &glide{to: to, spots: spotWays(from.spots, to.spots), hulls: hullWays(from.hulls, to.hulls), labels: labelStarts(from.labels, to.labels)}
}

// at gives the picture after a part of the way, 0 … 1; from 1 on it is the new picture
// itself.
func (g *glide) at(t float64) shown {
	if t >= 1 {
		return g.to
	}
	between := func(a, b float64) float64 { return a + (b-a)*t }
	pic := shown{spots: make([]spot, len(g.spots)), hulls: make([]readmodel.Hull, len(g.hulls)), labels: slices.Clone(g.to.labels)}
	for i, way := range g.spots {
		s := way.to
		s.x, s.y, s.radius, s.spread = between(way.from.x, s.x), between(way.from.y, s.y), between(way.from.radius, s.radius), between(way.from.spread, s.spread)
		pic.spots[i] = s
	}
	for i, way := range g.hulls {
		points := make([][2]float64, len(way.to))
		for j := range points {
			points[j] = [2]float64{between(way.from[j][0], way.to[j][0]), between(way.from[j][1], way.to[j][1])}
		}
		pic.hulls[i] = readmodel.Hull{Group: way.group, Points: points}
	}
	for i, start := range g.labels {
		l := &pic.labels[i]
		l.X, l.Y, l.AX, l.AY = between(start.X, l.X), between(start.Y, l.Y), between(start.AX, l.AX), between(start.AY, l.AY)
	}
	return pic
}

func labelStarts(from, to []readmodel.Label) []readmodel.Label {
	starts := slices.Clone(to)
	for i := range starts {
		if j := slices.IndexFunc(from, func(l readmodel.Label) bool { return l.Group == starts[i].Group }); j >= 0 {
			starts[i] = from[j]
		}
	}
	return starts
}

// spotWays gives every new spot the nearest old one of its group that is free. Those
// with the shortest way choose first. New ones without grow, old ones left over shrink.
func spotWays(from, to []spot) []spotWay {
	old := newNear(from)
	type wish struct {
		spot, first int
		far         float64
	}
	wishes := make([]wish, len(to))
	for i, s := range to {
		first, far := old.nearest(s)
		wishes[i] = wish{i, first, far}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(a.far, b.far) })
	ways := make([]spotWay, len(to), len(to)+len(from)/4)
	for _, w := range wishes {
		end := to[w.spot]
		start := end
		start.radius = 0
		i, far := w.first, w.far
		if i >= 0 && old.taken[i] {
			i, far = old.nearest(end)
		}
		if far <= farGlide {
			start = from[i]
			old.taken[i] = true
		}
		ways[w.spot] = spotWay{start, end}
	}
	for _, i := range old.left() {
		end := from[i]
		end.radius = 0
		ways = append(ways, spotWay{from[i], end})
	}
	return ways
}

// near finds the nearest spot of a group, and of a class where there are some, that was not
// taken. Spots of a group are sorted by height, and looked through from there up and down.
type near struct {
	spots  []spot
	groups map[kind][]int
	taken  []bool
}

// kind is what a spot stays while it glides.
type kind struct {
	group string
	class int
}

func (s spot) kind() kind { return kind{s.group, s.class} }

func newNear(spots []spot) *near {
	n := &near{spots: spots, groups: map[kind][]int{}, taken: make([]bool, len(spots))}
	for i, s := range spots {
		n.groups[s.kind()] = append(n.groups[s.kind()], i)
	}
	for _, rows := range n.groups {
		slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(spots[a].y, spots[b].y) })
	}
	return n
}

// nearest gives the nearest free spot and how far it is; +Inf where there is none.
func (n *near) nearest(s spot) (best int, far float64) {
	rows := n.groups[s.kind()]
	start, _ := slices.BinarySearchFunc(rows, s.y, func(i int, y float64) int { return cmp.Compare(n.spots[i].y, y) })
	best, far = -1, math.Inf(1)
	try := func(i int) (goOn bool) {
		other := n.spots[i]
		dy := math.Abs(other.y - s.y)
		if dy > far || dy > farGlide {
			return false
		}
		if d := math.Hypot(other.x-s.x, dy); !n.taken[i] && d < far {
			best, far = i, d
		}
		return true
	}
	for i := start; i < len(rows) && try(rows[i]); i++ {
	}
	for i := start - 1; i >= 0 && try(rows[i]); i-- {
	}
	return best, far
}

func (n *near) left() []int {
	var left []int
	for i, taken := range n.taken {
		if !taken {
			left = append(left, i)
		}
	}
	return left
}

// hullWays pairs the hulls of a group. One that is new grows out of its middle, one that
// goes shrinks into it.
func hullWays(from, to []readmodel.Hull) []hullWay {
	var ways []hullWay
	for _, hull := range to {
		start := middleOf(hull.Points)
		if i := indexOfHull(from, hull.Group); i >= 0 {
			start = from[i].Points
		}
		ways = append(ways, hullWay{hull.Group, support(start), support(hull.Points)})
	}
	for _, hull := range from {
		if indexOfHull(to, hull.Group) < 0 {
			ways = append(ways, hullWay{hull.Group, support(hull.Points), support(middleOf(hull.Points))})
		}
	}
	return ways
}

func indexOfHull(hulls []readmodel.Hull, group string) int {
	return slices.IndexFunc(hulls, func(h readmodel.Hull) bool { return h.Group == group })
}

func middleOf(points [][2]float64) [][2]float64 {
	var x, y float64
	for _, p := range points {
		x, y = x+p[0], y+p[1]
	}
	n := math.Max(1, float64(len(points)))
	return [][2]float64{{x / n, y / n}}
}

// hullDirections is in how many directions hulls are compared.
const hullDirections = 144

// support gives the point of a convex outline that lies farthest in each of
// hullDirections. Points of two outlines taken together by direction and moved towards
// each other give the Minkowski sum of parts of both: it is convex all the way, and a
// mark that glides from one hull to the other never leaves it.
func support(points [][2]float64) [][2]float64 {
	out := make([][2]float64, hullDirections)
	for i := range out {
		y, x := math.Sincos(2 * math.Pi / hullDirections * float64(i))
		most := math.Inf(-1)
		for _, p := range points {
			if d := p[0]*x + p[1]*y; d > most {
				most, out[i] = d, p
			}
		}
	}
	return out
}
