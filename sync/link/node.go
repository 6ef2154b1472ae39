package link

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

// Errors that callers tell apart.
var (
	// ErrUnknownDevice: no device of this id is in the book, or asks to be paired.
	ErrUnknownDevice = errors.New("there is no such device")
	// ErrLeads: the device leads the session.
	ErrLeads = errors.New("this laptop leads the session: take over first, then it can be sent away")
)

// Options for New. Identity, Record, Side, Book, Now and Random are needed.
type Options struct {
	Identity Identity
	Record   *replica.Replica
	Side     *peer.Side
	Book     Book
	Now      func() time.Time
	Random   io.Reader
	// Dial opens connections; nil is the system's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Addresses gives where this device answers peers (host:port), Web where it answers
	// phones (http://host:port); nil is nowhere.
	Addresses, Web func() []string
	// Role is what a device is that is not in its own book; "" is Hub.
	Role Role
	// Status gives battery and disk; what is kept is filled in. Nil says nothing.
	Status func() Status
	// BadgeKey gives the session's badge key for a device that is paired; nil is none.
	BadgeKey func() []byte
	// Log takes faults; nil is silent.
	Log *slog.Logger
}

// Node is a device on the network, for one session. See New.
type Node struct {
	o      Options
	cert   tls.Certificate
	door   *peer.Door
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu       sync.Mutex
	self     Peer
	name     string // what others call it
	peers    map[DeviceID]*contact
	found    map[DeviceID]Found
	changed  chan struct{} // closed and replaced at each change
	kept     kept
	runs     bool
	renewing bool
	closed   bool
	origins  map[oplog.ReplicaID]origin // of logs that are held, as far as they were looked at
	left     map[oplog.ReplicaID]bool   // logs that were not taken, see admits
	looked   time.Time                  // when look looked last
	// unwritten are rows for the book; write says that there are some.
	unwritten map[DeviceID]Peer
	write     chan struct{}
}

// New gives the Node of a device. It talks to nobody before Run and Serve. A device that
// is not in its own book is the laptop that made the session, or what Options.Role says.
func New(o Options) (*Node, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{KeepAlive: 5 * time.Second}).DialContext
	}
	rows, err := readBook(o.Book)
	if err != nil {
		return nil, err
	}
	cert, err := certificate(o.Identity.Key)
	if err != nil {
		return nil, err
	}
	n := &Node{o: o, name: clean(o.Identity.Name), cert: cert, peers: map[DeviceID]*contact{}, found: map[DeviceID]Found{}, changed: make(chan struct{}), origins: map[oplog.ReplicaID]origin{}, left: map[oplog.ReplicaID]bool{}, unwritten: map[DeviceID]Peer{}, write: make(chan struct{}, 1)}
	n.door = peer.NewDoor(peer.DoorOptions{Self: o.Identity.Public(), Now: o.Now, Random: o.Random})
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.self = Peer{Key: o.Identity.Public(), Role: cmp.Or(o.Role, Hub)}
	for id, row := range rows {
		if id == o.Identity.ID() {
			n.self = row
			continue
		}
		n.peers[id] = n.newContact(row)
	}
	o.Side.SetTrust(n.trust())
	return n, nil
}

// ID gives this device's id.
func (n *Node) ID() DeviceID { return n.o.Identity.ID() }

// Key gives this device's public key.
func (n *Node) Key() ed25519.PublicKey { return n.o.Identity.Public() }

// Run begins to call the peers in the book, and those that join it. Close ends it.
func (n *Node) Run() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.runs = true
	for _, c := range n.peers {
		n.start(c)
	}
	n.spawn(n.watch)
	n.spawn(n.scribe)
}

// start calls a peer from now on. n.mu is held.
func (n *Node) start(c *contact) {
	if !n.runs || n.closed || c.running || c.row.Unpaired {
		return
	}
	ctx, stop := context.WithCancel(n.ctx)
	c.running, c.stop = true, stop
	n.spawn(func() {
		defer stop()
		c.run(ctx)
	})
}

// spawn runs what Close waits for. n.mu is held.
func (n *Node) spawn(work func()) {
	if !n.closed {
		n.work.Go(work)
	}
}

// Close ends all talk and waits for it. Calling it again does nothing.
func (n *Node) Close() {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.cancel()
	n.work.Wait()
}

// Changed gives a channel that is closed when something that Devices says has changed.
func (n *Node) Changed() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changed
}

// signal wakes those who wait for Changed. n.mu is held.
func (n *Node) signal() {
	close(n.changed)
	n.changed = make(chan struct{})
}

// Serve answers peers on a listener until Close or until it fails.
func (n *Node) Serve(listener net.Listener) error {
	server := &http.Server{
		Handler: n.Handler(), TLSConfig: serverTLS(n.cert), Protocols: protocols(), ConnContext: withConnection,
		ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 75 * time.Second, MaxHeaderBytes: 12 << 10,
		HTTP2:       &http.HTTP2Config{MaxConcurrentStreams: 32, SendPingTimeout: quiet, PingTimeout: patience, WriteByteTimeout: patience},
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		BaseContext: func(net.Listener) context.Context { return n.ctx },
	}
	stop := context.AfterFunc(n.ctx, func() { server.Close() })
	defer stop()
	err := server.ServeTLS(newCounted(listener, maxConnections), "", "")
	if n.ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("link: serve: %w", err)
}

// watch follows the record and the clock: what is told to all, and who is out of reach.
func (n *Node) watch() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		changed, door := n.o.Record.Changed(), n.door.Changed()
		n.look()
		select {
		case <-changed:
		case <-tick.C:
		case <-door:
			n.mu.Lock()
			n.signal()
			n.mu.Unlock()
		case <-n.ctx.Done():
			return
		}
	}
}

// look notes who has not been heard of for too long, and what waits here.
func (n *Node) look() {
	now := n.o.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	gap := now.Sub(n.looked)
	jumped := gap < 0 || gap > silence/2 // the clock was set, or the computer slept: nobody could be heard
	n.looked = now
	news := n.kept.count(n.o.Record, n.held())
	for _, c := range n.peers {
		if c.here() && jumped {
			c.seen = now
		}
		if c.away.IsZero() && !c.row.Unpaired && now.Sub(c.seen) > silence {
			c.away, news = c.seen, true
			if c.seen.IsZero() {
				c.away = time.UnixMilli(int64(c.row.Seen))
			}
		}
	}
	if news {
		n.signal()
	}
	n.leaveCutLog()
}

// leaveCutLog goes on under a new key where this device was sent away and let in again:
// what it writes in the log that was cut off counts no more. n.mu is held.
func (n *Node) leaveCutLog() {
	own := n.o.Record.Own()
	cut := slices.ContainsFunc(n.o.Record.View().Unpaired(), func(u moot.Unpaired) bool { return u.Replica == own })
	let := false
	for _, c := range n.peers {
		let = let || laptop(c.row.Role) && c.here() && c.refused == nil && c.greeting != nil
	}
	if !cut || !let || n.renewing {
		return
	}
	n.renewing = true
	n.spawn(func() {
		err := n.o.Record.Renew(n.ctx, "this device was unpaired and is paired again")
		n.mu.Lock()
		n.renewing = false
		n.mu.Unlock()
		if err != nil && n.ctx.Err() == nil {
			n.o.Log.Error("go on under a new key", "error", err)
		}
	})
}

// held gives up to which number of this device's own log some laptop has it. n.mu is held.
func (n *Node) held() uint64 {
	own, most := n.o.Record.Own(), uint64(0)
	for _, c := range n.peers {
		if laptop(c.row.Role) && !c.row.Unpaired {
			most = max(most, c.holds(own))
		}
	}
	return most
}

// Kept gives how many answers of this device's own no laptop is known to hold.
func (n *Node) Kept() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.kept.seqs)
}

// kept counts the answers in a device's own log that are nowhere else.
type kept struct {
	log    oplog.ReplicaID
	looked uint64   // the number up to which the log was looked at
	seqs   []uint64 // of answers above what is held elsewhere, ascending
}

// count brings the numbers up to date and says whether there is another number of them.
func (k *kept) count(record *replica.Replica, held uint64) bool {
	was := len(k.seqs)
	if own := record.Own(); own != k.log {
		*k = kept{log: own}
	}
	err := record.Entries(k.log, max(k.looked, held)+1, func(e oplog.Entry) bool {
		if k.looked = e.Seq; moot.IsAnswer(e.Kind) {
			k.seqs = append(k.seqs, e.Seq)
		}
		return true
	})
	if err != nil {
		return false // the record says so itself
	}
	gone := 0
	for gone < len(k.seqs) && k.seqs[gone] <= held {
		gone++
	}
	k.seqs = k.seqs[gone:]
	return len(k.seqs) != was
}

// Role gives what this device is in the session.
func (n *Node) Role() Role {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.self.Role
}

// Index gives this device's number in the session: 0 for the laptop that made it.
func (n *Node) Index() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return int(n.self.Index)
}

// Identity gives what this device is to others.
func (n *Node) Identity() Identity {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := n.o.Identity
	i.Name = n.name
	return i
}

// Rename changes what others call this device; peers hear of it with the next greeting.
func (n *Node) Rename(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.name = clean(name)
	n.signal()
}

// Held gives up to which number of this device's own log some laptop is known to hold it.
func (n *Node) Held() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.held()
}
