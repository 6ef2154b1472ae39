package mapview

import (
	"math"
	"testing"

	"folkmoot/app/readmodel"
)

// On its way a mark is hollow or not as at its end, its soft edge grows evenly, and it comes
// from a mark of its own class though one of another lies nearer.
func TestWhatIsUncertainGlidesToo(t *testing.T) {
	mark := func(x, spread float64, between bool) readmodel.Mark {
		return readmodel.Mark{X: x, Y: 0.3, Group: "A", People: 1, Spread: spread, Between: between}
	}
	scene := &readmodel.Scene{Marks: []readmodel.Mark{mark(0.3, 0, false)}}
	sorting := func(first, second readmodel.Mark) *readmodel.Sorting {
		return &readmodel.Sorting{By: readmodel.BySource, Classes: make([]readmodel.MapClass, 2), Marks: []readmodel.ClassMark{{Mark: first}, {Mark: second, Class: 1}}}
	}
	from := sortedOf(scene, sorting(mark(0.3, 0.02, false), mark(0.4, 0, true)))
	to := sortedOf(scene, sorting(mark(0.4, 0.04, true), mark(0.3, 0, false)))
	half := newGlide(from, to).at(0.5)
	if len(half.spots) != 2 {
		t.Fatalf("%d marks on the way", len(half.spots))
	}
	for i, s := range half.spots {
		if s.class != i+1 || math.Abs(s.x-0.35) > 1e-9 {
			t.Errorf("class %d is at %v", s.class, s.x)
		}
	}
	if s := half.spots[0]; !s.between || math.Abs(s.spread-0.03) > 1e-9 {
		t.Errorf("on its way: %+v", s)
	}
	if half.spots[1].between {
		t.Error("a mark that ends filled is hollow on its way")
	}
}
