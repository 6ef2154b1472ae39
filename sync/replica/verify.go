package replica

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// stretch is how many entries are checked at a time on all processors: enough that none
// waits for work, and few enough that a log of which one is bad costs little more.
const stretch = 256

// fewest is how many are worth a second processor: handing over costs as much as half a
// signature.
const fewest = 4

// checked is an entry of a peer with what is wrong about it.
type checked struct {
	data   []byte
	entry  oplog.Entry
	key    ed25519.PublicKey
	unread bool // it is no entry
	done   bool // its signature was looked at
	err    error
}

var errUnknownLog = errors.New("the log's first entry has not come")

// readAll checks what entries say by themselves. What becomes of them is as if one was
// looked at after the other, though all processors check them: after a bad entry nothing
// of its log is taken or put aside.
func (in *incoming) readAll(frames [][]byte) {
	for len(frames) > 0 {
		n := min(stretch, len(frames))
		some := in.look(frames[:n])
		for i := range some {
			in.settle(&some[i])
		}
		frames = frames[n:]
	}
}

// look checks entries of which those before were settled. Of a log it looks at none of
// which it knows that an earlier one is bad.
func (in *incoming) look(frames [][]byte) []checked {
	some := make([]checked, len(frames))
	onAll(len(some), func(i int) {
		some[i].data = frames[i]
		some[i].entry, some[i].err = oplog.Decode(bytes.Clone(frames[i]))
		some[i].unread = some[i].err != nil
	})
	ends := map[oplog.ReplicaID]*atomic.Int64{} // by log, the first of its entries that is known to be bad
	for i := range some {
		if c := &some[i]; c.err == nil && !in.blocked[c.entry.Replica] {
			if ends[c.entry.Replica] == nil {
				ends[c.entry.Replica] = new(atomic.Int64)
				ends[c.entry.Replica].Store(int64(len(some)))
			}
			if c.err = in.keyed(c); c.err != nil {
				lower(ends[c.entry.Replica], int64(i))
			}
		}
	}
	onAll(len(some), func(i int) {
		c := &some[i]
		end := ends[c.entry.Replica]
		if c.err != nil || end == nil || end.Load() < int64(i) {
			return
		}
		c.done = true
		if c.err = c.check(); c.err != nil {
			lower(end, int64(i))
		}
	})
	return some
}

// keyed finds the key that must have signed an entry of the session.
func (in *incoming) keyed(c *checked) (err error) {
	if c.entry.Session != in.replica.options.Session {
		return oplog.ErrSession
	}
	log := c.entry.Replica
	if c.key = in.keys[log]; c.key == nil {
		in.replica.mu.RLock()
		c.key = in.replica.keys[log]
		in.replica.mu.RUnlock()
	}
	if c.key == nil && c.entry.Seq > 1 {
		return errUnknownLog
	}
	if c.key == nil {
		if c.key, err = oplog.KeyIn(c.entry); err != nil {
			return err
		}
	}
	in.keys[log] = c.key
	return nil
}

// check does what takes long.
func (c *checked) check() error {
	err := c.entry.CheckSignature(c.key)
	if err == nil {
		err = c.entry.CheckSize()
	}
	if err == nil {
		err = moot.CheckEntry(c.entry)
	}
	return err
}

// settle takes an entry, or puts it aside, after those that came before it.
func (in *incoming) settle(c *checked) {
	e := c.entry
	switch {
	case c.unread:
		in.refuse(c.data, c.err)
	case in.blocked[e.Replica]:
	case errors.Is(c.err, errUnknownLog): // the entries before it will bring the key
		in.out.Gaps++
		in.blocked[e.Replica] = true
	case c.err != nil:
		in.blocked[e.Replica] = true
		in.refuse(c.data, c.err)
	default:
		in.entries = append(in.entries, e)
	}
}

func lower(end *atomic.Int64, to int64) {
	for {
		old := end.Load()
		if old <= to || end.CompareAndSwap(old, to) {
			return
		}
	}
}

// onAll does n things on all processors, in order of their numbers as far as one can say
// so, and returns when all are done.
func onAll(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n/fewest)
	if workers < 2 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	wait.Wait()
}
