package oplog

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"

	"github.com/fxamacker/cbor/v2"
)

// Format is the number of this layout of entries.
const Format = 1

// MaxEntry and MaxPersonal limit an encoded entry and a personal payload, in bytes.
const (
	MaxEntry    = 32 << 10
	MaxPersonal = 4 << 10
	// sealOverhead is what sealing on the disk adds to a personal payload.
	sealOverhead = 64
	// saltSize is fixed, so that no byte can move between salt and payload, of which
	// the header names one hash.
	saltSize = 16
)

// Class says who may read a payload after the session.
type Class uint8

// Public payloads stay; Personal ones (names) can be dropped for good, and the
// chain still holds.
const (
	Public   Class = 0
	Personal Class = 1
)

// Errors that callers tell apart.
var (
	// ErrMalformed: the bytes are no entry, or not in the one allowed encoding.
	ErrMalformed = errors.New("malformed entry")
	// ErrTooBig: an entry over MaxEntry or a personal payload over MaxPersonal.
	ErrTooBig = errors.New("entry too big")
	// ErrGap: the entry's number is not one above the last held.
	ErrGap = errors.New("a number is missing or doubled")
	// ErrChain: the entry does not name the hash of the one before.
	ErrChain = errors.New("the chain is broken")
	// ErrNewer: a newer version of the program wrote it.
	ErrNewer = errors.New("a newer version of Folkmoot wrote this")
	// ErrSignature: the signature does not fit header and key.
	ErrSignature = errors.New("the signature is wrong")
	// ErrPayload: the payload is not the one that the header names.
	ErrPayload = errors.New("the payload was changed")
	// ErrSession: the entry belongs to another session.
	ErrSession = errors.New("the entry belongs to another session")
	// ErrKey: the log's key is unknown, or its id is not that of its key.
	ErrKey = errors.New("the log's key is unknown")
)

// Header is the signed part of an entry.
type Header struct {
	_       struct{} `cbor:",toarray"`
	Format  uint
	Session SessionID
	Replica ReplicaID
	Seq     uint64 // from 1, without gaps
	Prev    Hash   // hash of the entry before; zero for the first
	Time    Time
	Kind    string
	Schema  uint
	CID     ItemID
	Actor   [16]byte // the facilitator who acted, or zero
	Class   Class
	PHash   Hash // SHA-256(salt ‖ payload)
}

// Entry is one act in one replica's log. It owns its slices; nobody changes them.
type Entry struct {
	Header
	Sig     [ed25519.SignatureSize]byte
	Salt    []byte // personal entries only
	Payload []byte // deterministic CBOR; nil once a personal entry was redacted
	raw     []byte // the header's bytes as signed
}

type wire struct {
	_       struct{} `cbor:",toarray"`
	Header  []byte
	Sig     []byte
	Salt    []byte
	Payload []byte
}

const entryTag = "folkmoot entry 1\x00"

var (
	encMode cbor.EncMode
	decMode cbor.DecMode
)

func init() {
	var err error
	if encMode, err = cbor.CoreDetEncOptions().EncMode(); err != nil {
		panic(err)
	}
	decMode, err = cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		MaxNestedLevels:   8,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		UTF8:              cbor.UTF8RejectInvalid,
	}.DecMode()
	if err != nil {
		panic(err)
	}
}

// Marshal encodes a payload in the one deterministic CBOR encoding of the record.
func Marshal(payload any) ([]byte, error) { return encMode.Marshal(payload) }

// Unmarshal decodes a payload strictly: double keys, indefinite lengths, unknown
// fields, invalid UTF-8 and nesting beyond 8 are refused.
func Unmarshal(data []byte, payload any) error {
	if err := decMode.Unmarshal(data, payload); err != nil {
		return fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	return nil
}

// Hash gives the name by which the next entry of the log refers to this one:
// SHA-256(header ‖ signature).
func (e Entry) Hash() Hash {
	sum := sha256.New()
	sum.Write(e.raw)
	sum.Write(e.Sig[:])
	return Hash(sum.Sum(nil))
}

// Redacted says whether the entry's payload was dropped.
func (e Entry) Redacted() bool { return e.Payload == nil }

// Redact gives the entry without salt and payload; its hash and place in the
// chain stay as they were.
func (e Entry) Redact() Entry {
	e.Salt, e.Payload = nil, nil
	return e
}

// Encode gives the entry's bytes for disk and wire.
func (e Entry) Encode() ([]byte, error) {
	data, err := encMode.Marshal(wire{Header: e.raw, Sig: e.Sig[:], Salt: e.Salt, Payload: e.Payload})
	if err != nil {
		return nil, fmt.Errorf("oplog: encode entry %d of %s: %w", e.Seq, e.Replica, err)
	}
	return data, nil
}

// Decode reads an entry's bytes, which it copies. It refuses what Encode would
// not have written, so that an entry has one encoding only; it checks neither
// chain nor signature (see Chain).
func Decode(data []byte) (Entry, error) {
	if len(data) > MaxEntry {
		return Entry{}, fmt.Errorf("oplog: decode entry of %d bytes: %w", len(data), ErrTooBig)
	}
	var w wire
	if err := decMode.Unmarshal(data, &w); err != nil {
		return Entry{}, fmt.Errorf("oplog: decode entry: %w: %v", ErrMalformed, err)
	}
	e := Entry{Salt: w.Salt, Payload: w.Payload, raw: w.Header}
	if len(w.Sig) != len(e.Sig) {
		return Entry{}, fmt.Errorf("oplog: decode entry: %w: signature of %d bytes", ErrMalformed, len(w.Sig))
	}
	copy(e.Sig[:], w.Sig)
	if err := decMode.Unmarshal(w.Header, &e.Header); err != nil {
		return Entry{}, fmt.Errorf("oplog: decode header: %w: %v", ErrMalformed, err)
	}
	if err := e.checkForm(data); err != nil {
		return Entry{}, err
	}
	return e, nil
}

// checkForm refuses an encoding that is not the deterministic one, and limits.
func (e Entry) checkForm(data []byte) error {
	switch {
	case e.Format > Format:
		return fmt.Errorf("oplog: decode entry: %w: %w: format %d", ErrMalformed, ErrNewer, e.Format)
	case e.Format != Format:
		return fmt.Errorf("oplog: decode entry: %w: format %d", ErrMalformed, e.Format)
	case e.Class > Personal:
		return fmt.Errorf("oplog: decode entry: %w: class %d", ErrMalformed, e.Class)
	case uint64(e.Schema) > math.MaxUint32: // more than every processor can hold
		return fmt.Errorf("oplog: decode entry: %w: schema %d", ErrMalformed, e.Schema)
	case e.Class == Personal && len(e.Payload) > MaxPersonal+sealOverhead:
		return fmt.Errorf("oplog: decode entry: %w: personal payload of %d bytes", ErrTooBig, len(e.Payload))
	case !e.saltFits():
		return fmt.Errorf("oplog: decode entry: %w: salt of %d bytes", ErrMalformed, len(e.Salt))
	case e.Payload != nil && len(e.Payload) == 0:
		return fmt.Errorf("oplog: decode entry: %w: empty payload", ErrMalformed)
	}
	header, err := encMode.Marshal(e.Header)
	if err != nil || string(header) != string(e.raw) {
		return fmt.Errorf("oplog: decode entry: %w: header is not in deterministic form", ErrMalformed)
	}
	again, err := e.Encode()
	if err != nil || string(again) != string(data) {
		return fmt.Errorf("oplog: decode entry: %w: not in deterministic form", ErrMalformed)
	}
	return nil
}

// CheckSize refuses what Decode takes from the disk only: a personal payload that would
// not be read again once it is sealed, which makes it longer. Error: ErrTooBig.
func (e Entry) CheckSize() error {
	if e.Class != Personal || e.Redacted() {
		return nil
	}
	data, err := e.Encode()
	if err == nil && (len(e.Payload) > MaxPersonal || len(data) > MaxEntry-sealOverhead) {
		err = refuse(e, ErrTooBig)
	}
	return err
}

// saltFits says whether there is salt where it belongs: beside the payload of a
// personal entry, and nowhere else.
func (e Entry) saltFits() bool {
	if e.Redacted() || e.Class == Public {
		return e.Salt == nil
	}
	return len(e.Salt) == saltSize
}

func payloadHash(salt, payload []byte) Hash {
	sum := sha256.New()
	sum.Write(salt)
	sum.Write(payload)
	return Hash(sum.Sum(nil))
}
