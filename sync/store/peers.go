package store

import (
	"bytes"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// bucketPeers holds whom this device talks to. It is made when there is somebody, and
// stays behind where the record becomes another device's, in a backup.
var bucketPeers = []byte("peers")

// Peer is what is kept of another device: opaque here, see sync/link.
type Peer struct{ Key, Value []byte }

// Peers gives all that is kept of other devices, by key. The caller owns it.
func (f *File) Peers() (all []Peer, err error) {
	err = f.view(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketPeers)
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, v []byte) error {
			if v == nil { // a bucket, where we make none
				return fmt.Errorf("store: peers: %w", ErrNotSession)
			}
			all = append(all, Peer{Key: bytes.Clone(k), Value: bytes.Clone(v)})
			return nil
		})
	})
	return all, err
}

var errNoPeer = errors.New("a peer without a key or a value")

// PutPeer keeps a value under a key, in place of the one that lies there, and returns once
// it is synced. It may be called while others write. An error means "unknown"; ErrUnsettled
// says that an earlier writing failed, and passes when the record is written to again.
func (f *File) PutPeer(key, value []byte) error {
	if len(key) == 0 || len(value) == 0 { // the one bbolt refuses, the other reads like nothing
		return fmt.Errorf("store: keep a peer: %w", errNoPeer)
	}
	err := f.update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(bucketPeers)
		if err != nil {
			return err
		}
		return b.Put(key, value)
	})
	if err != nil {
		return fmt.Errorf("store: keep a peer: %w", err)
	}
	return nil
}

// DropPeer forgets what lies under a key; where nothing does, nothing is written. Errors
// are those of PutPeer.
func (f *File) DropPeer(key []byte) error {
	known := false
	err := f.view(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketPeers)
		known = b != nil && b.Get(key) != nil
		return nil
	})
	if err == nil && known {
		err = f.update(func(tx *bolt.Tx) error { return tx.Bucket(bucketPeers).Delete(key) })
	}
	if err != nil {
		return fmt.Errorf("store: forget a peer: %w", err)
	}
	return nil
}

// dropPeers takes them all out of a copy that is another device's.
func dropPeers(tx *bolt.Tx) error {
	if tx.Bucket(bucketPeers) == nil {
		return nil
	}
	return tx.DeleteBucket(bucketPeers)
}
