package mdns

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/miekg/dns"
)

// FuzzPacket gives whatever arrives to both ends: neither may panic, keep more than its
// bounds, or want to be called again at once for ever.
func FuzzPacket(f *testing.F) {
	for _, m := range []*dns.Msg{
		hubSays(f, nil), wire(f, speakerAt(f, hall, wifi).lines["wlan0"].probe()), query(dns.TypeANY, "folkmoot.local."),
		{MsgHdr: dns.MsgHdr{Response: true}, Answer: []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: "folkmoot.local.", Rrtype: dns.TypeA, Class: 1, Ttl: 9}}}},
	} {
		data, _ := m.Pack()
		f.Add(data)
		f.Add(data[:len(data)-1])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m dns.Msg
		if len(data) > packetSize || m.Unpack(data) != nil {
			return
		}
		held, fresh, b := settled(t, hall, wifi), speakerAt(t, hall, wifi), tableAt(wifi)
		for range 3 {
			for _, sent := range append(held.hear(morning, "wlan0", &m, tablet), fresh.hear(morning, "wlan0", &m, tablet)...) {
				if _, err := sent.msg.Pack(); err != nil {
					t.Errorf("an answer that cannot be sent: %v", err)
				}
			}
			b.read(morning, "wlan0", &m, tablet.Addr())
		}
		for _, s := range b.services() {
			if !utf8.ValidString(s.Instance+s.Host) || s.Port < 1 || s.Port > 65535 || len(s.Addresses) > maxAddresses {
				t.Errorf("found %+v", s)
			}
		}
		steps := 0
		for next := b.next(); !next.IsZero(); next = b.next() {
			if steps++; steps > 20*(1+len(data)) || next.After(morning.Add(2*maxTTL)) {
				t.Fatalf("not done after %d steps", steps)
			}
			b.expire(next)
			b.questions(next, "wlan0")
		}
		held.run(morning.Add(5*time.Second), morning.Add(time.Minute), func(time.Duration, message) {})
	})
}
