package readmodel_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

func sheetOf(t *testing.T, r *readmodeltest.Room, o readmodel.SheetOptions) *readmodel.Sheet {
	t.Helper()
	view, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	return readmodel.NewSheet(view, r.View(), r.Now, o)
}

func TestSheetCounts(t *testing.T) {
	r, pids, sids := votingRoom(t)
	quiet := r.Join(40, "安安")
	r.Do(readmodel.Act{Act: "present", ID: pids[0].String()}.Items(context.Background(), nil, r.View(), r.Now+1, r.IDs))
	r.ImportPerson("9", 1)
	r.Do(readmodel.Hide(r.View(), sids[0], "為什麼", r.IDs))
	r.Put(&moot.NewStatement{Text: "在等的。", Lang: "zh-Hant", Standing: moot.Pending, Author: pids[1], Src: moot.FromPhone, Made: r.Now})
	act(t, r, readmodel.Act{Act: "pair", ID: sids[1].String(), Text: "In English."})
	offer := &readmodel.UndoOffer{Act: readmodel.Act{Act: "pair"}, Until: r.Now + 1}
	venue := readmodel.Venue{Addresses: []string{"http://10.0.0.1:8080"}, Seen: 3}
	s := sheetOf(t, r, readmodel.SheetOptions{Venue: venue, Undo: offer, Emblem: "🌲🦊"})
	if len(s.People) != 15 || s.Present != 14 || s.Answered != 14 || len(s.Names) != 1 || s.Names[quiet.String()] != "安安" {
		t.Errorf("people %d, present %d, answered %d, names %v", len(s.People), s.Present, s.Answered, s.Names)
	}
	if s.Asked == 0 || s.Asked > 14 {
		t.Errorf("asked %d", s.Asked)
	}
	if !slices.IsSortedFunc(s.People, func(a, b readmodel.SheetPerson) int { return a.Number - b.Number }) {
		t.Error("people are not in the order of their numbers")
	}
	if s.Approved != 8 || s.Pending != 1 || s.Aside != 1 || len(s.Statements) != 10 {
		t.Errorf("approved %d, pending %d, aside %d of %d", s.Approved, s.Pending, s.Aside, len(s.Statements))
	}
	if one := s.Statement(sids[1].String()); one.Other != "In English." || one.Number != 2 || one.MayEdit() || one.Agree+one.Disagree+one.Pass != 0 || one.Votes == 0 {
		t.Errorf("%+v", one)
	}
	if one := s.Statement(sids[0].String()); one.Reason != "為什麼" || one.State != "hidden" {
		t.Errorf("%+v", one)
	}
	if s.Statement("none") != nil {
		t.Error("a statement that is not there")
	}
	if !s.Voting || s.Undo != offer || !reflect.DeepEqual(s.Venue, venue) || !reflect.DeepEqual(s.Wall.Venue, venue) || s.Emblem != "🌲🦊" || s.ID != r.View().Session.ID.String() || s.Now != r.Now {
		t.Errorf("voting %t, undo %v, venue %v", s.Voting, s.Undo, s.Venue)
	}
	if s.How == nil || s.How.People != 14 || s.How.Engine == "" || s.Map.Scene == nil {
		t.Errorf("how %+v", s.How)
	}
	late := r.Statement("晚到的。")
	r.Put(&moot.SetVote{Person: pids[2], Statement: late, Value: moot.Agree, Rev: 1, Src: moot.FromPhone})
	if s = sheetOf(t, r, readmodel.SheetOptions{}); s.Late != 1 {
		t.Errorf("%d late", s.Late)
	}
}

// Nothing on the sheet says how a person voted or answered, nor who wrote what: two rooms
// in which one person votes the other way round differ in counts and map alone.
func TestSheetIsMasked(t *testing.T) {
	r, pids, sids := votingRoom(t)
	r.Put(&moot.NewStatement{Text: "某人寫的。", Lang: "zh-Hant", Standing: moot.Approved, Author: pids[4], Src: moot.FromPhone, Made: r.Now})
	act(t, r, readmodel.Act{Act: "show", What: "map", On: true})
	s := sheetOf(t, r, readmodel.SheetOptions{})
	if s.Settings[string(moot.MapAnchor)] != "" {
		t.Error("the anchor of the map says who is in which group")
	}
	for _, p := range s.People {
		typ := reflect.TypeOf(p)
		for i := range typ.NumField() {
			if name := typ.Field(i).Name; !slices.Contains([]string{"ID", "Number", "Word", "Answered", "Asked", "Present", "Seen", "Table"}, name) {
				t.Fatalf("a person's %s is on the sheet: think whether it tells an opinion", name)
			}
		}
	}
	before, err := json.Marshal(s.People)
	if err != nil {
		t.Fatal(err)
	}
	for _, sid := range sids {
		r.Vote(pids[4], sid, moot.Vote(1+int(r.View().Person(pids[4]).Vote(sid).Value)%3))
	}
	if _, ok := r.View().Person(pids[4]).Answer(moot.FirstQuestion); ok {
		r.Put(&moot.SetAnswer{Person: pids[4], Question: moot.FirstQuestion, Value: 0, Rev: 9})
	}
	after, err := json.Marshal(sheetOf(t, r, readmodel.SheetOptions{}).People)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Errorf("other votes show in the list of people:\n%s\n%s", before, after)
	}
	// Ids of people stand in the list of people, and nowhere beside an opinion.
	s.People, s.Names = nil, nil
	rest := dump(t, s)
	for _, p := range pids {
		if strings.Contains(rest, p.String()) {
			t.Fatalf("the id of person %s stands elsewhere on the sheet", p)
		}
	}
}

// dump writes everything that can be reached from a sheet.
func dump(t *testing.T, s *readmodel.Sheet) string {
	t.Helper()
	var b strings.Builder
	seen := map[uintptr]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() && !seen[v.Pointer()] {
				seen[v.Pointer()] = true
				walk(v.Elem())
			}
		case reflect.Interface:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(k)
				walk(v.MapIndex(k))
			}
		case reflect.String:
			b.WriteString(v.String() + "\n")
		}
	}
	walk(reflect.ValueOf(s))
	if b.Len() < 100 {
		t.Fatal("the sheet was not gone through")
	}
	return b.String()
}

// The room's part moves only with what was shown to it.
func TestSheetWallFollowsWhatIsShown(t *testing.T) {
	r, pids, sids := votingRoom(t)
	s := sheetOf(t, r, readmodel.SheetOptions{})
	if s.Wall.Results || s.Wall.Map != nil || s.Wall.Answers != nil || s.Map == nil {
		t.Error("the wall shows what was not shown")
	}
	act(t, r, readmodel.Act{Act: "show", What: "results", On: true})
	shown, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Vote(pids[0], sids[0], moot.Vote(1+int(r.View().Person(pids[0]).Vote(sids[0]).Value)%3))
	s = sheetOf(t, r, readmodel.SheetOptions{Shown: shown})
	if !s.Wall.Results || s.Wall.Answers == nil || s.Wall.Map != nil {
		t.Errorf("results %t, answers %v, map %v", s.Wall.Results, s.Wall.Answers, s.Wall.Map)
	}
	one, wall := s.Statement(sids[0].String()), s.Wall.Statements[0].Tally
	live := s.Findings.Statements[slices.IndexFunc(s.Findings.Statements, func(t readmodel.Tally) bool { return t.ID == one.ID })]
	if live == wall {
		t.Error("the wall moved with a single vote")
	}
	if one.Agree != wall.Agree || one.Disagree != wall.Disagree || one.Pass != wall.Pass {
		t.Error("the desk's list tells more than the room sees: a single vote")
	}
}

func TestSheetListing(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	a, b, c := r.Statement("甲。"), r.Statement("乙。"), r.Statement("丙。")
	d := moot.StatementID(r.Put(&moot.NewStatement{Text: "丁。", Lang: "zh-Hant", Standing: moot.Pending, Src: moot.FromPhone, Made: r.Now}))
	r.Do(readmodel.Hide(r.View(), a, "", r.IDs))
	r.Do(readmodel.Remove(r.View(), b, "", r.IDs))
	s := sheetOf(t, r, readmodel.SheetOptions{})
	var got []string
	for _, at := range s.Listing() {
		got = append(got, s.Statements[at].ID)
	}
	if want := []string{d.String(), c.String(), a.String(), b.String()}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !s.Statement(d.String()).MayEdit() {
		t.Error("nobody voted on it, and it may not be edited")
	}
}

func TestSheetNext(t *testing.T) {
	r := readmodeltest.New(t)
	if s := sheetOf(t, r, readmodel.SheetOptions{}); s.Next() != nil || s.Running() != nil {
		t.Error("a step of an empty agenda")
	}
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "T"}, r.Now, r.IDs))
	wants := []struct{ do, step, running, next string }{
		{"", "", "", "checkin"},
		{"start", "checkin", "checkin", "checkin"},
		{"close", "checkin", "", "opinion"},
		{"start", "map", "map", "map"}, // one was passed over
		{"close", "map", "", "tables"},
		{"start", "opinion", "opinion", "opinion"}, // and back
		{"close", "opinion", "", "tables"},
		{"start", "report", "report", "report"},
		{"close", "report", "", "report"},
	}
	for _, w := range wants {
		if w.do != "" {
			act(t, r, readmodel.Act{Act: "step", Step: w.step, Do: w.do})
			r.Now += 1000
		}
		s := sheetOf(t, r, readmodel.SheetOptions{})
		running := ""
		if step := s.Running(); step != nil {
			running = step.ID
		}
		if running != w.running || s.Next().ID != w.next {
			t.Errorf("after %s %s: %q runs and %s is next, want %q and %s", w.do, w.step, running, s.Next().ID, w.running, w.next)
		}
	}
}

func TestClock(t *testing.T) {
	const ends = readmodeltest.Start
	cases := []struct {
		name string
		step readmodel.AgendaStep
		now  uint64
		text string
		over bool
	}{
		{"not running", readmodel.AgendaStep{Ends: ends}, ends - 1000, "", false},
		{"without a clock", readmodel.AgendaStep{Open: true}, ends, "", false},
		{"twelve minutes", readmodel.AgendaStep{Open: true, Ends: ends}, ends - 12*minute - 40_000, "12:40", false},
		{"an hour and more", readmodel.AgendaStep{Open: true, Ends: ends}, ends - 75*minute, "75:00", false},
		{"part of a second", readmodel.AgendaStep{Open: true, Ends: ends}, ends - 1, "0:01", false},
		{"now", readmodel.AgendaStep{Open: true, Ends: ends}, ends, "0:00", true},
		{"long over", readmodel.AgendaStep{Open: true, Ends: ends}, ends + 9*minute, "0:00", true},
	}
	for _, c := range cases {
		if text, over := c.step.Clock(c.now); text != c.text || over != c.over {
			t.Errorf("%s: %q %t, want %q %t", c.name, text, over, c.text, c.over)
		}
	}
}

// Who came and is not on the map is counted, imported or not; without a map nobody is.
func TestWhoIsNotOnTheMap(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	_, sids := r.Rehearse(readmodel.Rehearsal{Seed: 3, Leanings: 3}, 30, 14)
	off := func() (people, tested int) {
		v := build(t, r.View(), readmodel.Options{})
		sheet := readmodel.NewSheet(v, r.View(), r.Now, readmodel.SheetOptions{})
		return sheet.OffMap, sheet.How.TestedPeople
	}
	before, _ := off()
	r.Vote(r.Join(98, ""), sids[0], moot.Agree)
	for i := range 2 {
		r.ImportVote(r.ImportPerson(strings.Repeat("i", i+1), 200+i), sids[0], moot.Agree, readmodeltest.Start-1000)
	}
	if after, tested := off(); after != before+3 || tested != 30-before {
		t.Errorf("%d people, %d before; %d tested", after, before, tested)
	}
	none := readmodeltest.NewOpen(t)
	none.Join(1, "")
	if sheet := readmodel.NewSheet(build(t, none.View(), readmodel.Options{}), none.View(), none.Now, readmodel.SheetOptions{}); sheet.OffMap != 0 {
		t.Errorf("without a map %d people are not on it", sheet.OffMap)
	}
}
