package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

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
	// Rows lie in a bucket of their table's name below this one.
	bucketRows = []byte("rows")
	bucketBad  = []byte("quarantine")
	// bucketCut holds the branches that were let go. It is made when there is one.
	bucketCut = []byte("branches")
)

// buckets are those of every record.
var buckets = [][]byte{bucketMeta, bucketLog, bucketHeads, bucketTokens, bucketRows, bucketBad}

// File is a session's record on the disk.
type File struct {
	mu      sync.RWMutex // held for writing while db is exchanged
	db      *bolt.DB
	path    string
	options Options
	unclean bool
	strict  bool        // see Options.ReadOnly
	marked  atomic.Bool // the mark of a clean end was taken away
	broken  atomic.Bool // a commit failed: nothing is written before Recover
	stuck   atomic.Bool // bbolt panicked while it wrote, and may never let go of its locks
	keyMu   sync.Mutex  // guards keys
	session oplog.SessionID
	keys    Keys
	seal    sealer
	sealed  atomic.Int64 // personal payloads that could not be opened so far
}

// lockWait is how long another program is given to let go of a file.
const lockWait = 200 * time.Millisecond

// Options for Open.
type Options struct {
	// ReadOnly opens without writing anything, also without a key. With the right key, a
	// personal payload that it does not open is damaged; else it counts as Closed, so that
	// a damaged name does not stand against a session's use.
	ReadOnly bool
	// Wait is how long to wait for another program to let go; default 200 ms.
	Wait time.Duration
	// System is what stands for the operating system; nil is the real one.
	System System
}

func (o Options) system() System {
	if o.System == nil {
		return realSystem{}
	}
	return o.System
}

// Name gives the file name of a session's record.
func Name(id oplog.SessionID) string { return id.String() + ".folkmoot" }

func folderOf(path string) string { return filepath.Dir(path) }

func keyPath(path string) string {
	return path[:len(path)-len(filepath.Ext(path))] + ".key"
}

// Open opens a session's record. Errors: ErrNotFound, ErrOpenElsewhere,
// ErrNotSession, ErrNewerFormat, ErrKey.
func Open(path string, options Options) (*File, error) {
	if options.Wait == 0 {
		options.Wait = lockWait
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("store: open %s: %w", path, ErrNotFound)
	case err == nil && !info.Mode().IsRegular(): // a pipe would be waited for without end
		return nil, fmt.Errorf("store: open %s: %w: it is no file", path, ErrNotSession)
	case err == nil && info.Size() == 0: // bbolt would make a new file of it
		return nil, fmt.Errorf("store: open %s: %w: it is empty", path, ErrNotSession)
	}
	f := &File{path: path, options: options}
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
		err = f.begin()
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return f, nil
}

// begin makes a record ready for writing. Where the disk does not let it, the record can
// be read all the same, and is Unsettled.
func (f *File) begin() error {
	if err := f.readMark(); err != nil {
		return err
	}
	// What a program that was killed had written, and not yet synced, can be read
	// already; nobody may be told that it is saved before this.
	err := f.settle()
	if err == nil {
		err = f.finishErasing()
	}
	if err != nil {
		f.broken.Store(true)
	}
	return nil
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
	if err := checkPages(path, options); err != nil {
		return nil, err
	}
	err = guarded(path, func() error { db, err = openUnguarded(path, options); return err })
	return db, err
}

func openUnguarded(path string, options Options) (*bolt.DB, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: options.Wait, ReadOnly: options.ReadOnly, FreelistType: bolt.FreelistMapType, OpenFile: options.system().OpenFile})
	switch {
	case err == nil:
		options.system().Opened(db)
		return db, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("store: open %s: %w", path, ErrOpenElsewhere)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum):
		return nil, fmt.Errorf("store: open %s: %w: %v", path, ErrNotSession, err)
	}
	return nil, fmt.Errorf("store: open %s: %w", path, err) // the system's word: the file may be whole
}

// view is a read transaction on a file that may be damaged.
func (f *File) view(read func(*bolt.Tx) error) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
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
		for _, name := range buckets {
			if tx.Bucket(name) == nil {
				return fmt.Errorf("store: open %s: %w", f.path, ErrNotSession)
			}
		}
		format, err := strconv.Atoi(string(meta.Get([]byte("format"))))
		if err != nil || len(meta.Get([]byte("session"))) != len(f.session) {
			return fmt.Errorf("store: open %s: %w", f.path, ErrNotSession)
		}
		if format > Format {
			return fmt.Errorf("store: open %s: %w (format %d, this one reads up to %d)", f.path, ErrNewerFormat, format, Format)
		}
		copy(f.session[:], meta.Get([]byte("session")))
		f.strict = f.options.ReadOnly && bytes.Equal(meta.Get(markSeal), f.keys.mark())
		return nil
	})
}

// Session gives the id of the session.
func (f *File) Session() oplog.SessionID { return f.session }

// Path gives where the file lies.
func (f *File) Path() string { return f.path }

// Keys gives the device's keys; zero where the file was opened without.
func (f *File) Keys() Keys {
	f.keyMu.Lock()
	defer f.keyMu.Unlock()
	return f.keys
}

// Closed gives how many personal payloads read so far could not be opened for
// want of the key.
func (f *File) Closed() int64 { return f.sealed.Load() }

// Close leaves the mark of a clean end and lets go of the file.
func (f *File) Close() error {
	f.leaveMark()
	return f.Abandon()
}

// Abandon is Close without the mark: for who could not make sure that all which follows
// from the entries is right, so that the next one does.
func (f *File) Abandon() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stuck.Load() {
		return fmt.Errorf("store: close %s: %w", f.path, ErrNotSession)
	}
	if err := f.db.Close(); err != nil {
		return fmt.Errorf("store: close %s: %w", f.path, err)
	}
	return nil
}

func key(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }
