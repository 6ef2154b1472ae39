package badge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"strings"
)

// Call is what a phone's signature holds together: none of it can be exchanged.
type Call struct {
	// Method and Path, with its query, as in the request line.
	Method, Path string
	// Session is the session's id and Epoch the run of the hub, as the hub says them.
	Session, Epoch string
	// Token is the device's: what was signed by one is not believed of the next.
	Token string
	// Counter is new in each call of a token, see Window.
	Counter uint64
	// Body is the whole body, empty where there is none.
	Body []byte
}

// MAC gives the call's signature, 64 hexadecimal digits: HMAC-SHA256 over the parts,
// a line each, the body as its SHA-256. No part but the body may hold a line break,
// which none of HTTP's can.
func (c Call) MAC(key CallKey) string {
	body := sha256.Sum256(c.Body)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(strings.Join([]string{"folkmoot call 1", c.Method, c.Path, c.Session, c.Epoch, c.Token,
		strconv.FormatUint(c.Counter, 10), hex.EncodeToString(body[:])}, "\n")))
	return hex.EncodeToString(mac.Sum(nil))
}

// Check says whether a signature is the call's. It takes as long for any of one length.
func (c Call) Check(key CallKey, mac string) bool {
	return subtle.ConstantTimeCompare([]byte(c.MAC(key)), []byte(mac)) == 1
}

// MaxCounter is the largest counter: beyond it JavaScript's numbers have gaps.
const MaxCounter = 1<<53 - 1

// windowSize is how many calls may overtake one another on their way.
const windowSize = 64

// Window knows which counters of a token were used. The zero Window knows of none.
// A counter is good once, and no longer when 64 newer ones came, so that calls under
// way at the same moment pass in any order.
type Window struct {
	top  uint64
	seen uint64 // bit i: top−i was used
}

// Take uses a counter, and says whether it was good.
func (w *Window) Take(counter uint64) bool {
	switch {
	case counter == 0 || counter > MaxCounter:
		return false
	case counter > w.top:
		w.seen = w.seen<<min(counter-w.top, windowSize) | 1
		w.top = counter
		return true
	case w.top-counter >= windowSize || w.seen>>(w.top-counter)&1 == 1:
		return false
	}
	w.seen |= 1 << (w.top - counter)
	return true
}

// Top gives the largest counter that was used, 0 for none.
func (w *Window) Top() uint64 { return w.top }

// Device is what a hub keeps of a token beside its person. The zero Device is one of
// open mode.
type Device struct {
	// Number of the badge that the device joined with, 0 for none.
	Number int
	// Signed says that the badge was scanned: each call has to be signed.
	Signed bool
	// Retired says that the badge's person has moved to another device.
	Retired bool
}
