package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
)

// The ways to join are gone through by hand, each with what to do, and the wall follows;
// where no phone comes through for a minute it is said, with the next way.
func TestLadderScreens(t *testing.T) {
	names := []string{"ladder.qr", "ladder.typed", "ladder.name", "ladder.adapter", "ladder.router", "ladder.tablets", "ladder.paper"}
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			s, f := inSession(t, lang, dark, fullRoom(t, 8))
			f.session.venue.Seen = 0
			f.session.ladder = f.session.ladder.At(f.session.room.Now-readmodel.Patience, true, 0)
			f.session.push()
			press(s, key(1))
			if !strings.Contains(drawn(s), say(lang, "ladder.stuck")) || !strings.Contains(drawn(s), say(lang, "ladder.typed")) {
				t.Errorf("%s: nothing says that the Wi-Fi keeps devices apart, and what is next", lang)
			}
			for i, name := range names {
				if !strings.Contains(drawn(s), say(lang, name)) || !strings.Contains(drawn(s), say(lang, name+"_do")) {
					t.Errorf("%s, way %d: nothing says %q and what to do", lang, i+1, say(lang, name))
				}
				for j, size := range sizes {
					if dark && j != 1 {
						continue // a colour has no size
					}
					s.Window().Resize(size)
					for _, line := range blemishes(s.Window()) {
						t.Errorf("%s, way %d at %.0f: %s", lang, i+1, size.Width, line)
					}
					picture(t, s, fmt.Sprintf("ladder-%d-%s-%.0fx%.0f", i+1, lang, size.Width, size.Height), dark)
				}
				if next := button(t, s, say(lang, "ladder.next")); i < len(names)-1 {
					next.OnTapped()
				} else if !next.Disabled() {
					t.Error("there is a way behind the last")
				}
			}
		}
	}
}

// A Wi-Fi of one's own is asked for, refused with the reason where it can be none, and
// then stands on the desk and the wall.
func TestOwnWifiIsShown(t *testing.T) {
	s, f := inSession(t, "en", false, fullRoom(t, 8))
	press(s, key(1))
	for range 4 {
		button(t, s, "Next way").OnTapped()
	}
	f.session.fails = readmodel.OwnWifi{}.Check()
	tap(t, s, "Wi-Fi of your own")
	tap(t, s, "Show it")
	if !strings.Contains(drawn(s), "A Wi-Fi has a name") {
		t.Error("what is wrong is not said in the question")
	}
	f.session.fails = nil
	list := entries(s) // the last two are the question's
	list[len(list)-2].SetText("River 5")
	list[len(list)-1].SetText("long enough")
	tap(t, s, "Show it")
	sheet := f.session.sheet()
	if sheet.Wall.Wifi != "River 5" || sheet.Wall.Own.Password != "long enough" || !strings.Contains(drawn(s), "River 5") {
		t.Errorf("the Wi-Fi is %q on the wall", sheet.Wall.Wifi)
	}
	for _, line := range blemishes(s.Window()) {
		t.Error(line)
	}
	picture(t, s, "ladder-own-en-1280x800", false)
}
