package hub

import (
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"folkmoot/sync/oplog"
)

// Limits over time, as sync.md 13 has them.
const (
	itemRate, itemBurst             = 5, 50
	askRate, askBurst               = 10, 60 // documents and streams of one device
	wallRate, wallBurst             = 20, 60 // walls of those who do not know the digits
	statementPerMinute              = 3
	joinRate, joinBurst             = 50, 400
	wrongPerAddress, wrongPerHub    = 10, 100 // codes a minute
	maxStreams, maxStreamsPerDevice = 6000, 4
	maxWalls                        = 32               // streams without a token
	maxFlight, maxWallFlight        = 4, 32            // answers on their way: to one device, to all walls
	kept                            = 8                // of a number of walls, for those that know the digits
	forgive                         = 10 * time.Minute // without a wrong code, until the wait starts small again
)

// limits counts what devices do. There is no limit of votes per address, since a
// whole room may share one.
type limits struct {
	mu      sync.Mutex
	now     func() time.Time
	joins   *joins
	asked   *rate.Limiter // walls of those who do not know the digits
	devices map[oplog.Hash]*deviceLimits
	wrong   map[string]*wrongCodes
	all     wrongCodes
	guessed time.Time // until when the last one that guessed has to wait
	streams int
	walls   wallStreams
	// answers on their way to walls, and to those among them that do not know the digits
	wallFlight, strangerFlight flight
}

type deviceLimits struct {
	items      *rate.Limiter
	statements *rate.Limiter
	asks       *rate.Limiter
	told       time.Time       // when it was told to send again
	toldAsk    time.Time       // when it was told to ask again
	held       int             // calls that wait since they came sooner
	flight     flight          // answers on their way
	streams    []chan struct{} // oldest first; closed when a newer one takes its place
	used       time.Time
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, joins: newJoins(), asked: rate.NewLimiter(wallRate, wallBurst),
		devices: map[oplog.Hash]*deviceLimits{}, wrong: map[string]*wrongCodes{},
		wallFlight: make(flight, maxWallFlight), strangerFlight: make(flight, maxWallFlight-kept)}
}

func (l *limits) device(token oplog.Hash) *deviceLimits {
	d := l.devices[token]
	if d == nil {
		if len(l.devices) > 20000 {
			l.forget()
		}
		d = &deviceLimits{items: rate.NewLimiter(itemRate, itemBurst), asks: rate.NewLimiter(askRate, askBurst),
			statements: rate.NewLimiter(rate.Every(time.Minute/statementPerMinute), statementPerMinute), flight: make(flight, maxFlight)}
		l.devices[token] = d
	}
	d.used = l.now()
	return d
}

// forget drops devices that were silent for ten minutes: their allowance is full
// again, so nothing is lost.
func (l *limits) forget() {
	for token, d := range l.devices {
		if len(d.streams)+d.held == 0 && l.now().Sub(d.used) > 10*time.Minute {
			delete(l.devices, token)
		}
	}
}

// takeItems says whether a device may send n items now, else how long to wait until it
// may send them and paid more.
func (l *limits) takeItems(token oplog.Hash, n, paid int) (time.Duration, bool) {
	if n == 0 {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	d, now := l.device(token), l.now()
	left, ok := take(d.items, now, n)
	if !ok {
		left += time.Duration(paid) * time.Second / itemRate
		d.told = now.Add(left)
	}
	return left, ok
}

// knock takes the price of one item from a device that calls, before it is known what
// is in the call; else it says how long to wait, and whether it was told so before.
func (l *limits) knock(token oplog.Hash) (left time.Duration, again, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d, now := l.device(token), l.now()
	if now.Before(d.told) {
		return d.told.Sub(now), true, false
	}
	if left, ok = take(d.items, now, 1); !ok {
		d.told = now.Add(left)
	}
	return left, false, ok
}

// mayItems says whether a device may send anything now, else how long it has to wait,
// and whether it was told so before. It takes nothing, and an unknown device may.
func (l *limits) mayItems(token oplog.Hash) (left time.Duration, again, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d, now := l.devices[token], l.now()
	if d == nil || !now.Before(d.told) && d.items.TokensAt(now) >= 1 {
		return 0, false, true
	}
	again = now.Before(d.told)
	if left = d.told.Sub(now); !again {
		left = time.Second / itemRate
		d.told = now.Add(left)
	}
	return left, again, false
}

// holdOne says whether one more call of a device may be held back; letGo ends it.
func (l *limits) holdOne(token oplog.Hash) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.device(token)
	if d.held >= holdMost {
		return false
	}
	d.held++
	return true
}

func (l *limits) letGo(token oplog.Hash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.device(token).held--
}

// takeAsk says whether a device may ask for a document now, else how long it has to
// wait, and whether it was told so before. The zero token is whoever looks at a wall
// without the digits.
func (l *limits) takeAsk(token oplog.Hash) (left time.Duration, again, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if token == (oplog.Hash{}) {
		left, ok = take(l.asked, now, 1)
		return left, false, ok
	}
	d := l.device(token)
	if left, ok = take(d.asks, now, 1); !ok {
		again = now.Before(d.toldAsk)
		d.toldAsk = now.Add(left)
	}
	return left, again, ok
}

// takeStatement says whether a device may add one more statement now. What is not
// added after all is given back.
func (l *limits) takeStatement(token oplog.Hash) (give func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	r := l.device(token).statements.ReserveN(now, 1)
	give = func() { l.mu.Lock(); defer l.mu.Unlock(); r.CancelAt(now) }
	if !r.OK() || r.DelayFrom(now) > 0 {
		r.CancelAt(now)
		return nil, false
	}
	return give, true
}

func take(limiter *rate.Limiter, now time.Time, n int) (time.Duration, bool) {
	r := limiter.ReserveN(now, n)
	if !r.OK() {
		return time.Minute, false
	}
	if delay := r.DelayFrom(now); delay > 0 {
		r.CancelAt(now)
		return delay, false
	}
	return 0, true
}

// openStream says whether one more stream may be had, and gives a channel that is
// closed when a newer stream of the device takes its place: a phone that left the
// Wi-Fi for a moment is never held back by streams that nobody reads any more.
// each says that a device has a limit of its own.
func (l *limits) openStream(token oplog.Hash, each bool) (replaced chan struct{}, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.device(token)
	if each && len(d.streams) >= maxStreamsPerDevice {
		close(d.streams[0])
		d.streams = d.streams[1:]
		l.streams--
	}
	if l.streams >= maxStreams {
		return nil, false
	}
	replaced = make(chan struct{})
	d.streams = append(d.streams, replaced)
	l.streams++
	return replaced, true
}

// closeStream gives back what openStream gave.
func (l *limits) closeStream(token oplog.Hash, replaced chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.device(token)
	at := slices.Index(d.streams, replaced)
	if at < 0 {
		return // a newer one has its place
	}
	d.streams = slices.Delete(d.streams, at, at+1)
	l.streams--
}
