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
	statementPerMinute              = 3
	joinRate, joinBurst             = 50, 400
	wrongPerAddress, wrongPerHub    = 10, 100 // codes a minute
	maxStreams, maxStreamsPerDevice = 6000, 4
	maxWalls                        = 32               // streams without a token
	forgive                         = 10 * time.Minute // without a wrong code, until the wait starts small again
)

// limits counts what devices do. There is no limit of votes per address, since a
// whole room may share one.
type limits struct {
	mu      sync.Mutex
	now     func() time.Time
	joins   *rate.Limiter
	devices map[oplog.Hash]*deviceLimits
	wrong   map[string]*wrongCodes
	all     wrongCodes
	streams int
	walls   int
}

type deviceLimits struct {
	items      *rate.Limiter
	statements *rate.Limiter
	streams    []chan struct{} // oldest first; closed when a newer one takes its place
	used       time.Time
}

// wrongCodes counts wrong codes in a running minute; over the limit each further
// one doubles the wait.
type wrongCodes struct {
	since time.Time
	count int
	until time.Time
	wait  time.Duration
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, joins: rate.NewLimiter(joinRate, joinBurst), devices: map[oplog.Hash]*deviceLimits{}, wrong: map[string]*wrongCodes{}}
}

func (l *limits) device(token oplog.Hash) *deviceLimits {
	d := l.devices[token]
	if d == nil {
		if len(l.devices) > 20000 {
			l.forget()
		}
		d = &deviceLimits{items: rate.NewLimiter(itemRate, itemBurst), statements: rate.NewLimiter(rate.Every(time.Minute/statementPerMinute), statementPerMinute)}
		l.devices[token] = d
	}
	d.used = l.now()
	return d
}

// forget drops devices that were silent for ten minutes: their allowance is full
// again, so nothing is lost.
func (l *limits) forget() {
	for token, d := range l.devices {
		if len(d.streams) == 0 && l.now().Sub(d.used) > 10*time.Minute {
			delete(l.devices, token)
		}
	}
}

// takeItems says whether a device may send n items now, else how long to wait.
func (l *limits) takeItems(token oplog.Hash, n int) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return take(l.device(token).items, l.now(), n)
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

// takeJoin says whether one more device may join now, else how long to wait.
func (l *limits) takeJoin() (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return take(l.joins, l.now(), 1)
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

// mayGuess says whether an address may try a code now, else how long to wait.
func (l *limits) mayGuess(address string) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := l.all.until.Sub(l.now())
	if w := l.wrong[address]; w != nil {
		left = max(left, w.until.Sub(l.now()))
	}
	return left, left <= 0
}

// guessedWrong counts a wrong code.
func (l *limits) guessedWrong(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wrong[address] == nil {
		if len(l.wrong) > 10000 {
			clear(l.wrong)
		}
		l.wrong[address] = &wrongCodes{}
	}
	l.wrong[address].add(l.now(), wrongPerAddress)
	l.all.add(l.now(), wrongPerHub)
}

func (w *wrongCodes) add(now time.Time, limit int) {
	if now.Sub(w.since) > time.Minute && now.After(w.until) {
		w.since, w.count = now, 0
		if now.Sub(w.until) > forgive {
			w.wait = 0
		}
	}
	if w.count++; w.count < limit {
		return
	}
	w.wait = min(max(time.Minute, 2*w.wait), time.Hour)
	w.until = now.Add(w.wait)
}

// openStream says whether one more stream may be had, and gives a channel that is
// closed when a newer stream of the device takes its place: a phone that left the
// Wi-Fi for a moment is never held back by streams that nobody reads any more. The
// zero token is a wall, of which there are few and none is replaced.
func (l *limits) openStream(token oplog.Hash) (replaced chan struct{}, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if token == (oplog.Hash{}) {
		if l.walls >= maxWalls {
			return nil, false
		}
		l.walls++
		return nil, true
	}
	d := l.device(token)
	if len(d.streams) >= maxStreamsPerDevice {
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
	if token == (oplog.Hash{}) {
		l.walls--
		return
	}
	d := l.device(token)
	at := slices.Index(d.streams, replaced)
	if at < 0 {
		return // a newer one has its place
	}
	d.streams = slices.Delete(d.streams, at, at+1)
	l.streams--
}
