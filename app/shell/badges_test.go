package shell_test

import (
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

func TestPrintBadges(t *testing.T) {
	room := newRoom(t, "T")
	s, f := inSession(t, words.English, false, room)
	tap(t, s, say(words.English, "desk.badges"))
	if got := lastEntry(t, s).Text; got != "30" {
		t.Fatalf("%q is offered, want thirty", got)
	}
	lastEntry(t, s).SetText("many")
	f.session.fails = &readmodel.Trouble{Key: "desk.badges_count", Args: map[string]any{"Limit": readmodel.MostBadges}}
	tap(t, s, say(words.English, "desk.badges_go"))
	if got := lastEntry(t, s).Text; got != "many" {
		t.Fatalf("what was refused is not asked again with what was typed, but %q", got)
	}
	reads(t, s, "Print from 1 to", true)
	f.session.fails = nil
	lastEntry(t, s).SetText(" 12 ")
	tap(t, s, say(words.English, "desk.badges_go"))
	reads(t, s, "Badges 1 to 12 are ready to print", true)
	if got := f.session.badges; len(got) != 2 || got[0].Count != 0 || got[1] != (readmodel.BadgeWish{Count: 12, Folder: "/tmp/packs"}) {
		t.Errorf("asked to print %+v", got)
	}
}

// With badges the digits are nowhere, people are counted, and there is a way back.
func TestBadgesInTheRoom(t *testing.T) {
	room := newRoom(t, "T")
	room.Do(readmodel.Badges(room.View(), true, room.IDs))
	s, f := inSession(t, words.English, false, room)
	reads(t, s, say(words.English, "host.badges"), true)
	reads(t, s, say(words.English, "wall.badge_scan"), true)
	reads(t, s, "482 163", false)
	tap(t, s, say(words.English, "desk.badges"))
	tap(t, s, say(words.English, "desk.badges_off"))
	if got := lastAct(t, f); got != (readmodel.Act{Act: "badges"}) || room.View().Session.On(moot.Badges) {
		t.Errorf("the way back did %+v", got)
	}
}
