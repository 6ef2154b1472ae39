package mdns

import (
	"net"
	"net/netip"
	"testing"
	"time"
)

const on = net.FlagUp | net.FlagRunning | net.FlagMulticast | net.FlagBroadcast

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name      string
		flags     net.Flags
		addresses int
		want      Reason
	}{
		{"wlan0", on, 2, Usable},
		{"Wi-Fi", on, 2, Usable},
		{"Local Area Connection* 10", on, 2, Usable},
		{"bridge100", on, 1, Usable}, // a Mac's hotspot
		{"br0", on, 1, Usable},
		{"wlan0", on &^ net.FlagRunning, 1, Down},
		{"wlan0", on &^ net.FlagUp, 1, Down},
		{"wlan0", on, 0, NoAddress},
		{"wlan0", on &^ net.FlagMulticast, 1, NoMulticast},
		{"lo", on | net.FlagLoopback, 2, Loopback},
		{"tun0", on | net.FlagPointToPoint, 1, Tunnel},
		{"utun4", on, 1, Tunnel},
		{"wg-office", on, 1, Tunnel},
		{"Some VPN Adapter", on, 1, Tunnel},
		{"docker0", on, 1, Virtual},
		{"docker0", on &^ net.FlagRunning, 1, Down},
		{"br-0123456789ab", on, 1, Virtual},
		{"vEthernet (WSL)", on, 1, Virtual},
		{"awdl0", on, 1, Virtual},
	} {
		if got := judge(c.name, c.flags, c.addresses); got != c.want {
			t.Errorf("%s %v with %d addresses: got %v, want %v", c.name, c.flags, c.addresses, got, c.want)
		}
	}
}

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

func TestLook(t *testing.T) {
	wifi := Adapter{Name: "wlan0", Addresses: prefixes("10.0.0.5/24", "fe80::5/64")}
	six := Adapter{Name: "wlan1", Addresses: prefixes("fe80::6/64")}
	vpn := Adapter{Name: "tun0", Addresses: prefixes("10.8.0.2/24"), Reason: Tunnel}
	idle := Adapter{Name: "utun0", Addresses: prefixes("fe80::7/64"), Reason: Tunnel}
	off := Adapter{Name: "eth0", Addresses: prefixes("10.0.1.5/24"), Reason: Down}
	for _, c := range []struct {
		name     string
		adapters []Adapter
		want     Situation
	}{
		{"none", nil, NoAdapter},
		{"off", []Adapter{off}, NoAdapter},
		{"Wi-Fi and VPN", []Adapter{vpn, wifi}, Ready},
		{"IPv6 only", []Adapter{six, off}, OnlyIPv6},
		{"VPN only", []Adapter{vpn, off}, OnlyVirtual},
		{"a VPN that is off", []Adapter{idle, off}, NoAdapter},
	} {
		if got := Look(c.adapters); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAdaptersOfThisMachine(t *testing.T) {
	adapters, err := Adapters()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range adapters {
		if a.Reason == Loopback && a.onLink(netip.MustParseAddr("127.0.0.1")) {
			return
		}
	}
	t.Errorf("no loopback among %+v", adapters)
}

func TestAsleep(t *testing.T) {
	start := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for gap, want := range map[time.Duration]bool{3 * time.Second: false, 7 * time.Second: false, 9 * time.Second: true, time.Hour: true, -time.Hour: false} {
		if got := asleep(start, start.Add(gap), 3*time.Second); got != want {
			t.Errorf("%v between two looks: got %v, want %v", gap, got, want)
		}
	}
	if asleep(time.Time{}, start, time.Second) {
		t.Error("the first look comes after a sleep")
	}
}

// TestAcceptLeavesOut keeps to what the link's own hosts sent to everybody.
func TestAcceptLeavesOut(t *testing.T) {
	l := &link{adapter: Adapter{Name: "wlan0", Index: 3, Addresses: prefixes("10.0.0.5/24", "fe80::5/64")}}
	from := func(text string) net.Addr { return net.UDPAddrFromAddrPort(netip.MustParseAddrPort(text)) }
	all, self := net.ParseIP("224.0.0.251"), net.ParseIP("10.0.0.5")
	for _, c := range []struct {
		name string
		arrival
		want bool
	}{
		{"from the link", arrival{100, from("10.0.0.9:5353"), 3, all}, true},
		{"where the system says no more", arrival{100, from("10.0.0.9:5353"), 0, nil}, true},
		{"link-local", arrival{100, from("[fe80::9%3]:5353"), 3, net.ParseIP("ff02::fb")}, true},
		{"at another adapter", arrival{100, from("10.0.0.9:5353"), 4, all}, false},
		{"from afar", arrival{100, from("10.0.1.9:5353"), 3, all}, false},
		{"to this machine alone", arrival{100, from("10.0.0.9:5353"), 3, self}, false},
		{"too large", arrival{packetSize + 1, from("10.0.0.9:5353"), 3, all}, false},
	} {
		if _, got := l.accept(c.arrival); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
