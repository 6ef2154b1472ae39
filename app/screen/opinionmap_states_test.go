package screen_test

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/screen"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// mapSession is a session with people of the room and imported ones, tables and answers,
// in which people voted in turns; with its sheet and the frames of its past.
type mapSession struct {
	room   *readmodeltest.Room
	view   *readmodel.View
	sheet  *readmodel.Sheet
	frames []readmodel.Frame
}

func newMapSession(t testing.TB, here, imported int) *mapSession {
	t.Helper()
	m := &mapSession{room: readmodeltest.NewOpen(t)}
	r := m.room
	for field, value := range map[moot.Field]string{moot.Question: "做得到嗎？", moot.QuestionLo: "做不到", moot.QuestionHi: "做得到"} {
		r.Do(readmodel.SetField(r.View(), field, value, r.IDs))
	}
	model := readmodel.Rehearsal{Seed: 3}
	var people []moot.ParticipantID
	for i := range here {
		people = append(people, r.Join(i+1, ""))
		if answer, ok := model.Answer(i); ok {
			r.Put(&moot.SetAnswer{Person: people[i], Question: moot.FirstQuestion, Value: answer, Rev: 1})
		}
	}
	var sids []moot.StatementID
	for j := range 14 {
		sids = append(sids, r.Statement(fmt.Sprintf("第 %d 則：多元利害關係人治理機制的資料，在沒有隱私權疑慮的情形下，應該要公開透明。", j+1)))
	}
	for i := range imported {
		p := r.ImportPerson(fmt.Sprint(i), here+i+1)
		for j, s := range sids {
			if vote := model.Vote(1000+i, j); vote != moot.None {
				r.ImportVote(p, s, vote, readmodeltest.Start-600_000+uint64(j))
			}
		}
	}
	for j, s := range sids {
		r.Now += 60_000
		for i, p := range people {
			if vote := model.Vote(i, j); vote != moot.None {
				r.Vote(p, s, vote)
			}
		}
	}
	quick, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Do(readmodel.MakePlan(context.Background(), quick, readmodel.PlanOptions{Min: 5, Max: 8, Seed: 1, Quick: true}, r.Now, r.IDs))
	r.Do(readmodel.Show(r.View(), "results", true, r.IDs))
	m.build(t)
	log := func(yield func(oplog.Entry) bool) error {
		for _, e := range r.Entries {
			if !yield(e) {
				break
			}
		}
		return nil
	}
	if m.frames, err = readmodel.Replay(context.Background(), log, m.view, nil); err != nil {
		t.Fatal(err)
	}
	return m
}

// sharedSession gives one session to all tests that only read it: its map takes a while.
func sharedSession(t testing.TB) *mapSession {
	t.Helper()
	if shared == nil {
		shared = newMapSession(t, 48, 20)
	}
	return shared
}

var shared *mapSession

func (m *mapSession) build(t testing.TB) {
	t.Helper()
	var err error
	if m.view, err = readmodel.Build(context.Background(), m.room.View(), readmodel.Options{Last: m.view}); err != nil {
		t.Fatal(err)
	}
	m.sheet = readmodel.NewSheet(m.view, m.room.View(), m.room.Now, readmodel.SheetOptions{})
}

// uncertain gives the sheet with marks between groups, and uncertain ones; or with none.
func (m *mapSession) uncertain(some bool) *readmodel.Sheet {
	sheet, shown := *m.sheet, *m.sheet.Map
	shown.Scene, sheet.Map = doubted(shown.Scene, some), &shown
	sheet.Findings.Groups = append([]readmodel.GroupResults(nil), sheet.Findings.Groups...)
	for i := range sheet.Findings.Groups {
		sheet.Findings.Groups[i].Stability = []string{"solid", "tentative", "not named"}[i%3]
	}
	return &sheet
}

// missing gives the sheet with so many sentences of what is missing, about long statements.
func (m *mapSession) missing(n int) *readmodel.Sheet {
	sheet, shown := *m.sheet, *m.sheet.Map
	shown.Missing = nil
	for i := range n {
		shown.Missing = append(shown.Missing, readmodel.Sentence{ID: readmodel.MissingTarget, Args: map[string]string{"N": fmt.Sprint(3 + i), "Text": strings.Repeat("沒有政府參與的多元利害關係人治理機制可以成功，", 4)}})
	}
	sheet.Map, sheet.Light = &shown, readmodel.Amber
	return &sheet
}

// mapSteps are states that are reached by tapping.
func mapSteps(t testing.TB) (*mapSession, map[string]func(v *screen.OpinionMap)) {
	m := sharedSession(t)
	show := func(v *screen.OpinionMap, sheet *readmodel.Sheet) { v.Show(sheet) }
	replay := func(v *screen.OpinionMap, share float64) {
		v.Replay.OnFrames = func() { v.Replay.Take(m.frames) }
		v.Show(m.sheet)
		at := int(share * float64(v.Replay.Slider.Last()))
		v.Replay.Slider.Set(at+1, v.Replay.Slider.Last())
		v.Replay.Slider.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	sort := func(v *screen.OpinionMap, by readmodel.SortBy) {
		v.Replay.OnFrames = func() {}
		v.Show(m.sheet)
		v.Sort.Who.OnTapped()
		v.Sort.Ways[by].OnTapped()
	}
	return m, map[string]func(v *screen.OpinionMap){
		"mixed":        func(v *screen.OpinionMap) { v.Replay.OnFrames = func() {}; show(v, m.sheet) },
		"open":         func(v *screen.OpinionMap) { show(v, m.sheet); v.Sort.Who.OnTapped() },
		"by source":    func(v *screen.OpinionMap) { sort(v, readmodel.BySource) },
		"by table":     func(v *screen.OpinionMap) { sort(v, readmodel.ByTable) },
		"by answer":    func(v *screen.OpinionMap) { sort(v, readmodel.ByAnswer); v.Sort.Who.OnTapped() },
		"one class":    func(v *screen.OpinionMap) { sort(v, readmodel.BySource); v.Sort.Classes[1].OnTapped() },
		"replay":       func(v *screen.OpinionMap) { replay(v, 0.6) },
		"replay early": func(v *screen.OpinionMap) { replay(v, 0) },
		"replay made": func(v *screen.OpinionMap) {
			v.Replay.OnFrames = func() {}
			show(v, m.sheet)
			v.Replay.Slider.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
			v.Replay.Making(7, 32)
		},
		"table":       func(v *screen.OpinionMap) { show(v, m.sheet); v.Toggle() },
		"uncertain":   func(v *screen.OpinionMap) { show(v, m.uncertain(true)) },
		"six missing": func(v *screen.OpinionMap) { show(v, m.missing(6)) },
	}
}

func TestOpinionMapIsWholeAfterEveryTap(t *testing.T) {
	_, steps := mapSteps(t)
	for _, lang := range words.Languages() {
		for _, dark := range []bool{false, true} {
			for _, size := range []fyne.Size{{Width: 1070, Height: 740}, {Width: 640, Height: 480}} {
				if dark && size.Width < 1000 {
					continue // a colour has no size
				}
				for name, step := range steps {
					style := look.Style{Lang: lang, Dark: dark}
					v, window := mapShown(t, style, size, &readmodel.Sheet{Light: readmodel.Red})
					step(v)
					checkWhole(t, strings.Join([]string{name, lang}, " "), window)
					if filled := filledButtons(v); filled > 1 {
						t.Errorf("%s: %d filled buttons", name, filled)
					}
					if v.Map.Visible() && v.Map.Size().Height < 120 {
						t.Errorf("%s %v: the map is %v", name, size, v.Map.Size())
					}
					mapPicture(t, window, fmt.Sprintf("%s-%s-%.0f", strings.ReplaceAll(name, " ", "-"), lang, size.Width), dark)
				}
			}
		}
	}
}

// mapPicture writes what a window shows, where FOLKMOOT_PICTURES says where to.
func mapPicture(t *testing.T, w fyne.Window, name string, dark bool) {
	t.Helper()
	folder := os.Getenv("FOLKMOOT_PICTURES")
	if folder == "" {
		return
	}
	if dark {
		name += "-dark"
	}
	file, err := os.Create(filepath.Join(folder, "map-"+name+".png"))
	if err == nil {
		err = png.Encode(file, w.Canvas().Capture())
		file.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
