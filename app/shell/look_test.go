package shell_test

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/look"
	"folkmoot/app/shell"
	"folkmoot/assets/words"
)

func say(lang, key string) string { return look.Typeset(words.Text(lang, key, nil)) }

// part is something that is drawn: where, and what of it is not hidden by what scrolls.
type part struct {
	object fyne.CanvasObject
	at     fyne.Position
	clip   rect
	over   bool // it belongs to a question over the window
}

type rect struct{ left, top, right, bottom float32 }

func (r rect) cut(o rect) rect {
	return rect{max(r.left, o.left), max(r.top, o.top), min(r.right, o.right), min(r.bottom, o.bottom)}
}
func (r rect) empty() bool { return r.right-r.left < 1 || r.bottom-r.top < 1 }

// parts gives all that is drawn on a window.
func parts(w fyne.Window) []part {
	size := w.Canvas().Size()
	all := rect{0, 0, size.Width, size.Height}
	found := walk(nil, w.Content(), fyne.Position{}, all, false)
	for _, o := range w.Canvas().Overlays().List() {
		found = walk(found, o, fyne.Position{}, all, true)
	}
	return found
}

func walk(found []part, o fyne.CanvasObject, at fyne.Position, clip rect, over bool) []part {
	if !o.Visible() {
		return found
	}
	at = at.Add(o.Position())
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

// buttons gives the buttons that are drawn.
func buttons(s *shell.Shell) []*look.Button {
	var list []*look.Button
	for _, p := range parts(s.Window()) {
		if b, ok := p.object.(*look.Button); ok {
			list = append(list, b)
		}
	}
	return list
}

// button gives the last button of a text: one of a question stands over the others.
func button(t *testing.T, s *shell.Shell, text string) *look.Button {
	t.Helper()
	var found *look.Button
	names := []string{}
	for _, b := range buttons(s) {
		names = append(names, b.Text())
		if b.Text() == text {
			found = b
		}
	}
	if found == nil {
		t.Fatalf("no button %q among %q", text, names)
	}
	return found
}

func tap(t *testing.T, s *shell.Shell, text string) {
	t.Helper()
	b := button(t, s, text)
	if b.Disabled() {
		t.Fatalf("the button %q cannot be pressed", text)
	}
	test.Tap(b)
}

// drawn gives all texts that are drawn, each on a line.
func drawn(s *shell.Shell) string {
	var lines []string
	for _, p := range parts(s.Window()) {
		switch it := p.object.(type) {
		case *look.Text:
			lines = append(lines, it.Text())
		case *look.Button:
			lines = append(lines, it.Text())
		}
	}
	return strings.Join(lines, "\n")
}

// blemishes says what is wrong with how a window is drawn: a text narrower than it
// needs, one that sticks out, two over each other, dots at an end, two filled buttons.
func blemishes(w fyne.Window) []string {
	var bad []string
	type placed struct {
		text string
		rect
		over bool
	}
	var texts []placed
	filled := 0
	for _, p := range parts(w) {
		switch it := p.object.(type) {
		case *look.Button:
			if it.Kind() == look.Filled && !p.over {
				filled++
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
			seen := r.cut(p.clip)
			if seen.empty() {
				continue
			}
			if size := w.Canvas().Size(); r.left < -0.5 || r.right > size.Width+0.5 || r.right > p.clip.right+1 || r.left < p.clip.left-1 {
				bad = append(bad, fmt.Sprintf("%q sticks out: %.0f … %.0f", it.Text, r.left, r.right))
			}
			if strings.HasSuffix(it.Text, "…") && !strings.Contains(ellipses, it.Text) {
				bad = append(bad, fmt.Sprintf("%q ends in dots", it.Text))
			}
			// Two texts may touch by the blank above and below their letters.
			texts = append(texts, placed{it.Text, rect{seen.left + 1, seen.top + 0.2*need.Height, seen.right - 1, seen.bottom - 0.2*need.Height}, p.over})
		}
	}
	if filled > 1 {
		bad = append(bad, fmt.Sprintf("%d filled buttons", filled))
	}
	for i, a := range texts {
		for _, b := range texts[:i] {
			if a.over == b.over && !a.cut(b.rect).empty() {
				bad = append(bad, fmt.Sprintf("%q lies over %q", a.text, b.text))
			}
		}
	}
	return bad
}

// ellipses are the names that ask for more: their dots belong to them.
var ellipses = func() string {
	all := []string{}
	for _, key := range words.Keys() {
		for _, lang := range words.Languages() {
			if text := words.Text(lang, key, map[string]any{"N": 1}); strings.HasSuffix(text, "…") {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, "\n")
}()

// pixels gives how many pixels of a picture have exactly a colour.
func pixels(img image.Image, style look.Style, letter string) int {
	want := style.Group(letter)
	n := 0
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			if uint8(r>>8) == want.R && uint8(g>>8) == want.G && uint8(b>>8) == want.B {
				n++
			}
		}
	}
	return n
}

// isCell says whether an object is one of the people in a list.
func isCell(o fyne.CanvasObject) bool { return fmt.Sprintf("%T", o) == "*screen.personCell" }

// cells gives the words of the people that are drawn, one person a line: their parts are
// no look.Text, since there are many.
func cells(s *shell.Shell) string {
	var lines []string
	for _, p := range parts(s.Window()) {
		if !isCell(p.object) {
			continue
		}
		line := []string{}
		for _, inner := range walk(nil, p.object, p.at, p.clip, false) {
			if text, ok := inner.object.(*canvas.Text); ok {
				line = append(line, text.Text)
			}
		}
		lines = append(lines, strings.Join(line, " ")+"\n")
	}
	return strings.Join(lines, "")
}
