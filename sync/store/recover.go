package store

import (
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// Recover opens the record anew after a failed Commit and writes and syncs every row
// again. After a Commit that failed, rows can be read that lie in the system's memory
// only: it may have given up writing those pages, and then no later sync brings them to
// the disk. Where it cannot be opened for writing it can still be read.
func (f *File) Recover() error {
	f.mu.Lock()
	err := f.reopen()
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.Rewrite()
}

// reopen exchanges the database. Only one handle at a time may hold the file's lock.
func (f *File) reopen() error {
	if err := f.db.Close(); err != nil {
		return fmt.Errorf("store: close %s: %w", f.path, err)
	}
	db, err := openBolt(f.path, Options{Wait: lockWait})
	if err == nil {
		f.db = db
		return nil
	}
	db, reading := openBolt(f.path, Options{Wait: lockWait, ReadOnly: true})
	if reading != nil {
		return fmt.Errorf("%w (nor can it be read: %v)", err, reading)
	}
	f.db = db
	return err
}

// Erase drops salt and payload of every personal entry and makes the file anew, so that
// no page of it keeps them; the key that sealed them is exchanged for another.
func (f *File) Erase() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	fresh, err := f.erased()
	if err != nil {
		return fmt.Errorf("store: erase names in %s: %w", f.path, err)
	}
	old := f.db
	f.db = fresh
	if err := old.Close(); err != nil {
		return fmt.Errorf("store: close %s: %w", f.path, err)
	}
	return f.newSeal()
}

// erased writes the record without what is personal beside the present file and puts
// it in its place.
func (f *File) erased() (*bolt.DB, error) {
	beside := f.path + ".erasing"
	if err := os.Remove(beside); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	fresh, err := openBolt(beside, Options{Wait: lockWait})
	if err != nil {
		return nil, err
	}
	err = f.db.View(func(from *bolt.Tx) error {
		return fresh.Update(func(to *bolt.Tx) error {
			return from.ForEach(func(name []byte, b *bolt.Bucket) error {
				made, err := to.CreateBucketIfNotExists(name)
				if err != nil || string(name) == string(bucketBad) { // there may be names in it
					return err
				}
				return copyErased(made, b)
			})
		})
	})
	if err == nil {
		err = os.Rename(beside, f.path)
	}
	if err == nil {
		err = syncFolder(folderOf(f.path))
	}
	if err != nil {
		fresh.Close()
		os.Remove(beside)
		return nil, err
	}
	return fresh, nil
}

// copyErased copies a bucket, and drops what is personal of the entries in it.
func copyErased(to, from *bolt.Bucket) error {
	to.FillPercent = 1
	if err := to.SetSequence(from.Sequence()); err != nil {
		return err
	}
	return from.ForEach(func(k, v []byte) error {
		if v == nil {
			made, err := to.CreateBucketIfNotExists(k)
			if err != nil {
				return err
			}
			return copyErased(made, from.Bucket(k))
		}
		if e, err := oplog.Decode(v); err == nil && e.Class == oplog.Personal && !e.Redacted() {
			if v, err = e.Redact().Encode(); err != nil {
				return err
			}
		}
		return to.Put(k, v)
	})
}
