package readmodel

import (
	"cmp"
	"math"
	"slices"
)

// corner is how many points a full round corner has.
const corner = 24

// hullOf gives the convex hull of discs of hullRadius around a group's marks, which
// is their convex hull with a margin and round corners. It exists for one mark too.
func hullOf(marks []Mark, group string) [][2]float64 {
	var rim []point
	for _, m := range marks {
		if m.Group != group {
			continue
		}
		for i := range corner {
			angle := 2 * math.Pi * float64(i) / corner
			rim = append(rim, point{round4(m.X + hullRadius*math.Cos(angle)), round4(m.Y + hullRadius*math.Sin(angle))})
		}
	}
	hull := convexHull(rim)
	points := make([][2]float64, len(hull))
	for i, p := range hull {
		points[i] = [2]float64{p.x, p.y}
	}
	return points
}

// convexHull gives the corners of the convex hull by Andrew's monotone chain (1979),
// starting at the leftmost point, without points on a straight line. It sorts points.
func convexHull(points []point) []point {
	slices.SortFunc(points, func(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	points = slices.Compact(points)
	if len(points) < 3 {
		return points
	}
	lower := halfHull(points)
	slices.Reverse(points)
	return append(lower, halfHull(points)...)
}

// halfHull gives the corners on the right-hand side of the way along sorted points,
// without the last.
func halfHull(points []point) []point {
	var chain []point
	for _, p := range points {
		for len(chain) >= 2 && cross(chain[len(chain)-2], chain[len(chain)-1], p) <= 0 {
			chain = chain[:len(chain)-1]
		}
		chain = append(chain, p)
	}
	return chain[:len(chain)-1]
}

// cross is positive where the way from a over b to c turns left.
func cross(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// box is an upright rectangle.
type box struct{ left, top, right, bottom float64 }

func boxAround(middle point, width, height float64) box {
	return box{middle.x - width/2, middle.y - height/2, middle.x + width/2, middle.y + height/2}
}

func (b box) grown(by float64) box {
	return box{b.left - by, b.top - by, b.right + by, b.bottom + by}
}

func (b box) overlaps(c box) bool {
	return b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom
}

// distance gives how far a box is from a point, 0 inside it.
func (b box) distance(p point) float64 {
	return math.Hypot(max(b.left-p.x, 0, p.x-b.right), max(b.top-p.y, 0, p.y-b.bottom))
}

// meetsHull says whether a box and a convex polygon share a point, by separating
// axes: the box's two and the normals of the polygon's edges.
func (b box) meetsHull(hull [][2]float64) bool {
	corners := []point{{b.left, b.top}, {b.right, b.top}, {b.right, b.bottom}, {b.left, b.bottom}}
	apart := func(nx, ny float64) bool {
		lowHull, highHull := math.Inf(1), math.Inf(-1)
		for _, q := range hull {
			d := nx*q[0] + ny*q[1]
			lowHull, highHull = min(lowHull, d), max(highHull, d)
		}
		lowBox, highBox := math.Inf(1), math.Inf(-1)
		for _, c := range corners {
			d := nx*c.x + ny*c.y
			lowBox, highBox = min(lowBox, d), max(highBox, d)
		}
		return highHull < lowBox || highBox < lowHull
	}
	if apart(1, 0) || apart(0, 1) {
		return false
	}
	for i, p := range hull {
		q := hull[(i+1)%len(hull)]
		if apart(q[1]-p[1], p[0]-q[0]) {
			return false
		}
	}
	return true
}

// nearestOn gives the point of a hull's outline that lies nearest to p.
func nearestOn(hull [][2]float64, p point) point {
	best, least := point{}, math.Inf(1)
	for i, a := range hull {
		b := hull[(i+1)%len(hull)]
		dx, dy := b[0]-a[0], b[1]-a[1]
		t := 0.0
		if length := dx*dx + dy*dy; length > 0 {
			t = min(1, max(0, ((p.x-a[0])*dx+(p.y-a[1])*dy)/length))
		}
		q := point{a[0] + t*dx, a[1] + t*dy}
		if d := math.Hypot(q.x-p.x, q.y-p.y); d < least {
			best, least = q, d
		}
	}
	return best
}

// inside says whether a point lies in a convex polygon given as convexHull does.
func inside(hull [][2]float64, p point) bool {
	for i, a := range hull {
		b := hull[(i+1)%len(hull)]
		if cross(point{a[0], a[1]}, point{b[0], b[1]}, p) < 0 {
			return false
		}
	}
	return len(hull) > 2
}
