package shell_test

import (
	"testing"
	"time"

	"folkmoot/app/look"
)

// Presses of a test are far apart: none is the second of a double click.
func init() {
	var now time.Time
	look.Clock = func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// A double click on "approve" decides on one statement: the next one slides under the
// pointer. And no button is pressed twice by one.
func TestDoubleClick(t *testing.T) {
	usual := look.Clock
	now := usual()
	look.Clock = func() time.Time { return now }
	defer func() { look.Clock = usual }()
	s, f := inSession(t, "en", false, fullRoom(t, 12))
	press(s, key(2))
	now = now.Add(time.Second)
	tapFirst(t, s, say("en", "host.approve"))
	now = now.Add(200 * time.Millisecond)
	tapFirst(t, s, say("en", "host.approve"))
	if got := f.session.sheet().Pending; got != 1 {
		t.Errorf("%d statements wait, want 1", got)
	}
	now = now.Add(time.Second)
	tapFirst(t, s, say("en", "host.approve"))
	if got := f.session.sheet().Pending; got != 0 {
		t.Errorf("%d statements wait after a look", got)
	}
}
