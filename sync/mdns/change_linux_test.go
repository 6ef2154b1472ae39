package mdns_test

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"folkmoot/sync/mdns"
	"folkmoot/sync/nettest"
)

// TestChangesAreAnnounced changes what a hub says, its address, and its cable.
func TestChangesAreAnnounced(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2)
	h := n.Host(1)
	b := browse(t, n.Host(2))
	a := announce(t, h, hub)
	six := h.LinkLocal().WithZone(nettest.Adapter)
	until(t, b, "a hub", 3*time.Second, withAddresses(h.Addr(), six))

	other := hub
	other.Port, other.Text = 8444, map[string]string{"v": "2"}
	a.Update(other)
	until(t, b, "another port", 3*time.Second, func(s []mdns.Found) bool {
		return one(s) && s[0].Port == 8444 && s[0].Text["v"] == "2" && s[0].Text["id"] == ""
	})
	other.Instance = "一樓"
	a.Update(other)
	until(t, b, "another name", 3*time.Second, func(s []mdns.Found) bool { return one(s) && s[0].Instance == "一樓" })

	h.SetAddress(50)
	until(t, b, "another address", 3*time.Second, withAddresses(h.Addr(), six))
	h.Down()
	untilState(t, a, "no adapter", 3*time.Second, func(s mdns.State) bool { return s.Situation == mdns.NoAdapter && !s.Claimed })
	h.Up()
	untilState(t, a, "the adapter again", 3*time.Second, func(s mdns.State) bool { return s.Situation == mdns.Ready && s.Claimed })
	until(t, b, "the hub, after its adapter was off", 3*time.Second, withAddresses(h.Addr(), six))

	n.Host(2).Down()
	until(t, b, "nobody, with the own adapter off", 3*time.Second, nobody)
	n.Host(2).Up()
	until(t, b, "the hub, with the own adapter on again", 3*time.Second, withAddresses(h.Addr(), six))
}

// TestAnAdapterComesLater starts both without any.
func TestAnAdapterComesLater(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2, nettest.Options{Unplugged: true})
	a := announce(t, n.Host(1), hub)
	if got := a.State(); got.Situation != mdns.NoAdapter || got.Claimed {
		t.Errorf("without an adapter: got %+v", got)
	}
	b := browse(t, n.Host(2))
	n.Host(1).Plug()
	n.Host(2).Plug()
	until(t, b, "a hub, after both got an adapter", 3*time.Second, one)
	n.Host(2).Unplug()
	until(t, b, "nobody, without an adapter", 3*time.Second, nobody)
}

// TestAfterASleep lets an hour go by on the wall within a moment.
func TestAfterASleep(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2)
	var slept atomic.Int64
	asleep := func(h *nettest.Host) mdns.Options {
		o := at(h)
		o.Now = func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
		return o
	}
	a, err := mdns.Announce(hub, asleep(n.Host(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b := mdns.Browse(asleep(n.Host(2)))
	defer b.Close()
	untilState(t, a, "names", 3*time.Second, claimed)
	until(t, b, "a hub", 3*time.Second, one)
	start := time.Now()
	slept.Store(int64(time.Hour))
	untilState(t, a, "the names being asked for again", 3*time.Second, func(s mdns.State) bool { return !s.Claimed })
	untilState(t, a, "the names again", 3*time.Second, claimed)
	until(t, b, "the hub, heard again", 3*time.Second, func(s []mdns.Found) bool {
		return one(s) && s[0].Seen.After(start.Add(time.Hour))
	})
}

// TestTwoHubsWantOneName starts them one after the other, and two more at once.
func TestTwoHubsWantOneName(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 4)
	first := announce(t, n.Host(1), hub)
	untilState(t, first, "the first", 3*time.Second, claimed)
	second := announce(t, n.Host(2), hub)
	untilState(t, second, "the second", 6*time.Second, claimed)
	third, fourth := announce(t, n.Host(3), hub), announce(t, n.Host(4), hub)
	untilState(t, third, "the third", 10*time.Second, claimed)
	untilState(t, fourth, "the fourth", 10*time.Second, claimed)

	var hosts, instances []string
	for _, a := range []*mdns.Announcer{first, second, third, fourth} {
		s := a.State()
		hosts, instances = append(hosts, s.Host), append(instances, s.Instance)
		if s.Taken != (s.Host != "folkmoot.local") {
			t.Errorf("%+v: taken", s)
		}
	}
	if hosts[0] != "folkmoot.local" || hosts[1] != "folkmoot-2.local" || instances[1] != hub.Instance+" (2)" {
		t.Errorf("who came first has not the name: %q, %q", hosts, instances)
	}
	slices.Sort(hosts)
	slices.Sort(instances)
	if len(slices.Compact(hosts)) != 4 || len(slices.Compact(instances)) != 4 {
		t.Errorf("names are held twice: %q, %q", hosts, instances)
	}
	b := browse(t, n.Host(4))
	until(t, b, "all four", 3*time.Second, func(s []mdns.Found) bool { return len(s) == 4 })
}

// TestTwoNetworksBecomeOne joins two hubs that each held the name.
func TestTwoNetworksBecomeOne(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2)
	n.Host(2).Cut()
	first, second := announce(t, n.Host(1), hub), announce(t, n.Host(2), hub)
	untilState(t, first, "the first alone", 3*time.Second, claimed)
	untilState(t, second, "the second alone", 3*time.Second, claimed)
	n.Host(2).Mend()
	other := hub
	other.Port++
	first.Update(other) // which is heard by the second
	late := time.After(8 * time.Second)
	for {
		one, two := first.State(), second.State()
		if one.Claimed && two.Claimed && one.Host != two.Host && one.Instance != two.Instance {
			break
		}
		select {
		case <-first.Changed():
		case <-second.Changed():
		case <-late:
			t.Fatalf("names are held twice: %+v, %+v", one, two)
		}
	}
}

// TestEachAdapterHasItsOwnAddresses asks a hub with two adapters, at each.
func TestEachAdapterHasItsOwnAddresses(t *testing.T) {
	t.Parallel()
	cable, wifi := nettest.New(t, 2), nettest.New(t, 1, nettest.Options{Subnet: 78})
	there := cable.Host(1).Join(wifi)
	a := announce(t, cable.Host(1), hub)
	untilState(t, a, "names", 3*time.Second, claimed)
	for _, c := range []struct {
		from *nettest.Host
		want net.IP
	}{{cable.Host(2), cable.Host(1).Addr().AsSlice()}, {wifi.Host(1), there.AsSlice()}} {
		if got := resolve(t, c.from, "FOLKMOOT.local."); len(got) != 1 || !got[0].Equal(c.want) {
			t.Errorf("from %v: got %v, want %v alone", c.from.Addr(), got, c.want)
		}
	}
	b := browse(t, wifi.Host(1))
	until(t, b, "the hub, on the other network", 3*time.Second, one)
	if got := b.Services()[0].Addresses; got[0] != there || len(got) != 2 {
		t.Errorf("addresses on the other network: got %v, want %v and its link-local one", got, there)
	}
}

// resolve asks as an ordinary resolver does, from a port of its own, and gives what every
// answer says within half a second.
func resolve(t *testing.T, h *nettest.Host, name string) []net.IP {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	conn, err := h.ListenPacket("udp4", h.Addr().String()+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	conn.SetDeadline(deadline)
	query := new(dns.Msg).SetQuestion(name, dns.TypeA)
	packed, _ := query.Pack()
	// Sent to the hub's link by a route that is none of the system's: there is no default.
	if out, err := h.Command("ip", "route", "replace", "224.0.0.0/4", "dev", nettest.Adapter).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := conn.WriteTo(packed, &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353}); err != nil {
		t.Fatal(err)
	}
	var found []net.IP
	for buffer := make([]byte, 9000); ; {
		size, _, err := conn.ReadFrom(buffer)
		if err != nil {
			return found
		}
		var m dns.Msg
		if err := m.Unpack(buffer[:size]); err != nil {
			t.Fatal(err)
		}
		if m.Id != query.Id || len(m.Question) != 1 || m.Question[0].Name != name {
			t.Errorf("an ordinary resolver gets %v", &m)
		}
		for _, r := range m.Answer {
			if r.Header().Class != dns.ClassINET || r.Header().Ttl > 10 {
				t.Errorf("an ordinary resolver gets %v", r)
			}
			if a, ok := r.(*dns.A); ok {
				found = append(found, a.A)
			}
		}
	}
}
