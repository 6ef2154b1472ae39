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
	// tables, How asks what stands behind the map.
	ShowRoom, Tables, How *look.Button
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

	style  look.Style
	sheet  *readmodel.Sheet
	chosen string // letter of the group that is looked at, "" for all
	all    bool   // all were chosen by its person

	title            mapTitle
	head, say, empty *fyne.Container
	foot             *fyne.Container
	findings         mapFindings
	letters, list    *fyne.Container
	scroll, root     *fyne.Container
}

// mapTitle is what stands above the map.
type mapTitle struct {
	light          readmodel.Light
	here, imported int
	how            bool
	said, missing  string
}

// NewOpinionMap makes the screen.
func NewOpinionMap(s look.Style) *OpinionMap {
	v := &OpinionMap{style: s, Map: mapview.New(s), Letters: map[string]*look.Button{}, Lead: true,
		head: look.Ends(2*look.Gap, look.NewSpace(0), look.NewSpace(0)), say: look.Column(0), empty: look.Column(2 * look.Gap), letters: look.Wrap(2 * look.Gap), list: look.Column(3 * look.Gap)}
	v.Map.Ground = look.Card
	v.Map.OnGroup = v.choose
	v.How = look.NewButton(s, s.Say("desk.how_title"), look.Choice, v.askHow)
	v.Tables = look.NewButton(s, s.Say("desk.map_tables"), look.Outline, func() {
		if v.OnTables != nil {
			v.OnTables()
		}
	})
	v.ShowRoom = look.NewButton(s, s.Say("host.show_title"), look.Outline, v.showRoom)
	v.Everyone = look.NewButton(s, s.Say("results.common"), look.Choice, func() { v.choose("") })
	v.foot = look.Row(2*look.Gap, 0, look.NewSpace(0), v.Tables, v.ShowRoom)
	picture := look.Stack(look.Middle(440, v.empty), v.Map)
	left := look.NewCard(s, look.Filling(2*look.Gap, 2, v.head, v.say, picture, v.foot))
	v.scroll = look.NewScroll(look.TopRow(2*look.Gap, 0, v.list, mapBesideBar()))
	right := look.NewCard(s, look.Filling(2*look.Gap, 1, v.letters, v.scroll))
	v.root = &fyne.Container{Layout: mapSplit{}, Objects: []fyne.CanvasObject{left, right}}
	return v
}

// Object gives what is put on the screen.
func (v *OpinionMap) Object() fyne.CanvasObject { return v.root }

// Show shows a session. What did not change since the last time is left as it is.
func (v *OpinionMap) Show(sheet *readmodel.Sheet) {
	v.sheet = sheet
	v.keepChoice()
	v.fill()
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
	scene := mapScene(v.sheet)
	v.Map.SetScene(scene, true)
	again := v.fillTitle(scene)
	again = v.fillFoot(scene) || again
	if now := v.find(); !now.equal(v.findings) {
		v.findings = now
		v.fillFindings()
		again = true
	}
	if again {
		v.root.Refresh()
	}
}

// fillTitle says whether it changed anything.
func (v *OpinionMap) fillTitle(scene *readmodel.Scene) bool {
	s, sheet := v.style, v.sheet
	now := mapTitle{light: sheet.Light, here: sheet.Wall.Here, imported: sheet.Wall.Imported, how: sheet.How != nil}
	if scene == nil {
		now.missing = mapParagraph(s, mapMissing(s, sheet.Map))
	} else {
		now.said = mapParagraph(s, mapSentences(s, sheet.Map))
	}
	if now == v.title {
		return false
	}
	v.title = now
	title := look.NewText(s, s.Say("desk.map_title"), look.TextOptions{Size: look.Head, Bold: true, Single: true})
	start := look.Row(3*look.Gap, -1, title, mapLight(s, sheet.Light))
	end := look.Row(2*look.Gap, -1, look.NewChip(s, "", mapWho(s, now.here, now.imported)))
	if now.how {
		end.Add(v.How)
	}
	v.head.Objects = []fyne.CanvasObject{start, end}
	v.say.Objects, v.empty.Objects = nil, nil
	if scene != nil {
		v.say.Objects = []fyne.CanvasObject{look.NewText(s, now.said, look.TextOptions{Role: look.Quiet})}
	} else {
		v.empty.Objects = []fyne.CanvasObject{
			look.NewText(s, s.Say("map.missing"), look.TextOptions{Size: look.Strong, Bold: true, Align: fyne.TextAlignCenter}),
			look.NewText(s, now.missing, look.TextOptions{Role: look.Quiet, Align: fyne.TextAlignCenter}),
		}
	}
	v.say.Hidden = scene == nil
	v.Map.Hidden = scene == nil
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

// mapScene gives what is painted, nil where there is no map.
func mapScene(sheet *readmodel.Sheet) *readmodel.Scene {
	if sheet.Map == nil || sheet.Map.Scene == nil || len(sheet.Map.Scene.Marks) == 0 {
		return nil
	}
	return sheet.Map.Scene
}

// mapLetters gives the letters of the groups on the map, in order.
func mapLetters(sheet *readmodel.Sheet) []string {
	if mapScene(sheet) == nil || !sheet.Map.GroupsFound {
		return nil
	}
	letters := make([]string, len(sheet.Findings.Groups))
	for i, group := range sheet.Findings.Groups {
		letters[i] = group.Letter
	}
	return letters
}

// mapLight says how far the map may be trusted.
func mapLight(s look.Style, light readmodel.Light) fyne.CanvasObject {
	switch light {
	case readmodel.Green:
		return look.NewDotChip(s, look.Fine, s.Say("desk.map_green"))
	case readmodel.Amber:
		return look.NewDotChip(s, look.WaitEdge, s.Say("desk.map_amber"))
	}
	return look.NewDotChip(s, look.Quiet, s.Say("desk.map_red"))
}

// mapWho says who is in the session. Imported people are never said to be here.
func mapWho(s look.Style, here, imported int) string {
	if imported == 0 {
		return s.Say("desk.map_here", look.Args{"Here": here})
	}
	return s.Say("desk.map_here_imported", look.Args{"Here": here, "Imported": imported})
}
