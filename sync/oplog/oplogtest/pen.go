package oplogtest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"folkmoot/sync/oplog"
)

// Start is the wall clock with which a Pen begins, in milliseconds since 1970.
const Start = 1_790_000_000_000

// Pen writes the log of one replica. See NewPen.
type Pen struct {
	// Now is the wall clock of the next entry, in milliseconds since 1970. It stands
	// still unless the test moves it, ahead or back.
	Now uint64

	writer *oplog.Writer
	random *rand.ChaCha8
}

// NewPen gives the pen of a new log. Key, salts and item ids follow from seed.
func NewPen(session oplog.SessionID, seed uint64) *Pen {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("folkmoot test pen"), seed))
	key := ed25519.NewKeyFromSeed(sum[:])
	random := rand.NewChaCha8(sum)
	clock := oplog.NewClock(oplog.Time{})
	return &Pen{Now: Start, random: random, writer: oplog.NewWriter(session, key, oplog.Head{}, clock, random)}
}

// Replica gives the id of the pen's log.
func (p *Pen) Replica() oplog.ReplicaID { return p.writer.Replica() }

// Head gives number and hash of the last entry written.
func (p *Pen) Head() oplog.Head { return p.writer.Head() }

// CID gives a new item id.
func (p *Pen) CID() oplog.ItemID {
	var id oplog.ItemID
	p.random.Read(id[:]) // never fails
	return id
}

// Open writes the log's first entry, which carries its key.
func (p *Pen) Open() oplog.Entry { return p.OpenAs("") }

// OpenAs is Open for a device of a role.
func (p *Pen) OpenAs(role string) oplog.Entry {
	draft, err := p.writer.OpenAs("test", role)
	if err != nil {
		panic(fmt.Sprintf("oplogtest: open a log: %v", err))
	}
	return p.Write(draft)
}

// Write writes a draft as the next entry.
func (p *Pen) Write(d oplog.Draft) oplog.Entry {
	e, err := p.writer.Write(d, p.Now)
	if err != nil {
		panic(fmt.Sprintf("oplogtest: %v", err))
	}
	return e
}

// Say writes an entry of kind "test" with payload in the record's encoding and a
// new item id.
func (p *Pen) Say(class oplog.Class, payload any) oplog.Entry {
	data, err := oplog.Marshal(payload)
	if err != nil {
		panic(fmt.Sprintf("oplogtest: encode a payload: %v", err))
	}
	return p.Write(oplog.Draft{CID: p.CID(), Kind: "test", Schema: 1, Class: class, Payload: data})
}

// Log writes n entries, n ≥ 1: the first one that carries the key, then public and
// personal ones in turn, one a second.
func (p *Pen) Log(n int) []oplog.Entry {
	entries := []oplog.Entry{p.Open()}
	for len(entries) < n {
		p.Now += 1000
		entries = append(entries, p.Say(oplog.Class(len(entries)%2), fmt.Sprintf("act %d", len(entries))))
	}
	return entries
}
