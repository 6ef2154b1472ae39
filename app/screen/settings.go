package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// settingFields are the session's texts, with how many lines each has.
var settingFields = []struct {
	name string
	rows int
}{{"title", 1}, {"about", 4}, {"notice", 4}, {"contact", 1}, {"wifi", 1}, {"question", 2}, {"question_low", 1}, {"question_high", 1}, {"practice", 1}, {"prompt", 4}}

// Settings are what people read of a session besides its statements.
type Settings struct {
	// Fields are the entries by the name of the session's field, Save their buttons.
	Fields map[string]*field
	Save   map[string]*look.Button
	// Language is the room's.
	Language *choice
	// OnAct is called with what its person wants, OnPen to write a field in the browser.
	OnAct func(readmodel.Act)
	OnPen func(label, text string, lines bool, done func(string))

	style  look.Style
	values map[string]string
	shown  bool
	root   fyne.CanvasObject
}

// NewSettings makes the screen.
func NewSettings(s look.Style) *Settings {
	v := &Settings{style: s, Fields: map[string]*field{}, Save: map[string]*look.Button{}, values: map[string]string{}}
	v.Language = newChoice(s, []string{"zh-Hant", "en"}, []string{s.Say("language.zh-Hant"), s.Say("language.en")}, func(value string) {
		v.OnAct(readmodel.Act{Act: "set", Field: "language", Value: value})
	})
	rows := look.Column(4*look.Gap, look.NewText(s, s.Say("host.settings"), look.TextOptions{Size: look.Head, Bold: true}),
		look.Column(look.Gap, look.NewText(s, s.Say("desk.room_language"), look.TextOptions{Bold: true}), v.Language.object))
	for _, one := range settingFields {
		rows.Add(v.field(one.name, one.rows))
	}
	v.root = look.NewCard(s, look.NewScroll(look.Inset(look.Gap, 0, rows)))
	return v
}

func (v *Settings) field(name string, rows int) fyne.CanvasObject {
	s := v.style
	f := newField(s, s.Say("host.set_"+name), "", rows, func() { v.pen(name, rows > 1) })
	v.Fields[name] = f
	save := look.NewButton(s, s.Say("host.set_save"), look.Outline, func() { v.save(name) })
	save.Enable(false)
	v.Save[name] = save
	f.Entry.OnChanged = func(text string) {
		save.Enable(text != v.values[name])
	}
	if rows == 1 {
		f.Entry.OnSubmitted = func(string) { v.save(name) }
	}
	f.object.(*fyne.Container).Add(look.Wrap(0, save))
	return f.object
}

func (v *Settings) save(name string) {
	v.OnAct(readmodel.Act{Act: "set", Field: name, Value: v.Fields[name].Entry.Text})
}

func (v *Settings) pen(name string, lines bool) {
	f := v.Fields[name]
	v.OnPen(f.label, f.Entry.Text, lines, func(text string) {
		f.Entry.SetText(text)
		v.save(name)
	})
}

// Object gives what is drawn.
func (v *Settings) Object() fyne.CanvasObject { return v.root }

// Show shows a session. A field that somebody is changing keeps what was typed.
func (v *Settings) Show(sheet *readmodel.Sheet) {
	v.Language.Choose(sheet.Wall.Language)
	for name, f := range v.Fields {
		now := sheet.Settings[name]
		was := v.values[name]
		if v.shown && now == was {
			continue
		}
		v.values[name] = now
		if !v.shown || f.Entry.Text == was || f.Entry.Text == now {
			setEntry(f.Entry, now)
		}
		v.Save[name].Enable(f.Entry.Text != now)
	}
	v.shown = true
}

// Saved says that what was typed into a field is saved; what was typed since stays.
func (v *Settings) Saved(name, text string) {
	v.values[name] = text
	v.Save[name].Enable(v.Fields[name].Entry.Text != text)
}

// Drafts gives what was typed and not saved, by field; Restore puts it back.
func (v *Settings) Drafts() map[string]string {
	drafts := map[string]string{}
	for name, f := range v.Fields {
		if v.shown && f.Entry.Text != v.values[name] {
			drafts[name] = f.Entry.Text
		}
	}
	return drafts
}

// Restore puts back what Drafts gave.
func (v *Settings) Restore(drafts map[string]string) {
	for name, text := range drafts {
		v.Fields[name].Entry.SetText(text)
	}
}

// setEntry writes a text into an entry where it differs, since writing moves the cursor.
func setEntry(e *widget.Entry, text string) {
	if e.Text != text {
		e.SetText(text)
	}
}
