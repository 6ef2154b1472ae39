package oplog

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
)

// Signed is a header as it was signed, with its signature.
type Signed struct {
	_      struct{} `cbor:",toarray"`
	Header []byte
	Sig    []byte
}

// ForkProof shows that one key signed two entries of the same number: two devices
// wrote with it, or one of them forgot what it had written. It needs nothing else to
// be checked, so that everybody who holds it comes to the same conclusion.
type ForkProof struct {
	_          struct{} `cbor:",toarray"`
	Key        []byte
	One, Other Signed // One is the one with the smaller hash
}

// ProveFork gives the proof that key signed both entries.
func ProveFork(key ed25519.PublicKey, a, b Entry) ForkProof {
	x, y := a.Hash(), b.Hash()
	if bytes.Compare(x[:], y[:]) > 0 {
		a, b = b, a
	}
	return ForkProof{Key: key, One: a.signed(), Other: b.signed()}
}

func (e Entry) signed() Signed { return Signed{Header: e.raw, Sig: bytes.Clone(e.Sig[:])} }

// ForkPlace is where a log splits.
type ForkPlace struct {
	Session SessionID
	Replica ReplicaID
	Seq     uint64
	Prev    Hash // of the entry on which both follow
}

// Check gives the session, the log and the number at which it splits. Errors:
// ErrMalformed for what is no header or not two of one place, ErrKey, ErrSignature.
func (p ForkProof) Check() (SessionID, ReplicaID, uint64, error) {
	at, err := p.Place()
	for _, s := range []Signed{p.One, p.Other} {
		if err == nil && ReplicaOf(p.Key) != at.Replica {
			err = fmt.Errorf("oplog: proof of a fork: %w", ErrKey)
		}
		if err == nil && !ed25519.Verify(p.Key, signed(s.Header), s.Sig) {
			err = fmt.Errorf("oplog: proof of a fork: %w", ErrSignature)
		}
	}
	if err != nil {
		return SessionID{}, ReplicaID{}, 0, err
	}
	return at.Session, at.Replica, at.Seq, nil
}

// Place gives where the log splits, of a proof whose signatures were checked before.
// Error: ErrMalformed. The two entries follow on the same one: of two that do not, it
// is an earlier pair that shows the split.
func (p ForkProof) Place() (ForkPlace, error) {
	one, err := p.header(p.One)
	if err != nil {
		return ForkPlace{}, err
	}
	other, err := p.header(p.Other)
	if err != nil {
		return ForkPlace{}, err
	}
	at := ForkPlace{one.Session, one.Replica, one.Seq, one.Prev}
	x, y := p.One.hash(), p.Other.hash()
	if at != (ForkPlace{other.Session, other.Replica, other.Seq, other.Prev}) || bytes.Compare(x[:], y[:]) >= 0 {
		return ForkPlace{}, fmt.Errorf("oplog: proof of a fork: %w: these are not two entries of one place", ErrMalformed)
	}
	return at, nil
}

// Hashes gives the hashes of the two entries, the smaller first.
func (p ForkProof) Hashes() [2]Hash { return [2]Hash{p.One.hash(), p.Other.hash()} }

func (s Signed) hash() Hash {
	e := Entry{raw: s.Header}
	copy(e.Sig[:], s.Sig)
	return e.Hash()
}

func (p ForkProof) header(s Signed) (Header, error) {
	var h Header
	if len(s.Sig) != ed25519.SignatureSize || len(p.Key) != ed25519.PublicKeySize {
		return h, fmt.Errorf("oplog: proof of a fork: %w: key of %d bytes, signature of %d", ErrMalformed, len(p.Key), len(s.Sig))
	}
	if err := Unmarshal(s.Header, &h); err != nil {
		return h, fmt.Errorf("oplog: proof of a fork: %w", err)
	}
	if again, err := encMode.Marshal(h); err != nil || !bytes.Equal(again, s.Header) {
		return h, fmt.Errorf("oplog: proof of a fork: %w: header is not in deterministic form", ErrMalformed)
	}
	return h, nil
}

// CheckSignature says whether the entry fits the header's payload hash and was signed
// by key. It looks at nothing but the entry: see Chain for its place.
func (e Entry) CheckSignature(key ed25519.PublicKey) error {
	switch {
	case !e.payloadFits():
		return refuse(e, ErrPayload)
	case ReplicaOf(key) != e.Replica:
		return refuse(e, ErrKey)
	case !ed25519.Verify(key, signed(e.raw), e.Sig[:]):
		return refuse(e, ErrSignature)
	}
	return nil
}

// KeyIn gives the key that a log's first entry carries. Error: ErrKey for any other
// entry, and for a key that is not the log's.
func KeyIn(first Entry) (ed25519.PublicKey, error) {
	var pair Pair
	if first.Seq != 1 || first.Kind != KindPair || Unmarshal(first.Payload, &pair) != nil || len(pair.Key) != ed25519.PublicKeySize || ReplicaOf(pair.Key) != first.Replica {
		return nil, refuse(first, ErrKey)
	}
	return pair.Key, nil
}
