package screen

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// WallControl is where the facilitator switches the wall, with what the room sees.
type WallControl struct {
	// Modes choose what the wall shows, Reading in which language.
	Modes, Reading *choice
	// Window opens the wall's window or brings it to the full screen, Page opens it in
	// the browser; Show are the switches of what the room sees.
	Window, Page *look.Button
	Switches     map[string]*look.Button
	// OnAct is called with what its person wants.
	OnAct     func(readmodel.Act)
	OnShow    func(what string, on bool)
	OnWindow  func()
	OnPage    func()
	OnReading func(lang string)

	style look.Style
	wall  *Wall
	sheet *readmodel.Sheet
	root  fyne.CanvasObject
}

// shownThings are the switches, by the names of readmodel.Show.
var shownThings = []string{"results", "map", "tables", "devices_down"}

// NewWallControl makes the screen.
func NewWallControl(s look.Style) *WallControl {
	v := &WallControl{style: s, Switches: map[string]*look.Button{}, wall: NewWall(s.Lang)}
	names := make([]string, len(readmodel.WallModes))
	for i, mode := range readmodel.WallModes {
		names[i] = s.Say("host.mode_" + mode)
	}
	v.Modes = newChoice(s, readmodel.WallModes, names, func(mode string) { v.OnAct(readmodel.Act{Act: "wall", Mode: mode}) })
	v.Reading = newChoice(s, []string{"", "zh-Hant", "en", "both"}, []string{s.Say("desk.reading_room"), s.Say("language.zh-Hant"), s.Say("language.en"), s.Say("language.both")}, func(lang string) {
		v.wall.SetReading(lang)
		v.OnReading(lang)
	})
	v.Reading.Choose("")
	v.Window = look.NewButton(s, s.Say("desk.wall_window"), look.Outline, func() { v.OnWindow() })
	v.Page = look.NewButton(s, s.Say("desk.wall_page"), look.Outline, func() { v.OnPage() })
	shows := look.Column(2 * look.Gap)
	for _, what := range shownThings {
		b := look.NewButton(s, s.Say("host.show_"+what), look.Choice, func() { v.OnShow(what, !v.sheet.Shown[what]) })
		v.Switches[what] = b
		shows.Add(b)
	}
	picture := &fyne.Container{Layout: &wide{}, Objects: []fyne.CanvasObject{v.wall}}
	left := look.NewCard(s, look.Column(4*look.Gap, look.NewText(s, s.Say("host.wall_now"), look.TextOptions{Size: look.Head, Bold: true}), v.Modes.object, picture))
	strong := look.TextOptions{Bold: true}
	right := look.NewCard(s, look.Column(5*look.Gap,
		look.Column(2*look.Gap, look.NewText(s, s.Say("desk.wall_where"), strong), v.Window, v.Page, look.NewText(s, s.Say("desk.wall_help"), look.TextOptions{Role: look.Quiet, Size: look.Small})),
		look.Column(2*look.Gap, look.NewText(s, s.Say("host.set_language"), strong), v.Reading.object),
		look.Column(2*look.Gap, look.NewText(s, s.Say("host.show_title"), strong), shows)))
	v.root = &fyne.Container{Layout: &sides{side: 300, gap: 4 * look.Gap}, Objects: []fyne.CanvasObject{look.NewScroll(left), look.NewScroll(right)}}
	return v
}

// Object gives what is drawn.
func (v *WallControl) Object() fyne.CanvasObject { return v.root }

// SetReading tells in which language the wall is read.
func (v *WallControl) SetReading(lang string) {
	v.Reading.Choose(lang)
	v.wall.SetReading(lang)
}

// Show shows a session; open says that the wall's window is.
func (v *WallControl) Show(sheet *readmodel.Sheet, open bool) {
	v.sheet = sheet
	v.Modes.Choose(sheet.Wall.Mode)
	for what, b := range v.Switches {
		b.Choose(sheet.Shown[what])
		b.Enable(what != "tables" || sheet.Plan != nil)
	}
	name := "desk.wall_window"
	if open {
		name = "desk.wall_full"
	}
	v.Window.Set(v.style.Say(name), "", look.Outline)
	v.wall.Present(&sheet.Wall, sheet.Now)
}

// wide keeps an object in the form of a projector's picture, 16 to 9.
type wide struct{ width float32 }

func (w *wide) HeightFor(_ []fyne.CanvasObject, width float32) float32 { return width * 9 / 16 }

func (w *wide) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, max(135, w.width*9/16))
}

func (w *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w.width = size.Width
	objects[0].Resize(fyne.NewSize(size.Width, size.Width*9/16))
}
