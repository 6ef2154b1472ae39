package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// Create makes the record of a new session in folder and opens it. The file is
// made under a temporary name, synced and renamed, since the first writing is
// the one moment at which bbolt is not safe against a crash. Programs that create
// the same session at the same moment come one after the other. Error: ErrExists.
func Create(folder string, id oplog.SessionID, random io.Reader) (*File, error) {
	return CreateWith(folder, id, random, Options{})
}

// CreateWith is Create with options.
func CreateWith(folder string, id oplog.SessionID, random io.Reader, options Options) (*File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("store: make the data folder: %w", err)
	}
	keys, err := NewKeys(random)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, Name(id))
	if err := alone(folder, func() error { return place(options.system(), path, id, keys) }); err != nil {
		return nil, err
	}
	return Open(path, options)
}

// alone does something while no other program does so in the same folder. The lock
// lies on a file that stays: folders cannot be locked everywhere.
func alone(folder string, act func() error) error {
	f, err := os.OpenFile(filepath.Join(folder, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		defer f.Close() // which lets go of the lock
		err = lock(f)
	}
	if err != nil {
		return fmt.Errorf("store: lock the data folder: %w", err)
	}
	return act()
}

// place puts record and keys of a new session where they belong. Only one program
// at a time may do so in a folder.
func place(system System, path string, id oplog.SessionID, keys Keys) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("store: create %s: %w", path, ErrExists)
	}
	if err := createFile(system, path, id, keys); err != nil {
		return err
	}
	if err := setAside(system, keyPath(path)); err != nil {
		return fmt.Errorf("store: set an earlier key file aside: %w", err)
	}
	if err := keys.write(system, keyPath(path)); err != nil {
		system.Remove(keyPath(path))
		system.Remove(path + ".new")
		return fmt.Errorf("store: write the key file: %w", err)
	}
	if err := system.Rename(path+".new", path); err != nil {
		return fmt.Errorf("store: create %s: %w", path, err)
	}
	return system.SyncFolder(folderOf(path))
}

// setAside renames a file that stands where a new one is to be, to a name that is
// free. A key without its record may be of a creation that did not come to its end,
// or of a record that was moved away and comes back.
func setAside(system System, path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.%d", path, n)
		if _, err := os.Stat(aside); errors.Is(err, os.ErrNotExist) {
			return system.Rename(path, aside)
		}
	}
}

func createFile(system System, path string, id oplog.SessionID, keys Keys) error {
	system.Remove(path + ".new")
	db, err := bolt.Open(path+".new", 0o600, &bolt.Options{Timeout: time.Second, OpenFile: system.OpenFile})
	if err != nil {
		return fmt.Errorf("store: create %s: %w", path, err)
	}
	system.Opened(db)
	err = guarded(path, func() error { return db.Update(firstRows(id, keys)) })
	if cerr := db.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		system.Remove(path + ".new")
		return fmt.Errorf("store: create %s: %w", path, err)
	}
	return nil
}

// firstRows writes what an empty record has.
func firstRows(id oplog.SessionID, keys Keys) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		if err := meta.Put([]byte("format"), []byte(strconv.Itoa(Format))); err != nil {
			return err
		}
		if err := meta.Put(markClean, []byte{1}); err != nil {
			return err
		}
		if err := meta.Put(markSeal, keys.mark()); err != nil {
			return err
		}
		return meta.Put([]byte("session"), id[:])
	}
}
