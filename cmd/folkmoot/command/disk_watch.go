package command

import (
	"path/filepath"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// lookEvery is how often the room on the disk is looked at while a session is live; it is
// looked at after every failure too.
const lookEvery = 10 * time.Second

// fullBelow is how much room counts as none: not every fault names its cause.
const fullBelow = 1 << 20

// reserve is a file that keeps room on the disk.
type reserve interface {
	TakeReserve() error
	DropReserve() bool
}

// diskWatch looks after the disk of a session's record: it keeps a reserve, says how much
// room is left, and lets the replica take less where there is little.
type diskWatch struct {
	reserve reserve
	folder  string
	free    func(folder string) (uint64, error)

	// Given once the replica is there.
	low    func(bool)
	health func() replica.Health
	wake   func()                // screens look again
	told   func(*readmodel.Disk) // another state; called by run only

	failed chan struct{}

	mu    sync.Mutex
	known bool
	left  uint64

	keeping sync.Mutex // guards kept and the reserve itself, which takes a while to write
	kept    bool
}

func newDiskWatch(file *store.File, free func(string) (uint64, error)) *diskWatch {
	return &diskWatch{reserve: file, folder: filepath.Dir(file.Path()), free: free, failed: make(chan struct{}, 1)}
}

// full says whether writing failed for want of room. Where it did the reserve is given
// back, so that the next try finds some.
func (w *diskWatch) full(err error) bool {
	none := store.NoRoom(err)
	if left, freeErr := w.free(w.folder); freeErr == nil && left < fullBelow {
		none = true
	}
	if none {
		w.drop()
	}
	select {
	case w.failed <- struct{}{}:
	default:
	}
	return none
}

// Free gives the bytes that were left when it was last looked, 0 where that is not known.
func (w *diskWatch) Free() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left
}

// look looks at the room that is left, and does what follows from it.
func (w *diskWatch) look() {
	left, err := w.free(w.folder)
	w.mu.Lock()
	w.known, w.left = err == nil, left
	w.mu.Unlock()
	if err != nil {
		return
	}
	w.low(left < readmodel.ShortRoom)
	w.keeping.Lock()
	defer w.keeping.Unlock()
	if !w.kept && left >= readmodel.LowRoom+store.Reserve {
		w.kept = w.reserve.TakeReserve() == nil
	}
}

func (w *diskWatch) drop() {
	w.keeping.Lock()
	defer w.keeping.Unlock()
	w.kept = false
	w.reserve.DropReserve()
}

// Disk says how the disk does, nil for well.
func (w *diskWatch) Disk() *readmodel.Disk {
	health := w.health()
	w.mu.Lock()
	defer w.mu.Unlock()
	left := w.left
	if !w.known {
		left = 1 << 50
	}
	return readmodel.NewDisk(left, w.folder, health.Full, health.ReadOnly)
}

// run looks now and then until stop, and tells of every other state.
func (w *diskWatch) run(stop <-chan struct{}) {
	beat := time.NewTicker(lookEvery)
	defer beat.Stop()
	state := readmodel.DiskState("")
	for {
		w.look()
		if now := w.Disk(); stateOf(now) != state {
			state = stateOf(now)
			w.told(now)
			w.wake()
		}
		select {
		case <-beat.C:
		case <-w.failed:
		case <-stop:
			return
		}
	}
}

func stateOf(d *readmodel.Disk) readmodel.DiskState {
	if d == nil {
		return ""
	}
	return d.State
}

// start runs the watch and gives what ends it; the reserve goes then too.
func (w *diskWatch) start(told func(*readmodel.Disk)) (end func()) {
	w.told = told
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		w.run(stop)
	}()
	return func() {
		close(stop)
		<-done
		w.drop()
	}
}
