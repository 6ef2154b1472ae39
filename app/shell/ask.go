package shell

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// question is what stands over the window until it was answered.
type question struct {
	popup *widget.PopUp
	// Go does it, Cancel closes the question; Go is nil where there is only something to read.
	Go, Cancel *look.Button
	// Entry is what is to be typed, nil for nothing.
	Entry *entry

	shell   *Shell
	content *fyne.Container
	buttons *fyne.Container // stay in sight where the content scrolls
	told    *fyne.Container // what came up meanwhile
	width   float32
}

// asked says what a question asks.
type asked struct {
	title string
	lines []string
	// body stands below the lines; may be nil.
	body fyne.CanvasObject
	// does names the button that does act; "" leaves it out.
	does string
	act  func()
	// informs says that the question only tells something: it is closed, not cancelled.
	informs bool
	// note says why it did not work before; "" for the first time.
	note string
	// entry is a field to type into; nil for none. does waits until it holds something.
	entry *entry
	width float32
}

// entry is a field that lets Escape close its question, and Enter answer it; where it
// holds lines, Enter begins another.
type entry struct {
	widget.Entry
	lines          bool
	escape, submit func()
}

func newEntry(rows int) *entry {
	e := &entry{}
	e.MultiLine = rows > 1
	e.Wrapping = fyne.TextWrapBreak
	if rows == 1 {
		e.Wrapping = fyne.TextWrapOff
	} else {
		e.SetMinRowsVisible(rows)
	}
	e.ExtendBaseWidget(e)
	return e
}

// AcceptsTab is Fyne's: the tab key leaves the field.
func (e *entry) AcceptsTab() bool { return false }

// TypedKey is Fyne's.
func (e *entry) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape && e.escape != nil:
		e.escape()
		return
	case (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter) && !e.lines && e.submit != nil:
		e.submit()
		return
	}
	e.Entry.TypedKey(key)
}

// ask puts a question over the window.
func (s *Shell) ask(a asked) *question {
	s.closeQuestion()
	q := &question{Entry: a.entry, shell: s, told: look.Column(2 * look.Gap), width: a.width}
	st := s.style
	content := look.Column(3*look.Gap, look.NewText(st, a.title, look.TextOptions{Size: look.Head, Bold: true}))
	for _, line := range a.lines {
		content.Add(look.NewText(st, line, look.TextOptions{}))
	}
	if a.note != "" {
		content.Add(look.NewNote(st, look.NewText(st, a.note, look.TextOptions{Role: look.OnWaiting})))
	}
	if a.body != nil {
		content.Add(a.body)
	}
	if a.entry != nil {
		a.entry.escape = s.closeQuestion
		content.Add(a.entry)
	}
	name := "page.cancel"
	if a.does == "" || a.informs {
		name = "page.close"
	}
	q.Cancel = look.NewButton(st, st.Say(name), look.Outline, s.closeQuestion)
	buttons := look.Row(2*look.Gap, 0, look.NewSpace(1), q.Cancel)
	if a.does != "" {
		q.Go = look.NewButton(st, a.does, look.Filled, func() {
			s.closeQuestion()
			a.act()
		})
		buttons.Add(q.Go)
	}
	if a.entry != nil && q.Go != nil {
		filled := func(text string) { q.Go.Enable(strings.TrimSpace(text) != "") }
		filled(a.entry.Text)
		a.entry.OnChanged = filled
		a.entry.submit = func() { q.Go.Tapped(nil) }
	}
	q.told.Hide()
	content.Add(q.told)
	s.asking, q.content, q.buttons = q, content, buttons
	s.putOver(q)
	if a.entry != nil {
		s.window.Canvas().Focus(a.entry)
	}
	return q
}

// askFor asks for something to be typed that an act is made of. Where the act does not
// work the question comes back with what was typed, and says why.
func (r *room) askFor(a asked, act func() readmodel.Act) {
	a.act = func() {
		r.try(act(), func(err error) {
			if err != nil {
				a.note = wordsOf(r.shell.style, err)
				r.shell.ask(a)
			}
		})
	}
	r.shell.ask(a)
}

// putOver shows the question as wide as it wants and the window allows; what is longer
// than the window scrolls, above the buttons.
func (s *Shell) putOver(q *question) {
	width := q.width
	if width == 0 {
		width = 520
	}
	room := s.window.Canvas().Size().Subtract(fyne.NewSize(96, 96))
	width = min(width, max(320, room.Width))
	framed := func(above fyne.CanvasObject) *fyne.Container {
		return look.Inset(5*look.Gap, 5*look.Gap, look.Filling(3*look.Gap, 0, above, q.buttons))
	}
	body := framed(q.content)
	height := look.HeightFor(body, width)
	if height > room.Height {
		height = max(240, room.Height)
		beside := look.Sized(fyne.NewSize(2*look.Gap, 0), look.NewSpace(0)) // Fyne's bar is painted there
		body = framed(look.NewScroll(look.TopRow(0, 0, q.content, beside)))
	}
	q.popup = widget.NewModalPopUp(look.Sized(fyne.NewSize(width, height), body), s.window.Canvas())
	q.popup.Show()
}

// tell says something within the question, and offers one thing to do.
func (q *question) tell(text, name string, act func()) {
	st := q.shell.style
	q.told.Objects = []fyne.CanvasObject{look.NewNote(st, look.Column(2*look.Gap, look.NewText(st, text, look.TextOptions{Role: look.OnWaiting}),
		look.Wrap(0, look.NewButton(st, name, look.Outline, act))))}
	q.told.Show()
	q.popup.Hide()
	q.shell.putOver(q)
}

// closeQuestion takes the question away; without one it does nothing.
func (s *Shell) closeQuestion() {
	if s.asking != nil {
		s.asking.popup.Hide()
		s.asking = nil
	}
}
