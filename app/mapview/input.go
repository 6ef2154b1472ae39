package mapview

import (
	"math"

	"fyne.io/fyne/v2"
)

// How far a key or a turn of the wheel goes.
const (
	keyZoom   = 1.4
	wheelZoom = 0.012 // per unit of Fyne's scrolling, to the power of e
	keyPan    = 0.15  // of what is in sight
	tapReach  = 8     // beside a mark, in Fyne's units
)

// Tapped is Fyne's: it says which group was tapped.
func (m *Map) Tapped(e *fyne.PointEvent) {
	if letter := m.groupAt(e.Position); letter != "" && m.OnGroup != nil {
		m.OnGroup(letter)
	}
}

func (m *Map) groupAt(at fyne.Position) string {
	for _, t := range m.tags {
		if at.X >= t.at.X && at.Y >= t.at.Y && at.X <= t.at.X+t.box.Width && at.Y <= t.at.Y+t.box.Height {
			return t.group
		}
	}
	f := m.frame()
	x, y := f.back(float64(at.X), float64(at.Y))
	return m.now.groupAt(x, y, tapReach/f.scale)
}

// DoubleTapped is Fyne's: it shows all of the map again.
func (m *Map) DoubleTapped(*fyne.PointEvent) { m.Reset() }

// Scrolled is Fyne's: the wheel enlarges about the pointer.
func (m *Map) Scrolled(e *fyne.ScrollEvent) {
	factor := math.Exp(wheelZoom * float64(e.Scrolled.DY))
	m.Look(m.frame().zoomed(factor, float64(e.Position.X), float64(e.Position.Y)))
}

// Dragged and DragEnd are Fyne's: dragging moves the map.
func (m *Map) Dragged(e *fyne.DragEvent) {
	m.Look(m.frame().panned(float64(e.Dragged.DX), float64(e.Dragged.DY)))
}
func (m *Map) DragEnd() {}

// FocusGained and FocusLost are Fyne's. A tap does not take the focus: the desk's keys
// stay the desk's.
func (m *Map) FocusGained() { m.focused = true; m.Refresh() }
func (m *Map) FocusLost()   { m.focused = false; m.Refresh() }

// TypedRune is Fyne's: + and − enlarge, 0 shows all. Others are the window's.
func (m *Map) TypedRune(r rune) {
	switch r {
	case '+', '=', '＋':
		m.zoom(keyZoom)
	case '-', '−', '－':
		m.zoom(1 / keyZoom)
	case '0', '０':
		m.Reset()
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil && c.OnTypedRune() != nil {
			c.OnTypedRune()(r)
		}
	}
}

// TypedKey is Fyne's: the arrows move what is looked at. Other keys are the window's.
func (m *Map) TypedKey(e *fyne.KeyEvent) {
	f := m.frame()
	x, y := keyPan*f.width, keyPan*f.height
	switch e.Name {
	case fyne.KeyLeft:
		m.Look(f.panned(x, 0))
	case fyne.KeyRight:
		m.Look(f.panned(-x, 0))
	case fyne.KeyUp:
		m.Look(f.panned(0, y))
	case fyne.KeyDown:
		m.Look(f.panned(0, -y))
	case fyne.Key0, fyne.KeyPlus, fyne.KeyMinus, fyne.KeyEqual, fyne.KeyAsterisk:
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

func (m *Map) zoom(factor float64) {
	f := m.frame()
	m.Look(f.zoomed(factor, f.width/2, f.height/2))
}
