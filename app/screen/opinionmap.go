package screen

import (
	"slices"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

// OpinionMap is the opinion map and what it means.
type OpinionMap struct {
	// ShowRoom shows the map to the room, or hides it again; Tables goes on to the
	// tables, How asks what stands behind the map, AsTable shows it as a table or a picture.
	ShowRoom, Tables, How, AsTable *look.Button
	// Letters choose a group, Everyone what all groups share.
	Letters  map[string]*look.Button
	Everyone *look.Button
	// Map is the picture.
	Map *mapview.Map
	// Lead says that the screen may have the filled button.
	Lead bool
	// OnShow is called to show the map to the room or hide it, OnHow with what to show
	// about the map, OnTables to go on to the tables.
	OnShow   func(what string, on bool)
	OnHow    func(*readmodel.HowWorkedOut)
	OnTables func()

	// Sort is the colours by class, Replay the session's past.
	Sort   mapSort
	Replay mapReplay

	style  look.Style
	sheet  *readmodel.Sheet
	stand  readmodel.Stand // what table and Sort's ways were worked out of
	table  *readmodel.MapTable
	chosen string // letter of the group that is looked at, "" for all
	all    bool   // all were chosen by its person
	tabled bool   // as a table

	title            mapTitle
	head, say, empty *fyne.Container
	legend           *look.Text
	foot, buttons    *fyne.Container
	findings         mapFindings
	letters, list    *fyne.Container
	scroll, root     *fyne.Container
	grid             *fyne.Container // the table
	gridScroll       *fyne.Container
	gridOf           *readmodel.MapTable
}

// NewOpinionMap makes the screen.
func NewOpinionMap(s look.Style) *OpinionMap {
	v := &OpinionMap{style: s, Map: mapview.New(s), Letters: map[string]*look.Button{}, Lead: true,
		head: look.Ends(2*look.Gap, look.NewSpace(0), look.NewSpace(0)), say: look.Column(2 * look.Gap), empty: look.Column(2 * look.Gap), letters: look.Wrap(2 * look.Gap), list: look.Column(3 * look.Gap),
		legend: look.NewText(s, "", look.TextOptions{Role: look.Quiet, Size: look.Small, Align: fyne.TextAlignCenter}), grid: look.Column(4 * look.Gap)}
	v.Map.Ground = look.Card
	v.Map.OnGroup = v.choose
	v.How = look.NewButton(s, s.Say("desk.how_title"), look.Choice, v.askHow)
	v.AsTable = look.NewButton(s, s.Say("desk.map_table"), look.Choice, v.Toggle)
	v.Tables = look.NewButton(s, s.Say("desk.map_tables"), look.Outline, func() {
		if v.OnTables != nil {
			v.OnTables()
		}
	})
	v.ShowRoom = look.NewButton(s, s.Say("host.show_title"), look.Outline, v.showRoom)
	v.Everyone = look.NewButton(s, s.Say("results.common"), look.Choice, func() { v.choose("") })
	v.Sort.make(v)
	v.Replay.make(v)
	v.buttons = look.Row(2*look.Gap, 0, look.NewSpace(0), v.Tables, v.ShowRoom)
	v.foot = &fyne.Container{Layout: &mapFoot{}, Objects: []fyne.CanvasObject{v.Replay.Play, v.Replay.track, v.buttons}}
	v.gridScroll = look.NewScroll(look.TopRow(2*look.Gap, 0, v.grid, mapBesideBar()))
	v.gridScroll.Hide()
	picture := look.Stack(look.Middle(440, v.empty), v.Map, v.gridScroll)
	left := look.NewCard(s, look.Filling(2*look.Gap, 3, v.head, v.say, v.Sort.object, picture, v.legend, v.foot))
	v.scroll = look.NewScroll(look.TopRow(2*look.Gap, 0, look.Column(3*look.Gap, v.Sort.legend, v.list), mapBesideBar()))
	right := look.NewCard(s, look.Filling(2*look.Gap, 1, v.letters, v.scroll))
	v.root = &fyne.Container{Layout: mapSplit{}, Objects: []fyne.CanvasObject{left, right}}
	return v
}

// Object gives what is put on the screen.
func (v *OpinionMap) Object() fyne.CanvasObject { return v.root }

// Take takes over what its person chose on a screen in another style.
func (v *OpinionMap) Take(other *OpinionMap) {
	v.chosen, v.all, v.tabled = other.chosen, other.all, other.tabled
	v.Map.Emphasise(other.Map.Emphasis())
	v.Sort.take(&other.Sort)
	v.Replay.take(&other.Replay)
}

// Show shows a session. What did not change since the last time is left as it is.
func (v *OpinionMap) Show(sheet *readmodel.Sheet) {
	v.sheet = sheet
	if v.stand != sheet.Stand() || v.table == nil {
		v.stand, v.table = sheet.Stand(), sheet.Table()
		v.Sort.offer(sheet.Sortings())
	}
	v.Replay.follow()
	v.keepChoice()
	v.fill()
}

// Toggle shows the map as a table, and as a picture again.
func (v *OpinionMap) Toggle() {
	if v.sheet == nil || v.table == nil && !v.tabled {
		return
	}
	v.tabled = !v.tabled
	if v.tabled {
		v.Replay.leave()
	}
	v.fill()
}

// Pages scrolls the table, or what stands beside the map, by so many pages down.
func (v *OpinionMap) Pages(down float32) {
	if v.sheet != nil && v.asTable() {
		look.ScrollPages(v.gridScroll, down)
		return
	}
	look.ScrollPages(v.scroll, down)
}

// asTable says whether the table is shown.
func (v *OpinionMap) asTable() bool {
	return v.tabled && v.table != nil && mapScene(v.sheet.Map) != nil
}

// keepChoice looks for the chosen group among those that there are now. The first is
// looked at where nobody chose.
func (v *OpinionMap) keepChoice() {
	letters := mapLetters(v.sheet)
	switch {
	case slices.Contains(letters, v.chosen):
		return
	case len(letters) == 0 || v.all:
		v.chosen = ""
	default:
		v.chosen = letters[0]
	}
	v.Map.Emphasise("")
}

// choose looks at a group, "" for all. Its marks stand out; chosen again they no longer do.
func (v *OpinionMap) choose(letter string) {
	if v.sheet == nil || letter != "" && !slices.Contains(mapLetters(v.sheet), letter) {
		return
	}
	if letter != "" && letter == v.chosen && v.Map.Emphasis() == letter {
		v.Map.Emphasise("")
		return
	}
	v.chosen, v.all = letter, letter == ""
	v.Map.Emphasise(letter)
	v.fill()
	look.ScrollTop(v.scroll)
}

// fill puts everything that changed on the screen.
func (v *OpinionMap) fill() {
	scene := mapScene(v.Replay.shown())
	v.Map.SetSorted(scene, v.Sort.current(), true)
	v.Map.Only(v.Sort.only)
	again := v.Sort.fill()
	again = v.fillTitle(scene) || again
	again = v.fillGrid() || again
	again = v.fillLegend(scene) || again
	again = v.Replay.fill() || again
	again = v.fillFoot(mapScene(v.sheet.Map)) || again
	if now := v.find(); !now.equal(v.findings) {
		v.findings = now
		v.fillFindings()
		again = true
	}
	if again {
		v.root.Refresh()
	}
}

// fillLegend says what hollow marks and soft edges mean, where there are some.
func (v *OpinionMap) fillLegend(scene *readmodel.Scene) bool {
	text := ""
	if key := mapUncertain(scene); key != "" && !v.asTable() {
		text = v.style.Say(key)
	}
	if v.legend.Text() == look.Typeset(text) && v.legend.Hidden == (text == "") {
		return false
	}
	v.legend.Set(text)
	v.legend.Hidden = text == ""
	return true
}

// fillFoot says whether it changed anything. Without a map there is nothing to show; what
// was shown can be hidden all the same.
func (v *OpinionMap) fillFoot(scene *readmodel.Scene) bool {
	shown := v.sheet.Shown["map"]
	text, kind := v.style.Say("host.show_title"), look.Outline
	switch {
	case shown:
		text = v.style.Say("desk.map_hide")
	case v.Lead:
		kind = look.Filled
	}
	tables, room := scene == nil, scene == nil && !shown
	v.ShowRoom.Enable(shown || !v.Replay.replaying()) // what is shown is the map of now
	if v.ShowRoom.Text() == text && v.ShowRoom.Kind() == kind && v.Tables.Hidden == tables && v.ShowRoom.Hidden == room {
		return false
	}
	v.ShowRoom.Set(text, "", kind)
	v.Tables.Hidden, v.ShowRoom.Hidden = tables, room
	v.foot.Hidden = tables && room
	return true
}

func (v *OpinionMap) showRoom() {
	if v.OnShow != nil && v.sheet != nil {
		v.OnShow("map", !v.sheet.Shown["map"])
	}
}

func (v *OpinionMap) askHow() {
	if v.OnHow != nil && v.sheet != nil && v.sheet.How != nil {
		v.OnHow(v.sheet.How)
	}
}

// mapScene gives what is painted of a map, nil where there is none.
func mapScene(m *readmodel.MapForRoom) *readmodel.Scene {
	if m == nil || m.Scene == nil || len(m.Scene.Marks) == 0 {
		return nil
	}
	return m.Scene
}

// mapLetters gives the letters of the groups on the map, in order.
func mapLetters(sheet *readmodel.Sheet) []string {
	if mapScene(sheet.Map) == nil || !sheet.Map.GroupsFound {
		return nil
	}
	letters := make([]string, len(sheet.Findings.Groups))
	for i, group := range sheet.Findings.Groups {
		letters[i] = group.Letter
	}
	return letters
}
