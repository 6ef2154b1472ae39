package shell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/assets/words"
)

// laptops are those found on a network.
var laptops = []readmodel.FollowOffer{
	{ID: "a1", Title: "The riverside: cars, trees and benches", Host: "Front desk", Address: "192.168.1.20:8443"},
	{ID: "b2", Title: strings.Repeat("多元利害關係人一起決定河岸的用法", 3), Host: "會議室二的筆電", Address: "192.168.1.21:8443", Session: "0102"},
}

// asked is a laptop that was asked, as it stands.
func asked(stand readmodel.PairingStand, why string) readmodel.Follow {
	a := &readmodel.FollowAsked{Stand: stand, Host: "Front desk", Title: laptops[0].Title, Wish: readmodel.FollowWish{ID: "a1"}}
	if stand == readmodel.PairingCompare || stand == readmodel.PairingWaiting {
		a.Digits = "310 101"
	}
	if why != "" {
		a.Why = &readmodel.Trouble{Key: why}
	}
	if why == "follow.already" {
		a.Session = "0102"
	}
	return readmodel.Follow{Looking: true, Offers: laptops, Asked: a}
}

// followStates are the states of the screen, with a key of what must be read.
func followStates() map[string]struct {
	state readmodel.Follow
	want  string
} {
	type one = struct {
		state readmodel.Follow
		want  string
	}
	states := map[string]one{
		"none":       {readmodel.Follow{Looking: true}, "follow.none_help"},
		"found":      {readmodel.Follow{Looking: true, Offers: laptops}, "follow.go"},
		"quiet":      {readmodel.Follow{}, "follow.quiet"},
		"no-network": {readmodel.Follow{Looking: true, Trouble: &readmodel.Trouble{Key: "devices.no_adapter"}}, "devices.no_adapter"},
		"asking":     {readmodel.Follow{Looking: true, Asked: &readmodel.FollowAsked{Stand: readmodel.PairingAsking}}, "follow.asking"},
		"compare":    {asked(readmodel.PairingCompare, ""), "tablet.pair_yes"},
		"waiting":    {asked(readmodel.PairingWaiting, ""), "follow.waiting_help"},
		"declined":   {asked(readmodel.PairingDeclined, "follow.declined"), "follow.declined"},
		"expired":    {asked(readmodel.PairingExpired, "follow.expired"), "follow.expired"},
	}
	for _, why := range []string{"unreachable", "own", "already", "no_session", "impostor", "too_new", "busy", "refused", "no_address"} {
		states[why] = one{asked(readmodel.PairingFailed, "follow."+why), "follow." + why}
	}
	return states
}

// The screen on which a laptop is made to follow another one, in every state, language,
// theme and size.
func TestFollowScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			for i, size := range sizes {
				if dark && i != 1 {
					continue
				}
				s, f := desk(t, lang, dark, newRoom(t, "T"))
				s.Window().Resize(size)
				tap(t, s, say(lang, "follow.button"))
				for name, c := range followStates() {
					f.comes(c.state)
					for _, line := range blemishes(s.Window()) {
						t.Errorf("%s %s at %.0f: %s", name, lang, size.Width, line)
					}
					reads(t, s, look.Typeset(words.Text(lang, c.want, nil)), true)
					picture(t, s, fmt.Sprintf("desk-follow-%s-%s-%.0fx%.0f", name, lang, size.Width, size.Height), dark)
				}
			}
		}
	}
}

func TestFollow(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.follow = readmodel.Follow{Looking: true, Offers: laptops[:1]}
	tap(t, s, say("en", "follow.button"))
	reads(t, s, look.Typeset("On Front desk · 192.168.1.20:8443"), true)
	tap(t, s, say("en", "follow.room"))
	tap(t, s, say("en", "follow.go"))
	tap(t, s, say("en", "follow.back")) // it takes too long
	reads(t, s, say("en", "follow.found"), true)
	entries(s)[0].SetText(" 192.168.1.20 ")
	s.SetLanguage("zh-Hant") // what was chosen and typed is taken along
	s.SetLanguage("en")
	tap(t, s, say("en", "tablet.connect"))
	f.comes(asked(readmodel.PairingCompare, ""))
	reads(t, s, "310 101", true)
	tap(t, s, say("en", "tablet.pair_yes"))
	if want := []readmodel.FollowWish{{ID: "a1", Room: true}, {Text: "192.168.1.20", Room: true}}; !slices.Equal(f.asks, want) {
		t.Errorf("asked %+v, want %+v", f.asks, want)
	}
	f.comes(asked(readmodel.PairingWaiting, ""))
	reads(t, s, say("en", "host.agenda"), false)
	f.follow = readmodel.Follow{Session: "0102"}
	f.news()
	if !slices.Equal(f.done, []string{"cancel", "confirm", "close"}) {
		t.Errorf("done %v", f.done)
	}
	reads(t, s, say("en", "host.agenda"), true)
	if len(f.ports) != 1 {
		t.Errorf("opened at %v", f.ports)
	}
	f.news() // a late word changes nothing
	if len(f.ports) != 1 {
		t.Error("it was opened twice")
	}
}

// Digits that differ end it; nothing is opened.
func TestFollowDigitsDiffer(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "follow.button"))
	f.comes(asked(readmodel.PairingCompare, ""))
	tap(t, s, say("en", "tablet.pair_no"))
	reads(t, s, say("en", "follow.found"), true)
	tap(t, s, say("en", "page.cancel"))
	reads(t, s, say("en", "desk.what"), true)
	if !slices.Equal(f.done, []string{"cancel", "close"}) || len(f.ports) != 0 {
		t.Errorf("done %v, opened at %v", f.done, f.ports)
	}
}

// A session that is followed already is opened, or paired anew where it was sent away.
func TestFollowAlready(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "follow.button"))
	f.comes(asked(readmodel.PairingFailed, "follow.already"))
	tap(t, s, say("en", "follow.again"))
	if want := []readmodel.FollowWish{{ID: "a1", Again: true}}; !slices.Equal(f.asks, want) {
		t.Errorf("asked %+v, want %+v", f.asks, want)
	}
	f.comes(asked(readmodel.PairingFailed, "follow.already"))
	tap(t, s, say("en", "desk.open"))
	reads(t, s, say("en", "host.agenda"), true)
}

// The window that is closed meanwhile tells whom it asked.
func TestFollowEndsWithTheWindow(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "follow.button"))
	s.PressClose()
	if !slices.Equal(f.done, []string{"close"}) || !s.Ended() {
		t.Errorf("done %v", f.done)
	}
}

// While a session is on its way nothing of it is shown, and no key does anything in it.
func TestFetching(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			for _, size := range sizes {
				s, f := desk(t, lang, dark, readmodeltest.New(t))
				s.Window().Resize(size)
				f.session.fetching = &readmodel.Fetching{Name: "Front desk"}
				s.OpenSession("0102")
				check := func(name string, wants ...string) {
					t.Helper()
					for _, line := range blemishes(s.Window()) {
						t.Errorf("%s %s at %.0f: %s", name, lang, size.Width, line)
					}
					for _, want := range wants {
						reads(t, s, want, true)
					}
					reads(t, s, say(lang, "host.agenda"), false)
					picture(t, s, fmt.Sprintf("desk-fetching-%s-%s-%.0fx%.0f", name, lang, size.Width, size.Height), dark)
				}
				check("begins", say(lang, "tablet.fetching"), say(lang, "follow.asking"))
				for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyQ, fyne.KeyB, fyne.KeyW, fyne.KeyD, key(1)} {
					press(s, k)
				}
				s.Drop("/tmp/seeds.md")
				if len(f.session.acts) != 0 || s.Wall() != nil || len(s.Window().Canvas().Overlays().List()) != 0 || strings.Contains(drawn(s), say(lang, "desk.paste_title")) {
					t.Fatalf("keys did %+v", f.session.acts)
				}
				f.session.fetching = &readmodel.Fetching{Name: "Front desk", Here: 1204, All: 5000, Usable: true}
				f.session.push()
				check("half", look.Typeset(words.Text(lang, "follow.entries", map[string]any{"Here": "1,204", "All": "5,000"})))
				if strings.Contains(drawn(s), say(lang, "follow.go_on")) {
					t.Error("a part can be gone on with while the rest is coming")
				}
				away := look.Typeset(words.Text(lang, "follow.fetch_away", map[string]any{"Name": "Front desk"}))
				f.session.fetching = &readmodel.Fetching{Name: "Front desk", Here: 1204, All: 5000, Usable: true, Away: true}
				f.session.push()
				check("away", away)
				s.SetDark(!dark) // made anew in between
				s.SetDark(dark)
				reads(t, s, away, true)
				f.session.room = fullRoom(t, 12)
				if size.Width > 1300 {
					tap(t, s, say(lang, "follow.go_on"))
				} else {
					f.session.fetching = nil
				}
				f.session.push()
				reads(t, s, say(lang, "host.agenda"), true)
			}
		}
	}
}

// It can be left while it is on its way.
func TestFetchingIsLeft(t *testing.T) {
	s, f := desk(t, "en", false, readmodeltest.New(t))
	f.session.fetching = &readmodel.Fetching{Name: "Front desk"}
	s.OpenSession("0102")
	tap(t, s, say("en", "desk.home"))
	reads(t, s, say("en", "desk.what"), true)
	if !f.session.closed {
		t.Error("the session is still open")
	}
}

// The list of sessions says in which this laptop follows another one.
func TestCardsOfFollowed(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.cards = []readmodel.Card{{ID: "1", Title: "One", Follows: true, Leader: "Front desk"}, {ID: "2", Follows: true, Room: true, Leader: "Hall"}, {ID: "3", Title: "Three", Follows: true}, {ID: "4", Title: "Four"}}
	s.Refresh()
	for _, want := range []string{"Backup of Front desk", "Second room of Hall", say("en", "follow.card_empty")} {
		reads(t, s, want, true)
	}
	if n := strings.Count(drawn(s), "Backup"); n != 2 {
		t.Errorf("%d of four are backups", n)
	}
}

// A laptop that follows says so wherever one looks, and presses nobody to start anything.
func TestFollowerOnlyLooks(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	filled := func() (names []string) {
		for n := range 6 {
			press(s, key(n+1))
			for _, b := range buttons(s) {
				if b.Kind() == look.Filled {
					names = append(names, b.Text())
				}
			}
		}
		return names
	}
	reads(t, s, "Backup of Front desk", false)
	if len(filled()) == 0 {
		t.Fatal("nothing asks to be pressed on a desk that leads")
	}
	f.session.devices.Leader = readmodel.Leader{ID: "a", Name: "Front desk", Follows: true}
	f.session.push()
	reads(t, s, "Backup of Front desk", true)
	if names := filled(); len(names) != 0 {
		t.Errorf("%q ask to be pressed", names)
	}
	f.session.devices.Leader.Follows = false
	f.session.push()
	reads(t, s, "Backup of Front desk", false)
}

// After the window is gone nothing is drawn, whatever is still told: Fyne has ended by
// itself at a signal.
func TestNothingIsDrawnAfterTheEnd(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "follow.button"))
	s.Run()
	f.comes(asked(readmodel.PairingCompare, ""))
	if !s.Ended() || strings.Contains(drawn(s), "310 101") {
		t.Error("it is drawn all the same")
	}
}
