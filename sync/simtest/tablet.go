package simtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

// hubs gives the nodes that phones talk to.
func (w *world) hubs() []*node {
	var out []*node
	for _, n := range w.nodes {
		if !n.tablet {
			out = append(out, n)
		}
	}
	return out
}

func (w *world) hub(i int) *node {
	hubs := w.hubs()
	return hubs[i%len(hubs)]
}

// tabletAt gives a tablet, nil where there is none.
func (w *world) tabletAt(i int) *node {
	var tablets []*node
	for _, n := range w.nodes {
		if n.tablet {
			tablets = append(tablets, n)
		}
	}
	if len(tablets) == 0 {
		return nil
	}
	return tablets[i%len(tablets)]
}

// reach says whether one node gets through to another: tablets talk to hubs only, and a
// hub refuses whom it knows to be unpaired.
func (w *world) reach(a, b *node) bool {
	if a == b || a.tablet && b.tablet || a.away || b.away || w.apart[pairOf(a, b)] {
		return false
	}
	return !a.refuses(b) && !b.refuses(a)
}

// refuses says whether a node was unpaired as a device, and this one knows.
func (n *node) refuses(other *node) bool {
	if other.barred == (oplog.ReplicaID{}) {
		return false
	}
	for _, u := range n.record.View().Unpaired() {
		if u.Replica == other.barred {
			return true
		}
	}
	return false
}

// tabletEvent lets something happen that has to do with tablets and with hubs that stand in
// for each other.
func (w *world) tabletEvent(e Event, random *rand.Rand) error {
	t, hub := w.tabletAt(e.A), w.hub(e.B)
	switch e.Do {
	case "tablet":
		return w.joinTablet(w.hub(e.A), random)
	case "follow":
		if a := w.hub(e.A); a != hub {
			a.follower = hub
		}
		return nil
	case "die":
		return w.die(w.hub(e.A))
	case "sit":
		if t := w.tabletAt(e.B); t != nil {
			return w.person(e.A).sit(w, t, random)
		}
		return nil
	case "unpair":
		if n := w.node(e.A); n != hub {
			return w.unpair(hub, n)
		}
		return nil
	case "pair":
		w.node(e.A).barred = oplog.ReplicaID{}
		return nil
	}
	if t == nil {
		return nil
	}
	switch e.Do {
	case "away":
		t.away = !t.away
	case "rogue":
		return w.rogue(t, hub)
	case "amid":
		return w.unpairAmid(t, hub, random)
	}
	return nil
}

// joinTablet pairs a new tablet with a hub. Its clock is up to an hour from the hub's.
func (w *world) joinTablet(hub *node, random *rand.Rand) error {
	if len(w.nodes) >= maxNodes-1 {
		return nil
	}
	t := w.newNode()
	t.tablet = true
	t.offset.Store(hub.offset.Load() + int64(random.IntN(7_200_000)) - 3_600_000)
	if err := t.create(); err != nil {
		return err
	}
	if !w.reach(t, hub) {
		return nil // it will hear of the session later
	}
	err := t.exchange(hub)
	var refusal *peer.Refusal
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}

// sit lets a person answer some things on a tablet, with the tablet's clock; nothing of it
// waits anywhere: what the tablet took is in its record.
func (p *person) sit(w *world, t *node, random *rand.Rand) error {
	token := sha256.Sum256(fmt.Appendf(nil, "sitting %s", w.cid()))
	page := &page{token: token, known: map[cell]uint64{}}
	for range 1 + random.IntN(4) {
		w.now.Add(200 + int64(random.IntN(4000)))
		did := p.choose(w, t.record.View(), random)
		if did == nil {
			continue
		}
		did.device, did.at = t.device(), t.now().UnixMilli()
		did.rev = max(p.held(t.record.View(), did.cell)+1, uint64(max(did.at, 0)))
		did.order = len(p.taps)
		p.taps = append(p.taps, did)
		reread := t.record.Health().Err != nil // its disk may hold more than is known
		for range 3 {                          // the tablet tries again by itself
			outcomes, err := p.post(w, page, t, []*tap{did})
			if errors.Is(err, replica.ErrAgain) {
				reread = true
				continue
			}
			if err == nil && outcomes[0].Stale != nil && !reread {
				err = fmt.Errorf("I5: revision %d of an answer on tablet %d was called stale, which holds %d", did.rev, t.number, outcomes[0].Stale.Rev)
			}
			if err == nil {
				err = p.settle(w, page, t, []*tap{did}, outcomes)
			}
			if err != nil {
				return fmt.Errorf("person %d on tablet %d: %w", p.number, t.number, err)
			}
			break
		}
	}
	return nil
}

// device names what a tap was made on: a device that went back to an older copy of itself
// does not know any more what was answered on it.
func (n *node) device() string { return fmt.Sprintf("tablet %d, life %d", n.number, n.life) }

// held gives the revision that a record holds of a person's cell, 0 for none.
func (p *person) held(view *moot.View, c cell) uint64 {
	who := view.Person(p.id)
	switch {
	case who == nil:
		return 0
	case c.kind == "name":
		return who.Rev(moot.PersonName)
	case c.kind == "vote":
		return max(who.Vote(c.statement).Stamp.Rev, who.Late()[c.statement].Stamp.Rev)
	}
	return 0
}

// unpair has a hub unpair a device, which it refuses from then on.
func (w *world) unpair(hub, n *node) error {
	if hub.ill() || n.record.Own() == hub.record.Own() {
		return nil
	}
	log := n.record.Own()
	if err := hub.record.Unpair(context.Background(), log); errors.Is(err, replica.ErrAgain) {
		return nil // it waits a while after failures
	} else if err != nil {
		return fmt.Errorf("unpair node %d at %d: %w", n.number, hub.number, err)
	}
	n.barred = log
	return nil
}

// ill says whether a node's disk fails, or holds what was never synced.
func (n *node) ill() bool { return n.failing > 0 || n.memory != nil && n.memory.Unsynced() }

// rogue lets whoever holds a tablet's key sign that a hub, and every other device that it
// knows, was unpaired before anything.
func (w *world) rogue(t, hub *node) error {
	if t.ill() {
		return nil
	}
	heads, err := t.record.Heads()
	if err != nil {
		return err
	}
	for _, r := range append(heads.Replicas(), hub.record.Own()) {
		if _, err := t.record.Do(context.Background(), moot.Item{CID: w.cid(), Payload: &moot.Unpair{Replica: r, Seq: 0, At: 1}}); err != nil && !errors.Is(err, replica.ErrAgain) {
			return fmt.Errorf("rogue tablet %d: %w", t.number, err)
		}
	}
	return nil
}

// unpairAmid has a hub unpair a tablet while it brings what it has.
func (w *world) unpairAmid(t, hub *node, random *rand.Rand) error {
	if !w.reach(t, hub) || hub.ill() || t.ill() {
		return nil
	}
	left := 1 + random.IntN(6)
	ask := direct(t, hub)
	_, err := t.side.ExchangeAs(context.Background(), hub.name(), func(ctx context.Context, q peer.Request) (peer.Response, error) {
		if left--; left == 0 {
			if err := w.unpair(hub, t); err != nil {
				return peer.Response{}, err
			}
		}
		if left < 0 { // what was under way still came through
			return peer.Response{}, errLost
		}
		return ask(ctx, q)
	}, nil)
	var refusal *peer.Refusal
	if err != nil && !errors.Is(err, errLost) && !errors.As(err, &refusal) {
		return fmt.Errorf("tablet %d and hub %d: %w", t.number, hub.number, err)
	}
	return nil
}
