package hub

import (
	"time"

	"golang.org/x/time/rate"
)

// joinShare is how many joins a second one address has for sure where several want them:
// half of the hub's. A room may share one address, so it is never less, and all of the
// hub's where nobody else wants to join.
const joinShare, joinShareBurst = 25, 50

// wanted is for how long an address that asked to join counts as one that wants to.
const wanted = 10 * time.Second

// joins is the hub's allowance of joins and the shares of addresses in it.
type joins struct {
	all    *rate.Limiter
	shares map[string]*joinsOf
}

type joinsOf struct {
	share *rate.Limiter
	asked time.Time // last
}

func newJoins() *joins { return &joins{rate.NewLimiter(joinRate, joinBurst), map[string]*joinsOf{}} }

// takeJoin says whether one more device may join from an address now, else how long to
// wait. An address that goes over its share has what the others leave only while the
// hub has plenty, or no others want it.
func (l *limits) takeJoin(address string) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, j := l.now(), l.joins
	one, there := j.of(address, now), j.all.TokensAt(now)
	if there >= 1 { // else nobody's share is used up by being told to wait
		if left, ok := take(one.share, now, 1); !ok && there < joinBurst/2 && j.others(address, now) {
			return left, false
		}
	}
	return take(j.all, now, 1)
}

func (j *joins) of(address string, now time.Time) *joinsOf {
	one := j.shares[address]
	if one == nil {
		if len(j.shares) >= 1000 {
			j.forget(now)
		}
		one = &joinsOf{share: rate.NewLimiter(joinShare, joinShareBurst)}
		j.shares[address] = one
	}
	one.asked = now
	return one
}

// forget drops addresses that ask no more; their share is whole again.
func (j *joins) forget(now time.Time) {
	for address, one := range j.shares {
		if now.Sub(one.asked) > wanted {
			delete(j.shares, address)
		}
	}
}

// others says whether somebody else wants to join, too.
func (j *joins) others(address string, now time.Time) bool {
	for other, one := range j.shares {
		if other != address && now.Sub(one.asked) <= wanted {
			return true
		}
	}
	return false
}
