package replica

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Limits of what is taken from peers.
const (
	// MaxReplicas is how many logs a session may have.
	MaxReplicas = 64
	// MaxReceived is how many entries one Receive takes.
	MaxReceived = 5000
)

// ErrTooMany: more entries at a time than MaxReceived.
var ErrTooMany = errors.New("too many entries at a time")

// Received is what became of a peer's entries.
type Received struct {
	// New entries were committed, Held ones were there already.
	New, Held int
	// Bad ones went into quarantine. What follows one in its log waits.
	Bad int
	// Filled entries were held without their payload, and came whole.
	Filled int
	// Gaps are entries before which others are missing: ask for those first.
	Gaps int
	// Left are logs that were not taken from this peer, see ReceiveOnly.
	Left []oplog.ReplicaID
	// Forks are logs of which there are two branches.
	Forks []oplog.ReplicaID
	// Heads says how far each log is held afterwards.
	Heads oplog.Heads
}

// Receive takes encoded entries from a peer into the record, each log's in its order,
// and returns after the commit. Receiving twice is harmless. Every entry's session, key,
// signature, place in its log and payload are checked before; what is wrong goes into
// quarantine and holds back nothing but its own log. A personal entry that comes without its payload
// is taken as it is, so that the votes behind it are not held back, and is filled in when
// it comes whole; see Bare. Errors: those of Do, ErrTooMany.
func (r *Replica) Receive(ctx context.Context, frames [][]byte) (Received, error) {
	return r.ReceiveOnly(ctx, frames, nil)
}

// ReceiveOnly is Receive from a peer that may not bring every log: of a log of which
// nothing is held, admit says by its first entry whether it is taken. It is asked by the
// writer, one log after the other, with the heads as they are then; nil takes all.
func (r *Replica) ReceiveOnly(ctx context.Context, frames [][]byte, admit func(first oplog.Entry, held oplog.Heads) bool) (Received, error) {
	if len(frames) > MaxReceived {
		return Received{}, fmt.Errorf("replica: receive %d entries: %w", len(frames), ErrTooMany)
	}
	in := &incoming{replica: r, admit: admit, keys: map[oplog.ReplicaID]ed25519.PublicKey{}, blocked: map[oplog.ReplicaID]bool{}, forked: map[oplog.ReplicaID]bool{}}
	in.readAll(frames)
	_, err := r.ask(ctx, &ask{act: in.take, left: 1})
	if err != nil {
		return Received{}, err
	}
	in.out.Heads, err = r.Heads()
	return in.out, err
}

// incoming is a peer's entries on their way in. Signatures are checked on behalf of the
// goroutine that brings them, see readAll; what needs the record is left to the writer.
type incoming struct {
	replica *Replica
	admit   func(first oplog.Entry, held oplog.Heads) bool // nil takes every log
	entries []oplog.Entry
	bad     []oplog.BadEntry
	keys    map[oplog.ReplicaID]ed25519.PublicKey
	blocked map[oplog.ReplicaID]bool // logs of which an entry was bad, or a gap
	forked  map[oplog.ReplicaID]bool
	out     Received
}

func (in *incoming) refuse(data []byte, why error) {
	in.out.Bad++
	in.bad = append(in.bad, oplog.BadEntry{Data: bytes.Clone(data), Why: why.Error()})
}

// take puts what follows on what is held into the batch.
func (in *incoming) take(w *writer, b *batch) error {
	in.replica.flush() // what is held is compared with the disk
	if in.replica.broken.Load() {
		return ErrAgain
	}
	if err := in.letGo(w); err != nil {
		return err
	}
	b.Bad = append(b.Bad, in.bad...)
	for _, e := range in.entries {
		if in.blocked[e.Replica] && in.forked[e.Replica] {
			continue
		}
		if err := in.one(w, b, e); err != nil {
			return err
		}
	}
	for id := range in.keys { // of a log that was not taken nothing is remembered
		if w.chain.Key(id) == nil {
			delete(in.keys, id)
		}
	}
	in.replica.learn(in.keys)
	if w.state.Unlinked() { // there may be a name in it
		for i := range b.Bad {
			b.Bad[i].Data = nil
		}
	}
	return nil
}

func (in *incoming) one(w *writer, b *batch, e oplog.Entry) error {
	head := w.chain.Heads()[e.Replica]
	switch {
	case e.Seq <= head.Seq:
		return in.held(w, b, e)
	case e.Seq > head.Seq+1:
		in.out.Gaps++
		return nil
	case head.Seq == 0 && len(w.chain.Heads()) >= MaxReplicas:
		in.out.Gaps++ // nothing is wrong with it
		in.block(e.Replica)
		return nil
	case head.Seq == 0 && in.admit != nil && !in.admit(e, w.chain.Heads()):
		in.out.Left = append(in.out.Left, e.Replica)
		in.out.Gaps++
		in.block(e.Replica)
		return nil
	}
	if e.Prev != head.Hash {
		// It follows on an entry that is not the one held: the peer has another branch.
		in.out.Gaps++
		in.block(e.Replica)
		return nil
	}
	if e.Replica == w.pen.Replica() {
		if err := in.replica.renewKey(w, b, "a peer holds more of this device's log than the device itself"); err != nil {
			return err
		}
	}
	if w.state.Unlinked() && e.Class == oplog.Personal {
		e = e.Redact() // names do not come back to where they were erased
	}
	if err := w.add(b, e); err != nil {
		return in.quarantine(b, e, err)
	}
	if e.Redacted() && !w.state.Unlinked() {
		in.replica.lack(Place{e.Replica, e.Seq})
	}
	w.clock.Observe(e.Time, uint64(w.now().UnixMilli()))
	in.out.New++
	return w.state.Apply(e)
}

func (in *incoming) quarantine(b *batch, e oplog.Entry, why error) error {
	data, err := e.Encode()
	if err != nil {
		return err
	}
	in.out.Bad++
	in.block(e.Replica)
	b.Bad = append(b.Bad, oplog.BadEntry{Data: data, Why: why.Error()})
	return nil
}

// block leaves the rest of a log's entries for another time.
func (in *incoming) block(r oplog.ReplicaID) { in.blocked[r], in.forked[r] = true, true }

// held compares an entry with the one of its number that is held; another one proves
// that two devices wrote the log.
func (in *incoming) held(w *writer, b *batch, e oplog.Entry) error {
	own, err := in.stored(b, e)
	if err != nil {
		return err
	}
	if own.Hash() == e.Hash() {
		in.out.Held++
		return in.fill(w, b, own, e)
	}
	in.block(e.Replica)
	in.out.Forks = append(in.out.Forks, e.Replica)
	if own.Prev != e.Prev {
		in.out.Gaps++ // the split lies before: it is that which has to be shown
		return nil
	}
	if branches(w.state, e.Replica) >= maxBranches {
		return nil // what there is to know of this log is known
	}
	proof := oplog.ProveFork(in.keys[e.Replica], own, e)
	if len(w.state.News(moot.Rules{Proofs: []oplog.ForkProof{proof}})) == 0 {
		return nil // it is known
	}
	if e.Replica == w.pen.Replica() {
		if err := in.replica.renewKey(w, b, "another device wrote with this device's key"); err != nil {
			return err
		}
	}
	_, err = w.take(b, ruleItem(&moot.Fork{Proof: proof}))
	return err
}

// maxBranches is how many branches of a log are noted. Who has its key could make more
// without end, and each is an entry here.
const maxBranches = 16

func branches(s *moot.State, log oplog.ReplicaID) (n int) {
	for _, sp := range s.Splits(log) {
		n += len(sp.Branches)
	}
	return n
}

// stored gives the entry of the same place that is held, on the disk or in the batch.
func (in *incoming) stored(b *batch, e oplog.Entry) (oplog.Entry, error) {
	for _, own := range b.Entries {
		if own.Replica == e.Replica && own.Seq == e.Seq {
			return own, nil
		}
	}
	var found oplog.Entry
	err := in.replica.disk.Entries(e.Replica, e.Seq, func(own oplog.Entry) bool { found = own; return false })
	if err == nil && found.Seq != e.Seq {
		err = fmt.Errorf("replica: entry %d of %s: %w", e.Seq, e.Replica, oplog.ErrGap)
	}
	return found, err
}

// learn remembers the keys of logs for the next check of signatures.
func (r *Replica) learn(keys map[oplog.ReplicaID]ed25519.PublicKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, key := range keys {
		r.keys[id] = key
	}
}
