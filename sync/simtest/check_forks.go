package simtest

import (
	"fmt"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// checkForks wants every difference between two nodes' logs to be known, and none at all
// where a branch was named that somebody holds; and no split where no device was copied
// together with its key (I9).
func (w *world) checkForks(view *moot.View) error {
	if len(view.Splits) > 0 && !w.copied {
		return fmt.Errorf("I9: log %s has split though nobody copied its device", view.Splits[0].Replica)
	}
	for i, a := range w.nodes {
		for _, b := range w.nodes[i+1:] {
			// Copies that nobody brings together show once both have written.
			if a.record.Own() == b.record.Own() && w.meets(a, b) {
				return fmt.Errorf("I9: nodes %d and %d write one log", a.number, b.number)
			}
		}
	}
	logs := w.logs()
	for i, a := range logs {
		for j, b := range logs[i+1:] {
			for r, mine := range a {
				if err := differ(view, r, mine, b[r]); err != nil {
					return fmt.Errorf("nodes %d and %d: %w", i, i+1+j, err)
				}
			}
			for r, theirs := range b {
				if a[r] == nil {
					if err := differ(view, r, nil, theirs); err != nil {
						return fmt.Errorf("nodes %d and %d: %w", i, i+1+j, err)
					}
				}
			}
		}
	}
	return nil
}

func differ(view *moot.View, r oplog.ReplicaID, mine, theirs []oplog.Entry) error {
	known, open := uint64(0), false
	for _, sp := range view.Splits {
		if sp.Replica == r {
			if known == 0 {
				known = sp.Seq
			}
			open = open || !sp.Counts()
		}
	}
	for k := range min(len(mine), len(theirs)) {
		if mine[k].Hash() == theirs[k].Hash() {
			continue
		}
		if known == 0 || known > uint64(k+1) {
			return fmt.Errorf("I9: two branches of log %s from entry %d on, and nobody knows", r, k+1)
		}
		if !open {
			return fmt.Errorf("I9: two branches of log %s from entry %d on though one was named", r, k+1)
		}
		return nil
	}
	if len(mine) != len(theirs) && known == 0 {
		return fmt.Errorf("I4: log %s is held to %d here and to %d there", r, len(mine), len(theirs))
	}
	return nil
}
