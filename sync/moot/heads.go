package moot

import (
	"bytes"
	"slices"

	"folkmoot/sync/oplog"
)

// heads keeps the acts on one thing; those that no other act replaces are its
// heads. It is a pure function of the set of acts: an act may come before the
// one that it replaces.
type heads[T any] map[oplog.ItemID]headAct[T]

type headAct[T any] struct {
	act      T
	cid      oplog.ItemID
	stamp    Stamp
	replaces []oplog.ItemID
}

// add takes an act in. The same act in two logs (one item sent to two hubs)
// counts once, as the log with the smaller stamp has it.
func (h heads[T]) add(act T, e oplog.Entry, replaces []oplog.ItemID) {
	stamp := stampOf(e, 0)
	if old, ok := h[e.CID]; ok && old.stamp.Compare(stamp) <= 0 {
		return
	}
	h[e.CID] = headAct[T]{act: act, cid: e.CID, stamp: stamp, replaces: replaces}
}

// current gives the acts that no other act replaces, oldest first.
func (h heads[T]) current() []headAct[T] {
	if len(h) == 0 {
		return nil
	}
	replaced := map[oplog.ItemID]bool{}
	for _, a := range h {
		for _, r := range a.replaces {
			if r != a.cid {
				replaced[r] = true
			}
		}
	}
	var out []headAct[T]
	for _, a := range h {
		if !replaced[a.cid] {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(x, y headAct[T]) int {
		if c := x.stamp.Compare(y.stamp); c != 0 {
			return c
		}
		return bytes.Compare(x.cid[:], y.cid[:])
	})
	return out
}
