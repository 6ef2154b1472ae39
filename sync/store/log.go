package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// Append adds entries in one transaction, all or none, and returns once they are
// synced. Each must be the next of its log: oplog.ErrGap, oplog.ErrChain. Any
// other error means "unknown", not "not stored".
func (f *File) Append(entries []oplog.Entry) error { return f.Commit(oplog.Change{Entries: entries}) }

// Commit is Append with all that belongs to the entries, in one transaction.
func (f *File) Commit(c oplog.Change) error {
	return f.update(func(tx *bolt.Tx) error {
		heads := map[oplog.ReplicaID]oplog.Head{}
		for _, e := range c.Entries {
			if err := f.put(tx, heads, e); err != nil {
				return err
			}
		}
		for _, e := range c.Filled {
			if err := f.fillIn(tx, e); err != nil {
				return err
			}
		}
		for r, head := range heads {
			data, err := oplog.Marshal(head)
			if err != nil {
				return fmt.Errorf("store: encode head: %w", err)
			}
			if err := tx.Bucket(bucketHeads).Put(r[:], data); err != nil {
				return fmt.Errorf("store: write head of %s: %w", r, err)
			}
		}
		for _, t := range c.Tokens {
			if err := tx.Bucket(bucketTokens).Put(t.Hash[:], tokenRow(t)); err != nil {
				return fmt.Errorf("store: write token: %w", err)
			}
		}
		if err := putRows(tx, c.Rows); err != nil {
			return err
		}
		return putBad(tx, c.Bad)
	})
}

// ErrUnsettled: an earlier Commit failed, and Recover has not put that right yet.
var ErrUnsettled = errors.New("an earlier writing failed")

// update is a write transaction on a file that may be damaged. After one that failed on
// its way to the disk nothing is written until Recover.
func (f *File) update(write func(*bolt.Tx) error) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.broken.Load() {
		return fmt.Errorf("store: write %s: %w", f.path, ErrUnsettled)
	}
	prepared, returned := false, false
	err := guarded(f.path, func() error {
		err := f.db.Update(func(tx *bolt.Tx) error {
			err := f.takeMark(tx)
			if err == nil {
				err = write(tx)
			}
			prepared = err == nil
			return err
		})
		returned = true
		return err
	})
	switch {
	case err == nil:
		f.marked.Store(true)
	case !returned:
		f.stuck.Store(true)
		f.broken.Store(true)
	case prepared:
		f.broken.Store(true)
	}
	return err
}

func (f *File) put(tx *bolt.Tx, heads map[oplog.ReplicaID]oplog.Head, e oplog.Entry) error {
	head, ok := heads[e.Replica]
	if !ok {
		var err error
		if head, err = readHead(tx, e.Replica); err != nil {
			return err
		}
	}
	if err := oplog.Follows(head, e); err != nil {
		return err
	}
	bucket, err := tx.Bucket(bucketLog).CreateBucketIfNotExists(e.Replica[:])
	if err != nil {
		return fmt.Errorf("store: open log of %s: %w", e.Replica, err)
	}
	bucket.FillPercent = 1 // numbers only grow, so pages can be filled whole
	data, err := f.seal.close(e).Encode()
	if err != nil {
		return err
	}
	if err := bucket.Put(key(e.Seq), data); err != nil {
		return fmt.Errorf("store: append entry %d of %s: %w", e.Seq, e.Replica, err)
	}
	heads[e.Replica] = oplog.Head{Seq: e.Seq, Hash: e.Hash()}
	return nil
}

// fillIn gives an entry its payload, which was held without or cannot be opened.
func (f *File) fillIn(tx *bolt.Tx, e oplog.Entry) error {
	bucket := tx.Bucket(bucketLog).Bucket(e.Replica[:])
	if bucket == nil {
		return &DamagedEntry{e.Replica, e.Seq, oplog.ErrGap}
	}
	held, err := oplog.Decode(bytes.Clone(bucket.Get(key(e.Seq))))
	if err == nil && held.Hash() != e.Hash() {
		err = oplog.ErrChain
	}
	if err != nil {
		return &DamagedEntry{e.Replica, e.Seq, err}
	}
	data, err := f.seal.close(e).Encode()
	if err != nil {
		return err
	}
	if err := bucket.Put(key(e.Seq), data); err != nil {
		return fmt.Errorf("store: fill in entry %d of %s: %w", e.Seq, e.Replica, err)
	}
	return nil
}

func readHead(tx *bolt.Tx, r oplog.ReplicaID) (oplog.Head, error) {
	var head oplog.Head
	data := tx.Bucket(bucketHeads).Get(r[:])
	if data == nil {
		return head, nil
	}
	if err := oplog.Unmarshal(data, &head); err != nil {
		return head, fmt.Errorf("store: head of %s: %w", r, err)
	}
	return head, nil
}

// Heads says how far each log is held.
func (f *File) Heads() (oplog.Heads, error) {
	heads := oplog.Heads{}
	err := f.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketHeads).ForEach(func(k, _ []byte) error {
			var r oplog.ReplicaID
			if len(k) != len(r) {
				return fmt.Errorf("store: heads: %w", ErrNotSession)
			}
			copy(r[:], k)
			head, err := readHead(tx, r)
			heads[r] = head
			return err
		})
	})
	return heads, err
}

// batch is how many entries one read transaction takes, so that a long reading
// does not hold back the pages that writing frees.
const batch = 5000

// DamagedEntry is the error of an entry that cannot be read, or is not the one that
// belongs there.
type DamagedEntry struct {
	Replica oplog.ReplicaID
	Seq     uint64
	Err     error
}

// Error says which entry, and why.
func (d *DamagedEntry) Error() string {
	return fmt.Sprintf("store: entry %d of %s: %v", d.Seq, d.Replica, d.Err)
}

// Unwrap gives the cause: oplog.ErrGap, oplog.ErrMalformed or oplog.ErrPayload.
func (d *DamagedEntry) Unwrap() error { return d.Err }

// Entries gives the entries of one log from number from on, in order, until yield
// says no, and those before a damaged one. Error: DamagedEntry.
func (f *File) Entries(replica oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error {
	next := max(from, 1)
	for size := 1; ; size = min(8*size, batch) { // who wants one entry does not wait for many
		entries, err := f.read(replica, next, size)
		for _, e := range entries {
			if !yield(e) {
				return nil
			}
		}
		if err != nil {
			return err
		}
		if len(entries) < size {
			return nil
		}
		next += uint64(len(entries))
	}
}

func (f *File) read(replica oplog.ReplicaID, from uint64, size int) ([]oplog.Entry, error) {
	var out []oplog.Entry
	err := f.view(func(tx *bolt.Tx) error {
		bucket := tx.Bucket(bucketLog).Bucket(replica[:])
		if bucket == nil {
			return nil
		}
		c := bucket.Cursor()
		for k, v := c.Seek(key(from)); k != nil && len(out) < size; k, v = c.Next() {
			e, err := f.entry(replica, from+uint64(len(out)), k, v)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// entry reads one row; seq is the number that must come.
func (f *File) entry(replica oplog.ReplicaID, seq uint64, k, v []byte) (oplog.Entry, error) {
	if len(k) != 8 || binary.BigEndian.Uint64(k) != seq {
		return oplog.Entry{}, &DamagedEntry{replica, seq, oplog.ErrGap}
	}
	stored, err := oplog.Decode(bytes.Clone(v))
	if err != nil {
		return oplog.Entry{}, &DamagedEntry{replica, seq, err}
	}
	if stored.Seq != seq || stored.Replica != replica {
		return oplog.Entry{}, &DamagedEntry{replica, seq, fmt.Errorf("%w: entry %d of %s lies in its place", oplog.ErrGap, stored.Seq, stored.Replica)}
	}
	e, ok := f.seal.open(stored)
	if !ok && f.strict {
		return oplog.Entry{}, &DamagedEntry{replica, seq, oplog.ErrPayload}
	}
	if !ok {
		f.sealed.Add(1)
	}
	return e, nil
}

// Tokens gives every token with its person.
func (f *File) Tokens() ([]oplog.Token, error) {
	var out []oplog.Token
	err := f.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketTokens).ForEach(func(k, v []byte) error {
			t, ok := readToken(k, v)
			if !ok {
				return fmt.Errorf("store: tokens: %w", ErrNotSession)
			}
			out = append(out, t)
			return nil
		})
	})
	return out, err
}
