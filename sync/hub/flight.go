package hub

import (
	"net/http"
	"time"

	"folkmoot/sync/oplog"
)

// flight holds one thing for each answer that is on its way, as many as there may be:
// those who ask and never read keep no more of them in memory.
type flight chan struct{}

// takeOff waits until one more answer may be on its way in each of the flights, a second
// at the most, or says to come again. land ends it. Nothing is worked out for who waits.
func (h *Hub) takeOff(w http.ResponseWriter, r *http.Request, flights ...flight) (land func(), ok bool) {
	var taken []flight
	land = func() {
		for _, f := range taken {
			<-f
		}
	}
	if !h.on(guardFlight) {
		return land, true
	}
	for _, f := range flights {
		if !h.enter(r, f) {
			land()
			wait(w, http.StatusTooManyRequests, "slow_down", "answers to this device are still on their way", time.Second)
			return nil, false
		}
		taken = append(taken, f)
	}
	return land, true
}

func (h *Hub) enter(r *http.Request, f flight) bool {
	select {
	case f <- struct{}{}: // nearly always
		return true
	default:
	}
	timer := time.NewTimer(holdFor)
	defer timer.Stop()
	select {
	case f <- struct{}{}:
		return true
	case <-timer.C:
	case <-r.Context().Done():
	case <-h.feed.stop:
	}
	return false
}

// flightOf gives the answers on their way to a device.
func (l *limits) flightOf(token oplog.Hash) flight {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.device(token).flight
}

// wallFlights gives those to walls. Strangers do not take all of the room.
func (l *limits) wallFlights(invited bool) []flight {
	if invited {
		return []flight{l.wallFlight}
	}
	return []flight{l.strangerFlight, l.wallFlight}
}
