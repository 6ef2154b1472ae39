package shell_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// found is what a pack of another room adds.
func found() readmodel.Merge {
	return readmodel.Merge{ID: "x", Title: "河岸空間怎麼用 · How to use the riverside", Entries: 1142, People: 6, Statements: 4, Votes: 131, Same: 1, Badges: true, Newest: 1_790_000_000_000,
		Devices: []readmodel.MergeDevice{{ID: "a1b2c3", Name: "laptop B", Entries: 900}, {ID: "d4e5f6", Name: "tablet 3", Entries: 242}}}
}

// mergeStates are what a pack can add, with a key of what must be read.
func mergeStates() map[string]struct {
	merge readmodel.Merge
	want  string
	args  look.Args
} {
	fresh, odd := found(), found()
	fresh.New, fresh.Badges, fresh.Same, fresh.Nameless = true, true, 0, 212
	odd.Badges, odd.Filled, odd.Splits, odd.Over, odd.Erases, odd.Changed = false, 3, 1, 2, true, 2
	for i := range 12 {
		odd.Devices = append(odd.Devices, readmodel.MergeDevice{ID: fmt.Sprintf("%04d", i), Name: "hub", Entries: 1})
	}
	return map[string]struct {
		merge readmodel.Merge
		want  string
		args  look.Args
	}{
		"adds":    {found(), "merge.same_badge", look.Args{"N": 1}},
		"new":     {fresh, "merge.nameless", look.Args{"N": 212}},
		"odd":     {odd, "merge.erases", nil},
		"nothing": {readmodel.Merge{ID: "x", Title: "T"}, "merge.nothing", nil},
	}
}

// The questions of a merge, in every state, language, theme and size.
func TestMergeScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			for i, size := range sizes {
				if dark && i != 1 {
					continue
				}
				s, f := desk(t, lang, dark, newRoom(t, "T"))
				s.Window().Resize(size)
				check := func(name string) {
					t.Helper()
					for _, line := range blemishes(s.Window()) {
						t.Errorf("%s %s at %.0f: %s", name, lang, size.Width, line)
					}
					picture(t, s, fmt.Sprintf("desk-merge-%s-%s-%.0fx%.0f", name, lang, size.Width, size.Height), dark)
				}
				tap(t, s, say(lang, "merge.button"))
				check("where")
				s.CloseQuestion()
				for name, c := range mergeStates() {
					f.merge = c.merge
					s.Drop("/tmp/laptop-b.folkmoot")
					check(name)
					reads(t, s, look.Typeset(words.Text(lang, c.want, c.args)), true)
					s.CloseQuestion()
				}
			}
		}
	}
}

func TestMerge(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.merge = found()
	tap(t, s, say("en", "merge.button"))
	lastEntry(t, s).SetText(" /tmp/pack.zip ")
	tap(t, s, say("en", "merge.look"))
	reads(t, s, look.Typeset("It adds 6 people · 4 statements · 131 votes · 1,142 entries."), true)
	reads(t, s, "From 2 devices: laptop B, tablet 3", true)
	if len(f.merged) > 0 || !slices.Equal(f.looked, []string{"/tmp/pack.zip"}) {
		t.Fatalf("merged %v before anybody agreed, looked at %v", f.merged, f.looked)
	}
	tap(t, s, say("en", "merge.go"))
	if !slices.Equal(f.merged, []string{"/tmp/pack.zip"}) {
		t.Errorf("merged %v", f.merged)
	}
	reads(t, s, look.Typeset("Added: 6 people · 4 statements · 131 votes · 1,142 entries."), true)
	tap(t, s, say("en", "desk.imported_open"))
	reads(t, s, say("en", "host.agenda"), true)
}

// What is here already is said, and there is nothing to press.
func TestMergeNothing(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.merge = readmodel.Merge{ID: "x", Title: "T"}
	s.Drop("/tmp/laptop-b.folkmoot")
	reads(t, s, say("en", "merge.nothing"), true)
	for _, b := range buttons(s) {
		if b.Text() == say("en", "merge.go") || b.Text() == say("en", "merge.make") {
			t.Errorf("there is the button %q", b.Text())
		}
	}
}

// What cannot be merged is said once, and nothing is asked.
func TestMergeWrong(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.fails = &readmodel.Trouble{Key: "merge.damaged", Args: look.Args{"Name": "pack.zip"}}
	tap(t, s, say("en", "merge.button"))
	lastEntry(t, s).SetText("/tmp/pack.zip")
	tap(t, s, say("en", "merge.look"))
	reads(t, s, "pack.zip is damaged or was changed", true)
	if len(f.merged) > 0 {
		t.Errorf("merged %v", f.merged)
	}
}

// A long merge shows how far it is and can be stopped; an open session can take one too.
func TestMergeIsStopped(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.merge = found()
	stopped := false
	f.during = func(ctx context.Context) {
		reads(t, s, "Merging laptop-b.folkmoot", true)
		if got := s.Progress(); got != 0.5 {
			t.Errorf("the bar stands at %.2f", got)
		}
		tap(t, s, say("en", "page.cancel"))
		stopped = ctx.Err() != nil
	}
	press(s, key(5))
	button(t, s, say("en", "merge.button")) // the report has the way to it
	s.Drop("/tmp/laptop-b.folkmoot")
	tap(t, s, say("en", "merge.go"))
	if !stopped {
		t.Error("it was not stopped")
	}
	reads(t, s, say("en", "merge.cancelled"), true)
	f.during = nil
	s.Drop("/tmp/laptop-b.folkmoot")
	tap(t, s, say("en", "merge.go"))
	if strings.Contains(drawn(s), say("en", "desk.imported_open")) {
		t.Error("another session can be opened while one is open")
	}
}
