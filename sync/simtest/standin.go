package simtest

import (
	"fmt"
	"strings"

	"folkmoot/sync/moot"
	"folkmoot/sync/replica/replicatest"
)

// step brings what a hub has taken to the one that follows it, before a screen says
// "saved". Where it cannot, the follower is behind, and the hub says so all the same.
func (w *world) step(hub *node) {
	f := hub.follower
	if f == nil || f.ill() || !w.reach(hub, f) {
		return
	}
	if err := f.exchange(hub); err != nil {
		return
	}
	mine, _ := hub.record.Heads()
	theirs, _ := f.record.Heads()
	for log, head := range mine {
		if theirs[log] != head {
			return
		}
	}
	w.stepped = f
}

// die takes a hub's disk away for good. Whoever follows it takes over, with its people,
// whose open pages go on where they stopped; the machine comes back with nothing.
func (w *world) die(n *node) error {
	if len(w.hubs()) < 2 || n.ill() || n.memory == nil {
		return nil
	}
	n.record.Close()
	n.life++
	before := n.cids()
	n.memory, n.backup = replicatest.NewDisk(), nil
	n.newKey()
	if err := w.forgive(n, before); err != nil {
		return err
	}
	if err := n.open(false); err != nil {
		return err
	}
	next := n.follower
	if n.follower = nil; next == nil || next == n {
		return nil
	}
	for _, p := range w.people {
		if p.at == n {
			p.at, p.pages[next] = next, p.page(w, n)
			delete(p.pages, n)
		}
	}
	rev := next.record.View().Session.Rev(moot.Lead) + 1
	return w.do(next, &moot.SetField{Field: moot.Lead, Value: strings.Repeat(fmt.Sprintf("%02x", next.number+1), 16), Rev: rev})
}
