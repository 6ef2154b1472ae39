package mapview

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"

	"golang.org/x/image/vector"
)

// PaintOptions say how a scene is painted. The zero value paints all of it in English's
// light palette on a card.
type PaintOptions struct {
	Style look.Style
	// Ground is the colour behind the map, that of a card where it is not set.
	Ground color.NRGBA
	Lens   Lens
	// Emphasis is the letter of the group that stands out, "" for none.
	Emphasis string
	// Density is how many pixels one of Fyne's units has, 0 for 1.
	Density float64
}

// How strong hulls are, and what is left of a group's colour where another stands out.
const (
	hullLight, hullDark = 0.15, 0.24
	dimmedMark          = 0.35
	dimmedHull          = 0.35
)

// leastRadius is how small a mark may get in a small window, in Fyne's units.
const leastRadius = 2.5

// Paint paints hulls and marks over all of dst. The same scene, options and size give
// the same pixels. scene may be nil: only the ground is painted then. Tags are not
// painted: see Map.
func Paint(dst *image.RGBA, scene *readmodel.Scene, o PaintOptions) {
	new(painter).paint(dst, pictureOf(scene), o)
}

// painter keeps what painting again can use. The zero value is ready.
type painter struct {
	sprites sprites
	raster  vector.Rasterizer
}

func (p *painter) paint(dst *image.RGBA, pic picture, o PaintOptions) {
	if o.Ground == (color.NRGBA{}) {
		o.Ground = o.Style.Colour(look.Card)
	}
	if o.Density == 0 {
		o.Density = 1
	}
	if p.sprites.ground != o.Ground {
		p.sprites = sprites{ground: o.Ground}
	}
	draw.Draw(dst, dst.Rect, image.NewUniform(o.Ground), image.Point{}, draw.Src)
	f := newFrame(float64(dst.Rect.Dx()), float64(dst.Rect.Dy()), o.Lens)
	for _, hull := range pic.hulls {
		p.hull(dst, hull, f, o)
	}
	for _, last := range []bool{false, true} { // the group that stands out lies on top
		for _, s := range pic.spots {
			if last == (o.Emphasis != "" && s.group == o.Emphasis) {
				p.spot(dst, s, f, o)
			}
		}
	}
}

// hull fills a group's outline. Only the part of the image that it may touch is gone
// through.
func (p *painter) hull(dst *image.RGBA, hull readmodel.Hull, f frame, o PaintOptions) {
	points := make([][2]float64, len(hull.Points))
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i, unit := range hull.Points {
		x, y := f.at(unit[0], unit[1])
		points[i] = [2]float64{x, y}
		left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
	}
	if len(points) < 3 {
		return
	}
	area := image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom))).Add(dst.Rect.Min).Intersect(dst.Rect)
	if area.Empty() {
		return
	}
	corner := area.Min.Sub(dst.Rect.Min)
	p.raster.Reset(area.Dx(), area.Dy())
	trace(&p.raster, points, -float64(corner.X), -float64(corner.Y))
	p.raster.DrawOp = draw.Over
	p.raster.Draw(dst, area, image.NewUniform(hullColour(hull.Group, o)), image.Point{})
}

func hullColour(group string, o PaintOptions) color.NRGBA {
	strength := hullLight
	if o.Style.Dark {
		strength = hullDark
	}
	if dims(o.Emphasis, group) {
		strength *= dimmedHull
	}
	c := o.Style.Group(group)
	c.A = uint8(math.Round(0xFF * strength))
	return c
}

// dims says whether a group steps back for the one that stands out.
func dims(emphasis, group string) bool { return emphasis != "" && group != emphasis }

func (p *painter) spot(dst *image.RGBA, s spot, f frame, o PaintOptions) {
	radius := f.radius(s.radius)
	if s.radius >= oneRadius {
		radius = max(radius, leastRadius*o.Density)
	}
	quarters := int(math.Round(radius * quarter))
	if quarters < 2 {
		return
	}
	fill := o.Style.Group(s.group)
	if dims(o.Emphasis, s.group) {
		fill = mixed(o.Ground, fill, dimmedMark)
	}
	x, y := f.at(s.x, s.y)
	if reach := (radius + 1) * farthest; x < -reach || y < -reach || x > f.width+reach || y > f.height+reach {
		return
	}
	left, phaseX := placed(x)
	top, phaseY := placed(y)
	key := spriteKey{shape: look.ShapeOf(s.group), fill: fill, radius: quarters, phaseX: phaseX, phaseY: phaseY}
	p.sprites.get(key).lay(dst, dst.Rect.Min.X+left, dst.Rect.Min.Y+top)
}

// placed gives the whole pixel and the quarters of a place.
func placed(at float64) (whole, phase int) {
	quarters := int(math.Floor(at*quarter + 0.5))
	whole = int(math.Floor(float64(quarters) / quarter))
	return whole, quarters - whole*quarter
}

// mixed gives the colour between two, share of the way to b.
func mixed(a, b color.NRGBA, share float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(math.Round(float64(x)*(1-share) + float64(y)*share)) }
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 0xFF}
}

// oneRadius is the radius of the mark of one person.
var oneRadius = readmodel.Mark{People: 1}.Radius()

// spot is a mark as it is painted just now.
type spot struct {
	x, y, radius float64
	group        string
}

// picture is all of a map as it is painted just now.
type picture struct {
	spots  []spot
	hulls  []readmodel.Hull
	labels []readmodel.Label
}

// pictureOf gives a scene at rest; an empty picture for nil.
func pictureOf(scene *readmodel.Scene) picture {
	if scene == nil {
		return picture{}
	}
	spots := make([]spot, len(scene.Marks))
	for i, m := range scene.Marks {
		spots[i] = spot{x: m.X, y: m.Y, radius: m.Radius(), group: m.Group}
	}
	return picture{spots: spots, hulls: slices.Clone(scene.Hulls), labels: slices.Clone(scene.Labels)}
}
