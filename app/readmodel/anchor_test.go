package readmodel_test

import (
	"crypto/rand"
	"math"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// A map made anew, for the pack say, lies and is lettered as the one that the host
// showed, however that one came to lie so.
func TestAnchor(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	first, _ := room.Rehearse(readmodel.Rehearsal{Seed: 1}, 40, 20)
	shown := build(t, room.View(), readmodel.Options{})
	if shown.Scene == nil || !shown.Map.GroupsFound {
		t.Fatal("no groups to name")
	}
	// The map that was shown hangs the other way round, with other letters, as one
	// may after a session's changes.
	anchor := shown.Anchor()
	turned := strings.NewReplacer(" A ", " B ", " B ", " A ").Replace(anchor)
	room.Put(&moot.SetField{Field: moot.MapAnchor, Value: turned, Rev: 1})
	again := build(t, room.View(), readmodel.Options{})
	swap := map[string]string{"A": "B", "B": "A"}
	for _, id := range first {
		want := shown.Group(id)
		if other, ok := swap[want]; ok {
			want = other
		}
		if got := again.Group(id); got != want {
			t.Errorf("person %s is in %q, was shown in %q", id, got, want)
		}
		was, ok1 := shown.You(id)
		is, ok2 := again.You(id)
		if ok1 != ok2 || math.Abs(was.X-is.X) > 0.02 || math.Abs(was.Y-is.Y) > 0.02 {
			t.Errorf("person %s lies at %v, was shown at %v", id, is, was)
		}
	}
	items, err := readmodel.KeepAnchor(room.View(), again, rand.Reader)
	if err != nil || len(items) != 1 || len([]rune(items[0].Payload.(*moot.SetField).Value)) > moot.MaxField {
		t.Fatalf("items %v, %v", items, err)
	}
	room.Do(items, nil)
	if more, err := readmodel.KeepAnchor(room.View(), again, rand.Reader); err != nil || len(more) != 0 {
		t.Errorf("the same anchor again: %v, %v", more, err)
	}
}

func TestAnchorThatCannotBeRead(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	room.Rehearse(readmodel.Rehearsal{Seed: 1}, 20, 12)
	plain := build(t, room.View(), readmodel.Options{})
	room.Put(&moot.SetField{Field: moot.MapAnchor, Value: "nonsense; 00 A x y;;", Rev: 1})
	if got := build(t, room.View(), readmodel.Options{}).Anchor(); got != plain.Anchor() {
		t.Errorf("nonsense moves the map: %s, else %s", got, plain.Anchor())
	}
}
