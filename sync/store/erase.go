package store

import (
	"crypto/sha256"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// markErased is the mark by which a record says that names were taken out of it: a hash
// of the key that sealed them. While that key is still there the work is not done.
var markErased = []byte("erased")

// markSeal names, by the same hash, the key that seals what is personal.
var markSeal = []byte("seal")

func (k Keys) mark() []byte {
	sum := sha256.Sum256(append([]byte("folkmoot seal "), k.Seal...))
	return sum[:]
}

// Erase drops salt and payload of every personal entry and makes the file anew, so that
// no page of it keeps them; the key that sealed them is exchanged for another. Where it is
// broken off, Open or the next Erase brings it to its end.
func (f *File) Erase() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken.Load() {
		return fmt.Errorf("store: erase names in %s: %w", f.path, ErrUnsettled)
	}
	beside := f.path + ".erasing"
	if err := f.writeErased(beside); err != nil {
		f.options.system().Remove(beside)
		return fmt.Errorf("store: erase names in %s: %w", f.path, err)
	}
	return f.takeErased(beside)
}

// writeErased writes the record without what is personal into a file of its own.
func (f *File) writeErased(beside string) error {
	if err := f.options.system().Remove(beside); err != nil {
		return err
	}
	options := f.options
	options.Wait = lockWait
	fresh, err := openBolt(beside, options)
	if err != nil {
		return err
	}
	err = guarded(f.path, func() error {
		return f.db.View(func(from *bolt.Tx) error {
			return fresh.Update(func(to *bolt.Tx) error {
				if err := copyAllErased(to, from); err != nil {
					return err
				}
				return to.Bucket(bucketMeta).Put(markErased, f.keys.mark())
			})
		})
	})
	if cerr := fresh.Close(); err == nil {
		err = cerr
	}
	return err
}

// takeErased puts that file in the record's place. Both are closed meanwhile: not every
// system lets go of the name of an open file.
func (f *File) takeErased(beside string) error {
	system := f.options.system()
	f.db.Close()
	err := system.Rename(beside, f.path)
	if err == nil {
		err = system.SyncFolder(folderOf(f.path))
	}
	if open := f.reopen(); err == nil {
		err = open
	}
	if err != nil { // which of the two has the name after a power cut is not known
		return fmt.Errorf("store: erase names in %s: %w", f.path, err)
	}
	f.broken.Store(false)
	return f.finishErasing()
}

func copyAllErased(to, from *bolt.Tx) error {
	return from.ForEach(func(name []byte, b *bolt.Bucket) error {
		made, err := to.CreateBucketIfNotExists(name)
		if err != nil || string(name) == string(bucketBad) { // there may be names in it
			return err
		}
		if string(name) == string(bucketPeers) { // devices, of which it is not known here what the rows say
			return b.ForEach(made.Put)
		}
		return copyErased(made, b)
	})
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

// finishErasing exchanges the key under which erased names were sealed, where that was
// not done yet, and takes away what a broken-off Erase left beside the record. The caller
// holds mu.
func (f *File) finishErasing() error {
	if err := f.options.system().Remove(f.path + ".erasing"); err != nil {
		return fmt.Errorf("store: take away %s.erasing: %w", f.path, err)
	}
	same := false
	err := guarded(f.path, func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			same = string(tx.Bucket(bucketMeta).Get(markErased)) == string(f.keys.mark())
			return nil
		})
	})
	if err != nil || !same {
		return err
	}
	return f.newSeal()
}
