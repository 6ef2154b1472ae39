package command

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// adapter is a network adapter with the addresses at which phones may reach us.
type adapter struct {
	name      string
	addresses []netip.Addr
}

// adapters lists what phones in the room could reach: adapters that are up,
// without those of containers and tunnels, without link-local addresses.
func adapters() ([]adapter, error) {
	list, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var out []adapter
	for _, i := range list {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || virtual(i.Name) {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue // it went away while we looked
		}
		a := adapter{name: i.Name}
		for _, addr := range addrs {
			if p, err := netip.ParsePrefix(addr.String()); err == nil && usable(p.Addr()) {
				a.addresses = append(a.addresses, p.Addr())
			}
		}
		if len(a.addresses) > 0 {
			out = append(out, a)
		}
	}
	return out, nil
}

// virtual says whether an adapter's name is that of a container or a tunnel.
func virtual(name string) bool {
	return slices.ContainsFunc([]string{"docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "wg", "utun", "tailscale", "zt", "cni", "flannel", "podman", "lxc"},
		func(prefix string) bool { return strings.HasPrefix(strings.ToLower(name), prefix) })
}

// usable leaves out addresses that no phone can use: link-local, the translator's
// 192.0.0.0/24, and IPv6, which nobody can type.
func usable(ip netip.Addr) bool {
	return ip.Is4() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && !netip.MustParsePrefix("192.0.0.0/24").Contains(ip)
}

// addressBook knows at which addresses a hub can be reached, the one to print first.
type addressBook struct {
	listening net.Addr
	mu        sync.Mutex
	looked    time.Time
	list      []string
	ever      []string // all that were in the list so far
}

// Addresses gives the base addresses, looked up again after three seconds.
func (b *addressBook) Addresses() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.looked) > 3*time.Second || b.list == nil {
		b.looked, b.list = time.Now(), reachable(b.listening)
		for _, address := range b.list {
			if !slices.Contains(b.ever, address) {
				b.ever = append(b.ever, address)
			}
		}
	}
	return b.list
}

// Ever gives all addresses since the start: a page that was opened at one that is
// gone may still bring its outbox.
func (b *addressBook) Ever() []string {
	b.Addresses()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.ever)
}

// reachable gives the base addresses of a listener. Where it listens on one
// address that is the one; else each usable one, private ones first, and loopback
// where there is none.
func reachable(listening net.Addr) []string {
	own, err := netip.ParseAddrPort(listening.String())
	if err != nil {
		return []string{"http://" + listening.String()}
	}
	if !own.Addr().IsUnspecified() {
		return []string{"http://" + own.String()}
	}
	var ips []netip.Addr
	found, _ := adapters() // none to be had is none
	for _, a := range found {
		ips = append(ips, a.addresses...)
	}
	slices.SortStableFunc(ips, func(a, b netip.Addr) int { return cmp.Compare(rank(a), rank(b)) })
	if len(ips) == 0 {
		ips = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	}
	out := make([]string, len(ips))
	for i, ip := range ips {
		out[i] = "http://" + netip.AddrPortFrom(ip, own.Port()).String()
	}
	return out
}

// rank puts first what a room's Wi-Fi usually gives.
func rank(ip netip.Addr) int {
	switch b := ip.As4(); {
	case b[0] == 192 && b[1] == 168:
		return 0
	case b[0] == 10:
		return 1
	case ip.IsPrivate():
		return 2
	}
	return 3
}
