package tablet

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
)

// kind is how much a button wants to be pressed.
type kind int

// The kinds. A screen has at most one filled button. answer is that of the three votes,
// which are neutral and equal; choice one of several.
const (
	outline kind = iota
	filled
	plain
	answer
	choice
)

// sign is what stands before an answer's word.
type sign int

// The signs.
const (
	noSign sign = iota
	check
	cross
	dash
)

// Press is what can be pressed, by a finger or by Space and Enter. Its words wrap.
type Press struct {
	widget.BaseWidget
	// OnTapped is called when it is pressed.
	OnTapped func()

	style    look.Style
	text     string
	small    string // under or beside the text
	kind     kind
	sign     sign
	size     float32 // of the text
	least    float32 // height
	chosen   bool
	disabled bool
	focused  bool
	left     bool // the words stand at the left
	single   bool // they ask for one line
}

func newPress(s look.Style, text string, k kind, tapped func()) *Press {
	p := &Press{style: s, text: look.Typeset(text), kind: k, OnTapped: tapped, size: bodySize, least: target}
	p.ExtendBaseWidget(p)
	return p
}

// Text gives what stands on it, with the smaller words.
func (p *Press) Text() string { return p.text }

// Small gives the smaller words.
func (p *Press) Small() string { return p.small }

// Chosen says whether it is the one that was chosen.
func (p *Press) Chosen() bool { return p.chosen }

// Filled says whether it is the one next thing to do.
func (p *Press) Filled() bool { return p.kind == filled }

// Disabled says whether it cannot be pressed.
func (p *Press) Disabled() bool { return p.disabled }

// Tapped is Fyne's.
func (p *Press) Tapped(*fyne.PointEvent) {
	if !p.disabled && p.OnTapped != nil {
		p.OnTapped()
	}
}

// FocusGained, FocusLost, TypedRune and TypedKey are Fyne's.
func (p *Press) FocusGained() { p.focused = true; p.Refresh() }
func (p *Press) FocusLost()   { p.focused = false; p.Refresh() }
func (p *Press) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}
func (p *Press) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		p.Tapped(nil)
	}
}

const (
	pressSide  = 5 * look.Gap
	pressAbove = 2 * look.Gap
	signSize   = 24
)

// room is how wide the words may be.
func (p *Press) room(width float32) float32 { return max(1, width-2*p.side()) }

func (p *Press) side() float32 {
	if p.kind == choice || p.kind == plain {
		return 3 * look.Gap
	}
	return pressSide
}

func (p *Press) measure(text string) float32 { return look.MeasureText(text, p.size, true).Width }

func (p *Press) measureSmall(text string) float32 {
	return look.MeasureText(text, smallSize, false).Width
}

func (p *Press) signWidth() float32 {
	if p.sign == noSign {
		return 0
	}
	return signSize + 3*look.Gap
}

// lines gives the words as they stand at a width, and whether the small ones stand beside.
func (p *Press) lines(width float32) (text, small []string, beside bool) {
	room := p.room(width) - p.signWidth()
	text = look.BreakLines(p.text, room, p.measure)
	if p.small == "" {
		return text, nil, false
	}
	if !p.left && len(text) == 1 && p.measure(p.text)+3*look.Gap+p.measureSmall(p.small) <= room {
		return text, []string{p.small}, true
	}
	return text, look.BreakLines(p.small, p.room(width), p.measureSmall), false
}

func (p *Press) heights() (text, small float32) {
	return look.MeasureText("國g", p.size, true).Height, look.MeasureText("國g", smallSize, false).Height
}

// HeightFor gives the height that it needs at a width.
func (p *Press) HeightFor(width float32) float32 {
	text, small, beside := p.lines(width)
	high, low := p.heights()
	height := high * float32(len(text))
	if !beside {
		height += low * float32(len(small))
	}
	return max(p.least, height+2*pressAbove)
}

// CreateRenderer is Fyne's.
func (p *Press) CreateRenderer() fyne.WidgetRenderer {
	r := &pressRenderer{of: p, back: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	r.Layout(p.Size())
	return r
}

type pressRenderer struct {
	of         *Press
	back, ring *canvas.Rectangle
	words      []fyne.CanvasObject
}

// colours gives what the state of the button makes of it.
func (p *Press) colours() (fill, edge, ink color.Color, stroke float32) {
	s := p.style
	fill, edge, ink, stroke = color.Transparent, color.Transparent, s.Colour(look.Action), 0
	switch p.kind {
	case filled:
		fill, ink = s.Colour(look.Action), s.Colour(look.OnAction)
	case outline:
		fill, edge, stroke = s.Colour(look.Card), s.Colour(look.Action), 1.2
	case answer:
		fill, edge, ink, stroke = s.Colour(look.Card), s.Colour(look.Agree), s.Colour(look.Ink), 2
	case choice:
		fill, edge, ink, stroke = s.Colour(look.Card), s.Colour(look.Line), s.Colour(look.Ink), 1.2
	}
	if p.chosen {
		fill, edge, ink, stroke = s.Colour(look.Chosen), s.Colour(look.Action), s.Colour(look.Ink), 2.5
	}
	if p.disabled {
		ink, edge = s.Colour(look.Quiet), s.Colour(look.Line)
		if p.kind == filled {
			fill = s.Colour(look.Chosen)
		}
	}
	return fill, edge, ink, stroke
}

// Layout is Fyne's: it puts sign and words into the middle.
func (r *pressRenderer) Layout(size fyne.Size) {
	p := r.of
	fill, edge, ink, stroke := p.colours()
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = fill, edge, stroke, 12
	r.back.Resize(size)
	r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius, r.ring.Hidden = p.style.Colour(look.Action), 3, 14, !p.focused
	r.ring.Move(fyne.NewPos(-3, -3))
	r.ring.Resize(size.AddWidthHeight(6, 6))
	r.words = nil
	if size.Width < 1 {
		return
	}
	text, small, beside := p.lines(size.Width)
	high, low := p.heights()
	height := high * float32(len(text))
	if !beside {
		height += low * float32(len(small))
	}
	y := (size.Height - height) / 2
	widest := float32(0)
	for _, line := range text {
		widest = max(widest, p.measure(line))
	}
	whole := widest + p.signWidth()
	if beside {
		whole += 3*look.Gap + p.measureSmall(small[0])
	}
	x := (size.Width - whole) / 2
	if p.left {
		x = p.side()
	}
	if p.sign != noSign {
		r.words = append(r.words, signLines(p.sign, fyne.NewPos(x, y+high/2-signSize/2), ink)...)
		x += p.signWidth()
	}
	for i, line := range text {
		at := x
		if !p.left && p.sign == noSign && !beside {
			at = (size.Width - p.measure(line)) / 2
		}
		r.add(line, p.size, true, ink, fyne.NewPos(at, y+high*float32(i)))
	}
	quiet := color.Color(p.style.Colour(look.Quiet))
	if p.kind == filled {
		quiet = ink
	}
	for i, line := range small {
		at := fyne.NewPos((size.Width-p.measureSmall(line))/2, y+high*float32(len(text))+low*float32(i))
		if p.left {
			at.X = p.side()
		}
		if beside {
			at = fyne.NewPos(x+widest+3*look.Gap, y+(high-low)/2)
		}
		r.add(line, smallSize, false, quiet, at)
	}
}

func (r *pressRenderer) add(text string, size float32, bold bool, ink color.Color, at fyne.Position) {
	t := canvas.NewText(text, ink)
	t.TextSize, t.TextStyle = size, fyne.TextStyle{Bold: bold}
	t.Move(at)
	t.Resize(look.MeasureText(text, size, bold))
	r.words = append(r.words, t)
}

// signLines draws a sign into a square at a place.
func signLines(s sign, at fyne.Position, ink color.Color) []fyne.CanvasObject {
	strokes := map[sign][][4]float32{
		check: {{2, 13, 9, 20}, {9, 20, 22, 5}},
		cross: {{4, 4, 20, 20}, {20, 4, 4, 20}},
		dash:  {{2, 12, 22, 12}},
	}
	var lines []fyne.CanvasObject
	for _, stroke := range strokes[s] {
		l := canvas.NewLine(ink)
		l.StrokeWidth = 3.6
		l.Position1, l.Position2 = at.AddXY(stroke[0], stroke[1]), at.AddXY(stroke[2], stroke[3])
		lines = append(lines, l)
	}
	return lines
}

func (r *pressRenderer) MinSize() fyne.Size {
	p := r.of
	width := max(look.WidestPiece(p.text, p.measure)+p.signWidth(), look.WidestPiece(p.small, p.measureSmall)) + 2*p.side()
	if p.single {
		width = max(width, p.natural())
	}
	return fyne.NewSize(width, p.HeightFor(max(width, p.Size().Width)))
}

func (r *pressRenderer) Refresh() {
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *pressRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.back, r.ring}, r.words...)
}
func (r *pressRenderer) Destroy() {}

// natural gives the width at which the words stand on one line.
func (p *Press) natural() float32 {
	width := p.measure(p.text) + p.signWidth()
	if p.small != "" {
		if p.left {
			width = max(width, p.measureSmall(p.small))
		} else {
			width += 3*look.Gap + p.measureSmall(p.small)
		}
	}
	return width + 2*p.side() + 1
}
