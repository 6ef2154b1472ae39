package mdns

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
)

// Reason says why an adapter is not used.
type Reason int

// The reasons. The zero value means that the adapter is used.
const (
	Usable      Reason = iota
	Down               // switched off, or no cable
	Loopback           // reaches this machine only
	NoAddress          // has no address yet
	Tunnel             // leads to a VPN: nobody in this room is there
	Virtual            // leads to containers or virtual machines on this machine
	NoMulticast        // cannot speak to all at once
)

// Adapter is a network interface of this machine.
type Adapter struct {
	Name      string
	Index     int
	Addresses []netip.Prefix // sorted
	Reason    Reason
}

// Situation is what this machine's adapters come to.
type Situation int

// The situations.
const (
	Ready       Situation = iota
	NoAdapter             // none that is on and has an address
	OnlyIPv6              // found by devices that run Folkmoot; typed addresses get long
	OnlyVirtual           // only VPNs, containers and virtual machines: nobody in the room is there
)

// Adapters lists this machine's adapters, sorted by name, those that are not used too. It
// is refused on Android, where another list must be given in Options.
func Adapters() ([]Adapter, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("mdns: list adapters: %w", err)
	}
	var adapters []Adapter
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil {
			continue // it went away in between
		}
		adapters = append(adapters, NewAdapter(i, addresses))
	}
	slices.SortFunc(adapters, func(a, b Adapter) int { return compare(a.Name, b.Name) })
	return adapters, nil
}

// NewAdapter judges an interface with these addresses.
func NewAdapter(i net.Interface, addresses []net.Addr) Adapter {
	a := Adapter{Name: i.Name, Index: i.Index}
	for _, address := range addresses {
		n, ok := address.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		ones, _ := n.Mask.Size()
		if ip = ip.Unmap(); ok && !ip.IsUnspecified() && !ip.IsMulticast() {
			a.Addresses = append(a.Addresses, netip.PrefixFrom(ip, ones))
		}
	}
	slices.SortFunc(a.Addresses, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	a.Reason = judge(i.Name, i.Flags, len(a.Addresses))
	return a
}

var (
	tunnels  = regexp.MustCompile(`(?i)^(u?tun|tap|wg|ppp|ipsec|gif|stf|tailscale|zt|nordlynx|proton)\d*|vpn|wireguard`)
	virtuals = regexp.MustCompile(`(?i)^(docker|veth|virbr|vmnet|vboxnet|cni|flannel|podman|lxc|lxd|incus|br-[0-9a-f]{6}|awdl|llw)|^vethernet|virtualbox|vmware`)
)

func judge(name string, flags net.Flags, addresses int) Reason {
	switch {
	case flags&net.FlagLoopback != 0:
		return Loopback
	case flags&net.FlagUp == 0 || flags&net.FlagRunning == 0:
		return Down
	case tunnels.MatchString(name) || flags&net.FlagPointToPoint != 0:
		return Tunnel
	case virtuals.MatchString(name):
		return Virtual
	case flags&net.FlagMulticast == 0:
		return NoMulticast
	case addresses == 0:
		return NoAddress
	}
	return Usable
}

// Look says what the adapters come to.
func Look(adapters []Adapter) Situation {
	var usable, four, virtual bool
	for _, a := range adapters {
		usable = usable || a.Reason == Usable
		four = four || a.Reason == Usable && a.has(netip.Addr.Is4)
		virtual = virtual || (a.Reason == Tunnel || a.Reason == Virtual) && a.has(reachesFar)
	}
	switch {
	case usable && four:
		return Ready
	case usable:
		return OnlyIPv6
	case virtual:
		return OnlyVirtual
	}
	return NoAdapter
}

// reachesFar leaves out the link-local addresses that tunnels have even when off.
func reachesFar(a netip.Addr) bool { return !a.IsLinkLocalUnicast() }

func (a Adapter) has(kind func(netip.Addr) bool) bool {
	return slices.ContainsFunc(a.Addresses, func(p netip.Prefix) bool { return kind(p.Addr()) })
}

// onLink tells whether a host with this address is on the adapter's link.
func (a Adapter) onLink(address netip.Addr) bool {
	address = address.WithZone("")
	if address.Is6() && address.IsLinkLocalUnicast() {
		return a.has(netip.Addr.Is6)
	}
	return slices.ContainsFunc(a.Addresses, func(p netip.Prefix) bool { return p.Contains(address) })
}

// same tells whether nothing changed that others should know.
func (a Adapter) same(b Adapter) bool {
	return a.Name == b.Name && a.Index == b.Index && slices.Equal(a.Addresses, b.Addresses)
}

// sameAdapters tells whether two lists of adapters say the same.
func sameAdapters(a, b []Adapter) bool {
	return slices.EqualFunc(a, b, func(a, b Adapter) bool { return a.same(b) && a.Reason == b.Reason })
}
