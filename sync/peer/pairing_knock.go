package peer

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// KnockOptions for NewKnock.
type KnockOptions struct {
	// Self is the joiner's key.
	Self ed25519.PublicKey
	// Host is the key of the device that was reached, as TLS proved it. The caller sees
	// to it that every answer given to Take comes from that one.
	Host ed25519.PublicKey
	// Link is what was scanned; nil is by digits.
	Link *Link
	// Name, Role and Version are shown to the host.
	Name    string
	Role    Role
	Version string
	// Now gives the wall clock; nil is time.Now.
	Now func() time.Time
	// Random gives random bytes; nil is crypto/rand's.
	Random io.Reader
}

// Knock is the joiner's side of pairing with one host, once: bring what Next says to the
// host and give the answer to Take, until Next has nothing more. It may be used from any
// goroutine. See NewKnock.
type Knock struct {
	options KnockOptions
	nonce   []byte

	mu        sync.Mutex
	next      PairCall // "" once it is over
	proof     []byte   // by link
	digits    string
	since     time.Time // the answer to start
	state     PairState
	confirmed bool
	cancelled bool
	told      bool // of that
}

// NewKnock begins to ask. Errors: ErrOtherDevice, ErrOwnKey; nothing has been said to
// the host then.
func NewKnock(options KnockOptions) (*Knock, error) {
	switch {
	case len(options.Self) != ed25519.PublicKeySize || len(options.Host) != ed25519.PublicKeySize:
		panic("peer: pairing without keys")
	case options.Link != nil && !options.Link.Key.Equal(options.Host):
		return nil, ErrOtherDevice
	case options.Self.Equal(options.Host):
		return nil, ErrOwnKey
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Random == nil {
		options.Random = rand.Reader
	}
	return &Knock{options: options, nonce: draw(options.Random, make([]byte, sum)), next: CallPairStart, state: PairUnknown}, nil
}

// Next gives the call to make now and its body; false once it is over. A call whose
// answer did not arrive is made again. CallPairState comes again as long as the host has
// not decided: leave a second between two.
func (k *Knock) Next() (PairCall, []byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.expire()
	var data []byte
	var err error
	switch o := k.options; k.next {
	case CallPairStart:
		m := PairStart{Protocol: Protocol, Name: cleanName(o.Name, DeviceOf(o.Self)), Role: o.Role, Version: cleanVersion(o.Version)}
		if o.Link == nil {
			m.Commit = commitment(k.nonce, o.Self, o.Host)
		}
		data, err = Encode(&m)
	case CallPairReveal:
		data, err = Encode(&PairReveal{Nonce: k.nonce})
	case CallPairProve:
		data, err = Encode(&PairProve{Proof: k.proof})
	case CallPairState:
		data, err = Encode(&PairAsk{Cancel: k.cancelled})
		k.told = k.cancelled
	default:
		return "", nil, false
	}
	if err != nil {
		panic(err) // these have nothing that cannot be encoded
	}
	return k.next, data, true
}

// Take takes the host's answer to what Next gave. Errors: a *Refusal. After SlowDown
// and TooManyAsking the same may be asked again when its Wait is over; any other ends it.
func (k *Knock) Take(data []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.next == "" || k.cancelled && !k.told: // it answers what was asked before
		return nil
	case k.cancelled:
		k.next = ""
		return nil
	}
	err := k.take(data)
	switch {
	case err == nil || errors.Is(err, refuse(SlowDown)) || errors.Is(err, refuse(TooManyAsking)):
		return err
	case errors.Is(err, refuse(Declined)):
		k.state = PairDeclined
	case errors.Is(err, refuse(NotAsking)):
		k.state = PairExpired
	default:
		k.state = PairUnknown
	}
	k.next = ""
	return err
}

func (k *Knock) take(data []byte) error {
	var m PairAnswer
	if len(data) > MaxPairMessage {
		return fmt.Errorf("peer: pairing: answer of %d bytes: %w", len(data), refuse(TooBig))
	}
	if err := Decode(data, &m); err != nil {
		return err
	}
	if m.Refused != nil {
		return fmt.Errorf("peer: pairing: %s: %w", k.next, m.Refused)
	}
	if k.next == CallPairStart {
		return k.started(m)
	}
	switch m.State {
	case PairWaiting:
		k.state, k.next = PairWaiting, CallPairState
	case PairAccepted, PairDeclined, PairExpired:
		k.state, k.next = m.State, ""
	case PairUnknown: // the host began anew, or it took too long
		k.state, k.next = PairExpired, ""
	default:
		return malformed("no state")
	}
	return nil
}

// started takes the host's nonce, once: a second one would let the host choose digits.
func (k *Knock) started(m PairAnswer) error {
	if len(m.Nonce) != sum {
		return malformed("no nonce")
	}
	o := k.options
	k.since = o.Now()
	if o.Link != nil {
		k.proof, k.next = proofOf(o.Link.Secret, o.Self, o.Host, m.Nonce), CallPairProve
	} else {
		k.digits, k.next = digitsOf(k.nonce, m.Nonce, o.Self, o.Host), CallPairReveal
	}
	return nil
}

// expire ends what took too long. Who stands between the two tries again and again to
// hit the digits that are shown here, so they are not shown for ever.
func (k *Knock) expire() {
	open := k.next != "" || k.state == PairAccepted && !k.confirmed
	if k.digits != "" && open && !k.cancelled && past(k.since, AskLife, k.options.Now()) {
		k.state, k.next = PairExpired, ""
	}
}

// Digits gives the six digits to compare with the host's, as "482 907"; empty by link
// and until there are any.
func (k *Knock) Digits() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.digits
}

// Confirm says that the person at the joiner has seen the same digits on both screens.
func (k *Knock) Confirm() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.expire(); k.digits != "" && (k.next != "" || k.state == PairAccepted) && !k.cancelled {
		k.confirmed = true
	}
}

// Cancel says that the joiner does not want it: the digits differ, or it was a mistake.
// One more call tells the host.
func (k *Knock) Cancel() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cancelled || k.state == PairDeclined || k.state == PairExpired {
		return
	}
	k.cancelled, k.confirmed, k.state, k.next = true, false, PairUnknown, ""
	if !k.since.IsZero() {
		k.next = CallPairState
	}
}

// State gives what became of it, as far as the host has said.
func (k *Knock) State() PairState {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.expire()
	return k.state
}

// Trusted says that the host let the joiner in, and that the joiner knows who the host
// is: by the link's key or by digits that were confirmed.
func (k *Knock) Trusted() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.expire()
	return k.trusted()
}

func (k *Knock) trusted() bool {
	return k.state == PairAccepted && (k.options.Link != nil || k.confirmed)
}
