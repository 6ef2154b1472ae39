package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
)

// field is a labelled entry; longer ones can be written in the browser.
type field struct {
	Entry *widget.Entry
	// Browser is the button "write in the browser", nil for short fields.
	Browser *look.Button
	label   string
	typed   fyne.Focusable // what takes the focus
	object  fyne.CanvasObject
}

// Focusable gives what takes the focus.
func (f *field) Focusable() fyne.Focusable { return f.typed }

// tabbed is an entry that the tab key leaves, also where it has several lines.
type tabbed struct{ widget.Entry }

// AcceptsTab is Fyne's.
func (*tabbed) AcceptsTab() bool { return false }

// Field gives the entry that is typed into.
func (t *tabbed) Field() *widget.Entry { return &t.Entry }

// newField makes a field. rows is its height in lines; pen is called for "write in the
// browser", and nil leaves the button out.
func newField(s look.Style, label, help string, rows int, pen func()) *field {
	entry := &tabbed{}
	entry.ExtendBaseWidget(entry)
	f := &field{label: label, Entry: &entry.Entry, typed: entry}
	if rows > 1 {
		f.Entry.MultiLine = true
		f.Entry.SetMinRowsVisible(rows)
	}
	f.Entry.Wrapping = fyne.TextWrapBreak
	if rows == 1 {
		f.Entry.Wrapping = fyne.TextWrapOff
	}
	head := look.Row(2*look.Gap, 0, look.NewText(s, label, look.TextOptions{Bold: true}))
	if pen != nil {
		f.Browser = look.NewButton(s, s.Say("desk.in_browser"), look.Choice, pen)
		head.Add(f.Browser)
	}
	lines := look.Column(look.Gap, head)
	if help != "" {
		lines.Add(look.NewText(s, help, look.TextOptions{Role: look.Quiet, Size: look.Small}))
	}
	lines.Add(entry)
	f.object = lines
	return f
}

// choice is a row of buttons of which one is chosen.
type choice struct {
	Buttons []*look.Button
	values  []string
	chosen  string
	object  *fyne.Container
}

// newChoice makes a choice; names stand for values, in order.
func newChoice(s look.Style, values, names []string, chosen func(value string)) *choice {
	c := &choice{values: values, object: look.Wrap(2 * look.Gap)}
	for i, value := range values {
		b := look.NewButton(s, names[i], look.Choice, func() {
			c.Choose(value)
			if chosen != nil {
				chosen(value)
			}
		})
		c.Buttons = append(c.Buttons, b)
		c.object.Add(b)
	}
	return c
}

// Choose marks a value as the chosen one.
func (c *choice) Choose(value string) {
	c.chosen = value
	for i, b := range c.Buttons {
		b.Choose(c.values[i] == value)
	}
}

// selector is Fyne's drop-down with a label before it.
func selector(s look.Style, label string, options []string, changed func(string)) (*widget.Select, fyne.CanvasObject) {
	sel := widget.NewSelect(options, changed)
	return sel, look.Row(2*look.Gap, -1, look.NewText(s, label, look.TextOptions{Role: look.Quiet, Single: true}), container.NewStack(sel))
}
