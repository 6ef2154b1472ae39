package readmodel_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"

	"pgregory.net/rapid"
)

// checkScene looks for what a Scene promises.
func checkScene(t interface{ Errorf(string, ...any) }, s *readmodel.Scene, people int) {
	count := 0
	for _, m := range s.Marks {
		count += m.People
		if m.X < 0 || m.X > 1 || m.Y < 0 || m.Y > 0.75 {
			t.Errorf("a mark lies outside at %v, %v", m.X, m.Y)
		}
		for _, l := range s.Labels {
			dx := max(math.Abs(m.X-l.X)-readmodel.LabelWidth/2, 0)
			dy := max(math.Abs(m.Y-l.Y)-readmodel.LabelHeight/2, 0)
			if math.Hypot(dx, dy) < m.Radius() {
				t.Errorf("label %s covers a mark", l.Group)
			}
		}
	}
	if count != people {
		t.Errorf("marks stand for %d people, want %d", count, people)
	}
	for i, l := range s.Labels {
		if l.X < readmodel.LabelWidth/2-1e-9 || l.X > 1-readmodel.LabelWidth/2+1e-9 || l.Y < readmodel.LabelHeight/2-1e-9 || l.Y > 0.75-readmodel.LabelHeight/2+1e-9 {
			t.Errorf("label %s lies outside at %v, %v", l.Group, l.X, l.Y)
		}
		for _, o := range s.Labels[:i] {
			if math.Abs(o.X-l.X) < readmodel.LabelWidth && math.Abs(o.Y-l.Y) < readmodel.LabelHeight {
				t.Errorf("labels %s and %s lie over each other", o.Group, l.Group)
			}
		}
		for _, h := range s.Hulls {
			if within(h.Points, l.X, l.Y) {
				t.Errorf("label %s lies in hull %s", l.Group, h.Group)
			}
		}
	}
	for _, h := range s.Hulls {
		for _, m := range s.Marks {
			if m.Group == h.Group && !within(h.Points, m.X, m.Y) {
				t.Errorf("a mark of %s lies outside its hull", h.Group)
			}
		}
	}
}

// within says whether a point lies in a polygon, by counting crossings.
func within(polygon [][2]float64, x, y float64) bool {
	in := false
	for i, a := range polygon {
		b := polygon[(i+1)%len(polygon)]
		if (a[1] > y) != (b[1] > y) && x < (b[0]-a[0])*(y-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

func TestScenePromises(t *testing.T) {
	for seed := range uint64(12) {
		r := readmodeltest.NewOpen(t)
		people := 8 + int(seed)*5
		r.Rehearse(readmodel.Rehearsal{Seed: seed, Leanings: 2 + int(seed%4)}, people, 21)
		v := build(t, r.View(), readmodel.Options{Quick: true})
		if v.Scene == nil {
			t.Fatalf("seed %d: no scene", seed)
		}
		if v.Map.GroupsFound != (len(v.Scene.Hulls) > 0) || len(v.Scene.Labels) != len(v.Scene.Hulls) {
			t.Errorf("seed %d: groups %v, %d hulls, %d labels", seed, v.Map.GroupsFound, len(v.Scene.Hulls), len(v.Scene.Labels))
		}
		checkScene(t, v.Scene, v.Counts.OnMap)
	}
}

// Whatever the places and groups, labels find room and nothing is lost.
func TestSceneOfAnyPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 60).Draw(t, "people")
		k := rapid.IntRange(1, 5).Draw(t, "groups")
		coordinate := rapid.Float64Range(-3, 3)
		at := make([][2]float64, n)
		group := make([]string, n)
		for i := range n {
			at[i] = [2]float64{coordinate.Draw(t, "x"), coordinate.Draw(t, "y")}
			group[i] = "ABCDE"[i%k : i%k+1]
		}
		checkScene(t, readmodel.SceneOf(at, group), n)
	})
}

func TestPeopleAtOnePlaceShareAMark(t *testing.T) {
	s := readmodel.SceneOf([][2]float64{{0, 0}, {0, 0}, {1, 1}, {0, 0}}, []string{"A", "A", "A", "B"})
	want := []readmodel.Mark{{X: 0.765, Y: 0.11, Group: "A", People: 1}, {X: 0.235, Y: 0.64, Group: "A", People: 2}, {X: 0.235, Y: 0.64, Group: "B", People: 1}}
	if !reflect.DeepEqual(s.Marks, want) {
		t.Errorf("got %+v, want %+v", s.Marks, want)
	}
}

func TestEverybodyAtOnePlace(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	for range 6 {
		r.Statement("意見 " + strings.Repeat("一", len(r.View().Statements)+1))
	}
	for i := range 9 {
		p := r.Join(i+1, "")
		for _, s := range r.View().Statements {
			r.Vote(p, s.ID, moot.Agree)
		}
	}
	v := build(t, r.View(), readmodel.Options{})
	if v.Scene == nil || len(v.Scene.Marks) != 1 || v.Scene.Marks[0].People != 9 {
		t.Fatalf("scene %+v", v.Scene)
	}
	if v.Light != readmodel.Red || v.Missing[0].ID != readmodel.MissingVariety {
		t.Errorf("light %s, missing %v", v.Light, v.Missing)
	}
}

// The field names are fixed by the hub's interface.
func TestSceneJSON(t *testing.T) {
	s := readmodel.Scene{Marks: []readmodel.Mark{{X: 0.5, Y: 0.25, Group: "A", People: 2}},
		Hulls:  []readmodel.Hull{{Group: "A", Points: [][2]float64{{0.1, 0.2}}}},
		Labels: []readmodel.Label{{Group: "A", People: 2, X: 0.1, Y: 0.2, AX: 0.3, AY: 0.4}}}
	got, err := json.Marshal(s)
	want := `{"marks":[{"x":0.5,"y":0.25,"group":"A","people":2}],"hulls":[{"group":"A","points":[[0.1,0.2]]}],"labels":[{"group":"A","people":2,"x":0.1,"y":0.2,"ax":0.3,"ay":0.4}]}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}
