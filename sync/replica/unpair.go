package replica

import (
	"context"
	"errors"
	"fmt"
	"io"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// ErrOwnLog: a device cannot unpair itself.
var ErrOwnLog = errors.New("a device cannot unpair itself")

// Unpair says that the device which writes a log is no longer one of the session's: of that
// log counts what is held here at the moment of the act, on every replica, and nothing that
// comes later. Where an end was set to the log already nothing is written. It may be a log of
// which nothing is held. Errors: ErrOwnLog, and those of Do.
func (r *Replica) Unpair(ctx context.Context, log oplog.ReplicaID) error {
	_, err := r.ask(ctx, &ask{left: 1, act: func(w *writer, b *batch) error { return r.unpair(w, b, log) }})
	return err
}

func (r *Replica) unpair(w *writer, b *batch, log oplog.ReplicaID) error {
	if log == w.pen.Replica() {
		return fmt.Errorf("replica: unpair %s: %w", log, ErrOwnLog)
	}
	held := w.chain.Heads()[log].Seq
	if end, cut := w.state.Cut(log); cut && end <= held {
		return nil
	}
	var cid oplog.ItemID
	if _, err := io.ReadFull(r.options.Random, cid[:]); err != nil {
		return fmt.Errorf("replica: make an id: %w", err)
	}
	return r.write1(w, b, moot.Item{CID: cid, Payload: &moot.Unpair{Replica: log, Seq: held, At: uint64(w.now().UnixMilli())}})
}

// unpaired says whether this device's own log has an end, above which nothing counts that
// it would write.
func (w *writer) unpaired() bool {
	_, cut := w.state.Cut(w.pen.Replica())
	return cut && !w.ended
}

// leaveUnpaired goes on under a new key where this device was unpaired: it may be paired
// again. Until then it is told apart by that, and loses nothing that it takes.
func (r *Replica) leaveUnpaired(w *writer) (*writer, error) {
	if r.options.NewKey == nil {
		w.ended = true
		return w, nil
	}
	b := &batch{}
	err := r.renewKey(w, b, "this device was unpaired")
	b.err = err // the committer may write to it from here on
	return r.send(w, b), err
}
