package hub

import (
	"net"
	"net/netip"
	"time"
)

// wrongCodes counts wrong codes in a running minute; over the limit each further
// one doubles the wait.
type wrongCodes struct {
	since time.Time
	count int
	until time.Time
	wait  time.Duration
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

// guessedWrong counts a wrong code, and says whether somebody has to wait from now on.
func (l *limits) guessedWrong(address string) (waits bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.wrong[address] == nil {
		if len(l.wrong) > 10000 {
			l.forgive(now)
		}
		l.wrong[address] = &wrongCodes{}
	}
	l.wrong[address].add(now, wrongPerAddress)
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
		if now.After(w.until) && now.Sub(w.since) > time.Minute {
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
