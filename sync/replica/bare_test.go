package replica_test

import (
	"context"
	"errors"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

// withoutNames gives entries as a device has them that cannot open what is personal.
func withoutNames(t *testing.T, frames [][]byte) (out [][]byte) {
	t.Helper()
	for _, data := range frames {
		e, err := oplog.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if e.Class == oplog.Personal {
			e = e.Redact()
		}
		out = append(out, encoded(t, e))
	}
	return out
}

// A peer cannot take a name away by sending its entry without it, and holds nothing back
// by that: what comes after counts, and the name is filled in when it comes.
func TestReceiveRedacted(t *testing.T) {
	a := device(t, newDisk(), 1)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	disk := newDisk()
	b := device(t, disk, 2)
	if got := receive(t, b, withoutNames(t, whole)); got.New != len(whole) || got.Gaps != 0 || got.Bad != 0 {
		t.Errorf("without names: %+v", got)
	}
	if personal(t, disk) || len(b.Bare()) == 0 || b.View().Votes != a.View().Votes || b.View().Digest() == a.View().Digest() {
		t.Errorf("without names: %d lack, %d votes, of %d there", len(b.Bare()), b.View().Votes, a.View().Votes)
	}
	lacking := len(b.Bare())
	b.Close()
	b = device(t, disk, 2)
	if len(b.Bare()) != lacking {
		t.Errorf("opened again %d lack, before %d", len(b.Bare()), lacking)
	}
	if got := receive(t, b, withoutNames(t, whole)); got.Held != len(whole) || got.Filled != 0 || len(b.Bare()) != lacking {
		t.Errorf("without names once more: %+v", got)
	}
	if got := receive(t, b, append(whole, whole...)); got.New != 0 || got.Filled != lacking || !personal(t, disk) || len(b.Bare()) != 0 {
		t.Errorf("with names: %+v, %d lack", got, len(b.Bare()))
	}
	if b.View().Digest() != a.View().Digest() {
		t.Error("filled in, it means something else")
	}
	sameAsRebuilt(t, disk, b)
	if got := receive(t, b, withoutNames(t, whole)); got.Filled != 0 || !personal(t, disk) || b.View().Digest() != a.View().Digest() {
		t.Errorf("a name was taken away: %+v", got)
	}
}

// In one call an entry may come without its payload and whole.
func TestReceiveRedactedAndWhole(t *testing.T) {
	a := device(t, newDisk(), 1)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	disk := newDisk()
	b := device(t, disk, 2)
	if got := receive(t, b, append(withoutNames(t, whole), whole...)); got.New != len(whole) || got.Filled == 0 {
		t.Errorf("both at once: %+v", got)
	}
	if len(b.Bare()) != 0 || !personal(t, disk) || b.View().Digest() != a.View().Digest() {
		t.Errorf("%d lack", len(b.Bare()))
	}
	sameAsRebuilt(t, disk, b)
}

// sameAsRebuilt compares the rows and the state with what follows from the entries.
func sameAsRebuilt(t *testing.T, disk *replicatest.Disk, r *replica.Replica) {
	t.Helper()
	state, err := moot.FoldLog(options().Session, disk)
	if err != nil {
		t.Fatal(err)
	}
	if change, err := replica.Differences(disk, state); err != nil || !change.Empty() {
		t.Errorf("rows differ: %+v, %v", change, err)
	}
	if state.View().Digest() != r.View().Digest() {
		t.Error("the state is not what its entries add up to")
	}
}

// Where names were erased, entries without them lack nothing, and names stay away.
func TestReceiveErased(t *testing.T) {
	a, b := device(t, newDisk(), 1), device(t, newDisk(), 2)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	receive(t, b, withoutNames(t, whole))
	do(t, a, moot.Item{CID: cid(1), Payload: &moot.Unlink{At: 1}})
	told := frames(t, a)
	if got := receive(t, b, told); got.New == 0 || len(b.Bare()) != 0 || b.View().Digest() != a.View().Digest() {
		t.Errorf("the act that erased names: %+v, %d lack", got, len(b.Bare()))
	}
	if got := receive(t, b, whole); got.Filled != 0 || b.View().Digest() != a.View().Digest() {
		t.Errorf("a name came back: %+v", got)
	}
	if got := receive(t, device(t, newDisk(), 3), told); got.New != len(told) {
		t.Errorf("together with the act that erased it: %+v", got)
	}
	c := device(t, newDisk(), 4)
	if _, err := c.Obey(context.Background(), a.View().Rules); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, c, told[:2]); got.New != 2 || len(c.Bare()) != 0 {
		t.Errorf("once it is known that names were erased: %+v", got)
	}
}

// A commit that fails leaves the entry as it lies on the disk.
func TestReceiveFillFails(t *testing.T) {
	a := device(t, newDisk(), 1)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	disk := newDisk()
	b := device(t, disk, 2)
	receive(t, b, withoutNames(t, whole))
	lacking := len(b.Bare())
	disk.SetFail(func() (bool, error) { return false, errors.New("no") })
	if _, err := b.Receive(context.Background(), whole); !errors.Is(err, replica.ErrAgain) {
		t.Fatalf("a failed commit: %v", err)
	}
	disk.SetFail(nil)
	if got := receive(t, b, whole); got.Filled != lacking || len(b.Bare()) != 0 || !personal(t, disk) {
		t.Errorf("afterwards: %+v", got)
	}
}

func personal(t *testing.T, disk *replicatest.Disk) (found bool) {
	t.Helper()
	err := oplog.All(disk, func(e oplog.Entry) bool {
		found = found || e.Class == oplog.Personal && !e.Redacted()
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
