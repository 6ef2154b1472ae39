package mapview

import "math"

// groupAt gives the letter of the group at a place of the scene: that of the mark there
// (reach is how far beside a mark still counts, in the scene's units), else that of the
// hull. Where hulls lie over each other it is the one whose own marks are nearest.
// "" where there is none.
func (pic shown) groupAt(x, y, reach float64) string {
	group, least := "", math.Inf(1)
	away := map[string]float64{}
	for _, s := range pic.spots {
		if s.group == "" {
			continue
		}
		far := math.Hypot(s.x-x, s.y-y)
		if d, ok := away[s.group]; !ok || far < d {
			away[s.group] = far
		}
		if far <= s.radius+reach && far < least {
			group, least = s.group, far
		}
	}
	if group != "" {
		return group
	}
	for _, hull := range pic.hulls {
		if far, ok := away[hull.Group]; ok && far < least && inside(hull.Points, x, y) {
			group, least = hull.Group, far
		}
	}
	return group
}

// inside says whether a place lies in a polygon, by counting how often a ray to the
// right crosses it.
func inside(points [][2]float64, x, y float64) bool {
	in := false
	for i, p := range points {
		q := points[(i+1)%len(points)]
		if (p[1] > y) != (q[1] > y) && x < p[0]+(y-p[1])/(q[1]-p[1])*(q[0]-p[0]) {
			in = !in
		}
	}
	return in
}
