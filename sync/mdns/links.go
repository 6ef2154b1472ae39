package mdns

import (
	"log/slog"
	"time"
)

// Options change how an Announcer or a Browser works. The zero value is for every day.
type Options struct {
	// Adapters lists this machine's adapters; the package's own list by default.
	Adapters func() ([]Adapter, error)
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// Watch is how often the adapters are looked at; 3 seconds by default.
	Watch time.Duration
	// TTL is how long others believe an announcement; 120 seconds by default.
	TTL time.Duration
	// Within runs whatever lists adapters or opens sockets; directly by default. For
	// tests, which use a namespace, and for systems that want a lock held.
	Within func(func())
	// Log hears of adapters that cannot be used; nobody by default.
	Log *slog.Logger
}

func (o Options) filled() Options {
	if o.Adapters == nil {
		o.Adapters = Adapters
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Watch <= 0 {
		o.Watch = 3 * time.Second
	}
	if o.TTL < time.Second {
		o.TTL = timeToLive * time.Second
	}
	if o.Within == nil {
		o.Within = func(do func()) { do() }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// queue is how many packets may wait; what comes on top is let go, as the network may do
// at any time.
const queue = 256

// links are the open links of an Announcer or a Browser, in step with the adapters.
type links struct {
	options  Options
	open     map[string]*link
	adapters []Adapter // as they were last listed
	heard    chan heard
	seen     time.Time // when the adapters were last looked at, by the wall clock

	complained map[string]bool // of which adapter was
}

func newLinks(o Options) *links {
	return &links{options: o, open: map[string]*link{}, heard: make(chan heard, queue), complained: map[string]bool{}}
}

// look lists the adapters, opens links at those that came or changed, and closes those
// that left. It tells whether anything changed, and whether the machine was asleep.
func (l *links) look(now time.Time) (changed, woke bool) {
	woke = asleep(l.seen, now, l.options.Watch)
	l.seen = now.Round(0)
	var adapters []Adapter
	var err error
	l.options.Within(func() { adapters, err = l.options.Adapters() })
	l.complain("", "adapters cannot be listed", err)
	if err != nil {
		return false, woke
	}
	l.adapters = adapters
	usable := map[string]Adapter{}
	for _, a := range adapters {
		if a.Reason == Usable {
			usable[a.Name] = a
		}
	}
	for name, link := range l.open {
		if a, ok := usable[name]; !ok || !a.same(link.adapter) || woke {
			link.close()
			delete(l.open, name)
			changed = true
		}
	}
	for name, a := range usable {
		if l.open[name] == nil && l.add(a) {
			changed = true
		}
	}
	return changed, woke
}

func (l *links) add(a Adapter) bool {
	var opened *link
	var err error
	l.options.Within(func() { opened, err = openLink(a, l.deliver) })
	l.complain(a.Name, "no multicast at an adapter", err)
	if err != nil {
		return false
	}
	l.open[a.Name] = opened
	return true
}

// complain logs what goes wrong at an adapter, once until it goes right.
func (l *links) complain(adapter, what string, err error) {
	if err != nil && !l.complained[adapter] {
		l.options.Log.Warn(what, "adapter", adapter, "error", err)
	}
	l.complained[adapter] = err != nil
}

func (l *links) deliver(h heard) {
	select {
	case l.heard <- h:
	default:
	}
}

// list gives the adapters at which there is a link.
func (l *links) list() []Adapter {
	var adapters []Adapter
	for _, a := range l.adapters {
		if l.open[a.Name] != nil {
			adapters = append(adapters, a)
		}
	}
	return adapters
}

// send sends what is due; what a link refuses is sent again by and by, as all of it is.
func (l *links) send(messages []message) {
	for _, m := range messages {
		link := l.open[m.adapter]
		if link == nil {
			continue
		}
		var err error
		if m.to.IsValid() {
			err = link.one(m.msg, m.to)
		} else {
			err = link.everybody(m.msg)
		}
		if err != nil {
			l.options.Log.Debug("not sent", "adapter", m.adapter, "error", err)
		}
	}
}

func (l *links) close() {
	for _, link := range l.open {
		link.close()
	}
}

// asleep tells whether much more time went by on the wall than between two looks: the
// machine slept, and what it knows of the network may be of another one.
func asleep(last, now time.Time, every time.Duration) bool {
	return !last.IsZero() && now.Round(0).Sub(last) > every+5*time.Second
}
