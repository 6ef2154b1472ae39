package replica_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

// After an unclean end rows that do not follow from the entries are mended; after a
// clean one nobody looks.
func TestMend(t *testing.T) {
	disk := newDisk()
	r := device(t, disk, 1)
	do(t, r, room(2)...)
	do(t, r, vote(1, 0, moot.Agree, 10))
	r.Close()
	state, err := moot.FoldLog(oplog.SessionID{1}, disk)
	if err != nil {
		t.Fatal(err)
	}
	if change, err := replica.Differences(disk, state); err != nil || !change.Empty() {
		t.Fatalf("after an orderly end %d rows differ: %v", len(change.Rows), err)
	}
	id := cid(1)
	for table, key := range map[string]string{moot.RowStatement: string([]byte{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), moot.RowReceipt: string(id[:])} {
		if err := disk.Spoil(table, key, []byte{1}); err != nil {
			t.Fatal(err)
		}
	}
	device(t, disk, 1).Close()
	if change, err := replica.Differences(disk, state); err != nil || len(change.Rows) != 2 {
		t.Errorf("%d rows differ, want 2: %v", len(change.Rows), err)
	}
	o := options()
	o.Unclean = true
	again, err := replica.Open(disk, o)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	if change, err := replica.Differences(disk, state); err != nil || !change.Empty() {
		t.Errorf("%d rows still differ: %v", len(change.Rows), err)
	}
}

// Two failures within a minute make the record read-only; it is tried again after five
// seconds, and works once there is room.
func TestReadOnly(t *testing.T) {
	disk := newDisk()
	now := time.UnixMilli(1_790_000_000_000)
	o := options()
	o.Now = func() time.Time { return now }
	r, err := replica.Open(disk, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	do(t, r, room(1)...)
	commits := 0
	disk.SetFail(func() (bool, error) { commits++; return false, replica.ErrFull })
	item := vote(1, 0, moot.Agree, 10)
	try := func() error { _, err := r.Do(context.Background(), item); return err }
	if err := try(); !errors.Is(err, replica.ErrAgain) || !errors.Is(err, replica.ErrFull) || r.Health().ReadOnly || !r.Health().Full {
		t.Errorf("after one failure: %v, %+v", err, r.Health())
	}
	now = now.Add(20 * time.Second)
	changed := r.Changed()
	if err := try(); !errors.Is(err, replica.ErrAgain) || !r.Health().ReadOnly {
		t.Errorf("after two: %v, %+v", err, r.Health())
	}
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	tried := commits
	if err := try(); !errors.Is(err, replica.ErrReadOnly) || !errors.Is(err, replica.ErrFull) || commits != tried {
		t.Errorf("at once: %v, %d writings", err, commits-tried)
	}
	if got := len(frames(t, r)); got != 3 {
		t.Errorf("%d entries can be read, want 3", got)
	}
	disk.SetFail(nil)
	now = now.Add(5 * time.Second)
	if out := do(t, r, item); out[0].Receipt == "" || r.Health() != (replica.Health{}) {
		t.Errorf("once there is room: %+v, %+v", out[0], r.Health())
	}
}

// Who gives up waiting learns nothing of what the writer is still at.
func TestObeyGivenUp(t *testing.T) {
	disk := newDisk()
	r := device(t, disk, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	disk.SetFail(func() (bool, error) { // the acts are made, and wait for the disk
		cancel()
		<-done
		return false, nil
	})
	news, err := r.Obey(ctx, moot.Rules{Unlinked: true})
	close(done)
	if news != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d acts, %v", news, err)
	}
}

// Where names have to be erased still, or a split log to be left, and the disk has no
// room for it, the session opens for reading; all of it is done once there is room.
func TestOpenWithWorkLeftOnAFullDisk(t *testing.T) {
	full := func() (bool, error) { return false, replica.ErrFull }
	erase := func(t *testing.T) *replicatest.Disk {
		disk := newDisk()
		r := device(t, disk, 1)
		do(t, r, room(1)...)
		calls := 0
		disk.SetFail(func() (bool, error) {
			if calls++; calls == 1 { // the act is committed, and then there is no room
				return false, nil
			}
			return full()
		})
		unlink := moot.Item{CID: cid(1), Payload: &moot.Unlink{At: 1}}
		if _, err := r.Do(context.Background(), unlink); !errors.Is(err, replica.ErrAgain) {
			t.Fatalf("names are said to be erased: %v", err)
		}
		r.Close()
		return disk
	}
	split := func(t *testing.T) *replicatest.Disk {
		disk := newDisk()
		a := device(t, disk, 1)
		do(t, a, room(1)...)
		old := disk.Copy()
		do(t, a, vote(1, 0, moot.Agree, 1))
		twin := device(t, old, 1)
		do(t, twin, vote(2, 0, moot.Disagree, 1))
		receive(t, twin, frames(t, a)) // shows the split, and goes on under a key that is lost
		twin.Close()
		return old
	}
	for name, made := range map[string]func(*testing.T) *replicatest.Disk{"erase": erase, "split": split} {
		for _, unsettled := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, unsettled %t", name, unsettled), func(t *testing.T) {
				disk, keys, o := made(t), 0, options()
				o.Key, o.Unsettled = ed25519.NewKeyFromSeed(append(make([]byte, 31), 1)), unsettled
				o.NewKey = func() (ed25519.PrivateKey, error) {
					keys++
					return ed25519.NewKeyFromSeed(append(make([]byte, 31), byte(renewed.Add(1)))), nil
				}
				disk.SetFail(full)
				r, err := replica.Open(disk, o)
				if err != nil {
					t.Fatalf("it cannot even be read: %v", err)
				}
				defer r.Close()
				if len(r.View().Statements) != 1 || len(frames(t, r)) == 0 || r.Health().Full == unsettled {
					t.Errorf("%d statements, %d entries, %+v", len(r.View().Statements), len(frames(t, r)), r.Health())
				}
				if unsettled && keys > 0 {
					t.Error("a key was made though nothing can be written yet")
				}
				item := moot.Item{CID: cid(9), Payload: &moot.SetField{Field: moot.Title, Value: "on", Rev: 1}}
				if _, err := r.Do(context.Background(), item); !errors.Is(err, replica.ErrAgain) || !errors.Is(err, replica.ErrFull) {
					t.Errorf("while there is no room: %v", err)
				}
				disk.SetFail(nil)
				if out := do(t, r, item); out[0].Receipt == "" || r.Health() != (replica.Health{}) {
					t.Errorf("once there is room: %+v, %+v", out[0], r.Health())
				}
				if personal(t, disk) && name == "erase" {
					t.Error("a name is still there")
				}
				if splits := r.View().Splits; len(splits) > 0 && splits[0].Replica == r.Own() {
					t.Error("it writes on in the log that has split")
				}
			})
		}
	}
}

// Where little room is left, votes and what a host does are taken, and nothing else.
func TestLow(t *testing.T) {
	r := device(t, newDisk(), 1)
	do(t, r, room(1)...)
	r.SetLow(true)
	statement := moot.Item{CID: cid(5), Payload: &moot.NewStatement{Text: "more", Lang: "en", Standing: moot.Approved}}
	out := do(t, r, vote(1, 0, moot.Agree, 1), statement)
	if out[0].Receipt == "" || out[1].Refusal == nil || out[1].Refusal.Code != moot.DiskLow {
		t.Errorf("vote %+v, statement %+v", out[0], out[1])
	}
	r.SetLow(false)
	if out := do(t, r, statement); out[0].Receipt == "" {
		t.Errorf("once there is room: %+v", out[0])
	}
}
