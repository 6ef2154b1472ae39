package mdns

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"
)

// rival says which of our names another device wants or has.
type rival struct{ instance, host bool }

// claimOf spells what a service record claims.
func claimOf(r *dns.SRV) string { return fmt.Sprintf("%s:%d", canonical(r.Target), r.Port) }

// rivals looks for records under our names that say what we never said. Two who want both
// names say the same of the service and differ in the host's addresses.
func rivals(z zone, records []dns.RR, mine map[string]bool) rival {
	var found rival
	alike := false
	for _, r := range records {
		if r.Header().Ttl == 0 || r.Header().Rdlength == 0 {
			continue // a goodbye, or a broken record, claims nothing
		}
		switch r := r.(type) {
		case *dns.SRV:
			if canonical(r.Hdr.Name) == canonical(z.instance) {
				found.instance = found.instance || !mine[claimOf(r)]
				alike = alike || canonical(r.Target) == canonical(z.host)
			}
		case *dns.A:
			found.host = found.host || canonical(r.Hdr.Name) == canonical(z.host) && !mine[spell(r.A)]
		case *dns.AAAA:
			found.host = found.host || canonical(r.Hdr.Name) == canonical(z.host) && !mine[spell(r.AAAA)]
		}
	}
	found.instance = found.instance || alike && found.host
	return found
}

func spell(ip net.IP) string {
	address, _ := netip.AddrFromSlice(ip)
	return address.Unmap().String()
}

// contest deals with somebody who answers to our names. Who only asks for a name takes
// the next; who holds it first asks again, since only one of the two still does then.
func (s *speaker) contest(now time.Time, l *line, r rival) []message {
	if r == (rival{}) {
		return nil
	}
	if !l.held() {
		return s.yield(now, r)
	}
	s.contested++
	if s.contested > contests {
		return s.yield(now, r)
	}
	s.restart(now)
	return nil
}

// yield takes the next names in place of those that another device has, unless that was
// tried too often: the session goes on under a doubtful name rather than none.
func (s *speaker) yield(now time.Time, r rival) []message {
	if r.host && s.hostCount >= attempts {
		r.host = false
	}
	if r.instance && s.instanceCount >= attempts {
		r.instance = false
	}
	if r == (rival{}) {
		return nil
	}
	goodbyes := s.goodbye()
	s.disown()
	if r.host {
		s.hostCount++
	}
	if r.instance {
		s.instanceCount++
	}
	s.contested = 0
	s.rename()
	s.restart(now)
	return goodbyes
}

// disown forgets that the service under its present names was ours.
func (s *speaker) disown() {
	for _, l := range s.lines {
		delete(s.mine, l.zone.claim())
	}
}

// outdone leaves of a rival's wishes those that win over ours: of two who ask for a name at
// once the one whose records are later in order gets it (RFC 6762, 8.2).
func outdone(z zone, theirs []dns.RR, r rival) rival {
	ours := z.all()
	same := slices.EqualFunc(data(theirs, z.instance), data(ours, z.instance), bytes.Equal)
	r.instance = r.instance && !same && slices.CompareFunc(data(theirs, z.instance), data(ours, z.instance), bytes.Compare) > 0
	r.host = r.host && slices.CompareFunc(data(theirs, z.host), data(ours, z.host), bytes.Compare) > 0
	r.instance = r.instance || same && r.host // the host decides for both
	return r
}

// data gives what the records of that name say, in order.
func data(records []dns.RR, name string) [][]byte {
	var all [][]byte
	for _, r := range records {
		if canonical(r.Header().Name) != canonical(name) {
			continue
		}
		switch r := r.(type) {
		case *dns.A:
			all = append(all, append([]byte{byte(dns.TypeA)}, r.A.To4()...))
		case *dns.AAAA:
			all = append(all, append([]byte{byte(dns.TypeAAAA)}, r.AAAA.To16()...))
		case *dns.SRV:
			all = append(all, append([]byte{byte(dns.TypeSRV), byte(r.Port >> 8), byte(r.Port)}, canonical(r.Target)...))
		}
	}
	slices.SortFunc(all, bytes.Compare)
	return all
}
