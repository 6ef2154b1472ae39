package command

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"

	"folkmoot/app/readmodel"
	"folkmoot/sync/badge"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
	"folkmoot/sync/peer"
)

// TabletNetwork is the TabletLink of a real tablet: it finds hubs on the network, asks
// them to be let in, and talks to those that did.
type TabletNetwork struct {
	app      *app
	identity link.Identity
	o        peersOptions
	browser  *mdns.Browser // nil where nobody is looked for
	idle     *tabletIdleNet
	stop     chan struct{}
	work     sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{}
	found   []TabletFound
}

// NewTabletNetwork makes the network of a tablet whose record lies in data. Close has to
// be called. With quiet nothing is announced and nobody looked for.
func NewTabletNetwork(data, listen string, quiet bool, streams Streams) (*TabletNetwork, error) {
	a := &app{Streams: streams, data: data, tablet: true}
	identity, err := a.device()
	if err != nil {
		return nil, err
	}
	n := &TabletNetwork{app: a, identity: identity, o: peersOptions{listen: listen, quiet: quiet}, stop: make(chan struct{}), changed: make(chan struct{})}
	if !quiet {
		n.browser = mdns.Browse(mdns.Options{})
		n.work.Go(n.look)
	}
	n.announce()
	return n, nil
}

// look follows which hubs are found.
func (n *TabletNetwork) look() {
	for {
		found := sessionsFound(foundDevices(n.browser.Services()))
		n.mu.Lock()
		n.found = found
		n.mu.Unlock()
		n.signal()
		select {
		case <-n.browser.Changed():
		case <-n.stop:
			return
		}
	}
}

// sessionsFound gives the sessions to choose from. A backup laptop stands for its session
// only where no hub of it is found.
func sessionsFound(devices []link.Found) []TabletFound {
	hubs := map[string]bool{}
	for _, f := range devices {
		hubs[f.Session] = hubs[f.Session] || f.Role == link.Hub
	}
	var found []TabletFound
	for _, f := range devices {
		if f.Session == "" || len(f.Addresses) == 0 || f.Role != link.Hub && (f.Role != link.Backup || hubs[f.Session]) {
			continue
		}
		found = append(found, TabletFound{ID: string(f.ID), Title: f.Title, Host: f.Name, Address: f.Addresses[0], all: f.Addresses})
	}
	slices.SortFunc(found, func(a, b TabletFound) int {
		return cmp.Or(strings.Compare(a.Title, b.Title), strings.Compare(a.Host, b.Host), strings.Compare(a.ID, b.ID))
	})
	return found
}

func (n *TabletNetwork) signal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.changed)
	n.changed = make(chan struct{})
}

// Changed gives a channel that is closed at the next change.
func (n *TabletNetwork) Changed() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changed
}

// Found gives the sessions whose hubs are heard of.
func (n *TabletNetwork) Found() []TabletFound {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.found)
}

// Ask asks a hub that was found.
func (n *TabletNetwork) Ask(found TabletFound) TabletPairing {
	return n.ask(target{addresses: found.all}, nil)
}

// AskByLink asks the hub that showed a link.
func (n *TabletNetwork) AskByLink(text string) TabletPairing {
	l, err := peer.ParseLink(text)
	return n.ask(target{link: &l}, err)
}

// AskAt asks at an address that was typed.
func (n *TabletNetwork) AskAt(text string) TabletPairing {
	to, err := targetOf(text)
	return n.ask(to, err)
}

func (n *TabletNetwork) ask(to target, err error) TabletPairing {
	if err != nil {
		return &tabletAsking{wrong: cmp.Or(reasonOf(err), readmodel.ReasonNoLink)}
	}
	return &tabletAsking{network: n, joining: n.app.join(n.identity, to, link.Tablet, n.signal)}
}

// tabletAsking is a pairing of the real network.
type tabletAsking struct {
	network *TabletNetwork
	joining *joining
	wrong   readmodel.PairingReason // of what was typed: nobody is asked
}

// State gives how it stands.
func (t *tabletAsking) State() TabletPairingState {
	if t.wrong != "" {
		return TabletPairingState{Stand: readmodel.PairingFailed, Reason: t.wrong}
	}
	s := t.joining.state()
	out := TabletPairingState{Stand: s.stand, Reason: reasonOf(s.err), Digits: s.digits, Host: s.host, Title: s.title}
	if s.grant != nil {
		g := tabletGrantOf(*s.grant)
		out.Grant = &g
	}
	return out
}

// reasonOf gives what people can do something about of what stands against being let in,
// "" for anything else.
func reasonOf(err error) readmodel.PairingReason {
	var refusal *peer.Refusal
	if errors.As(err, &refusal) {
		return map[peer.Code]readmodel.PairingReason{
			peer.SecretSpent: readmodel.ReasonSpent, peer.WrongSecret: readmodel.ReasonSpent, peer.SameDevice: readmodel.ReasonOwn,
			peer.TooNew: readmodel.ReasonVersion, peer.TooManyAsking: readmodel.ReasonCrowd,
		}[refusal.Code]
	}
	for _, known := range []struct {
		err    error
		reason readmodel.PairingReason
	}{
		{peer.ErrLinkDamaged, readmodel.ReasonDamaged}, {peer.ErrNoLink, readmodel.ReasonNoLink}, {peer.ErrLinkNewer, readmodel.ReasonLinkNewer},
		{link.ErrImpostor, readmodel.ReasonImpostor}, {peer.ErrOtherDevice, readmodel.ReasonImpostor}, {peer.ErrOwnKey, readmodel.ReasonOwn},
	} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return ""
}

func tabletGrantOf(g link.Grant) TabletGrant {
	out := TabletGrant{Session: g.Session, Title: g.Title, Index: int(g.Index), Hub: g.Known[0].Name, peers: &g}
	if len(g.Badge) == len(badge.Key{}) {
		out.BadgeKey = badge.Key(g.Badge)
	}
	return out
}

// Confirm says that both screens show the same digits.
func (t *tabletAsking) Confirm() {
	if t.joining != nil {
		t.joining.Confirm()
	}
}

// Cancel gives up.
func (t *tabletAsking) Cancel() {
	if t.joining != nil {
		t.joining.Cancel()
	}
}

// Carry talks to a session's hubs until Leave.
func (n *TabletNetwork) Carry(session *local, grant TabletGrant) TabletCarrier {
	n.quietDown()
	if grant.peers != nil {
		if err := n.app.acceptGrant(n.identity, *grant.peers, session); err != nil {
			n.app.log().Error("keep who let this tablet in", "error", err)
		}
	}
	p, err := n.app.startPeers(session, n.o)
	if err != nil {
		n.app.log().Error("talk to hubs", "error", err)
		return tabletAlone{}
	}
	c := &tabletCarried{peers: p, network: n, stop: make(chan struct{})}
	c.work.Go(c.follow)
	return c
}

// Rename has this tablet announced, and asking, by another name.
func (n *TabletNetwork) Rename(name string) {
	n.identity.Name = name
	if n.idle != nil {
		n.quietDown()
		n.announce()
	}
}

// announce says that there is a tablet here as long as it has no session, so that a
// facilitator sees it. Nothing answers at its port but a hello.
func (n *TabletNetwork) announce() {
	if n.o.quiet {
		return
	}
	idle, err := newTabletIdle(n.identity, n.o.listen)
	if err != nil {
		n.app.log().Error("announce this tablet", "error", err)
		return
	}
	n.idle = idle
}

// quietDown ends what announce began.
func (n *TabletNetwork) quietDown() {
	if n.idle != nil {
		n.idle.close()
		n.idle = nil
	}
}

// Close ends all that goes on.
func (n *TabletNetwork) Close() {
	close(n.stop)
	if n.browser != nil {
		n.browser.Close()
	}
	n.quietDown()
	n.work.Wait()
}

// tabletIdleNet is a tablet that nobody has let in yet, on the network.
type tabletIdleNet struct {
	listener  net.Listener
	announcer *mdns.Announcer
	served    chan struct{}
}

func newTabletIdle(identity link.Identity, at string) (*tabletIdleNet, error) {
	listener, err := listenPeers(at)
	if err != nil {
		return nil, err
	}
	i := &tabletIdleNet{listener: listener, served: make(chan struct{})}
	i.announcer, err = mdns.Announce(mdns.Service{Instance: identity.Name, Port: listener.Addr().(*net.TCPAddr).Port,
		Text: map[string]string{"v": "1", "id": string(identity.ID()), "role": string(link.Tablet), "n": identity.Name}}, mdns.Options{})
	if err != nil {
		listener.Close()
		return nil, err
	}
	go func() {
		defer close(i.served)
		link.Greet(listener, identity, link.Tablet)
	}()
	return i, nil
}

func (i *tabletIdleNet) close() {
	i.announcer.Close()
	i.listener.Close()
	<-i.served
}

// tabletAlone is a tablet that cannot talk to anybody; it works on by itself.
type tabletAlone struct{}

func (tabletAlone) Status() TabletStatus { return TabletStatus{Reach: readmodel.ReachAway} }
func (tabletAlone) Leave()               {}

// tabletCarried is a tablet in a session.
type tabletCarried struct {
	peers   *peers
	network *TabletNetwork
	stop    chan struct{}
	work    sync.WaitGroup
}

// follow tells the tablet when something changes.
func (c *tabletCarried) follow() {
	for {
		select {
		case <-c.peers.node.Changed():
			c.network.signal()
		case <-c.stop:
			return
		}
	}
}

// Status gives how the tablet stands to its hubs: as to the one that is best.
func (c *tabletCarried) Status() TabletStatus {
	s := TabletStatus{Reach: readmodel.ReachAway, Confirmed: c.peers.node.Held()}
	for _, d := range c.peers.node.Devices() {
		if d.Role != link.Hub && d.Role != link.Backup {
			continue
		}
		switch d.State {
		case link.StateHere:
			if s.Reach != readmodel.ReachHere || d.Role == link.Hub {
				s.Reach, s.Hub, s.Ahead = readmodel.ReachHere, d.Name, -d.Ahead.Milliseconds()
			}
		case link.StateRefused:
			if r := d.Refusal(); s.Reach != readmodel.ReachHere && r != nil {
				s.Hub, s.Newer, s.Older = d.Name, d.Newer, d.Older
				if s.Reach = readmodel.ReachRefused; r.Code == peer.Unpaired {
					s.Reach = readmodel.ReachUnpaired
				}
			}
		case link.StateAway:
			if s.Hub == "" {
				s.Hub = d.Name
			}
		}
	}
	return s
}

// Leave ends the exchange.
func (c *tabletCarried) Leave() {
	close(c.stop)
	c.work.Wait()
	c.peers.close()
	c.network.announce()
}

var _ TabletLink = (*TabletNetwork)(nil)
