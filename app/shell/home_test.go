package shell_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
)

func TestPortTaken(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.fails = &readmodel.Trouble{Key: "desk.port_taken", Args: map[string]any{"Port": "8080"}, Port: 8083}
	s.OpenSession("made")
	f.fails = nil
	tap(t, s, "Use port 8083")
	if !slices.Equal(f.ports, []int{0, 8083}) {
		t.Errorf("ports %v", f.ports)
	}
	reads(t, s, say("en", "host.agenda"), true)
}

func TestDelete(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.cards = manyCards()[:1]
	s.Refresh()
	tap(t, s, say("en", "desk.delete"))
	if len(f.deleted) > 0 {
		t.Fatal("deleted without asking")
	}
	tap(t, s, say("en", "desk.delete"))
	if !slices.Equal(f.deleted, []string{"01"}) {
		t.Fatalf("deleted %v", f.deleted)
	}
	tap(t, s, say("en", "host.undo"))
	if !slices.Equal(f.restored, []string{"01"}) {
		t.Errorf("restored %v", f.restored)
	}
}

func TestNewSession(t *testing.T) {
	s, f := desk(t, "zh-Hant", false, newRoom(t, "T"))
	tap(t, s, say("zh-Hant", "desk.new"))
	if !button(t, s, say("zh-Hant", "desk.make")).Disabled() {
		t.Error("a session can be made without a title")
	}
	fields := entries(s)
	fields[0].SetText(" 河岸怎麼用 ")
	fields[1].SetText("甲。\n乙。")
	tap(t, s, "English")
	s.SetLanguage("en") // what was typed is taken along
	tap(t, s, say("en", "desk.make"))
	if len(f.wishes) != 1 {
		t.Fatalf("%d sessions were made", len(f.wishes))
	}
	w := f.wishes[0]
	if w.Title != "河岸怎麼用" || w.Lang != "en" || w.Template != "opinion" || !slices.Equal(w.Statements, []string{"甲。", "乙。"}) {
		t.Errorf("made %+v", w)
	}
	reads(t, s, say("en", "host.agenda"), true)
}

func TestFailedFormKeepsWhatWasTyped(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "desk.new"))
	entries(s)[0].SetText("T")
	f.fails = errDisk
	tap(t, s, say("en", "desk.make"))
	reads(t, s, say("en", "desk.disk_full"), true)
	if entries(s)[0].Text != "T" {
		t.Error("the title is gone")
	}
}

func TestImport(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.brought = readmodel.Brought{ID: "x", Title: "UberX", People: 1921, Statements: 197, Votes: 31_000, Left: []readmodel.Leftover{{Where: "votes.csv, row 9", Why: readmodel.Sentence{ID: "refused.empty"}}}}
	tap(t, s, say("en", "desk.import"))
	lastEntry(t, s).SetText("/tmp/export.zip")
	tap(t, s, say("en", "desk.import_go"))
	reads(t, s, "1,921 people, 197 statements and 31,000 votes came in.", true)
	reads(t, s, "votes.csv, row 9", true)
	tap(t, s, say("en", "desk.imported_open"))
	reads(t, s, say("en", "host.agenda"), true)
}

// Five thousand lines are pasted: the form says what it takes, and stays quick.
func TestLongList(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "desk.new"))
	lines := make([]string, 5000)
	for i := range lines {
		lines[i] = "Statement number " + strings.Repeat("x", i%20)
	}
	fields := entries(s)
	fields[0].SetText("T")
	fields[1].SetText(strings.Join(lines, "\n"))
	reads(t, s, "5,000 statements will be taken.", true)
	tap(t, s, say("en", "desk.make"))
	if got := len(f.wishes[0].Statements); got != 5000 {
		t.Errorf("%d statements are asked for", got)
	}
}

// A long import shows how far it is and can be stopped.
func TestImportIsStopped(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	stopped := false
	f.during = func(ctx context.Context) {
		reads(t, s, "Importing export.zip", true)
		if got := s.Progress(); got != 0.5 {
			t.Errorf("the bar stands at %.2f", got)
		}
		tap(t, s, say("en", "page.cancel"))
		stopped = ctx.Err() != nil
	}
	s.Drop("/tmp/export.zip")
	if !stopped {
		t.Error("it was not stopped")
	}
	reads(t, s, say("en", "desk.cancelled"), true)
}

// What is dropped onto the window is taken in: an export is imported, a list begins a
// session, or goes into the one that is open.
func TestDrop(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	s.Drop("/tmp/export.zip")
	if !slices.Equal(f.imported, []string{"/tmp/export.zip"}) {
		t.Errorf("imported %v", f.imported)
	}
	s.CloseQuestion()
	f.offers = offers[:1]
	s.Drop("/tmp/seeds.md")
	reads(t, s, "2 statements will be taken.", true)
	tap(t, s, say("en", "page.cancel"))
	tap(t, s, say("en", "desk.sample"))
	s.Drop("/tmp/seeds.md")
	reads(t, s, "2 statements were added.", true)
}
