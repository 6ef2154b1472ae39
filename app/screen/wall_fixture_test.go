package screen_test

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/screen"
	"folkmoot/assets/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// wallNow is the time at which the walls of these tests are looked at.
const wallNow = readmodeltest.Start

// plainSheet is a wall as it mostly is: the design's figures.
func plainSheet(mode string) *readmodel.WallSheet {
	return &readmodel.WallSheet{
		Mode: mode, Title: readmodel.InBoth{"zh-Hant": "河岸怎麼用", "en": "The riverside"}, Language: words.Chinese,
		Step: &readmodel.AgendaStep{ID: "opinion", Kind: "opinion", Minutes: 20, Open: true, Started: wallNow - 440_000, Ends: wallNow + 760_000},
		Code: "482163", Wifi: "NPO-HUB-4F", Here: 48, Imported: 73, Votes: 412,
		Venue: readmodel.Venue{Addresses: []string{"http://192.0.2.10:80", "http://192.0.2.10:8460"}, JoinLink: "http://192.0.2.10/?c=482163", Waiting: 7, Devices: 3},
	}
}

// withStatements adds statements of up to 140 characters in both languages.
func withStatements(s *readmodel.WallSheet, n int, results bool) *readmodel.WallSheet {
	for i := range n {
		text := fmt.Sprintf("〈%d〉%s。", i+1, strings.Repeat("河岸應該留給走路和騎車的人，", i%11)+"晚上也要亮")
		if i%3 == 1 {
			text = fmt.Sprintf("<%d> %s", i+1, strings.Repeat("Keep the lamps on ", i%8)+"until ten.")
		}
		one := readmodel.WallStatement{Text: text, Tally: readmodel.Tally{Agree: 3 * i, Disagree: i, Pass: i % 4}}
		if i%5 == 0 {
			one.Texts = map[string]string{"zh-Hant": text, "en": fmt.Sprintf("<%d> The same in English, which somebody paired.", i+1)}
		}
		s.Statements = append(s.Statements, one)
	}
	s.Results = results
	return s
}

// withTables adds tables of people.
func withTables(s *readmodel.WallSheet, tables, people int) *readmodel.WallSheet {
	animals := words.Animals()
	for i := range tables {
		table := readmodel.WallTable{Number: i + 1}
		for j := range people {
			n := i*people + j
			table.People = append(table.People, readmodel.WallSeat{Number: n + 1, Word: animals[n%len(animals)]})
		}
		s.Tables = append(s.Tables, table)
	}
	return s
}

// withOwnWifi shows a Wi-Fi that was opened for the room.
func withOwnWifi(s *readmodel.WallSheet) *readmodel.WallSheet {
	s.Own = readmodel.OwnWifi{Name: "River 5", Password: "river bank"}
	s.Wifi = s.Own.Name
	return s
}

// withBadges asks for badges.
func withBadges(s *readmodel.WallSheet) *readmodel.WallSheet {
	s.Badges, s.Rehearsal = true, false
	return s
}

func withAnswers(s *readmodel.WallSheet) *readmodel.WallSheet {
	s.Question = &readmodel.WallQuestion{
		Text: readmodel.InBoth{"zh-Hant": "河岸現在好不好走？", "en": "How good is it to walk along the river today?"},
		Low:  readmodel.InBoth{"zh-Hant": "完全不好走", "en": "Not at all"}, High: readmodel.InBoth{"zh-Hant": "非常好走", "en": "Very good"},
	}
	s.Answers = &[6]int{2, 5, 11, 14, 9, 4}
	return s
}

// long puts texts of so many characters wherever the session has some.
func long(s *readmodel.WallSheet, characters int) *readmodel.WallSheet {
	chinese := string([]rune(strings.Repeat("河岸怎麼用，大家一起想一想；", characters/14+1))[:characters])
	english := strings.TrimSpace(strings.Repeat("What shall we do with the riverside, ", characters/37+1)[:characters])
	s.Title = readmodel.InBoth{"zh-Hant": chinese, "en": english}
	s.Prompt = s.Title
	if s.Step != nil {
		s.Step.Title = chinese
	}
	if s.Question != nil {
		s.Question = &readmodel.WallQuestion{Text: s.Title, Low: s.Title, High: s.Title}
	}
	return s
}

// rehearsed keeps the walls of rehearsedSheet: their maps take seconds to work out.
var rehearsed = map[[2]int]*readmodel.WallSheet{}

// rehearsedSheet is the wall of a whole session with a map; the caller owns it.
func rehearsedSheet(t testing.TB, leanings, people int) *readmodel.WallSheet {
	t.Helper()
	key := [2]int{leanings, people}
	if rehearsed[key] == nil {
		rehearsed[key] = rehearse(t, leanings, people)
	}
	sheet := *rehearsed[key]
	return &sheet
}

func rehearse(t testing.TB, leanings, people int) *readmodel.WallSheet {
	t.Helper()
	room := readmodeltest.NewOpen(t)
	room.Rehearse(readmodel.Rehearsal{Seed: 3, Leanings: leanings}, people, 12)
	for _, what := range []string{"map", "results"} {
		room.Do(readmodel.Show(room.View(), what, true, room.IDs))
	}
	view, err := readmodel.Build(context.Background(), room.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sheet := &readmodel.NewSheet(view, room.View(), wallNow, readmodel.SheetOptions{Shown: view, Venue: plainSheet("").Venue}).Wall
	sheet.Mode, sheet.Code, sheet.Wifi = "map", "482163", "NPO-HUB-4F"
	return sheet
}

// wallCases are the walls that are gone through: every mode, plain and crowded.
func wallCases(t testing.TB) map[string]*readmodel.WallSheet {
	t.Helper()
	tables, down, over, rehearsal := plainSheet("clock"), plainSheet("clock"), plainSheet("clock"), plainSheet("rules")
	tables.Step.Kind, tables.Prompt = "tables", readmodel.InBoth{"zh-Hant": "河岸的哪一段最該先改？為什麼？", "en": "Which part of the riverside should change first, and why?"}
	down.DevicesDown = true
	over.Step.Ends = wallNow - 1
	rehearsal.Rehearsal, rehearsal.Sample = true, true
	bare := &readmodel.WallSheet{Mode: "join"}
	early, none := plainSheet("map"), rehearsedSheet(t, 1, 24)
	early.Map = &readmodel.MapForRoom{Missing: []readmodel.Sentence{
		{ID: readmodel.MissingPeople, Args: map[string]string{"N": "4"}}, {ID: readmodel.MissingTarget, Args: map[string]string{"N": "9", "Text": strings.Repeat("河岸的路燈", 28)}}}}
	none.Map = &readmodel.MapForRoom{Scene: none.Map.Scene}
	crowded := func(mode string) *readmodel.WallSheet {
		s := long(withAnswers(withTables(withStatements(plainSheet(mode), 60, true), 12, 8)), 500)
		s.Here, s.Imported, s.Votes, s.Rehearsal, s.Sample = 900, 12_345, 1_234_567, true, true
		s.Venue.Waiting, s.Venue.Devices, s.Step.Kind = 1_207, 321, "tables"
		s.Wifi = strings.Repeat("NPOHUB4F", 18)
		s.Statements[1].Text = strings.Repeat("Riverside", 15) // one word
		s.Venue.Addresses = []string{"http://facilitators-macbook-pro-of-the-foundation.local:8460/"}
		return s
	}
	cases := map[string]*readmodel.WallSheet{
		"join": plainSheet("join"), "join bare": bare, "join badges": withBadges(plainSheet("join")), "join own": withOwnWifi(plainSheet("join")), "join own badges": withOwnWifi(withBadges(plainSheet("join"))), "map badges": withBadges(rehearsedSheet(t, 3, 121)), "rules": plainSheet("rules"), "rules rehearsal": rehearsal,
		"clock": plainSheet("clock"), "clock tables": tables, "clock down": down, "clock over": over, "clock answers": withAnswers(plainSheet("clock")),
		"clock none": {Mode: "clock", Language: words.English}, "statements none": plainSheet("statements"),
		"statements 3": withStatements(plainSheet("statements"), 3, false), "statements": withStatements(plainSheet("statements"), 60, false),
		"statements results": withStatements(plainSheet("statements"), 60, true), "map missing": plainSheet("map"), "map early": early, "map none": none,
		"map": rehearsedSheet(t, 3, 121), "map uncertain": withUncertain(rehearsedSheet(t, 3, 121)), "tables none": plainSheet("tables"), "tables": withTables(plainSheet("tables"), 12, 8),
		"tables 3": withTables(plainSheet("tables"), 3, 5), "tables 900": withTables(plainSheet("tables"), 112, 8), "tables one": withTables(plainSheet("tables"), 1, 400),
	}
	for _, mode := range []string{"join", "rules", "clock", "statements", "map", "tables"} {
		cases[mode+" crowded"] = crowded(mode)
	}
	return cases
}

var (
	wallSizes    = []fyne.Size{{Width: 240, Height: 135}, {Width: 1024, Height: 768}, {Width: 1280, Height: 720}, {Width: 1920, Height: 1080}, {Width: 2560, Height: 1440}}
	wallReadings = []string{words.Chinese, words.English, screen.ReadBoth}
)

// newWall gives a wall of a size under the program's own theme.
func newWall(t testing.TB, reading string, size fyne.Size) *screen.Wall {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(look.Theme(look.Style{Lang: words.Chinese, Dark: true}))
	w := screen.NewWall(words.Chinese)
	w.SetReading(reading)
	w.Resize(size)
	return w
}

// drawn is a text as it is to be seen.
type drawn struct {
	text     string
	size     float32
	at       fyne.Position
	box      fyne.Size // measured
	room     fyne.Size
	ownSizes bool // of another widget, which has tests of its own for them
}

// textsOf gives all texts of an object, with those of widgets in it.
func textsOf(o fyne.CanvasObject, at fyne.Position, inner bool) []drawn {
	switch o := o.(type) {
	case *canvas.Text:
		d := drawn{text: o.Text, size: o.TextSize, box: fyne.MeasureText(o.Text, o.TextSize, o.TextStyle), room: o.Size(), at: at, ownSizes: inner}
		switch o.Alignment {
		case fyne.TextAlignCenter:
			d.at.X += (d.room.Width - d.box.Width) / 2
		case fyne.TextAlignTrailing:
			d.at.X += d.room.Width - d.box.Width
		}
		return []drawn{d}
	case fyne.Widget:
		_, wall := o.(*screen.Wall)
		var all []drawn
		for _, child := range test.WidgetRenderer(o).Objects() {
			if child.Visible() {
				all = append(all, textsOf(child, at.Add(child.Position()), !wall)...)
			}
		}
		return all
	}
	return nil
}

func wallTexts(w *screen.Wall) []drawn { return textsOf(w, fyne.Position{}, false) }

// joinedTexts gives all that is written, in the order in which it was drawn.
func joinedTexts(w *screen.Wall) string {
	var all []string
	for _, d := range wallTexts(w) {
		all = append(all, d.text)
	}
	return strings.Join(all, "\n")
}

// keepPicture saves what a wall looks like, where FOLKMOOT_PICTURES names a folder.
func keepPicture(t testing.TB, w *screen.Wall, name string) {
	t.Helper()
	folder := os.Getenv("FOLKMOOT_PICTURES")
	if folder == "" || w.Size().Width > 1300 { // the larger ones look the same
		return
	}
	window := test.NewTempWindow(t, &fyne.Container{Objects: []fyne.CanvasObject{w}}) // which leaves its size
	window.SetPadded(false)
	window.Resize(w.Size())
	file, err := os.Create(filepath.Join(folder, "wall "+name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// withUncertain gives the wall's map people between two groups, and uncertain places.
func withUncertain(sheet *readmodel.WallSheet) *readmodel.WallSheet {
	shown := *sheet.Map
	shown.Scene = doubted(shown.Scene, true)
	sheet.Map = &shown
	return sheet
}

// doubted gives a scene some of whose marks are hollow or soft, or none of them.
func doubted(scene *readmodel.Scene, some bool) *readmodel.Scene {
	out := *scene
	out.Marks = append([]readmodel.Mark(nil), scene.Marks...)
	for i := range out.Marks {
		out.Marks[i].Between, out.Marks[i].Spread = some && i%4 == 0, 0
		if some && i%3 == 0 {
			out.Marks[i].Spread = 0.03
		}
	}
	return &out
}
