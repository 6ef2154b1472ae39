package shell_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/screen"
)

// Results are shown after asking, and taken back at once.
func TestShowingAsks(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 24))
	press(s, key(2))
	n := len(f.session.acts)
	tap(t, s, say("en", "desk.show_results"))
	if len(f.session.acts) != n {
		t.Fatal("shown without asking")
	}
	tap(t, s, say("en", "desk.show_go"))
	if got := lastAct(t, f); got.What != "results" || !got.On {
		t.Errorf("shown: %+v", got)
	}
	reads(t, s, say("en", "desk.results_shown"), true)
	tap(t, s, say("en", "desk.hide_results"))
	if got := lastAct(t, f); got.What != "results" || got.On {
		t.Errorf("hidden: %+v", got)
	}
	press(s, key(3))
	tap(t, s, say("en", "host.show_title"))
	tap(t, s, say("en", "desk.show_go"))
	if got := lastAct(t, f); got.What != "map" || !got.On {
		t.Errorf("the map: %+v", got)
	}
}

// A round that starts again while the room sees results says so.
func TestStartWithResultsShown(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 24))
	for _, act := range []readmodel.Act{{Act: "show", What: "results", On: true}, {Act: "step", Step: "opinion", Do: "close"}} {
		if err := f.session.Do(t.Context(), act); err != nil {
			t.Fatal(err)
		}
	}
	press(s, key(2))
	press(s, fyne.KeySpace)
	reads(t, s, say("en", "desk.still_shown"), true)
	tap(t, s, say("en", "desk.hide_now"))
	if f.session.sheet().Shown["results"] {
		t.Error("the results still show")
	}
}

// What was typed into the settings is saved when one looks elsewhere, or leaves.
func TestDraftsAreSaved(t *testing.T) {
	for _, away := range []string{"step", "leave"} {
		room := newRoom(t, "T")
		s, f := inSession(t, "en", false, room)
		tap(t, s, say("en", "host.settings"))
		entries(s)[4].SetText("NPO-HUB-4F")
		if away == "step" {
			press(s, key(1))
		} else {
			tap(t, s, say("en", "desk.home"))
		}
		if got := room.View().Session.Get("wifi"); got != "NPO-HUB-4F" {
			t.Errorf("%s: the Wi-Fi reads %q", away, got)
		}
		if away == "leave" && !f.session.closed {
			t.Error("the session is still open")
		}
	}
}

// A notice says the same in another language, with what it offers.
func TestNoticeSurvivesAnotherLanguage(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.cards = manyCards()[:1]
	s.Refresh()
	tap(t, s, say("en", "desk.delete"))
	tap(t, s, say("en", "desk.delete"))
	tap(t, s, say("en", "language.zh-Hant"))
	tap(t, s, say("zh-Hant", "host.undo"))
	if len(f.restored) != 1 {
		t.Error("the offer to undo was lost with the language")
	}
}

// Nothing above the bottom line moves when a notice comes, a step starts, or there is
// something to undo.
func TestNothingJumps(t *testing.T) {
	room := newRoom(t, "Should our street close to cars at weekends?")
	room.Statement("Yes.")
	s, f := inSession(t, "en", false, room)
	press(s, key(2))
	where := func() map[string]fyne.Position {
		at := map[string]fyne.Position{}
		for _, p := range parts(s.Window()) {
			if b, ok := p.object.(*look.Button); ok {
				at[b.Text()] = p.at
			}
		}
		return at
	}
	before := where()
	f.session.undo = &readmodel.UndoOffer{Act: readmodel.Act{Act: "set"}}
	f.session.push()
	if err := f.session.Do(t.Context(), readmodel.Act{Act: "step", Step: "opinion", Do: "start"}); err != nil {
		t.Fatal(err)
	}
	f.session.fails = errDisk
	press(s, fyne.KeyQ)
	reads(t, s, say("en", "desk.disk_full"), true)
	after := where()
	for _, name := range []string{say("en", "step.map"), say("en", "host.wall"), say("en", "desk.add"), say("en", "host.undo"), say("en", "host.close"), say("en", "desk.show_results")} {
		if before[name] != after[name] || after[name] == (fyne.Position{}) {
			t.Errorf("%q moved from %v to %v", name, before[name], after[name])
		}
	}
}

// The long names of a template stand in the rail on several lines, and a session whose
// agenda has no step for the map leads to it all the same.
func TestWorkshopTemplate(t *testing.T) {
	room := readmodeltest.New(t)
	room.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "tictec-80", Title: "T", Languages: []string{"en", "zh-Hant"}}, room.Now, room.IDs))
	for _, size := range sizes {
		s, _ := inSession(t, "en", false, room)
		s.Window().Resize(size)
		for _, line := range blemishes(s.Window()) {
			t.Errorf("%.0f: %s", size.Width, line)
		}
		tap(t, s, say("en", "step.map"))
		reads(t, s, say("en", "map.missing"), true)
	}
}

// A title that is too long cannot be made a session of, and the form says by how much.
func TestLongTitle(t *testing.T) {
	s, _ := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "desk.new"))
	entries(s)[0].SetText(strings.Repeat("題", 500))
	reads(t, s, "300 characters too many. Please shorten it.", true)
	if !button(t, s, say("en", "desk.make")).Disabled() {
		t.Error("a session of 500 characters can be made")
	}
	entries(s)[0].SetText(strings.Repeat("題", 200))
	if button(t, s, say("en", "desk.make")).Disabled() {
		t.Error("a session of 200 characters cannot be made")
	}
}

// The link is said where no browser may have opened, in a question too.
func TestLinkIsSaid(t *testing.T) {
	s, _ := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(2))
	tap(t, s, say("en", "desk.add"))
	tap(t, s, say("en", "desk.in_browser"))
	reads(t, s, "http://127.0.0.1:1/w/x", true)
	tap(t, s, say("en", "desk.copy_link"))
	if got := fyne.CurrentApp().Clipboard().Content(); got != "http://127.0.0.1:1/w/x" {
		t.Errorf("copied %q", got)
	}
	press(s, fyne.KeyEscape)
	s.CloseQuestion()
	tap(t, s, say("en", "host.settings"))
	test.Tap(button(t, s, say("en", "desk.in_browser")))
	reads(t, s, "http://127.0.0.1:1/w/x", true)
}

// What stands behind the map is told to who asks.
func TestHowWorkedOut(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 48))
	press(s, key(3))
	tap(t, s, say("en", "desk.how_title"))
	for _, line := range screen.HowLines(look.Style{Lang: "en"}, f.session.sheet().How) {
		reads(t, s, look.Typeset(line), true)
	}
	press(s, fyne.KeyEscape)
}

// What is longer than the window scrolls; what closes it stays in sight.
func TestALongQuestionCanBeClosed(t *testing.T) {
	s, _ := inSession(t, "en", false, fullRoom(t, 48))
	press(s, key(3))
	s.Window().Resize(fyne.NewSize(1280, 480))
	tap(t, s, say("en", "desk.how_title"))
	closes, bar := button(t, s, say("en", "page.close")), false
	for _, p := range parts(s.Window()) {
		if scroll, ok := p.object.(*container.Scroll); ok && p.over {
			bar = scroll.Content.MinSize().Height > scroll.Size().Height
		}
		if p.object == fyne.CanvasObject(closes) {
			if size := s.Window().Canvas().Size(); p.at.Y+closes.Size().Height > size.Height || p.clip.bottom != size.Height || p.clip.top != 0 {
				t.Errorf("%q is at %v, in %v of a window of %v", closes.Text(), p.at, p.clip, size)
			}
		}
	}
	if !bar {
		t.Error("nothing scrolls: the test says nothing")
	}
	tap(t, s, say("en", "page.close"))
	reads(t, s, say("en", "desk.map_how_tried"), false)
}

// The facilitator learns how sure the map is before the room sees it.
func TestShowingAnUnsureMapSaysSo(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 24))
	press(s, key(3))
	unsure := screen.MapUnsure(look.Style{Lang: "en"}, f.session.sheet())
	if unsure == "" {
		t.Fatal("the map is sure: the test says nothing")
	}
	tap(t, s, say("en", "host.show_title"))
	reads(t, s, unsure, true)
	press(s, fyne.KeyEscape)
	press(s, key(2))
	tap(t, s, say("en", "desk.show_results"))
	reads(t, s, unsure, false)
}

// One session at a time: another one is not opened over it.
func TestOneSessionAtATime(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	s.OpenSession("other")
	if len(f.ports) != 1 {
		t.Errorf("%d sessions were opened", len(f.ports))
	}
	f.brought = readmodel.Brought{ID: "x", Title: "X"}
	s.Drop("/tmp/export.zip")
	for _, b := range buttons(s) {
		if b.Text() == say("en", "desk.imported_open") {
			t.Error("an import offers to open a session over the one that is open")
		}
	}
}

// Tables of like answers tell everybody's answer by themselves, like those of like views.
func TestGatheredTablesWarn(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 24))
	press(s, key(4))
	tap(t, s, say("en", "desk.answer_gathered"))
	tap(t, s, say("en", "host.plan_again"))
	if got := lastAct(t, f); got.Mode != "answer" || got.Answer != "gather" {
		t.Fatalf("asked for %+v", got)
	}
	reads(t, s, "Below are the tables made by \""+say("en", "desk.answer_gathered")+"\".", true)
	tap(t, s, say("en", "host.announce"))
	reads(t, s, say("en", "host.announce_alike"), true)
}

// Masking again takes away a name that was searched for.
func TestMaskingForgetsTheSearch(t *testing.T) {
	room := newRoom(t, "T")
	room.Join(12, "Mei")
	room.Join(13, "")
	s, _ := inSession(t, "en", false, room)
	press(s, key(1))
	press(s, fyne.KeyP)
	tap(t, s, say("en", "host.unmask_go"))
	entries(s)[0].SetText("Mei")
	if got := strings.Count(cells(s), "\n"); got != 1 {
		t.Fatalf("%d people match", got)
	}
	press(s, fyne.KeyP)
	if got := entries(s)[0].Text; got != "" || strings.Count(cells(s), "\n") != 2 {
		t.Errorf("%q is still searched for:\n%s", got, cells(s))
	}
}

// What cannot be saved is asked about before a session is left, and stays typed.
func TestUnsavedIsAskedAbout(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "host.settings"))
	entries(s)[4].SetText("NPO-HUB-4F")
	f.session.fails = errDisk
	tap(t, s, say("en", "desk.home"))
	if f.session.closed {
		t.Fatal("left, and what was typed is lost")
	}
	reads(t, s, say("en", "desk.unsaved_title"), true)
	press(s, fyne.KeyEscape)
	if got := entries(s)[4].Text; got != "NPO-HUB-4F" {
		t.Errorf("the field reads %q", got)
	}
	tap(t, s, say("en", "desk.home"))
	tap(t, s, say("en", "desk.unsaved_go"))
	if !f.session.closed {
		t.Error("it cannot be left")
	}
}
