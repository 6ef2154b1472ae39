package mapview

import (
	"math"
	"reflect"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func square(letter string, x, y float64) readmodel.Hull {
	return readmodel.Hull{Group: letter, Points: [][2]float64{{x - 0.1, y - 0.1}, {x + 0.1, y - 0.1}, {x + 0.1, y + 0.1}, {x - 0.1, y + 0.1}}}
}

func sceneAt(x float64) *readmodel.Scene {
	return &readmodel.Scene{
		Marks:  []readmodel.Mark{{X: x, Y: 0.3, Group: "A", People: 1}, {X: x + 0.05, Y: 0.32, Group: "A", People: 2}},
		Hulls:  []readmodel.Hull{square("A", x, 0.3)},
		Labels: []readmodel.Label{{Group: "A", People: 3, X: x, Y: 0.1, AX: x, AY: 0.2}},
	}
}

// gliding gives a map whose animations the test drives.
func gliding(t *testing.T) (m *Map, begun *[]*fyne.Animation) {
	t.Helper()
	test.NewTempApp(t)
	m = New(look.Style{Lang: "en"})
	begun = &[]*fyne.Animation{}
	m.start = func(a *fyne.Animation) { *begun = append(*begun, a) }
	window := test.NewTempWindow(t, m)
	window.Resize(fyne.NewSize(400, 300))
	return m, begun
}

func TestAGlideEndsExactlyAtTheNewScene(t *testing.T) {
	m, begun := gliding(t)
	m.SetScene(sceneAt(0.3), true)
	if len(*begun) != 0 {
		t.Fatal("the first scene glides")
	}
	next := sceneAt(0.32)
	m.SetScene(next, true)
	if len(*begun) != 1 || (*begun)[0].Duration != glideTime {
		t.Fatalf("begun: %v", *begun)
	}
	tick := (*begun)[0].Tick
	for _, c := range []struct {
		t    float32
		want float64
	}{{0, 0.3}, {0.5, 0.31}, {0.75, 0.315}} {
		tick(c.t)
		if got := m.now.spots[0].x; math.Abs(got-c.want) > 1e-6 {
			t.Errorf("at %v the mark is at %v, want %v", c.t, got, c.want)
		}
		if got := m.now.labels[0].X; math.Abs(got-c.want) > 1e-6 {
			t.Errorf("at %v the tag is at %v, want %v", c.t, got, c.want)
		}
	}
	tick(1)
	if want := shownOf(next); !reflect.DeepEqual(m.now, want) {
		t.Errorf("ends at %+v, want %+v", m.now, want)
	}
	tick(0.5) // a late frame
	if m.now.spots[0].x != 0.32 {
		t.Error("a frame after the end moved the map")
	}
}

func TestASceneDuringAGlideBeginsWhereThingsAre(t *testing.T) {
	m, begun := gliding(t)
	m.SetScene(sceneAt(0.3), false)
	m.SetScene(sceneAt(0.32), true)
	(*begun)[0].Tick(0.5)
	m.SetScene(sceneAt(0.3), true)
	(*begun)[1].Tick(0)
	if got := m.now.spots[0].x; math.Abs(got-0.31) > 1e-6 {
		t.Errorf("begins at %v, want 0.31", got)
	}
	m.SetScene(sceneAt(0.6), false)
	if len(*begun) != 2 || m.now.spots[0].x != 0.6 {
		t.Error("without glide the map is there at once")
	}
	(*begun)[1].Tick(0.7)
	if m.now.spots[0].x != 0.6 {
		t.Error("an ended glide goes on")
	}
}

func TestAMarkStartsFromTheNearestOfItsGroup(t *testing.T) {
	from := []spot{{x: 0.1, y: 0.1, radius: 1, group: "A"}, {x: 0.2, y: 0.1, radius: 1, group: "A"}, {x: 0.15, y: 0.1, radius: 1, group: "B"}, {x: 0.9, y: 0.7, radius: 1, group: "A"}}
	to := []spot{{x: 0.19, y: 0.1, radius: 1, group: "A"}, {x: 0.12, y: 0.11, radius: 1, group: "A"}, {x: 0.5, y: 0.5, radius: 1, group: "B"}}
	ways := spotWays(from, to)
	for i, want := range []float64{0.2, 0.1, 0.5} { // the last comes from nowhere near
		if ways[i].from.x != want || ways[i].to != to[i] {
			t.Errorf("way %d: %+v, want from %v", i, ways[i], want)
		}
	}
	if ways[2].from.radius != 0 {
		t.Error("a mark from nowhere does not grow")
	}
	gone := map[float64]bool{}
	for _, way := range ways[3:] {
		gone[way.from.x] = way.to.radius == 0
	}
	if !gone[0.15] || !gone[0.9] || len(gone) != 2 {
		t.Errorf("shrinking: %v", gone)
	}
}

func TestMarksStayInTheirHullAllTheWay(t *testing.T) {
	from, to := sceneAt(0.3), sceneAt(0.32)
	to.Hulls[0].Points = append(to.Hulls[0].Points[:2:2], [2]float64{0.47, 0.35}, [2]float64{0.32, 0.45})
	to.Marks[0].X, to.Marks[0].Y = 0.31, 0.42
	g := newGlide(shownOf(from), shownOf(to))
	for step := range 21 {
		pic := g.at(float64(step) / 20)
		for _, s := range pic.spots {
			if !inside(pic.hulls[0].Points, s.x, s.y) {
				t.Errorf("step %d: %v, %v lies outside", step, s.x, s.y)
			}
		}
	}
}

func TestGroupsComeAndGo(t *testing.T) {
	from, to := sceneAt(0.3), sceneAt(0.3)
	from.Hulls = append(from.Hulls, square("B", 0.7, 0.5))
	to.Hulls = append(to.Hulls, square("C", 0.7, 0.2))
	g := newGlide(shownOf(from), shownOf(to))
	sizes := func(t float64) map[string]float64 {
		out := map[string]float64{}
		for _, hull := range g.at(t).hulls {
			low, high := 1.0, 0.0
			for _, p := range hull.Points {
				low, high = min(low, p[0]), max(high, p[0])
			}
			out[hull.Group] = math.Round((high-low)*1e4) / 1e4
		}
		return out
	}
	if got, want := sizes(0.5), (map[string]float64{"A": 0.2, "B": 0.1, "C": 0.1}); !reflect.DeepEqual(got, want) {
		t.Errorf("half-way the hulls are %v wide, want %v", got, want)
	}
	if got, want := sizes(1), (map[string]float64{"A": 0.2, "C": 0.2}); !reflect.DeepEqual(got, want) {
		t.Errorf("at the end the hulls are %v wide, want %v", got, want)
	}
}

func TestAnUnchangedMapIsNotPaintedAgain(t *testing.T) {
	m, begun := gliding(t)
	scene := sceneAt(0.3)
	m.SetScene(scene, false)
	first := m.paint(200, 150)
	before := m.version
	m.SetScene(scene, true)
	m.Emphasise("")
	m.Look(Lens{})
	m.Refresh()
	if m.version != before || m.paint(200, 150) != first || len(*begun) != 0 {
		t.Error("nothing changed, yet the image is new")
	}
	m.Emphasise("A")
	if m.version == before {
		t.Error("emphasis changes nothing")
	}
}

func BenchmarkGlideStart2000(b *testing.B) {
	from, to := make([]spot, 2000), make([]spot, 2000)
	for i := range from {
		x, y := math.Mod(float64(i)*0.618, 1), math.Mod(float64(i)*0.4142, 0.75)
		from[i] = spot{x: x, y: y, radius: 0.0065, group: "A"}
		to[i] = spot{x: x + 0.01, y: y + 0.003, radius: 0.0065, group: "A"}
	}
	for b.Loop() {
		newGlide(shown{spots: from}, shown{spots: to})
	}
}

func BenchmarkFrame2000(b *testing.B) {
	m := New(look.Style{})
	m.now = shown{}
	for i := range 2000 {
		m.now.spots = append(m.now.spots, spot{x: math.Mod(float64(i)*0.618, 1), y: math.Mod(float64(i)*0.4142, 0.75), radius: 0.0065, group: string(rune('A' + i%5))})
	}
	for b.Loop() {
		m.version++
		m.paint(1280, 960)
	}
}
