package replica

import (
	"errors"
	"fmt"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// writer turns items into entries. It belongs to the writing goroutine.
type writer struct {
	state *moot.State
	pen   *oplog.Writer
	now   func() time.Time
	name  string // of the device
}

// batch is what one transaction takes, and who waits for it.
type batch struct {
	entries []oplog.Entry
	tokens  []Token
	parts   []part
	view    *moot.View
	err     error
	idle    chan struct{} // not nil: nothing to commit, close it when it is its turn
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
		if w = r.reloaded(w); w == nil {
			open.settle(ErrAgain, len(open.items)-next)
			open = nil
			continue
		}
		b := &batch{}
		open, next = r.fill(w, b, open, next)
		b.view = w.state.View()
		r.batches <- b
	}
}

// fill puts asks into the batch until it is full or nothing waits, and gives the
// ask that did not fit whole, with the number of its items that are in.
func (r *Replica) fill(w *writer, b *batch, open *ask, next int) (*ask, int) {
	for room := MaxBatch; ; {
		if next == 0 && len(open.tokens) > 0 && len(open.items) > room && room < MaxBatch {
			return open, 0 // a token and what belongs to it are not torn apart
		}
		count := min(room, len(open.items)-next)
		if next == 0 {
			b.tokens = append(b.tokens, open.tokens...)
		}
		for i := next; i < next+count && b.err == nil; i++ {
			open.outcomes[i], b.err = w.take(b, open.items[i])
		}
		b.parts = append(b.parts, part{open, count})
		next, room = next+count, room-count
		if next < len(open.items) {
			return open, next
		}
		if room == 0 || b.err != nil {
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
	if out, ok := w.state.Seen(item.CID); ok {
		return out, nil
	}
	if out, no := answer(w.state.Check(item.Payload)); no {
		return out, nil
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
	w.state.ApplyPayload(e, item.Payload)
	b.entries = append(b.entries, e)
	out, _ := w.state.Seen(item.CID)
	out.Again = false
	return out, nil
}

// first opens the log with the entry that carries its key.
func (w *writer) first(b *batch, wall uint64) error {
	draft, err := w.pen.Open(w.name)
	if err != nil {
		return err
	}
	e, err := w.pen.Write(draft, wall)
	if err != nil {
		return err
	}
	b.entries = append(b.entries, e)
	return nil
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
		if b.err == nil && len(b.entries)+len(b.tokens) > 0 {
			b.tokens = r.oneEach(b.tokens)
			if err := r.disk.Commit(b.entries, b.tokens); err != nil {
				r.options.Log.Error("commit failed", "entries", len(b.entries), "error", err)
				b.err = fmt.Errorf("replica: commit: %w (%v)", ErrAgain, err)
			} else {
				r.publish(b.view, b.tokens)
			}
		}
		if b.err != nil {
			r.broken.Store(true)
		}
		for _, p := range b.parts {
			p.ask.settle(b.err, p.count)
		}
	}
}

// reloaded gives the writer to go on with: the same, or after a failed commit one
// made anew from what is on the disk; nil where the disk cannot be read or written.
func (r *Replica) reloaded(w *writer) *writer {
	if w != nil && !r.broken.Load() {
		return w
	}
	idle := make(chan struct{})
	r.batches <- &batch{idle: idle}
	<-idle // nothing is on its way to the disk now
	fresh, err := r.load()
	if err == nil {
		err = r.disk.Rewrite() // before anybody is told that what was read is saved
	}
	if err != nil {
		r.options.Log.Error("reading the record again and syncing it failed", "error", err)
		return nil
	}
	r.broken.Store(false)
	r.publish(fresh.state.View(), nil)
	return fresh
}

// refuseRest answers those who still wait when the replica is closed.
func (r *Replica) refuseRest() {
	for {
		select {
		case a := <-r.asks:
			a.settle(ErrClosed, len(a.items))
		default:
			return
		}
	}
}

// settle notes that count items of the ask are done with, well or not.
func (a *ask) settle(err error, count int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.err = err
	}
	if a.left -= count; a.left == 0 {
		close(a.done)
	}
}

func (a *ask) result() ([]moot.Outcome, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.outcomes, a.err
}

func (a *ask) settled() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.left == 0
}
