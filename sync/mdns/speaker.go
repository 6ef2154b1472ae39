package mdns

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"
)

// message is something to send; to everybody on the adapter's link where to is not valid.
type message struct {
	adapter string
	to      netip.AddrPort
	msg     *dns.Msg
}

// What RFC 6762 wants: three questions whether anybody has the name, a quarter of a second
// apart (8.1), then two announcements, a second apart (8.3).
const (
	probes        = 3
	announcements = 2
	probeEvery    = 250 * time.Millisecond
	announceEvery = time.Second
)

// After how many contests of a name that was already held it is given up, and after how
// many names no other one is looked for: somebody answers to every name.
const (
	contests = 3
	attempts = 20
)

// speaker is all that an announcement knows and decides, without a network or a clock. Its
// owner passes in what happens and sends the messages that come back.
type speaker struct {
	service Service
	ttl     uint32
	lines   map[string]*line

	instance, host           string // as they are claimed at present
	instanceCount, hostCount int    // which attempt these are
	contested                int    // how often the names were contested since they were taken
	mine                     map[string]bool
}

// line is how far an announcement is at one adapter.
type line struct {
	adapter Adapter
	zone    zone
	step    int       // probes, then announcements, that were sent
	due     time.Time // of the next step
	limits  limits
}

func newSpeaker(s Service, ttl time.Duration) *speaker {
	p := &speaker{ttl: uint32(ttl / time.Second), lines: map[string]*line{}, mine: map[string]bool{}}
	p.take(s)
	return p
}

// take sets what is announced, from the first names on.
func (s *speaker) take(service Service) {
	s.service, s.instanceCount, s.hostCount, s.contested = service, 1, 1, 0
	s.rename()
}

func (s *speaker) rename() {
	s.instance = numbered(s.service.Instance, " (%d)", s.instanceCount)
	s.host = numbered(s.service.Host, "-%d", s.hostCount)
}

// claimed tells whether the names are held at every adapter.
func (s *speaker) claimed() bool {
	for _, l := range s.lines {
		if !l.held() {
			return false
		}
	}
	return len(s.lines) > 0
}

// held tells whether nobody objected in the time that others had to, and the names were
// announced.
func (l *line) held() bool { return l.step > probes }

// adapters passes in where there is a link now, and all adapters of this machine. A link
// that is new, or every one when the machine was asleep, starts from the beginning; one with other
// addresses announces them.
func (s *speaker) adapters(now time.Time, links, all []Adapter, woke bool) {
	for _, a := range all {
		for _, p := range a.Addresses {
			s.mine[p.Addr().String()] = true
		}
	}
	for name := range s.lines {
		if !slices.ContainsFunc(links, func(a Adapter) bool { return a.Name == name }) {
			delete(s.lines, name)
		}
	}
	for _, a := range links {
		l := s.lines[a.Name]
		switch {
		case l == nil || woke:
			s.lines[a.Name] = &line{adapter: a, due: now}
		case !l.adapter.same(a):
			l.adapter = a
			l.announce(now)
		}
	}
	s.rezone()
}

// update passes in what is announced from now on.
func (s *speaker) update(now time.Time, service Service) []message {
	if service.Instance == s.service.Instance && service.Host == s.service.Host {
		if service.Port == s.service.Port && maps.Equal(service.Text, s.service.Text) {
			return nil
		}
		s.service = service
		s.rezone()
		for _, l := range s.lines {
			l.announce(now)
		}
		return nil
	}
	goodbyes := s.goodbye()
	s.take(service)
	s.restart(now)
	return goodbyes
}

// announce tells of changed records; while the names are not yet held, that comes by itself.
func (l *line) announce(now time.Time) {
	if l.held() {
		l.step, l.due = probes, now
	}
}

// restart asks for the present names again, everywhere.
func (s *speaker) restart(now time.Time) {
	for _, l := range s.lines {
		l.step, l.due, l.limits = 0, now, limits{}
	}
	s.rezone()
}

// rezone works out the records after a change of names, addresses or service.
func (s *speaker) rezone() {
	for _, l := range s.lines {
		l.zone = newZone(s.service, s.instance, s.host, l.adapter, s.ttl)
		s.mine[l.zone.claim()] = true
	}
}

// tick gives what is due.
func (s *speaker) tick(now time.Time) []message {
	var messages []message
	for name, l := range s.lines {
		if records := l.limits.owed(now); len(records) > 0 {
			messages = append(messages, message{adapter: name, msg: response(records)})
		}
		if l.step >= probes+announcements || now.Before(l.due) {
			continue
		}
		if l.step < probes {
			messages = append(messages, message{adapter: name, msg: l.probe()})
			l.due = now.Add(probeEvery)
		} else {
			messages = append(messages, message{adapter: name, msg: response(l.zone.all())})
			l.due = now.Add(announceEvery)
		}
		l.step++
	}
	return messages
}

// next tells when tick wants to be called again; zero if nothing is due.
func (s *speaker) next() time.Time {
	var next time.Time
	for _, l := range s.lines {
		if l.step < probes+announcements {
			next = earlier(next, l.due)
		}
		next = earlier(next, l.limits.next())
	}
	return next
}

// earlier gives the earlier time of two, of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// goodbye gives the last words at all lines where anything was said.
func (s *speaker) goodbye() []message {
	var messages []message
	for name, l := range s.lines {
		if l.held() {
			messages = append(messages, message{adapter: name, msg: response(l.zone.goodbye())})
		}
	}
	return messages
}

// response makes an answer that everybody hears.
func response(records []dns.RR) *dns.Msg {
	return &dns.Msg{MsgHdr: dns.MsgHdr{Response: true, Authoritative: true}, Compress: true, Answer: records}
}

// probe asks who has our names, and says what we would put there, so that of two who ask
// at once one gives way.
func (l *line) probe() *dns.Msg {
	m := &dns.Msg{Compress: true}
	for _, name := range []string{l.zone.instance, l.zone.host} {
		m.Question = append(m.Question, dns.Question{Name: name, Qtype: dns.TypeANY, Qclass: dns.ClassINET})
	}
	for _, r := range l.zone.all() {
		if r.Header().Rrtype != dns.TypePTR {
			r.Header().Class &^= flush
			m.Ns = append(m.Ns, r)
		}
	}
	return m
}

// hear takes a packet that arrived at an adapter.
func (s *speaker) hear(now time.Time, adapter string, m *dns.Msg, from netip.AddrPort) []message {
	l := s.lines[adapter]
	if l == nil || m.Opcode != dns.OpcodeQuery || m.Rcode != 0 {
		return nil
	}
	if m.Response {
		if from.Port() != port {
			return nil
		}
		return s.contest(now, l, rivals(l.zone, said(m), s.mine))
	}
	if !l.held() {
		if r := rivals(l.zone, m.Ns, s.mine); r != (rival{}) {
			return s.yield(now, outdone(l.zone, m.Ns, r))
		}
		return nil
	}
	return l.answer(now, m, from)
}
