package look

import (
	"weak"

	"fyne.io/fyne/v2"
)

// Sight is a text or a button as it stands on a window, for tests that use the mouse.
type Sight struct {
	Window        string // title of the window
	Kind          string // text or button
	Text          string
	X, Y          float32 // its middle, from the window's corner, in Fyne's units
	Width, Height float32
}

// tracing says that what is made is to be found by Sights; sighted is all of it, on
// Fyne's thread.
var (
	tracing bool
	sighted []func() fyne.CanvasObject
)

// Trace lets Sights find what is made from now on. It costs memory: for tests.
func Trace() { tracing = true }

// trace remembers a part, as long as somebody holds it.
func trace[T any, P interface {
	*T
	fyne.CanvasObject
}](part P) {
	if !tracing {
		return
	}
	pointer := weak.Make((*T)(part))
	sighted = append(sighted, func() fyne.CanvasObject {
		if p := pointer.Value(); p != nil {
			return P(p)
		}
		return nil
	})
}

// Sights gives the texts and buttons that stand on one of the windows.
func Sights(windows []fyne.Window) []Sight {
	driver := fyne.CurrentApp().Driver()
	titles := map[fyne.Canvas]string{}
	for _, w := range windows {
		titles[w.Canvas()] = w.Title()
	}
	var seen []Sight
	kept := sighted[:0]
	for _, find := range sighted {
		o := find()
		if o == nil {
			continue
		}
		kept = append(kept, find)
		canvas := driver.CanvasForObject(o)
		title, shown := titles[canvas]
		at := driver.AbsolutePositionForObject(o)
		if !shown || !o.Visible() || o.Size().Width < 1 || at == (fyne.Position{}) {
			continue
		}
		sight := Sight{Window: title, X: at.X + o.Size().Width/2, Y: at.Y + o.Size().Height/2, Width: o.Size().Width, Height: o.Size().Height}
		switch it := o.(type) {
		case *Button:
			sight.Kind, sight.Text = "button", it.text
			if it.disabled {
				sight.Kind = "disabled"
			}
		case *Text:
			sight.Kind, sight.Text = "text", it.text
		}
		seen = append(seen, sight)
	}
	sighted = kept
	return seen
}
