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

// Session gives the session of which the entries must be.
func (c *Chain) Session() SessionID { return c.session }

// Heads gives how far each log was checked. The map belongs to the Chain.
func (c *Chain) Heads() Heads { return c.heads }

// Next checks everything about an entry and takes it as its log's new head:
// session, number, link to the one before, payload, key and signature. An error
// names the first thing that is wrong; the Chain is then as it was.
func (c *Chain) Next(e Entry) error {
	key, err := c.check(e)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, signed(e.raw), e.Sig[:]) {
		return refuse(e, ErrSignature)
	}
	c.take(e, key)
	return nil
}

// Link checks what Next does but for the signature, at a hundredth of its cost. It
// is for entries of one's own disk, whose signatures were checked when they came;
// Next may go on where Link stopped.
func (c *Chain) Link(e Entry) error {
	key, err := c.check(e)
	if err != nil {
		return err
	}
	c.take(e, key)
	return nil
}

func (c *Chain) take(e Entry, key ed25519.PublicKey) {
	c.keys[e.Replica] = key
	c.heads[e.Replica] = Head{Seq: e.Seq, Hash: e.Hash()}
}

// check does all but the signature, and gives the key that must have made it.
func (c *Chain) check(e Entry) (ed25519.PublicKey, error) {
	if e.Session != c.session {
		return nil, refuse(e, ErrSession)
	}
	if err := Follows(c.heads[e.Replica], e); err != nil {
		return nil, err
	}
	if !e.payloadFits() {
		return nil, refuse(e, ErrPayload)
	}
	return c.key(e)
}

// payloadFits says whether salt and payload are those of the header, or were
// dropped where they may be.
func (e Entry) payloadFits() bool {
	if !e.saltFits() {
		return false
	}
	if e.Redacted() {
		return e.Class == Personal
	}
	return payloadHash(e.Salt, e.Payload) == e.PHash
}

// key finds the public key of the entry's log: known, or in its first entry.
func (c *Chain) key(e Entry) (ed25519.PublicKey, error) {
	if key, ok := c.keys[e.Replica]; ok {
		return key, nil
	}
	return KeyIn(e)
}

func refuse(e Entry, cause error) error {
	return fmt.Errorf("oplog: entry %d of %s: %w", e.Seq, e.Replica, cause)
}

// Key gives the key of a log of which the first entry was checked, nil of others.
func (c *Chain) Key(r ReplicaID) ed25519.PublicKey { return c.keys[r] }

// Rewind goes back in one log to where it stood at an earlier head, so that another
// branch of it may follow. The zero Head forgets the log.
func (c *Chain) Rewind(r ReplicaID, to Head) {
	if to.Seq == 0 {
		delete(c.heads, r)
		delete(c.keys, r)
		return
	}
	c.heads[r] = to
}
