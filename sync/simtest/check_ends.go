package simtest

import (
	"fmt"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// afterEnd says whether an entry stands in a log of an unpaired device, after its end.
func afterEnd(view *moot.View, e oplog.Entry) bool {
	end, cut := endOf(view, e.Replica)
	return cut && e.Seq > end
}

func endOf(view *moot.View, r oplog.ReplicaID) (uint64, bool) {
	for _, u := range view.Unpaired() {
		if u.Replica == r {
			return u.Seq, true
		}
	}
	return 0, false
}

// above gives how many entries of unpaired devices do not count.
func above(view *moot.View) (n uint64) {
	for _, u := range view.Unpaired() {
		n += u.Above
	}
	return n
}

// ending is an act that sets an end to a log, and where it stands.
type ending struct {
	by     oplog.ReplicaID
	number uint64
	of     oplog.ReplicaID
	seq    uint64
	told   bool // passed on
}

// endings gives the acts of all nodes that set ends, and which logs are tablets'.
func (w *world) endings() (acts []ending, tablets map[oplog.ReplicaID]bool) {
	tablets = map[oplog.ReplicaID]bool{}
	seen := map[oplog.Hash]bool{}
	for _, n := range w.nodes {
		oplog.All(n.disk(), func(e oplog.Entry) bool {
			if seen[e.Hash()] {
				return true
			}
			seen[e.Hash()] = true
			var pair oplog.Pair
			if e.Kind == oplog.KindPair && oplog.Unmarshal(e.Payload, &pair) == nil {
				tablets[e.Replica] = pair.Role == oplog.RoleTablet
			}
			if p, err := moot.Decode(e.Kind, e.Schema, e.Payload); err == nil {
				if u, ok := p.(*moot.Unpair); ok {
					acts = append(acts, endingOf(u, e))
				}
			}
			return true
		})
	}
	return acts, tablets
}

// endingOf gives the act with the place at which it was said, by whomever it was passed on.
func endingOf(u *moot.Unpair, e oplog.Entry) ending {
	if u.Said == nil {
		return ending{e.Replica, e.Seq, u.Replica, u.Seq, false}
	}
	if original, err := oplog.Decode(u.Said.Entry); err == nil {
		e = original
	}
	return ending{e.Replica, e.Seq, u.Replica, u.Seq, true}
}

// checkEnds wants every end to be one that a hub set which was paired when it did so, and
// every act of a hub that nobody unpaired, in a log that has not split, to hold (I9).
func (w *world) checkEnds(view *moot.View) error {
	acts, tablets := w.endings()
	for _, u := range view.Unpaired() {
		said := false
		for _, a := range acts {
			end, cut := endOf(view, a.by)
			said = said || a.of == u.Replica && a.seq == u.Seq && !tablets[a.by] && (!cut || a.number <= end)
		}
		if !said {
			return fmt.Errorf("I9: log %s ends at %d, which no hub said that was paired", u.Replica, u.Seq)
		}
	}
	for _, a := range acts {
		if _, cut := endOf(view, a.by); cut || tablets[a.by] || a.by == a.of || a.told {
			continue
		}
		if end, cut := endOf(view, a.of); !cut || end > a.seq {
			return fmt.Errorf("I9: entry %d of %s ends log %s at %d, and it goes on", a.number, a.by, a.of, a.seq)
		}
	}
	return nil
}

// checkNothingAfterEnds wants the state that all entries give to be the one that they give
// without those after the ends of logs, but for proofs, whose a log is, and what is never taken
// back (I9).
func (w *world) checkNothingAfterEnds(view *moot.View, union []oplog.Entry) error {
	if len(view.Unpaired()) == 0 {
		return nil
	}
	var rest []oplog.Entry
	for _, e := range union {
		if rule := e.Kind == oplog.KindPair || e.Kind == "fork" || e.Kind == "unlink" || e.Kind == "unpair"; rule || !afterEnd(view, e) {
			rest = append(rest, e)
		}
	}
	state, err := w.fold(rest)
	if err != nil {
		return err
	}
	if got := state.View(); got.Digest() != view.Digest() {
		return fmt.Errorf("I9: %d entries after the ends of logs count: %d votes, %d without them", len(union)-len(rest), view.Votes, got.Votes)
	}
	return nil
}
