package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// metaRestored is the number of the backup that a record was made of.
var metaRestored = []byte("restored")

// RestoredFrom gives the number of the backup that the record was made of, 0 for none: its
// own backups go on after it, so that they are newer.
func (f *File) RestoredFrom() (n uint64) {
	f.view(func(tx *bolt.Tx) error { // a damaged page is found elsewhere
		if v := tx.Bucket(bucketMeta).Get(metaRestored); len(v) == 8 {
			n = binary.BigEndian.Uint64(v)
		}
		return nil
	})
	return n
}

// OpenNames takes the key that opens names from elsewhere, where the record was opened
// without its key file: that of a backup of it is the same. It comes before any reading.
func (f *File) OpenNames(seal []byte) error {
	if f.Keys().Seal != nil {
		return nil
	}
	if err := f.openSeal(hex.EncodeToString(seal)); err != nil {
		return fmt.Errorf("store: open the names in %s: %w", f.path, err)
	}
	return nil
}

// RestoreOptions say how a session is brought back.
type RestoreOptions struct {
	// Random makes the new signing key.
	Random io.Reader
	// Aside is where the files of a session that is there already are moved; "" refuses
	// with ErrExists.
	Aside string
	// Check reads the backup and gives the digest of its state, or what is wrong.
	Check func(copied *File) (digest string, err error)
	// Still is asked when all is written and no other program makes a session in the
	// folder, right before anything is moved: its error ends it. Checking takes long, and
	// meanwhile another program may have brought the session back. nil asks nobody.
	Still func() error

	rename func(from, to string) error // nil is os.Rename; tests have it fail
}

// Restore makes a session of a backup, in folder, with a new key and so a new log. The
// backup is checked before, with every signature, and is only read. Whatever fails,
// a session that was there stays. Errors: ErrExists, ErrBackup, ErrNewerFormat.
func Restore(ctx context.Context, from, folder string, o RestoreOptions) (Backup, error) {
	if err := CheckBackup(from); err != nil {
		return Backup{}, err
	}
	copied, found, err := OpenBackup(from)
	if err != nil {
		return Backup{}, err
	}
	defer copied.closeQuietly()
	if err := copied.checkWhole(found.Heads, (*oplog.Chain).Next); err != nil {
		return found, fmt.Errorf("store: restore %s: %w", from, err)
	}
	if o.Check != nil {
		digest, err := o.Check(copied)
		if err == nil && digest != found.Digest {
			err = fmt.Errorf("%w: its state is not the one that was written", ErrBackup)
		}
		if err != nil {
			return found, fmt.Errorf("store: restore %s: %w", from, err)
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return found, fmt.Errorf("store: make the data folder: %w", err)
	}
	err = alone(folder, func() error { return copied.placeAnew(ctx, filepath.Join(folder, Name(found.Session)), found.N, o) })
	if err != nil {
		return found, fmt.Errorf("store: restore %s: %w", from, err)
	}
	return found, nil
}

// placeAnew writes the record of a backup, and its keys, to where a session belongs. All
// is written before what is there is moved aside.
func (f *File) placeAnew(ctx context.Context, path string, n uint64, o RestoreOptions) error {
	_, err := os.Lstat(path)
	there := err == nil
	if there && o.Aside == "" {
		return ErrExists
	}
	keys, err := f.freshKeys(o.Random)
	if err != nil {
		return err
	}
	beside, keyBeside := path+".restoring", keyPath(path)+".restoring"
	defer os.Remove(beside)
	defer os.Remove(keyBeside)
	if err := f.copyTo(ctx, beside, n); err != nil {
		return err
	}
	os.Remove(keyBeside)
	if err := WriteNew(keyBeside, keys); err != nil {
		return err
	}
	if o.Still != nil {
		if err := o.Still(); err != nil {
			return err
		}
	}
	moves := renames{rename: o.rename}
	err = moves.aside(o.Aside, path, keyPath(path))
	if err == nil {
		err = moves.to(keyBeside, keyPath(path))
	}
	if err == nil {
		err = moves.to(beside, path)
	}
	if err == nil {
		if err = syncFolder(filepath.Dir(path)); cannotSync(err) {
			err = nil
		}
	}
	if err != nil {
		err = errors.Join(err, moves.back())
	}
	return err
}

// freshKeys gives the key file of a restored session: a new signing key, and all else as
// the backup has it.
func (f *File) freshKeys(random io.Reader) ([]byte, error) {
	fresh, err := NewKeys(random)
	if err != nil {
		return nil, err
	}
	held := map[string]any{}
	err = f.view(func(tx *bolt.Tx) error {
		var meta backupMeta
		if err := oplog.Unmarshal(tx.Bucket(bucketMeta).Get(metaBackup), &meta); err != nil {
			return err
		}
		return json.Unmarshal(meta.Keys, &held)
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBackup, err)
	}
	held["sign"] = hex.EncodeToString(fresh.Sign.Seed())
	data, err := json.Marshal(held)
	return append(data, '\n'), err
}

// copyTo writes every row of a backup into a new file, but what makes it a backup: the
// keys in it do not stay behind in pages that are free. Its number goes along.
func (f *File) copyTo(ctx context.Context, path string, n uint64) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	to, err := openBolt(path, Options{Wait: time.Second})
	if err != nil {
		return err
	}
	c := copier{ctx: ctx, db: to}
	err = f.view(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error { return c.bucket([][]byte{bytes.Clone(name)}, b) })
	})
	if err == nil {
		err = c.flush()
	}
	if err == nil {
		err = to.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Put(metaRestored, key(n)) })
	}
	if cerr := to.Close(); err == nil {
		err = cerr
	}
	return err
}

// copier copies rows, some thousand in a transaction.
type copier struct {
	ctx  context.Context
	db   *bolt.DB
	rows []copiedRow
}

type copiedRow struct {
	within   [][]byte // the names of its buckets, from the outermost
	sequence uint64   // of the innermost bucket
	key      []byte   // nil makes the bucket only
	value    []byte
}

func (c *copier) bucket(within [][]byte, from *bolt.Bucket) error {
	c.rows = append(c.rows, copiedRow{within: within, sequence: from.Sequence()})
	return from.ForEach(func(k, v []byte) error {
		if v == nil {
			inner := append(append([][]byte{}, within...), bytes.Clone(k))
			return c.bucket(inner, from.Bucket(k))
		}
		if len(within) == 1 && bytes.Equal(within[0], bucketMeta) && bytes.Equal(k, metaBackup) {
			return nil
		}
		c.rows = append(c.rows, copiedRow{within, from.Sequence(), bytes.Clone(k), bytes.Clone(v)})
		if len(c.rows) < 4*batch {
			return nil
		}
		return c.flush()
	})
}

func (c *copier) flush() error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	err := c.db.Update(func(tx *bolt.Tx) error {
		for _, row := range c.rows {
			b, err := tx.CreateBucketIfNotExists(row.within[0])
			for _, name := range row.within[1:] {
				if err == nil {
					b, err = b.CreateBucketIfNotExists(name)
				}
			}
			if err != nil {
				return err
			}
			b.FillPercent = 1 // the order is that of the keys, so pages can be filled whole
			if row.key == nil {
				err = b.SetSequence(row.sequence)
			} else {
				err = b.Put(row.key, row.value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	c.rows = c.rows[:0]
	return err
}

// cannotSync says that a file system knows no syncing of folders, as those of some sticks
// do not.
func cannotSync(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL)
}
