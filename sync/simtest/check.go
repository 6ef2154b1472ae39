package simtest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// check looks at the healed world.
func (w *world) check() error {
	union, err := w.union()
	if err != nil {
		return err
	}
	state, err := w.fold(union)
	if err != nil {
		return err
	}
	view := state.View()
	for _, n := range w.nodes {
		if got := n.record.View().Digest(); got != view.Digest() {
			return fmt.Errorf("I4: node %d has digest %.8s, all entries together %.8s", n.number, got, view.Digest())
		}
		if err := errors.Join(w.checkRows(n), w.checkLogs(n)); err != nil {
			return fmt.Errorf("node %d: %w", n.number, err)
		}
	}
	return errors.Join(w.checkForks(view), w.checkEnds(view), w.checkNothingAfterEnds(view, union), w.checkSaved(union), w.checkAnswers(view, union), w.checkNames(view))
}

// logs gives every entry of every node, by node and log.
func (w *world) logs() []map[oplog.ReplicaID][]oplog.Entry {
	out := make([]map[oplog.ReplicaID][]oplog.Entry, len(w.nodes))
	for i, n := range w.nodes {
		out[i] = map[oplog.ReplicaID][]oplog.Entry{}
		oplog.All(n.disk(), func(e oplog.Entry) bool {
			out[i][e.Replica] = append(out[i][e.Replica], e)
			return true
		})
	}
	return out
}

// union gives the entries of all nodes together: of a log that is split, the branch that
// was named. Nodes may differ about no other log.
func (w *world) union() ([]oplog.Entry, error) {
	best, counts := map[oplog.ReplicaID][]oplog.Entry{}, map[oplog.ReplicaID]bool{}
	for i, logs := range w.logs() {
		splits := map[oplog.ReplicaID]bool{} // whether what is held counts
		for _, sp := range w.nodes[i].record.View().Splits {
			ok, seen := splits[sp.Replica]
			splits[sp.Replica] = (ok || !seen) && (sp.Counts() || sp.Held == oplog.Hash{})
		}
		for r, log := range logs {
			ok, split := splits[r]
			ok = ok || !split
			if old := best[r]; old == nil || ok && !counts[r] || ok == counts[r] && len(log) > len(old) {
				best[r], counts[r] = log, ok
			}
		}
	}
	var out []oplog.Entry
	for _, r := range sortedLogs(best) {
		out = append(out, best[r]...)
	}
	return out, nil
}

func sortedLogs(logs map[oplog.ReplicaID][]oplog.Entry) []oplog.ReplicaID {
	heads := oplog.Heads{}
	for r := range logs {
		heads[r] = oplog.Head{}
	}
	return heads.Replicas()
}

// fold gives the state of entries in an order that no node has seen.
func (w *world) fold(entries []oplog.Entry) (*moot.State, error) {
	mixed := append([]oplog.Entry(nil), entries...)
	random := rand.New(rand.NewPCG(w.seed, 4))
	random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	return moot.Fold(w.session, func(apply func(oplog.Entry) error) error {
		for _, e := range mixed {
			if err := apply(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkRows compares a node's rows with those that its entries give (I7).
func (w *world) checkRows(n *node) error {
	state, err := moot.Fold(w.session, func(apply func(oplog.Entry) error) error {
		var failed error
		err := oplog.All(n.disk(), func(e oplog.Entry) bool { failed = apply(e); return failed == nil })
		return errors.Join(err, failed)
	})
	if err != nil {
		return fmt.Errorf("I7: %w", err)
	}
	change, err := replica.Differences(n.disk(), state)
	if err != nil {
		return fmt.Errorf("I7: %w", err)
	}
	if !change.Empty() {
		return fmt.Errorf("I7: %d rows are not those of the entries, first %s %x", len(change.Rows), change.Rows[0].Table, change.Rows[0].Key)
	}
	return nil
}

// checkLogs follows the chains, with every signature in a share of the worlds, and wants
// an item in a log once only (I6).
func (w *world) checkLogs(n *node) error {
	chain := oplog.NewChain(w.session)
	once := map[[32]byte]bool{}
	var failed error
	err := oplog.All(n.disk(), func(e oplog.Entry) bool {
		check := chain.Link
		if w.seed%8 == 0 {
			check = chain.Next
		}
		failed = check(e)
		var key [32]byte
		copy(key[:], e.Replica[:])
		copy(key[16:], e.CID[:])
		if rule := e.Kind == "fork" || e.Kind == "branch" || e.Kind == "unlink" || e.Kind == "unpair"; once[key] && !rule {
			failed = errors.Join(failed, fmt.Errorf("I6: item %s (%s) stands twice in log %s", e.CID, e.Kind, e.Replica))
		}
		once[key] = true
		return failed == nil
	})
	return errors.Join(err, failed, w.checkReceipts(n))
}

// checkReceipts wants every receipt to stand for an entry that is there: who sends again
// would hear that it is saved.
func (w *world) checkReceipts(n *node) error {
	there, view := map[moot.Receipt]oplog.ItemID{}, n.record.View()
	err := oplog.All(n.disk(), func(e oplog.Entry) bool {
		if afterEnd(view, e) {
			return true
		}
		there[moot.Receipt{Replica: e.Replica, Seq: e.Seq}] = e.CID
		return true
	})
	var failed error
	err = errors.Join(err, n.disk().Rows(moot.RowReceipt, func(row oplog.Row) bool {
		at, bad := moot.ReadReceipt(row.Value)
		at.Late = false
		if cid := there[at]; bad != nil || string(cid[:]) != row.Key {
			failed = fmt.Errorf("I6: item %x has a receipt and is not there, or does not count", row.Key)
		}
		return failed == nil
	}))
	return errors.Join(err, failed)
}

// checkSaved wants every item that a screen called saved in the record, or in quarantine
// as part of a branch that gave way (I1, I3).
func (w *world) checkSaved(union []oplog.Entry) error {
	there := map[oplog.ItemID]bool{}
	for _, e := range union {
		there[e.CID] = true
	}
	for _, n := range w.nodes {
		for cid := range n.cids() {
			there[cid] = true
		}
	}
	for cid := range w.saved {
		if !there[cid] && !w.lost[cid] {
			return fmt.Errorf("I1: item %s was called saved and is gone", cid)
		}
	}
	return nil
}

// checkAnswers wants a person's last answer to stand in every cell (I5), and every
// statement once.
func (w *world) checkAnswers(view *moot.View, union []oplog.Entry) error {
	counted, open := map[oplog.ItemID]bool{}, map[oplog.ItemID]bool{}
	for _, e := range union {
		if uncounted(view, e) {
			continue
		}
		counted[e.CID] = true
		// An item that went to two hubs may be late by one of them only, whose log may be
		// the one that gave way: it is late where every copy that counts is.
		if p, err := moot.Decode(e.Kind, e.Schema, e.Payload); err == nil {
			v, ok := p.(*moot.SetVote)
			open[e.CID] = open[e.CID] || ok && v.Open
		}
	}
	for _, p := range w.people {
		last := map[string]*tap{} // by cell, device, and whether it was late
		for _, t := range p.taps {
			if t.saved && counted[t.cid] && !w.lost[t.cid] {
				last[fmt.Sprint(t.cell, t.device, t.kind == "vote" && !open[t.cid])] = t
			}
		}
		for _, t := range last {
			if err := p.stands(view, t, t.kind == "vote" && !open[t.cid]); err != nil {
				return fmt.Errorf("person %d: %w", p.number, err)
			}
		}
	}
	return nil
}

// uncounted says whether an entry stands after a split of which its branch was not named,
// or after the end of a log.
func uncounted(view *moot.View, e oplog.Entry) bool {
	if afterEnd(view, e) {
		return true
	}
	for _, sp := range view.Splits {
		if sp.Replica == e.Replica && sp.Seq <= e.Seq && sp.Held != (oplog.Hash{}) && !sp.Counts() {
			return true
		}
	}
	return false
}

// stands says whether a tap, or a later one of the same cell, is what the view shows.
func (p *person) stands(view *moot.View, t *tap, late bool) error {
	who := view.Person(p.id)
	switch {
	case t.kind == "statement":
		if s := view.Statement(t.statement); s == nil || s.Text != t.text {
			return fmt.Errorf("I1: statement %s was saved and is not there", t.statement)
		}
		return nil
	case t.kind == "name" && view.Unlinked:
		return nil
	case who == nil:
		return fmt.Errorf("I1: nobody of this id is there, with %s saved", t.cid)
	case t.kind == "name":
		return p.decided(t, who.Rev(moot.PersonName), who.Get(moot.PersonName))
	}
	held := who.Vote(t.statement)
	if late {
		held = who.Late()[t.statement]
	}
	return p.decided(t, held.Stamp.Rev, held.Value.String())
}

// decided compares what a cell holds with the taps: it must be t or one after it on the
// same device, or one of another device with no smaller revision: whose clocks differ. One
// that had to go above another device's clock may stand against a later one too, which was
// given where nobody knew of either.
func (p *person) decided(t *tap, rev uint64, value string) error {
	for _, other := range p.taps {
		want := other.text
		if other.kind == "vote" {
			want = other.vote.String()
		}
		after := other.order >= t.order
		if other.device != t.device || other.raised() {
			after = after && other.device == t.device || other.rev >= t.rev
		}
		if other.cell == t.cell && other.rev == rev && after && want == value {
			return nil
		}
	}
	return fmt.Errorf("I5: %s %s is %q of revision %d; the answer of revision %d was saved last", t.kind, t.statement, value, rev, t.rev)
}

// checkNames wants no name anywhere once they were erased (I14).
func (w *world) checkNames(view *moot.View) error {
	if !view.Unlinked {
		return nil
	}
	for _, n := range w.nodes {
		var failed error
		oplog.All(n.disk(), func(e oplog.Entry) bool {
			if e.Class == oplog.Personal && !e.Redacted() {
				failed = fmt.Errorf("I14: node %d keeps the name in entry %d of %s", n.number, e.Seq, e.Replica)
			}
			return failed == nil
		})
		if failed != nil {
			return failed
		}
		for _, p := range w.people {
			for _, t := range p.taps {
				for _, bad := range n.bad() {
					if t.kind == "name" && bytes.Contains(bad.Data, []byte(t.text)) {
						return fmt.Errorf("I14: node %d keeps a name in quarantine", n.number)
					}
				}
			}
		}
	}
	return nil
}
