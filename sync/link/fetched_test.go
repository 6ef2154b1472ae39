package link_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"folkmoot/sync/link"
	"folkmoot/sync/oplog"
)

// A device that was let in knows how much there is and how much of it is here; of a laptop
// that never answered nothing is known.
func TestFetched(t *testing.T) {
	hub, backup := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B")
	hub.say(t, 300)
	pair(t, hub, backup, link.Backup)
	backup.until(t, "whole", func() bool { _, _, whole := backup.Fetched(); return whole })
	heads, err := hub.record.Heads()
	if err != nil {
		t.Fatal(err)
	}
	if here, all, _ := backup.Fetched(); here != all || all < heads[hub.record.Own()].Seq {
		t.Errorf("%d of %d, the hub has %d", here, all, heads[hub.record.Own()].Seq)
	}
	backup.stop(t)
	hub.stop(t)
	backup.start(t)
	if here, all, whole := backup.Fetched(); here != 0 || all != 0 || whole {
		t.Errorf("before anybody answered: %d of %d, whole %v", here, all, whole)
	}
}

// Whom a device follows is read from its book and from who leads; a device that leads, and
// one that nobody let in, follow nobody.
func TestFollowed(t *testing.T) {
	hub, backup, room, tablet := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B"), newDevice(t, 3, "Laptop C"), newDevice(t, 4, "tablet")
	pair(t, hub, backup, link.Backup)
	pair(t, hub, room, link.Hub)
	pair(t, hub, tablet, link.Tablet)
	for _, tt := range []struct {
		name string
		of   *device
		lead link.DeviceID
		role link.Role
		says string
	}{
		{"a backup", backup, "", link.Backup, "Laptop A"},
		{"a backup of who leads", backup, hub.ID(), link.Backup, "Laptop A"},
		{"of one that is not known", backup, "0102", link.Backup, ""},
		{"a backup that took over", backup, backup.ID(), "", ""},
		{"another room", room, "", link.Hub, "Laptop A"},
		{"a tablet", tablet, "", "", ""},
		{"the laptop that made it", hub, "", "", ""},
		{"the same, after a backup took over", hub, backup.ID(), link.Backup, "Laptop B"},
		{"the same, where the lead is not known", hub, "0102", "", ""},
	} {
		role, says, err := link.Followed(tt.of.book, tt.of.identity.ID(), tt.lead)
		if err != nil || role != tt.role || says != tt.says {
			t.Errorf("%s: %q of %q, %v", tt.name, role, says, err)
		}
	}
	for of, want := range map[*device]bool{backup: true, room: true, tablet: true, hub: true, newDevice(t, 5, "nobody"): false} {
		if with, err := link.InBook(of.book, of.identity.ID()); err != nil || with != want {
			t.Errorf("%s takes part with others: %v, %v", of.identity.Name, with, err)
		}
	}
	hub.Unpair(t.Context(), backup.ID())
	hub.Unpair(t.Context(), room.ID())
	hub.stop(t) // what it knows is in its book then
	if with, err := link.InBook(hub.book, hub.identity.ID()); err != nil || with {
		t.Errorf("with those that it sent away: %v, %v", with, err)
	}
}

// Who is looked at and not wanted is not asked.
func TestJoinLooksAtWhoAnswers(t *testing.T) {
	hub, guest := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B")
	no := errors.New("no")
	var seen oplog.SessionID
	_, err := link.Join(t.Context(), link.JoinOptions{Identity: guest.identity, Role: link.Backup, Addresses: []string{hub.address()}, Now: time.Now, Random: rand.Reader,
		Check: func(h link.Hello) error { seen = h.Session; return no }})
	if !errors.Is(err, no) || seen != session {
		t.Errorf("looked at %v: %v", seen, err)
	}
	if d := hub.device(guest.identity.ID()); d.State != "" {
		t.Errorf("it was asked all the same: %+v", d)
	}
}
