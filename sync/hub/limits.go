package hub

import (
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
	streams    int
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
		if d.streams == 0 && l.now().Sub(d.used) > 10*time.Minute {
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

// statementsLeft says how many more statements a device may add now.
func (l *limits) statementsLeft(token oplog.Hash) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int(l.device(token).statements.TokensAt(l.now()))
}

// takeStatements counts statements that a device added.
func (l *limits) takeStatements(token oplog.Hash, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.device(token).statements.AllowN(l.now(), n)
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

// openStream says whether a device may have one more stream; the zero token is a
// wall, of which there are few.
func (l *limits) openStream(token oplog.Hash) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if token == (oplog.Hash{}) {
		if l.walls >= maxWalls {
			return false
		}
		l.walls++
		return true
	}
	d := l.device(token)
	if l.streams >= maxStreams || d.streams >= maxStreamsPerDevice {
		return false
	}
	d.streams++
	l.streams++
	return true
}

func (l *limits) closeStream(token oplog.Hash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if token == (oplog.Hash{}) {
		l.walls--
		return
	}
	l.streams--
	l.device(token).streams--
}
