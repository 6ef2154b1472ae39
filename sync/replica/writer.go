package replica

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// writer turns items into entries. It belongs to the writing goroutine.
type writer struct {
	state *moot.State
	chain *oplog.Chain
	clock *oplog.Clock
	pen   *oplog.Writer
	disk  Disk
	now   func() time.Time
	name  string // of the device
	role  string
	// device is Options.Device.
	device ed25519.PrivateKey
	low    *atomic.Bool
	// ended says that the device's log has split and there is no new key for another.
	ended bool
	// personal says that the record holds personal payloads.
	personal bool
	// Receipts of the batch that is being made, and of the one before, which may not be
	// on the disk yet.
	fresh, flying map[oplog.ItemID]moot.Receipt
}

// batch is what one transaction takes, and who waits for it.
type batch struct {
	oplog.Change
	parts []part
	view  *moot.View
	err   error
	idle  chan struct{} // not nil: nothing to commit, close it when it is its turn
	// renew says that entries change what earlier ones mean: the writer makes the state
	// anew, and then tells those who wait.
	renew chan struct{}
}

// part is the share of an ask that a batch settles.
type part struct {
	ask   *ask
	count int
}

// write drains what waits into batches until the replica is closed.
func (r *Replica) write(w *writer) {
	defer close(r.batches)
	var open *ask // taken from the queue and not yet wholly in a batch
	next := 0
	for {
		if open == nil {
			select {
			case open = <-r.asks:
			case <-r.stop:
				r.refuseRest()
				return
			}
			next = 0
		}
		fresh, err := r.reloaded(w)
		if w = fresh; err == nil && w.unpaired() {
			w, err = r.leaveUnpaired(w)
		}
		if err != nil {
			open.abandon(err)
			open = nil
			continue
		}
		b := &batch{}
		if open.act != nil {
			b.parts, b.err = []part{{open, 1}}, open.act(w, b)
			open = nil
		} else {
			open, next = r.fill(w, b, open, next)
		}
		w = r.send(w, b)
	}
}

// send hands a batch to the committer.
func (r *Replica) send(w *writer, b *batch) *writer {
	b.Rows = append(b.Rows, w.state.TakeRows()...)
	w.fresh, w.flying = nil, w.fresh
	if !w.state.Again() {
		b.view = w.state.View()
		r.batches <- b
		return w
	}
	b.renew = make(chan struct{})
	r.batches <- b
	<-b.renew
	if b.err == nil {
		w, b.err = r.renewed()
	}
	b.settle()
	return w
}

// fill puts asks into the batch until it is full or nothing waits, and gives the
// ask that did not fit whole, with the number of its items that are in.
func (r *Replica) fill(w *writer, b *batch, open *ask, next int) (*ask, int) {
	room := MaxBatch
	if rest := len(open.items) - next; rest > MaxBatch {
		room = min(rest, MaxImport)
	}
	for {
		if open.act != nil {
			return open, 0
		}
		if next == 0 && len(open.tokens) > 0 && len(open.items) > room && len(b.parts) > 0 {
			return open, 0 // a token and what belongs to it are not torn apart
		}
		count := min(room, len(open.items)-next)
		if next == 0 {
			b.Tokens = append(b.Tokens, open.tokens...)
		}
		for i := next; i < next+count && b.err == nil; i++ {
			open.outcomes[i], b.err = w.take(b, open.items[i])
		}
		b.parts = append(b.parts, part{open, count})
		next, room = next+count, room-count
		if next < len(open.items) {
			return open, next
		}
		if room == 0 || b.err != nil || w.state.Again() {
			return nil, 0
		}
		select {
		case open = <-r.asks:
			next = 0
		default:
			return nil, 0
		}
	}
}

// take decides on one item and writes its entry.
func (w *writer) take(b *batch, item moot.Item) (moot.Outcome, error) {
	at, ok, err := w.receipt(item.CID)
	if err != nil {
		return moot.Outcome{}, err
	}
	if ok {
		out := at.Outcome()
		out.Again = true
		return out, nil
	}
	if w.low.Load() && !essential(item.Payload) {
		return moot.Outcome{Refusal: &moot.Refusal{Code: moot.DiskLow}}, nil
	}
	if out, no := answer(w.state.Check(item.Payload)); no {
		return out, nil
	}
	return w.write(b, item)
}

// write writes the entry of an item of which everything else was decided.
func (w *writer) write(b *batch, item moot.Item) (moot.Outcome, error) {
	if w.ended {
		return moot.Outcome{}, fmt.Errorf("replica: another device wrote with this device's key: %w", oplog.ErrKey)
	}
	wall := uint64(w.now().UnixMilli())
	if w.pen.Head().Seq == 0 {
		if err := w.first(b, wall); err != nil {
			return moot.Outcome{}, err
		}
	}
	draft, err := item.Draft()
	if err != nil {
		return moot.Outcome{}, err
	}
	e, err := w.pen.Write(draft, wall)
	if errors.Is(err, oplog.ErrTooBig) {
		return moot.Outcome{Refusal: &moot.Refusal{Code: moot.TooLong, Limit: oplog.MaxEntry}}, nil
	}
	if err != nil {
		return moot.Outcome{}, err
	}
	if err := w.add(b, e); err != nil {
		return moot.Outcome{}, err
	}
	w.state.ApplyPayload(e, item.Payload)
	return w.fresh[item.CID].Outcome(), nil
}

// add puts an entry into the batch and takes note of it.
func (w *writer) add(b *batch, e oplog.Entry) error {
	if err := w.chain.Link(e); err != nil {
		return err
	}
	b.Entries = append(b.Entries, e)
	w.personal = w.personal || e.Class == oplog.Personal && !e.Redacted()
	if end, cut := w.state.Cut(e.Replica); cut && e.Seq > end {
		return nil // it will never count: who sends the item again must not hear that it is saved
	}
	at := moot.ReceiptOf(e)
	old, ok, err := w.receipt(e.CID)
	if err != nil || ok && !at.Before(old) {
		return err
	}
	if w.fresh == nil {
		w.fresh = map[oplog.ItemID]moot.Receipt{}
	}
	w.fresh[e.CID] = at
	b.Rows = append(b.Rows, at.Row(e.CID))
	return nil
}

// receipt says where an item stands, on the disk or on its way there.
func (w *writer) receipt(cid oplog.ItemID) (moot.Receipt, bool, error) {
	if at, ok := w.fresh[cid]; ok {
		return at, true, nil
	}
	if at, ok := w.flying[cid]; ok {
		return at, true, nil
	}
	value, err := w.disk.Row(moot.RowReceipt, string(cid[:]))
	if err != nil || value == nil {
		return moot.Receipt{}, false, err
	}
	at, err := moot.ReadReceipt(value)
	return at, err == nil, err
}

// essential says whether an act is taken though little room is left on the disk.
func essential(p moot.Payload) bool {
	switch p.(type) {
	case *moot.NewStatement, *moot.NewPlan:
		return false
	}
	return true
}

// first opens the log with the entry that carries its key.
func (w *writer) first(b *batch, wall uint64) error {
	draft, err := w.pen.OpenOf(w.name, w.role, w.device)
	if err != nil {
		return err
	}
	e, err := w.pen.Write(draft, wall)
	if err != nil {
		return err
	}
	if err := w.add(b, e); err != nil {
		return err
	}
	return w.state.Apply(e)
}

// answer puts a "no" of the rules into an outcome.
func answer(err error) (moot.Outcome, bool) {
	var refusal *moot.Refusal
	var old *moot.Old
	switch {
	case errors.As(err, &refusal):
		return moot.Outcome{Refusal: refusal}, true
	case errors.As(err, &old):
		return moot.Outcome{Stale: &old.Stale}, true
	}
	return moot.Outcome{}, false
}

// commit brings batches to the disk until there are no more.
func (r *Replica) commit() {
	defer close(r.ended)
	for b := range r.batches {
		if b.idle != nil {
			close(b.idle)
			continue
		}
		if b.err == nil && r.broken.Load() {
			b.err = ErrAgain // prepared on top of a batch that failed
		}
		if b.err == nil && !b.Empty() {
			b.Tokens = r.oneEach(b.Tokens)
			if err := r.disk.Commit(b.Change); err != nil {
				r.fault("commit failed", err)
				b.err = fmt.Errorf("replica: commit: %w (%w)", ErrAgain, err)
			} else {
				r.committed(b.Entries)
				if r.health.well() {
					r.signal()
				}
				if b.renew == nil {
					r.publish(b.view, b.Tokens)
				}
			}
		}
		if b.err != nil {
			r.broken.Store(true)
		}
		if b.renew != nil {
			close(b.renew)
			continue
		}
		b.settle()
	}
}

func (b *batch) settle() {
	for _, p := range b.parts {
		p.ask.settle(b.err, p.count)
	}
}

// fault takes note of a failure of the disk.
func (r *Replica) fault(what string, err error) {
	r.options.Log.Error(what, "error", err)
	r.health.fail(err)
	r.signal()
}

// reloaded gives the writer to go on with: the same, or after a failed commit one
// made anew from what is on the disk; an error where it cannot be read or written.
func (r *Replica) reloaded(w *writer) (*writer, error) {
	if w != nil && !r.broken.Load() {
		return w, nil
	}
	if err := r.health.refusal(); err != nil {
		return nil, err
	}
	r.flush()
	err := r.disk.Recover() // before anybody is told that what can be read is saved
	var fresh *writer
	if err == nil {
		fresh, err = r.ready()
	}
	if err != nil {
		r.fault("opening the record again failed", err)
		return nil, fmt.Errorf("replica: open again: %w (%w)", ErrAgain, err)
	}
	r.broken.Store(false) // health is well again with the next commit
	r.publish(fresh.state.View(), nil)
	return fresh, nil
}

// flush waits until nothing is on its way to the disk.
func (r *Replica) flush() {
	idle := make(chan struct{})
	r.batches <- &batch{idle: idle}
	<-idle
}

// refuseRest answers those who still wait when the replica is closed.
func (r *Replica) refuseRest() {
	for {
		select {
		case a := <-r.asks:
			a.abandon(ErrClosed)
		default:
			return
		}
	}
}
