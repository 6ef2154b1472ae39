package storetest

import (
	"os"
	"path/filepath"
	"sync"

	"folkmoot/sync/store"
)

// Disk is a store.System that takes notes of all that is written and synced in one
// folder, and lets chosen calls fail. See NewDisk.
type Disk struct {
	mu     sync.Mutex
	files  map[string]int // by name in the folder: number of the file
	made   int            // files made so far
	events []event
	bases  map[int]*base // open databases by number of the file
	calls  int
	from   int // the first call that fails, 0 for none
	until  int // the first that does not fail any more
	fault  error
	failed int // calls that failed
	aim    aim // what fails next of a transaction, whatever its number
}

// aim is a place in a transaction.
type aim int

const (
	nothing aim = iota
	firstSync
	countingPage // the page that makes the transaction count
	lastSync
)

var _ store.System = (*Disk)(nil)

// kind of an event.
type kind int

const (
	wrote kind = iota
	grew
	synced
	unsynced // a sync failed
	created
	renamed
	removed
	folderSynced
	noted // something that the images from here on must hold
)

type event struct {
	kind     kind
	file     int
	offset   int64
	data     []byte
	name, to string
	note     func(*promises)
}

// NewDisk gives a Disk for a folder in which no session is yet.
func NewDisk() *Disk {
	return &Disk{files: map[string]int{}, bases: map[int]*base{}}
}

// Fail lets the calls from number first on fail, count of them; numbers begin at 1.
func (d *Disk) Fail(first, count int, with error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.from, d.until, d.fault = first, first+count, with
}

// FailNext lets the next count calls fail.
func (d *Disk) FailNext(count int, with error) { d.Fail(d.Calls()+1, count, with) }

// Heal lets every call do well again.
func (d *Disk) Heal() {
	d.Fail(0, 0, nil)
	d.failAt(nothing, nil)
}

// failAt lets something of the next transaction fail.
func (d *Disk) failAt(what aim, with error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.aim = what; what != nothing {
		d.fault = with
	}
}

// Calls gives how many writes and syncs were asked for so far.
func (d *Disk) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// Failed gives how many of them failed.
func (d *Disk) Failed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}

// note makes every image from here on keep a promise.
func (d *Disk) note(note func(*promises)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, event{kind: noted, note: note})
}

func (d *Disk) add(e event) { d.events = append(d.events, e) }

// call counts a call and says whether it fails.
func (d *Disk) call() error {
	d.calls++
	if !d.fails(d.calls) {
		return nil
	}
	d.failed++
	return d.fault
}

func (d *Disk) fails(call int) bool { return call >= d.from && call < d.until }

// begin is called wherever the store, and not bbolt, does something: a transaction whose
// sync was to fail has failed by now.
func (d *Disk) begin() {
	for _, b := range d.bases {
		if b.pipe != nil {
			d.syncFailed(b)
			if *b.file != b.pipe { // bbolt has closed the pipe; the file's lock goes with this
				b.real.Close()
			}
			b.restore()
		}
	}
}

func (d *Disk) syncFailed(b *base) {
	d.calls++
	d.failed++
	d.aim = nothing
	d.add(event{kind: unsynced, file: b.number})
}

// Close lets go of files whose sync failed.
func (d *Disk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
}

// OpenFile opens a record's file.
func (d *Disk) OpenFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	if _, known := d.files[filepath.Base(name)]; !known {
		d.create(name)
	}
	return f, nil
}

func (d *Disk) create(name string) int {
	d.made++
	d.files[filepath.Base(name)] = d.made
	d.add(event{kind: created, file: d.made, name: filepath.Base(name)})
	return d.made
}

// WriteNew writes a new file.
func (d *Disk) WriteNew(name string, data []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	if err := d.call(); err != nil {
		return err
	}
	if err := store.WriteNew(name, data); err != nil {
		return err
	}
	return d.writeSynced(d.create(name), data)
}

// WriteStart writes over the beginning of a file.
func (d *Disk) WriteStart(name string, data []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	if err := d.call(); err != nil {
		return err
	}
	if err := store.WriteStart(name, data); err != nil {
		return err
	}
	return d.writeSynced(d.files[filepath.Base(name)], data)
}

// writeSynced notes a write and the sync after it, which may fail.
func (d *Disk) writeSynced(number int, data []byte) error {
	d.add(event{kind: wrote, file: number, data: data})
	err := d.call()
	if err != nil {
		d.add(event{kind: unsynced, file: number})
		return err
	}
	d.add(event{kind: synced, file: number})
	return nil
}

// Rename renames a file.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	if err := d.call(); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	from, to = filepath.Base(from), filepath.Base(to)
	d.files[to] = d.files[from]
	delete(d.files, from)
	d.add(event{kind: renamed, name: from, to: to})
	return nil
}

// Remove takes a file away.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	if _, ok := d.files[filepath.Base(name)]; !ok {
		return nil
	}
	delete(d.files, filepath.Base(name))
	d.add(event{kind: removed, name: filepath.Base(name)})
	return os.Remove(name)
}

// SyncFolder syncs the names in the folder.
func (d *Disk) SyncFolder(string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	if err := d.call(); err != nil {
		return err
	}
	d.add(event{kind: folderSynced})
	return nil
}

// failing says whether calls are still to fail.
func (d *Disk) failing() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls+1 < d.until || d.aim != nothing
}
