package mdns

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"

	"github.com/miekg/dns"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

const (
	port       = 5353
	packetSize = 9000 // bytes, the most that RFC 6762 allows
	patience   = 100  // failures in a row after which a socket is taken for lost
)

var (
	group4 = &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: port}
	group6 = &net.UDPAddr{IP: net.ParseIP("ff02::fb"), Port: port}
)

// heard is a packet as it arrived.
type heard struct {
	link *link
	data []byte
	from netip.AddrPort
}

// link is the sockets at one adapter.
type link struct {
	adapter Adapter
	v4      *ipv4.PacketConn // nil where the adapter has no such address
	v6      *ipv6.PacketConn
	readers sync.WaitGroup
}

// openLink opens sockets at an adapter, for each kind of address that it has, and gives
// what arrives there to deliver, from goroutines of its own.
func openLink(a Adapter, deliver func(heard)) (*link, error) {
	l := &link{adapter: a}
	var err4, err6 error
	if a.has(netip.Addr.Is4) {
		l.v4, err4 = open4(a)
	}
	if a.has(netip.Addr.Is6) {
		l.v6, err6 = open6(a)
	}
	if l.v4 == nil && l.v6 == nil {
		return nil, errors.Join(err4, err6)
	}
	if l.v4 != nil {
		l.readers.Go(func() { l.read(l.read4, deliver) })
	}
	if l.v6 != nil {
		l.readers.Go(func() { l.read(l.read6, deliver) })
	}
	return l, nil
}

// open4 does what net.ListenMulticastUDP does, but names the adapter by its number: the
// standard call looks up the adapter's address, which Android refuses.
func open4(a Adapter) (*ipv4.PacketConn, error) {
	conn, err := net.ListenPacket("udp4", group4.String()) // a group's address makes it shareable
	if err != nil {
		return nil, err
	}
	p, adapter := ipv4.NewPacketConn(conn), &net.Interface{Index: a.Index, Name: a.Name}
	if err := errors.Join(p.JoinGroup(adapter, group4), p.SetMulticastInterface(adapter)); err != nil {
		conn.Close()
		return nil, err
	}
	p.SetMulticastTTL(255)                                     // what cannot be set is done without
	p.SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true) // not on Windows
	return p, nil
}

func open6(a Adapter) (*ipv6.PacketConn, error) {
	conn, err := net.ListenPacket("udp6", group6.String())
	if err != nil {
		return nil, err
	}
	p, adapter := ipv6.NewPacketConn(conn), &net.Interface{Index: a.Index, Name: a.Name}
	if err := errors.Join(p.JoinGroup(adapter, group6), p.SetMulticastInterface(adapter)); err != nil {
		conn.Close()
		return nil, err
	}
	p.SetMulticastHopLimit(255)
	p.SetControlMessage(ipv6.FlagInterface|ipv6.FlagDst, true)
	return p, nil
}

// arrival is what the system says of a packet; adapter and to are missing where it does
// not say.
type arrival struct {
	size    int
	from    net.Addr
	adapter int
	to      net.IP
}

func (l *link) read4(buffer []byte) (arrival, error) {
	n, control, from, err := l.v4.ReadFrom(buffer)
	a := arrival{size: n, from: from}
	if control != nil {
		a.adapter, a.to = control.IfIndex, control.Dst
	}
	return a, err
}

func (l *link) read6(buffer []byte) (arrival, error) {
	n, control, from, err := l.v6.ReadFrom(buffer)
	a := arrival{size: n, from: from}
	if control != nil {
		a.adapter, a.to = control.IfIndex, control.Dst
	}
	return a, err
}

func (l *link) read(next func([]byte) (arrival, error), deliver func(heard)) {
	buffer := make([]byte, packetSize+1)
	for failures := 0; failures < patience; {
		a, err := next(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			failures++
			continue
		}
		failures = 0
		if from, ok := l.accept(a); ok {
			deliver(heard{l, append([]byte(nil), buffer[:a.size]...), from})
		}
	}
}

// accept leaves out what did not come from this link: a socket hears what arrives at any
// adapter, and packets may be sent here from afar.
func (l *link) accept(a arrival) (netip.AddrPort, bool) {
	udp, ok := a.from.(*net.UDPAddr)
	if !ok || a.size > packetSize || a.adapter != 0 && a.adapter != l.adapter.Index {
		return netip.AddrPort{}, false
	}
	address := udp.AddrPort().Addr().Unmap()
	if address.Zone() != "" {
		address = address.WithZone(l.zone())
	}
	from := netip.AddrPortFrom(address, udp.AddrPort().Port())
	return from, (a.to == nil || a.to.IsMulticast()) && l.adapter.onLink(from.Addr())
}

// zone is the adapter's number: its name would be looked up in a list that may be a minute
// old, or another namespace's.
func (l *link) zone() string { return strconv.Itoa(l.adapter.Index) }

// everybody sends to all on the link, over both kinds of address.
func (l *link) everybody(m *dns.Msg) error {
	data, err := m.Pack()
	if err != nil {
		return err
	}
	var err4, err6 error
	if l.v4 != nil {
		_, err4 = l.v4.WriteTo(data, nil, group4)
	}
	if l.v6 != nil {
		to := *group6
		to.Zone = l.zone()
		_, err6 = l.v6.WriteTo(data, nil, &to)
	}
	return errors.Join(err4, err6)
}

// one sends to a single address.
func (l *link) one(m *dns.Msg, to netip.AddrPort) error {
	data, err := m.Pack()
	if err != nil {
		return err
	}
	switch {
	case to.Addr().Is4() && l.v4 != nil:
		_, err = l.v4.WriteTo(data, nil, net.UDPAddrFromAddrPort(to))
	case to.Addr().Is6() && l.v6 != nil:
		_, err = l.v6.WriteTo(data, nil, net.UDPAddrFromAddrPort(to))
	}
	return err
}

// close ends the sockets and waits for what reads from them.
func (l *link) close() {
	if l.v4 != nil {
		l.v4.Close()
	}
	if l.v6 != nil {
		l.v6.Close()
	}
	l.readers.Wait()
}
