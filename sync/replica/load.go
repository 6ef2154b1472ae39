package replica

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"maps"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// load reads the whole record and gives a writer that goes on after it.
func (r *Replica) load() (*writer, error) {
	heads, err := r.disk.Heads()
	if err != nil {
		return nil, fmt.Errorf("replica: read heads: %w", err)
	}
	w := &writer{now: r.options.Now, name: r.options.Name, role: r.options.role(), device: r.options.Device, disk: r.disk, low: &r.low}
	own := oplog.ReplicaOf(r.options.Key.Public().(ed25519.PublicKey))
	var last, others oplog.Time
	bare := map[Place]struct{}{}
	w.state, err = moot.Fold(r.options.Session, func(apply func(oplog.Entry) error) error {
		w.chain = oplog.NewChain(r.options.Session)
		var failed error
		err := oplog.All(r.disk, func(e oplog.Entry) bool {
			check := w.chain.Link
			if e.Seq == heads[e.Replica].Seq {
				check = w.chain.Next
			}
			if failed = check(e); failed == nil {
				failed = apply(e)
			}
			w.personal = w.personal || e.Class == oplog.Personal && !e.Redacted()
			if e.Redacted() {
				bare[Place{e.Replica, e.Seq}] = struct{}{}
			}
			switch {
			case e.Replica == own:
				last = e.Time
			case e.Time.Compare(others) > 0:
				others = e.Time
			}
			return failed == nil
		})
		if err == nil {
			err = failed
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("replica: read the record: %w", err)
	}
	if err := sameHeads(heads, w.chain.Heads()); err != nil {
		return nil, err
	}
	w.clock = oplog.NewClock(last)
	w.clock.Observe(others, uint64(r.options.Now().UnixMilli()))
	if earlier := r.view.Load(); earlier != nil {
		w.state.After(earlier)
	}
	w.state.Mark()
	w.pen = oplog.NewWriter(r.options.Session, r.options.Key, w.chain.Heads()[own], w.clock, r.options.Random)
	if w.state.Unlinked() {
		clear(bare)
	}
	if err := r.remember(w, bare); err != nil {
		return nil, err
	}
	r.setOwn(r.options.Key)
	return w, nil
}

// remember takes over what callers are answered from: tokens and keys.
func (r *Replica) remember(w *writer, bare map[Place]struct{}) error {
	tokens, err := r.disk.Tokens()
	if err != nil {
		return fmt.Errorf("replica: read tokens: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens = make(map[oplog.Hash]oplog.Token, len(tokens))
	for _, t := range tokens {
		r.tokens[t.Hash] = t
	}
	r.heads = maps.Clone(w.chain.Heads())
	r.bare = bare
	r.keys = map[oplog.ReplicaID]ed25519.PublicKey{}
	for id := range w.chain.Heads() {
		r.keys[id] = w.chain.Key(id)
	}
	return nil
}

// sameHeads compares what was read with the heads that the disk keeps apart, so
// that a cut-off tail is seen.
func sameHeads(kept, read oplog.Heads) error {
	for id, head := range kept {
		if read[id] != head {
			return fmt.Errorf("replica: log of %s ends at entry %d, not at %d as it should: %w", id, read[id].Seq, head.Seq, oplog.ErrGap)
		}
	}
	return nil
}

// mend brings everything that follows from the entries into line with them: rows,
// receipts, and that erased names are gone. Error: ErrAgain where the disk does not
// take it.
func (r *Replica) mend(w *writer) error {
	if w.personal && w.state.Unlinked() {
		if err := r.disk.Erase(); err != nil {
			return fmt.Errorf("replica: erase names: %w (%w)", ErrAgain, err)
		}
		w.personal = false
	}
	change, err := Differences(r.disk, w.state)
	if err != nil {
		return err
	}
	if change.Empty() {
		return nil
	}
	r.options.Log.Debug("parts of the state were written anew from the record", "rows", len(change.Rows))
	if err := r.disk.Commit(change); err != nil {
		return fmt.Errorf("replica: mend: %w (%w)", ErrAgain, err)
	}
	return nil
}

// Differences compares rows and receipts of a disk with those that follow from its
// entries, of which state was made, and gives what has to be written to make them
// the same; nothing where all is well.
func Differences(disk Disk, state *moot.State) (oplog.Change, error) {
	var change oplog.Change
	want, rows := map[string]map[string][]byte{}, state.AllRows()
	for _, row := range rows {
		if want[row.Table] == nil {
			want[row.Table] = map[string][]byte{}
		}
		want[row.Table][row.Key] = row.Value
	}
	for _, table := range moot.Tables() {
		err := disk.Rows(table, func(row oplog.Row) bool {
			value, ok := want[table][row.Key]
			if !ok || !bytes.Equal(value, row.Value) {
				change.Rows = append(change.Rows, oplog.Row{Table: table, Key: row.Key, Value: value})
			}
			delete(want[table], row.Key)
			return true
		})
		if err != nil {
			return change, fmt.Errorf("replica: read rows: %w", err)
		}
	}
	for _, row := range rows {
		if _, missing := want[row.Table][row.Key]; missing {
			change.Rows = append(change.Rows, row)
		}
	}
	return change, differingReceipts(disk, state, &change)
}

func differingReceipts(disk Disk, state *moot.State, change *oplog.Change) error {
	want := map[oplog.ItemID]moot.Receipt{}
	err := oplog.All(disk, func(e oplog.Entry) bool {
		if end, cut := state.Cut(e.Replica); cut && e.Seq > end {
			return true
		}
		at := moot.ReceiptOf(e)
		if old, ok := want[e.CID]; !ok || at.Before(old) {
			want[e.CID] = at
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("replica: read the record: %w", err)
	}
	err = disk.Rows(moot.RowReceipt, func(row oplog.Row) bool {
		cid := oplog.ItemID([]byte(row.Key))
		at, ok := want[cid]
		if delete(want, cid); !ok { // of a branch that was let go, or an unpaired device: who asks again must not hear that it is saved
			change.Rows = append(change.Rows, oplog.Row{Table: row.Table, Key: row.Key})
		} else if right := at.Row(cid); !bytes.Equal(right.Value, row.Value) {
			change.Rows = append(change.Rows, right)
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("replica: read receipts: %w", err)
	}
	for cid, at := range want {
		change.Rows = append(change.Rows, at.Row(cid))
	}
	return nil
}
