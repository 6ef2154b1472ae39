package mdns_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"folkmoot/sync/mdns"
	"folkmoot/sync/nettest"
)

// TestCloseEndsAll looks for goroutines after Close, and calls everything once more.
func TestCloseEndsAll(t *testing.T) {
	before := goleak.IgnoreCurrent()
	n := nettest.New(t, 2)
	a := announce(t, n.Host(1), hub)
	b := browse(t, n.Host(2))
	until(t, b, "a hub", 3*time.Second, one)
	a.Close()
	b.Close()
	goleak.VerifyNone(t, before)

	other := hub
	other.Port++
	if err := a.Update(other); err != nil {
		t.Error(err)
	}
	b.Ask()
	a.Close()
	b.Close()
}

// TestFoundListBelongsToTheCaller changes what was given.
func TestFoundListBelongsToTheCaller(t *testing.T) {
	n := nettest.New(t, 2)
	announce(t, n.Host(1), hub)
	b := browse(t, n.Host(2))
	until(t, b, "a hub", 3*time.Second, one)
	got := b.Services()[0]
	got.Text["id"], got.Addresses[0] = "other", n.Host(2).Addr()
	if again := b.Services()[0]; again.Text["id"] != "0f3a" || again.Addresses[0] != n.Host(1).Addr() {
		t.Errorf("got %+v", again)
	}
}

// TestTwoProgramsOnOneMachine find each other and share the host's name.
func TestTwoProgramsOnOneMachine(t *testing.T) {
	n := nettest.New(t, 1)
	tablet := mdns.Service{Instance: "Tablet 1", Port: 8444, Text: map[string]string{"id": "22"}}
	first, second := announce(t, n.Host(1), hub), announce(t, n.Host(1), tablet)
	b := browse(t, n.Host(1))
	until(t, b, "both", 3*time.Second, func(s []mdns.Found) bool { return len(s) == 2 })
	if first.State().Taken || second.State().Taken {
		t.Errorf("names taken: %+v, %+v", first.State(), second.State())
	}
	first.Close()
	until(t, b, "one of them leaving", time.Second, func(s []mdns.Found) bool { return one(s) && s[0].Instance == "Tablet 1" })
}
