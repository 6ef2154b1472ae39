package screen_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/screen"
	"folkmoot/assets/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// mapSheet gives the Sheet of a rehearsal. quick leaves out the test against chance.
func mapSheet(t testing.TB, leanings, people int, quick bool) *readmodel.Sheet {
	t.Helper()
	room := readmodeltest.NewOpen(t)
	room.Rehearse(readmodel.Rehearsal{Seed: 3, Leanings: leanings}, people, 14)
	view, err := readmodel.Build(context.Background(), room.View(), readmodel.Options{Quick: quick})
	if err != nil {
		t.Fatal(err)
	}
	return readmodel.NewSheet(view, room.View(), room.Now, readmodel.SheetOptions{})
}

// mapStates are the sheets of the screen's states.
func mapStates(t testing.TB) map[string]*readmodel.Sheet {
	t.Helper()
	right := mapSheet(t, 3, 48, false)
	shown := *right
	shown.Shown = map[string]bool{"map": true}
	long := *right
	long.Wall.Here, long.Wall.Imported = 1207, 1073
	long.Statements = append([]readmodel.SheetStatement(nil), right.Statements...)
	for i := range long.Statements {
		long.Statements[i].Text = strings.Repeat("沒有政府參與的多元利害關係人治理機制可以成功，", 5) + "https://example.org/a-very-long-address-without-blanks。"
	}
	short := *right
	short.Map = &readmodel.MapForRoom{GroupsFound: true, Scene: right.Map.Scene, Missing: []readmodel.Sentence{{ID: readmodel.MissingTarget, Args: map[string]string{"N": "3", "Text": right.Statements[0].Text}}}}
	short.Light = readmodel.Amber
	return map[string]*readmodel.Sheet{
		"empty": mapSheet(t, 3, 2, false), "working": mapSheet(t, 3, 48, true), "right": right, "shown": &shown,
		"no groups": mapSheet(t, 1, 30, false), "short of votes": &short, "long": &long, "nothing": {Light: readmodel.Red},
	}
}

// mapShown gives the screen in a window.
func mapShown(t testing.TB, s look.Style, size fyne.Size, sheet *readmodel.Sheet) (*screen.OpinionMap, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(look.Theme(s))
	v := screen.NewOpinionMap(s)
	v.Show(sheet)
	window := test.NewTempWindow(t, look.Stack(look.NewBack(s.Colour(look.Paper)), v.Object()))
	window.SetPadded(false)
	window.Resize(size)
	return v, window
}

// mapWalk goes through everything that is visible, with its place on the window.
func mapWalk(o fyne.CanvasObject, at fyne.Position, each func(o fyne.CanvasObject, at fyne.Position)) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	each(o, at)
	switch it := o.(type) {
	case *fyne.Container:
		for _, child := range it.Objects {
			mapWalk(child, at, each)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(it).Objects() {
			mapWalk(child, at, each)
		}
	}
}

// mapTexts gives all that can be read.
func mapTexts(v *screen.OpinionMap) string {
	var said []string
	mapWalk(v.Object(), fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
		switch it := o.(type) {
		case *look.Text:
			said = append(said, it.Text())
		case *look.Button:
			said = append(said, it.Text())
		}
	})
	return strings.Join(said, "\n")
}

func filledButtons(v *screen.OpinionMap) int {
	filled := 0
	mapWalk(v.Object(), fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
		if b, ok := o.(*look.Button); ok && b.Kind() == look.Filled {
			filled++
		}
	})
	return filled
}

func TestOpinionMapIsWholeInEveryState(t *testing.T) {
	states := mapStates(t)
	for _, lang := range words.Languages() {
		for _, dark := range []bool{false, true} {
			for _, size := range []fyne.Size{{Width: 1070, Height: 740}, {Width: 640, Height: 480}} {
				for name, sheet := range states {
					v, window := mapShown(t, look.Style{Lang: lang, Dark: dark}, size, sheet)
					checkWhole(t, strings.Join([]string{name, lang}, " "), window)
					if filled := filledButtons(v); filled > 1 {
						t.Errorf("%s: %d filled buttons", name, filled)
					}
				}
			}
		}
	}
}

// checkWhole looks for text that is cut, and for text beside the window.
func checkWhole(t *testing.T, name string, window fyne.Window) {
	t.Helper()
	size := window.Canvas().Size()
	mapWalk(window.Content(), fyne.Position{}, func(o fyne.CanvasObject, at fyne.Position) {
		text, ok := o.(*canvas.Text)
		if !ok || text.Text == "" {
			return
		}
		least := text.MinSize()
		if text.Size().Width < least.Width-0.5 || text.Size().Height < least.Height-0.5 {
			t.Errorf("%s, %v: %q has %v, needs %v", name, size, text.Text, text.Size(), least)
		}
		if at.X < 0 || at.X+least.Width > size.Width+0.5 && text.Alignment == fyne.TextAlignLeading {
			t.Errorf("%s, %v: %q sticks out at %v", name, size, text.Text, at)
		}
	})
}

func TestOpinionMapSaysWhatItShows(t *testing.T) {
	states := mapStates(t)
	for name, want := range map[string][]string{
		"empty":          {"No opinion map yet", "more people have to answer", "Not reliable yet", "here 2", "Once there is a map"},
		"nothing":        {"No opinion map yet", "A few more answers are needed."},
		"working":        {"Provisional", "Being worked out", "What sets group A apart", "Show the room"},
		"right":          {"Reliable", "here 48", "There are 48 people on the map, in 3 opinion groups.", "What sets group A apart", " in A ", "Most in every group agree", "Where we differ", "How worked out?"},
		"no groups":      {"There are 30 people on the map, with no distinct groups so far.", "No distinct groups so far", "More answers may change that."},
		"short of votes": {"What would make it more reliable", "needs 3 more votes."},
		"shown":          {"Hide it from the room"},
		"long":           {"here 1,207 ⋅ imported 1,073"},
	} {
		v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), states[name])
		said := mapTexts(v)
		for _, text := range want {
			if !strings.Contains(said, text) {
				t.Errorf("%s does not say %q:\n%s", name, text, said)
			}
		}
	}
}

func TestOpinionMapSaysItInChinese(t *testing.T) {
	v, _ := mapShown(t, look.Style{Lang: words.Chinese}, fyne.NewSize(1070, 740), mapSheet(t, 3, 48, false))
	if said := mapTexts(v); !strings.Contains(said, "地圖上有 48 人，分成 3 個意見群。") || !strings.Contains(said, "A 群特別在意的") {
		t.Errorf("said:\n%s", said)
	}
}

func TestWhatGroupsShareIsSaidByGroup(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	id := sheet.Findings.Divisive[0]
	votes := sheet.Findings.Of(id)
	sheet.Findings.Common, sheet.Findings.Divisive = nil, []string{id}
	sheet.Findings.Shares = map[string][]readmodel.GroupShare{id: {{Letter: "A", Agree: 0.206}, {Letter: "B", Agree: 0.834}, {Letter: "C", Agree: 0.4}}}
	for lang, want := range map[string]string{
		words.English: fmt.Sprintf("A 21 %% · B 83 %% · C 40 %% agree · %d votes", votes.Voted()),
		words.Chinese: fmt.Sprintf("A 21%%・B 83%%・C 40%% 同意・%d 票", votes.Voted()),
	} {
		v, _ := mapShown(t, look.Style{Lang: lang}, fyne.NewSize(1070, 740), sheet)
		if said := mapTexts(v); !strings.Contains(said, look.Typeset(want)) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	sheet.Findings.Shares = nil
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	if said := mapTexts(v); !strings.Contains(said, look.Typeset(fmt.Sprintf("%d agree · %d disagree · %d pass", votes.Agree, votes.Disagree, votes.Pass))) {
		t.Errorf("where no group may be told of, the counts are not there:\n%s", said)
	}
}

// None is not the same as hardly anybody.
func TestHardlyAnybodyElsewhere(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	id := sheet.Statements[0].ID
	for _, c := range []struct {
		direction string
		elsewhere float64
		want      string
	}{
		{"agree", 0, "9 of 10 in A agree; 0 in 10 elsewhere"}, {"agree", 0.03, "9 of 10 in A agree; hardly anybody elsewhere"}, {"agree", 0.06, "9 of 10 in A agree; 1 in 10 elsewhere"},
		{"disagree", 0, "9 of 10 in A disagree; 0 in 10 elsewhere"}, {"disagree", 0.049, "9 of 10 in A disagree; hardly anybody elsewhere"},
	} {
		sheet.Findings.Groups[0].Apart = []readmodel.Apart{{ID: id, Direction: c.direction, Agree: 9, Votes: 10, Elsewhere: c.elsewhere}}
		v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
		if said := mapTexts(v); !strings.Contains(said, c.want) {
			t.Errorf("it does not say %q:\n%s", c.want, said)
		}
	}
}

func TestWhoIsNotOnTheMapIsSaid(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	for n, want := range map[int]string{0: "", 1: "1 other has answered too little to be on it.", 703: "703 others have answered too little to be on it."} {
		sheet.OffMap = n
		v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
		for _, shown := range []string{"picture", "table"} {
			if said := mapTexts(v); !strings.Contains(said, want) || n == 0 && strings.Contains(said, "too little") {
				t.Errorf("%s, %d: it does not say %q:\n%s", shown, n, want, said)
			}
			v.Toggle()
		}
	}
}

func TestMapUnsure(t *testing.T) {
	m := sharedSession(t)
	few := m.missing(2)
	for light, want := range map[readmodel.Light]string{readmodel.Amber: "The map is provisional: “", readmodel.Red: "The map is not reliable yet: “", readmodel.Green: ""} {
		few.Light = light
		if got := screen.MapUnsure(look.Style{Lang: words.English}, few); (got == "") != (want == "") || !strings.HasPrefix(got, want) || want != "" && !strings.HasSuffix(got, "needs 3 more votes.") {
			t.Errorf("%s: %q", light, got)
		}
	}
	if got := screen.MapUnsure(look.Style{Lang: words.English}, &readmodel.Sheet{Light: readmodel.Red}); got != "" {
		t.Errorf("no map: %q", got)
	}
}

func TestTheFilledButtonShowsTheRoom(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	var acts []readmodel.Act
	v.OnShow = func(what string, on bool) { acts = append(acts, readmodel.Act{Act: "show", What: what, On: on}) }
	if v.ShowRoom.Kind() != look.Filled || filledButtons(v) != 1 {
		t.Error("the next thing to do is not the filled button")
	}
	test.Tap(v.ShowRoom)
	shown := *sheet
	shown.Shown = map[string]bool{"map": true}
	v.Show(&shown)
	if filledButtons(v) != 0 {
		t.Error("a filled button to hide the map")
	}
	test.Tap(v.ShowRoom)
	want := []readmodel.Act{{Act: "show", What: "map", On: true}, {Act: "show", What: "map"}}
	if !reflect.DeepEqual(acts, want) {
		t.Errorf("acts: %+v, want %+v", acts, want)
	}
	v.Lead = false
	v.Show(sheet)
	if filledButtons(v) != 0 || !v.ShowRoom.Visible() {
		t.Error("the step's own start comes first")
	}
}

func TestWithoutAMapNothingCanBeShown(t *testing.T) {
	sheet := mapSheet(t, 3, 2, false)
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	if v.ShowRoom.Visible() || v.Tables.Visible() || v.Map.Visible() {
		t.Error("there is something to show")
	}
	shown := *sheet
	shown.Shown = map[string]bool{"map": true}
	v.Show(&shown)
	if !v.ShowRoom.Visible() {
		t.Error("what was shown cannot be hidden again")
	}
	v.Show(mapSheet(t, 3, 48, false))
	if !v.ShowRoom.Visible() || !v.Map.Visible() || v.Map.Size().Height < 200 {
		t.Errorf("a map that came is not there: %v", v.Map.Size())
	}
}

func TestHowAndTablesAreAskedFor(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	test.Tap(v.How) // nobody listens
	test.Tap(v.Tables)
	var asked *readmodel.HowWorkedOut
	tables := false
	v.OnHow, v.OnTables = func(how *readmodel.HowWorkedOut) { asked = how }, func() { tables = true }
	test.Tap(v.How)
	test.Tap(v.Tables)
	if asked == nil || asked != sheet.How || !tables {
		t.Errorf("asked %v, tables %v", asked, tables)
	}
}

func TestAGroupIsChosenByItsLetterOrOnTheMap(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	if !v.Letters["A"].Chosen() || v.Map.Emphasis() != "" || len(v.Letters) != 3 {
		t.Error("at first A is looked at, and all groups are painted alike")
	}
	test.Tap(v.Letters["B"])
	if said := mapTexts(v); !strings.Contains(said, "What sets group B apart") || strings.Contains(said, "What sets group A apart") {
		t.Errorf("B is chosen:\n%s", said)
	}
	if v.Map.Emphasis() != "B" || !v.Letters["B"].Chosen() || v.Letters["A"].Chosen() {
		t.Error("B does not stand out")
	}
	test.Tap(v.Letters["B"])
	if v.Map.Emphasis() != "" || !v.Letters["B"].Chosen() {
		t.Error("B chosen again: all are painted alike, and B is still looked at")
	}
	v.Map.OnGroup("C") // as a tap on its hull does
	if v.Map.Emphasis() != "C" || !strings.Contains(mapTexts(v), "What sets group C apart") {
		t.Error("a tap on the map does not choose C")
	}
	test.Tap(v.Everyone)
	if said := mapTexts(v); strings.Contains(said, "apart\n") || v.Map.Emphasis() != "" || !v.Everyone.Chosen() {
		t.Errorf("all are chosen:\n%s", said)
	}
	v.Show(sheet)
	if !v.Everyone.Chosen() {
		t.Error("the next sheet takes the choice away")
	}
}

func TestAChosenGroupThatIsGoneIsNotLookedAt(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	test.Tap(v.Letters["C"])
	fewer := *sheet
	fewer.Findings.Groups = sheet.Findings.Groups[:2]
	v.Show(&fewer)
	if v.Map.Emphasis() != "" || !v.Letters["A"].Chosen() || v.Letters["C"] != nil {
		t.Error("C is still looked at")
	}
}

func TestASmallGroupHasNoWhy(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	sheet.Findings.Groups[0].Hidden, sheet.Findings.Groups[0].Apart = true, nil
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	if said := mapTexts(v); !strings.Contains(said, "a group has fewer than 5 people") {
		t.Errorf("said:\n%s", said)
	}
}

// Another sheet every second must cost nothing: the same objects stay.
func TestASheetThatSaysTheSameChangesNothing(t *testing.T) {
	sheet := mapSheet(t, 3, 48, false)
	v, _ := mapShown(t, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	objects := func() (all []fyne.CanvasObject) {
		mapWalk(v.Object(), fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) { all = append(all, o) })
		return all
	}
	before := objects()
	again := *sheet
	again.Now += 1000
	again.Wall.Votes++
	v.Show(&again)
	if after := objects(); !reflect.DeepEqual(pointers(before), pointers(after)) {
		t.Error("something was made anew")
	}
	again.Wall.Here++
	v.Show(&again)
	if !strings.Contains(mapTexts(v), "here 49") {
		t.Error("somebody came, and it does not say so")
	}
}

func pointers(objects []fyne.CanvasObject) []uintptr {
	out := make([]uintptr, len(objects))
	for i, o := range objects {
		out[i] = reflect.ValueOf(o).Pointer()
	}
	return out
}

func BenchmarkOpinionMapSameSheet(b *testing.B) {
	sheet := mapSheet(b, 3, 48, true)
	v, _ := mapShown(b, look.Style{Lang: words.English}, fyne.NewSize(1070, 740), sheet)
	for b.Loop() {
		again := *sheet
		v.Show(&again)
	}
}

func TestHowLines(t *testing.T) {
	how := readmodel.HowWorkedOut{Engine: "1", People: 48, Statements: 23, VotesNeeded: 7, Explained: [2]float64{0.314, 0.127}, Tried: []opinion.Silhouette{{K: 2, Mean: 0.21}, {K: 3, Mean: -0.001}},
		Groups: 2, Tested: true, Silhouette: 0.21, ByChance: 0.1, FalseRate: 0.05, Common: 3, Apart: 5, Divisions: 2,
		TestedAgo: 20, Stable: []readmodel.GroupStability{{Letter: "A", Word: "solid", Mean: 0.912}, {Letter: "B", Word: "not named", Mean: 0.4}}, Agreement: 0.871}
	s := look.Style{Lang: words.English}
	want := []string{
		"The votes of 48 people on 23 statements.",
		"On the map is who voted on at least 7 statements.",
		"The two axes show 31 % and 13 % of the differences, together 44 %.",
		"How well people sit in their groups, from −1 to 1 (mean silhouette), for each number of groups tried:",
		"2 groups: 0.21", "3 groups: 0.00",
		"2 groups are shown, with 0.21. Of 100 maps with votes dealt out at random, 90 stay below 0.10.",
		"The groups were tested 20 s ago.",
		"How alike each group stays when one vote in ten is left out (mean Jaccard, from 0 to 1):", "A: solid, 0.91", "B: not named, 0.40",
		"The groups of those maps agree with these by 0.87 (adjusted Rand index). Below 0.90 no group is called more than tentative.",
		"Named are 5 statements that set a group apart, 3 in common and 2 where the groups differ.",
		"Of the statements named, about 5 % may be there by chance (rate of false discoveries).",
		"Folkmoot's own method, version 1: the same votes always give the same map.",
	}
	if got := screen.HowLines(s, &how); !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	how.TestedPeople, how.Silhouette = 48, 0.3 // an older test: what is said of the groups tried stands
	if got := screen.HowLines(s, &how); !reflect.DeepEqual(got, want) {
		t.Errorf("tested on all:\n%s", strings.Join(got, "\n"))
	}
	how.TestedPeople, how.Silhouette = 40, 0.3
	if got := strings.Join(screen.HowLines(s, &how), "\n"); !strings.Contains(got, "2 groups are shown: among 40 of these people, with 0.30.") || !strings.Contains(got, "2 groups: 0.21") {
		t.Errorf("tested on some:\n%s", got)
	}
	how.TestedPeople = 0
	how.TestedAgo, how.Stable = 150, nil
	if got := strings.Join(screen.HowLines(s, &how), "\n"); !strings.Contains(got, "tested 2 min ago") || strings.Contains(got, "one vote in ten") {
		t.Errorf("after a while:\n%s", got)
	}
	how.TestedAgo = -1
	if got := strings.Join(screen.HowLines(s, &how), "\n"); strings.Contains(got, "ago") {
		t.Errorf("tested nobody knows when:\n%s", got)
	}
	how.Groups, how.Common, how.Apart, how.Divisions = 0, 0, 0, 0
	if got := strings.Join(screen.HowLines(s, &how), "\n"); !strings.Contains(got, "No number of groups does clearly better than chance") || strings.Contains(got, "Named") {
		t.Errorf("no groups:\n%s", got)
	}
	how.Tested = false
	if got := strings.Join(screen.HowLines(s, &how), "\n"); !strings.Contains(got, "not been compared with chance yet") {
		t.Errorf("not tested:\n%s", got)
	}
	if got := screen.HowLines(s, nil); got != nil {
		t.Errorf("no map: %q", got)
	}
	if got := strings.Join(screen.HowLines(look.Style{Lang: words.Chinese}, &how), "\n"); strings.Contains(got, "no value") || !strings.Contains(got, "平均輪廓係數") {
		t.Errorf("Chinese:\n%s", got)
	}
}
