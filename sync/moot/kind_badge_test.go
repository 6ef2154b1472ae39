package moot_test

import (
	"testing"

	"folkmoot/sync/moot"
)

func TestVoidBadge(t *testing.T) {
	runChecks(t, newHub(1).state, []checkCase{
		{"the first", &moot.VoidBadge{Number: 1}, "", 0},
		{"the last", &moot.VoidBadge{Number: 1<<15 - 1, At: 5}, "", 0},
		{"none", &moot.VoidBadge{}, moot.BadValue, 0},
		{"less than none", &moot.VoidBadge{Number: -1}, moot.BadValue, 0},
		{"more than fifteen bits", &moot.VoidBadge{Number: 1 << 15}, moot.BadValue, 0},
	})
}

func TestVoidedBadgesStayVoided(t *testing.T) {
	a, b := newHub(1), newHub(2)
	none := a.view()
	a.put(&moot.VoidBadge{Number: 12, At: 1})
	one := a.view()
	b.put(&moot.VoidBadge{Number: 12, At: 2})
	b.put(&moot.VoidBadge{Number: 7, At: 3})
	for n, want := range map[int]bool{7: true, 12: true, 1: false, 0: false} {
		if got := met(t, a, b).BadgeVoided(n); got != want {
			t.Errorf("badge %d voided: %t, want %t", n, got, want)
		}
	}
	a.put(&moot.VoidBadge{Number: 3})
	if none.BadgeVoided(12) || !one.BadgeVoided(12) || one.BadgeVoided(3) || !a.view().BadgeVoided(3) {
		t.Error("a View changed after it was given, or did not change when it should")
	}
	if one.Digest() == none.Digest() || one.Shape == none.Shape {
		t.Error("a voided badge leaves digest or shape as they were")
	}
}

func TestBadgesOnly(t *testing.T) {
	h := newHub(1)
	steps := []struct {
		field moot.Field
		value string
		want  bool
	}{{moot.Title, "t", false}, {moot.Badges, "on", true}, {moot.Rehearsal, "on", false}, {moot.Rehearsal, "", true}, {moot.Sample, "on", false}, {moot.Sample, "", true}, {moot.Badges, "", false}}
	for i, s := range steps {
		h.put(&moot.SetField{Field: s.field, Value: s.value, Rev: uint64(i + 1)})
		if got := h.view().Session.BadgesOnly(); got != s.want {
			t.Errorf("after %s is %q: %t, want %t", s.field, s.value, got, s.want)
		}
	}
}
