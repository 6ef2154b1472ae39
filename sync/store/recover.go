package store

import (
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Recover opens the record anew after a Commit that failed, and makes sure that what can
// be read now is on the disk. Where it cannot be opened for writing it can still be read.
func (f *File) Recover() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.reopen(); err != nil {
		return err
	}
	if err := f.settle(); err != nil {
		return err
	}
	f.broken.Store(false)
	return f.finishErasing()
}

// Unsettled says that an earlier writing failed, now or before the record was opened:
// what can be read may not be on the disk, and nothing is written before Recover.
func (f *File) Unsettled() bool { return f.broken.Load() }

// reopen exchanges the database. Only one handle at a time may hold the file's lock.
func (f *File) reopen() error {
	if f.stuck.Load() {
		return fmt.Errorf("store: open %s again: %w", f.path, ErrNotSession)
	}
	f.broken.Store(true)
	f.marked.Store(false)
	f.db.Close() // what it says of a file that failed already changes nothing
	options := f.options
	options.Wait = lockWait
	db, err := openBolt(f.path, options)
	if err == nil {
		f.db = db
		return nil
	}
	options.ReadOnly = true
	db, reading := openBolt(f.path, options)
	if reading != nil {
		return fmt.Errorf("%w (nor can it be read: %v)", err, reading)
	}
	f.db = db
	return err
}

// settle makes what can be read be on the disk. bbolt syncs a transaction's pages before
// it writes the page that makes them count, so of all that can be read only this one, one
// of the two at the file's beginning, may lie in the system's memory alone. And where a
// sync failed the system may have given up on it: then a later sync says nothing of it,
// and the next transaction would write over pages that the disk still counts on. Both are
// therefore written again, as they are, before anything else is.
func (f *File) settle() error {
	start := make([]byte, 2*f.db.Info().PageSize)
	file, err := os.Open(f.path)
	if err == nil {
		_, err = io.ReadFull(file, start)
		file.Close()
	}
	if err == nil {
		err = f.options.system().WriteStart(f.path, start)
	}
	if err == nil { // its name may lie in memory alone too, where making or erasing it was broken off
		err = f.options.system().SyncFolder(folderOf(f.path))
	}
	if err != nil {
		return fmt.Errorf("store: settle %s: %w", f.path, err)
	}
	return nil
}

// CheckPages looks through all pages of the file: each is used once, or free, and keys
// stand in their order.
func (f *File) CheckPages() error {
	return f.view(func(tx *bolt.Tx) error {
		var first error
		for err := range tx.Check() {
			if first == nil {
				first = fmt.Errorf("store: check %s: %w: %v", f.path, ErrNotSession, err)
			}
		}
		return first
	})
}
