package picture

import (
	"fmt"
	"image/color"
	"math"
	"sync"

	"folkmoot/assets/font"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// typeface gives outlines and widths of characters, in ems. It keeps what it loaded.
type typeface struct {
	font   *sfnt.Font
	units  float64 // an em
	buffer sfnt.Buffer
	kept   map[rune]glyph
	lock   sync.Mutex
}

// glyph is a character as it is drawn: in ems, y downwards from the line it stands on.
type glyph struct {
	width float64
	steps []step
}

// step goes on with an outline: to the last of its places, the others pull.
type step struct {
	op sfnt.SegmentOp
	to [3][2]float64
}

// places gives how many of a step's places count.
func (s step) places() int {
	switch s.op {
	case sfnt.SegmentOpQuadTo:
		return 2
	case sfnt.SegmentOpCubeTo:
		return 3
	}
	return 1
}

var (
	regular = sync.OnceValue(func() *typeface { return newTypeface(font.Regular) })
	bold    = sync.OnceValue(func() *typeface { return newTypeface(font.Bold) })
)

func newTypeface(data []byte) *typeface {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("picture: read the embedded typeface: %v", err))
	}
	return &typeface{font: f, units: float64(f.UnitsPerEm()), kept: map[rune]glyph{}}
}

// glyph gives a character; one that the typeface lacks is a blank.
func (t *typeface) glyph(r rune) glyph {
	t.lock.Lock()
	defer t.lock.Unlock()
	if g, ok := t.kept[r]; ok {
		return g
	}
	g := t.load(r)
	t.kept[r] = g
	return g
}

// blank is how wide a character is that the typeface lacks.
const blank = 0.5

// narrowDot is what font.Typeset takes for a middle dot in a text without Chinese. The
// typeface has none: it is its wide dot on less room.
const (
	narrowDot      = '⋅'
	narrowDotWidth = 0.28
)

func (t *typeface) narrowed(r rune) glyph {
	g := t.load(r)
	for i := range g.steps {
		for j := range g.steps[i].to {
			g.steps[i].to[j][0] -= (g.width - narrowDotWidth) / 2
		}
	}
	g.width = narrowDotWidth
	return g
}

func (t *typeface) load(r rune) glyph {
	em := fixed.I(int(t.units))
	index, err := t.font.GlyphIndex(&t.buffer, r)
	if r == narrowDot && index == 0 {
		return t.narrowed('·')
	}
	if err != nil || index == 0 {
		return glyph{width: blank}
	}
	// At a size of an em a unit is a pixel, and nothing is rounded.
	segments, err := t.font.LoadGlyph(&t.buffer, index, em, nil)
	if err != nil {
		return glyph{width: blank}
	}
	var g glyph
	for _, s := range segments {
		to := step{op: s.Op}
		for i, at := range s.Args {
			to.to[i] = [2]float64{float64(at.X) / 64 / t.units, float64(at.Y) / 64 / t.units}
		}
		g.steps = append(g.steps, to)
	}
	if width, err := t.font.GlyphAdvance(&t.buffer, index, em, 0); err == nil {
		g.width = float64(width) / 64 / t.units
	}
	return g
}

// width gives how wide a text is, in ems.
func (t *typeface) width(text string) float64 {
	sum := 0.0
	for _, r := range text {
		sum += t.glyph(r).width
	}
	return sum
}

// run is a text on one line.
type run struct {
	said string  // the text as it is spoken
	text string  // as it is drawn
	x, y float64 // where it begins, on its line
	size float64 // of an em
	face *typeface
	ink  ink
}

// newRun puts a text on a line: at x it begins (0), has its middle (0.5) or ends (1).
func newRun(face *typeface, text string, size, x, y, align float64, i ink) run {
	r := run{said: text, text: font.Typeset(text), x: x, y: y, size: size, face: face, ink: i}
	r.x -= align * r.width()
	return r
}

func (r run) width() float64 { return r.size * r.face.width(r.text) }

// steps goes through the outlines of a text where it stands.
func (r run) steps(yield func(step)) {
	x := r.x
	for _, c := range r.text {
		g := r.face.glyph(c)
		for _, s := range g.steps {
			for i := range s.places() {
				s.to[i] = [2]float64{x + r.size*s.to[i][0], r.y + r.size*s.to[i][1]}
			}
			yield(s)
		}
		x += r.size * g.width
	}
}

// ascent and descent bound what a text reaches above and below its line, in ems: those of
// the typeface's tallest characters are larger, but no text here has any of them.
const ascent, descent = 0.95, 0.3

// text draws a text, enlarged by scale.
func (p *Painter) text(r run, scale float64, c color.NRGBA) {
	// Some letters reach a little to the left of where they begin.
	const beside = 2
	left, top := math.Floor(r.x*scale)-beside, math.Floor((r.y-ascent*r.size)*scale)
	width, height := int(math.Ceil(r.width()*scale))+2*beside+1, int(math.Ceil((ascent+descent)*r.size*scale))+1
	z := vector.NewRasterizer(width, height)
	at := func(place [2]float64) (float32, float32) {
		return float32(place[0]*scale - left), float32(place[1]*scale - top)
	}
	r.steps(func(s step) {
		switch s.op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(at(s.to[0]))
		case sfnt.SegmentOpLineTo:
			z.LineTo(at(s.to[0]))
		case sfnt.SegmentOpQuadTo:
			bx, by := at(s.to[0])
			cx, cy := at(s.to[1])
			z.QuadTo(bx, by, cx, cy)
		case sfnt.SegmentOpCubeTo:
			bx, by := at(s.to[0])
			cx, cy := at(s.to[1])
			dx, dy := at(s.to[2])
			z.CubeTo(bx, by, cx, cy, dx, dy)
		}
	})
	z.ClosePath()
	p.fill(z, int(left), int(top), c)
}
