package screen_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/screen"
	"folkmoot/assets/words"
)

var mapRoom = fyne.NewSize(1070, 740)

// mapDrawn gives the names of the buttons and texts that can be seen.
func mapDrawn(v *screen.OpinionMap, text string) bool {
	for line := range strings.SplitSeq(mapTexts(v), "\n") {
		if line == text {
			return true
		}
	}
	return false
}

func TestMarksAreColouredByClass(t *testing.T) {
	m := sharedSession(t)
	v, w := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
	if mapDrawn(v, "Colours by") || !mapDrawn(v, "As a table") || mapDrawn(v, "Table") {
		t.Error("the choice stands open, or the switch is called like a choice")
	}
	test.Tap(v.Sort.Who)
	for _, text := range []string{"Colours by", "Groups", "Source", "Table", "0–5 answer"} {
		if !mapDrawn(v, text) {
			t.Errorf("the open choice has no %q:\n%s", text, mapTexts(v))
		}
	}
	test.Tap(v.Sort.Ways[readmodel.BySource])
	s := look.Style{}
	room, imported := mapPixels(w, s.Class(0)), mapPixels(w, s.Class(1))
	if !mapDrawn(v, "In the room: 48") || !mapDrawn(v, "Imported: 20") || room == 0 || imported == 0 {
		t.Errorf("%d and %d pixels of the classes:\n%s", room, imported, mapTexts(v))
	}
	if !strings.Contains(mapTexts(v), "nor would they follow from the others") {
		t.Errorf("nothing is said of the few:\n%s", mapTexts(v))
	}
	test.Tap(v.Sort.Classes[1])
	if v.Map.Filter() != 1 || !v.Sort.Classes[1].Chosen() || mapPixels(w, s.Class(0)) >= room {
		t.Error("imported people do not stand out")
	}
	v.Sort.Classes[1].OnTapped()
	if v.Map.Filter() != -1 || !v.Sort.Everyone.Chosen() {
		t.Error("chosen again it does not let all stand out")
	}
	test.Tap(v.Sort.Ways[readmodel.ByTable])
	if !mapDrawn(v, "Table 1: 8") || mapDrawn(v, "Imported: 20") {
		t.Errorf("said:\n%s", mapTexts(v))
	}
	test.Tap(v.Sort.Who)
	if mapDrawn(v, "Colours by") || !mapDrawn(v, "Table 1: 8") {
		t.Error("the legend goes with the choice, or the choice stays")
	}
	v.Sort.Ways[""].OnTapped()
	if mapDrawn(v, "Table 1: 8") || mapPixels(w, s.Class(2)) != 0 {
		t.Error("the groups' colours do not come back")
	}
}

func mapPixels(w fyne.Window, want interface{ RGBA() (r, g, b, a uint32) }) int {
	img, n := w.Canvas().Capture(), 0
	r, g, b, _ := want.RGBA()
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if p, q, s, _ := img.At(x, y).RGBA(); p == r && q == g && s == b {
				n++
			}
		}
	}
	return n
}

// A class that is chosen stays chosen while votes come in, under whatever place; one that may
// no longer be told is not looked at.
func TestAChosenClassStaysOrGoes(t *testing.T) {
	m := newMapSession(t, 48, 20)
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
	v.Sort.Who.OnTapped()
	v.Sort.Ways[readmodel.BySource].OnTapped()
	v.Sort.Classes[1].OnTapped()
	m.room.Join(99, "")
	m.build(t)
	v.Show(m.sheet)
	if v.Map.Filter() != 1 {
		t.Error("another sheet takes the choice away")
	}
	fresh := screen.NewOpinionMap(look.Style{Lang: words.Chinese})
	fresh.Take(v)
	fresh.Show(m.sheet)
	if fresh.Map.Filter() != 1 || !strings.Contains(mapTexts(fresh), "匯入：20 人") {
		t.Error("another language takes the choice away")
	}
	few := newMapSession(t, 48, 3)
	v.Show(few.sheet)
	if v.Map.Filter() != -1 || strings.Contains(mapTexts(v), "Imported:") {
		t.Errorf("three people are told apart:\n%s", mapTexts(v))
	}
}

func TestWithoutClassesThereIsNoChoice(t *testing.T) {
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, mapSheet(t, 3, 48, true))
	if strings.Contains(mapTexts(v), "▾") || !mapDrawn(v, "here 48") {
		t.Errorf("said:\n%s", mapTexts(v))
	}
}

// replayed gives a screen whose frames come at once, and how often they were asked for.
func replayed(t *testing.T, m *mapSession) (v *screen.OpinionMap, asked, cancelled *int) {
	t.Helper()
	v, _ = mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
	asked, cancelled = new(int), new(int)
	v.Replay.OnFrames = func() { *asked++; v.Replay.Take(m.frames) }
	v.Replay.OnCancel = func() { *cancelled++ }
	v.Show(m.sheet)
	return v, asked, cancelled
}

func press(v *screen.OpinionMap, key fyne.KeyName) {
	v.Replay.Slider.TypedKey(&fyne.KeyEvent{Name: key})
}

func TestTheSliderGoesThroughThePast(t *testing.T) {
	m := sharedSession(t)
	v, asked, _ := replayed(t, m)
	if *asked != 0 || mapDrawn(v, "Back to now") {
		t.Error("the past is made though nobody asked for it")
	}
	press(v, fyne.KeyLeft)
	if said := mapTexts(v); *asked != 1 || !strings.Contains(said, "Replay: the map at") || !strings.Contains(said, "Beside it stands what is known now.") || !v.ShowRoom.Disabled() {
		t.Errorf("asked %d times, said:\n%s", *asked, said)
	}
	press(v, fyne.KeyHome)
	if said := mapTexts(v); !strings.Contains(said, "At this time there was no map yet.") || v.Map.Visible() {
		t.Errorf("the first frame:\n%s", said)
	}
	press(v, fyne.KeyEnd)
	if mapDrawn(v, "Back to now") || v.ShowRoom.Disabled() || !v.Map.Visible() {
		t.Error("the end is not now")
	}
	press(v, fyne.KeyPageDown)
	test.Tap(v.Replay.Back)
	if said := mapTexts(v); strings.Contains(said, "Replay:") || v.Replay.Slider.At() != v.Replay.Slider.Last() || *asked != 1 {
		t.Errorf("back is not now, or the past is made again (%d times):\n%s", *asked, said)
	}
}

// What comes in meanwhile moves neither slider nor map; back at now the past is made anew
// once more than a batch of votes came.
func TestLiveUpdatesLeaveTheReplayAlone(t *testing.T) {
	m := sharedSession(t)
	v, asked, _ := replayed(t, m)
	press(v, fyne.KeyLeft)
	press(v, fyne.KeyLeft)
	at, said := v.Replay.Slider.At(), mapTexts(v)
	later := *m.sheet
	later.Findings.Votes += 40
	v.Show(&later)
	if v.Replay.Slider.At() != at || mapTexts(v) != said {
		t.Error("another sheet moves the replay")
	}
	v.Leave()
	press(v, fyne.KeyLeft)
	if *asked != 2 {
		t.Errorf("asked %d times", *asked)
	}
	v.Leave()
	few := later
	few.Findings.Votes += 2
	v.Show(&few)
	press(v, fyne.KeyLeft)
	if *asked != 2 {
		t.Error("two votes more make the past anew")
	}
}

func TestThePastIsWaitedFor(t *testing.T) {
	m := sharedSession(t)
	v, _, cancelled := replayed(t, m)
	v.Replay.OnFrames = func() {}
	press(v, fyne.KeyHome)
	v.Replay.Making(7, 32)
	if said := mapTexts(v); !strings.Contains(said, "Preparing the replay. 7 of 32") {
		t.Errorf("said:\n%s", said)
	}
	test.Tap(v.Replay.Cancel)
	v.Replay.Making(8, 32) // too late
	v.Replay.Take(m.frames)
	if said := mapTexts(v); *cancelled != 1 || strings.Contains(said, "Preparing") || strings.Contains(said, "Replay:") || v.Replay.Slider.At() != v.Replay.Slider.Last() {
		t.Errorf("cancelled %d times, said:\n%s", *cancelled, said)
	}
	press(v, fyne.KeyHome)
	v.Replay.Take(nil) // they could not be made
	if v.Replay.Slider.At() != v.Replay.Slider.Last() || !v.Map.Visible() {
		t.Error("without frames it is not now")
	}
}

func TestPlayGoesThroughAllFrames(t *testing.T) {
	m := sharedSession(t)
	v, _, _ := replayed(t, m)
	var animations []*fyne.Animation
	v.Replay.OnStart(func(a *fyne.Animation) { animations = append(animations, a) })
	test.Tap(v.Replay.Play)
	if len(animations) != 1 || v.Replay.Play.Text() != "Pause" || v.Replay.Slider.At() != 0 {
		t.Fatalf("%d animations, %q, at %d", len(animations), v.Replay.Play.Text(), v.Replay.Slider.At())
	}
	tick, last := animations[0].Tick, v.Replay.Slider.Last()
	tick(0.5)
	if at := v.Replay.Slider.At(); at != last/2 || !strings.Contains(mapTexts(v), "Replay: the map at") {
		t.Errorf("half way at %d of %d", at, last)
	}
	v.Replay.Play.OnTapped()
	tick(0.9)
	if at := v.Replay.Slider.At(); at != last/2 || v.Replay.Play.Text() != "Play" {
		t.Errorf("paused, at %d", at)
	}
	v.Replay.Play.OnTapped()
	animations[1].Tick(1)
	if v.Replay.Slider.At() != last || v.Replay.Play.Text() != "Play" || strings.Contains(mapTexts(v), "Replay:") {
		t.Errorf("at the end: at %d, %q", v.Replay.Slider.At(), v.Replay.Play.Text())
	}
}

func TestTooFewVotesHaveNoSlider(t *testing.T) {
	m := sharedSession(t)
	v, _, _ := replayed(t, m)
	if !mapDrawn(v, "Play") || !mapDrawn(v, "now") || !mapDrawn(v, time.UnixMilli(readmodeltest.Start).Format("15:04")) {
		t.Errorf("no slider:\n%s", mapTexts(v))
	}
	few := *m.sheet
	few.Findings.Votes = 39
	v.Show(&few)
	if mapDrawn(v, "now") || mapDrawn(v, "Play") {
		t.Error("a slider for 39 votes")
	}
	v.Show(mapSheet(t, 3, 2, true))
	if mapDrawn(v, "Play") {
		t.Error("a slider without a map")
	}
	imported := *m.sheet
	imported.Steps = nil
	v.Show(&imported)
	if !mapDrawn(v, "first vote") {
		t.Errorf("nobody knows when it began:\n%s", mapTexts(v))
	}
}

func TestTheMapAsATable(t *testing.T) {
	m := sharedSession(t)
	v, _, _ := replayed(t, m)
	press(v, fyne.KeyLeft)
	test.Tap(v.AsTable)
	said := mapTexts(v)
	for _, text := range []string{"There are 68 people on the map, in 3 opinion groups.", "are furthest apart.", "What sets it apart most", "Every statement, in counts of people", m.sheet.Statements[13].Text, "As a picture"} {
		if !strings.Contains(said, text) {
			t.Errorf("the table does not say %q:\n%s", text, said)
		}
	}
	if v.Map.Visible() || mapDrawn(v, "Play") || strings.Contains(said, "Replay:") {
		t.Error("the picture, or the replay, is there beside the table")
	}
	v.Toggle()
	if !v.Map.Visible() || strings.Contains(mapTexts(v), "Every statement") {
		t.Error("the picture does not come back")
	}
}

func TestPagesScrollTheTableOrWhatStandsBeside(t *testing.T) {
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, sharedSession(t).sheet)
	v.Pages(1)
	if table, beside := v.Scrolled(); table != 0 || beside < 300 {
		t.Errorf("beside the picture: %v, %v", table, beside)
	}
	v.Pages(-3)
	v.Toggle()
	v.Pages(0.5)
	if table, beside := v.Scrolled(); table < 200 || beside != 0 {
		t.Errorf("in the table: %v, %v", table, beside)
	}
	v.Pages(100)
	end, _ := v.Scrolled()
	v.Pages(1)
	if again, _ := v.Scrolled(); again != end {
		t.Errorf("beyond the end: %v, %v", end, again)
	}
}

func TestTheTableHidesSmallGroups(t *testing.T) {
	m := newMapSession(t, 48, 0)
	m.view.Results.Groups[1].Hidden, m.view.Results.Groups[1].Apart = true, nil
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
	v.Toggle()
	if got := strings.Count(mapTexts(v), "Not told: fewer than 5 people"); got != 1+14 {
		t.Errorf("it says %d times that something is not told", got)
	}
	without := mapSheet(t, 3, 2, true)
	v.Show(without)
	if strings.Contains(mapTexts(v), "Every statement") || !strings.Contains(mapTexts(v), "No opinion map yet") {
		t.Error("a table without a map")
	}
}

func TestTheTableWithoutGroups(t *testing.T) {
	v, _ := mapShown(t, look.Style{Lang: words.Chinese}, mapRoom, mapSheet(t, 1, 30, false))
	v.Toggle()
	if said := mapTexts(v); !strings.Contains(said, "目前看不出分群。") || !strings.Contains(said, "所有人") {
		t.Errorf("said:\n%s", said)
	}
}

func TestUncertainMarksAreExplained(t *testing.T) {
	m := sharedSession(t)
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.uncertain(false))
	if strings.Contains(mapTexts(v), "Hollow") {
		t.Error("a legend for nothing")
	}
	v.Show(m.uncertain(true))
	if said := mapTexts(v); !mapDrawn(v, "Hollow: between two groups ⋅ Soft edge: few answers yet") || !strings.Contains(said, "people ⋅ solid") {
		t.Errorf("said:\n%s", said)
	}
}

func TestWhatIsMissingReadsWell(t *testing.T) {
	m := sharedSession(t)
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
	for n, want := range map[int]string{1: "needs 3 more votes.", 2: "One more is named at the right.", 6: "5 more are named at the right."} {
		v.Show(m.missing(n))
		said := mapTexts(v)
		if !strings.Contains(said, want) || strings.Count(said, "more votes") != n+1 {
			t.Errorf("%d missing:\n%s", n, said)
		}
		if strings.Contains(said, strings.Repeat("沒有政府參與的多元利害關係人治理機制可以成功，", 2)) {
			t.Error("a long statement stands whole in a sentence")
		}
	}
	green := *m.missing(0)
	green.Light = readmodel.Green
	v.Show(&green)
	if strings.Contains(mapTexts(v), "at the right") {
		t.Error("something is missing though the light is green")
	}
}

// Another second must cost nothing, whatever is shown.
func TestTheSameSheetChangesNothingInAnyMode(t *testing.T) {
	m, steps := mapSteps(t)
	for _, name := range []string{"by table", "one class", "replay", "table"} {
		v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
		steps[name](v)
		objects := func() (all []fyne.CanvasObject) {
			mapWalk(v.Object(), fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) { all = append(all, o) })
			return all
		}
		before := objects()
		again := *m.sheet
		again.Now += 1000
		v.Show(&again)
		if after := objects(); !reflect.DeepEqual(pointers(before), pointers(after)) {
			t.Errorf("%s: something was made anew", name)
		}
	}
}
