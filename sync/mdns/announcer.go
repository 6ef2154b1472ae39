package mdns

import (
	"sync"
	"time"

	"github.com/miekg/dns"
)

// Announcer tells the network of a service until it is closed.
type Announcer struct {
	options Options
	updates chan Service
	changed chan struct{}
	stop    chan struct{}
	ended   chan struct{}
	closing sync.Once

	mutex sync.Mutex
	state State
}

// State is how an announcement stands.
type State struct {
	Instance  string    // the name that it has, or asks for
	Host      string    // the same for its host: "folkmoot.local"
	Claimed   bool      // the names are this device's, on every adapter
	Taken     bool      // another device on the network has the host name that was wanted
	Adapters  []Adapter // all of this machine
	Situation Situation // what they come to
}

// Announce tells the network of a service. It errs on a malformed service only: a machine
// without an adapter may get one.
func Announce(s Service, o Options) (*Announcer, error) {
	s, err := s.check()
	if err != nil {
		return nil, err
	}
	a := &Announcer{
		options: o.filled(), updates: make(chan Service), changed: make(chan struct{}, 1),
		stop: make(chan struct{}), ended: make(chan struct{}),
	}
	started := make(chan struct{})
	go a.run(newSpeaker(s, a.options.TTL), started)
	<-started
	return a, nil
}

// Update announces other words, another port or name. After Close it does nothing.
func (a *Announcer) Update(s Service) error {
	s, err := s.check()
	if err != nil {
		return err
	}
	select {
	case a.updates <- s:
	case <-a.ended:
	}
	return nil
}

// State says how the announcement stands.
func (a *Announcer) State() State {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.state
}

// Changed is sent to when State gives something else than before.
func (a *Announcer) Changed() <-chan struct{} { return a.changed }

// Close says goodbye on every adapter, ends the announcement and waits for that.
func (a *Announcer) Close() error {
	a.closing.Do(func() { close(a.stop) })
	<-a.ended
	return nil
}

func (a *Announcer) run(s *speaker, started chan struct{}) {
	defer close(a.ended)
	l := newLinks(a.options)
	defer l.close()
	watch := time.NewTicker(a.options.Watch)
	defer watch.Stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	look := func() {
		changed, woke := l.look(a.options.Now())
		if changed || woke {
			s.adapters(a.options.Now(), l.list(), l.adapters, woke)
		}
	}
	look()
	a.publish(s, l)
	close(started)
	for {
		select {
		case <-a.stop:
			// Twice, since Wi-Fi loses what is sent to all.
			l.send(s.goodbye())
			l.send(s.goodbye())
			return
		case service := <-a.updates:
			l.send(s.update(a.options.Now(), service))
		case <-watch.C:
			look()
		case h := <-l.heard:
			var m dns.Msg
			if l.open[h.link.adapter.Name] == h.link && m.Unpack(h.data) == nil {
				l.send(s.hear(a.options.Now(), h.link.adapter.Name, &m, h.from))
			}
		case <-timer.C:
		}
		l.send(s.tick(a.options.Now()))
		wait(timer, a.options.Now(), s.next())
		a.publish(s, l)
	}
}

// wait sets the timer to the time that is due; zero for none.
func wait(timer *time.Timer, now, due time.Time) {
	if due.IsZero() {
		timer.Stop()
		return
	}
	timer.Reset(max(time.Millisecond, due.Sub(now))) // never a loop without rest
}

// publish makes the state known, if it is another one.
func (a *Announcer) publish(s *speaker, l *links) {
	state := State{
		Instance: s.instance, Host: s.host + ".local", Claimed: s.claimed(), Taken: s.hostCount > 1,
		Adapters: l.adapters, Situation: Look(l.adapters),
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if state.same(a.state) {
		return
	}
	a.state = state
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

func (s State) same(other State) bool {
	return s.Instance == other.Instance && s.Host == other.Host && s.Claimed == other.Claimed && s.Taken == other.Taken &&
		s.Situation == other.Situation && sameAdapters(s.Adapters, other.Adapters)
}
