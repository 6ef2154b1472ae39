package tablet

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

func (w *Window) say(key string, args ...look.Args) string { return w.style.Say(key, args...) }

// line puts a line of the readmodel into words.
func (w *Window) line(l readmodel.HandsetLine) string {
	args := look.Args{}
	for name, value := range l.Args {
		args[name] = value
	}
	if l.Arg != "" {
		args["Text"] = w.say(l.Arg, args)
	}
	return w.say(l.Key, args)
}

// text, quiet and title make the three weights of text.
func (w *Window) text(text string) *look.Text {
	return look.NewText(w.style, text, look.TextOptions{Size: bodySize})
}

func (w *Window) quiet(text string) *look.Text {
	return look.NewText(w.style, text, look.TextOptions{Size: smallSize, Role: look.Quiet})
}

func (w *Window) title(text string) *look.Text {
	return look.NewText(w.style, text, look.TextOptions{Size: titleSize, Bold: true})
}

func (w *Window) strong(text string) *look.Text {
	return look.NewText(w.style, text, look.TextOptions{Size: bodySize, Bold: true})
}

// single makes a text that asks for one line.
func (w *Window) single(text string, o look.TextOptions) *look.Text {
	o.Single = true
	return look.NewText(w.style, text, o)
}

// button makes a button that says what was done.
func (w *Window) button(text string, k kind, t readmodel.Touch) *Press {
	return w.press(text, k, w.do(t))
}

func (w *Window) press(text string, k kind, tapped func()) *Press {
	p := newPress(w.style, text, k, tapped)
	return p
}

// short makes a button that stands beside others on a line.
func short(p *Press) *Press {
	p.single, p.least, p.size = true, lowTarget, 17
	return p
}

// card puts objects on a card, one below the other.
func (w *Window) card(objects ...fyne.CanvasObject) *fyne.Container {
	return look.Stack(look.Box(w.style.Colour(look.Card), w.style.Colour(look.Line), 12), look.Inset(7*look.Gap, 7*look.Gap, look.Column(gap, objects...)))
}

// lone puts a card into the middle of the page: there is nothing else to do.
func (w *Window) lone(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return look.Middle(620, w.card(objects...))
}

// note puts objects on the ground of what waits.
func (w *Window) note(objects ...fyne.CanvasObject) *fyne.Container {
	return look.Stack(look.Box(w.style.Colour(look.Waiting), w.style.Colour(look.WaitEdge), 12), look.Inset(4*look.Gap, 3*look.Gap, look.Column(look.Gap, objects...)))
}

// paragraphs gives the lines of a longer text.
func (w *Window) paragraphs(text string) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, line := range lines(text) {
		all = append(all, w.text(line))
	}
	return all
}

// field is a place to type that outlasts the screen's being made anew.
type field struct {
	entry *typing
	used  bool // it had the focus
}

// typing is Fyne's field that tells when it has the focus.
type typing struct {
	widget.Entry
	of *field
}

// FocusGained and FocusLost are Fyne's.
func (t *typing) FocusGained() { t.of.used = true; t.Entry.FocusGained() }
func (t *typing) FocusLost()   { t.Entry.FocusLost() }

// field gives the field of a name, with text where it is new.
func (w *Window) field(name, text, hint string, lines int, changed func(string)) fyne.CanvasObject {
	f := w.fields[name]
	if f == nil {
		f = &field{entry: &typing{}}
		f.entry.of = f
		f.entry.ExtendBaseWidget(f.entry)
		f.entry.MultiLine, f.entry.Wrapping = lines > 1, fyne.TextWrapOff
		if lines > 1 {
			f.entry.Wrapping = fyne.TextWrapWord
			f.entry.SetMinRowsVisible(lines)
		}
		f.entry.SetText(text)
		w.fields[name] = f
	}
	f.entry.SetPlaceHolder(look.Typeset(hint))
	f.entry.OnChanged = func(text string) {
		w.touch(readmodel.Touch{Kind: readmodel.TouchAny})
		if changed != nil {
			changed(text)
		}
	}
	return container.NewStack(f.entry)
}

// onEnter has Enter in a field do the same as the button beside it.
func (w *Window) onEnter(name string, act func()) {
	w.fields[name].entry.OnSubmitted = func(string) { act() }
}

// value gives what stands in a field.
func (w *Window) value(name string) string {
	if f := w.fields[name]; f != nil {
		return f.entry.Text
	}
	return ""
}

// focusedField gives the field that has the focus, nil for none.
func (w *Window) focusedField() *field {
	focused := w.window.Canvas().Focused()
	for _, f := range w.fields {
		if focused == fyne.Focusable(f.entry) {
			return f
		}
	}
	return nil
}

// veil covers the window while a question is asked: nothing below can be pressed.
type veil struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

func newVeil(content fyne.CanvasObject) *veil {
	v := &veil{content: content}
	v.ExtendBaseWidget(v)
	return v
}

// Tapped is Fyne's: a tap beside the question does nothing.
func (v *veil) Tapped(*fyne.PointEvent) {}

// CreateRenderer is Fyne's.
func (v *veil) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }
