package hub

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
)

// calm stops a scene's clock.
func (s *scene) calm() *scene {
	now := time.Now()
	s.hub.limits.now = func() time.Time { return now }
	return s
}

// windows gives how many counters of tokens are kept.
func (s *scene) windows() (n int) {
	b := s.hub.badges
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, list := range b.coming {
		n += len(list)
	}
	return n + len(b.windows)
}

// Who has a badge and signs with one new token after the other leaves next to nothing
// behind, and with a voided one nothing at all; asking costs as much as joining.
func TestTokensWithoutEnd(t *testing.T) {
	for without, want := range map[guardName]string{"": "busy", guardJoins: "badge_in_use"} {
		s := newScene(t, 4, nil, nil).calm()
		s.hub.without = without
		s.joined(12)
		for range joinBurst - 1 {
			if status, body := s.send(s.phone(12).join(false)); !strings.Contains(body, "badge_in_use") {
				t.Fatalf("a second phone: %d %s", status, body)
			}
		}
		if status, body := s.send(s.phone(12).join(false)); !strings.Contains(body, want) {
			t.Errorf("without %q: one more: %d %s, want %s", without, status, body, want)
		}
		if got := s.windows(); got > maxComing+1 {
			t.Errorf("without %q: %d counters are kept of one badge", without, got)
		}
	}
	s := newScene(t, 4, nil, nil).calm()
	s.act(&moot.VoidBadge{Number: 12})
	for range 50 {
		if status, body := s.send(s.phone(12).join(false)); status != http.StatusForbidden || !strings.Contains(body, "badge_void") {
			t.Fatalf("a voided badge: %d %s", status, body)
		}
	}
	if got := s.windows(); got != 0 {
		t.Errorf("%d counters are kept of a voided badge", got)
	}
}

// A join that was heard and came to nothing cannot be made by who heard it, nor can one
// that did: the counter is kept on the way into the record.
func TestHeardJoins(t *testing.T) {
	s := newScene(t, 4, nil, nil).calm()
	first, second := s.phone(12), s.phone(12)
	join := first.join(false)
	s.must(join)
	asked := second.join(false)
	for i, want := range []string{"badge_in_use", "replayed"} {
		if status, body := s.send(asked); !strings.Contains(body, want) {
			t.Errorf("time %d: %d %s, want %s", i, status, body, want)
		}
	}
	s.must(second.join(true))
	for range 2 * maxComing {
		s.send(s.phone(12).join(false))
	}
	for name, c := range map[string]heard{"of the first phone": join, "of the second": asked} {
		if status, body := s.send(c); !strings.Contains(body, "replayed") {
			t.Errorf("the join %s once more: %d %s", name, status, body)
		}
	}
}

// The host's page hears at once of badges that are guessed, too.
func TestHostHearsOfGuessedBadges(t *testing.T) {
	s := newScene(t, 4, nil, nil).calm()
	code, err := badge.Key{9: 9}.Issue(12)
	if err != nil {
		t.Fatal(err)
	}
	_, before := s.hub.feed.last()
	for range wrongPerAddress {
		if status, body := s.send(typed(s.phone(12).token, code.String(), false)); !strings.Contains(body, "wrong_badge") {
			t.Fatalf("a badge of another session: %d %s", status, body)
		}
	}
	if _, after := s.hub.feed.last(); after == before {
		t.Error("nothing was told")
	}
	if wrong, until := s.hub.Guessing(); wrong != wrongPerAddress || until.IsZero() {
		t.Errorf("%d wrong until %v", wrong, until)
	}
}
