package replica_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

func unpair(t testing.TB, r *replica.Replica, log oplog.ReplicaID) {
	t.Helper()
	if err := r.Unpair(context.Background(), log); err != nil {
		t.Fatal(err)
	}
}

// well says whether rows and receipts of a disk are those of its entries.
func well(t testing.TB, r *replica.Replica, disk replica.Disk) {
	t.Helper()
	state, err := moot.FoldLog(oplog.SessionID{1}, disk)
	if err != nil {
		t.Fatal(err)
	}
	change, err := replica.Differences(disk, state)
	if err != nil || !change.Empty() {
		t.Errorf("%d rows differ, %v", len(change.Rows), err)
	}
	if got := r.View().Digest(); got != state.View().Digest() {
		t.Error("the state is not that of the entries")
	}
}

// What the unpaired device wrote until then counts, and nothing that comes later, on
// every device, whoever brings it; it is stored and passed on all the same.
func TestUnpair(t *testing.T) {
	disk := newDisk()
	hub, tablet, third := device(t, disk, 1), device(t, newDisk(), 2), device(t, newDisk(), 3)
	do(t, hub, room(3)...)
	receive(t, tablet, frames(t, hub))
	do(t, tablet, vote(1, 0, moot.Agree, 10))
	receive(t, hub, frames(t, tablet))
	log := tablet.Own()
	unpair(t, hub, log)
	if again := frames(t, hub); len(again) > 0 {
		unpair(t, hub, log)
		if len(frames(t, hub)) != len(again) {
			t.Error("unpairing twice writes twice")
		}
	}
	do(t, tablet, vote(2, 1, moot.Agree, 10))
	receive(t, third, frames(t, tablet)) // who has not heard yet
	if third.View().Votes != 2 {
		t.Errorf("%d votes before anybody said so", third.View().Votes)
	}
	got := receive(t, hub, frames(t, third))
	if got.New != 1 || hub.View().Votes != 1 {
		t.Errorf("received %+v, %d votes count", got, hub.View().Votes)
	}
	receive(t, third, frames(t, hub))
	for name, r := range map[string]*replica.Replica{"hub": hub, "third": third} {
		v := r.View()
		if v.Votes != 1 || len(v.Unpaired()) != 1 || v.Unpaired()[0].Replica != log || v.Unpaired()[0].Above != 1 {
			t.Errorf("%s: %d votes, unpaired %+v", name, v.Votes, v.Unpaired())
		}
	}
	if hub.View().Digest() != third.View().Digest() {
		t.Error("two states")
	}
	well(t, hub, disk)
	if err := hub.Unpair(context.Background(), hub.Own()); !errors.Is(err, replica.ErrOwnLog) {
		t.Errorf("itself: %v", err)
	}
}

// An item of which the only copy does not count is not called saved when it is sent again.
func TestUnpairedItemIsSentAgain(t *testing.T) {
	disk, other := newDisk(), newDisk()
	hub, tablet, third := device(t, disk, 1), device(t, newDisk(), 2), device(t, other, 3)
	do(t, hub, room(3)...)
	receive(t, tablet, frames(t, hub))
	unpair(t, hub, tablet.Own()) // of which nothing is held
	do(t, tablet, vote(1, 0, moot.Agree, 10))
	receive(t, hub, frames(t, tablet))
	receive(t, third, frames(t, tablet))
	if out := do(t, third, vote(1, 0, moot.Agree, 10)); !out[0].Again {
		t.Errorf("before anybody said so: %+v", out[0])
	}
	receive(t, third, frames(t, hub))
	for name, r := range map[string]*replica.Replica{"hub": hub, "third": third} {
		if r.View().Votes != 0 {
			t.Errorf("%s: %d votes", name, r.View().Votes)
		}
		if out := do(t, r, vote(1, 0, moot.Agree, 10)); out[0].Again || out[0].Receipt == "" || r.View().Votes != 1 {
			t.Errorf("%s: sent again: %+v, %d votes", name, out[0], r.View().Votes)
		}
	}
	well(t, hub, disk)
	well(t, third, other)
}

// A device that hears that it was unpaired goes on in a new log, which counts.
func TestUnpairedGoesOn(t *testing.T) {
	for _, behind := range []bool{false, true} { // whether it wrote more than the hub held
		disk := newDisk()
		hub, tablet := device(t, newDisk(), 1), device(t, disk, 2)
		do(t, hub, room(3)...)
		receive(t, tablet, frames(t, hub))
		do(t, tablet, vote(1, 0, moot.Agree, 10))
		receive(t, hub, frames(t, tablet))
		if behind {
			do(t, tablet, vote(2, 1, moot.Agree, 10))
		}
		old := tablet.Own()
		unpair(t, hub, old)
		receive(t, tablet, frames(t, hub))
		do(t, tablet, vote(3, 2, moot.Agree, 10))
		if tablet.Own() == old {
			t.Error("it writes on where nothing counts")
		}
		receive(t, hub, frames(t, tablet))
		if hub.View().Votes != 2 || tablet.View().Votes != 2 || hub.View().Digest() != tablet.View().Digest() {
			t.Errorf("%d votes at the hub, %d at the tablet", hub.View().Votes, tablet.View().Votes)
		}
		well(t, tablet, disk)
		again := device(t, disk.Copy(), 2) // with the old key
		do(t, again, vote(4, 1, moot.Pass, 99))
		if again.Own() == old || again.View().Votes != 3 {
			t.Errorf("opened with the old key: %d votes", again.View().Votes)
		}
	}
	o := options()
	o.NewKey = nil
	tablet, err := replica.Open(newDisk(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tablet.Close)
	hub := device(t, newDisk(), 1)
	do(t, hub, room(1)...)
	receive(t, tablet, frames(t, hub))
	unpair(t, hub, tablet.Own())
	receive(t, tablet, frames(t, hub))
	if _, err := tablet.Do(context.Background(), vote(1, 0, moot.Agree, 10)); !errors.Is(err, oplog.ErrKey) {
		t.Errorf("without another key: %v, want ErrKey", err)
	}
}

// Whose log cannot be taken is heard through what a peer knows, and what a forged one
// says is not.
func TestObeyUnpair(t *testing.T) {
	hub, tablet, third := device(t, newDisk(), 1), device(t, newDisk(), 2), device(t, newDisk(), 3)
	do(t, hub, room(3)...)
	receive(t, tablet, frames(t, hub))
	do(t, tablet, vote(1, 0, moot.Agree, 10))
	do(t, third, room(3)...)
	receive(t, third, frames(t, tablet)[len(frames(t, hub)):])
	unpair(t, hub, tablet.Own())
	told := hub.View().Rules
	if len(told.Unpaired) != 1 || !third.View().Rules.Lacks(told) {
		t.Fatalf("told %+v", told)
	}
	forged := told
	forged.Unpaired = append([]moot.Unpair{}, told.Unpaired...)
	said := *forged.Unpaired[0].Said
	said.Key = append([]byte{1}, said.Key[1:]...)
	forged.Unpaired[0].Said = &said
	if n, err := third.Obey(context.Background(), forged); n != 0 || err != nil {
		t.Errorf("a forged one: %d acts, %v", n, err)
	}
	for want := 1; want >= 0; want-- {
		if n, err := third.Obey(context.Background(), told); n != want || err != nil {
			t.Errorf("%d acts, %v, want %d", n, err, want)
		}
	}
	if v := third.View(); len(v.Unpaired()) != 1 || v.Unpaired()[0].By != hub.Own() || v.Unpaired()[0].Seq != 0 {
		t.Errorf("unpaired %+v", v.Unpaired())
	}
}

// A tablet's replica says that it is one, under each key.
func TestTabletSaysSo(t *testing.T) {
	o := options()
	made := byte(0)
	o.Tablet, o.NewKey = true, func() (ed25519.PrivateKey, error) {
		made++
		return ed25519.NewKeyFromSeed(append(make([]byte, 31), 90+made)), nil
	}
	tablet, err := replica.Open(newDisk(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tablet.Close)
	hub := device(t, newDisk(), 1)
	do(t, tablet, room(1)...)
	if err := tablet.Renew(context.Background(), "to see"); err != nil {
		t.Fatal(err)
	}
	unpair(t, tablet, hub.Own())
	do(t, hub, room(1)...)
	receive(t, hub, frames(t, tablet))
	if got := hub.View().Unpaired(); len(got) != 0 {
		t.Errorf("a tablet unpaired the hub: %+v", got)
	}
}

// What a branch that is let go says about other devices is kept, as its log said it.
func TestUnpairOutlastsItsBranch(t *testing.T) {
	disk := newDisk()
	a := device(t, disk, 1)
	do(t, a, room(2)...)
	clone, other, watcher := device(t, disk.Copy(), 1), device(t, newDisk(), 4), device(t, newDisk(), 5)
	do(t, clone, vote(1, 0, moot.Agree, 10))
	unpair(t, a, other.Own())
	receive(t, watcher, frames(t, a))
	receive(t, watcher, frames(t, clone)) // proves it
	sp := watcher.View().Splits[0]
	named := sp.Branches[0]
	if named == sp.Held {
		named = sp.Branches[1]
	}
	do(t, watcher, moot.Item{CID: cid(50), Payload: &moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: named, Rev: 1}})
	if got := receive(t, watcher, frames(t, clone)); got.New == 0 {
		t.Fatalf("the branch was not taken: %+v", got)
	}
	v := watcher.View()
	if len(v.Unpaired()) != 1 || v.Unpaired()[0].Replica != other.Own() || v.Unpaired()[0].By != sp.Replica {
		t.Errorf("unpaired %+v", v.Unpaired())
	}
	if v.Votes != 1 {
		t.Errorf("%d votes, want the one of the branch that was named", v.Votes)
	}
}
