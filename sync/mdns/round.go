package mdns

import (
	"time"

	"github.com/miekg/dns"
)

// round is when everybody on a link is asked next: at first after one second, then after two, four,
// and at last every minute.
type round struct {
	due    time.Time
	every  time.Duration
	second time.Time // in which packets are counted
	sent   int
}

// askings is how many packets with questions leave an adapter in a second at the most,
// whatever strangers make us miss. What is over is asked with what comes next.
const askings = 20

func (r *round) allow(now time.Time) bool {
	if now.Sub(r.second) >= time.Second {
		r.second, r.sent = now, 0
	}
	r.sent++
	return r.sent <= askings
}

func (r *round) asked(now time.Time) {
	r.due, r.every = now.Add(r.every), min(2*r.every, rarely)
}

// heard takes note that another device asked the same, so that all hear the answers: in a
// room of thirty tablets one a minute asks.
func (r *round) heard(now time.Time) {
	if r.every == rarely {
		r.due = now.Add(r.every)
	}
}

// restart begins the rounds anew at these adapters.
func restart(rounds map[string]*round, adapters []Adapter, now time.Time) {
	clear(rounds)
	for _, a := range adapters {
		rounds[a.Name] = &round{due: now, every: time.Second}
	}
}

// ask gives the questions that are due at each adapter.
func ask(now time.Time, t *table, rounds map[string]*round) []message {
	var messages []message
	for name, r := range rounds {
		questions := t.questions(now, name)
		all := dns.Question{Name: typeName, Qtype: dns.TypePTR, Qclass: dns.ClassINET}
		if !r.due.After(now) {
			r.asked(now)
			if !(len(questions) > 0 && asksForAll(&dns.Msg{Question: questions})) {
				questions = append([]dns.Question{all}, questions...)
			}
		}
		if len(questions) > 0 && r.allow(now) {
			messages = append(messages, message{adapter: name, msg: &dns.Msg{Compress: true, Question: questions}})
		}
	}
	return messages
}

// asksForAll tells whether somebody who knows nobody yet asks for all services.
func asksForAll(m *dns.Msg) bool {
	for _, q := range m.Question {
		if q.Qtype == dns.TypePTR && canonical(q.Name) == typeName && len(m.Answer) == 0 {
			return true
		}
	}
	return false
}
