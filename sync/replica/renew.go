package replica

import (
	"context"
	"fmt"
	"io"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// renewed makes the state anew after an entry that changed what others mean.
func (r *Replica) renewed() (*writer, error) {
	w, err := r.ready()
	if err != nil {
		r.fault("making the state anew failed", err)
		return nil, fmt.Errorf("replica: make the state anew: %w (%w)", ErrAgain, err)
	}
	r.publish(w.state.View(), nil)
	return w, nil
}

// ready reads the record and brings into line with it all that follows from it.
func (r *Replica) ready() (*writer, error) {
	w, err := r.load()
	if err == nil {
		err = r.mend(w)
	}
	if err == nil {
		err = r.leaveSplitLog(w)
	}
	return w, err
}

// leaveSplitLog goes on under a new key where this device's own log has split: nothing
// that it writes there would count. Error: ErrAgain where key or entry cannot be written.
func (r *Replica) leaveSplitLog(w *writer) error {
	if len(w.state.Splits(w.pen.Replica())) == 0 {
		return nil
	}
	if r.options.NewKey == nil {
		w.ended = true
		return nil
	}
	b := &batch{}
	err := r.renewKey(w, b, "another device wrote with this device's key")
	if err == nil {
		b.Rows = append(b.Rows, w.state.TakeRows()...)
		err = r.disk.Commit(b.Change)
	}
	if err != nil {
		return fmt.Errorf("replica: leave a log that has split: %w (%w)", ErrAgain, err)
	}
	r.committed(b.Entries)
	return nil
}

// Renew goes on under a new key, and notes why. Errors: those of Do, and what
// Options.NewKey gives.
func (r *Replica) Renew(ctx context.Context, why string) error {
	_, err := r.ask(ctx, &ask{left: 1, act: func(w *writer, b *batch) error { return r.renewKey(w, b, why) }})
	return err
}

// write1 writes an act of the replica's own.
func (r *Replica) write1(w *writer, b *batch, item moot.Item) error {
	out, err := w.take(b, item)
	if err == nil && out.Refusal != nil {
		err = out.Refusal
	}
	return err
}

// renewKey goes on under a new key, since somebody else has the present one.
func (r *Replica) renewKey(w *writer, b *batch, why string) error {
	if r.options.NewKey == nil {
		return fmt.Errorf("replica: %s: %w", why, oplog.ErrKey)
	}
	old := w.pen.Replica()
	key, err := r.options.NewKey()
	if err != nil {
		return fmt.Errorf("replica: make a new key: %w", err)
	}
	r.options.Key = key
	r.setOwn(key)
	w.pen = oplog.NewWriter(r.options.Session, key, oplog.Head{}, w.clock, r.options.Random)
	var cid oplog.ItemID
	if _, err := io.ReadFull(r.options.Random, cid[:]); err != nil {
		return fmt.Errorf("replica: make an id: %w", err)
	}
	at := uint64(w.now().UnixMilli())
	return r.write1(w, b, moot.Item{CID: cid, Payload: &moot.Audit{What: "key", Detail: fmt.Sprintf("%s; the log %s is not continued", why, old), At: at}})
}
