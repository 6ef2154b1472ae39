package link

import (
	"crypto/ed25519"
	"fmt"

	"folkmoot/sync/oplog"
)

// Peer is what the book keeps of a device that was paired, and of this device itself.
type Peer struct {
	Key       []byte            `cbor:"1,keyasint"`
	Name      string            `cbor:"2,keyasint"`
	Role      Role              `cbor:"3,keyasint"`
	Index     uint              `cbor:"4,keyasint"` // 1, 2, …; 0 for the laptop that made the session
	Addresses []string          `cbor:"5,keyasint"` // host:port, the best last
	Logs      []oplog.ReplicaID `cbor:"6,keyasint"` // that it was seen to write
	Seen      uint64            `cbor:"7,keyasint"` // milliseconds since 1970
	Unpaired  bool              `cbor:"8,keyasint"` // it was sent away for good
	Paired    uint64            `cbor:"9,keyasint"` // milliseconds since 1970
}

// ID gives the device's id.
func (p Peer) ID() DeviceID { return DeviceOf(p.Key) }

// Limits of what is kept of a peer.
const (
	maxPeers     = 64
	maxAddresses = 16
	maxLogs      = 32
)

// Book keeps peers for good. Values are opaque to it.
type Book interface {
	// EachPeer gives every row, in no order.
	EachPeer(yield func(key, value []byte)) error
	// PutPeer writes a row and returns once it is synced; DropPeer takes one away.
	PutPeer(key, value []byte) error
	DropPeer(key []byte) error
}

// readBook gives the rows of a book by device. A row that cannot be read is left out: its
// device has to be paired again.
func readBook(book Book) (map[DeviceID]Peer, error) {
	out := map[DeviceID]Peer{}
	err := book.EachPeer(func(key, value []byte) {
		var p Peer
		if oplog.Unmarshal(value, &p) == nil && string(p.Key) == string(key) && len(p.Key) == ed25519.PublicKeySize && known(p.Role) {
			out[p.ID()] = p
		}
	})
	if err != nil {
		return nil, fmt.Errorf("link: read peers: %w", err)
	}
	return out, nil
}

// Followed says of the record that a book belongs to whether this device was let in to it
// by another laptop, and how: as a Backup, or as the Hub of another room. lead is who the
// record says leads, "" for nobody; name is what that one, else the laptop that made the
// session, is called. A laptop that made the session follows once another one leads; one that leads
// itself follows nobody.
func Followed(book Book, self, lead DeviceID) (role Role, name string, err error) {
	rows, err := readBook(book)
	if err != nil || lead == self {
		return "", "", err
	}
	own, there := rows[self]
	if one, known := rows[lead]; !there && known { // it made the session, and another one took over
		return Backup, one.Name, nil
	}
	if !laptop(own.Role) {
		return "", "", nil
	}
	for id, row := range rows {
		if id == lead || lead == "" && row.Index == 0 && row.Role == Hub {
			return own.Role, row.Name, nil
		}
	}
	return own.Role, "", nil
}

// InBook says whether this device takes part with other laptops in the session that a book
// belongs to.
func InBook(book Book, self DeviceID) (bool, error) {
	rows, err := readBook(book)
	for id, row := range rows {
		if laptop(row.Role) && (id == self || !row.Unpaired) {
			return true, nil
		}
	}
	return false, err
}

// WritePeer puts a peer into a book.
func WritePeer(book Book, p Peer) error {
	value, err := oplog.Marshal(p)
	if err == nil {
		err = book.PutPeer(p.Key, value)
	}
	if err != nil {
		return fmt.Errorf("link: keep peer %s: %w", p.ID(), err)
	}
	return nil
}
