package shell_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/shell"
	"folkmoot/assets/words"
)

// onMap opens a session in which people voted, and looks at its map.
func onMap(t *testing.T) (*shell.Shell, *fake) {
	t.Helper()
	s, f := inSession(t, "en", false, fullRoom(t, 48))
	press(s, key(3))
	return s, f
}

// slider gives the replay's slider.
func slider(t *testing.T, s *shell.Shell) *look.Slider {
	t.Helper()
	for _, p := range parts(s.Window()) {
		if found, ok := p.object.(*look.Slider); ok {
			return found
		}
	}
	t.Fatal("no slider")
	return nil
}

func slide(t *testing.T, s *shell.Shell, name fyne.KeyName) {
	t.Helper()
	slider(t, s).TypedKey(&fyne.KeyEvent{Name: name})
}

func TestThePastIsMadeOnceItIsWanted(t *testing.T) {
	s, f := onMap(t)
	if f.session.replays != 0 {
		t.Fatal("made though nobody wants it")
	}
	slide(t, s, fyne.KeyLeft)
	if f.session.replays != 1 || !strings.Contains(drawn(s), "Replay: the map at") {
		t.Fatalf("made %d times:\n%s", f.session.replays, drawn(s))
	}
	for _, line := range blemishes(s.Window()) {
		t.Error(line)
	}
	press(s, fyne.KeyEscape)
	if strings.Contains(drawn(s), "Replay:") {
		t.Error("Escape does not lead back to now")
	}
	slide(t, s, fyne.KeyLeft)
	press(s, key(2))
	press(s, key(3))
	if at := slider(t, s); strings.Contains(drawn(s), "Replay:") || at.At() != at.Last() {
		t.Error("who comes back is not at now")
	}
	s.SetLanguage("zh-Hant")
	slide(t, s, fyne.KeyLeft)
	if f.session.replays != 1 || !strings.Contains(drawn(s), "重播：") {
		t.Errorf("another language makes the past anew (%d times):\n%s", f.session.replays, drawn(s))
	}
}

// A click on the slider gives it the keys; Escape leads back to now all the same.
func TestAClickedSliderHasTheKeys(t *testing.T) {
	s, _ := onMap(t)
	at := slider(t, s)
	at.Tapped(&fyne.PointEvent{Position: fyne.NewPos(at.Size().Width/2, at.Size().Height/2)})
	before := at.At()
	focused := s.Window().Canvas().Focused()
	if focused == nil {
		t.Fatal("nothing has the keys")
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if at.At() != before-1 {
		t.Errorf("the arrow led from %d to %d", before, at.At())
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if strings.Contains(drawn(s), "Replay:") {
		t.Error("Escape does not lead back to now")
	}
}

// Progress is said only of what takes a while; leaving the screen ends the work.
func TestLeavingEndsTheReplay(t *testing.T) {
	s, f := onMap(t)
	now := time.Unix(0, 0)
	look.Clock = func() time.Time { return now }
	t.Cleanup(func() { look.Clock = time.Now })
	said, ended := "", false
	f.session.during = func(ctx context.Context) {
		said = drawn(s)
		press(s, key(2))
		ended = ctx.Err() != nil
	}
	slide(t, s, fyne.KeyHome)
	if strings.Contains(said, "Preparing") || !ended {
		t.Errorf("ended %v, said:\n%s", ended, said)
	}
	press(s, key(3))
	if strings.Contains(drawn(s), "Replay:") {
		t.Error("a past that nobody waits for is shown")
	}
	f.session.during = func(context.Context) { said = drawn(s) }
	calls := 0
	look.Clock = func() time.Time { calls++; return now.Add(time.Duration(calls) * time.Second) }
	slide(t, s, fyne.KeyHome)
	if !strings.Contains(said, "Preparing the replay. 3 of 30") {
		t.Errorf("after a second it says:\n%s", said)
	}
	if strings.Contains(drawn(s), "Preparing") || !strings.Contains(drawn(s), "Replay:") {
		t.Errorf("made, it says:\n%s", drawn(s))
	}
}

func TestAPastThatCannotBeMadeIsSaid(t *testing.T) {
	s, f := onMap(t)
	f.session.fails = &readmodel.Trouble{Key: "desk.fault"}
	slide(t, s, fyne.KeyHome)
	if at := slider(t, s); at.At() != at.Last() || strings.Contains(drawn(s), "Replay:") || !strings.Contains(drawn(s), say("en", "desk.fault")) {
		t.Errorf("said:\n%s", drawn(s))
	}
	f.session.fails = nil
	slide(t, s, fyne.KeyHome)
	if !strings.Contains(drawn(s), "Replay:") {
		t.Error("it does not work again")
	}
}

func TestTShowsTheTable(t *testing.T) {
	s, _ := onMap(t)
	press(s, fyne.KeyT)
	if !strings.Contains(drawn(s), say("en", "desk.map_votes_by_group")) {
		t.Fatalf("no table:\n%s", drawn(s))
	}
	for _, line := range blemishes(s.Window()) {
		t.Error(line)
	}
	press(s, key(2))
	press(s, fyne.KeyT) // elsewhere it does nothing
	press(s, key(3))
	if !strings.Contains(drawn(s), say("en", "desk.map_votes_by_group")) {
		t.Error("T on another screen changes the map")
	}
	press(s, fyne.KeyT)
	if strings.Contains(drawn(s), say("en", "desk.map_votes_by_group")) {
		t.Error("the picture does not come back")
	}
	s.Window().Canvas().OnTypedRune()('?')
	if !strings.Contains(drawn(s), say("en", "desk.key_table")) {
		t.Error("the list of keys does not say so")
	}
}

// In the smallest window everything that can be opened on the map has its place.
func TestTheMapsModesFit(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		s, f := inSession(t, lang, false, fullRoom(t, 48))
		if err := f.session.Do(t.Context(), readmodel.Act{Act: "show", What: "results", On: true}); err != nil { // else the answers colour nothing
			t.Fatal(err)
		}
		s.Window().Resize(fyne.NewSize(1024, 700))
		press(s, key(3))
		check := func(name string) {
			t.Helper()
			for _, line := range blemishes(s.Window()) {
				t.Errorf("%s, %s: %s", name, lang, line)
			}
			picture(t, s, fmt.Sprintf("desk-map-%s-%s", name, lang), false)
		}
		who := button(t, s, words.Text(lang, "desk.map_here", map[string]any{"Here": 48})+"  ▾")
		who.OnTapped()
		check("colours")
		tap(t, s, say(lang, "desk.sort_answer"))
		check("by-answer")
		tap(t, s, say(lang, "desk.sort_table"))
		check("by-table")
		press(s, fyne.KeyC)
		check("closed")
		slide(t, s, fyne.KeyPageDown)
		check("replay")
		press(s, fyne.KeyEscape)
		press(s, fyne.KeyT)
		check("table")
		press(s, fyne.KeyPageDown)
		check("table-below")
		tap(t, s, say(lang, "desk.how_title"))
		check("how")
		press(s, fyne.KeyEscape)
		s.Window().Canvas().OnTypedRune()('?')
		check("keys")
		if f.session.replays != 1 {
			t.Errorf("the past was made %d times", f.session.replays)
		}
	}
}
