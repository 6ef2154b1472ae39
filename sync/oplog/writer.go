package oplog

import (
	"crypto/ed25519"
	"fmt"
	"io"
)

// KindPair is the kind of a log's first entry: it carries the log's public key
// and the device's name, so that a log can be checked from its own bytes.
const KindPair = "pair"

// Pair is the payload of a log's first entry.
type Pair struct {
	Key  []byte `cbor:"1,keyasint"`
	Name string `cbor:"2,keyasint"`
	// Role is RoleTablet for a participants' tablet, "" for all others. A log says it once,
	// before anything else, so that who gets hold of a tablet later cannot take it back.
	Role string `cbor:"3,keyasint,omitempty"`
	// Device is the key of the installation that writes the log and Proof its signature
	// over that, see DeviceIn: so that others know whose log it is, whoever brings it.
	// Neither where it is not said.
	Device []byte `cbor:"4,keyasint,omitempty"`
	Proof  []byte `cbor:"5,keyasint,omitempty"`
}

// RoleTablet is the role of a participants' tablet.
const RoleTablet = "tablet"

// Draft is an act on its way into the record. Payload is never empty; the Writer
// keeps it.
type Draft struct {
	CID     ItemID
	Kind    string
	Schema  uint
	Actor   [16]byte
	Class   Class
	Payload []byte
}

// Writer numbers, stamps, chains and signs the entries of one log.
type Writer struct {
	session SessionID
	key     ed25519.PrivateKey
	replica ReplicaID
	head    Head
	clock   *Clock
	random  io.Reader
}

// NewWriter continues the log of key after head (zero for a new log). random
// gives the salts of personal entries.
func NewWriter(session SessionID, key ed25519.PrivateKey, head Head, clock *Clock, random io.Reader) *Writer {
	return &Writer{session: session, key: key, replica: ReplicaOf(key.Public().(ed25519.PublicKey)), head: head, clock: clock, random: random}
}

// Replica gives the id of the log that the Writer continues.
func (w *Writer) Replica() ReplicaID { return w.replica }

// Head gives number and hash of the last entry written.
func (w *Writer) Head() Head { return w.head }

// Open gives the draft of a new log's first entry.
func (w *Writer) Open(name string) (Draft, error) { return w.OpenAs(name, "") }

// OpenAs is Open for a device of a role.
func (w *Writer) OpenAs(name, role string) (Draft, error) { return w.OpenOf(name, role, nil) }

// OpenOf is OpenAs for the installation that has a key; nil does not say which.
func (w *Writer) OpenOf(name, role string, device ed25519.PrivateKey) (Draft, error) {
	pair := Pair{Key: w.key.Public().(ed25519.PublicKey), Name: name, Role: role}
	if device != nil {
		pair.Device = device.Public().(ed25519.PublicKey)
		pair.Proof = ed25519.Sign(device, deviceMessage(w.session, w.replica, role))
	}
	payload, err := Marshal(pair)
	return Draft{CID: ItemID(w.replica), Kind: KindPair, Schema: 1, Payload: payload}, err
}

// Write makes the next entry; wall is the wall clock in milliseconds since 1970.
// Errors: ErrTooBig, ErrMalformed for a draft without a payload. When the entry does not reach the disk afterwards, the Writer must be thrown away.
func (w *Writer) Write(d Draft, wall uint64) (Entry, error) {
	e := Entry{Header: Header{
		Format: Format, Session: w.session, Replica: w.replica, Seq: w.head.Seq + 1, Prev: w.head.Hash,
		Time: w.clock.Tick(wall), Kind: d.Kind, Schema: d.Schema, CID: d.CID, Actor: d.Actor, Class: d.Class,
	}, Payload: d.Payload}
	if len(d.Payload) == 0 || d.Class > Personal {
		return Entry{}, fmt.Errorf("oplog: write %s: %w: class %d, payload of %d bytes", d.Kind, ErrMalformed, d.Class, len(d.Payload))
	}
	if d.Class == Personal {
		if len(d.Payload) > MaxPersonal {
			return Entry{}, fmt.Errorf("oplog: write %s: %w", d.Kind, ErrTooBig)
		}
		e.Salt = make([]byte, saltSize)
		if _, err := io.ReadFull(w.random, e.Salt); err != nil {
			return Entry{}, fmt.Errorf("oplog: salt: %w", err)
		}
	}
	e.PHash = payloadHash(e.Salt, e.Payload)
	var err error
	if e.raw, err = encMode.Marshal(e.Header); err != nil {
		return Entry{}, fmt.Errorf("oplog: encode header: %w", err)
	}
	if len(e.raw)+len(e.Payload)+200 > MaxEntry {
		return Entry{}, fmt.Errorf("oplog: write %s of %d bytes: %w", d.Kind, len(e.Payload), ErrTooBig)
	}
	copy(e.Sig[:], ed25519.Sign(w.key, signed(e.raw)))
	w.head = Head{Seq: e.Seq, Hash: e.Hash()}
	return e, nil
}

func signed(header []byte) []byte { return append([]byte(entryTag), header...) }

const deviceTag = "folkmoot log of a device 1\x00"

// deviceMessage is what a device signs of a log that it writes: tag ‖ session ‖ log ‖ role.
func deviceMessage(session SessionID, log ReplicaID, role string) []byte {
	return append(append(append([]byte(deviceTag), session[:]...), log[:]...), role...)
}

// DeviceIn gives, from a log's first entry, the key of the installation that writes it, and
// its role; no key where it does not say or prove that. The entry itself was checked before.
func DeviceIn(first Entry) (device ed25519.PublicKey, role string) {
	var pair Pair
	if _, err := KeyIn(first); err != nil || Unmarshal(first.Payload, &pair) != nil {
		return nil, ""
	}
	if len(pair.Device) != ed25519.PublicKeySize || !ed25519.Verify(pair.Device, deviceMessage(first.Session, first.Replica, pair.Role), pair.Proof) {
		return nil, pair.Role
	}
	return pair.Device, pair.Role
}
