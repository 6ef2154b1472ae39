package mdns

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

var (
	morning = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	wifi    = Adapter{Name: "wlan0", Index: 3, Addresses: prefixes("10.0.0.5/24", "fe80::5/64")}
	tablet  = netip.MustParseAddrPort("10.0.0.9:5353")
	hall    = Service{Instance: "Hall 3.1 三樓", Port: 8443, Host: "folkmoot", Text: map[string]string{"id": "1", "n": `a\b`}}
)

// wire gives a packet as it arrives at the other end.
func wire(t testing.TB, m *dns.Msg) *dns.Msg {
	t.Helper()
	data, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	var arrived dns.Msg
	if err := arrived.Unpack(data); err != nil {
		t.Fatal(err)
	}
	if len(data) > 1400 {
		t.Errorf("%d bytes do not fit a packet of Ethernet", len(data))
	}
	return &arrived
}

func speakerAt(t testing.TB, s Service, a Adapter) *speaker {
	t.Helper()
	s, err := s.check()
	if err != nil {
		t.Fatal(err)
	}
	p := newSpeaker(s, 120*time.Second)
	p.adapters(morning, []Adapter{a}, []Adapter{a}, false)
	return p
}

// run lets time go by and tells when what was sent.
func (s *speaker) run(from, to time.Time, send func(time.Duration, message)) {
	for next := s.next(); !next.IsZero() && !next.After(to); next = s.next() {
		for _, m := range s.tick(next) {
			send(next.Sub(from), m)
		}
	}
}

func settled(t testing.TB, s Service, a Adapter) *speaker {
	t.Helper()
	p := speakerAt(t, s, a)
	p.run(morning, morning.Add(5*time.Second), func(time.Duration, message) {})
	if !p.claimed() {
		t.Fatal("not claimed after 5 s")
	}
	return p
}

func kinds(m *dns.Msg) string {
	var all []string
	for _, r := range m.Answer {
		kind := dns.TypeToString[r.Header().Rrtype]
		if r.Header().Class&flush != 0 {
			kind += "!"
		}
		all = append(all, fmt.Sprintf("%s%d", kind, r.Header().Ttl))
	}
	return strings.Join(all, " ")
}

func TestAsksThenAnnouncesTwice(t *testing.T) {
	s := speakerAt(t, hall, wifi)
	var got []string
	s.run(morning, morning.Add(time.Hour), func(after time.Duration, m message) {
		arrived := wire(t, m.msg)
		if arrived.Response {
			got = append(got, fmt.Sprint(after, " ", kinds(arrived)))
		} else {
			got = append(got, fmt.Sprint(after, " asks ", len(arrived.Question), " ", len(arrived.Ns)))
		}
	})
	want := "0s asks 2 4, 250ms asks 2 4, 500ms asks 2 4, " +
		"750ms PTR120 SRV!120 A!120 AAAA!120 TXT!120, 1.75s PTR120 SRV!120 A!120 AAAA!120 TXT!120"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	goodbye := s.goodbye()
	if len(goodbye) != 1 || kinds(wire(t, goodbye[0].msg)) != "PTR0 SRV0 A0 AAAA0 TXT0" {
		t.Errorf("goodbye: got %v", goodbye)
	}
	if early := speakerAt(t, hall, wifi); len(early.goodbye()) != 0 {
		t.Error("a goodbye of what was never said")
	}
}

func query(kind uint16, name string) *dns.Msg {
	return &dns.Msg{Question: []dns.Question{{Name: name, Qtype: kind, Qclass: dns.ClassINET}}}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, question string
		kind           uint16
		want           string
	}{
		{"list", "_folkmoot._tcp.local.", dns.TypePTR, "PTR120 SRV!120 A!120 AAAA!120 TXT!120"},
		{"list in capitals", "_FOLKMOOT._TCP.LOCAL.", dns.TypePTR, "PTR120 SRV!120 A!120 AAAA!120 TXT!120"},
		{"kinds of service", "_services._dns-sd._udp.local.", dns.TypePTR, "PTR120"},
		{"service", `HALL\ 3\.1\ 三樓._folkmoot._tcp.local.`, dns.TypeSRV, "SRV!120 A!120 AAAA!120"},
		{"text", `hall 3\.1 三樓._folkmoot._tcp.local.`, dns.TypeTXT, "TXT!120"},
		{"host", "FolkMoot.Local.", dns.TypeA, "A!120"},
		{"host by IPv6", "folkmoot.local.", dns.TypeAAAA, "AAAA!120"},
		{"host, all", "folkmoot.local.", dns.TypeANY, "A!120 AAAA!120"},
		{"another host", "folkmoot-2.local.", dns.TypeA, ""},
		{"another service", "_http._tcp.local.", dns.TypePTR, ""},
		{"a kind that it has not", "folkmoot.local.", dns.TypeMX, ""},
	} {
		s := settled(t, hall, wifi)
		sent := s.hear(morning.Add(time.Minute), "wlan0", wire(t, query(c.kind, c.question)), tablet)
		got := ""
		if len(sent) == 1 && !sent[0].to.IsValid() {
			got = kinds(wire(t, sent[0].msg))
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAnswersWithWhatItHas(t *testing.T) {
	six := settled(t, hall, Adapter{Name: "wlan0", Addresses: prefixes("fe80::5/64")})
	if sent := six.hear(morning.Add(time.Minute), "wlan0", query(dns.TypeA, "folkmoot.local."), tablet); len(sent) != 1 || kinds(wire(t, sent[0].msg)) != "NSEC!120" {
		t.Errorf("asked for IPv4, which it has not: got %v", sent)
	}
	s := settled(t, hall, wifi)
	records := s.lines["wlan0"].zone.all()
	for _, r := range wire(t, response(records)).Answer {
		switch r := r.(type) {
		case *dns.SRV:
			if r.Port != 8443 || r.Target != "folkmoot.local." {
				t.Errorf("got %v", r)
			}
		case *dns.TXT:
			if text := readText(r.Txt); len(text) != 2 || text["n"] != `a\b` || text["id"] != "1" {
				t.Errorf("text: got %q", text)
			}
		case *dns.PTR:
			if got, ok := instanceOf(r.Ptr); !ok || got != hall.Instance {
				t.Errorf("name: got %q", got)
			}
		}
	}
}

func TestDoesNotAnswer(t *testing.T) {
	ask := query(dns.TypePTR, typeName)
	known := wire(t, ask)
	known.Answer = settled(t, hall, wifi).lines["wlan0"].zone.all()[:1]
	reply := wire(t, ask)
	reply.Response = true
	update := wire(t, ask)
	update.Opcode = dns.OpcodeUpdate
	for name, m := range map[string]*dns.Msg{"who knows": wire(t, known), "an answer that repeats its question": reply, "other calls": update} {
		if sent := settled(t, hall, wifi).hear(morning.Add(time.Minute), "wlan0", m, tablet); len(sent) != 0 {
			t.Errorf("%s: got %v", name, sent[0].msg)
		}
	}
	early := speakerAt(t, hall, wifi)
	early.tick(morning)
	if sent := early.hear(morning, "wlan0", ask, tablet); len(sent) != 0 {
		t.Error("answers under a name that is not yet its own")
	}
	if sent := settled(t, hall, wifi).hear(morning, "eth7", ask, tablet); len(sent) != 0 {
		t.Error("answers at an adapter that it does not know")
	}
}

// TestIsNotFlooded asks a thousand times within a second, in both ways.
func TestIsNotFlooded(t *testing.T) {
	for name, c := range map[string]struct {
		from netip.AddrPort
		most int
	}{"everybody": {tablet, 3}, "single askers": {netip.MustParseAddrPort("10.0.0.9:40000"), unicasts}} {
		s, sent := settled(t, hall, wifi), 0
		start := morning.Add(time.Minute)
		for i := range 1000 {
			now := start.Add(time.Duration(i) * 999 * time.Microsecond)
			sent += len(s.hear(now, "wlan0", query(dns.TypePTR, typeName), c.from)) + len(s.tick(now))
		}
		if sent == 0 || sent > c.most {
			t.Errorf("%s: %d answers, want 1 to %d", name, sent, c.most)
		}
		if c.from == tablet {
			if owed := s.tick(start.Add(time.Second)); len(owed) != 1 {
				t.Errorf("who asked in the meantime hears nothing: %v", owed)
			}
		}
	}
}

func TestNewWordsNewAddressesNewNetwork(t *testing.T) {
	now := morning.Add(time.Minute)
	announced := func(s *speaker) string {
		var got []string
		s.run(now, now.Add(10*time.Second), func(_ time.Duration, m message) {
			if m.msg.Response {
				got = append(got, kinds(m.msg))
			} else {
				got = append(got, "asks")
			}
		})
		return strings.Join(got, ", ")
	}
	const full = "PTR120 SRV!120 A!120 AAAA!120 TXT!120"

	s := settled(t, hall, wifi)
	if s.update(now, s.service); announced(s) != "" {
		t.Error("the same again is announced")
	}
	other := s.service
	other.Port++
	if s.update(now, other); announced(s) != full+", "+full {
		t.Error("another port is not announced")
	}
	other.Instance = "Hall 4"
	if goodbyes := s.update(now, other); len(goodbyes) != 1 || kinds(goodbyes[0].msg) != "PTR0 SRV0 A0 AAAA0 TXT0" {
		t.Errorf("another name: no goodbye to the first: %v", goodbyes)
	}
	if got := announced(s); got != "asks, asks, asks, "+full+", "+full {
		t.Errorf("another name: got %s", got)
	}

	moved := wifi
	moved.Addresses = prefixes("10.0.0.77/24", "fe80::5/64")
	if s.adapters(now, []Adapter{moved}, []Adapter{moved}, false); announced(s) != full+", "+full {
		t.Error("another address is not announced")
	}
	if s.adapters(now, []Adapter{moved}, []Adapter{moved}, true); announced(s) != "asks, asks, asks, "+full+", "+full {
		t.Error("after a sleep it does not start anew")
	}
	if s.adapters(now, nil, nil, false); announced(s) != "" || s.claimed() {
		t.Error("it speaks where there is no adapter")
	}
}

func TestServiceIsChecked(t *testing.T) {
	for name, change := range map[string]func(*Service){
		"no name":      func(s *Service) { s.Instance = "" },
		"no text":      func(s *Service) { s.Instance = "\xff" },
		"no port":      func(s *Service) { s.Port = 0 },
		"port":         func(s *Service) { s.Port = 65536 },
		"key":          func(s *Service) { s.Text = map[string]string{"a=b": "1"} },
		"long text":    func(s *Service) { s.Text = map[string]string{"a": strings.Repeat("x", 254)} },
		"much text":    func(s *Service) { s.Text = much() },
		"host":         func(s *Service) { s.Host = "folk moot" },
		"host's dots":  func(s *Service) { s.Host = "folkmoot.local" },
		"host's dash":  func(s *Service) { s.Host = "-a" },
		"host, length": func(s *Service) { s.Host = strings.Repeat("a", 61) },
	} {
		s := hall
		change(&s)
		if _, err := Announce(s, Options{}); err == nil {
			t.Errorf("%s: announced", name)
		}
	}
	s := hall
	s.Host = ""
	one, _ := s.check()
	s.Text = map[string]string{"id": "2"}
	two, err := s.check()
	if err != nil || one.Host == two.Host || !strings.HasPrefix(one.Host, "folkmoot-") {
		t.Errorf("hosts of two tablets with one name: %q, %q, %v", one.Host, two.Host, err)
	}
	long := hall
	long.Instance = strings.Repeat("民", 50)
	wire(t, response(settled(t, long, wifi).lines["wlan0"].zone.all()))
}

func much() map[string]string {
	text := map[string]string{}
	for i := range 10 {
		text[fmt.Sprint(i)] = strings.Repeat("x", 110)
	}
	return text
}
