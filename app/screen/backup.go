package screen

import (
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// Backup is how a session's backups stand, and where they go.
type Backup struct {
	// Now writes one at once; Second chooses another folder for them, None ends that.
	Now, Second, None *look.Button
	// OnNow, OnSecond and OnNone are called for them.
	OnNow, OnSecond, OnNone func()

	style   look.Style
	line    *look.Text
	folder  *look.Text
	trouble *fyne.Container
	told    string
	root    *fyne.Container
}

// NewBackup makes the screen.
func NewBackup(s look.Style) *Backup {
	v := &Backup{style: s, trouble: look.Column(2 * look.Gap)}
	v.line = look.NewText(s, s.Say("backup.none"), look.TextOptions{Size: look.Strong, Bold: true})
	v.folder = look.NewText(s, s.Say("backup.second_none"), look.TextOptions{})
	v.Now = look.NewButton(s, s.Say("backup.now"), look.Outline, func() { v.OnNow() })
	v.Second = look.NewButton(s, s.Say("backup.second_choose"), look.Outline, func() { v.OnSecond() })
	v.None = look.NewButton(s, s.Say("backup.second_end"), look.Plain, func() { v.OnNone() })
	v.None.Hidden = true
	quiet := look.TextOptions{Role: look.Quiet}
	rows := look.Column(4*look.Gap,
		look.NewText(s, s.Say("backup.title"), look.TextOptions{Size: look.Head, Bold: true}),
		look.Column(2*look.Gap, v.line, look.NewText(s, s.Say("backup.help"), quiet), look.Wrap(0, v.Now)),
		v.trouble,
		look.NewRule(s),
		look.Column(2*look.Gap, look.NewText(s, s.Say("backup.second"), look.TextOptions{Bold: true}), v.folder,
			look.NewText(s, s.Say("backup.second_help"), quiet), look.Wrap(2*look.Gap, v.Second, v.None)))
	v.trouble.Hide()
	v.root = look.NewCard(s, look.NewScroll(look.Inset(look.Gap, 0, rows)))
	return v
}

// Object gives what is drawn.
func (v *Backup) Object() fyne.CanvasObject { return v.root }

// Show shows how the backups of a session stand.
func (v *Backup) Show(sheet *readmodel.Sheet) {
	s, b := v.style, sheet.Backups
	line := BackupLine(s, b, sheet.Now)
	folder := s.Say("backup.second_none")
	if b.Second != "" {
		folder = b.Second
	}
	told := ""
	for _, t := range b.Troubles() {
		told += s.Say(t.Key, t.Args) + "\n"
	}
	v.Now.Enable(!b.Working)
	if v.line.Text() == line && v.folder.Text() == folder && v.told == told {
		return
	}
	v.told = told
	v.line.Set(line)
	v.folder.Set(folder)
	v.None.Hidden = b.Second == ""
	v.trouble.Objects, v.trouble.Hidden = nil, told == ""
	for _, t := range b.Troubles() {
		v.trouble.Add(look.NewNote(s, look.NewText(s, s.Say(t.Key, t.Args), look.TextOptions{Role: look.OnWaiting})))
	}
	v.root.Refresh()
}

// BackupLine says in a line how backups stand.
func BackupLine(s look.Style, b readmodel.Backups, now uint64) string {
	ago := b.MinutesAgo(now)
	switch {
	case b.Working:
		return s.Say("backup.working")
	case ago < 0 && b.State() == readmodel.BackupWrong:
		return s.Say("backup.wrong")
	case ago < 0:
		return s.Say("backup.none")
	}
	when := s.Say("backup.just")
	switch {
	case ago >= 60:
		when = s.Say("backup.at", look.Args{"Time": time.UnixMilli(int64(b.Last)).Format("15:04")})
	case ago > 0:
		when = s.Say("desk.ago", look.Args{"N": ago})
	}
	return s.Say("backup.last", look.Args{"When": when, "Places": s.Say("backup.places", look.Args{"N": b.Places})})
}
