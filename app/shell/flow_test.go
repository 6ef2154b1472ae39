package shell_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/shell"
	"folkmoot/sync/moot"
)

// entries gives the fields that are drawn; those of a question come last.
func entries(s *shell.Shell) []*widget.Entry {
	var list []*widget.Entry
	for _, p := range parts(s.Window()) {
		switch it := p.object.(type) {
		case *widget.Entry:
			list = append(list, it)
		case interface{ Field() *widget.Entry }:
			list = append(list, it.Field())
		}
	}
	return list
}

func lastEntry(t *testing.T, s *shell.Shell) *widget.Entry {
	t.Helper()
	list := entries(s)
	if len(list) == 0 {
		t.Fatal("there is no field")
	}
	return list[len(list)-1]
}

func lastAct(t *testing.T, f *fake) readmodel.Act {
	t.Helper()
	if len(f.session.acts) == 0 {
		t.Fatal("nothing was asked of the session")
	}
	return f.session.acts[len(f.session.acts)-1]
}

func reads(t *testing.T, s *shell.Shell, text string, want bool) {
	t.Helper()
	if got := strings.Contains(drawn(s), text); got != want {
		t.Errorf("%q is read: %v, want %v", text, got, want)
	}
}

func TestNamesAreMasked(t *testing.T) {
	room := fullRoom(t, 12)
	room.Join(77, "林小明")
	s, _ := inSession(t, "en", false, room)
	press(s, key(1))
	reads(t, s, say("en", "host.masked"), true)
	if strings.Contains(cells(s), "林小明") {
		t.Error("an own name stands on a masked desk")
	}
	press(s, fyne.KeyP)
	reads(t, s, say("en", "host.unmask_help"), true)
	if strings.Contains(cells(s), "林小明") {
		t.Error("the name shows before the warning was answered")
	}
	tap(t, s, say("en", "host.unmask_go"))
	if !strings.Contains(cells(s), "林小明") {
		t.Error("the name does not show")
	}
	press(s, fyne.KeyP)
	if strings.Contains(cells(s), "林小明") {
		t.Error("the name is not masked again")
	}
}

func TestKeys(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(4))
	reads(t, s, say("en", "desk.answer_mixed"), true)
	press(s, fyne.KeyQ)
	if got := lastAct(t, f); got.Act != "wall" || got.Mode != "join" {
		t.Errorf("Q: %+v", got)
	}
	press(s, fyne.KeyB)
	if got := lastAct(t, f); got.Mode != "black" {
		t.Errorf("B: %+v", got)
	}
	press(s, fyne.KeyB)
	if got := lastAct(t, f); got.Mode != "join" {
		t.Errorf("B again: %+v", got)
	}
	n := len(f.session.acts)
	press(s, fyne.KeySpace)
	if len(f.session.acts) != n {
		t.Error("a running step was closed without asking")
	}
	press(s, fyne.KeyEscape)
	reads(t, s, say("en", "host.close_help"), false)
	press(s, fyne.KeySpace)
	press(s, fyne.KeyReturn)
	if got := lastAct(t, f); got.Act != "step" || got.Do != "close" || got.Step != "opinion" {
		t.Errorf("Space and Enter: %+v", got)
	}
	press(s, fyne.KeySpace) // nothing runs now: the step that is looked at starts
	if got := lastAct(t, f); got.Do != "start" || got.Step != "tables" {
		t.Errorf("Space on tables: %+v", got)
	}
	s.Window().Canvas().OnTypedRune()('?')
	for _, key := range []string{"host.key_space", "desk.key_replay", "desk.key_zoom", "desk.keys_wheel", "desk.key_whole", "desk.keys_whole"} {
		reads(t, s, say("en", key), true)
	}
	press(s, fyne.KeyEscape)
	reads(t, s, say("en", "host.key_space"), false)
}

func TestLookingStartsNothing(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	for n := 1; n <= 5; n++ {
		press(s, key(n))
	}
	if len(f.session.acts) > 0 {
		t.Errorf("looking did %+v", f.session.acts)
	}
}

func TestStatements(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(2))
	pending := f.session.sheet().Statements[13]
	if pending.State != "pending" {
		t.Fatalf("statement 14 is %s", pending.State)
	}
	filled := ""
	for _, b := range buttons(s) {
		if b.Kind() == look.Filled {
			filled += b.Text()
			test.Tap(b)
		}
	}
	if got := lastAct(t, f); filled != "Approve" || got.Do != "approve" || got.ID != pending.ID {
		t.Errorf("the filled button %q gave %+v", filled, got)
	}
	tapFirst(t, s, say("en", "desk.not_now"))
	no := button(t, s, say("en", "host.not_now"))
	if !no.Disabled() {
		t.Error("not now goes without a reason")
	}
	lastEntry(t, s).SetText("Two ideas in one.")
	test.Tap(no)
	if got := lastAct(t, f); got.Do != "hide" || got.Reason != "Two ideas in one." {
		t.Errorf("not now: %+v", got)
	}
	if f.session.sheet().Aside != 2 {
		t.Errorf("%d statements were put aside", f.session.sheet().Aside)
	}

	tap(t, s, say("en", "desk.add"))
	lastEntry(t, s).SetText("  Trams should run at night. ")
	tap(t, s, say("en", "host.add_go"))
	if got := lastAct(t, f); got.Act != "add" || got.Text != "Trams should run at night." || got.Lang != "en" {
		t.Errorf("add: %+v", got)
	}
	tap(t, s, say("en", "desk.paste"))
	lastEntry(t, s).SetText("One.\nTwo.")
	tap(t, s, say("en", "desk.paste_go"))
	reads(t, s, "2 statements were added.", true)
	press(s, fyne.KeyEscape)
	f.offers = offers
	tap(t, s, say("en", "desk.paste"))
	lastEntry(t, s).SetText("# Two lists")
	tap(t, s, say("en", "desk.paste_go"))
	tap(t, s, "種子意見（中文） (3)")
	reads(t, s, "3 statements were added.", true)
}

// tapFirst presses the first button of a text.
func tapFirst(t *testing.T, s *shell.Shell, text string) {
	t.Helper()
	for _, b := range buttons(s) {
		if b.Text() == text {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("no button %q", text)
}

func TestWordsOfStatements(t *testing.T) {
	room := newRoom(t, "T")
	room.Statement("第一則。")
	room.Put(&moot.NewStatement{Text: "The first one.", Lang: "en", Standing: moot.Approved, Src: moot.FromHost, Made: room.Now})
	s, f := inSession(t, "en", false, room)
	press(s, key(2))
	tapFirst(t, s, say("en", "desk.edit"))
	lastEntry(t, s).SetText("第一則，改過的。")
	tap(t, s, say("en", "host.set_save"))
	if got := lastAct(t, f); got.Act != "edit" || got.Text != "第一則，改過的。" || got.Reason == "" {
		t.Errorf("edit: %+v", got)
	}
	var chinese readmodel.SheetStatement
	for _, one := range f.session.sheet().Statements {
		if one.State == "approved" && one.Lang == "zh-Hant" {
			chinese = one
		}
	}
	if chinese.Text != "第一則，改過的。" {
		t.Fatalf("after the edit %q stands", chinese.Text)
	}
	pairs := []*look.Button{}
	for _, b := range buttons(s) {
		if b.Text() == say("en", "desk.pair") {
			pairs = append(pairs, b)
		}
	}
	for _, b := range pairs { // either statement may come first in the list
		test.Tap(b)
		if strings.Contains(drawn(s), "第一則，改過的。\n"+say("en", "desk.pair_help")) {
			break
		}
		press(s, fyne.KeyEscape)
		s.CloseQuestion()
	}
	tap(t, s, "The first one.")
	if got := lastAct(t, f); got.Act != "pair" || got.ID != chinese.ID || got.With == "" {
		t.Errorf("pair: %+v", got)
	}
	if got := f.session.sheet().Statement(chinese.ID).Other; got != "The first one." {
		t.Errorf("the other language reads %q", got)
	}
}

func TestUndo(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	if !button(t, s, say("en", "host.undo")).Disabled() {
		t.Error("there is something to undo where nothing was done")
	}
	f.session.undo = &readmodel.UndoOffer{Act: readmodel.Act{Act: "statement", Do: "approve"}}
	f.session.push()
	tap(t, s, say("en", "host.undo"))
	s.Window().Canvas().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
	if f.session.undone != 2 {
		t.Errorf("undone %d times, want once by the button and once by the keys", f.session.undone)
	}
	f.session.undo = nil
	f.session.push()
	if !button(t, s, say("en", "host.undo")).Disabled() {
		t.Error("there is something to undo after a minute")
	}
}

func TestTables(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 24))
	press(s, key(4))
	tap(t, s, say("en", "host.alike"))
	tap(t, s, say("en", "host.plan_again"))
	if got := lastAct(t, f); got.Act != "plan" || got.Mode != "alike" || got.Min != 4 || got.Max != 8 || got.Seed != 2 {
		t.Errorf("another plan: %+v", got)
	}
	n := len(f.session.acts)
	tap(t, s, say("en", "host.announce"))
	if len(f.session.acts) != n {
		t.Error("tables are announced without asking")
	}
	reads(t, s, say("en", "host.announce_alike"), true)
	tap(t, s, say("en", "host.announce"))
	if got := lastAct(t, f); got.Act != "show" || got.What != "tables" || !got.On {
		t.Errorf("announce: %+v", got)
	}
	tap(t, s, say("en", "desk.take_tables_back"))
	if got := lastAct(t, f); got.What != "tables" || got.On {
		t.Errorf("take back: %+v", got)
	}
}

func TestReport(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(5))
	reads(t, s, say("en", "desk.nothing_public"), true)
	tap(t, s, "CC BY 4.0")
	if got := lastAct(t, f); got.Field != "licence" || got.Value != "CC-BY-4.0" {
		t.Errorf("licence: %+v", got)
	}
	reads(t, s, say("en", "host.report_public"), true)
	entries(s)[1].SetText("Only with our name beside it.")
	tap(t, s, say("en", "host.set_save"))
	if got := lastAct(t, f); got.Field != "licence" || got.Value != "Only with our name beside it." {
		t.Errorf("a licence in one's own words: %+v", got)
	}
	tap(t, s, say("en", "desk.write_pack"))
	if f.session.packed.Folder != "/tmp/packs" || !slices.Contains(f.session.packed.Formats, "polis") || !slices.Contains(f.session.packed.Formats, "log") {
		t.Errorf("asked for %+v", f.session.packed)
	}
	reads(t, s, "/tmp/packs/2026-06-14-riverside", true)
	reads(t, s, say("en", "desk.open_folder"), true)
}

func TestWrongIsSaidAndNothingIsLost(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(2))
	f.session.fails = errDisk
	tapFirst(t, s, say("en", "host.approve"))
	reads(t, s, say("en", "desk.disk_full"), true)
	if f.session.sheet().Pending != 2 {
		t.Error("the statement no longer waits")
	}
	tapFirst(t, s, say("en", "desk.not_now"))
	lastEntry(t, s).SetText("Two ideas in one.")
	tap(t, s, say("en", "host.not_now"))
	if got := lastEntry(t, s).Text; got != "Two ideas in one." {
		t.Errorf("the question comes back with %q", got)
	}
	press(s, fyne.KeyEscape)
	f.session.fails = nil
	tapFirst(t, s, say("en", "host.approve"))
	reads(t, s, say("en", "desk.disk_full"), false)
}

func TestEmptyRoundIsToldOf(t *testing.T) {
	s, _ := inSession(t, "en", false, newRoom(t, "T"))
	press(s, key(2))
	press(s, fyne.KeySpace)
	reads(t, s, say("en", "desk.started_empty"), true)
}

func TestLanguageSwitchesWhileRunning(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	tap(t, s, say("en", "host.settings"))
	fields := entries(s)
	fields[0].SetText("河岸 II")
	tapFirst(t, s, say("zh-Hant", "language.zh-Hant")) // the desk's, at the left; the room's is among the settings
	reads(t, s, say("zh-Hant", "host.settings"), true)
	reads(t, s, say("en", "host.settings"), false)
	if got := entries(s)[0].Text; got != "河岸 II" {
		t.Errorf("what was typed reads %q now", got)
	}
	tapFirst(t, s, say("zh-Hant", "host.set_save"))
	if got := lastAct(t, f); got.Field != "title" || got.Value != "河岸 II" {
		t.Errorf("saved %+v", got)
	}
	if got := lang.L("Cancel"); got != say("zh-Hant", "page.cancel") {
		t.Errorf("Fyne says %q", got)
	}
	s.SetLanguage("en")
	if got := lang.L("Cancel"); got != say("en", "page.cancel") {
		t.Errorf("Fyne says %q", got)
	}
}

// Fyne's own texts: a new one in a newer Fyne must not be forgotten.
func TestFyneSaysNothingOfItsOwn(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "fyne.io/fyne/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "lang", "translations", "base.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var theirs map[string]any
	if err := json.Unmarshal(data, &theirs); err != nil {
		t.Fatal(err)
	}
	for text := range theirs {
		if strings.Contains(strings.ToLower(text), "day") {
			continue // of the calendar, which the desk does not have
		}
		if shell.FyneTexts[text] == "" {
			t.Errorf("Fyne says %q in its own words", text)
		}
	}
}

func TestClosingAsksWhileAStepRuns(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	tap(t, s, say("en", "desk.home"))
	if f.session.closed {
		t.Fatal("left without asking")
	}
	tap(t, s, say("en", "desk.leave_go"))
	if !f.session.closed {
		t.Error("the session was not closed")
	}
	reads(t, s, say("en", "desk.new"), true)
}

func TestBrowserPen(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(2))
	tap(t, s, say("en", "desk.add"))
	tap(t, s, say("en", "desk.in_browser"))
	if len(f.penned) != 1 || f.penned[0].Lang != "en" || !f.penned[0].Lines {
		t.Fatalf("penned %+v", f.penned)
	}
	f.hand("寫好了。")
	if got := lastEntry(t, s).Text; got != "寫好了。" {
		t.Errorf("the field reads %q", got)
	}
}

func TestWallWindow(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 24))
	press(s, fyne.KeyW)
	wall := s.Wall()
	if wall == nil {
		t.Fatal("W opens no window")
	}
	wall.Resize(fyne.NewSize(960, 540))
	for _, mode := range readmodel.WallModes {
		if err := f.session.Do(t.Context(), readmodel.Act{Act: "wall", Mode: mode}); err != nil {
			t.Fatal(err)
		}
		for _, line := range blemishes(wall) {
			t.Errorf("%s: %s", mode, line)
		}
	}
	wall.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyW})
	if !wall.FullScreen() {
		t.Error("W does not fill the screen")
	}
	wall.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if wall.FullScreen() {
		t.Error("Escape does not leave the full screen")
	}
	wall.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyB})
	if got := lastAct(t, f); got.Act != "wall" {
		t.Errorf("B on the wall: %+v", got)
	}
	wall.Close()
	if s.Wall() != nil {
		t.Error("a wall that was closed is still there")
	}
}

// The list makes widgets for the people in sight, not for all.
func TestManyPeople(t *testing.T) {
	room := newRoom(t, "T")
	for n := range 2000 {
		room.Join(n+1, "")
	}
	s, _ := inSession(t, "en", false, room)
	press(s, key(1))
	if n := strings.Count(cells(s), "\n"); n < 20 || n > 120 {
		t.Errorf("%d people are drawn", n)
	}
	var list *widget.GridWrap
	for _, p := range parts(s.Window()) {
		if it, ok := p.object.(*widget.GridWrap); ok {
			list = it
		}
	}
	made := map[fyne.CanvasObject]bool{}
	for n := 0; n < 2000; n += 7 {
		list.ScrollTo(n)
		for _, p := range parts(s.Window()) {
			if isCell(p.object) {
				made[p.object] = true
			}
		}
	}
	if !strings.Contains(cells(s), "2000 ") && !strings.Contains(cells(s), "1995 ") {
		t.Errorf("the end of the list was not reached:\n%s", cells(s))
	}
	if len(made) > 200 {
		t.Errorf("%d widgets were made on the way through 2,000 people", len(made))
	}
}

// The clock runs on by the Sheet's time, and says when it is over.
func TestClock(t *testing.T) {
	room := fullRoom(t, 12)
	s, f := inSession(t, "en", false, room)
	reads(t, s, "12:40 left", true)
	room.Now += uint64((12*time.Minute + 41*time.Second).Milliseconds())
	f.session.push()
	reads(t, s, say("en", "clock.over"), true)
}

// The projector is pulled out: its window shrinks, and the desk says so.
func TestProjectorPulledOut(t *testing.T) {
	s, _ := inSession(t, "en", false, fullRoom(t, 12))
	press(s, fyne.KeyW)
	wall := s.Wall()
	wall.Resize(fyne.NewSize(960, 540))
	press(s, fyne.KeyW)
	wall.Resize(fyne.NewSize(1920, 1080))
	reads(t, s, say("en", "desk.wall_screen"), false)
	wall.Resize(fyne.NewSize(1280, 800))
	reads(t, s, say("en", "desk.wall_screen"), true)
}
