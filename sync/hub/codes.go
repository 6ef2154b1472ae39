package hub

import (
	"net"
	"net/netip"
	"time"
)

// wrongCodes counts wrong codes in a running minute; over the limit each further
// one doubles the wait.
type wrongCodes struct {
	since  time.Time
	count  int
	until  time.Time
	wait   time.Duration
	tried  time.Time // while the whole hub waited
	proved string    // the right code that came from there last
}

// oneBadge stands for the codes of all badges, where codes are told apart.
const oneBadge = "badge"

// mayGuess says whether an address may try a code now, else how long to wait. Where the
// whole hub waits, since others guess, an address from which no wrong code came of late
// may try once a minute, and one from which the same right code came before as ever: it
// has nothing to guess. Else who guesses could keep everybody out.
func (l *limits) mayGuess(address, right string) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, w := l.now(), l.wrong[address]
	if w != nil && w.until.After(now) {
		return w.until.Sub(now), false
	}
	left := l.all.until.Sub(now)
	if left <= 0 || w != nil && w.proved == right && right != "" {
		return 0, true
	}
	if w == nil {
		w = l.guesses(address, now)
	}
	if w.count > 0 && now.Sub(w.since) <= forgive {
		return min(left, w.since.Add(forgive).Sub(now)+time.Second), false
	}
	if next := w.tried.Add(time.Minute); next.After(now) {
		return min(left, next.Sub(now)), false
	}
	w.tried = now
	return 0, true
}

// guesses gives what is known of an address; the caller holds the lock.
func (l *limits) guesses(address string, now time.Time) *wrongCodes {
	w := l.wrong[address]
	if w == nil {
		if len(l.wrong) > 10000 {
			l.forgive(now)
		}
		w = &wrongCodes{}
		l.wrong[address] = w
	}
	return w
}

// guessedRight notes that a right code came from an address.
func (l *limits) guessedRight(address, right string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.guesses(address, l.now()).proved = right
}

// guessedWrong counts a wrong code, and says whether somebody has to wait from now on.
func (l *limits) guessedWrong(address string) (waits bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.guesses(address, now).add(now, wrongPerAddress)
	l.all.add(now, wrongPerHub)
	for _, until := range []time.Time{l.wrong[address].until, l.all.until} {
		if until.After(l.guessed) {
			l.guessed, waits = until, true
		}
	}
	return waits
}

// forgive drops addresses that need not wait, and those that tried nothing of late.
func (l *limits) forgive(now time.Time) {
	for address, w := range l.wrong {
		if now.After(w.until) && now.Sub(w.since) > time.Minute && now.Sub(w.tried) > time.Minute && w.proved == "" {
			delete(l.wrong, address)
		}
	}
}

// guessing gives what the host is told of it.
func (l *limits) guessing() (wrong int, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.all.since) <= time.Minute || now.Before(l.guessed) {
		wrong = l.all.count
	}
	if now.Before(l.guessed) {
		until = l.guessed
	}
	return wrong, until
}

// guesser gives the address by which guesses are counted. A device may have as many
// IPv6 addresses of its network as it likes: they are one.
func guesser(remote string) string {
	host, _, _ := net.SplitHostPort(remote)
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
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
