package mapview

import (
	"math"

	"folkmoot/app/look"

	"golang.org/x/image/vector"
)

// How large each shape is drawn for a radius of 1: all look equally large then. The
// participants' page has the same figures (assets/page/src/map/shapes.ts).
const (
	squareReach   = 1.2
	triangleReach = 1.35
	diamondReach  = 1.25
	starReach     = 1.4
	starWaist     = 0.45 // of its reach
	ringReach     = 0.8
	ringHole      = 0.42
)

// farthest is how far a shape of radius 1 reaches from its middle, at the most.
const farthest = starReach

// circleCorners is how many corners make a circle: at 24 pixels it is off by a
// twentieth of one.
const circleCorners = 48

// shapePaths gives the closed lines of a shape around 0, 0: one, and the hole of a ring.
func shapePaths(shape look.Shape, radius float64) [][][2]float64 {
	switch shape {
	case look.Square:
		return [][][2]float64{polygon(4, radius*squareReach, 45)}
	case look.Triangle:
		return [][][2]float64{polygon(3, radius*triangleReach, -90)}
	case look.Diamond:
		return [][][2]float64{polygon(4, radius*diamondReach, 0)}
	case look.Star:
		return [][][2]float64{star(radius * starReach)}
	case look.Ring:
		return [][][2]float64{polygon(circleCorners, radius*ringReach, 0), reversed(polygon(circleCorners, radius*ringHole, 0))}
	}
	return [][][2]float64{polygon(circleCorners, radius, 0)}
}

func polygon(corners int, radius, turn float64) [][2]float64 {
	points := make([][2]float64, corners)
	for i := range points {
		points[i] = polar(radius, turn+360/float64(corners)*float64(i))
	}
	return points
}

func star(radius float64) [][2]float64 {
	points := make([][2]float64, 10)
	for i := range points {
		reach := radius
		if i%2 == 1 {
			reach *= starWaist
		}
		points[i] = polar(reach, -90+36*float64(i))
	}
	return points
}

func polar(radius, degrees float64) [2]float64 {
	angle := degrees * math.Pi / 180
	return [2]float64{radius * math.Cos(angle), radius * math.Sin(angle)}
}

func reversed(points [][2]float64) [][2]float64 {
	out := make([][2]float64, len(points))
	for i, p := range points {
		out[len(points)-1-i] = p
	}
	return out
}

// trace adds a closed line to a rasterizer, moved by dx, dy.
func trace(z *vector.Rasterizer, points [][2]float64, dx, dy float64) {
	for i, p := range points {
		x, y := float32(p[0]+dx), float32(p[1]+dy)
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
}
