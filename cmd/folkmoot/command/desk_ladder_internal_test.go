package command

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// The ladder counts who came through while the way to join is shown, and keeps a Wi-Fi of
// one's own only where it can be one.
func TestDeskSessionKeepsTheLadder(t *testing.T) {
	room := readmodeltest.New(t)
	room.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "T"}, room.Now, room.IDs))
	s := &DeskSession{poked: make(chan struct{}, 1)}
	venue := readmodel.Venue{Addresses: []string{"http://192.0.2.1:8080"}, JoinLinks: joinLinks([]string{"http://192.0.2.1:8080"}, "482163")}
	stuck := func(now uint64) bool {
		j, _ := s.lookAtRoom(room.View(), venue, now).Joining(now, venue)
		return j.Stuck
	}
	if stuck(1000) || !stuck(1000+readmodel.Patience) { // the wall says how to join
		t.Error("not after a minute of the wall saying how to join")
	}
	room.Do(readmodel.SetField(room.View(), moot.WallMode, "clock", room.IDs))
	if stuck(200_000) || stuck(900_000) {
		t.Error("a minute in which nothing says how to join counts")
	}
	room.Do(readmodel.StartStep(room.View(), "checkin", room.Now, room.IDs))
	if stuck(1_000_000) || !stuck(1_000_000+readmodel.Patience) {
		t.Error("not after a minute of check-in")
	}
	venue.Seen = 3
	if j, _ := s.lookAtRoom(room.View(), venue, 2_000_000).Joining(2_000_000, venue); j.Through != 3 || j.Stuck {
		t.Errorf("three came through: %+v", j)
	}
	if venue.JoinLinks[0] != "http://192.0.2.1:8080/j/482163" {
		t.Errorf("the link to join is %s", venue.JoinLinks[0])
	}
	var trouble *readmodel.Trouble
	if err := s.OwnWifi(readmodel.OwnWifi{Name: "River", Password: "short"}); !errors.As(err, &trouble) || trouble.Key != "ladder.bad_wifi" || s.ladder.Rung() != readmodel.RungQR {
		t.Errorf("a password of five characters: %v", err)
	}
	if err := s.OwnWifi(readmodel.OwnWifi{Name: "River", Password: "long enough"}); err != nil || s.ladder.Rung() != readmodel.RungRouter || len(s.poked) != 1 {
		t.Errorf("a right one: %v, %v", err, s.ladder.Rung())
	}
}

// Without a running hub climbing knows no addresses, and passes over what needs one.
func TestDeskSessionClimbs(t *testing.T) {
	room := readmodeltest.New(t)
	s := &DeskSession{poked: make(chan struct{}, 1), record: &viewOnly{view: room.View()}}
	s.Climb(1)
	s.Climb(1)
	if got := s.ladder.Rung(); got != readmodel.RungRouter {
		t.Errorf("two steps on: %v", got)
	}
	s.Climb(-1)
	if got := s.ladder.Rung(); got != readmodel.RungTyped {
		t.Errorf("and one back: %v", got)
	}
}

// viewOnly is a record that can only be looked at.
type viewOnly struct {
	deskRecord
	view *moot.View
}

func (v *viewOnly) View() *moot.View { return v.view }

// Walls in browsers are told the address of the way that is shown, where it has one.
func TestWallsFollowTheLadder(t *testing.T) {
	addresses := []string{"http://192.0.2.1:8080", "http://192.0.2.2:8080"}
	venue := readmodel.Venue{Addresses: addresses, JoinLinks: joinLinks(addresses, "482163"), NameAddress: "http://folkmoot.local:8080", NameLink: "http://folkmoot.local:8080/j/482163"}
	var l readmodel.Ladder
	for _, want := range []string{"", addresses[0], "http://folkmoot.local:8080", addresses[1], "", "", ""} {
		if got := strings.Join(joinAt(l, venue), " "); got != want {
			t.Errorf("way %d: %q, want %q", l.Rung(), got, want)
		}
		l = l.Step(1, venue)
	}
}
