package screen_test

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
	"folkmoot/assets/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

const pageTime = 15_000

// mostPages is more than any wall of these tests has.
const mostPages = 400

// eachPage shows every page of a wall, but at most so many, and gives how many there are.
func eachPage(w *screen.Wall, sheet *readmodel.WallSheet, most int, page func(i int)) int {
	w.Present(sheet, wallNow)
	pages := max(1, pagesSaid(w))
	turns := uint64(wallNow) / pageTime
	turns -= turns % uint64(pages) // which is when the first page is shown
	for i := range min(pages, most) {
		w.Present(sheet, (turns+uint64(i))*pageTime)
		page(i)
	}
	return pages
}

// pagesSaid reads how many pages a wall says there are, 0 where it says nothing.
func pagesSaid(w *screen.Wall) int {
	for _, d := range wallTexts(w) {
		var page, pages int
		for _, form := range []string{"第 %d 頁，共 %d 頁", "Page %d of %d"} {
			if n, _ := fmt.Sscanf(d.text, form, &page, &pages); n == 2 {
				return pages
			}
		}
	}
	return 0
}

func TestWallShowsEverythingWhole(t *testing.T) {
	cases := wallCases(t)
	for _, size := range wallSizes {
		for _, reading := range wallReadings {
			w := newWall(t, reading, size)
			looked := mostPages
			if size.Width < 1000 || size.Width > 1300 {
				looked = 2 // they are the same walls, larger and smaller
			}
			for name, sheet := range cases {
				t.Run(fmt.Sprintf("%s %s %v", name, reading, size.Width), func(t *testing.T) {
					pages := eachPage(w, sheet, looked, func(i int) {
						checkTexts(t, w, size)
						if i < 2 {
							keepPicture(t, w, fmt.Sprintf("%v %s %s %d", size.Width, name, reading, i+1))
						}
					})
					if pages > mostPages {
						t.Errorf("%d pages", pages)
					}
				})
			}
		}
	}
}

// checkTexts is the promise of a wall: every text inside it, none smaller than 2.5 % of
// its height, none over another, none wider than its room.
func checkTexts(t *testing.T, w *screen.Wall, size fyne.Size) {
	t.Helper()
	const little = 0.05
	texts := wallTexts(w)
	for i, d := range texts {
		if d.at.X < -little || d.at.Y < -little || d.at.X+d.box.Width > size.Width+little || d.at.Y+d.box.Height > size.Height+little {
			t.Errorf("%q is outside: at %v, %v large", d.text, d.at, d.box)
		}
		if d.size < size.Height/40-0.001 {
			t.Errorf("%q is %.2f small, under 2.5 %% of %v", d.text, d.size, size.Height)
		}
		if d.box.Width > d.room.Width+little || d.box.Height > d.room.Height+little {
			t.Errorf("%q needs %v and has %v", d.text, d.box, d.room)
		}
		if strings.Contains(d.text, "<no value>") || words.Has(d.text) {
			t.Errorf("%q is no text", d.text)
		}
		for _, other := range texts[:i] {
			if d.at.X+little < other.at.X+other.box.Width && other.at.X+little < d.at.X+d.box.Width &&
				d.at.Y+little < other.at.Y+other.box.Height && other.at.Y+little < d.at.Y+d.box.Height {
				t.Errorf("%q lies over %q", d.text, other.text)
			}
		}
	}
	for _, o := range test.WidgetRenderer(w).Objects() {
		if at, box := o.Position(), o.Size(); at.X < -little || at.Y < -little || at.X+box.Width > size.Width+little || at.Y+box.Height > size.Height+little {
			t.Errorf("a %T is outside: at %v, %v large", o, at, box)
		}
	}
}

func TestWallShowsEveryStatementOnce(t *testing.T) {
	for _, size := range wallSizes[1:3] {
		for _, results := range []bool{false, true} {
			w := newWall(t, words.Chinese, size)
			sheet := withStatements(plainSheet("statements"), 60, results)
			var all strings.Builder
			pages := eachPage(w, sheet, mostPages, func(int) { all.WriteString(strings.ReplaceAll(joinedTexts(w), "\n", "")) })
			if pages < 5 {
				t.Errorf("60 statements stand on %d pages", pages)
			}
			written := strings.ReplaceAll(all.String(), " ", "")
			for _, s := range sheet.Statements {
				if n := strings.Count(written, strings.ReplaceAll(s.Text, " ", "")); n != 1 {
					t.Errorf("%q stands %d times", s.Text, n)
				}
			}
			if got := strings.Count(written, "略過"); got != 0 != results {
				t.Errorf("results %v: %d statements with counts", results, got)
			}
		}
	}
}

func TestWallShowsEveryTableOnce(t *testing.T) {
	for _, size := range wallSizes[1:3] {
		for _, reading := range wallReadings {
			w := newWall(t, reading, size)
			sheet := withTables(plainSheet("tables"), 112, 8)
			seen := map[string]int{}
			eachPage(w, sheet, mostPages, func(int) {
				for _, d := range wallTexts(w) {
					seen[d.text]++
				}
			})
			form := "第 %d 桌"
			if reading == words.English {
				form = "Table %d"
			}
			for _, table := range sheet.Tables {
				if n := seen[fmt.Sprintf(form, table.Number)]; n != 1 {
					t.Errorf("%s: table %d stands %d times", reading, table.Number, n)
				}
				for _, seat := range table.People {
					if n := seen[fmt.Sprint(seat.Number)]; n != 1 {
						t.Errorf("%s: person %d stands %d times", reading, seat.Number, n)
					}
				}
			}
		}
	}
}

func TestWallSaysWhatCannotBeShort(t *testing.T) {
	tests := []struct {
		name, reading string
		want          []string
	}{
		{"join", words.Chinese, []string{"NPO-HUB-4F", "192.0.2.10", "192.0.2.10:8460", "482 163", "剩 12:40", "河岸怎麼用", "現場 48 台裝置・線上匯入 73 人", "412 票已收到，7 票在 3 支手機裡等著"}},
		{"join", words.English, []string{"12:40 left", "The riverside", "48 devices here · 73 imported"}},
		{"join", screen.ReadBoth, []string{"連 Wi-Fi", "Join the Wi-Fi", "河岸怎麼用", "The riverside"}},
		{"join badges", words.Chinese, []string{"掃你名牌上的 QR 碼", "或到這裡輸入名牌上的十個字", "192.0.2.10:8460", "現場 48 人・線上匯入 73 人"}},
		{"join badges", words.English, []string{"Scan the QR code on your badge", "or type its ten characters at", "48 here · 73 imported"}},
		{"rules rehearsal", words.Chinese, []string{"排演", "示範", "談看法，不針對人。"}},
		{"clock", words.Chinese, []string{"表達意見", "12:40"}},
		{"clock over", screen.ReadBoth, []string{"時間到", "Time is up"}},
		{"clock down", words.Chinese, []string{"請把手機收起來，先聊聊"}},
		{"clock tables", words.English, []string{"Table talk", "Which part of the riverside", "should change first, and why?"}},
		{"clock none", "", []string{"No clock is running"}},
		{"clock answers", words.Chinese, []string{"河岸現在好不好走？", "完全不好走", "14"}},
		{"statements none", words.Chinese, []string{"第一則意見會出現在這裡"}},
		{"tables none", words.Chinese, []string{"桌次公布後會出現在這裡"}},
		{"map missing", words.Chinese, []string{"還畫不出意見地圖", "482 163"}},
		{"map early", words.Chinese, []string{"還要再 4 人多回答幾題，才畫得出地圖。"}},
		{"map none", words.Chinese, []string{"目前看不出分群"}},
		{"map", words.Chinese, []string{"我們的意見地圖", "掃 QR"}},
		{"tables", screen.ReadBoth, []string{"第 1 桌", "Table 1"}},
	}
	cases := wallCases(t)
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.reading, func(t *testing.T) {
			w := newWall(t, tt.reading, wallSizes[2])
			w.Present(cases[tt.name], wallNow)
			written := strings.Split(joinedTexts(w), "\n")
			for _, want := range tt.want {
				if !slices.Contains(written, look.Typeset(want)) {
					t.Errorf("no %q in %q", want, written)
				}
			}
		})
	}
}

func TestWallNamesTheGroupsOfTheMap(t *testing.T) {
	sheet := rehearsedSheet(t, 3, 121)
	for _, size := range wallSizes {
		w := newWall(t, words.English, size)
		w.Present(sheet, wallNow)
		for _, label := range sheet.Map.Scene.Labels {
			if want := fmt.Sprintf("%s · %d people", label.Group, label.People); !strings.Contains(joinedTexts(w), look.Typeset(want)) {
				t.Errorf("%v: no %q in %q", size, want, joinedTexts(w))
			}
		}
	}
}

func TestBlackWallShowsNothing(t *testing.T) {
	sheet := plainSheet("black")
	sheet.Rehearsal = true
	for _, show := range []bool{true, false} {
		w := newWall(t, screen.ReadBoth, wallSizes[1])
		if show {
			w.Present(sheet, wallNow)
		}
		objects := test.WidgetRenderer(w).Objects()
		back, ok := objects[0].(*canvas.Rectangle)
		if len(objects) != 1 || !ok || back.FillColor != (color.NRGBA{A: 0xFF}) || back.Size() != wallSizes[1] {
			t.Errorf("shown %v: %d objects, the first %+v", show, len(objects), objects[0])
		}
	}
}

func TestOnlyTheClockMoves(t *testing.T) {
	for name, sheet := range wallCases(t) {
		w := newWall(t, words.Chinese, wallSizes[2])
		w.Present(sheet, wallNow)
		before := slices.Clone(test.WidgetRenderer(w).Objects())
		written := joinedTexts(w)
		again := *sheet // the desk makes a new sheet every second
		if again.Step != nil {
			step := *again.Step
			step.Undo = true
			again.Step = &step
		}
		w.Present(&again, wallNow+1000)
		if !slices.Equal(before, test.WidgetRenderer(w).Objects()) {
			t.Errorf("%s: the objects are others a second later", name)
		}
		want := strings.NewReplacer("12:40", "12:39", "20:00", "19:59").Replace(written)
		if got := joinedTexts(w); got != want {
			t.Errorf("%s: a second later got %q, want %q", name, got, want)
		}
	}
}

func TestWallFollowsItsSheet(t *testing.T) {
	w := newWall(t, "", wallSizes[2])
	sheet := plainSheet("clock")
	w.Present(sheet, wallNow)
	for _, change := range []struct {
		name string
		make func(*readmodel.WallSheet)
		now  uint64
		want string
	}{
		{"the time is up", func(*readmodel.WallSheet) {}, sheet.Step.Ends, "時間到"},
		{"longer", func(s *readmodel.WallSheet) { step := *s.Step; step.Ends += 120_000; s.Step = &step }, sheet.Step.Ends, "2:00"},
		{"more people", func(s *readmodel.WallSheet) { s.Here++ }, wallNow, "現場 49 台裝置・線上匯入 73 人"},
		{"another language", func(s *readmodel.WallSheet) { s.Language = words.English }, wallNow, "48 devices here · 73 imported"},
		{"another mode", func(s *readmodel.WallSheet) { s.Mode = "rules" }, wallNow, "今天這樣進行"},
	} {
		changed := *sheet
		change.make(&changed)
		w.Present(&changed, change.now)
		if !slices.Contains(strings.Split(joinedTexts(w), "\n"), look.Typeset(change.want)) {
			t.Errorf("%s: no %q in %q", change.name, change.want, joinedTexts(w))
		}
	}
	w.Present(sheet, wallNow)
	w.SetReading(words.English)
	if !strings.Contains(joinedTexts(w), "Opinion round") {
		t.Errorf("read in English: %q", joinedTexts(w))
	}
}

func TestClockStaysInItsPlace(t *testing.T) {
	w := newWall(t, words.Chinese, wallSizes[2])
	sheet := plainSheet("clock")
	var boxes []fyne.Size
	for _, left := range []uint64{688_000, 611_000, 600_000} { // 11:28, 10:11, 10:00
		w.Present(sheet, sheet.Step.Ends-left)
		for _, d := range wallTexts(w) {
			if strings.Contains(d.text, ":") {
				boxes = append(boxes, d.box)
			}
		}
	}
	if len(boxes) != 3 || boxes[0] != boxes[1] || boxes[1] != boxes[2] {
		t.Errorf("the digits are not equally wide: %v", boxes)
	}
}

func BenchmarkWallSecond(b *testing.B) {
	w := newWall(b, words.Chinese, wallSizes[3])
	var sheets [2]*readmodel.WallSheet // the desk makes one anew every second
	for i := range sheets {
		sheets[i] = withTables(withStatements(plainSheet("statements"), 60, true), 112, 8)
	}
	now := uint64(wallNow)
	for b.Loop() {
		now++
		w.Present(sheets[now%2], wallNow+now%1000)
	}
}

func BenchmarkWallDrawn(b *testing.B) {
	sheets := map[string]*readmodel.WallSheet{
		"statements": withStatements(plainSheet("statements"), 60, true), "tables": withTables(plainSheet("tables"), 112, 8), "map": rehearsedSheet(b, 3, 121),
	}
	for name, sheet := range sheets {
		b.Run(name, func(b *testing.B) {
			w := newWall(b, words.Chinese, wallSizes[3])
			for i := 0; b.Loop(); i++ {
				changed := *sheet
				changed.Here = i
				w.Present(&changed, wallNow)
			}
		})
	}
}

func TestWallExplainsUncertainMarks(t *testing.T) {
	w := newWall(t, words.English, wallSizes[0])
	say := func(sheet *readmodel.WallSheet) string {
		w.Present(sheet, wallNow)
		var said []string
		for _, d := range wallTexts(w) {
			said = append(said, d.text)
		}
		return strings.Join(said, "\n")
	}
	sure := rehearsedSheet(t, 3, 121)
	shown := *sure.Map
	shown.Scene = doubted(shown.Scene, false)
	sure.Map = &shown
	if said := say(sure); strings.Contains(said, "Hollow") {
		t.Errorf("a legend for nothing:\n%s", said)
	}
	if said := say(withUncertain(rehearsedSheet(t, 3, 121))); !strings.Contains(said, "Hollow: between two groups") {
		t.Errorf("no legend:\n%s", said)
	}
}

// A map that is not to be trusted yet says so, in every language that the wall writes, and
// above all marks.
func TestWallSaysHowSureTheMapIs(t *testing.T) {
	for light, said := range map[readmodel.Light]map[string]string{
		readmodel.Green: nil,
		readmodel.Amber: {words.English: "Provisional", words.Chinese: "暫時的結果"},
		readmodel.Red:   {words.English: "Not reliable yet", words.Chinese: "還不可靠"},
	} {
		for _, reading := range wallReadings {
			for _, size := range wallSizes[1:] {
				sheet := rehearsedSheet(t, 3, 121)
				shown := *sheet.Map
				shown.Light, sheet.Map = light, &shown
				w := newWall(t, reading, size)
				w.Present(sheet, wallNow)
				keepPicture(t, w, fmt.Sprintf("light %s %s %v", light, reading, size.Width))
				var top float32
				for _, o := range test.WidgetRenderer(w).Objects() {
					if _, ok := o.(*mapview.Map); ok {
						top = o.Position().Y
					}
				}
				found := 0
				for _, d := range wallTexts(w) {
					if d.text != said[words.English] && d.text != said[words.Chinese] {
						continue
					}
					found++
					if d.at.Y+d.box.Height > top || d.size < size.Height/41 {
						t.Errorf("%s, %s, %v: %q of size %v at %v, the map begins at %v", light, reading, size, d.text, d.size, d.at, top)
					}
				}
				want := map[string]int{screen.ReadBoth: 2}[reading]
				if want = max(want, 1); light == readmodel.Green {
					want = 0
				}
				if found != want {
					t.Errorf("%s, %s, %v: said %d times, want %d:\n%s", light, reading, size, found, want, joinedTexts(w))
				}
			}
		}
	}
}
