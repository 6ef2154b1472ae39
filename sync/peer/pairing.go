package peer

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"folkmoot/sync/moot"
)

// How long things of pairing hold.
const (
	// InviteLife is how long an Invitation can be used.
	InviteLife = 2 * time.Minute
	// AskLife is how long a request waits for the host's answer, how long it is kept for
	// the joiner after that, and how long a joiner's digits can be confirmed.
	AskLife = 2 * time.Minute
	// startLife is how long the host waits for the second message of a joiner: it comes
	// without anybody's doing.
	startLife = 30 * time.Second
)

// Limits of pairing.
const (
	// MaxAsking is how many requests wait at a time, by digits and by link each.
	MaxAsking = 8
	// maxStarts and maxStartsOfKey are how often it may be begun in a minute, by digits
	// and by link each. A stranger who stands between two devices needs one in a million:
	// at 30 a minute in the two minutes that digits are shown, 60 tries.
	maxStarts      = 30
	maxStartsOfKey = 10
	// maxWrong is how many wrong proofs an invitation survives, less one.
	maxWrong = 5
	// maxSpent is how many ended invitations are remembered, to tell a late joiner from
	// one that guesses.
	maxSpent = 8
)

// DeviceID names a device: the beginning of a hash of its key, as 32 hexadecimal digits.
type DeviceID string

const deviceTag = "folkmoot device 1\x00"

// DeviceOf gives the id of the device that has a key.
func DeviceOf(key ed25519.PublicKey) DeviceID {
	sum := sha256.Sum256(append([]byte(deviceTag), key...))
	return DeviceID(hex.EncodeToString(sum[:16]))
}

// Role is what a device does in a session.
type Role string

// The roles.
const (
	RoleHub    Role = "hub"
	RoleBackup Role = "backup" // a hub that follows another
	RoleTablet Role = "tablet"
)

func (r Role) known() bool { return r == RoleHub || r == RoleBackup || r == RoleTablet }

// PairState is what became of a request to be paired.
type PairState string

// The states.
const (
	PairWaiting  PairState = "waiting" // for the host
	PairAccepted PairState = "accepted"
	PairDeclined PairState = "declined"
	PairExpired  PairState = "expired"
	PairUnknown  PairState = "unknown" // nothing was asked, or it was long ago
)

// Asking is a device that asks to be paired.
type Asking struct {
	Key ed25519.PublicKey
	ID  DeviceID
	// Name is what the device calls itself, fit to be shown; never empty. Anybody may
	// choose it: it proves nothing.
	Name    string
	Role    Role
	Version string
	// Digits are six, as "482 907"; empty with ByLink.
	Digits string
	// ByLink says that the device proved that it had the link.
	ByLink bool
	// Since then it asks, and at Until that ends.
	Since, Until time.Time
}

// Errors of pairing. A host's "no" is a *Refusal.
var (
	// ErrNotAsking is an answer to a device that does not ask, or no longer.
	ErrNotAsking = errors.New("this device does not ask to be paired any more")
	// ErrOtherDevice is a link that another device made than the one that was reached.
	ErrOtherDevice = errors.New("another device answers there than the one that made the link")
	// ErrOwnKey is an attempt to pair a device with itself.
	ErrOwnKey = errors.New("the other device has the key of this one: it is this device, or a copy of its data folder")
)

// cleanName gives a name of a device in a form that can be shown on one line.
func cleanName(name string, id DeviceID) string {
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // what is not seen at all
			return -1
		}
		return r
	}, moot.CleanText(name))
	if runes := []rune(name); len(runes) > moot.MaxName {
		name = string(runes[:moot.MaxName])
	}
	if name = strings.TrimSpace(name); name == "" {
		return string(id[:8])
	}
	return name
}

// cleanVersion gives a version as it is written, or nothing.
func cleanVersion(version string) string {
	if len(version) > 40 || strings.ContainsFunc(version, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return version
}

// recent are the times of what was begun in the last minute.
type recent struct {
	times []time.Time
	keys  []string
}

// add counts a start and gives 0, or how long to wait where there were too many. What is
// refused does not count.
func (r *recent) add(key string, now time.Time) (wait time.Duration) {
	for len(r.times) > 0 && past(r.times[0], time.Minute, now) {
		r.times, r.keys = r.times[1:], r.keys[1:]
	}
	of := 0
	for _, k := range r.keys {
		if k == key {
			of++
		}
	}
	first := 0
	switch {
	case of >= maxStartsOfKey:
		first = slices.Index(r.keys, key)
	case len(r.times) < maxStarts:
		r.times, r.keys = append(r.times, now), append(r.keys, key)
		return 0
	}
	return max(time.Minute-now.Sub(r.times[first]), time.Millisecond)
}

// past says whether a span is over. A clock that was set back ends it too.
func past(since time.Time, span time.Duration, now time.Time) bool {
	age := now.Sub(since)
	return age < 0 || age >= span
}
