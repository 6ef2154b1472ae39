package mapview

import (
	"image"
	"image/color"
	"math"
	"slices"

	"folkmoot/app/look"
	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
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

	// sorting says what the classes of spots are, nil where they have none; only is the
	// class, from 1, whose people alone stand out, 0 for all.
	sorting *readmodel.Sorting
	only    int
}

// What is left of a group's colour where another stands out.
const dimmed = 0.35

// Where the marks have the colours of classes hulls are quieter, and people of other classes
// than the chosen one are small dots of little strength.
const (
	quietHull = 0.5
	dotSize   = 0.6
	dotInk    = 0.5
)

// leastRadius is how small a mark may get in a small window, in Fyne's units.
const leastRadius = 2.5

// Paint paints hulls and marks over all of dst. The same scene, options and size give
// the same pixels. scene may be nil: only the ground is painted then. Tags are not
// painted: see Map.
func Paint(dst *image.RGBA, scene *readmodel.Scene, o PaintOptions) {
	new(painter).paint(dst, shownOf(scene), o)
}

// painter keeps what painting again can use. The zero value is ready.
type painter struct {
	picture.Painter
	spots []picture.Spot
}

func (p *painter) paint(dst *image.RGBA, shown shown, o PaintOptions) {
	if o.Ground == (color.NRGBA{}) {
		o.Ground = o.Style.Colour(look.Card)
	}
	if o.Density == 0 {
		o.Density = 1
	}
	p.Begin(dst, o.Ground)
	f := newFrame(float64(dst.Rect.Dx()), float64(dst.Rect.Dy()), o.Lens)
	for _, hull := range shown.hulls {
		points := make([][2]float64, len(hull.Points))
		for i, unit := range hull.Points {
			x, y := f.at(unit[0], unit[1])
			points[i] = [2]float64{x, y}
		}
		p.Area(hullColour(hull.Group, o), points)
	}
	p.spots = p.spots[:0]
	for layer := range layers {
		for _, s := range shown.spots {
			if layer == s.layer(o) {
				p.spots = append(p.spots, s.pixels(f, o))
			}
		}
	}
	p.Clouds(p.spots, palette(o.Style).Cloud)
	for _, s := range p.spots {
		p.Spot(s)
	}
}

// palette gives the colours of a style as package picture knows them.
func palette(s look.Style) picture.Palette {
	if s.Dark {
		return picture.Wall()
	}
	return picture.Light()
}

func hullColour(group string, o PaintOptions) color.NRGBA {
	strength := palette(o.Style).Hull
	if dims(o.Emphasis, group) {
		strength *= dimmed
	}
	if o.sorting != nil {
		strength *= quietHull
	}
	c := o.Style.Group(group)
	c.A = uint8(math.Round(0xFF * strength))
	return c
}

// dims says whether a group steps back for the one that stands out.
func dims(emphasis, group string) bool { return emphasis != "" && group != emphasis }

// layers are three: what was filtered out, then the rest, and on top the group that stands
// out.
const layers = 3

func (s spot) layer(o PaintOptions) int {
	switch {
	case s.filtered(o):
		return 0
	case o.Emphasis != "" && s.group == o.Emphasis:
		return 2
	}
	return 1
}

// filtered says whether a spot's class is not the one that is looked at.
func (s spot) filtered(o PaintOptions) bool { return o.only > 0 && s.class != o.only }

// colour gives the colour of a spot's class, else that of its group.
func (s spot) colour(o PaintOptions) color.NRGBA {
	if o.sorting == nil || s.class < 1 || s.class > len(o.sorting.Classes) {
		return o.Style.Group(s.group)
	}
	return ClassColour(o.Style, o.sorting, s.class-1)
}

// ClassColour gives the colour of a class of a sorting by its place there.
func ClassColour(s look.Style, sorting *readmodel.Sorting, class int) color.NRGBA {
	if sorting.Classes[class].Others {
		return s.Class(-1)
	}
	return s.Class(class)
}

// pixels gives a spot as it is painted into the area of a frame.
func (s spot) pixels(f frame, o PaintOptions) picture.Spot {
	radius := f.radius(s.radius)
	if s.radius >= oneRadius {
		radius = max(radius, leastRadius*o.Density)
	}
	x, y := f.at(s.x, s.y)
	if s.filtered(o) {
		return picture.Spot{X: x, Y: y, Radius: dotSize * max(f.radius(min(s.radius, oneRadius)), leastRadius*o.Density), Shape: picture.Circle, Fill: mixed(o.Ground, o.Style.Colour(look.Quiet), dotInk)}
	}
	fill := s.colour(o)
	if dims(o.Emphasis, s.group) {
		fill = mixed(o.Ground, fill, dimmed)
	}
	return picture.Spot{X: x, Y: y, Radius: radius, Shape: picture.ShapeOf(s.group), Fill: fill, Hollow: s.between, Soft: s.spread * f.scale}
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
	// between and spread say what is uncertain, as readmodel.Mark does.
	between bool
	spread  float64
	// class is the place in the sorting's classes, from 1; 0 for none.
	class int
}

// shown is all of a map as it is painted just now.
type shown struct {
	spots  []spot
	hulls  []readmodel.Hull
	labels []readmodel.Label
}

// shownOf gives a scene at rest; an empty one for nil.
func shownOf(scene *readmodel.Scene) shown { return sortedOf(scene, nil) }

// sortedOf gives a scene at rest with the marks of a sorting, which may be nil.
func sortedOf(scene *readmodel.Scene, sorting *readmodel.Sorting) shown {
	if scene == nil {
		return shown{}
	}
	var spots []spot
	if sorting == nil {
		spots = make([]spot, len(scene.Marks))
		for i, m := range scene.Marks {
			spots[i] = spotOf(m, 0)
		}
	} else {
		spots = make([]spot, len(sorting.Marks))
		for i, m := range sorting.Marks {
			spots[i] = spotOf(m.Mark, m.Class+1)
		}
	}
	return shown{spots: spots, hulls: slices.Clone(scene.Hulls), labels: slices.Clone(scene.Labels)}
}

func spotOf(m readmodel.Mark, class int) spot {
	return spot{x: m.X, y: m.Y, radius: m.Radius(), group: m.Group, between: m.Between, spread: m.Spread, class: class}
}
