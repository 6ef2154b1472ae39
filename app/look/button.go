package look

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Kind is how much a button wants to be pressed.
type Kind int

// The kinds. A screen has at most one Filled button: the one next thing to do.
const (
	Outline Kind = iota
	Filled
	Choice // one of several, or a switch; see Choose
	Plain  // no edge: beside others
)

// Button is what can be pressed, by mouse, by the keys Space and Enter, and by tab.
type Button struct {
	widget.BaseWidget
	// OnTapped is called when it is pressed.
	OnTapped func()

	style    Style
	text     string
	small    string
	kind     Kind
	chosen   bool
	disabled bool
	hovered  bool
	focused  bool
	wide     bool
	marked   bool
	low      bool
	pressed  time.Time
}

// NewButton makes a button.
func NewButton(s Style, text string, kind Kind, tapped func()) *Button {
	b := &Button{style: s, text: text, kind: kind, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	trace(b)
	return b
}

// NewItem makes a line of a list that can be chosen: its name at the left, something
// short at the right.
func NewItem(s Style, name, short string, tapped func()) *Button {
	b := &Button{style: s, text: name, small: short, kind: Choice, wide: true, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	trace(b)
	return b
}

// Text gives what stands on the button.
func (b *Button) Text() string { return b.text }

// Short gives what stands short at the right of an item.
func (b *Button) Short() string { return b.small }

// Kind gives how much the button wants to be pressed.
func (b *Button) Kind() Kind { return b.kind }

// Set changes what stands on the button, and how it looks.
func (b *Button) Set(text, short string, kind Kind) {
	if b.text != text || b.small != short || b.kind != kind {
		b.text, b.small, b.kind = text, short, kind
		b.Refresh()
	}
}

// Choose marks a button of kind Choice as chosen, or not.
func (b *Button) Choose(chosen bool) {
	if b.chosen != chosen {
		b.chosen = chosen
		b.Refresh()
	}
}

// Low makes a button as high as those of kind Choice, to stand beside them in a row.
func (b *Button) Low() { b.low = true }

// Mark puts a small dot before the name of an item: it is the one that runs.
func (b *Button) Mark(on bool) {
	if b.marked != on {
		b.marked = on
		b.Refresh()
	}
}

// Chosen says whether it is chosen.
func (b *Button) Chosen() bool { return b.chosen }

// Enable lets the button be pressed, or not.
func (b *Button) Enable(on bool) {
	if b.disabled == on {
		b.disabled = !on
		b.Refresh()
	}
}

// Disabled says whether it cannot be pressed.
func (b *Button) Disabled() bool { return b.disabled }

// Tapped is Fyne's. A click takes the focus from the field that had it, so that keys
// are the window's again; e is nil where a key pressed the button.
func (b *Button) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); e != nil && c != nil {
		c.Unfocus()
	}
	if b.disabled || b.OnTapped == nil {
		return
	}
	now := Clock()
	again := e != nil && now.Sub(b.pressed) < doubleClick
	b.pressed = now
	if !again {
		b.OnTapped()
	}
}

// Clock gives the time by which the second press of a double click is left out. Tests
// that press twice set it.
var Clock = time.Now

// doubleClick is the time within which a second press of a button is an accident: it
// would make two sessions of one, or show and hide at once.
const doubleClick = 350 * time.Millisecond

// MouseIn, MouseMoved and MouseOut are Fyne's.
func (b *Button) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *Button) MouseMoved(*desktop.MouseEvent) {}
func (b *Button) MouseOut()                      { b.hovered = false; b.Refresh() }

// Cursor is Fyne's.
func (b *Button) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained, FocusLost, TypedRune and TypedKey are Fyne's.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }
func (b *Button) FocusLost()   { b.focused = false; b.Refresh() }
func (b *Button) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		b.Tapped(nil)
		return
	}
	// The window's keys work whatever has the focus.
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// CreateRenderer is Fyne's.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{button: b, back: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent),
		text: canvas.NewText("", color.Black), small: canvas.NewText("", color.Black)}
	r.paint()
	return r
}

type buttonRenderer struct {
	button      *Button
	back, ring  *canvas.Rectangle
	text, small *canvas.Text
	more        []*canvas.Text // further lines of an item's name
}

const (
	buttonSide   = 4 * Gap
	buttonHeight = 38
	itemSide     = 3 * Gap
)

// paint gives all parts the colours of the button's state.
func (r *buttonRenderer) paint() {
	b, s := r.button, r.button.style
	fill, edge, ink := color.Color(color.Transparent), color.Color(color.Transparent), color.Color(s.Colour(Action))
	switch {
	case b.kind == Filled:
		fill, ink = s.Colour(Action), s.Colour(OnAction)
	case b.kind == Outline:
		fill, edge = s.Colour(Card), s.Colour(Action)
	case b.kind == Choice && b.wide:
		ink = s.Colour(Ink)
	case b.kind == Choice:
		fill, edge, ink = s.Colour(Card), s.Colour(Line), s.Colour(Ink)
	}
	if b.kind == Choice && b.chosen {
		fill, ink = s.Colour(Chosen), s.Colour(Ink)
		if !b.wide {
			edge = s.Colour(Action)
		}
	}
	if b.hovered && !b.disabled {
		if b.kind == Filled {
			fill = mixed(s.Colour(Action), s.Colour(Ink), 0.15)
		} else {
			fill = s.Colour(Chosen)
		}
	}
	if b.disabled {
		ink, edge = s.Colour(Quiet), s.Colour(Line)
		if b.kind == Filled {
			fill = s.Colour(Chosen)
		}
	}
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = fill, edge, 1, Corner
	if edge == color.Color(color.Transparent) {
		r.back.StrokeWidth = 0
	}
	r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = s.Colour(Action), 2, Corner+3
	r.ring.Hidden = !b.focused
	r.text.Text, r.text.Color, r.text.TextSize = b.label(), ink, Body
	r.text.TextStyle = fyne.TextStyle{Bold: b.chosen || !b.wide && b.kind != Choice}
	r.small.Text, r.small.Color, r.small.TextSize = b.small, s.Colour(Quiet), Small
	r.text.Alignment = fyne.TextAlignCenter
	if b.wide {
		r.text.Alignment = fyne.TextAlignLeading
	}
	r.small.Alignment = fyne.TextAlignTrailing
}

// label gives what is drawn as the button's name.
func (b *Button) label() string {
	if b.marked {
		return "● " + b.text
	}
	return b.text
}

func mixed(a, b color.NRGBA, share float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x)*(1-share) + float64(y)*share) }
	return color.NRGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 0xFF}
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.ring.Move(fyne.NewPos(-3, -3))
	r.ring.Resize(size.Add(fyne.NewSize(6, 6)))
	side := float32(0)
	if r.button.wide {
		side = itemSide
	}
	for _, t := range []*canvas.Text{r.text, r.small} {
		height := t.MinSize().Height
		t.Move(fyne.NewPos(side, (size.Height-height)/2))
		t.Resize(fyne.NewSize(size.Width-2*side, height))
	}
	if r.button.wide {
		r.layLines(size)
	}
}

// layLines puts an item's name on as many lines as it needs.
func (r *buttonRenderer) layLines(size fyne.Size) {
	lines := r.button.lines(size.Width)
	height := r.text.MinSize().Height
	y := (size.Height - height*float32(len(lines))) / 2
	r.more = r.more[:0]
	for i, line := range lines {
		t := r.text
		if i > 0 {
			t = canvas.NewText(line, r.text.Color)
			t.TextSize, t.TextStyle = r.text.TextSize, r.text.TextStyle
			r.more = append(r.more, t)
		}
		t.Text = line
		t.Move(fyne.NewPos(itemSide, y+float32(i)*height))
		t.Resize(fyne.NewSize(size.Width-2*itemSide, height))
	}
}

// lines gives an item's name as it stands at a width.
func (b *Button) lines(width float32) []string {
	room := width - 2*itemSide
	if b.small != "" {
		room -= 2*Gap + MeasureText(b.small, Small, false).Width
	}
	return BreakLines(b.label(), room, func(t string) float32 { return MeasureText(t, Body, true).Width })
}

// HeightFor gives the height that the button needs at a width: an item's name may have
// several lines.
func (b *Button) HeightFor(width float32) float32 {
	if !b.wide {
		return b.MinSize().Height
	}
	return buttonHeight + float32(len(b.lines(width))-1)*MeasureText("國", Body, true).Height
}

func (r *buttonRenderer) MinSize() fyne.Size {
	text := MeasureText(r.button.label(), Body, true)
	width := text.Width + 2*buttonSide
	if r.button.wide {
		width = WidestPiece(r.button.label(), func(t string) float32 { return MeasureText(t, Body, true).Width }) + 2*itemSide
		if r.button.small != "" {
			width += 2*Gap + MeasureText(r.button.small, Small, false).Width
		}
	}
	if r.button.kind == Choice && !r.button.wide {
		width -= 2 * Gap
	}
	height := float32(buttonHeight)
	if r.button.low || r.button.kind == Choice && !r.button.wide {
		height = 32
	}
	return fyne.NewSize(width, height)
}

func (r *buttonRenderer) Refresh() {
	r.paint()
	r.Layout(r.button.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
	canvas.Refresh(r.button)
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.back, r.text, r.small, r.ring}
	for _, t := range r.more {
		objects = append(objects, t)
	}
	return objects
}
func (r *buttonRenderer) Destroy() {}
