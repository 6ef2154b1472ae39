package mdns

import (
	"maps"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/miekg/dns"
)

const (
	maxText  = 1300 // bytes of keys and values of one service that are kept
	maxKey   = 64
	rarely   = 60 * time.Second // between two askings in the long run
	maxAsked = 64               // questions in one packet
)

// readText reads key=value pairs; the first of a key counts, and what no text is, is left out.
func readText(parts []string) map[string]string {
	text, size := map[string]string{}, 0
	for _, part := range parts {
		name, value, _ := strings.Cut(unescape(part), "=")
		size += len(name) + len(value)
		if size > maxText {
			break
		}
		if _, has := text[name]; has || name == "" || len(name) > maxKey || !utf8.ValidString(name) || !utf8.ValidString(value) {
			continue
		}
		text[name] = readable(value)
	}
	return text
}

// hostName gives a host's name for people.
func hostName(target string) string {
	return readable(strings.ToValidUTF8(strings.Join(labels(target), "."), "?"))
}

// readable leaves out what a stranger could upset a screen with: control characters, and
// those that turn the direction of what stands beside them.
func readable(text string) string {
	const joiner = '\u200d' // of emoji and of some scripts
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != joiner || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, text)
}

// expire forgets what was not heard again in its time.
func (t *table) expire(now time.Time) {
	over := func(l life) bool { return !l.until.After(now) }
	for k, e := range t.entries {
		if over(e.listed) {
			delete(t.entries, k)
			continue
		}
		if over(e.srv) {
			e.target, e.port = "", 0
		}
		if over(e.txt) {
			e.text = nil
		}
	}
	for _, addresses := range t.hosts {
		maps.DeleteFunc(addresses, func(_ netip.Addr, l life) bool { return over(l) })
	}
	t.prune()
}

// questions gives what must be asked at an adapter now: what is missing, and what soon
// will be.
func (t *table) questions(now time.Time, adapter string) []dns.Question {
	asked := map[dns.Question]bool{}
	var all []dns.Question
	ask := func(name string, kind uint16) {
		q := dns.Question{Name: name, Qtype: kind, Qclass: dns.ClassINET}
		if !asked[q] && len(all) < maxAsked {
			asked[q] = true
			all = append(all, q)
		}
	}
	for k, e := range t.entries {
		if k.adapter != adapter {
			continue
		}
		if late(now, &e.listed) {
			ask(typeName, dns.TypePTR)
		}
		missing := t.incomplete(k, e) && !e.missing.After(now)
		if missing {
			e.missing, e.patience = now.Add(e.patience), min(2*e.patience, rarely)
		}
		if late(now, &e.srv) || missing && e.target == "" {
			ask(e.name, dns.TypeSRV)
		}
		if late(now, &e.txt) || missing && e.text == nil {
			ask(e.name, dns.TypeTXT)
		}
		if e.target != "" && (t.lateHost(now, k, e) || missing && len(t.hosts[key{k.adapter, canonical(e.target)}]) == 0) {
			ask(e.target, dns.TypeA)
			ask(e.target, dns.TypeAAAA)
		}
	}
	return all
}

func (t *table) incomplete(k key, e *entry) bool {
	return e.target == "" || e.text == nil || len(t.hosts[key{k.adapter, canonical(e.target)}]) == 0
}

// late tells whether a record should be asked for now, and counts that as done.
func late(now time.Time, l *life) bool {
	at := l.ask()
	if at.IsZero() || at.After(now) || !l.until.After(now) {
		return false
	}
	l.asked++
	return true
}

func (t *table) lateHost(now time.Time, k key, e *entry) bool {
	addresses, any := t.hosts[key{k.adapter, canonical(e.target)}], false
	for address, l := range addresses {
		if late(now, &l) {
			addresses[address], any = l, true
		}
	}
	return any
}

// next tells when something expires or must be asked for; zero for never.
func (t *table) next() time.Time {
	var next time.Time
	of := func(l life) {
		if !l.until.IsZero() {
			next = earlier(earlier(next, l.ask()), l.until)
		}
	}
	for k, e := range t.entries {
		of(e.listed)
		if e.target != "" {
			of(e.srv)
		}
		if e.text != nil {
			of(e.txt)
		}
		if t.incomplete(k, e) {
			next = earlier(next, e.missing)
		}
	}
	for _, addresses := range t.hosts {
		for _, l := range addresses {
			of(l)
		}
	}
	return next
}
