package hub

import (
	"net/http"
	"strings"
	"time"

	"folkmoot/sync/oplog"
)

// A device that goes on sending after it was told when to come again is answered a
// little later each time it does, and only so many of its calls at once: it costs the
// others next to nothing, and a program that knows no better comes to rest.
const (
	holdFor  = time.Second
	holdMost = 8 // calls of one device; the next are cut off without an answer
)

// pace refuses a device that has used up its allowance before its body is read.
func (h *Hub) pace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := tokenHash(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if !ok || r.URL.Path != "/api/v1/items" || r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		left, again, ok := h.limits.mayItems(token)
		if ok {
			next.ServeHTTP(w, r)
			return
		}
		if again {
			h.hold(r, token)
		}
		wait(w, http.StatusTooManyRequests, "slow_down", "this device is sending too fast", left)
	})
}

// hold lets a call wait that came sooner than it was told to.
func (h *Hub) hold(r *http.Request, token oplog.Hash) {
	if !h.limits.holdOne(token) {
		panic(http.ErrAbortHandler) // net/http closes the connection and says nothing
	}
	defer h.limits.letGo(token)
	timer := time.NewTimer(holdFor)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-h.feed.stop:
	}
}
