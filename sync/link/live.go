package link

import (
	"context"
	"net/http"
	"time"

	"folkmoot/sync/peer"
)

// liveFor is how long a live call waits for something to come.
const liveFor = 25 * time.Second

// serveLive waits until there is something that the caller lacks, and brings it. What the
// caller says it holds is on its disk: so it confirms what the call before brought.
func (n *Node) serveLive(w http.ResponseWriter, r *http.Request, c *contact) {
	var call LiveCall
	if !read(w, r, &call) {
		return
	}
	if !n.liveCall(c, call.Heads) {
		refuse(w, &peer.Refusal{Code: peer.SlowDown, Wait: uint64(time.Second.Milliseconds())})
		return
	}
	defer n.liveDone(c)
	limit := time.NewTimer(liveFor)
	defer limit.Stop()
	for {
		changed := n.o.Record.Changed()
		frames, apart, err := n.o.Side.Missing(call.Heads, c.pace.size())
		if err != nil {
			n.o.Log.Error("answer a peer", "error", err)
			refuse(w, &peer.Refusal{Code: peer.Reopening, Wait: uint64(time.Second.Milliseconds())})
			return
		}
		if len(frames) > 0 {
			c.pace.grow()
			answer(w, &LiveAnswer{Frames: frames, Apart: apart})
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			answer(w, &LiveAnswer{Apart: apart})
			return
		case <-r.Context().Done():
			return
		}
		if _, refusal := n.contactOf(c.key); refusal != nil { // sent away meanwhile
			refuse(w, refusal)
			return
		}
	}
}

// maxWaiting is how many live calls of a peer wait: one, and those that it has given up and
// of which that is not known here yet.
const maxWaiting = 8

// liveCall notes what a peer holds, and that it waits for more; false where too many of its
// calls do.
func (n *Node) liveCall(c *contact, heads []peer.LogHead) bool {
	own, err := n.o.Side.Heads()
	n.mu.Lock()
	defer n.mu.Unlock()
	if c.waiting >= maxWaiting {
		return false
	}
	c.theirs, c.liveAt = heads, n.o.Now()
	c.waiting++
	if err == nil {
		log := n.o.Record.Own()
		c.keepsUp(at(heads, log), at(own, log))
	}
	n.signal()
	return true
}

// at gives how far heads go in a log.
func at(heads []peer.LogHead, log [16]byte) uint64 {
	for _, h := range heads {
		if h.Replica == log {
			return h.Seq
		}
	}
	return 0
}

func (n *Node) liveDone(c *contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	c.waiting--
	c.liveAt = n.o.Now()
}

// listen fetches what the peer commits as it does, until something goes wrong.
func (c *contact) listen(ctx context.Context) error {
	for {
		heads, err := c.node.o.Side.Heads()
		if err != nil {
			return err
		}
		data, err := encode(&LiveCall{Heads: heads})
		if err != nil {
			return err
		}
		if data, err = post(ctx, c.client, pathLive, data, peer.MaxMessage, liveFor+callTimeout); err != nil {
			return err
		}
		var got LiveAnswer
		if err := decode(data, &got); err != nil {
			return err
		}
		c.node.mu.Lock()
		c.heard()
		c.node.mu.Unlock()
		if err := c.take(ctx, got); err != nil {
			return err
		}
	}
}

// take takes what a live call brought.
func (c *contact) take(ctx context.Context, got LiveAnswer) error {
	if got.Apart {
		if err := c.exchange(ctx); err != nil {
			return err
		}
	}
	if len(got.Frames) == 0 {
		return nil
	}
	received, err := c.node.o.Side.Receive(ctx, string(c.id), got.Frames)
	switch {
	case err != nil: // the own disk: the next call asks for the same
		rest(ctx, time.Second)
	case received.Bad > 0: // it would come again and again
		rest(ctx, compareEvery)
	case received.Held == len(got.Frames): // also our own, which the peer got meanwhile: the next call says so
	case received.New == 0: // nothing can be taken before something else comes
		rest(ctx, time.Second)
		return c.exchange(ctx)
	}
	return nil
}
