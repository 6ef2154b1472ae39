package tablet_test

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/tablet"
)

var pictures = flag.String("pictures", "", "folder that pictures of all screens are written to")

// The sizes of tablets, standing and lying.
var sizes = []fyne.Size{fyne.NewSize(820, 1180), fyne.NewSize(1180, 820), fyne.NewSize(600, 960), fyne.NewSize(1280, 800)}

// fake is a Program that notes what was touched, on a clock that the test moves.
type fake struct {
	touches []readmodel.Touch
	now     time.Time
}

func (f *fake) Follow(func(*readmodel.Handset)) {}
func (f *fake) Touch(t readmodel.Touch)         { f.touches = append(f.touches, t) }

// last gives what was touched last; what only says that somebody is there does not count.
func (f *fake) last() readmodel.Touch {
	for _, t := range slices.Backward(f.touches) {
		if t.Kind != readmodel.TouchAny && t.Kind != readmodel.TouchDraft {
			return t
		}
	}
	return readmodel.Touch{}
}

func newWindow(t *testing.T, size fyne.Size) (*tablet.Window, *fake) {
	t.Helper()
	f := &fake{now: fixedNow}
	w := tablet.New(test.NewTempApp(t), f, tablet.Options{Windowed: true, Now: func() time.Time { return f.now }})
	w.Window().Resize(size)
	return w, f
}

// show shows a Handset and lets it settle.
func show(w *tablet.Window, f *fake, h *readmodel.Handset) {
	w.Show(h)
	f.now = f.now.Add(time.Second)
}

// part is something that is drawn: where, and what of it is not hidden by what scrolls.
type part struct {
	object fyne.CanvasObject
	at     fyne.Position
	clip   rect
	over   bool
}

type rect struct{ left, top, right, bottom float32 }

func (r rect) cut(o rect) rect {
	return rect{max(r.left, o.left), max(r.top, o.top), min(r.right, o.right), min(r.bottom, o.bottom)}
}
func (r rect) empty() bool { return r.right-r.left < 1 || r.bottom-r.top < 1 }

func parts(w fyne.Window) []part {
	size := w.Canvas().Size()
	return walk(nil, w.Content(), fyne.Position{}, rect{0, 0, size.Width, size.Height}, false)
}

func walk(found []part, o fyne.CanvasObject, at fyne.Position, clip rect, over bool) []part {
	if !o.Visible() {
		return found
	}
	at = at.Add(o.Position())
	if strings.HasSuffix(fmt.Sprintf("%T", o), ".veil") {
		over = true
	}
	found = append(found, part{o, at, clip, over})
	inside := clip
	switch it := o.(type) {
	case *fyne.Container:
		for _, child := range it.Objects {
			found = walk(found, child, at, clip, over)
		}
		return found
	case *container.Scroll:
		size := it.Size()
		inside = clip.cut(rect{at.X, at.Y, at.X + size.Width, at.Y + size.Height})
	case fyne.Widget:
	default:
		return found
	}
	for _, child := range test.WidgetRenderer(o.(fyne.Widget)).Objects() {
		found = walk(found, child, at, inside, over)
	}
	return found
}

// texts gives all that can be read, each on a line, what fields hold among it.
func texts(w *tablet.Window) string {
	var lines []string
	for _, p := range parts(w.Window()) {
		switch it := p.object.(type) {
		case *look.Text:
			lines = append(lines, it.Text())
		case *tablet.Press:
			lines = append(lines, it.Text(), it.Small())
		case interface{ SelectedText() string }:
			lines = append(lines, entryText(p.object))
		}
	}
	return strings.Join(lines, "\n")
}

func entryText(o fyne.CanvasObject) string {
	if e := entryOf(o); e != nil {
		return e.Text
	}
	return ""
}

func entryOf(o fyne.CanvasObject) *widget.Entry {
	switch it := o.(type) {
	case *widget.Entry:
		return it
	case interface{ Field() *widget.Entry }:
		return it.Field()
	}
	return nil
}

// press gives the last button of a text.
func press(t *testing.T, w *tablet.Window, text string) *tablet.Press {
	t.Helper()
	var found *tablet.Press
	names := []string{}
	for _, p := range parts(w.Window()) {
		if b, ok := p.object.(*tablet.Press); ok {
			names = append(names, b.Text())
			if b.Text() == look.Typeset(text) {
				found = b
			}
		}
	}
	if found == nil {
		t.Fatalf("no button %q among %q", text, names)
	}
	return found
}

func field(t *testing.T, w *tablet.Window) *widget.Entry {
	t.Helper()
	for _, p := range parts(w.Window()) {
		if e := entryOf(p.object); e != nil {
			return e
		}
	}
	t.Fatal("there is no field")
	return nil
}

// blemishes says what is wrong with how a window is drawn: a text cut, sticking out or
// over another, a target too small, two filled buttons.
func blemishes(w fyne.Window) []string {
	var bad []string
	type placed struct {
		text string
		rect
		over bool
	}
	var seen []placed
	filled := map[bool]int{}
	size := w.Canvas().Size()
	for _, p := range parts(w) {
		switch it := p.object.(type) {
		case *tablet.Press:
			if it.Filled() {
				filled[p.over]++
			}
			if it.Size().Height < 48 || it.Size().Width < 48 {
				bad = append(bad, fmt.Sprintf("the target %q is %v", it.Text(), it.Size()))
			}
			if p.at.X < -0.5 || p.at.X+it.Size().Width > size.Width+0.5 {
				bad = append(bad, fmt.Sprintf("the button %q sticks out", it.Text()))
			}
		case *canvas.Text:
			if strings.TrimSpace(it.Text) == "" {
				continue
			}
			need, has := it.MinSize(), it.Size()
			if has.Width+0.6 < need.Width {
				bad = append(bad, fmt.Sprintf("%q has %.0f of %.0f", it.Text, has.Width, need.Width))
			}
			x := p.at.X
			switch it.Alignment {
			case fyne.TextAlignCenter:
				x += (has.Width - need.Width) / 2
			case fyne.TextAlignTrailing:
				x += has.Width - need.Width
			}
			r := rect{x, p.at.Y, x + need.Width, p.at.Y + min(has.Height, need.Height)}
			shown := r.cut(p.clip)
			if shown.empty() {
				continue
			}
			if r.left < -0.5 || r.right > size.Width+0.5 || r.right > p.clip.right+1 || r.left < p.clip.left-1 || r.bottom > size.Height+0.5 && p.clip.bottom > size.Height-1 {
				bad = append(bad, fmt.Sprintf("%q sticks out: %v", it.Text, r))
			}
			seen = append(seen, placed{it.Text, rect{shown.left + 1, shown.top + 0.2*need.Height, shown.right - 1, shown.bottom - 0.2*need.Height}, p.over})
		}
	}
	for over, n := range filled {
		if n > 1 {
			bad = append(bad, fmt.Sprintf("%d filled buttons (over: %v)", n, over))
		}
	}
	for i, a := range seen {
		for _, b := range seen[:i] {
			if a.over == b.over && !a.cut(b.rect).empty() {
				bad = append(bad, fmt.Sprintf("%q lies over %q", a.text, b.text))
			}
		}
	}
	return bad
}

func TestScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, size := range sizes {
			for _, dark := range []bool{false, true} {
				w, f := newWindow(t, size)
				for name, h := range handsets(lang) {
					t.Run(fmt.Sprintf("%s %s %v %v", name, lang, size, dark), func(t *testing.T) {
						h.Dark = dark
						show(w, f, h)
						for _, bad := range blemishes(w.Window()) {
							t.Error(bad)
						}
						keep(t, w, fmt.Sprintf("tablet %s %s %.0f %s.png", name, lang, size.Width, map[bool]string{true: "dark", false: "light"}[dark]))
					})
				}
			}
		}
	}
}

// keep writes a picture of a window where pictures are wanted.
func keep(t *testing.T, w *tablet.Window, name string) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.MkdirAll(*pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(*pictures, strings.ReplaceAll(name, " ", "-")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Window().Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}
