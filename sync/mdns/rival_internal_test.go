package mdns

import (
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"
)

var (
	cable = Adapter{Name: "eth0", Index: 2, Addresses: prefixes("10.0.0.9/24", "fe80::9/64")}
	phone = netip.MustParseAddrPort("10.0.0.9:5353")
)

// pass gives what one said to the other, and tells what came back.
func pass(t *testing.T, now time.Time, to *speaker, messages ...message) []message {
	t.Helper()
	var back []message
	for _, m := range messages {
		for name := range to.lines {
			back = append(back, to.hear(now, name, wire(t, m.msg), tablet)...)
		}
	}
	return back
}

func TestWhoHasTheNameKeepsIt(t *testing.T) {
	first, second := settled(t, hall, wifi), speakerAt(t, hall, cable)
	pass(t, morning, second, pass(t, morning.Add(10*time.Second), first, second.tick(morning)...)...)
	if first.host != "folkmoot" || second.host != "folkmoot-2" || second.instance != hall.Instance+" (2)" {
		t.Errorf("got %q, and %q, %q", first.host, second.host, second.instance)
	}
	if second.claimed() || second.lines["eth0"].step != 0 {
		t.Error("the next name is not asked for")
	}
}

func TestOfTwoAtOnceOneGivesWay(t *testing.T) {
	first, second := speakerAt(t, hall, wifi), speakerAt(t, hall, cable)
	fromFirst, fromSecond := first.tick(morning), second.tick(morning)
	pass(t, morning, first, fromSecond...)
	pass(t, morning, second, fromFirst...)
	if first.host != "folkmoot-2" || first.instance != hall.Instance+" (2)" || second.host != "folkmoot" || second.instance != hall.Instance {
		t.Errorf("10.0.0.5 got %q, %q; 10.0.0.9, which is later in order, %q, %q", first.host, first.instance, second.host, second.instance)
	}
}

func TestOwnWordsAreNoRival(t *testing.T) {
	s := settled(t, hall, wifi)
	announced := message{msg: response(s.lines["wlan0"].zone.all())}
	moved := wifi
	moved.Addresses = prefixes("10.0.0.77/24", "fe80::5/64")
	other := s.service
	other.Port++
	s.adapters(morning, []Adapter{moved}, []Adapter{moved}, false)
	s.update(morning, other)
	s.tick(morning)
	pass(t, morning, s, announced)
	if s.contested != 0 || s.host != "folkmoot" || s.instance != hall.Instance {
		t.Errorf("its own earlier words made it %q, %q, contested %d times", s.host, s.instance, s.contested)
	}
	goodbye := settled(t, hall, cable).goodbye()
	if pass(t, morning, s, goodbye...); s.contested != 0 {
		t.Error("a goodbye contests a name")
	}
	stray := message{msg: response(settled(t, hall, cable).lines["eth0"].zone.all())}
	s.hear(morning, "wlan0", wire(t, stray.msg), netip.MustParseAddrPort("10.0.0.9:4000"))
	if s.contested != 0 {
		t.Error("an answer from another port contests a name")
	}
}

// TestRivalThatInsists answers to every name for ever: the announcement ends under some
// name instead of never being made.
func TestRivalThatInsists(t *testing.T) {
	s := speakerAt(t, hall, wifi)
	now := morning
	for range 1000 {
		now = now.Add(50 * time.Millisecond)
		s.tick(now)
		z := newZone(s.service, s.instance, s.host, cable, 120)
		s.hear(now, "wlan0", wire(t, response(z.all())), phone)
	}
	if !s.claimed() || s.hostCount != attempts || s.instanceCount != attempts {
		t.Errorf("after 50 s: claimed %v, %q, %q", s.claimed(), s.host, s.instance)
	}
}

// TestHolderAsksAgain hears another device answer to a name that it holds.
func TestHolderAsksAgain(t *testing.T) {
	s, other := settled(t, hall, wifi), settled(t, hall, cable)
	others := message{msg: response(other.lines["eth0"].zone.all())}
	for range contests {
		pass(t, morning, s, others)
		if s.claimed() || s.lines["wlan0"].step != 0 || s.host != "folkmoot" {
			t.Fatalf("it does not ask again: claimed %v, %q", s.claimed(), s.host)
		}
		s.run(morning, morning.Add(time.Hour), func(time.Duration, message) {})
	}
	if pass(t, morning, s, others); s.host != "folkmoot-2" || s.instance != hall.Instance+" (2)" {
		t.Errorf("it never gives way: %q, %q", s.host, s.instance)
	}
	service := other.lines["eth0"].zone.Records(query(dns.TypeSRV, other.lines["eth0"].zone.instance).Question[0])[:1]
	z := newZone(s.service, hall.Instance, "folkmoot", wifi, 120)
	if !rivals(z, wire(t, response(service)).Answer, s.mine).instance {
		t.Error("what it gave away still counts as its own")
	}
}
