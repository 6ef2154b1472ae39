package screen

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// mapTitle is what stands above the map: two that are equal look alike.
type mapTitle struct {
	light          readmodel.Light
	here, imported int
	how, sorts     bool // there is something behind the buttons
	scene, tabled  bool
	said, missing  string // the map in words, or why there is none
	past, making   string // what is said of a replay
}

// fillTitle says whether it changed anything.
func (v *OpinionMap) fillTitle(scene *readmodel.Scene) bool {
	s, sheet := v.style, v.sheet
	now := mapTitle{light: sheet.Light, here: sheet.Wall.Here, imported: sheet.Wall.Imported, how: sheet.How != nil, sorts: v.Sort.offered(),
		scene: scene != nil, tabled: v.asTable(), past: v.Replay.said(), making: v.Replay.working()}
	switch {
	case now.past != "" && scene == nil:
		now.missing = s.Say("desk.replay_none")
	case now.past != "":
	case scene == nil:
		now.missing = mapParagraph(s, mapMissing(s, sheet.Map))
	case !now.tabled && now.making == "" && !(v.Sort.open && now.sorts): // else that stands there
		now.said = mapParagraph(s, mapFirstSentences(s, sheet))
	}
	if now == v.title {
		return false
	}
	v.title = now
	v.fillHead(now)
	v.say.Objects, v.empty.Objects = nil, nil
	if now.past != "" || now.making != "" {
		v.say.Add(v.Replay.note(now))
	}
	switch {
	case scene == nil:
		v.fillEmpty(now)
	case now.said != "":
		v.say.Add(look.NewText(s, now.said, look.TextOptions{Role: look.Quiet}))
	}
	v.say.Hidden = len(v.say.Objects) == 0
	v.Map.Hidden = scene == nil || now.tabled
	return true
}

// fillHead puts the title and what can be chosen above the map.
func (v *OpinionMap) fillHead(now mapTitle) {
	s := v.style
	title := look.NewText(s, s.Say("desk.map_title"), look.TextOptions{Size: look.Head, Bold: true, Single: true})
	end := look.Wrap(2 * look.Gap)
	who := mapWho(s, now.here, now.imported)
	if now.sorts && !now.tabled {
		v.Sort.Who.Set(who+"  ▾", "", look.Choice)
		end.Add(v.Sort.Who)
	} else {
		end.Add(look.NewChip(s, "", who))
	}
	if now.how {
		end.Add(v.How)
	}
	start := look.Wrap(2*look.Gap, title)
	if now.past == "" {
		start.Add(mapLight(s, now.light)) // it is of now
	}
	if v.table != nil && mapScene(v.sheet.Map) != nil {
		name := "desk.map_table"
		if now.tabled {
			name = "desk.map_picture"
		}
		v.AsTable.Set(s.Say(name), "", look.Choice)
		start.Add(v.AsTable)
	}
	v.head.Objects = []fyne.CanvasObject{start, end}
}

// fillEmpty says why there is no map.
func (v *OpinionMap) fillEmpty(now mapTitle) {
	s := v.style
	heading := s.Say("map.missing")
	if now.past != "" {
		heading = now.missing
	}
	v.empty.Objects = []fyne.CanvasObject{look.NewText(s, heading, look.TextOptions{Size: look.Strong, Bold: true, Align: fyne.TextAlignCenter})}
	if now.past == "" {
		v.empty.Add(look.NewText(s, now.missing, look.TextOptions{Role: look.Quiet, Align: fyne.TextAlignCenter}))
	}
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

// mapUncertain gives the text that says what hollow marks and soft edges mean; "" where a
// scene has none.
func mapUncertain(scene *readmodel.Scene) (key string) {
	if scene == nil {
		return ""
	}
	hollow, soft := false, false
	for _, m := range scene.Marks {
		hollow, soft = hollow || m.Between && m.Group != "", soft || m.Spread > m.Radius()
	}
	switch {
	case hollow && soft:
		return "map.uncertain"
	case hollow:
		return "map.hollow"
	case soft:
		return "map.soft"
	}
	return ""
}
