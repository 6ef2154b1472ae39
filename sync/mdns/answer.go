package mdns

import (
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

const (
	questions   = 32                     // of one packet that are looked at
	again       = time.Second            // how soon everybody may be told the same again (RFC 6762, 6)
	defendAgain = 250 * time.Millisecond // the same, to somebody who asks for our name
	unicasts    = 50                     // answers to single askers in a second
	legacyTTL   = 10                     // seconds, for who does not know multicast (RFC 6762, 6.7)
)

// answer gives what one query deserves: who asks from another port than 5353 is an
// ordinary resolver and gets an ordinary answer; all others hear it together.
func (l *line) answer(now time.Time, m *dns.Msg, from netip.AddrPort) []message {
	if from.Port() != port {
		return l.legacy(now, m, from)
	}
	var records []dns.RR
	for _, q := range m.Question[:min(len(m.Question), questions)] {
		records = append(records, unknown(l.zone.Records(q), m.Answer)...)
	}
	wait := again
	if len(m.Ns) > 0 {
		wait = defendAgain
	}
	if records = l.limits.allow(now, records, wait); len(records) > 0 {
		return []message{{adapter: l.adapter.Name, msg: response(records)}}
	}
	return nil
}

// legacy answers an ordinary resolver: the question repeated, and no multicast marks.
func (l *line) legacy(now time.Time, m *dns.Msg, from netip.AddrPort) []message {
	reply := &dns.Msg{MsgHdr: dns.MsgHdr{Id: m.Id, Response: true, Authoritative: true, RecursionDesired: m.RecursionDesired}, Compress: true}
	for _, q := range m.Question[:min(len(m.Question), 1)] {
		reply.Answer = l.zone.Records(q)
		q.Qclass &^= flush
		reply.Question = []dns.Question{q}
	}
	if len(reply.Answer) == 0 || !l.limits.unicast(now) {
		return nil
	}
	for _, r := range reply.Answer {
		r.Header().Class &^= flush
		r.Header().Ttl = min(r.Header().Ttl, legacyTTL)
	}
	return []message{{adapter: l.adapter.Name, to: from, msg: reply}}
}

// unknown leaves out everything if the asker knows our entry in the list of services and
// will for a while.
func unknown(records, known []dns.RR) []dns.RR {
	for _, r := range records {
		p, ok := r.(*dns.PTR)
		if !ok {
			continue
		}
		for _, k := range known {
			if k, ok := k.(*dns.PTR); ok && canonical(k.Ptr) == canonical(p.Ptr) && canonical(k.Hdr.Name) == canonical(p.Hdr.Name) && k.Hdr.Ttl >= p.Hdr.Ttl/2 {
				return nil
			}
		}
	}
	return records
}

// limits keep an adapter from being flooded by whoever asks.
type limits struct {
	said   map[string]time.Time // when everybody was last told a record
	later  []dns.RR             // what waits for its time
	at     time.Time            // when that is
	second time.Time            // in which unicast answers are counted
	count  int
}

// allow gives the records that may be told to everybody now; the rest wait until a second
// has passed.
func (l *limits) allow(now time.Time, records []dns.RR, wait time.Duration) []dns.RR {
	if l.said == nil || len(l.said) > 1000 {
		l.said = map[string]time.Time{}
	}
	var allowed []dns.RR
	for _, r := range records {
		key := r.String()
		last, told := l.said[key]
		switch {
		case told && last.Equal(now) && contains(allowed, r): // asked for twice in one packet
		case !told || now.Sub(last) >= wait:
			l.said[key] = now
			allowed = append(allowed, r)
		case !contains(l.later, r):
			l.later = append(l.later, r)
			if l.at.IsZero() {
				l.at = last.Add(again)
			}
		}
	}
	return allowed
}

func contains(records []dns.RR, r dns.RR) bool {
	for _, other := range records {
		if other.String() == r.String() {
			return true
		}
	}
	return false
}

// owed gives the records whose time has come.
func (l *limits) owed(now time.Time) []dns.RR {
	if l.at.IsZero() || now.Before(l.at) {
		return nil
	}
	records := l.later
	l.later, l.at = nil, time.Time{}
	for _, r := range records {
		l.said[r.String()] = now
	}
	return records
}

func (l *limits) next() time.Time { return l.at }

// unicast counts an answer to a single asker, and tells whether it may be sent.
func (l *limits) unicast(now time.Time) bool {
	if now.Sub(l.second) >= time.Second {
		l.second, l.count = now, 0
	}
	l.count++
	return l.count <= unicasts
}
