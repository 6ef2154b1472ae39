package store

import (
	bolt "go.etcd.io/bbolt"
)

var markClean = []byte("clean")

// Unclean says that the program which had the record open before did not close it: it
// was killed, or the power went.
func (f *File) Unclean() bool { return f.unclean }

// takeMark takes the mark of a clean end away for as long as the record is open.
func (f *File) takeMark() error {
	return f.update(func(tx *bolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		f.unclean = meta.Get(markClean) == nil
		return meta.Delete(markClean)
	})
}

// leaveMark says that the record is closed as it should be. Where that cannot be
// written the next start takes longer, and nothing else.
func (f *File) leaveMark() {
	if f.readOnly() {
		return
	}
	f.update(func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Put(markClean, []byte{1}) })
}

func (f *File) readOnly() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.db.IsReadOnly()
}
