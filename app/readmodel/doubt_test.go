package readmodel_test

import (
	"cmp"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// What was found out about the groups stands, with its age, until it is found out anew.
func TestQuickViewCarriesOnWhatIsKnown(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	known := build(t, r.View(), readmodel.Options{Now: 1000})
	if known.Examined != 1000 || len(known.Letters) != 3 || known.Map.Groups[0].Word == "" {
		t.Fatalf("examined at %d, letters %v", known.Examined, known.Letters)
	}
	for _, p := range pids[:4] {
		r.Vote(p, sids[0], moot.Pass)
	}
	quick := build(t, r.View(), readmodel.Options{Quick: true, Now: 2000, Last: known})
	if quick.Map.GroupsTested || !quick.Map.Carried || quick.Examined != 1000 {
		t.Errorf("tested %v, carried %v, examined at %d", quick.Map.GroupsTested, quick.Map.Carried, quick.Examined)
	}
	word := map[string]string{}
	for g, letter := range known.Letters {
		word[letter] = string(known.Map.Groups[g].Word)
	}
	for g, letter := range quick.Letters {
		if string(quick.Map.Groups[g].Word) != word[letter] {
			t.Errorf("group %s is %q, was %q", letter, quick.Map.Groups[g].Word, word[letter])
		}
	}
	for _, s := range quick.Missing {
		if s.ID == readmodel.MissingTest {
			t.Error("what was tested is said to be worked out still")
		}
	}
	again := build(t, r.View(), readmodel.Options{Now: 3000, Last: quick})
	if !again.Map.GroupsTested || again.Map.Carried || again.Examined != 3000 {
		t.Errorf("tested %v, carried %v, examined at %d", again.Map.GroupsTested, again.Map.Carried, again.Examined)
	}
}

// Somebody who has answered little, and on what tells little, is painted as uncertain;
// who answered all is not.
func TestFewAnswersArePaintedSoft(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	v := build(t, r.View(), readmodel.Options{Quick: true})
	columns := make([]int, len(v.Statements))
	for i := range columns {
		columns[i] = i
	}
	tells := func(i int) float64 { l := v.Map.Loadings[i]; return l[0]*l[0] + l[1]*l[1] }
	slices.SortFunc(columns, func(a, b int) int { return cmp.Compare(tells(a), tells(b)) })
	newcomer := r.Join(3, "")
	for _, column := range columns[:v.Map.VotesNeeded] {
		r.Vote(newcomer, v.Statements[column].ID, moot.Agree)
	}
	v = build(t, r.View(), readmodel.Options{Quick: true, Last: v})
	place, ok := v.You(newcomer)
	if !ok || place.Spread <= 0 || place.Spread > 0.05 {
		t.Errorf("on the map %v, spread %v", ok, place.Spread)
	}
	soft := 0
	for _, m := range v.Scene.Marks {
		if m.Spread > 0 {
			soft += m.People
		}
	}
	if soft == 0 || soft > 3 {
		t.Errorf("%d people are painted soft", soft)
	}
	for _, p := range pids[:5] {
		if place, _ := v.You(p); place.Spread != 0 {
			t.Errorf("a person with %d votes has a spread of %v", r.View().Person(p).Counted(), place.Spread)
		}
	}
}

// A group that is not settled is named, with the statement that would settle it most.
func TestTentativeGroupsAreSaid(t *testing.T) {
	record := blurredRoom(t)
	v := build(t, record, readmodel.Options{})
	tentative := map[string]bool{}
	for g, letter := range v.Letters {
		if v.Map.Groups[g].Word == "tentative" {
			tentative[letter] = true
		}
	}
	if len(tentative) == 0 {
		t.Fatalf("no group of this room is tentative: %v", v.Letters)
	}
	said := map[string]bool{}
	for _, s := range v.Missing {
		if s.ID == readmodel.MissingTentative && s.Args["Text"] != "" || s.ID == readmodel.MissingSettled {
			for _, letter := range strings.Split(s.Args["Letter"], " · ") {
				said[letter] = true
			}
		}
	}
	for letter := range tentative {
		if !said[letter] {
			t.Errorf("nothing is said of group %s: %+v", letter, v.Missing)
		}
	}
	if v.Light != readmodel.Amber {
		t.Errorf("the light is %s", v.Light)
	}
}

// blurredRoom is a room whose groups are there and blurred.
func blurredRoom(t *testing.T) *moot.View {
	t.Helper()
	for seed := range uint64(40) {
		r := readmodeltest.NewOpen(t)
		pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: seed}, 30, 16)
		for i, p := range pids { // a third of the votes by the throw of a coin
			for j, s := range sids {
				if (i*7+j*5)%3 == 0 {
					r.Vote(p, s, moot.Vote(1+(i*j)%2))
				}
			}
		}
		v := build(t, r.View(), readmodel.Options{})
		for _, group := range v.Map.Groups {
			if group.Word == "tentative" {
				return r.View()
			}
		}
	}
	t.Fatal("no room with tentative groups")
	return nil
}

// A statement that is hidden leaves what the room sees at once, also while the groups are
// still being tested.
func TestHiddenStatementLeavesTheRoomWithTheQuickView(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	r.Do(readmodel.Show(r.View(), "results", true, r.IDs))
	known := build(t, r.View(), readmodel.Options{})
	shown := readmodel.NextShown(nil, known)
	r.Do(readmodel.Hide(r.View(), sids[3], "off topic", r.IDs))
	r.Vote(pids[0], sids[0], moot.Pass)
	has := func(results *readmodel.Results) bool {
		return slices.ContainsFunc(results.Statements, func(t readmodel.Tally) bool { return t.ID == sids[3].String() })
	}
	if !has(&shown.Results) {
		t.Fatal("it was not there before")
	}
	if has(readmodel.ShownResults(r.View(), shown)) {
		t.Error("the results shown before still hold it")
	}
	next := readmodel.NextShown(shown, build(t, r.View(), readmodel.Options{Quick: true, Last: known}))
	if next == nil || has(&next.Results) {
		t.Error("after the quick View it is still shown")
	}
}

// Groups that are no more leave no trace in the record: a session that is opened again
// must not show them.
func TestAnchorForgetsGroupsThatAreNoMore(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	v := build(t, r.View(), readmodel.Options{})
	if !strings.Contains(v.Anchor(), " A ") {
		t.Fatalf("no letters: %s", v.Anchor())
	}
	random := rand.New(rand.NewPCG(5, 5))
	for _, p := range pids {
		for _, s := range sids {
			r.Vote(p, s, moot.Vote(1+random.IntN(2)))
		}
	}
	v = build(t, r.View(), readmodel.Options{Last: v})
	if v.Map.GroupsFound || strings.Contains(v.Anchor(), " A ") {
		t.Errorf("found %v, anchor %s", v.Map.GroupsFound, v.Anchor())
	}
}

// Views of a long session do not hold one another.
func TestViewsOfTheSessionAreLetGo(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 30, 12)
	freed := make(chan int, 20)
	last := build(t, r.View(), readmodel.Options{})
	for i := range 8 {
		r.Vote(pids[i], sids[0], moot.Pass)
		next := build(t, r.View(), readmodel.Options{Quick: true, Last: last})
		runtime.AddCleanup(last, func(i int) { freed <- i }, i)
		last = next
	}
	gone := 0
	for range 500 {
		runtime.GC()
		runtime.Gosched() // cleanups run in a goroutine of their own
		select {
		case <-freed:
			gone++
		default:
		}
	}
	runtime.KeepAlive(last)
	if gone < 7 {
		t.Errorf("%d of 8 views that are no longer shown were let go", gone)
	}
}
