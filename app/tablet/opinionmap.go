package tablet

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// opinionMap shows the map. It never says "you are here": the tablet is shared.
func (w *Window) opinionMap() fyne.CanvasObject {
	m := w.shown.Map
	parts := []fyne.CanvasObject{w.title(w.say("map.title"))}
	if m.Scene == nil {
		parts = append(parts, w.strong(w.say("map.missing")))
		for _, s := range m.Missing {
			parts = append(parts, w.text(w.sentence(s)))
		}
		if len(m.Missing) == 0 {
			parts = append(parts, w.text(w.say("missing.other")))
		}
		return look.Middle(page, w.card(parts...))
	}
	if m.GroupsFound {
		parts = append(parts, w.quiet(w.say("map.how")))
	} else {
		parts = append(parts, w.strong(w.say("map.none")), w.quiet(w.say("map.none_means")))
	}
	if (m.Light == readmodel.Amber || m.Light == readmodel.Red) && len(m.Missing) > 0 {
		parts = append(parts, w.note(w.text(w.sentence(m.Missing[0]))))
	}
	if w.opinions == nil {
		w.opinions = mapview.New(w.style)
		w.opinions.Ground = look.Card
	}
	w.opinions.SetScene(m.Scene, true)
	parts = append(parts, &fyne.Container{Layout: mapShape{max(240, w.window.Canvas().Size().Height-besideMap)}, Objects: []fyne.CanvasObject{w.opinions}}, w.legend(m), w.mapText(m))
	return look.Middle(1100, w.card(parts...))
}

// besideMap is how much height goes to what stands around a map.
const besideMap = 430

// mapShape keeps the map's four to three, as long as it can be seen whole.
type mapShape struct{ most float32 }

// HeightFor gives the height at a width.
func (m mapShape) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	return min(m.most, width*readmodel.SceneHeight/readmodel.SceneWidth)
}

// MinSize and Layout are Fyne's.
func (m mapShape) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 240) }
func (m mapShape) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

// sentence puts a sentence of the map into words.
func (w *Window) sentence(s readmodel.Sentence) string {
	args := look.Args{}
	for name, value := range s.Args {
		args[name] = value
	}
	if !words.Has(s.ID) {
		return w.say("missing.other")
	}
	return w.say(s.ID, args)
}

// legend names the marks, and those that are uncertain.
func (w *Window) legend(m *readmodel.MapForRoom) fyne.CanvasObject {
	var parts []fyne.CanvasObject
	if m.GroupsFound {
		for _, l := range m.Scene.Labels {
			parts = append(parts, look.Row(2*look.Gap, -1, mapview.NewMark(w.style, l.Group, 22),
				w.single(w.say("map.label", look.Args{"Letter": l.Group, "N": l.People}), look.TextOptions{Size: smallSize})))
		}
	}
	hollow, soft := false, false
	for _, mark := range m.Scene.Marks {
		hollow, soft = hollow || mark.Between && m.GroupsFound, soft || mark.Spread > 0
	}
	if hollow {
		parts = append(parts, w.single(w.say("map.hollow"), look.TextOptions{Size: smallSize, Role: look.Quiet}))
	}
	if soft {
		parts = append(parts, w.single(w.say("map.soft"), look.TextOptions{Size: smallSize, Role: look.Quiet}))
	}
	return look.Wrap(4*look.Gap, parts...)
}

// mapText says the map in words, for those who cannot see it; it unfolds.
func (w *Window) mapText(m *readmodel.MapForRoom) fyne.CanvasObject {
	const name = "map"
	fold := w.press(w.say("map.text"), outline, func() {
		w.touch(readmodel.Touch{Kind: readmodel.TouchAny})
		w.opened[name] = !w.opened[name]
		w.again()
	})
	fold.chosen = w.opened[name]
	parts := []fyne.CanvasObject{fold}
	if !w.opened[name] {
		return look.Column(gap, parts...)
	}
	for _, s := range m.Spoken() {
		parts = append(parts, w.text(w.sentence(s)))
	}
	if m.GroupsFound {
		for _, l := range m.Scene.Labels {
			parts = append(parts, w.text(w.say("map.group", look.Args{"Letter": l.Group})+"  "+w.shape(l.Group)+"  "+w.say("person.count", look.Args{"N": l.People})))
		}
	}
	if r := w.shown.Results; r != nil {
		for _, s := range r.Sections {
			if s.Letter == "" && s.Key != "results.all" {
				parts = append(parts, w.section(s))
			}
		}
	}
	return look.Column(gap, parts...)
}

// shape names the form of a group's marks.
func (w *Window) shape(letter string) string {
	forms := []string{w.say("shape.circle"), w.say("shape.square"), w.say("shape.triangle"), w.say("shape.diamond"), w.say("shape.star")}
	if letter >= "A" && letter <= "E" {
		return forms[letter[0]-'A']
	}
	return w.say("shape.ring")
}
