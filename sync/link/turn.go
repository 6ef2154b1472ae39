package link

import (
	"context"
	"errors"
	"time"

	"folkmoot/sync/peer"
)

// Two devices that meet call each other at the same moment, and either call would move
// all that is missing, both ways. So one of them waits until the other one is done.
const (
	// turnSilence is how long after its last call with entries the other one is still at
	// it: it may be taking what that brought.
	turnSilence = 2 * time.Second
	// turnLimit is for how long one waits at the most, since a link that trickles never falls
	// silent: longer than a whole session takes over a fast one.
	turnLimit = 30 * time.Second
)

// errNotOurTurn ends an exchange that the other side is doing already.
var errNotOurTurn = errors.New("the other side moves the entries")

// moves says whether a call moves entries.
func moves(q *peer.Request) bool {
	return q.Call == peer.CallEntries || q.Call == peer.CallSnapshot || q.Call == peer.CallPush
}

// called notes that the peer moves entries by a call of its own, at the beginning of the
// call and at its end.
func (c *contact) called(q *peer.Request) {
	if !moves(q) {
		return
	}
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	c.movedAt = c.node.o.Now()
}

// moving says whether the peer is moving entries. A live call that waits here says that it
// is done. n.mu is held.
func (c *contact) moving() bool {
	return c.waiting == 0 && c.node.o.Now().Sub(c.movedAt) < turnSilence
}

// yields says whether this device leaves the moving of entries to the peer: where that was
// first, and of two that began at once the one whose id is greater. n.mu is held.
func (c *contact) yields(first bool) bool {
	return c.moving() && (first || c.node.o.Identity.ID() > c.row.ID())
}

// inTurn gives the asking of one exchange, which ends with errNotOurTurn where the peer is
// at it. patient is false for one that goes on regardless.
func (c *contact) inTurn(patient bool) peer.Ask {
	first := true
	return func(ctx context.Context, q peer.Request) (peer.Response, error) {
		if patient && moves(&q) {
			c.node.mu.Lock()
			yields := c.yields(first)
			c.node.mu.Unlock()
			if first = false; yields {
				return peer.Response{}, errNotOurTurn
			}
		}
		return c.ask(ctx, q)
	}
}

// awaitTurn waits until the peer has moved what it wants to, and says whether that was
// within the limit.
func (c *contact) awaitTurn(ctx context.Context) bool {
	limit := time.NewTimer(turnLimit)
	defer limit.Stop()
	look := time.NewTicker(turnSilence / 8)
	defer look.Stop()
	for {
		c.node.mu.Lock()
		changed, moving := c.node.changed, c.moving()
		c.node.mu.Unlock()
		if !moving {
			return true
		}
		select {
		case <-changed:
		case <-look.C:
		case <-limit.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
