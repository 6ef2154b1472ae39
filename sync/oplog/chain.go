package oplog

import (
	"crypto/ed25519"
	"fmt"
)

// Head is how far a log is held: the number of its last entry, and its hash.
type Head struct {
	_    struct{} `cbor:",toarray"`
	Seq  uint64
	Hash Hash
}

// Heads says how far each log is held.
type Heads map[ReplicaID]Head

// Chain checks the entries of a session's logs as they come, each log in order.
// The zero value is not usable; see NewChain.
type Chain struct {
	session SessionID
	heads   Heads
	keys    map[ReplicaID]ed25519.PublicKey
}

// NewChain starts checking a session of which nothing is held.
func NewChain(session SessionID) *Chain {
	return &Chain{session: session, heads: Heads{}, keys: map[ReplicaID]ed25519.PublicKey{}}
}

// Heads gives how far each log was checked. The map belongs to the Chain.
func (c *Chain) Heads() Heads { return c.heads }

// Next checks everything about an entry and takes it as its log's new head:
// session, number, link to the one before, payload, key and signature. An error
// names the first thing that is wrong; the Chain is then as it was.
func (c *Chain) Next(e Entry) error {
	if err := c.link(e); err != nil {
		return err
	}
	key, err := c.key(e)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, signed(e.raw), e.Sig[:]) {
		return refuse(e, ErrSignature)
	}
	c.keys[e.Replica] = key
	c.heads[e.Replica] = Head{Seq: e.Seq, Hash: e.Hash()}
	return nil
}

// Link checks what Next does but for the signature, at a hundredth of its cost.
// It is for entries of one's own disk, whose signatures were checked when they came.
func (c *Chain) Link(e Entry) error {
	if err := c.link(e); err != nil {
		return err
	}
	c.heads[e.Replica] = Head{Seq: e.Seq, Hash: e.Hash()}
	return nil
}

func (c *Chain) link(e Entry) error {
	head := c.heads[e.Replica]
	switch {
	case e.Session != c.session:
		return refuse(e, ErrSession)
	case e.Seq != head.Seq+1:
		return refuse(e, ErrGap)
	case e.Prev != head.Hash:
		return refuse(e, ErrChain)
	case !e.Redacted() && payloadHash(e.Salt, e.Payload) != e.PHash:
		return refuse(e, ErrPayload)
	case e.Redacted() && e.Class != Personal:
		return refuse(e, ErrPayload)
	}
	return nil
}

// key finds the public key of the entry's log: known, or in its first entry.
func (c *Chain) key(e Entry) (ed25519.PublicKey, error) {
	if key, ok := c.keys[e.Replica]; ok {
		return key, nil
	}
	var pair Pair
	if e.Seq != 1 || e.Kind != KindPair || Unmarshal(e.Payload, &pair) != nil || len(pair.Key) != ed25519.PublicKeySize {
		return nil, refuse(e, ErrKey)
	}
	if ReplicaOf(pair.Key) != e.Replica {
		return nil, refuse(e, ErrKey)
	}
	return pair.Key, nil
}

func refuse(e Entry, cause error) error {
	return fmt.Errorf("oplog: entry %d of %s: %w", e.Seq, e.Replica, cause)
}
