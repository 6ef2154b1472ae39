package command

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/hub"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/store"
)

// peersPort is where other devices come in unless somebody wishes otherwise.
const peersPort = 8443

// peersOptions say how a session talks to other devices.
type peersOptions struct {
	// listen is an address and port; "" is the usual one, "off" lets none in.
	listen string
	// quiet says that nothing is announced on the network, and nothing looked for.
	quiet bool
	// web gives where phones are answered; nil where they are not.
	web func() []string
	// host is the name wanted on the network, as in folkmoot.local; "" for a device that
	// nobody types.
	host string
	// dial opens connections; nil is the system's.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// peers is how a session talks to other devices: the node, and what makes it found.
type peers struct {
	session *local
	o       peersOptions
	node    *link.Node
	port    int // 0 where none is let in
	// addresses gives where other devices come in, host:port.
	addresses func() []string

	announcer *mdns.Announcer
	browser   *mdns.Browser
	since     time.Time   // when it began to announce itself
	heard     atomic.Bool // it heard its own announcement
	stop      chan struct{}
	work      sync.WaitGroup
	failed    func(error)
	keepName  func(string) error
	fetches   atomic.Bool // the session is not here whole yet, see Fetching
}

// startPeers lets other devices in, and calls those that are paired. A port that is taken
// is replaced: it is announced, and nobody types it.
func (a *app) startPeers(session *local, o peersOptions) (*peers, error) {
	identity, err := a.device()
	if err != nil {
		return nil, err
	}
	p := &peers{session: session, o: o, stop: make(chan struct{}), keepName: a.nameDevice, failed: func(err error) { a.log().Error("other devices", "error", err) }}
	var listener net.Listener
	if o.listen != "off" {
		if listener, err = listenPeers(o.listen); err != nil {
			return nil, err
		}
		p.port = listener.Addr().(*net.TCPAddr).Port
	}
	p.addresses = func() []string { return nil }
	if listener != nil {
		p.addresses = func() []string { return peerAddresses(listener.Addr().(*net.TCPAddr)) }
	}
	role := link.Hub
	if a.tablet { // whatever its book says or does not: it lets nobody in, and leads nothing
		role = link.Tablet
	}
	p.node, err = link.New(link.Options{
		Role:     role,
		Identity: identity, Record: session.Replica, Side: peer.New(session.Replica, peer.Options{Free: session.freeRoom, Instance: instance()}),
		Book: peerBook{session.file}, Now: time.Now, Random: rand.Reader, Dial: o.dial, Addresses: p.addresses, Web: o.web,
		Status: session.status, BadgeKey: session.badgeKey, Log: a.log(),
	})
	if err != nil {
		if listener != nil {
			listener.Close()
		}
		return nil, err
	}
	p.fetches.Store(p.node.Index() > 0 && session.View().Session.Get(moot.JoinCode) == "")
	p.node.Run()
	if listener != nil {
		p.work.Go(func() {
			if err := p.node.Serve(listener); err != nil {
				p.failed(err)
			}
		})
	}
	if !o.quiet {
		p.meet(identity)
	}
	return p, nil
}

// listenPeers opens the port for other devices: the usual one, or one above it.
func listenPeers(address string) (net.Listener, error) {
	if address != "" {
		return listen(address)
	}
	var listener net.Listener
	var err error
	for port := peersPort; port < peersPort+50; port++ {
		if listener, err = net.Listen("tcp", ":"+strconv.Itoa(port)); err == nil {
			return listener, nil
		}
	}
	return nil, fmt.Errorf("open a port for other devices: %w", err)
}

// peerAddresses gives where other devices find a listener, as host:port, what phones
// would use first. Link-local addresses are left out: they mean nothing elsewhere. None
// where this computer is on no network.
func peerAddresses(at *net.TCPAddr) []string {
	port := uint16(at.Port)
	if ip, ok := netip.AddrFromSlice(at.IP); ok && !ip.IsUnspecified() {
		return []string{netip.AddrPortFrom(ip.Unmap(), port).String()}
	}
	var four, six []netip.Addr
	adapters, _ := mdns.Adapters() // none to be had is none
	for _, a := range adapters {
		for _, prefix := range a.Addresses {
			switch ip := prefix.Addr(); {
			case a.Reason != mdns.Usable || ip.IsLinkLocalUnicast():
			case usable(ip):
				four = append(four, ip)
			case ip.Is6():
				six = append(six, ip)
			}
		}
	}
	slices.SortStableFunc(four, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	var out []string
	for _, ip := range append(four, six...) {
		out = append(out, netip.AddrPortFrom(ip, port).String())
	}
	return out
}

// instance gives the number of this run of the program, see peer.Options.
func instance() uint64 {
	var raw [8]byte
	rand.Read(raw[:])
	return binary.BigEndian.Uint64(raw[:]) | 1
}

// meet announces this device on the network and looks for others.
func (p *peers) meet(identity link.Identity) {
	options := mdns.Options{}
	p.since = time.Now()
	p.browser = mdns.Browse(options)
	if service := p.service(identity); p.port > 0 {
		announcer, err := mdns.Announce(service, options)
		if err != nil {
			p.failed(err)
		}
		p.announcer = announcer
	}
	p.work.Go(p.look)
}

// service gives what is announced.
func (p *peers) service(identity link.Identity) mdns.Service {
	view := p.session.View()
	role := p.node.Role()
	text := map[string]string{"v": "1", "id": string(p.node.ID()), "role": string(role), "n": identity.Name, "s": view.Session.ID.String()[:8], "t": clip(view.Session.Get(moot.Title), 40)}
	if p.o.web != nil {
		if web := p.o.web(); len(web) > 0 {
			if at, err := netip.ParseAddrPort(strings.TrimPrefix(web[0], "http://")); err == nil {
				text["w"] = strconv.Itoa(int(at.Port()))
			}
		}
	}
	return mdns.Service{Instance: identity.Name, Port: p.port, Text: text, Host: p.o.host}
}

// look tells the node who was found, and the network what the session is called now,
// until stop.
func (p *peers) look() {
	told := p.session.View().Session.Get(moot.Title)
	for {
		changed := p.session.Changed()
		found := foundDevices(p.browser.Services())
		p.node.Find(found)
		if slices.ContainsFunc(found, func(f link.Found) bool { return f.ID == p.node.ID() }) {
			p.heard.Store(true)
		}
		if title := p.session.View().Session.Get(moot.Title); title != told && p.announcer != nil {
			told = title
			if err := p.announcer.Update(p.service(p.node.Identity())); err != nil {
				p.failed(err)
			}
		}
		for waiting := true; waiting; {
			select {
			case <-p.browser.Changed():
				waiting = false
			case <-changed:
				changed = p.session.Changed()
				waiting = p.session.View().Session.Get(moot.Title) == told
			case <-p.stop:
				return
			}
		}
	}
}

// foundDevices gives what was found in the node's terms; one that is reached by two
// adapters once.
func foundDevices(services []mdns.Found) []link.Found {
	byID := map[link.DeviceID]link.Found{}
	for _, s := range services {
		id, err := link.ParseDeviceID(s.Text["id"])
		if role := s.Text["role"]; err != nil || role != string(link.Hub) && role != string(link.Backup) && role != string(link.Tablet) {
			continue // nothing of ours, or no longer
		}
		f := byID[id]
		f.ID, f.Name, f.Role, f.Session = id, s.Text["n"], link.Role(s.Text["role"]), s.Text["s"]
		if f.Name == "" {
			f.Name = s.Instance
		}
		if f.Title = s.Text["t"]; f.Title == "" {
			f.Title = f.Name
		}
		if web, err := strconv.ParseUint(s.Text["w"], 10, 16); err == nil {
			f.Web = uint16(web)
		}
		for _, ip := range s.Addresses {
			f.Addresses = append(f.Addresses, netip.AddrPortFrom(ip, uint16(s.Port)).String())
		}
		byID[id] = f
	}
	out := make([]link.Found, 0, len(byID))
	for id := range maps.Keys(byID) {
		out = append(out, byID[id])
	}
	return out
}

// close says goodbye and ends all talk.
func (p *peers) close() {
	close(p.stop)
	if p.announcer != nil {
		p.announcer.Close()
	}
	if p.browser != nil {
		p.browser.Close()
	}
	p.node.Close()
	p.work.Wait()
}

// named gives the base address of a hub's pages with its name on the network, "" as long
// as it has none.
func (p *peers) named() string {
	if p.announcer == nil || p.o.host == "" {
		return ""
	}
	state := p.announcer.State()
	at, err := netip.ParseAddrPort(strings.TrimPrefix(p.page(), "http://"))
	if err != nil || !state.Claimed || state.Host == "" {
		return ""
	}
	return "http://" + net.JoinHostPort(state.Host, strconv.Itoa(int(at.Port())))
}

// peerBook fits a session's file to link.Book.
type peerBook struct{ file *store.File }

func (b peerBook) EachPeer(yield func(key, value []byte)) error {
	all, err := b.file.Peers()
	for _, p := range all {
		yield(p.Key, p.Value)
	}
	return err
}

func (b peerBook) PutPeer(key, value []byte) error { return b.file.PutPeer(key, value) }

func (b peerBook) DropPeer(key []byte) error { return b.file.DropPeer(key) }

// steadied is a session of which phones hear that something is saved once the backup
// laptops that are in step have it too.
type steadied struct {
	*local
	node *link.Node
}

func (s steadied) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	out, err := s.local.Do(ctx, items...)
	if err == nil {
		s.node.Await(ctx)
	}
	return out, err
}

func (s steadied) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	out, err := s.local.Admit(ctx, token, person, items...)
	if err == nil {
		s.node.Await(ctx)
	}
	return out, err
}

func (s steadied) AdmitBadge(ctx context.Context, token oplog.Hash, person moot.ParticipantID, device badge.Device, items ...moot.Item) ([]moot.Outcome, error) {
	out, err := s.local.AdmitBadge(ctx, token, person, device, items...)
	if err == nil {
		s.node.Await(ctx)
	}
	return out, err
}

var _ hub.Record = steadied{}

// freeRoom gives the bytes left on the session's disk, 0 where that is not known.
func (l *local) freeRoom() uint64 { return l.watch.Free() }

// status says how this device does, to others.
func (l *local) status() link.Status {
	s := link.Status{Free: l.freeRoom(), Full: l.Health().Full}
	if percent, ok := battery(); ok {
		s.Battery = uint(percent) + 1
	}
	return s
}

// badgeKey gives the session's badge key to who is paired: made now where there is none,
// since two laptops that make one each know two people for one badge.
func (l *local) badgeKey() []byte {
	key, err := store.BadgeKey(l.file.Path(), rand.Reader)
	if err != nil {
		return nil
	}
	return key[:]
}
