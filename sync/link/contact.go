package link

import (
	"context"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// How long things take. A room's network answers in milliseconds, so what is silent for
// seconds is gone. These are shorter in tests.
var (
	// greetEvery is how often peers tell each other how they do.
	greetEvery = 3 * time.Second
	// silence is how long a peer may say nothing until it is out of reach.
	silence = 8 * time.Second
	// doubt is the same where it could not be reached just now.
	doubt = 2 * time.Second
	// compareEvery is how often everything is compared, whatever was heard.
	compareEvery = 15 * time.Second
	// firstRetry doubles with each failure up to lastRetry.
	firstRetry = 250 * time.Millisecond
	lastRetry  = 3 * time.Second
	// writeEvery is how long what peers say of themselves is gathered until it is written.
	writeEvery = time.Second
	// askEvery is how often a device that asks to be paired looks whether it was let in.
	askEvery = 500 * time.Millisecond
	// readFor is how long the body of a call may take to come, and writeFor the answer to go.
	readFor, writeFor = 15 * time.Second, callTimeout
	// firstPenance is how long a backup that fell behind a second time has to keep up until it
	// is waited for again; it doubles each time up to lastPenance.
	firstPenance, lastPenance = 2 * time.Second, 30 * time.Second
)

const (
	// quiet and patience are for how long nothing may come over a connection until it is
	// asked whether it is alive, and for how long it may think about that.
	quiet    = 2 * time.Second
	patience = 3 * time.Second
	// gather is for how long commits are gathered before they are pushed.
	gather = 5 * time.Millisecond
)

// contact is what a Node knows of a peer, and how it talks to it. All but the client is
// guarded by Node.mu.
type contact struct {
	node    *Node
	id      DeviceID // never changes, like key
	key     ed25519.PublicKey
	row     Peer
	running bool
	stop    context.CancelFunc // ends run
	wake    chan struct{}      // try again now

	client *http.Client
	pace   pace

	seen     time.Time // when it was last heard of, in either direction
	away     time.Time // since when it is out of reach; zero while it is not
	greeting *Greeting
	told     bool          // that this device follows, as it said when it greeted last; of run's goroutine
	ahead    time.Duration // its clock against ours
	theirs   []peer.LogHead
	waiting  int       // live calls of its own that wait here
	liveAt   time.Time // when the last of them came or was answered
	movedAt  time.Time // when it last moved entries by a call of its own
	behind   bool      // it did not confirm in time, see Await
	catching uint64    // behind, but waited for again; in step once it holds our log so far
	fell     int       // how often it fell behind of late
	fellAt   time.Time // the last time
	refused  error     // why it does not talk to us, nil where it does
	compared bool      // everything it held at one time came here
}

func (n *Node) newContact(row Peer) *contact {
	c := &contact{node: n, id: row.ID(), key: row.Key, row: row, wake: make(chan struct{}, 1), behind: true}
	c.away = time.UnixMilli(int64(row.Seen))
	c.client = n.newClient(row.Key, c.candidates)
	return c
}

// holds gives up to which number the peer is known to hold a log. n.mu is held.
func (c *contact) holds(log oplog.ReplicaID) uint64 {
	for _, h := range c.theirs {
		if h.Replica == log {
			return h.Seq
		}
	}
	return 0
}

// here says whether the peer answered of late. n.mu is held.
func (c *contact) here() bool { return c.away.IsZero() }

// heard notes that the peer is there. n.mu is held.
func (c *contact) heard() {
	c.seen = c.node.o.Now()
	if !c.here() {
		c.away = time.Time{}
		c.node.signal()
		c.poke()
	}
}

// poke ends a pause between two tries.
func (c *contact) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// run calls the peer until ctx ends.
func (c *contact) run(ctx context.Context) {
	defer c.client.CloseIdleConnections()
	wait := firstRetry
	for ctx.Err() == nil {
		began := c.node.o.Now()
		err := c.visit(ctx)
		c.client.CloseIdleConnections()
		if c.node.o.Now().Sub(began) > lastRetry {
			wait = firstRetry
		}
		pause := wait - time.Duration(rand.Int64N(int64(wait/5)+1)) // so that a room does not come back all at once
		if c.failed(err) {
			pause = compareEvery
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-c.wake:
			wait = firstRetry
		case <-ctx.Done():
		}
		timer.Stop()
		wait = min(2*wait, lastRetry)
	}
}

// failed notes why a visit came to its end, and says whether the peer does not talk to
// this device at all.
func (c *contact) failed(err error) bool {
	n := c.node
	n.mu.Lock()
	defer n.mu.Unlock()
	if c.here() && n.o.Now().Sub(c.seen) > doubt {
		c.away = c.seen
		n.signal()
	}
	var refusal *peer.Refusal
	if !errors.As(err, &refusal) || refusal.Code != peer.NotPaired && refusal.Code != peer.Unpaired && refusal.Code != peer.TooNew && refusal.Code != peer.OtherSession {
		return false
	}
	if c.refused == nil || !errors.Is(c.refused, refusal) {
		c.refused = refusal
		n.signal()
	}
	return true
}

// visit talks to the peer as long as it answers. It always comes back with an error, or
// because ctx ended.
func (c *contact) visit(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := c.greet(ctx); err != nil {
		return err
	}
	if err := c.exchange(ctx); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		cancel(c.listen(ctx))
	}()
	err := c.keepUp(ctx)
	cancel(err)
	<-done
	return context.Cause(ctx)
}

// keepUp brings the peer what is committed here, greets it, and compares now and then.
func (c *contact) keepUp(ctx context.Context) error {
	greet, compare := time.NewTicker(greetEvery), time.NewTimer(shaken(compareEvery))
	defer greet.Stop()
	defer compare.Stop()
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for {
		changed := c.node.o.Record.Changed()
		whole, err := c.push(ctx)
		if err == nil && c.told != c.node.Follows() { // the lead counts on its backup from then on
			err = c.greet(ctx)
		}
		if err == nil && whole {
			err = c.exchange(ctx)
		}
		if err != nil {
			return err
		}
		select {
		case <-changed:
			rest(ctx, gather)
		case <-again.C:
		case <-greet.C:
			err = c.greet(ctx)
		case <-c.wake: // something else of it was heard: nothing to do
		case <-compare.C:
			compare.Reset(shaken(compareEvery))
			err = c.exchange(ctx)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// shaken gives a time that is up to a fifth shorter.
func shaken(d time.Duration) time.Duration { return d - time.Duration(rand.Int64N(int64(d/5))) }

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// learning is an Ask that notes how much the peer holds, so that it can be said how far
// this device has got.
func (c *contact) learning(ask peer.Ask) peer.Ask {
	return func(ctx context.Context, q peer.Request) (peer.Response, error) {
		p, err := ask(ctx, q)
		if err == nil && p.Hello != nil {
			c.learn(p.Hello.Heads)
		}
		return p, err
	}
}

// exchange compares everything and moves what is missing on either side.
func (c *contact) exchange(ctx context.Context) error {
	report, err := c.node.o.Side.ExchangeAs(ctx, string(c.id), c.learning(c.inTurn(true)), c.pace.size)
	for errors.Is(err, errNotOurTurn) {
		patient := c.awaitTurn(ctx)
		report, err = c.node.o.Side.ExchangeAs(ctx, string(c.id), c.learning(c.inTurn(patient)), c.pace.size)
	}
	if err != nil {
		return err
	}
	n := c.node
	n.mu.Lock()
	defer n.mu.Unlock()
	c.theirs, c.compared = report.Peer.Heads, true
	c.notice(report.Peer.Replica)
	c.heard()
	return nil
}

// learn notes how far the peer says that it holds each log, while that is still on its way
// here.
func (c *contact) learn(heads []peer.LogHead) {
	n := c.node
	n.mu.Lock()
	defer n.mu.Unlock()
	c.theirs = heads
	n.signal()
}

// notice keeps which logs a peer writes: unpairing it is about those. n.mu is held.
func (c *contact) notice(log oplog.ReplicaID) {
	for _, l := range c.row.Logs {
		if l == log {
			return
		}
	}
	if log == (oplog.ReplicaID{}) || log == c.node.o.Record.Own() || c.node.peers[c.id] != c {
		return
	}
	c.row.Logs = append(c.row.Logs, log)
	c.row.Logs = c.row.Logs[max(0, len(c.row.Logs)-maxLogs):]
	c.node.keep(c.row)
}

// push brings what was committed here and the peer is not known to hold, unless it is
// fetching by itself. whole says that everything has to be compared.
func (c *contact) push(ctx context.Context) (whole bool, err error) {
	for {
		n := c.node
		n.mu.Lock()
		fetching := c.waiting > 0 || n.o.Now().Sub(c.liveAt).Abs() < time.Second
		theirs := c.theirs
		n.mu.Unlock()
		if fetching {
			return false, nil
		}
		frames, apart, err := n.o.Side.Missing(theirs, c.pace.size())
		if err != nil || len(frames) == 0 {
			return apart, err
		}
		answer, err := c.ask(ctx, n.o.Side.Push(frames))
		if err != nil {
			return false, err
		}
		if answer.Refused != nil || answer.Taken == nil || answer.Taken.Gaps > 0 || answer.Taken.New == 0 {
			return true, nil
		}
		n.mu.Lock()
		c.theirs = answer.Taken.Heads
		n.signal() // what is kept here may be there now
		n.mu.Unlock()
	}
}
