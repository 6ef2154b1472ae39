package replica

import (
	"context"
	"crypto/sha256"
	"fmt"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Obey takes what a peer knows about which entries count: forks of logs, the branches
// that were named, devices that were unpaired, and that names were erased. What is not known here is written as an
// act of this device, since the peer's may stand in a log that cannot be taken; proofs
// are checked before. A participants' tablet writes proofs only. It gives how many acts that were, 0 with an error. Errors: those of
// Do.
func (r *Replica) Obey(ctx context.Context, told moot.Rules) (int, error) {
	if !r.View().Rules.Lacks(told) {
		return 0, nil
	}
	news := 0 // the writer's, until it says that it is done
	_, err := r.ask(ctx, &ask{left: 1, act: func(w *writer, b *batch) error {
		for _, act := range w.state.News(told) {
			if w.role == oplog.RoleTablet && !moot.TabletMay(act) {
				continue // it counts in the log of who said so, which comes by itself
			}
			item := ruleItem(act)
			if unlink, ok := act.(*moot.Unlink); ok {
				unlink.At = uint64(w.now().UnixMilli())
			}
			out, err := w.take(b, item)
			if err != nil {
				return err
			}
			if out.Refusal == nil {
				news++
			}
		}
		return nil
	}})
	if err != nil {
		return 0, err
	}
	return news, nil
}

// ruleItem gives the act that records a rule. Whoever knows the same makes the same
// item, so that it counts once.
func ruleItem(act moot.Payload) moot.Item {
	sum := sha256.New()
	sum.Write([]byte(act.Kind()))
	switch act := act.(type) {
	case *moot.Fork:
		for _, h := range act.Proof.Hashes() {
			sum.Write(h[:])
		}
	case *moot.Branch:
		fmt.Fprintf(sum, "%s %d %s %d", act.Replica, act.Seq, act.Hash, act.Rev)
	case *moot.Unpair:
		sum.Write(act.Said.Entry)
	}
	return moot.Item{CID: oplog.ItemID(sum.Sum(nil)[:16]), Payload: act}
}

// letGo gives up the branches that are held of a log where the one that was named comes
// in: not before, so that there is always one of them. What they say about which
// entries count is kept.
func (in *incoming) letGo(w *writer) error {
	again := false
	for _, e := range in.entries {
		for _, sp := range w.state.Splits(e.Replica) {
			if sp.Seq != e.Seq || sp.Named != e.Hash() || sp.Held == (oplog.Hash{}) || sp.Held == sp.Named {
				continue
			}
			if err := in.keepRules(w, sp); err != nil {
				return err
			}
			if err := in.replica.disk.Cut(sp.Replica, sp.Seq); err != nil {
				return fmt.Errorf("replica: let go of a branch: %w (%w)", ErrAgain, err)
			}
			again = true
			break
		}
	}
	if !again {
		return nil
	}
	fresh, err := in.replica.ready()
	if err != nil {
		return fmt.Errorf("replica: let go of a branch: %w (%w)", ErrAgain, err)
	}
	*w = *fresh
	return nil
}

// keepRules writes the rules that stand in a branch once more, into this device's log.
func (in *incoming) keepRules(w *writer, sp moot.Split) error {
	var items []moot.Item
	err := in.replica.disk.Entries(sp.Replica, sp.Seq, func(e oplog.Entry) bool {
		if p, err := moot.Decode(e.Kind, e.Schema, e.Payload); err == nil {
			if item, ok := w.keepRule(e, p); ok {
				items = append(items, item)
			}
		}
		return true
	})
	if err != nil || len(items) == 0 {
		return err
	}
	b := &batch{}
	for _, item := range items {
		if _, err := w.write(b, item); err != nil {
			return err
		}
	}
	b.Rows = append(b.Rows, w.state.TakeRows()...)
	if err := in.replica.disk.Commit(b.Change); err != nil {
		return fmt.Errorf("replica: keep what a branch says: %w (%w)", ErrAgain, err)
	}
	return nil
}

// keepRule gives the item that keeps a rule which stands in an entry, false for what is
// none, or is not heard.
func (w *writer) keepRule(e oplog.Entry, p moot.Payload) (moot.Item, bool) {
	if w.state.Powerless(e.Replica, p) {
		return moot.Item{}, false
	}
	switch p := p.(type) {
	case *moot.Fork, *moot.Unlink:
		return moot.Item{CID: e.CID, Payload: p}, true
	case *moot.Branch:
		return moot.Item{CID: e.CID, Payload: p}, w.state.Heeds(e)
	case *moot.Unpair:
		if p.Said != nil {
			return moot.Item{CID: e.CID, Payload: p}, true
		}
		data, err := e.Encode()
		said := *p
		said.Said = &moot.Said{Key: w.chain.Key(e.Replica), Entry: data}
		return ruleItem(&said), err == nil
	}
	return moot.Item{}, false
}
