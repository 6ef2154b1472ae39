package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Shape is the form of a group's marks: a group is never told by its colour alone.
type Shape int

// The shapes, of groups A to E and of people in no group.
const (
	Circle Shape = iota
	Square
	Triangle
	Diamond
	Star
	Ring
)

// ShapeOf gives the shape of a group by its letter; Ring for people in no group and for
// letters beyond E.
func ShapeOf(letter string) Shape {
	if i := groupIndex(letter); i >= 0 {
		return Shape(i)
	}
	return Ring
}

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

// Farthest is how far a shape of radius 1 reaches from its middle, at the most.
const Farthest = starReach

// circleCorners is how many corners make a circle: at 24 pixels it is off by a
// twentieth of one.
const circleCorners = 48

// The line of a hollow mark: a share of its radius, and no thinner than leastLine,
// which can still be told from a filled mark.
const (
	lineShare = 0.34
	leastLine = 1.1
)

// inner is how near the edges of a shape of radius 1 come to its middle.
var inner = [...]float64{Circle: 1, Square: squareReach * math.Sqrt2 / 2, Triangle: triangleReach / 2, Diamond: diamondReach * math.Sqrt2 / 2, Star: 0.54}

// shapePaths gives the closed lines of a shape around 0, 0: one, and the hole of a ring
// or of a hollow mark, which turns the other way.
func shapePaths(shape Shape, radius float64, hollow bool) [][][2]float64 {
	if shape == Ring {
		return [][][2]float64{polygon(circleCorners, radius*ringReach, 0), reversed(polygon(circleCorners, radius*ringHole, 0))}
	}
	line := outline(shape, radius)
	if !hollow {
		return [][][2]float64{line}
	}
	return [][][2]float64{line, reversed(outline(shape, radius*holeShare(shape, radius)))}
}

// holeShare is how large the hole of a hollow mark is, as a share of the mark. A star has
// thin arms and a thin line.
func holeShare(shape Shape, radius float64) float64 {
	if radius <= 0 {
		return 0
	}
	line := max(lineShare, leastLine/radius)
	if shape == Star {
		line *= 0.75
	}
	return max(0.25, 1-line/inner[shape])
}

func outline(shape Shape, radius float64) [][2]float64 {
	switch shape {
	case Square:
		return polygon(4, radius*squareReach, 45)
	case Triangle:
		return polygon(3, radius*triangleReach, -90)
	case Diamond:
		return polygon(4, radius*diamondReach, 0)
	case Star:
		return star(radius * starReach)
	}
	return polygon(circleCorners, radius, 0)
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

// DrawMark draws a mark as large as fits into an image of nothing else, for a legend or
// a heading. Beside a text the whole shape stands in the middle, not its centre.
func DrawMark(width, height int, shape Shape, fill color.NRGBA, hollow bool) *image.RGBA {
	pixels := image.NewRGBA(image.Rect(0, 0, width, height))
	z := vector.NewRasterizer(width, height)
	paths := shapePaths(shape, float64(min(width, height))/2/Farthest, hollow)
	top, bottom := 0.0, 0.0
	for _, p := range paths[0] {
		top, bottom = min(top, p[1]), max(bottom, p[1])
	}
	for _, path := range paths {
		trace(z, path, float64(width)/2, float64(height)/2-(top+bottom)/2)
	}
	z.DrawOp = draw.Over
	z.Draw(pixels, pixels.Bounds(), image.NewUniform(fill), image.Point{})
	return pixels
}
