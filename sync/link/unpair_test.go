package link_test

import (
	"errors"
	"slices"
	"testing"

	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/peer"
)

// TestUnpaired: what a tablet wrote before counts, what comes later does not, whoever
// brings it; and once it is paired again it is heard again.
func TestUnpaired(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	pair(t, hub, tablet, link.Tablet)
	tablet.say(t, 3)
	hub.until(t, "the tablet's words", func() bool { return len(hub.record.View().Statements) == 3 })
	tablet.until(t, "hears that they arrived", func() bool { return tablet.Kept() == 0 })
	log := tablet.record.Own()
	if err := hub.Unpair(t.Context(), tablet.ID()); err != nil {
		t.Fatal(err)
	}
	if d := hub.device(tablet.ID()); d.State != link.StateUnpaired {
		t.Errorf("unpaired, it is %+v", d)
	}
	tablet.say(t, 2)
	tablet.until(t, "hears that it was sent away", func() bool {
		r := tablet.device(hub.ID()).Refusal()
		return r != nil && r.Code == peer.Unpaired
	})
	tablet.until(t, "keeps its words", func() bool { return tablet.Kept() == 2 })

	// Somebody else brings them.
	var frames [][]byte
	side := peer.New(tablet.record, peer.Options{})
	frames, _, err := side.Missing(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hub.record.Receive(t.Context(), frames); err != nil {
		t.Fatal(err)
	}
	if n := len(hub.record.View().Statements); n != 3 {
		t.Errorf("%d statements count on the hub, want the 3 from before", n)
	}

	tablet.stop(t)
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "goes on under a new key", func() bool { return tablet.record.Own() != log })
	tablet.say(t, 1)
	hub.until(t, "heard again", func() bool { return len(hub.record.View().Statements) == 4 })
	hub.until(t, "the same", func() bool { return hub.digest() == tablet.digest() })
	if !slices.ContainsFunc(hub.record.View().Unpaired(), func(u moot.Unpaired) bool { return u.Replica == log }) {
		t.Error("the hub forgot that the log was cut off")
	}
}

// TestUnpairSpreads: a backup does not talk to a tablet either that the hub sent away.
func TestUnpairSpreads(t *testing.T) {
	hub, backup, tablet := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B"), newTablet(t, 3, "Tablet")
	pair(t, hub, backup, link.Backup)
	pair(t, hub, tablet, link.Tablet)
	backup.until(t, "knows the tablet", func() bool { return backup.device(tablet.ID()).State == link.StateHere })
	if err := hub.Unpair(t.Context(), tablet.ID()); err != nil {
		t.Fatal(err)
	}
	backup.until(t, "sent it away too", func() bool { return backup.device(tablet.ID()).State == link.StateUnpaired })
	tablet.until(t, "hears it from both", func() bool {
		return tablet.device(hub.ID()).State == link.StateRefused && tablet.device(backup.ID()).State == link.StateRefused
	})
}

// TestTheLeadIsNotSentAway: a backup that sent away the laptop at which phones vote would
// have their votes count nowhere else.
func TestTheLeadIsNotSentAway(t *testing.T) {
	hub, backup := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B")
	pair(t, hub, backup, link.Backup)
	backup.until(t, "here", func() bool { return backup.device(hub.ID()).State == link.StateHere })
	if err := backup.Unpair(t.Context(), hub.ID()); !errors.Is(err, link.ErrLeads) {
		t.Errorf("unpair the lead: %v", err)
	}
	if d := backup.device(hub.ID()); d.State != link.StateHere {
		t.Errorf("afterwards it is %+v", d)
	}
	if err := backup.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := backup.Unpair(t.Context(), hub.ID()); err != nil {
		t.Errorf("unpair who led before: %v", err)
	}
}
