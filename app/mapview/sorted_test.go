package mapview_test

import (
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

// classesAt gives three marks: of the room in A, imported in A and in B.
func classesAt() (*readmodel.Scene, *readmodel.Sorting) {
	room := readmodel.Mark{X: 0.3, Y: 0.3, Group: "A", People: 9}
	far := readmodel.Mark{X: 0.5, Y: 0.3, Group: "A", People: 9}
	other := readmodel.Mark{X: 0.7, Y: 0.3, Group: "B", People: 9}
	scene := &readmodel.Scene{Marks: []readmodel.Mark{room, far, other}, Labels: []readmodel.Label{{Group: "A", People: 18, X: 0.3, Y: 0.1, AX: 0.3, AY: 0.25}}}
	return scene, &readmodel.Sorting{By: readmodel.BySource, Classes: []readmodel.MapClass{{People: 9}, {People: 18, Others: true}},
		Marks: []readmodel.ClassMark{{Mark: room}, {Mark: far, Class: 1}, {Mark: other, Class: 1}}}
}

func TestMarksHaveTheColoursOfTheirClass(t *testing.T) {
	for _, style := range []look.Style{{Lang: "en"}, {Lang: "en", Dark: true}} {
		m, w := shown(t, style, 800, 600)
		m.Ground = look.Card
		scene, sorting := classesAt()
		m.SetScene(scene, true)
		if pixels(w.Canvas().Capture(), style.Class(0)) != 0 {
			t.Error("colours of classes without classes")
		}
		m.SetSorted(scene, sorting, true)
		img := w.Canvas().Capture()
		one, others := pixels(img, style.Class(0)), pixels(img, style.Class(-1))
		if one < 50 || others < 100 || others < 3*one/2 {
			t.Errorf("%d pixels of the first class, %d of the others", one, others)
		}
		m.Only(0)
		img = w.Canvas().Capture()
		if got := pixels(img, style.Class(-1)); pixels(img, style.Class(0)) != one || got != 0 {
			t.Errorf("only the first class: %d pixels of the others", got)
		}
		if m.Filter() != 0 {
			t.Errorf("filter %d", m.Filter())
		}
		m.Only(2) // there is none
		if m.Filter() != 0 {
			t.Errorf("filter %d", m.Filter())
		}
		m.SetScene(scene, true)
		if img = w.Canvas().Capture(); pixels(img, style.Class(0)) != 0 || pixels(img, style.Group("A")) < 100 || m.Filter() != -1 {
			t.Error("the groups' colours do not come back")
		}
	}
}

func TestClassColour(t *testing.T) {
	_, sorting := classesAt()
	s := look.Style{}
	if mapview.ClassColour(s, sorting, 0) != s.Class(0) || mapview.ClassColour(s, sorting, 1) != s.Class(-1) {
		t.Error("others are quiet, all else has a colour of its own")
	}
}
