package link_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"

	"folkmoot/sync/link"
)

// TestBackupInStep: what the hub has awaited is on the backup.
func TestBackupInStep(t *testing.T) {
	hub, backup := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B")
	pair(t, hub, backup, link.Backup)
	hub.until(t, "in step", func() bool { d := hub.device(backup.ID()); return d.Follows && !d.Behind })
	for range 50 {
		hub.say(t, 1)
		hub.Await(t.Context())
		if here, there := len(hub.record.View().Statements), len(backup.record.View().Statements); there < here {
			t.Fatalf("awaited %d statements, %d are on the backup", here, there)
		}
	}
	if d := hub.device(backup.ID()); d.Behind {
		t.Errorf("the backup is behind: %+v", d)
	}
}

// TestBackupHangs: a backup that answers no more does not hold up the hub, and is behind
// until it has caught up.
func TestBackupHangs(t *testing.T) {
	hub, backup := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B")
	pair(t, hub, backup, link.Backup)
	hub.until(t, "in step", func() bool { d := hub.device(backup.ID()); return d.Follows && !d.Behind })
	backup.stop(t)
	hub.say(t, 3)
	hub.Await(t.Context()) // a second at the most
	if d := hub.device(backup.identity.ID()); !d.Behind || d.Lacks == 0 {
		t.Errorf("after it hung the backup is %+v", d)
	}
	hub.say(t, 2)
	hub.Await(t.Context())
	backup.start(t)
	hub.until(t, "in step again", func() bool { d := hub.device(backup.ID()); return d.Follows && !d.Behind })
	if hub.digest() != backup.digest() {
		t.Error("in step, but not the same")
	}
}

// TestTakeOver: tablets learn of the backup from the hub, and go on with it when the hub
// is gone; the hub, when it is back, follows.
func TestTakeOver(t *testing.T) {
	hub, backup, tablet := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B"), newTablet(t, 3, "Tablet")
	pair(t, hub, backup, link.Backup)
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "knows the backup", func() bool { return tablet.device(backup.ID()).State == link.StateHere })
	if id, _, _ := backup.Lead(); id != hub.ID() || !backup.Follows() || hub.Follows() {
		t.Fatalf("at first %s leads", id)
	}
	was := hub.ID()
	hub.stop(t)
	tablet.say(t, 4)
	backup.until(t, "the tablet's answers", func() bool { return backup.digest() == tablet.digest() })
	tablet.until(t, "nothing kept", func() bool { return tablet.Kept() == 0 })
	backup.until(t, "the hub is away", func() bool { _, _, away := backup.Lead(); return !away.IsZero() })
	if err := backup.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if id, _, _ := backup.Lead(); id != backup.ID() || backup.Follows() {
		t.Errorf("after taking over %s leads", id)
	}
	hub.start(t)
	hub.until(t, "follows", func() bool { return hub.Follows() && hub.digest() == backup.digest() })
	if id, name, _ := hub.Lead(); id != backup.ID() || name != "Laptop B" || id == was {
		t.Errorf("on the old hub %s (%s) leads", id, name)
	}
	backup.until(t, "the old hub in step", func() bool { d := backup.device(was); return d.Follows && !d.Behind })
}

// TestWhoFollowsSaysSo: who takes over is told at once, not with the next greeting, that
// the laptop that led before is its backup now; until then it would not wait for it. There
// is no next greeting here.
func TestWhoFollowsSaysSo(t *testing.T) {
	t.Cleanup(link.GreetNever()) // after the devices have stopped
	hub, backup := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B")
	pair(t, hub, backup, link.Backup)
	hub.until(t, "in step", func() bool { d := hub.device(backup.ID()); return d.Follows && !d.Behind })
	for range 3 {
		for _, two := range [][2]*device{{backup, hub}, {hub, backup}} {
			if err := two[0].TakeOver(t.Context()); err != nil {
				t.Fatal(err)
			}
			two[0].until(t, "the old lead follows", func() bool { return two[0].device(two[1].ID()).Follows })
			two[1].until(t, "the new one does not", func() bool { return !two[1].device(two[0].ID()).Follows })
		}
	}
}

// TestForwarding: two hubs that never meet hold the same through a tablet.
func TestForwarding(t *testing.T) {
	hub, other, tablet := newDevice(t, 1, "Room A").start(t), newDevice(t, 2, "Room B"), newTablet(t, 3, "Tablet")
	var apart atomic.Bool
	other.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if apart.Load() && address == hub.address() {
			return nil, net.ErrClosed
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	pair(t, hub, other, link.Hub)
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "knows both", func() bool { return tablet.device(other.ID()).State == link.StateHere })
	hub.until(t, "knows where the tablet is", func() bool { return len(hub.device(tablet.ID()).Addresses) > 0 })
	apart.Store(true)
	hub.stop(t)
	other.say(t, 5)
	tablet.until(t, "what room B wrote", func() bool { return tablet.digest() == other.digest() })
	other.stop(t)
	hub.start(t)
	hub.until(t, "room B's words through the tablet", func() bool { return len(hub.record.View().Statements) == 5 })
}
