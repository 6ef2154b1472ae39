package peer

// MaxPairMessage is the longest message of pairing, in bytes.
const MaxPairMessage = 1024

// PairCall names a call of pairing.
type PairCall string

// The calls of pairing, in their order: PairReveal by digits, PairProve by link.
const (
	CallPairStart  PairCall = "start"
	CallPairReveal PairCall = "reveal"
	CallPairProve  PairCall = "prove"
	CallPairState  PairCall = "state"
)

// PairStart begins. It is answered with a PairAnswer with Nonce.
type PairStart struct {
	Protocol uint   `cbor:"1,keyasint"`
	Name     string `cbor:"2,keyasint"`
	Role     Role   `cbor:"3,keyasint"`
	Version  string `cbor:"4,keyasint"`
	// Commit binds the joiner to a nonce that it does not show yet; empty by link.
	Commit []byte `cbor:"5,keyasint,omitempty"`
}

// PairReveal shows the nonce of PairStart.Commit. It is answered with State.
type PairReveal struct {
	Nonce []byte `cbor:"1,keyasint"`
}

// PairProve proves that the joiner has the link's secret. It is answered with State.
type PairProve struct {
	Proof []byte `cbor:"1,keyasint"`
}

// PairAsk asks what became of it. It is answered with State.
type PairAsk struct {
	// Cancel says that the joiner does not want it any more.
	Cancel bool `cbor:"1,keyasint"`
}

// PairAnswer is what the host answers: one of the three.
type PairAnswer struct {
	// Refused is set for a "no".
	Refused *Refusal  `cbor:"1,keyasint,omitempty"`
	Nonce   []byte    `cbor:"2,keyasint,omitempty"`
	State   PairState `cbor:"3,keyasint,omitempty"`
}

// sum is the size of a nonce, a commitment and a proof.
const sum = 32

func (m *PairStart) check() error {
	switch {
	case len(m.Commit) != 0 && len(m.Commit) != sum:
		return malformed("commitment of %d bytes", len(m.Commit))
	case !m.Role.known():
		return malformed("role %.20q", m.Role)
	}
	return nil
}

func (m *PairReveal) check() error {
	if len(m.Nonce) != sum {
		return malformed("nonce of %d bytes", len(m.Nonce))
	}
	return nil
}

func (m *PairProve) check() error {
	if len(m.Proof) != sum {
		return malformed("proof of %d bytes", len(m.Proof))
	}
	return nil
}

func (m *PairAsk) check() error { return nil }

func (m *PairAnswer) check() error {
	said := 0
	for _, is := range []bool{m.Refused != nil, len(m.Nonce) > 0, m.State != ""} {
		if is {
			said++
		}
	}
	switch {
	case said != 1:
		return malformed("%d answers in one", said)
	case len(m.Nonce) != 0 && len(m.Nonce) != sum:
		return malformed("nonce of %d bytes", len(m.Nonce))
	}
	switch m.State {
	case "", PairWaiting, PairAccepted, PairDeclined, PairExpired, PairUnknown:
		return nil
	}
	return malformed("state %.20q", m.State)
}
