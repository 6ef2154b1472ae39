package readmodel_test

import (
	"encoding/json"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

func TestRoomIsToldHowFarTheMapMayBeTrusted(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	r.Do(readmodel.Show(r.View(), "map", true, r.IDs))
	v := build(t, r.View(), readmodel.Options{})
	if m := readmodel.ShownMap(r.View(), v); v.Light != readmodel.Green || m.Light != v.Light || len(m.Missing) != 0 {
		t.Errorf("all answered: the room is told %q, missing %v; the desk %q", m.Light, m.Missing, v.Light)
	}
	r.Statement("多種樹。")
	v = build(t, r.View(), readmodel.Options{})
	m := readmodel.ShownMap(r.View(), v)
	if m.Light != readmodel.Amber || len(m.Missing) != 1 || m.Missing[0].Args["Text"] != "多種樹。" {
		t.Errorf("one statement without votes: light %q, missing %v", m.Light, m.Missing)
	}
	doc, err := json.Marshal(m)
	if err != nil || !strings.Contains(string(doc), `"light":"amber"`) {
		t.Errorf("%.120s, %v", doc, err)
	}
}

// The map stands still until enough people voted anew; what it says of a statement
// that the host takes away meanwhile does not.
func TestRemovedStatementIsNotQuotedToTheRoom(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	gone := r.Statement("王先生不要來。")
	r.Statement("多種樹。")
	r.Do(readmodel.Show(r.View(), "map", true, r.IDs))
	shown := readmodel.NextShown(nil, build(t, r.View(), readmodel.Options{}))
	if m := readmodel.ShownMap(r.View(), shown); len(m.Missing) != 2 {
		t.Fatalf("missing %v", m.Missing)
	}
	r.Do(readmodel.Remove(r.View(), gone, "個資", r.IDs))
	shown = readmodel.NextShown(shown, build(t, r.View(), readmodel.Options{}))
	m := readmodel.ShownMap(r.View(), shown)
	if len(m.Missing) != 1 || m.Missing[0].Args["Text"] != "多種樹。" {
		t.Errorf("still told: %v", m.Missing)
	}
	if len(shown.Missing) != 2 {
		t.Error("the View was changed")
	}
}

// A room of 300 asks for the map at once, so it has to be small. The figures hold
// for rooms in which everybody stands at a place of their own, too.
func TestMapForRoomIsSmall(t *testing.T) {
	scene := readmodel.Scene{}
	for i := range 300 {
		scene.Marks = append(scene.Marks, readmodel.Mark{X: 0.1234 + float64(i)/1000, Y: 0.5678, Group: "A", People: 1, Between: true, Spread: 0.0234})
	}
	doc, err := json.Marshal(readmodel.MapForRoom{Light: readmodel.Amber, Scene: &scene})
	if err != nil || len(doc) > 300*90 {
		t.Errorf("300 uncertain marks take %d bytes, at most 27,000: %v", len(doc), err)
	}
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 2}, 300, 30)
	r.Put(&moot.SetPerson{Person: pids[0], Field: moot.PersonName, Value: "王小明", Rev: 1})
	r.Do(readmodel.Show(r.View(), "map", true, r.IDs))
	doc, err = json.Marshal(readmodel.ShownMap(r.View(), build(t, r.View(), readmodel.Options{Quick: true})))
	if err != nil || len(doc) > 20<<10 {
		t.Errorf("the map of 300 people takes %d bytes, at most 20 KB: %v", len(doc), err)
	}
	t.Logf("300 people: %d bytes", len(doc))
	if strings.Contains(string(doc), "王小明") {
		t.Error("a name is in the map")
	}
	for _, p := range pids {
		if strings.Contains(string(doc), p.String()) {
			t.Fatalf("%s is in the map", p)
		}
	}
}
