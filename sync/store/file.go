package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"folkmoot/sync/badge"
	"folkmoot/sync/oplog"
)

// Format is the number of this layout of the file.
const Format = 1

// Errors that callers tell apart.
var (
	// ErrOpenElsewhere: another program has the session open.
	ErrOpenElsewhere = errors.New("the session is open in another program")
	// ErrNotSession: the file is no session of ours, or it is damaged.
	ErrNotSession = errors.New("this is not a Folkmoot session, or it is damaged")
	// ErrNewerFormat: a newer Folkmoot made the file.
	ErrNewerFormat = errors.New("a newer version of Folkmoot made this session")
	// ErrExists: a session of this id is there already.
	ErrExists = errors.New("this session is there already")
	// ErrNotFound: there is no session of this id.
	ErrNotFound = errors.New("there is no such session")
	// ErrKey: the .key file is missing or unreadable.
	ErrKey = errors.New("the session's key file is missing or unreadable")
)

var (
	bucketMeta   = []byte("meta")
	bucketLog    = []byte("log")
	bucketHeads  = []byte("heads")
	bucketTokens = []byte("tokens")
)

// Token binds the hash of a device's token to a person.
type Token struct {
	Hash   oplog.Hash
	Person [16]byte
	// Device is about the badge by which it joined, zero in open mode.
	Device badge.Device
}

// File is a session's record on the disk.
type File struct {
	db      *bolt.DB
	path    string
	session oplog.SessionID
	keys    Keys
	seal    sealer
	sealed  atomic.Int64 // personal payloads that could not be opened so far
}

// Options for Open.
type Options struct {
	// ReadOnly opens without a key and without writing anything.
	ReadOnly bool
	// Wait is how long to wait for another program to let go; default 200 ms.
	Wait time.Duration
}

// Name gives the file name of a session's record.
func Name(id oplog.SessionID) string { return id.String() + ".folkmoot" }

func keyPath(path string) string {
	return path[:len(path)-len(filepath.Ext(path))] + ".key"
}

// Create makes the record of a new session in folder and opens it. The file is
// made under a temporary name, synced and renamed, since the first writing is
// the one moment at which bbolt is not safe against a crash. Programs that create
// the same session at the same moment come one after the other. Error: ErrExists.
func Create(folder string, id oplog.SessionID, random io.Reader) (*File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("store: make the data folder: %w", err)
	}
	keys, err := NewKeys(random)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, Name(id))
	if err := alone(folder, func() error { return place(path, id, keys) }); err != nil {
		return nil, err
	}
	return Open(path, Options{})
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
func place(path string, id oplog.SessionID, keys Keys) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("store: create %s: %w", path, ErrExists)
	}
	if err := createFile(path, id); err != nil {
		return err
	}
	if err := setAside(keyPath(path)); err != nil {
		return fmt.Errorf("store: set an earlier key file aside: %w", err)
	}
	if err := keys.write(keyPath(path)); err != nil {
		return fmt.Errorf("store: write the key file: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("store: create %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}

// setAside renames a file that stands where a new one is to be, to a name that is
// free. A key without its record may be of a creation that did not come to its end,
// or of a record that was moved away and comes back.
func setAside(path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.%d", path, n)
		if _, err := os.Stat(aside); errors.Is(err, os.ErrNotExist) {
			return os.Rename(path, aside)
		}
	}
}

func createFile(path string, id oplog.SessionID) error {
	os.Remove(path + ".new")
	db, err := bolt.Open(path+".new", 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		return fmt.Errorf("store: create %s: %w", path, err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketLog, bucketHeads, bucketTokens} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		if err := meta.Put([]byte("format"), []byte(strconv.Itoa(Format))); err != nil {
			return err
		}
		return meta.Put([]byte("session"), id[:])
	})
	if cerr := db.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("store: create %s: %w", path, err)
	}
	return nil
}

// Open opens a session's record. Errors: ErrNotFound, ErrOpenElsewhere,
// ErrNotSession, ErrNewerFormat, ErrKey.
func Open(path string, options Options) (*File, error) {
	if options.Wait == 0 {
		options.Wait = 200 * time.Millisecond
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("store: open %s: %w", path, ErrNotFound)
	case err == nil && info.Size() == 0: // bbolt would make a new file of it
		return nil, fmt.Errorf("store: open %s: %w: it is empty", path, ErrNotSession)
	}
	f := &File{path: path}
	if err := f.openKeys(options); err != nil {
		return nil, err
	}
	db, err := openBolt(path, options)
	if err != nil {
		return nil, err
	}
	f.db = db
	err = f.readMeta()
	if err == nil && !options.ReadOnly {
		// What a program that was killed had written, and not yet synced, can be read
		// already; nobody may be told that it is saved before this.
		err = db.Sync()
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return f, nil
}

func (f *File) openKeys(options Options) error {
	keys, err := readKeys(keyPath(f.path))
	if err != nil && options.ReadOnly {
		return nil // personal payloads stay closed
	}
	if err != nil {
		return fmt.Errorf("store: open %s: %w", f.path, err)
	}
	f.keys = keys
	f.seal, err = newSealer(keys.Seal)
	return err
}

// guarded runs work on a file that may be damaged: bbolt panics on a damaged page,
// and a file that was cut off faults where its map ends. Both become ErrNotSession.
func guarded(path string, work func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("store: read %s: %w (%v)", path, ErrNotSession, r)
		}
	}()
	return work()
}

func openBolt(path string, options Options) (db *bolt.DB, err error) {
	err = guarded(path, func() error { db, err = openUnguarded(path, options); return err })
	return db, err
}

func openUnguarded(path string, options Options) (*bolt.DB, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: options.Wait, ReadOnly: options.ReadOnly, FreelistType: bolt.FreelistMapType})
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("store: open %s: %w", path, ErrOpenElsewhere)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	return nil, fmt.Errorf("store: open %s: %w: %v", path, ErrNotSession, err)
}

// view is a read transaction on a file that may be damaged.
func (f *File) view(read func(*bolt.Tx) error) error {
	return guarded(f.path, func() error {
		tx, err := f.db.Begin(false)
		if err != nil {
			return err
		}
		defer tx.Rollback() // also when a damaged page makes bbolt panic
		return read(tx)
	})
}

func (f *File) readMeta() error {
	return f.view(func(tx *bolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if meta == nil || tx.Bucket(bucketLog) == nil || tx.Bucket(bucketHeads) == nil || tx.Bucket(bucketTokens) == nil {
			return fmt.Errorf("store: open %s: %w", f.path, ErrNotSession)
		}
		format, err := strconv.Atoi(string(meta.Get([]byte("format"))))
		if err != nil || len(meta.Get([]byte("session"))) != len(f.session) {
			return fmt.Errorf("store: open %s: %w", f.path, ErrNotSession)
		}
		if format > Format {
			return fmt.Errorf("store: open %s: %w (format %d, this one reads up to %d)", f.path, ErrNewerFormat, format, Format)
		}
		copy(f.session[:], meta.Get([]byte("session")))
		return nil
	})
}

// Session gives the id of the session.
func (f *File) Session() oplog.SessionID { return f.session }

// Path gives where the file lies.
func (f *File) Path() string { return f.path }

// Keys gives the device's keys; zero where the file was opened without.
func (f *File) Keys() Keys { return f.keys }

// Closed gives how many personal payloads read so far could not be opened for
// want of the key.
func (f *File) Closed() int64 { return f.sealed.Load() }

// Close lets go of the file.
func (f *File) Close() error {
	if err := f.db.Close(); err != nil {
		return fmt.Errorf("store: close %s: %w", f.path, err)
	}
	return nil
}

func key(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }
