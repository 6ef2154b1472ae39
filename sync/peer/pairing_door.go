package peer

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"io"
	"slices"
	"sync"
	"time"
)

// DoorOptions for NewDoor.
type DoorOptions struct {
	// Self is the host's key.
	Self ed25519.PublicKey
	// Now gives the wall clock; nil is time.Now.
	Now func() time.Time
	// Random gives random bytes; nil is crypto/rand's.
	Random io.Reader
}

// Door is the host's side of pairing: it takes what devices ask and says whether the
// host let them in. It may be used from any goroutine. See NewDoor.
type Door struct {
	self    ed25519.PublicKey
	options DoorOptions

	mu               sync.Mutex
	guests           map[string]*guest // by their key: one request each
	byDigits, byLink recent
	open             *invitation // nil where there is none
	spent            []Secret    // of the last ones that ended
	changed          chan struct{}
}

// guest is one that has begun to ask, or asks, or has its answer.
type guest struct {
	Asking
	state PairState // "" until it has revealed or proven
	at    time.Time // since when it is in that state
	nonce []byte    // ours

	commit     []byte      // by digits
	invitation *invitation // by link
	shown      []byte      // the nonce or the proof that was right
}

// NewDoor gives the host's side of pairing. Nobody is invited yet, but everybody may ask
// by digits.
func NewDoor(options DoorOptions) *Door {
	if len(options.Self) != ed25519.PublicKeySize {
		panic("peer: a door without a key")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Random == nil {
		options.Random = rand.Reader
	}
	return &Door{self: options.Self, options: options, guests: map[string]*guest{}, changed: make(chan struct{})}
}

// Changed gives a channel that is closed when somebody asks, does not any more, or the
// invitation begins or ends. What runs out by time does so when somebody looks next:
// Asking.Until and Invitation.Until say when that is worth it.
func (d *Door) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}

// Pending gives those who wait for the host, the longest waiting first.
func (d *Door) Pending() []Asking {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
	var out []Asking
	for _, g := range d.guests {
		if g.state == PairWaiting {
			out = append(out, g.Asking)
		}
	}
	slices.SortFunc(out, func(a, b Asking) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) })
	return out
}

// Accept lets a device in and says which key that is. By digits the host has compared
// them before. Error: ErrNotAsking.
func (d *Door) Accept(id DeviceID) (Asking, error) { return d.decide(id, PairAccepted) }

// Decline turns a device away; by digits it cannot ask again for AskLife. Error:
// ErrNotAsking.
func (d *Door) Decline(id DeviceID) error {
	_, err := d.decide(id, PairDeclined)
	return err
}

func (d *Door) decide(id DeviceID, state PairState) (Asking, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.sweep()
	for _, g := range d.guests {
		if g.ID == id && g.state == PairWaiting {
			g.state, g.at = state, now
			d.signal()
			return g.Asking, nil
		}
	}
	return Asking{}, ErrNotAsking
}

// State gives what became of the request of a key. PairAccepted is said once; from then
// on nothing is known of it, so the caller remembers whom it let in.
func (d *Door) State(key ed25519.PublicKey) PairState {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
	return d.state(key)
}

func (d *Door) state(key ed25519.PublicKey) PairState {
	g := d.guests[string(key)]
	if g == nil || g.state == "" {
		return PairUnknown
	}
	if g.state == PairAccepted {
		delete(d.guests, string(key))
	}
	return g.state
}

// Answer answers a call of the device that has a key, as TLS proved it.
func (d *Door) Answer(key ed25519.PublicKey, call PairCall, data []byte) PairAnswer {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.sweep()
	answer, err := d.answer(key, call, data, now)
	if err != nil {
		refusal, _ := refusalOf(err) // there is no other error here
		return PairAnswer{Refused: refusal}
	}
	return answer
}

func (d *Door) answer(key ed25519.PublicKey, call PairCall, data []byte, now time.Time) (PairAnswer, error) {
	switch {
	case len(data) > MaxPairMessage:
		return PairAnswer{}, refuse(TooBig)
	case len(key) != ed25519.PublicKeySize:
		return PairAnswer{}, malformed("key of %d bytes", len(key))
	case key.Equal(d.self):
		return PairAnswer{}, refuse(SameDevice)
	}
	switch call {
	case CallPairStart:
		var m PairStart
		if err := Decode(data, &m); err != nil {
			return PairAnswer{}, err
		}
		return d.start(key, m, now)
	case CallPairReveal:
		var m PairReveal
		if err := Decode(data, &m); err != nil {
			return PairAnswer{}, err
		}
		return d.reveal(key, m, now)
	case CallPairProve:
		var m PairProve
		if err := Decode(data, &m); err != nil {
			return PairAnswer{}, err
		}
		return d.prove(key, m, now)
	case CallPairState:
		var m PairAsk
		if err := Decode(data, &m); err != nil {
			return PairAnswer{}, err
		}
		if g := d.guests[string(key)]; m.Cancel && g != nil && g.state != PairDeclined { // a "no" stays one
			d.drop(key)
		}
		return PairAnswer{State: d.state(key)}, nil
	}
	return PairAnswer{}, malformed("pairing call %.20q", call)
}

// start notes a joiner's commitment, or that it has a link, and gives a nonce.
func (d *Door) start(key ed25519.PublicKey, m PairStart, now time.Time) (PairAnswer, error) {
	byLink, old := len(m.Commit) == 0, d.guests[string(key)]
	counted := &d.byDigits
	switch {
	case m.Protocol != Protocol:
		return PairAnswer{}, refuse(TooNew)
	case byLink && d.open == nil:
		return PairAnswer{}, refuse(SecretSpent)
	case !byLink && old != nil && old.state == PairDeclined:
		return PairAnswer{}, &Refusal{Code: Declined, Wait: milliseconds(AskLife - now.Sub(old.at))}
	case byLink:
		counted = &d.byLink
	}
	if err := d.room(key, byLink, now); err != nil {
		return PairAnswer{}, err
	}
	if wait := counted.add(string(key), now); wait > 0 {
		return PairAnswer{}, &Refusal{Code: SlowDown, Wait: milliseconds(wait)}
	}
	d.drop(key)
	id := DeviceOf(key)
	g := &guest{at: now, nonce: draw(d.options.Random, make([]byte, sum)), commit: m.Commit,
		Asking: Asking{Key: bytes.Clone(key), ID: id, Name: cleanName(m.Name, id), Role: m.Role, Version: cleanVersion(m.Version), ByLink: byLink}}
	if byLink {
		g.invitation = d.open
	}
	d.guests[string(key)] = g
	return PairAnswer{Nonce: g.nonce}, nil
}

// room refuses one more where too many wait. Those by digits, which anybody may begin,
// do not take the place of those by link.
func (d *Door) room(key ed25519.PublicKey, byLink bool, now time.Time) error {
	waiting, first := 0, now
	for k, g := range d.guests {
		if g.state == PairWaiting && g.ByLink == byLink && k != string(key) {
			if waiting++; g.Since.Before(first) {
				first = g.Since
			}
		}
	}
	if waiting < MaxAsking {
		return nil
	}
	return &Refusal{Code: TooManyAsking, Wait: milliseconds(AskLife - now.Sub(first))}
}

// reveal takes the nonce that a joiner was bound to; from then on the host sees it.
func (d *Door) reveal(key ed25519.PublicKey, m PairReveal, now time.Time) (PairAnswer, error) {
	g := d.guests[string(key)]
	switch {
	case g == nil || g.ByLink:
		return PairAnswer{}, refuse(NotAsking)
	case bytes.Equal(g.shown, m.Nonce): // the answer did not arrive
		return PairAnswer{State: d.state(key)}, nil
	case g.state != "":
		return PairAnswer{}, refuse(NotAsking)
	case !hmac.Equal(commitment(m.Nonce, key, d.self), g.commit):
		d.drop(key)
		return PairAnswer{}, refuse(WrongReveal)
	}
	if err := d.room(key, false, now); err != nil {
		return PairAnswer{}, err
	}
	g.Digits = digitsOf(m.Nonce, g.nonce, key, d.self)
	d.admit(g, m.Nonce, now)
	return PairAnswer{State: PairWaiting}, nil
}

// admit makes a guest one who waits for the host.
func (d *Door) admit(g *guest, shown []byte, now time.Time) {
	g.shown, g.state, g.at = bytes.Clone(shown), PairWaiting, now
	g.Since, g.Until = now, now.Add(AskLife)
	d.signal()
}

// drop forgets the request of a key.
func (d *Door) drop(key ed25519.PublicKey) {
	if g := d.guests[string(key)]; g != nil {
		delete(d.guests, string(key))
		if g.state == PairWaiting {
			d.signal()
		}
	}
}

// sweep ends what has lasted long enough and gives the time.
func (d *Door) sweep() time.Time {
	now := d.options.Now()
	for key, g := range d.guests {
		switch {
		case g.state == "" && past(g.at, startLife, now):
			delete(d.guests, key)
		case g.state == PairWaiting && past(g.at, AskLife, now):
			g.state, g.at = PairExpired, now
			d.signal()
		case g.state != "" && past(g.at, AskLife, now):
			delete(d.guests, key)
		}
	}
	if d.open != nil && past(d.open.at, InviteLife, now) {
		d.end()
	}
	return now
}

// signal wakes who waits for a change.
func (d *Door) signal() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// milliseconds is at least 1: 0 would say nothing.
func milliseconds(wait time.Duration) uint64 { return uint64(max(wait.Milliseconds(), 1)) }
