package command

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/replica"
)

// fakeRoom is a disk with so much room left, on which a reserve takes some.
type fakeRoom struct {
	left   uint64
	unseen bool // how much is left is not known
	kept   bool
	taken  int
}

func (f *fakeRoom) TakeReserve() error {
	f.taken++
	f.kept, f.left = true, f.left-32<<20
	return nil
}

func (f *fakeRoom) DropReserve() bool {
	if !f.kept {
		return false
	}
	f.kept, f.left = false, f.left+32<<20
	return true
}

func (f *fakeRoom) free(string) (uint64, error) {
	if f.unseen {
		return 0, errors.New("not known")
	}
	return f.left, nil
}

func watchOver(room *fakeRoom, health *replica.Health) (*diskWatch, *bool) {
	low := false
	return &diskWatch{reserve: room, folder: "/data", free: room.free, failed: make(chan struct{}, 1),
		low: func(on bool) { low = on }, health: func() replica.Health { return *health }, wake: func() {}}, &low
}

func TestDiskWatch(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		name   string
		left   uint64
		health replica.Health
		state  readmodel.DiskState
		low    bool
		kept   bool
	}{
		{"much", 2000 * mb, replica.Health{}, "", false, true},
		{"no room for a reserve", 520 * mb, replica.Health{}, "", false, false},
		{"little", 511 * mb, replica.Health{}, readmodel.DiskLow, false, false},
		{"almost none", 127 * mb, replica.Health{}, readmodel.DiskShort, true, false},
		{"a quota is used up", 2000 * mb, replica.Health{Full: true}, readmodel.DiskShort, false, true},
		{"broken", 2000 * mb, replica.Health{ReadOnly: true}, readmodel.DiskReadOnly, false, true},
	} {
		room := &fakeRoom{left: c.left}
		w, low := watchOver(room, &c.health)
		w.look()
		if got := stateOf(w.Disk()); got != c.state || *low != c.low || room.kept != c.kept {
			t.Errorf("%s: state %q, low %t, reserve %t; want %q, %t, %t", c.name, got, *low, room.kept, c.state, c.low, c.kept)
		}
	}
}

func TestDiskWatchGivesTheReserveBack(t *testing.T) {
	room := &fakeRoom{left: 2000 << 20}
	w, _ := watchOver(room, &replica.Health{})
	w.look()
	if w.full(errors.New("input/output error")) || !room.kept {
		t.Error("the reserve is gone though there is room")
	}
	if !w.full(fmt.Errorf("commit: %w", syscall.ENOSPC)) || room.kept {
		t.Error("the reserve was not given back when there was no room")
	}
	room.left = 0
	if !w.full(errors.New("file resize error")) {
		t.Error("a fault on a disk without room is not known as that")
	}
	w.look()
	if room.kept {
		t.Error("the reserve was taken again though there is no room")
	}
	room.left = 2000 << 20
	w.look()
	if !room.kept {
		t.Error("the reserve was not taken again when there was room")
	}
}

func TestDiskWatchLooksNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &fakeRoom{left: 300 << 20}
		w, _ := watchOver(room, &replica.Health{})
		var told []readmodel.DiskState
		end := w.start(func(d *readmodel.Disk) { told = append(told, stateOf(d)) })
		synctest.Wait()
		room.left = 100 << 20
		time.Sleep(lookEvery + time.Second) // the test's own clock
		room.left = 0
		w.full(syscall.ENOSPC)
		synctest.Wait() // a failure does not wait for the next look
		room.left = 900 << 20
		time.Sleep(lookEvery + time.Second)
		synctest.Wait()
		end()
		if want := []readmodel.DiskState{"low", "short", ""}; !slices.Equal(told, want) || room.taken != 1 || room.kept {
			t.Errorf("told %q, want %q; reserve taken %d times and kept after the end: %t", told, want, room.taken, room.kept)
		}
	})
}
