package storm

import (
	"crypto/ed25519"
	"sync"

	"folkmoot/sync/link"
)

// shelf is a book of peers in memory. Devices of a storm were paired before it.
type shelf struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func newShelf(setup Setup, own ed25519.PublicKey) (*shelf, error) {
	s := &shelf{rows: map[string][]byte{}}
	self := link.Peer{Key: own, Name: setup.Name, Role: link.Role(setup.Role), Index: setup.Index}
	if err := link.WritePeer(s, self); err != nil {
		return nil, err
	}
	for _, row := range setup.Book {
		if err := link.WritePeer(s, link.Peer{Key: row.Key, Name: row.Name, Role: link.Role(row.Role), Index: row.Index}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// EachPeer gives every row.
func (s *shelf) EachPeer(yield func(key, value []byte)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, v := range s.rows {
		yield([]byte(k), v)
	}
	return nil
}

// PutPeer keeps a row.
func (s *shelf) PutPeer(key, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[string(key)] = value
	return nil
}

// DropPeer takes a row away.
func (s *shelf) DropPeer(key []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, string(key))
	return nil
}
