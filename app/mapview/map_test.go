package mapview_test

import (
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// rect is where something lies, in the scene's units.
type rect struct{ left, top, right, bottom float64 }

// tagsOf gives the pills of a map that fills a window of a width in 4:3.
func tagsOf(m *mapview.Map, width float32) []rect {
	var pills []rect
	for _, o := range test.WidgetRenderer(m).Objects() {
		if box, ok := o.(*canvas.Rectangle); ok && box.Visible() {
			at, size := box.Position(), box.Size()
			pills = append(pills, rect{float64(at.X / width), float64(at.Y / width), float64((at.X + size.Width) / width), float64((at.Y + size.Height) / width)})
		}
	}
	return pills
}

func TestTagsCoverNeitherMarksNorEachOther(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hant"} {
		for _, width := range []float32{280, 520, 700, 1600} {
			m, _ := shown(t, look.Style{Lang: lang}, width, width*0.75)
			m.TextShare = 0.05 // the wall's: larger than the room for tags has place for
			for seed := range uint64(4) {
				scene := rehearsed(t, seed, 2+int(seed)%3, 45)
				m.SetScene(scene, false)
				pills := tagsOf(m, width)
				if len(pills) != len(scene.Labels) {
					t.Fatalf("%d tags for %d labels", len(pills), len(scene.Labels))
				}
				checkTags(t, scene, pills)
			}
		}
	}
}

func checkTags(t *testing.T, scene *readmodel.Scene, pills []rect) {
	t.Helper()
	for i, p := range pills {
		for _, mark := range scene.Marks {
			r := mark.Radius()
			if mark.X+r > p.left && mark.X-r < p.right && mark.Y+r > p.top && mark.Y-r < p.bottom {
				t.Errorf("tag %d covers a mark at %v, %v", i, mark.X, mark.Y)
			}
		}
		for _, q := range pills[:i] {
			if p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom {
				t.Errorf("tag %d lies over another", i)
			}
		}
	}
}

func TestTagTextsFitTheirPills(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hant"} {
		m, _ := shown(t, look.Style{Lang: lang}, 700, 525)
		m.SetScene(crowd(4828, 0), false) // A · 1,207 people
		texts := 0
		for _, o := range test.WidgetRenderer(m).Objects() {
			if text, ok := o.(*canvas.Text); ok {
				texts++
				if text.Size().Width < text.MinSize().Width || text.TextSize < 10 {
					t.Errorf("%s: %q is %v wide and %v large, needs %v", lang, text.Text, text.Size().Width, text.TextSize, text.MinSize().Width)
				}
			}
		}
		if texts != 3 {
			t.Errorf("%s: %d texts", lang, texts)
		}
	}
}

func TestATapNamesItsGroup(t *testing.T) {
	m, _ := shown(t, look.Style{Lang: "en"}, 1000, 750)
	scene := &readmodel.Scene{
		Marks: []readmodel.Mark{{X: 0.3, Y: 0.3, Group: "A", People: 1}, {X: 0.42, Y: 0.3, Group: "B", People: 1}, {X: 0.9, Y: 0.6, People: 1}},
		Hulls: []readmodel.Hull{
			{Group: "A", Points: [][2]float64{{0.2, 0.2}, {0.4, 0.2}, {0.4, 0.4}, {0.2, 0.4}}},
			{Group: "B", Points: [][2]float64{{0.35, 0.2}, {0.5, 0.2}, {0.5, 0.4}, {0.35, 0.4}}},
		},
		Labels: []readmodel.Label{{Group: "B", People: 7, X: 0.7, Y: 0.1, AX: 0.5, AY: 0.2}},
	}
	m.SetScene(scene, false)
	for _, c := range []struct {
		name string
		x, y float32
		want string
	}{
		{"mark", 300, 300, "A"}, {"beside a mark", 312, 300, "A"}, {"hull", 220, 380, "A"}, {"two hulls: the nearer marks", 395, 300, "B"},
		{"two hulls, nearer to A", 355, 305, "A"}, {"tag", 700, 100, "B"}, {"nothing", 800, 700, ""}, {"somebody in no group", 900, 600, ""},
	} {
		got := ""
		m.OnGroup = func(letter string) { got = letter }
		test.TapAt(m, fyne.NewPos(c.x, c.y))
		if got != c.want {
			t.Errorf("%s: tapped %q, want %q", c.name, got, c.want)
		}
	}
	m.Look(mapview.Lens{Zoom: 2, X: 0.35, Y: 0.3}) // 0.25, 0.25 lies at 300, 275 now
	got := ""
	m.OnGroup = func(letter string) { got = letter }
	test.TapAt(m, fyne.NewPos(300, 275))
	if got != "A" {
		t.Errorf("enlarged: tapped %q, want A", got)
	}
}

func TestTheWheelEnlargesAboutThePointer(t *testing.T) {
	m, _ := shown(t, look.Style{}, 1000, 750)
	m.SetScene(crowd(50, 0), false)
	scroll := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 60)}
	scroll.Position = fyne.NewPos(400, 300)
	m.Scrolled(scroll)
	lens := m.Lens()
	if lens.Zoom < 1.5 {
		t.Fatalf("zoom is %v", lens.Zoom)
	}
	// The place below the pointer, 0.4, 0.3, stays below it.
	if x, y := lens.X+(0.4-0.5)/lens.Zoom, lens.Y+(0.3-0.375)/lens.Zoom; !near(x, 0.4) || !near(y, 0.3) {
		t.Errorf("%v, %v is below the pointer", x, y)
	}
	scroll.Scrolled.DY = -1000
	m.Scrolled(scroll)
	if got := m.Lens(); got != (mapview.Lens{Zoom: 1, X: 0.5, Y: 0.375}) {
		t.Errorf("turned back: %+v", got)
	}
	scroll.Scrolled.DY = 10_000
	m.Scrolled(scroll)
	if got := m.Lens().Zoom; got != 12 {
		t.Errorf("the most is 12, got %v", got)
	}
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

func TestDraggingMovesAnEnlargedMap(t *testing.T) {
	m, _ := shown(t, look.Style{}, 1000, 750)
	drag := &fyne.DragEvent{Dragged: fyne.NewDelta(100, 50)}
	m.Dragged(drag)
	if got := m.Lens(); got.X != 0.5 || got.Y != 0.375 {
		t.Errorf("all is in sight, yet it moved: %+v", got)
	}
	m.Look(mapview.Lens{Zoom: 4, X: 0.5, Y: 0.4})
	m.Dragged(drag)
	m.DragEnd()
	if got := m.Lens(); !near(got.X, 0.475) || !near(got.Y, 0.3875) {
		t.Errorf("dragged: %+v", got)
	}
	m.DoubleTapped(nil)
	if got := m.Lens(); got.Zoom != 1 {
		t.Errorf("a double tap left %+v", got)
	}
}

func TestKeysMoveAndEnlarge(t *testing.T) {
	m, window := shown(t, look.Style{}, 1000, 750)
	m.SetScene(crowd(50, 0), false)
	window.Canvas().FocusNext()
	if window.Canvas().Focused() != fyne.Focusable(m) {
		t.Fatal("tab does not reach the map")
	}
	test.Type(m, "++")
	zoomed := m.Lens()
	if zoomed.Zoom < 1.9 {
		t.Fatalf("two + give %v", zoomed.Zoom)
	}
	for _, c := range []struct {
		key    fyne.KeyName
		dx, dy float64
	}{{fyne.KeyRight, 1, 0}, {fyne.KeyLeft, -1, 0}, {fyne.KeyDown, 0, 1}, {fyne.KeyUp, 0, -1}} {
		m.Look(zoomed)
		m.TypedKey(&fyne.KeyEvent{Name: c.key})
		got := m.Lens()
		if (got.X-zoomed.X)*c.dx < 0 || (got.Y-zoomed.Y)*c.dy < 0 || got == zoomed {
			t.Errorf("%s: from %+v to %+v", c.key, zoomed, got)
		}
	}
	test.Type(m, "-")
	if got := m.Lens().Zoom; got >= zoomed.Zoom {
		t.Errorf("- left %v", got)
	}
	test.Type(m, "0")
	if got := m.Lens().Zoom; got != 1 {
		t.Errorf("0 left %v", got)
	}
}

func TestAnEnlargedMapKeepsItsTagsInSight(t *testing.T) {
	m, _ := shown(t, look.Style{Lang: "en"}, 1000, 750)
	m.SetScene(crowd(100, 0), false)
	m.Look(mapview.Lens{Zoom: 6, X: 0.2, Y: 0.25}) // in the middle of A
	pills := tagsOf(m, 1000)
	if len(pills) != 1 {
		t.Fatalf("%d tags, want A's alone", len(pills))
	}
	if p := pills[0]; p.left < 0 || p.top < 0 || p.right > 1 || p.bottom > 0.75 {
		t.Errorf("the tag lies at %+v", p)
	}
}

func TestAMapThatIsGoneIsGround(t *testing.T) {
	style := look.Style{Dark: true}
	m, window := shown(t, style, 400, 300)
	m.SetScene(crowd(100, 0), false)
	if got := pixels(window.Canvas().Capture(), style.Group("A")); got == 0 {
		t.Fatal("no mark of A")
	}
	m.SetScene(nil, true)
	if got, want := pixels(window.Canvas().Capture(), style.Colour(look.Paper)), 400*300; got != want {
		t.Errorf("%d pixels of %d are ground", got, want)
	}
}

func BenchmarkNewSceneCaptured(b *testing.B) {
	m, window := shown(b, look.Style{Lang: "en"}, 1280, 800)
	scenes := []*readmodel.Scene{crowd(2000, 0), crowd(2000, 0.02)}
	for i := 0; b.Loop(); i++ {
		m.SetScene(scenes[i%2], true) // the test's driver ends a glide at once
		window.Canvas().Capture()
	}
}

// BenchmarkEmptyCaptured is what Fyne's software canvas takes by itself: four fifths of
// BenchmarkNewSceneCaptured.
func BenchmarkEmptyCaptured(b *testing.B) {
	_, window := shown(b, look.Style{Lang: "en"}, 1280, 800)
	window.SetContent(canvas.NewRectangle(look.Style{}.Colour(look.Paper)))
	for b.Loop() {
		window.Canvas().Capture()
	}
}
