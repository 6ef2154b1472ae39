package store

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// maxBad is how many entries lie in quarantine: a peer that sends nothing else must not
// fill the disk.
const maxBad = 1000

func putRows(tx *bolt.Tx, rows []oplog.Row) error {
	all := tx.Bucket(bucketRows)
	for _, row := range rows {
		table, err := all.CreateBucketIfNotExists([]byte(row.Table))
		if err == nil && row.Value == nil {
			err = table.Delete([]byte(row.Key))
		} else if err == nil {
			err = table.Put([]byte(row.Key), row.Value)
		}
		if err != nil {
			return fmt.Errorf("store: write a row of %s: %w", row.Table, err)
		}
	}
	return nil
}

func putBad(tx *bolt.Tx, bad []oplog.BadEntry) error {
	bucket := tx.Bucket(bucketBad)
	for _, b := range bad {
		data, err := oplog.Marshal([]any{b.Why, b.Data})
		if err != nil {
			return fmt.Errorf("store: encode a bad entry: %w", err)
		}
		n, err := bucket.NextSequence()
		if err == nil {
			err = bucket.Put(key(n), data)
		}
		if err == nil && n > maxBad {
			err = bucket.Delete(key(n - maxBad))
		}
		if err != nil {
			return fmt.Errorf("store: put a bad entry aside: %w", err)
		}
	}
	return nil
}

// Row gives the value of a row, nil where there is none. The caller owns it.
func (f *File) Row(table, key string) (value []byte, err error) {
	err = f.view(func(tx *bolt.Tx) error {
		if b := tx.Bucket(bucketRows).Bucket([]byte(table)); b != nil {
			value = bytes.Clone(b.Get([]byte(key)))
		}
		return nil
	})
	return value, err
}

// Rows gives every row of a table by ascending key, until yield says no.
func (f *File) Rows(table string, yield func(oplog.Row) bool) error {
	next := []byte{}
	for {
		var rows []oplog.Row
		err := f.view(func(tx *bolt.Tx) error {
			b := tx.Bucket(bucketRows).Bucket([]byte(table))
			if b == nil {
				return nil
			}
			c := b.Cursor()
			for k, v := c.Seek(next); k != nil && len(rows) < batch; k, v = c.Next() {
				rows = append(rows, oplog.Row{Table: table, Key: string(k), Value: bytes.Clone(v)})
			}
			return nil
		})
		for _, row := range rows {
			if !yield(row) {
				return nil
			}
		}
		if err != nil || len(rows) < batch {
			return err
		}
		next = append([]byte(rows[len(rows)-1].Key), 0)
	}
}

// Bad gives the entries in quarantine, the oldest first, and then those of branches that
// were let go.
func (f *File) Bad() ([]oplog.BadEntry, error) {
	var out []oplog.BadEntry
	err := f.view(func(tx *bolt.Tx) error {
		err := tx.Bucket(bucketBad).ForEach(func(_, v []byte) error {
			var parts struct {
				_    struct{} `cbor:",toarray"`
				Why  string
				Data []byte
			}
			if err := oplog.Unmarshal(v, &parts); err != nil {
				return fmt.Errorf("store: quarantine: %w", ErrNotSession)
			}
			out = append(out, oplog.BadEntry{Data: parts.Data, Why: parts.Why})
			return nil
		})
		cut := tx.Bucket(bucketCut)
		if err != nil || cut == nil {
			return err
		}
		return cut.ForEach(func(_, v []byte) error {
			out = append(out, oplog.BadEntry{Data: bytes.Clone(v), Why: "another branch of this log was named"})
			return nil
		})
	})
	return out, err
}

// Cut takes a log's entries from a number on out of the record. They stay beside it, as
// many as there are: a facilitator who named the wrong branch has them still.
func (f *File) Cut(replica oplog.ReplicaID, from uint64) error {
	return f.update(func(tx *bolt.Tx) error {
		log := tx.Bucket(bucketLog).Bucket(replica[:])
		if log == nil || from == 0 {
			return nil
		}
		kept, err := tx.CreateBucketIfNotExists(bucketCut)
		if err != nil {
			return fmt.Errorf("store: put a branch of %s aside: %w", replica, err)
		}
		var keys [][]byte
		c := log.Cursor()
		for k, v := c.Seek(key(from)); k != nil; k, v = c.Next() {
			if err := kept.Put(cutKey(replica, k, v), bytes.Clone(v)); err != nil {
				return fmt.Errorf("store: put a branch of %s aside: %w", replica, err)
			}
			keys = append(keys, bytes.Clone(k))
		}
		for _, k := range keys {
			if err := log.Delete(k); err != nil {
				return fmt.Errorf("store: cut the log of %s: %w", replica, err)
			}
		}
		return f.headAt(tx, replica, from-1)
	})
}

// cutKey names an entry of a branch that was let go: what is let go twice lies there once.
func cutKey(replica oplog.ReplicaID, number, data []byte) []byte {
	sum := sha256.Sum256(data)
	return slices.Concat(replica[:], number, sum[:])
}

// headAt sets a log's head to its entry of that number; without it there is no log.
func (f *File) headAt(tx *bolt.Tx, replica oplog.ReplicaID, seq uint64) error {
	if seq == 0 {
		return tx.Bucket(bucketHeads).Delete(replica[:])
	}
	e, err := f.entry(replica, seq, key(seq), tx.Bucket(bucketLog).Bucket(replica[:]).Get(key(seq)))
	if err != nil {
		return err
	}
	data, err := oplog.Marshal(oplog.Head{Seq: seq, Hash: e.Hash()})
	if err != nil {
		return fmt.Errorf("store: encode head: %w", err)
	}
	return tx.Bucket(bucketHeads).Put(replica[:], data)
}
