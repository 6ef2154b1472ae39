package link

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"reflect"

	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// Hello is what a device says of itself to anybody.
type Hello struct {
	// Oldest and Newest protocol that it speaks, see peer.Protocol.
	Oldest uint   `cbor:"1,keyasint"`
	Newest uint   `cbor:"2,keyasint"`
	Name   string `cbor:"3,keyasint"`
	Role   Role   `cbor:"4,keyasint"`
	// Session is zero where the device has none yet.
	Session oplog.SessionID `cbor:"5,keyasint"`
	Title   string          `cbor:"6,keyasint"`
	Version string          `cbor:"7,keyasint"`
}

// Status is how a device does.
type Status struct {
	// Kept is how many answers of its own no laptop is known to hold.
	Kept uint64 `cbor:"1,keyasint"`
	// Battery is per cent and one, so that 0 says nothing.
	Battery uint `cbor:"2,keyasint"`
	// Free is the bytes left on its disk; 0 says nothing.
	Free uint64 `cbor:"3,keyasint"`
	// Full says that its disk takes nothing more.
	Full bool `cbor:"4,keyasint"`
}

// Greeting is what peers tell each other every few seconds.
type Greeting struct {
	Name      string          `cbor:"1,keyasint"`
	Role      Role            `cbor:"2,keyasint"`
	Version   string          `cbor:"3,keyasint"`
	Oldest    uint            `cbor:"4,keyasint"`
	Newest    uint            `cbor:"5,keyasint"`
	Wall      uint64          `cbor:"6,keyasint"` // its clock, milliseconds since 1970
	Log       oplog.ReplicaID `cbor:"7,keyasint"` // that it writes now
	Addresses []string        `cbor:"8,keyasint"` // host:port where it answers peers
	Web       []string        `cbor:"9,keyasint"` // where it answers phones
	Status    Status          `cbor:"10,keyasint"`
	// Follows says that it stands ready to take the lead's place.
	Follows bool `cbor:"11,keyasint"`
	// Known are devices that a laptop has in its book.
	Known []Known `cbor:"12,keyasint"`
}

// Known is what a laptop says of another device.
type Known struct {
	Key       []byte   `cbor:"1,keyasint"`
	Name      string   `cbor:"2,keyasint"`
	Role      Role     `cbor:"3,keyasint"`
	Index     uint     `cbor:"4,keyasint"`
	Addresses []string `cbor:"5,keyasint"`
	Unpaired  bool     `cbor:"6,keyasint"`
	// Paired is when it was let in last, milliseconds since 1970: what was decided after a
	// later pairing is the newer word.
	Paired uint64 `cbor:"7,keyasint"`
}

// LiveCall says what the caller holds, and asks for what it lacks.
type LiveCall struct {
	Heads []peer.LogHead `cbor:"1,keyasint"`
}

// LiveAnswer brings entries as soon as there are any; none after a while without.
type LiveAnswer struct {
	Frames [][]byte `cbor:"1,keyasint"`
	// Apart says that a log goes on differently on the two sides, or that the caller holds
	// what the other does not: a whole exchange is due.
	Apart bool `cbor:"2,keyasint"`
}

// Grant is what a device gets when it is paired.
type Grant struct {
	Session oplog.SessionID `cbor:"1,keyasint"`
	Title   string          `cbor:"2,keyasint"`
	// Role and Index are what the device is in the session from now on.
	Role  Role `cbor:"3,keyasint"`
	Index uint `cbor:"4,keyasint"`
	// Badge is the session's badge key, nil where it has none.
	Badge []byte `cbor:"5,keyasint,omitempty"`
	// Known are the laptops of the session, the one that let it in first.
	Known []Known `cbor:"6,keyasint"`
}

const (
	// maxSmall is the longest of the small messages, in bytes.
	maxSmall = 256 << 10
	// maxText is the longest address, version or title.
	maxText = 300
)

var errMessage = errors.New("this is no message of ours")

func tooLong(texts ...string) bool {
	for _, t := range texts {
		if len(t) > maxText {
			return true
		}
	}
	return false
}

type message interface{ fits() bool }

func (h *Hello) fits() bool { return !tooLong(h.Name, h.Title, h.Version) && known(h.Role) }

func (g *Greeting) fits() bool {
	for i := range g.Known {
		if !g.Known[i].fits() {
			return false
		}
	}
	return known(g.Role) && !tooLong(g.Name, g.Version) && !tooLong(g.Addresses...) && !tooLong(g.Web...) && len(g.Known) <= maxPeers && len(g.Addresses) <= maxAddresses && len(g.Web) <= maxAddresses
}

func (g *Grant) fits() bool {
	for i := range g.Known {
		if !g.Known[i].fits() {
			return false
		}
	}
	return known(g.Role) && len(g.Known) > 0 && len(g.Known) <= maxPeers && len(g.Badge) <= 64 && !tooLong(g.Title)
}

func (k *Known) fits() bool {
	return len(k.Key) == ed25519.PublicKeySize && known(k.Role) && len(k.Addresses) <= maxAddresses && !tooLong(k.Name) && !tooLong(k.Addresses...)
}

func (l *LiveCall) fits() bool   { return peer.HeadsFit(l.Heads) }
func (l *LiveAnswer) fits() bool { return peer.FramesFit(l.Frames) }

// encode gives the bytes of a message.
func encode(m message) ([]byte, error) {
	data, err := oplog.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("link: encode a message: %w", err)
	}
	return data, nil
}

// decode reads a message into m and refuses what encode would not have written.
func decode(data []byte, m message) error {
	reflect.ValueOf(m).Elem().SetZero()
	if err := oplog.Unmarshal(data, m); err != nil {
		return fmt.Errorf("link: %w: %w", errMessage, err)
	}
	if !m.fits() {
		return fmt.Errorf("link: %w: over its limits", errMessage)
	}
	if again, err := oplog.Marshal(m); err != nil || !bytes.Equal(again, data) {
		return fmt.Errorf("link: %w: not in deterministic form", errMessage)
	}
	return nil
}
