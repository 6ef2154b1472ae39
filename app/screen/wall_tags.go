package screen

import (
	"math"

	"fyne.io/fyne/v2"

	"folkmoot/app/readmodel"
)

// The cost of a label's place, in rems of distance from its group.
const (
	wallOverlapCost = 5000 // it lies over another label
	wallCoveredCost = 1000 // it covers a mark
	wallOverHull    = 30   // it lies over a hull
)

// wallTagGround is what the labels of a map are placed on, in Fyne's units.
type wallTagGround struct {
	area  wallArea
	rem   float32
	scale float32
	marks []wallTagMark
	hulls [][]fyne.Position
}

type wallTagMark struct {
	at     fyne.Position
	radius float32
}

// newWallTagGround puts a scene into an area as mapview does: as large as it fits, in the middle.
func newWallTagGround(scene *readmodel.Scene, a wallArea, rem float32) wallTagGround {
	g := wallTagGround{area: a, rem: rem, scale: min(a.w/readmodel.SceneWidth, a.h/readmodel.SceneHeight)}
	for _, mark := range scene.Marks {
		g.marks = append(g.marks, wallTagMark{g.at(mark.X, mark.Y), float32(mark.Radius()) * g.scale})
	}
	for _, hull := range scene.Hulls {
		points := make([]fyne.Position, len(hull.Points))
		for i, point := range hull.Points {
			points[i] = g.at(point[0], point[1])
		}
		g.hulls = append(g.hulls, points)
	}
	return g
}

func (g wallTagGround) at(x, y float64) fyne.Position {
	return fyne.NewPos(g.area.x+g.area.w/2+float32(x-readmodel.SceneWidth/2)*g.scale, g.area.y+g.area.h/2+float32(y-readmodel.SceneHeight/2)*g.scale)
}

// best gives the cheapest place for a label of a size that the scene wishes to see at
// wish, and whose leader ends at end.
func (g wallTagGround) best(size fyne.Size, wish, end fyne.Position, taken []wallArea) (box wallArea, cost float32) {
	cost = math.MaxFloat32
	for y := g.area.y; y+size.Height <= g.area.y+g.area.h; y += wallTagStep * g.rem {
		for x := g.area.x; x+size.Width <= g.area.x+g.area.w; x += wallTagStep * g.rem {
			at := wallArea{x, y, size.Width, size.Height}
			if paid := g.cost(at, wish, end, taken, cost); paid < cost {
				box, cost = at, paid
			}
		}
	}
	return box, cost
}

// cost gives the cost of a place, or any that is not below least.
func (g wallTagGround) cost(box wallArea, wish, end fyne.Position, taken []wallArea, least float32) float32 {
	cost := box.distance(end) + box.distance(wish)
	for _, other := range taken {
		if cost < least && box.grown(0.8*g.rem).meets(other) {
			cost += wallOverlapCost * g.rem
		}
	}
	for _, hull := range g.hulls {
		if cost < least {
			cost += wallOverHull * g.rem * box.shareIn(hull)
		}
	}
	for _, mark := range g.marks {
		if cost >= least {
			return cost
		}
		if box.distance(mark.at) < mark.radius+0.2*g.rem {
			cost += wallCoveredCost * g.rem
		}
	}
	return cost
}

// distance gives how far a point is from an area, 0 inside.
func (a wallArea) distance(p fyne.Position) float32 {
	dx := max(a.x-p.X, 0, p.X-a.x-a.w)
	dy := max(a.y-p.Y, 0, p.Y-a.y-a.h)
	return float32(math.Hypot(float64(dx), float64(dy)))
}

func (a wallArea) grown(by float32) wallArea {
	return wallArea{a.x - by, a.y - by, a.w + 2*by, a.h + 2*by}
}

func (a wallArea) meets(b wallArea) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

// shareIn gives about how much of an area lies in a polygon, 0 … 1.
func (a wallArea) shareIn(polygon []fyne.Position) float32 {
	const across, down = 5, 3
	inside := 0
	for i := range across {
		for j := range down {
			if wallWithin(polygon, a.x+a.w*float32(i)/(across-1), a.y+a.h*float32(j)/(down-1)) {
				inside++
			}
		}
	}
	return float32(inside) / (across * down)
}

// wallWithin says whether a point lies in a polygon, by the edges to its right.
func wallWithin(polygon []fyne.Position, x, y float32) bool {
	inside := false
	for i, a := range polygon {
		b := polygon[(i+len(polygon)-1)%len(polygon)]
		if (a.Y > y) != (b.Y > y) && x < a.X+(b.X-a.X)*(y-a.Y)/(b.Y-a.Y) {
			inside = !inside
		}
	}
	return inside
}
