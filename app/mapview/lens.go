package mapview

import (
	"math"

	"folkmoot/app/readmodel"
)

// mostZoom is how far the map can be enlarged: at 12 the finest cell of a scene is as
// wide as three marks.
const mostZoom = 12

// Lens is the part of a map that is looked at. The zero value shows all of it.
type Lens struct {
	// Zoom is how much it is enlarged, from 1; 0 stands for 1.
	Zoom float64
	// X and Y are what stands in the middle, in the scene's units. They count only
	// where Zoom is more than 1, and only as far as no room beside the map shows.
	X, Y float64
}

// frame puts a scene into an area of pixels, or of Fyne's units.
type frame struct {
	width, height float64
	x, y          float64 // what stands in the middle
	scale         float64 // pixels a unit
	zoom          float64
}

func newFrame(width, height float64, lens Lens) frame {
	f := frame{width: width, height: height, zoom: min(mostZoom, max(1, lens.Zoom))}
	f.scale = max(1e-9, min(width/readmodel.SceneWidth, height/readmodel.SceneHeight)*f.zoom)
	f.x = within(lens.X, width/f.scale, readmodel.SceneWidth)
	f.y = within(lens.Y, height/f.scale, readmodel.SceneHeight)
	return f
}

// within keeps a window of a length inside a whole: its middle; that of the whole where
// it does not fit.
func within(middle, length, whole float64) float64 {
	if length >= whole {
		return whole / 2
	}
	return min(whole-length/2, max(length/2, middle))
}

// lens gives what the frame shows, with its middle where it came to lie.
func (f frame) lens() Lens { return Lens{Zoom: f.zoom, X: f.x, Y: f.y} }

// at gives where a place of the scene lies in the area, back the other way round.
func (f frame) at(x, y float64) (float64, float64) {
	return f.width/2 + (x-f.x)*f.scale, f.height/2 + (y-f.y)*f.scale
}

func (f frame) back(px, py float64) (float64, float64) {
	return f.x + (px-f.width/2)/f.scale, f.y + (py-f.height/2)/f.scale
}

// radius gives how large a mark is in the area. An enlarged map spreads its marks: they
// grow by the root of the zoom only, so that those which lay over each other come apart.
func (f frame) radius(units float64) float64 { return units * f.scale / math.Sqrt(f.zoom) }

// zoomed gives the lens after enlarging by a factor, with the place below px, py staying
// where it is.
func (f frame) zoomed(factor, px, py float64) Lens {
	x, y := f.back(px, py)
	zoom := min(mostZoom, max(1, f.zoom*factor))
	scale := f.scale / f.zoom * zoom
	return newFrame(f.width, f.height, Lens{Zoom: zoom, X: x - (px-f.width/2)/scale, Y: y - (py-f.height/2)/scale}).lens()
}

// panned gives the lens after moving the map by a distance in the area.
func (f frame) panned(dx, dy float64) Lens {
	return newFrame(f.width, f.height, Lens{Zoom: f.zoom, X: f.x - dx/f.scale, Y: f.y - dy/f.scale}).lens()
}
