package screen

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

const (
	// wallLines: the smallest text is this part of the height, 2.5 %, which is what can
	// be read from the back of a room whose wall is a fifth of its depth away.
	wallLines = 40
	// wallLeast: a window higher than it is wide (nobody's projector) has its text by its width.
	wallLeast = 48
)

var wallBlack = color.NRGBA{A: 0xFF}

// wallPen draws one page of a wall. Its measure is the rem, the size of the smallest
// text, as in the wall's page.
type wallPen struct {
	style  look.Style
	second string // the language beneath, "" for none
	size   fyne.Size
	rem    float32
	// page is the page to draw, pages how many it turned out that there are.
	page, pages int
	// numbered says that there must be room for the number of the page.
	numbered bool

	objects []fyne.CanvasObject
	ticking wallClock
}

// wallArea is a part of the wall.
type wallArea struct{ x, y, w, h float32 }

func (p *wallPen) add(o fyne.CanvasObject, a wallArea) {
	o.Move(fyne.NewPos(a.x, a.y))
	o.Resize(fyne.NewSize(a.w, a.h))
	p.objects = append(p.objects, o)
}

func (p *wallPen) fill(c color.Color, a wallArea) { p.add(canvas.NewRectangle(c), a) }

// box draws a rectangle with round corners; edge may be nil.
func (p *wallPen) box(fill, edge color.Color, radius float32, a wallArea) {
	box := look.Box(fill, edge, radius)
	if edge != nil {
		box.StrokeWidth = 0.08 * p.rem
	}
	p.add(box, a)
}

// edge draws the frame of a rehearsal.
func (p *wallPen) edge() {
	frame := canvas.NewRectangle(color.Transparent)
	frame.StrokeColor, frame.StrokeWidth = p.style.Colour(look.WaitEdge), 0.5*p.rem
	p.add(frame, wallArea{w: p.size.Width, h: p.size.Height})
}

// turn gives the page of something that takes several; its parts come again where
// something else takes more.
func (p *wallPen) turn(pages int) int {
	p.pages = max(p.pages, pages)
	return p.page % max(1, pages)
}

// wallSaid is a text, and what stands beneath it in the other language, "" for nothing.
type wallSaid struct{ text, beneath string }

// languages is how many languages are written.
func (p *wallPen) languages() int {
	if p.second != "" {
		return 2
	}
	return 1
}

// say gives a text of the catalogue.
func (p *wallPen) say(key string, args ...look.Args) wallSaid {
	said := wallSaid{text: p.style.Say(key, args...)}
	if p.second != "" {
		said.beneath = look.Style{Lang: p.second}.Say(key, args...)
	}
	return said
}

// in gives a text of the session; what it says in one language only stands once.
func (p *wallPen) in(texts readmodel.InBoth) wallSaid {
	said := wallSaid{text: look.Typeset(texts[p.style.Lang])}
	if p.second != "" && texts[p.second] != texts[p.style.Lang] {
		said.beneath = look.Typeset(texts[p.second])
	}
	if said.text == "" {
		return wallSaid{text: said.beneath}
	}
	return said
}

// wallInk is how a text looks.
type wallInk struct {
	bold bool
	role look.Role // Paper, the zero value, stands for Ink
}

// wallLine is a line of a wallBlock, and how far it is below the one before.
type wallLine struct {
	text          string
	size          float32
	ink           wallInk
	width, height float32
	gap           float32
}

// wallBlock is a text as it is drawn: broken into lines.
type wallBlock struct {
	lines         []wallLine
	width, height float32
}

func (b *wallBlock) add(line wallLine) {
	if len(b.lines) == 0 {
		line.gap = 0
	}
	b.lines = append(b.lines, line)
	b.width, b.height = max(b.width, line.width), b.height+line.gap+line.height
}

// under puts another block below, apart by a gap.
func (b *wallBlock) under(other wallBlock, gap float32) {
	for i, line := range other.lines {
		if i == 0 {
			line.gap = gap
		}
		b.add(line)
	}
}

// cut gives the block in parts, none of which is higher than height; a line is never cut.
func (b wallBlock) cut(height float32) []wallBlock {
	parts := []wallBlock{{}}
	for _, line := range b.lines {
		last := &parts[len(parts)-1]
		if len(last.lines) > 0 && last.height+line.gap+line.height > height {
			parts = append(parts, wallBlock{})
			last = &parts[len(parts)-1]
		}
		last.add(line)
	}
	return parts
}

// put draws a block in an area as wide as it may be, from its top.
func (p *wallPen) put(b wallBlock, align fyne.TextAlign, a wallArea) {
	y := a.y
	for _, line := range b.lines {
		y += line.gap
		x := a.x
		switch align {
		case fyne.TextAlignCenter:
			x += (a.w - line.width) / 2
		case fyne.TextAlignTrailing:
			x += a.w - line.width
		}
		p.add(p.newText(line.text, line.size, line.ink), wallArea{x, y, line.width, line.height})
		y += line.height
	}
}

func (p *wallPen) newText(text string, size float32, ink wallInk) *canvas.Text {
	t := canvas.NewText(text, p.style.Colour(ink.colour()))
	t.TextSize, t.TextStyle.Bold = size, ink.bold
	return t
}

func (i wallInk) colour() look.Role {
	if i.role == look.Paper {
		return look.Ink
	}
	return i.role
}
