package screen

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// Report is where the results leave the laptop.
type Report struct {
	// Licence is under which terms, Folder where to; Formats is what goes in.
	Licence *choice
	// Words is a licence in words of one's own, Save writes it down.
	Words   *field
	Save    *look.Button
	Folder  *widget.Entry
	Formats map[string]*widget.Check
	// Browse chooses the folder, Write writes the pack, Open opens what was written.
	Browse, Write, Open *look.Button
	// Merge takes in the pack of another computer.
	Merge *look.Button
	// OnAct is called with the licence, OnBrowse to choose a folder, OnWrite with what
	// is to be written, OnOpen with the folder that was.
	OnAct    func(readmodel.Act)
	OnBrowse func(done func(folder string))
	OnWrite  func(readmodel.PackWish)
	OnOpen   func(folder string)
	OnMerge  func()

	style   look.Style
	licence string
	lead    bool
	shown   bool
	facts   *look.Text
	public  *look.Text
	result  *fyne.Container
	scroll  *fyne.Container
	root    *fyne.Container
	done    readmodel.PackDone
}

// NewReport makes the screen. formats are those that there are; folder is where packs go
// as long as nothing else is chosen.
func NewReport(s look.Style, formats []string, folder string) *Report {
	v := &Report{style: s, Formats: map[string]*widget.Check{}, result: look.Column(2 * look.Gap)}
	v.facts = look.NewText(s, "", look.TextOptions{})
	v.public = look.NewText(s, "", look.TextOptions{Role: look.Quiet})
	v.Licence = newChoice(s, licences, []string{s.Say("desk.licence_none"), "CC BY 4.0", "CC BY-SA 4.0", "CC0 1.0"}, func(value string) {
		v.OnAct(readmodel.Act{Act: "set", Field: "licence", Value: value})
	})
	v.Words = newField(s, s.Say("desk.licence_words"), "", 1, nil)
	v.Save = look.NewButton(s, s.Say("host.set_save"), look.Outline, v.saveWords)
	v.Save.Hide()
	v.Words.Entry.OnSubmitted = func(string) { v.saveWords() }
	v.Words.Entry.OnChanged = func(text string) {
		v.Save.Hidden = strings.TrimSpace(text) == "" || text == v.licence
		v.Save.Refresh()
		v.root.Refresh()
	}
	v.Folder = widget.NewEntry()
	v.Folder.SetText(folder)
	v.Browse = look.NewButton(s, s.Say("desk.browse"), look.Outline, func() { v.OnBrowse(func(folder string) { v.Folder.SetText(folder) }) })
	v.Write = look.NewButton(s, s.Say("desk.write_pack"), look.Outline, func() { v.OnWrite(v.wish()) })
	v.Merge = look.NewButton(s, s.Say("merge.button"), look.Outline, func() { v.OnMerge() })
	v.Open = look.NewButton(s, s.Say("desk.open_folder"), look.Outline, func() { v.OnOpen(v.done.Folder) })
	boxes := look.Wrap(2 * look.Gap)
	for _, format := range formats {
		box := widget.NewCheck(s.Say("pack."+strings.ReplaceAll(format, "-", "_")), nil)
		box.SetChecked(true)
		v.Formats[format] = box
		boxes.Add(box)
	}
	strong := look.TextOptions{Bold: true}
	licence := look.NewCard(s, look.Column(3*look.Gap, look.NewText(s, s.Say("host.set_licence"), strong), v.Licence.object, v.Words.object, look.Wrap(0, v.Save), v.public))
	holds := look.NewCard(s, look.Column(3*look.Gap, look.NewText(s, s.Say("desk.pack_holds"), strong), boxes,
		look.NewText(s, s.Say("desk.pack_parts"), look.TextOptions{Role: look.Quiet, Size: look.Small})))
	write := look.NewCard(s, look.NewScroll(look.Column(4*look.Gap, look.NewText(s, s.Say("desk.pack"), look.TextOptions{Size: look.Head, Bold: true}), v.facts,
		look.NewText(s, s.Say("desk.pack_help"), look.TextOptions{Role: look.Quiet}),
		look.Column(2*look.Gap, look.NewText(s, s.Say("desk.pack_where"), strong), look.Row(2*look.Gap, 0, v.Folder, v.Browse)), look.Wrap(0, v.Write), v.result)))
	merge := look.NewCard(s, look.Column(3*look.Gap, look.NewText(s, s.Say("merge.title"), strong), look.NewText(s, s.Say("merge.help"), look.TextOptions{Role: look.Quiet, Size: look.Small}), look.Wrap(0, v.Merge)))
	v.scroll = look.NewScroll(look.Column(3*look.Gap, licence, holds, merge))
	v.root = &fyne.Container{Layout: &sides{side: 400, gap: 4 * look.Gap}, Objects: []fyne.CanvasObject{write, v.scroll}}
	return v
}

// Object gives what is drawn.
func (v *Report) Object() fyne.CanvasObject { return v.root }

func (v *Report) saveWords() {
	v.OnAct(readmodel.Act{Act: "set", Field: "licence", Value: strings.TrimSpace(v.Words.Entry.Text)})
}

func (v *Report) wish() readmodel.PackWish {
	w := readmodel.PackWish{Folder: strings.TrimSpace(v.Folder.Text)}
	for name, box := range v.Formats {
		if box.Checked {
			w.Formats = append(w.Formats, name)
		}
	}
	return w
}

// Show shows a session. lead says that the screen may have the filled button.
func (v *Report) Show(sheet *readmodel.Sheet, lead bool) {
	licence := sheet.Settings["licence"]
	v.facts.Set(joined(v.style, []string{v.style.Say("results.size", look.Args{"N": len(sheet.People) + sheet.Wall.Imported, "Votes": words.Number(sheet.Wall.Votes)}), v.style.Say("desk.statements", look.Args{"N": len(sheet.Statements)})}))
	v.Licence.Choose(licence) // also after one that was refused
	if v.shown && licence == v.licence && lead == v.lead {
		return
	}
	v.shown, v.licence, v.lead = true, licence, lead
	if !slices.Contains(licences, licence) {
		setEntry(v.Words.Entry, licence)
	}
	v.Save.Hide()
	key := "host.report_public"
	if licence == "" {
		key = "desk.nothing_public"
	}
	v.public.Set(v.style.Say(key))
	kind := look.Outline
	if lead {
		kind = look.Filled
	}
	v.Write.Set(v.style.Say("desk.write_pack"), "", kind)
	v.root.Refresh()
}

// Take takes over what was chosen and typed in another Report, made in another style.
func (v *Report) Take(other *Report) {
	setEntry(v.Words.Entry, other.Words.Entry.Text)
	setEntry(v.Folder, other.Folder.Text)
	for name, box := range v.Formats {
		box.SetChecked(other.Formats[name].Checked)
	}
	if other.done.Folder != "" {
		v.Done(other.done)
	}
}

// Done says what was written, and offers to open it.
func (v *Report) Done(done readmodel.PackDone) {
	s := v.style
	v.done = done
	v.result.Objects = []fyne.CanvasObject{look.NewRule(s), look.NewText(s, s.Say("desk.pack_done", look.Args{"N": done.Files}), look.TextOptions{Bold: true}),
		look.NewText(s, done.Folder, look.TextOptions{})}
	if !done.Public {
		v.result.Add(look.NewText(s, s.Say("desk.pack_private"), look.TextOptions{Role: look.Quiet}))
	}
	if done.Withheld > 0 {
		v.result.Add(look.NewText(s, s.Say("desk.pack_withheld", look.Args{"N": done.Withheld}), look.TextOptions{Role: look.Quiet}))
	}
	v.result.Add(look.Wrap(0, v.Open))
	v.root.Refresh()
}
