package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// Fetching stands in place of a session that is on its way here: nobody should work in a
// part of it.
type Fetching struct {
	// Leave goes back to the list; GoOn opens what is here, and is hidden where there is
	// nothing or the rest is coming.
	Leave, GoOn *look.Button
	// OnLeave and OnGoOn are called for them.
	OnLeave, OnGoOn func()

	style   look.Style
	last    readmodel.Fetching
	help    *look.Text
	entries *look.Text
	bar     *widget.ProgressBar
	root    *fyne.Container
}

// NewFetching makes the screen.
func NewFetching(s look.Style) *Fetching {
	v := &Fetching{style: s, help: look.NewText(s, "", look.TextOptions{}), entries: look.NewText(s, "", look.TextOptions{Role: look.Quiet}), bar: widget.NewProgressBar()}
	v.bar.TextFormatter = func() string { return "" } // the entries stand below it
	v.Leave = look.NewButton(s, s.Say("desk.home"), look.Outline, func() { v.OnLeave() })
	v.GoOn = look.NewButton(s, s.Say("follow.go_on"), look.Outline, func() { v.OnGoOn() })
	v.GoOn.Hidden = true
	rows := look.Column(4*look.Gap, look.NewText(s, s.Say("tablet.fetching"), look.TextOptions{Size: look.Head, Bold: true}), v.help,
		look.AtLeast(12, v.bar), v.entries, look.Wrap(2*look.Gap, v.Leave, v.GoOn))
	v.root = look.Inset(8*look.Gap, 8*look.Gap, look.Middle(640, look.NewCard(s, look.Inset(3*look.Gap, 3*look.Gap, rows))))
	return v
}

// Object gives what is drawn.
func (v *Fetching) Object() fyne.CanvasObject { return v.root }

// Anew gives the screen in another style, showing the same. Nothing is called by it yet.
func (v *Fetching) Anew(s look.Style) *Fetching {
	fresh := NewFetching(s)
	fresh.Show(v.last)
	return fresh
}

// Show shows how far it is.
func (v *Fetching) Show(f readmodel.Fetching) {
	v.last = f
	s, key := v.style, "follow.fetching_help"
	if f.Away {
		key = "follow.fetch_away"
	}
	help, entries := s.Say(key, look.Args{"Name": f.Name}), s.Say("follow.asking")
	if f.All > 0 {
		entries = s.Say("follow.entries", look.Args{"Here": words.Number(int(f.Here)), "All": words.Number(int(f.All))})
		v.bar.SetValue(float64(f.Here) / float64(f.All))
	} else if f.Away {
		entries = ""
	}
	if look.Typeset(help) == v.help.Text() && look.Typeset(entries) == v.entries.Text() && v.GoOn.Hidden == !f.CanGoOn() {
		return
	}
	v.help.Set(help)
	v.entries.Set(entries)
	v.GoOn.Hidden = !f.CanGoOn()
	v.root.Refresh()
}
