package mdns

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// Browser keeps a list of the services on the network until it is closed.
type Browser struct {
	options Options
	changed chan struct{}
	again   chan struct{}
	stop    chan struct{}
	ended   chan struct{}
	closing sync.Once

	mutex    sync.Mutex
	services []Found
	adapters []Adapter
}

// Browse starts to look for services. A machine without an adapter may get one.
func Browse(o Options) *Browser {
	b := &Browser{
		options: o.filled(), changed: make(chan struct{}, 1), again: make(chan struct{}, 1),
		stop: make(chan struct{}), ended: make(chan struct{}),
	}
	go b.run()
	return b
}

// Services gives the services that are there now, sorted by name. The list is the caller's.
func (b *Browser) Services() []Found {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	services := slices.Clone(b.services)
	for i, s := range services {
		services[i].Text, services[i].Addresses = maps.Clone(s.Text), slices.Clone(s.Addresses)
	}
	return services
}

// Adapters gives all adapters of this machine.
func (b *Browser) Adapters() []Adapter {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.Clone(b.adapters)
}

// Changed is sent to when Services or Adapters give something else than before; that a
// service was heard of again is no change.
func (b *Browser) Changed() <-chan struct{} { return b.changed }

// Ask asks the network at once, as somebody does who waits before the screen.
func (b *Browser) Ask() {
	select {
	case b.again <- struct{}{}:
	default:
	}
}

// Close ends the search and waits for that.
func (b *Browser) Close() error {
	b.closing.Do(func() { close(b.stop) })
	<-b.ended
	return nil
}

func (b *Browser) run() {
	defer close(b.ended)
	l, t, rounds := newLinks(b.options), newTable(), map[string]*round{}
	defer l.close()
	watch := time.NewTicker(b.options.Watch)
	defer watch.Stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	look := func() {
		if changed, woke := l.look(b.options.Now()); changed || woke {
			t.setAdapters(b.options.Now(), l.list(), woke)
			restart(rounds, l.list(), b.options.Now())
		}
	}
	look()
	for {
		select {
		case <-b.stop:
			return
		case <-watch.C:
			look()
		case <-b.again:
			restart(rounds, l.list(), b.options.Now())
		case h := <-l.heard:
			b.hear(l, t, rounds, h)
		case <-timer.C:
		}
		now := b.options.Now()
		t.expire(now)
		l.send(ask(now, t, rounds))
		due := t.next()
		for _, r := range rounds {
			due = earlier(due, r.due)
		}
		wait(timer, b.options.Now(), due)
		b.publish(t.services(), l.adapters)
	}
}

func (b *Browser) hear(l *links, t *table, rounds map[string]*round, h heard) {
	var m dns.Msg
	adapter := h.link.adapter.Name
	if l.open[adapter] != h.link || m.Unpack(h.data) != nil {
		return
	}
	now := b.options.Now()
	if m.Response {
		t.read(now, adapter, &m, h.from.Addr())
	} else if r := rounds[adapter]; r != nil && h.from.Port() == port && asksForAll(&m) {
		r.heard(now)
	}
}

// publish makes known what changed.
func (b *Browser) publish(services []Found, adapters []Adapter) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	same := slices.EqualFunc(services, b.services, Found.same) && sameAdapters(adapters, b.adapters)
	b.services, b.adapters = services, adapters
	if same {
		return
	}
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (f Found) same(other Found) bool {
	return f.Instance == other.Instance && f.Port == other.Port && f.Host == other.Host && f.Adapter == other.Adapter &&
		maps.Equal(f.Text, other.Text) && slices.Equal(f.Addresses, other.Addresses)
}
