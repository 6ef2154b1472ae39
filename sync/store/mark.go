package store

import (
	bolt "go.etcd.io/bbolt"
)

var markClean = []byte("clean")

// Unclean says that the program which wrote to the record before did not close it: it
// was killed, or the power went.
func (f *File) Unclean() bool { return f.unclean }

func (f *File) readMark() error {
	return f.view(func(tx *bolt.Tx) error {
		f.unclean = tx.Bucket(bucketMeta).Get(markClean) == nil
		return nil
	})
}

// takeMark takes the mark of a clean end away with the first thing that is written: a
// record that was only read needs no second look, and a full disk can be read from.
func (f *File) takeMark(tx *bolt.Tx) error {
	if f.marked.Load() {
		return nil
	}
	return tx.Bucket(bucketMeta).Delete(markClean)
}

// leaveMark says that the record is closed as it should be. Where that cannot be
// written the next start takes longer, and nothing else.
func (f *File) leaveMark() {
	if f.readOnly() || f.broken.Load() || !f.marked.Load() && !f.unclean {
		return
	}
	f.update(func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Put(markClean, []byte{1}) })
}

func (f *File) readOnly() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.db.IsReadOnly()
}
