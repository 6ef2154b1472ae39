package mdns

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// hubSays gives the records of the hub at 10.0.0.5 as they arrive.
func hubSays(t testing.TB, change func(records []dns.RR)) *dns.Msg {
	t.Helper()
	records := settled(t, hall, wifi).lines["wlan0"].zone.all()
	if change != nil {
		change(records)
	}
	return wire(t, response(records))
}

var hubAddress = netip.MustParseAddr("10.0.0.5")

func tableAt(a Adapter) *table {
	t := newTable()
	t.setAdapters(morning, []Adapter{a}, false)
	return t
}

func TestTableOfAHub(t *testing.T) {
	b := tableAt(cable)
	b.read(morning, "eth0", hubSays(t, nil), hubAddress)
	got := b.services()
	if len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	want := []netip.Addr{hubAddress, netip.MustParseAddr("fe80::5%eth0")}
	if f := got[0]; f.Instance != hall.Instance || f.Port != 8443 || f.Host != "folkmoot.local" || f.Adapter != "eth0" ||
		!slices.Equal(f.Addresses, want) || f.Text["n"] != `a\b` || !f.Seen.Equal(morning) {
		t.Errorf("got %+v", f)
	}
	if b.questions(morning.Add(90*time.Second), "eth0") != nil {
		t.Error("asks again for what is fresh")
	}
	b.read(morning, "eth0", hubSays(t, func(records []dns.RR) { records[0].Header().Ttl = 0 }), hubAddress)
	if got := b.services(); len(got) != 0 || len(b.hosts) != 0 {
		t.Errorf("after a goodbye: %+v, %v", got, b.hosts)
	}
}

// TestTableLeavesOut what is no answer of a hub on this link.
func TestTableLeavesOut(t *testing.T) {
	for name, c := range map[string]struct {
		change func(m *dns.Msg)
		from   string
	}{
		"question":                        {func(m *dns.Msg) { m.Response = false }, "10.0.0.5"},
		"update":                          {func(m *dns.Msg) { m.Opcode = dns.OpcodeUpdate }, "10.0.0.5"},
		"error":                           {func(m *dns.Msg) { m.Rcode = dns.RcodeRefused }, "10.0.0.5"},
		"from afar":                       {nil, "10.0.7.5"},
		"from afar, with addresses there": {func(m *dns.Msg) { m.Answer[2].(*dns.A).A = []byte{10, 0, 7, 5} }, "10.0.7.5"},
		"repeated":                        {nil, "10.0.0.6"},
		"repeated, IPv6":                  {nil, "fe80::6"},
		"another kind":                    {func(m *dns.Msg) { m.Answer[0].Header().Name = "_http._tcp.local." }, "10.0.0.5"},
		"other service":                   {func(m *dns.Msg) { m.Answer[0].(*dns.PTR).Ptr = "a._http._tcp.local." }, "10.0.0.5"},
		"class":                           {func(m *dns.Msg) { m.Answer[0].Header().Class = dns.ClassCHAOS }, "10.0.0.5"},
		"no port":                         {func(m *dns.Msg) { m.Answer[1].(*dns.SRV).Port = 0 }, "10.0.0.5"},
		"no host":                         {func(m *dns.Msg) { m.Answer = slices.Delete(m.Answer, 1, 2) }, "10.0.0.5"},
		"no text":                         {func(m *dns.Msg) { m.Answer = m.Answer[:4] }, "10.0.0.5"},
		"no address":                      {func(m *dns.Msg) { m.Answer = slices.Delete(m.Answer, 2, 4) }, "10.0.0.5"},
	} {
		m := hubSays(t, nil)
		if c.change != nil {
			c.change(m)
		}
		b := tableAt(cable)
		b.read(morning, "eth0", wire(t, m), netip.MustParseAddr(c.from))
		if got := b.services(); len(got) != 0 {
			t.Errorf("%s: found %+v", name, got)
		}
	}
	b := tableAt(cable)
	b.read(morning, "wlan7", hubSays(t, nil), hubAddress)
	if len(b.services()) != 0 {
		t.Error("found at an adapter that is not listened at")
	}
}

// TestTableAsksForTheRest gets the list first, and the rest in packets of its own.
func TestTableAsksForTheRest(t *testing.T) {
	b, whole := tableAt(cable), hubSays(t, nil)
	part := func(from, to int) *dns.Msg { return wire(t, response(whole.Answer[from:to])) }
	asked := func(now time.Time) string {
		var kinds []string
		for _, q := range b.questions(now, "eth0") {
			kinds = append(kinds, dns.TypeToString[q.Qtype])
		}
		return strings.Join(kinds, " ")
	}
	b.read(morning, "eth0", part(0, 1), hubAddress)
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{0, ""}, {100 * time.Millisecond, "SRV TXT"}, {200 * time.Millisecond, ""}, {1100 * time.Millisecond, "SRV TXT"}, {2 * time.Second, ""}, {3100 * time.Millisecond, "SRV TXT"}} {
		if got := asked(morning.Add(c.after)); got != c.want {
			t.Errorf("%v after the list came it asks %q, want %q", c.after, got, c.want)
		}
	}
	b.read(morning.Add(4*time.Second), "eth0", part(1, 2), hubAddress)
	b.read(morning.Add(4*time.Second), "eth0", part(4, 5), hubAddress)
	if got := asked(morning.Add(8 * time.Second)); got != "A AAAA" {
		t.Errorf("without addresses it asks %q", got)
	}
	b.read(morning.Add(9*time.Second), "eth0", part(2, 4), hubAddress)
	if len(b.services()) != 1 || asked(morning.Add(20*time.Second)) != "" {
		t.Errorf("with all: %+v", b.services())
	}
}

// TestTableForgets asks again at 80, 90 and 95 % of what was promised, then gives up.
func TestTableForgets(t *testing.T) {
	b := tableAt(cable)
	b.read(morning, "eth0", hubSays(t, nil), hubAddress)
	var asked []time.Duration
	for next := b.next(); !next.IsZero(); next = b.next() {
		if next.After(morning.Add(time.Hour)) {
			t.Fatal("still there after an hour")
		}
		b.expire(next)
		if len(b.questions(next, "eth0")) > 0 {
			asked = append(asked, next.Sub(morning))
		}
		if (len(b.services()) > 0) != next.Before(morning.Add(120*time.Second)) {
			t.Errorf("after %v: %+v", next.Sub(morning), b.services())
		}
	}
	if want := []time.Duration{96 * time.Second, 108 * time.Second, 114 * time.Second}; !slices.Equal(asked, want) {
		t.Errorf("asked after %v, want %v", asked, want)
	}
	if len(b.entries)+len(b.hosts) != 0 {
		t.Error("something is kept")
	}
}

func TestTableFollowsAddresses(t *testing.T) {
	b := tableAt(cable)
	b.read(morning, "eth0", hubSays(t, nil), hubAddress)
	now := morning.Add(time.Minute)
	b.read(now, "eth0", hubSays(t, func(records []dns.RR) {
		for _, r := range records {
			if a, ok := r.(*dns.A); ok {
				a.A = []byte{10, 0, 0, 77}
			}
		}
	}), netip.MustParseAddr("10.0.0.77"))
	want := []netip.Addr{netip.MustParseAddr("10.0.0.77"), netip.MustParseAddr("fe80::5%eth0")}
	if got := b.services(); len(got) != 1 || !slices.Equal(got[0].Addresses, want) {
		t.Errorf("got %+v, want %v", got, want)
	}
}

func TestTableAfterASleepOrANewNetwork(t *testing.T) {
	moved := cable
	moved.Addresses = prefixes("10.0.0.33/24", "fe80::9/64")
	for name, set := range map[string]func(b *table, now time.Time){
		"sleep":       func(b *table, now time.Time) { b.setAdapters(now, []Adapter{cable}, true) },
		"new address": func(b *table, now time.Time) { b.setAdapters(now, []Adapter{moved}, false) },
	} {
		b, now := tableAt(cable), morning.Add(30*time.Second)
		b.read(morning, "eth0", hubSays(t, nil), hubAddress)
		set(b, now)
		b.expire(now.Add(doubtful - 1))
		if len(b.services()) != 1 {
			t.Errorf("%s: forgotten before it could be heard", name)
		}
		if b.expire(now.Add(doubtful)); len(b.services()) != 0 {
			t.Errorf("%s: believed though it was not heard again", name)
		}
	}
	b := tableAt(cable)
	b.read(morning, "eth0", hubSays(t, nil), hubAddress)
	b.setAdapters(morning, []Adapter{cable}, false)
	if b.expire(morning.Add(time.Minute)); len(b.services()) != 1 {
		t.Error("forgotten though nothing changed")
	}
	if b.setAdapters(morning, nil, false); len(b.services()) != 0 {
		t.Error("believed at an adapter that is gone")
	}
}

// TestTableIsBounded hears of more services, addresses and text than any room has.
func TestTableIsBounded(t *testing.T) {
	b := tableAt(Adapter{Name: "eth0", Addresses: prefixes("10.0.0.9/16")})
	for sender := range 100 {
		from := netip.AddrFrom4([4]byte{10, 0, 1, byte(sender)})
		for i := range 50 {
			m := &dns.Msg{MsgHdr: dns.MsgHdr{Response: true}, Answer: []dns.RR{&dns.PTR{
				Hdr: dns.RR_Header{Name: typeName, Rrtype: dns.TypePTR, Class: dns.ClassINET, Ttl: 1 << 31},
				Ptr: fmt.Sprintf("%d-%d.%s", sender, i, typeName),
			}}}
			b.read(morning, "eth0", wire(t, m), from)
		}
		if want := min((sender+1)*maxOfSender, maxServices); len(b.entries) != want {
			t.Fatalf("after %d senders: %d services, want %d", sender+1, len(b.entries), want)
		}
	}
	if got := len(b.questions(morning.Add(time.Second), "eth0")); got != maxAsked {
		t.Errorf("asks %d questions at once, want %d", got, maxAsked)
	}
	if b.expire(morning.Add(maxTTL)); len(b.entries) != 0 {
		t.Errorf("%d are believed for longer than %v", len(b.entries), maxTTL)
	}

	b = tableAt(cable)
	for i := range 100 {
		b.read(morning, "eth0", hubSays(t, func(records []dns.RR) {
			for _, r := range records {
				if a, ok := r.(*dns.AAAA); ok {
					a.AAAA[15], a.Hdr.Class = byte(i), dns.ClassINET
				}
			}
		}), hubAddress)
	}
	if got := len(b.services()[0].Addresses); got != maxAddresses {
		t.Errorf("keeps %d addresses of a host, want %d", got, maxAddresses)
	}
}

func TestRounds(t *testing.T) {
	rounds, b := map[string]*round{}, tableAt(cable)
	restart(rounds, []Adapter{cable}, morning)
	r := rounds["eth0"]
	var got []time.Duration
	for len(got) < 9 {
		now := r.due
		if sent := ask(now, b, rounds); len(sent) != 1 || !asksForAll(wire(t, sent[0].msg)) {
			t.Fatalf("at %v: %v", now, sent)
		}
		got = append(got, now.Sub(morning)/time.Second)
	}
	if want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183}; !slices.Equal(got, want) {
		t.Errorf("asked at seconds %d, want %d", got, want)
	}
	now := r.due.Add(-time.Second)
	if r.heard(now); r.due != now.Add(rarely) {
		t.Error("asks soon though another device just did")
	}
	restart(rounds, []Adapter{cable}, morning)
	if r = rounds["eth0"]; r.due != morning {
		t.Error("does not ask at once when it starts anew")
	}
	if ask(morning, b, rounds); r.due != morning.Add(time.Second) {
		t.Error("after the first asking does not wait a second")
	}
	if r.heard(morning); r.due != morning.Add(time.Second) {
		t.Error("a newcomer lets others ask for it")
	}
	sent := 0
	for range 1000 {
		if r.allow(morning) {
			sent++
		}
	}
	if sent > askings {
		t.Errorf("%d packets in one second", sent)
	}
}
