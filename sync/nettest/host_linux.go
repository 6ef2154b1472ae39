package nettest

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"strconv"
)

// Adapter is the name of every host's adapter, as the host sees it; Second is that of one
// that Join plugs in.
const (
	Adapter = "eth0"
	Second  = "eth1"
)

// Host is one machine of a Net.
type Host struct {
	net        *Net
	number     int
	last       int // of 10.77.0.N, which may change
	space      *namespace
	ipv4, ipv6 bool
}

// Addr gives the host's IPv4 address.
func (h *Host) Addr() netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(h.net.subnet), 0, byte(h.last)})
}

// LinkLocal gives the host's IPv6 address, without a zone.
func (h *Host) LinkLocal() netip.Addr {
	return netip.MustParseAddr(fmt.Sprintf("fe80::%d:%d", h.net.subnet, h.number))
}

// Command gives a program that will run on this host. It is an ordinary command: start,
// signal and wait for it as usual.
func (h *Host) Command(name string, arguments ...string) *exec.Cmd {
	return h.space.command(name, arguments...)
}

// In runs do on this host and returns when do has: sockets that it opens and adapters that
// it lists are the host's.
func (h *Host) In(do func()) {
	if err := h.space.in(do); err != nil {
		panic("nettest: " + err.Error())
	}
}

// Listen listens on this host.
func (h *Host) Listen(network, address string) (listener net.Listener, err error) {
	h.In(func() { listener, err = net.Listen(network, here(address)) })
	return listener, err
}

// ListenPacket listens for packets on this host.
func (h *Host) ListenPacket(network, address string) (conn net.PacketConn, err error) {
	h.In(func() { conn, err = net.ListenPacket(network, here(address)) })
	return conn, err
}

// DialContext connects from this host; it fits http.Transport. The address must be an IP
// address, since one with a name would be tried from several goroutines.
func (h *Host) DialContext(ctx context.Context, network, address string) (conn net.Conn, err error) {
	if _, err := netip.ParseAddrPort(address); err != nil {
		return nil, fmt.Errorf("nettest: dial %s: %w", address, err)
	}
	h.In(func() { conn, err = new(net.Dialer).DialContext(ctx, network, here(address)) })
	return conn, err
}

// here puts the adapter's number in place of its name in an address: package net keeps one
// list of adapters for the whole process, whose names may be another host's.
func here(address string) string {
	a, err := netip.ParseAddrPort(address)
	if err != nil || a.Addr().Zone() == "" {
		return address
	}
	adapter, err := net.InterfaceByName(a.Addr().Zone())
	if err != nil {
		return address
	}
	return netip.AddrPortFrom(a.Addr().WithZone(strconv.Itoa(adapter.Index)), a.Port()).String()
}

// Dial connects from this host.
func (h *Host) Dial(network, address string) (net.Conn, error) {
	return h.DialContext(context.Background(), network, address)
}

// Plug gives the host its adapter and addresses.
func (h *Host) Plug() {
	h.net.t.Helper()
	port := fmt.Sprintf("port%d", h.number)
	h.net.must(h.net.middle.ip(
		fmt.Sprintf("link add %s type veth peer name %s netns %s", port, Adapter, h.space.path()),
		fmt.Sprintf("link set %s addrgenmode none", port),
		fmt.Sprintf("link set %s master middle up", port)))
	h.net.must(h.space.ip("link set " + Adapter + " addrgenmode none"))
	h.Up()
}

// Join gives the host a second adapter, on another network, and tells its IPv4 address
// there. The networks want different subnets.
func (h *Host) Join(other *Net) netip.Addr {
	h.net.t.Helper()
	other.guests++
	port := fmt.Sprintf("guest%d", other.guests)
	address := netip.AddrFrom4([4]byte{10, byte(other.subnet), 0, byte(200 + other.guests)})
	h.net.must(other.middle.ip(
		fmt.Sprintf("link add %s type veth peer name %s netns %s", port, Second, h.space.path()),
		fmt.Sprintf("link set %s addrgenmode none", port),
		fmt.Sprintf("link set %s master middle up", port)))
	h.net.must(h.space.ip(
		"link set "+Second+" addrgenmode none",
		"link set "+Second+" up",
		fmt.Sprintf("addr add %s/24 dev %s", address, Second),
		fmt.Sprintf("addr add fe80::%d:%d/64 dev %s nodad", other.subnet, 200+other.guests, Second)))
	return address
}

// Unplug takes the adapter away, as a stick that is pulled.
func (h *Host) Unplug() {
	h.net.t.Helper()
	h.net.must(h.space.ip("link del " + Adapter))
}

// Down switches the adapter off.
func (h *Host) Down() {
	h.net.t.Helper()
	h.net.must(h.space.ip("link set " + Adapter + " down"))
}

// Up switches the adapter on and gives it its addresses.
func (h *Host) Up() {
	h.net.t.Helper()
	lines := []string{"link set " + Adapter + " up"}
	if h.ipv4 {
		lines = append(lines, fmt.Sprintf("addr replace %s/24 dev %s", h.Addr(), Adapter))
	}
	if h.ipv6 {
		lines = append(lines, fmt.Sprintf("addr replace %s/64 dev %s nodad", h.LinkLocal(), Adapter))
	}
	h.net.must(h.space.ip(lines...))
}

// Cut breaks the cable at the switch: the host keeps its address, and nothing gets
// through. Mend mends it.
func (h *Host) Cut() {
	h.net.t.Helper()
	h.net.must(h.net.middle.ip(fmt.Sprintf("link set port%d nomaster", h.number)))
}

// Mend mends the cable that Cut cut.
func (h *Host) Mend() {
	h.net.t.Helper()
	h.net.must(h.net.middle.ip(fmt.Sprintf("link set port%d master middle", h.number)))
}

// SetAddress changes the host's IPv4 address to 10.77.0.last, as a new lease does.
func (h *Host) SetAddress(last int) {
	h.net.t.Helper()
	old := h.Addr()
	h.last = last
	h.net.must(h.space.ip(
		fmt.Sprintf("addr del %s/24 dev %s", old, Adapter),
		fmt.Sprintf("addr add %s/24 dev %s", h.Addr(), Adapter)))
}
