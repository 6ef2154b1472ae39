package look

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Slider chooses one of several steps by mouse, or by the arrows, Home and End.
type Slider struct {
	widget.BaseWidget
	// OnMoved is called when a person moves it, with the step where it is now.
	OnMoved func(at int)

	style    Style
	at, last int
	focused  bool
	hovered  bool
	disabled bool
}

// NewSlider makes a slider with the steps 0 … last.
func NewSlider(s Style, last int, moved func(at int)) *Slider {
	b := &Slider{style: s, last: last, at: last, OnMoved: moved}
	b.ExtendBaseWidget(b)
	return b
}

// At gives the step where it is, Last the last one.
func (b *Slider) At() int   { return b.at }
func (b *Slider) Last() int { return b.last }

// Set puts it at a step of 0 … last. It calls nobody.
func (b *Slider) Set(at, last int) {
	last = max(0, last)
	if at = max(0, min(at, last)); at != b.at || last != b.last {
		b.at, b.last = at, last
		b.Refresh()
	}
}

// Enable lets it be moved, or not.
func (b *Slider) Enable(on bool) {
	if b.disabled == on {
		b.disabled = !on
		b.Refresh()
	}
}

// move goes to a step, as a person wishes.
func (b *Slider) move(at int) {
	at = max(0, min(at, b.last))
	if b.disabled || at == b.at {
		return
	}
	b.at = at
	b.Refresh()
	if b.OnMoved != nil {
		b.OnMoved(at)
	}
}

// sliderKnob is the radius of the knob, sliderTrack how thick the track is.
const (
	sliderKnob   float32 = 9
	sliderTrack  float32 = 6
	sliderLeast  float32 = 180
	sliderHeight float32 = 38
)

// stepAt gives the step at a place.
func (b *Slider) stepAt(x float32) int {
	way := b.Size().Width - 2*sliderKnob
	if way <= 0 {
		return b.at
	}
	return int(math.Round(float64((x - sliderKnob) / way * float32(b.last))))
}

// Tapped, Dragged and DragEnd are Fyne's. Who moved it by mouse may go on with the keys.
func (b *Slider) Tapped(e *fyne.PointEvent) { b.grab(); b.move(b.stepAt(e.Position.X)) }
func (b *Slider) Dragged(e *fyne.DragEvent) { b.grab(); b.move(b.stepAt(e.Position.X)) }
func (b *Slider) DragEnd()                  {}

func (b *Slider) grab() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && !b.disabled && !b.focused {
		c.Focus(b)
	}
}

// MouseIn, MouseMoved, MouseOut and Cursor are Fyne's.
func (b *Slider) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *Slider) MouseMoved(*desktop.MouseEvent) {}
func (b *Slider) MouseOut()                      { b.hovered = false; b.Refresh() }
func (b *Slider) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained, FocusLost, TypedRune and TypedKey are Fyne's. Keys that it does not know
// are the window's; so are all while it cannot be moved.
func (b *Slider) FocusGained() { b.focused = true; b.Refresh() }
func (b *Slider) FocusLost()   { b.focused = false; b.Refresh() }
func (b *Slider) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}
func (b *Slider) TypedKey(e *fyne.KeyEvent) {
	name := e.Name
	if b.disabled {
		name = ""
	}
	switch name {
	case fyne.KeyLeft, fyne.KeyDown:
		b.move(b.at - 1)
	case fyne.KeyRight, fyne.KeyUp:
		b.move(b.at + 1)
	case fyne.KeyPageDown:
		b.move(b.at - max(1, b.last/8))
	case fyne.KeyPageUp:
		b.move(b.at + max(1, b.last/8))
	case fyne.KeyHome:
		b.move(0)
	case fyne.KeyEnd:
		b.move(b.last)
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

// CreateRenderer is Fyne's.
func (b *Slider) CreateRenderer() fyne.WidgetRenderer {
	r := &sliderRenderer{slider: b, track: canvas.NewRectangle(nil), done: canvas.NewRectangle(nil), knob: canvas.NewCircle(nil), ring: canvas.NewCircle(nil)}
	r.paint()
	return r
}

type sliderRenderer struct {
	slider      *Slider
	track, done *canvas.Rectangle
	knob, ring  *canvas.Circle
}

func (r *sliderRenderer) paint() {
	s := r.slider.style
	fill := s.Colour(Action)
	if r.slider.disabled {
		fill = s.Colour(Quiet)
	}
	if r.slider.hovered && !r.slider.disabled {
		fill = mixed(fill, s.Colour(Ink), 0.15)
	}
	r.track.FillColor, r.track.CornerRadius = s.Colour(Line), sliderTrack/2
	r.done.FillColor, r.done.CornerRadius = fill, sliderTrack/2
	r.knob.FillColor = fill
	r.ring.StrokeColor, r.ring.StrokeWidth = s.Colour(Action), 2
	r.ring.Hidden = !r.slider.focused
}

func (r *sliderRenderer) Layout(size fyne.Size) {
	b := r.slider
	share := float32(1)
	if b.last > 0 {
		share = float32(b.at) / float32(b.last)
	}
	x, y := sliderKnob+(size.Width-2*sliderKnob)*share, size.Height/2
	r.track.Move(fyne.NewPos(sliderKnob, y-sliderTrack/2))
	r.track.Resize(fyne.NewSize(max(0, size.Width-2*sliderKnob), sliderTrack))
	r.done.Move(r.track.Position())
	r.done.Resize(fyne.NewSize(max(0, x-sliderKnob), sliderTrack))
	r.knob.Move(fyne.NewPos(x-sliderKnob, y-sliderKnob))
	r.knob.Resize(fyne.NewSquareSize(2 * sliderKnob))
	r.ring.Move(fyne.NewPos(x-sliderKnob-4, y-sliderKnob-4))
	r.ring.Resize(fyne.NewSquareSize(2*sliderKnob + 8))
}

func (r *sliderRenderer) MinSize() fyne.Size { return fyne.NewSize(sliderLeast, sliderHeight) }

func (r *sliderRenderer) Refresh() {
	r.paint()
	r.Layout(r.slider.Size())
	canvas.Refresh(r.slider)
}

func (r *sliderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.done, r.knob, r.ring}
}
func (r *sliderRenderer) Destroy() {}
