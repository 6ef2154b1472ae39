package hub

import (
	"crypto/sha256"
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
	holdMost = 128 // calls of one device; the next are cut off without an answer. Fewer would be dialled anew at once.
)

// pace refuses devices that are not known, and those that have used up their allowance,
// before a call's body is read. Whatever is in it, a call costs as much as one item.
func (h *Hub) pace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/items" || r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		token, signed, ok := h.named(r)
		if !ok {
			unknownToken(w, signed)
			return
		}
		if left, again, payer, ok := h.mayCall(r, token, signed); !ok {
			if again {
				h.hold(r, payer)
			}
			wait(w, http.StatusTooManyRequests, "slow_down", "this device is sending too fast", left)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// named gives the token that a call names, where it is known; whether it is the
// caller's own is not looked at yet.
func (h *Hub) named(r *http.Request) (token oplog.Hash, signed, ok bool) {
	s, signed := signatureOf(r)
	given, bearer := s.token, signed
	if !signed {
		given, bearer = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	token, ok = tokenHash(given)
	if ok {
		_, ok = h.personOf(token)
	}
	return token, signed, ok && bearer
}

// mayCall takes the price of a call. Of a device that signs it is taken by token and
// address until the signature was seen: who has only heard the token does not use up
// the allowance of its owner. payer is by whom it was taken.
func (h *Hub) mayCall(r *http.Request, token oplog.Hash, signed bool) (left time.Duration, again bool, payer oplog.Hash, ok bool) {
	if !signed {
		left, again, ok = h.limits.knock(token)
		return left, again, token, ok
	}
	payer = sha256.Sum256(append(token[:], guesser(r.RemoteAddr)...))
	if left, again, ok = h.limits.knock(payer); ok {
		left, again, ok = h.limits.mayItems(token)
	}
	return left, again, payer, ok
}

// unknownToken answers who names a token that is not known.
func unknownToken(w http.ResponseWriter, signed bool) {
	text := "this device is not known here: enter the code again"
	if signed {
		text = "this device is not known here: scan the badge again"
	}
	fail(w, http.StatusUnauthorized, "unknown_token", text)
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
