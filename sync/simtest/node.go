package simtest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
	"folkmoot/sync/store"
)

// node is a device with its replica.
type node struct {
	world  *world
	number int
	random io.Reader
	offset atomic.Int64 // of its clock, milliseconds
	keys   int          // made so far

	key    ed25519.PrivateKey
	memory *replicatest.Disk // one of these two
	file   *store.File
	folder string

	record  *replica.Replica
	side    *peer.Side
	failing int               // writings that still fail
	safe    *replicatest.Disk // as it was before they began
	backup  *saved

	tablet   bool
	away     bool            // out of everybody's reach
	barred   oplog.ReplicaID // its log when it was unpaired, zero while it is paired
	life     int             // how often it went back to an older copy of itself
	follower *node           // the hub that is told of everything before a screen is
}

// saved is a copy of a node's disk, with the key that lay there.
type saved struct {
	memory       *replicatest.Disk
	key          ed25519.PrivateKey
	record, keys []byte
}

func (w *world) newNode() *node {
	n := &node{world: w, number: len(w.nodes)}
	n.random = rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "simtest node %d of %d", n.number, w.seed)))
	w.nodes = append(w.nodes, n)
	return n
}

// newKey makes the node's next key. Keys come from the node's number, so that no two
// nodes make the same one.
func (n *node) newKey() (ed25519.PrivateKey, error) {
	n.keys++
	seed := sha256.Sum256(fmt.Appendf(nil, "simtest key %d of node %d of %d", n.keys, n.number, n.world.seed))
	n.key = ed25519.NewKeyFromSeed(seed[:])
	return n.key, nil
}

// create makes an empty disk and opens the replica.
func (n *node) create() (err error) {
	if n.world.files == "" {
		n.memory = replicatest.NewDisk()
		n.newKey()
		return n.open(false)
	}
	n.folder = filepath.Join(n.world.files, fmt.Sprint(n.number))
	if n.file, err = store.Create(n.folder, n.world.session, n.random); err != nil {
		return err
	}
	return n.open(false)
}

func (n *node) disk() replica.Disk {
	if n.file != nil {
		return n.file
	}
	return n.memory
}

func (n *node) now() time.Time { return time.UnixMilli(n.world.now.Load() + n.offset.Load()) }

// open opens the replica on the node's disk.
func (n *node) open(unclean bool) (err error) {
	options := replica.Options{Session: n.world.session, Key: n.key, NewKey: n.newKey, Name: fmt.Sprint("node ", n.number),
		Unclean: unclean, Now: n.now, Random: n.random, Tablet: n.tablet}
	if n.file != nil {
		options.Key = n.file.Keys().Sign
		options.NewKey = func() (ed25519.PrivateKey, error) { return n.file.NewKey(n.random) }
	}
	if n.record, err = replica.Open(n.disk(), options); err != nil {
		return fmt.Errorf("open node %d: %w", n.number, err)
	}
	n.side = peer.New(n.record, peer.Options{Now: n.now, Instance: uint64(n.number + 1), Frames: 1 + int(n.world.seed+7*uint64(n.number))%40})
	n.side.SetTrust(peer.Trust{Tablet: n.world.isTablet})
	return nil
}

// fail lets the next writings of the disk fail, some of them after all was stored.
func (n *node) fail(random *rand.Rand) {
	if n.memory == nil || n.failing > 0 || n.memory.Unsynced() {
		return
	}
	n.failing, n.safe = 1+random.IntN(3), n.memory.Copy()
	n.memory.SetFail(func() (bool, error) {
		if n.failing == 0 {
			return false, nil
		}
		n.failing--
		return random.IntN(2) == 0, errors.New("input/output error")
	})
}

func (n *node) well() {
	n.failing = 0
	if n.memory != nil {
		n.memory.SetFail(nil)
	}
}

// crash ends the program and starts it again. What was never synced may be gone.
func (n *node) crash(random *rand.Rand) error {
	n.record.Close()
	if n.memory != nil {
		n.well()
		if n.memory.Unsynced() && random.IntN(2) == 0 {
			n.memory = n.safe.Copy()
		} else if err := n.memory.Recover(); err != nil { // opening syncs what can be read
			return err
		}
	} else if err := n.reopenFile(nil, false); err != nil {
		return err
	}
	return n.open(true)
}

// reopenFile closes the file and opens it again, after the saved one was put in its
// place if there is one.
func (n *node) reopenFile(from *saved, fresh bool) (err error) {
	if err = n.file.Close(); err == nil && from != nil {
		err = from.write(n)
	}
	if err == nil {
		n.file, err = store.Open(n.path(), store.Options{})
	}
	if err == nil && fresh {
		_, err = n.file.NewKey(n.random)
	}
	return err
}

func (n *node) path() string { return filepath.Join(n.folder, store.Name(n.world.session)) }

func (n *node) keyPath() string {
	return n.path()[:len(n.path())-len(filepath.Ext(n.path()))] + ".key"
}

// save copies the disk. A file is closed for it, and the replica opened again.
func (n *node) save() (*saved, error) {
	if n.memory != nil {
		return &saved{memory: n.memory.Copy(), key: n.key}, nil
	}
	n.record.Close()
	err := n.file.Close()
	out := &saved{}
	if err == nil {
		out.record, err = os.ReadFile(n.path())
	}
	if err == nil {
		out.keys, err = os.ReadFile(n.keyPath())
	}
	if err == nil {
		n.file, err = store.Open(n.path(), store.Options{})
	}
	if err != nil {
		return nil, err
	}
	return out, n.open(false)
}

// write puts the saved copy where a node's files lie.
func (s *saved) write(n *node) error {
	if err := os.MkdirAll(n.folder, 0o700); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(n.path(), s.record, 0o600), os.WriteFile(n.keyPath(), s.keys, 0o600))
}

// clone gives another device with a copy of everything, the key too.
func (n *node) clone() error {
	copied, err := n.save()
	if err != nil {
		return err
	}
	n.world.copied = true
	c := n.world.newNode()
	c.tablet = n.tablet
	c.offset.Store(n.offset.Load())
	if n.memory != nil {
		c.memory, c.key = copied.memory, copied.key
		return c.open(true)
	}
	c.folder = filepath.Join(n.world.files, fmt.Sprint(c.number))
	if err = copied.write(c); err == nil {
		c.file, err = store.Open(c.path(), store.Options{})
	}
	if err != nil {
		return err
	}
	return c.open(true)
}

// restore goes back to the copy that was saved: with a new key as it should be, or with
// the one that lay there, as who copies files by hand does.
func (n *node) restore(fresh bool) error {
	if n.backup == nil {
		return nil
	}
	n.world.copied = n.world.copied || !fresh
	n.record.Close()
	n.life++
	before := n.cids()
	if n.memory != nil {
		n.well()
		n.memory, n.key = n.backup.memory.Copy(), n.backup.key
		if fresh {
			n.newKey()
		}
	} else if err := n.reopenFile(n.backup, fresh); err != nil {
		return err
	}
	if err := n.world.forgive(n, before); err != nil {
		return err
	}
	return n.open(true)
}

// cids gives the items that the node's disk holds, in the record or in quarantine.
func (n *node) cids() map[oplog.ItemID]bool {
	out := map[oplog.ItemID]bool{}
	oplog.All(n.disk(), func(e oplog.Entry) bool { out[e.CID] = true; return true })
	for _, bad := range n.bad() {
		if e, err := oplog.Decode(bytes.Clone(bad.Data)); err == nil {
			out[e.CID] = true
		}
	}
	return out
}

func (n *node) bad() []oplog.BadEntry {
	if n.memory != nil {
		return n.memory.Bad()
	}
	bad, _ := n.file.Bad()
	return bad
}

func (n *node) close() {
	if n.record != nil {
		n.record.Close()
	}
	if n.file != nil {
		n.file.Close()
	}
}
