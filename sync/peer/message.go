package peer

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// Protocol is the number of this way of talking.
const Protocol = 1

// Limits of a call.
const (
	// MaxFrames and MaxBytes are what one call carries of entries.
	MaxFrames = replica.MaxReceived
	MaxBytes  = 4 << 20
	// MaxMessage is the longest message, in bytes: entries and what stands around them.
	MaxMessage = MaxBytes + 512<<10
	// MaxPlaces is how many places one call asks for.
	MaxPlaces = 64
	// maxRules is how many proofs, and how many namings, one message carries; what is
	// more comes in further pieces.
	maxRules = 256
)

// Call names what is asked for.
type Call string

// The calls.
const (
	// CallHello asks for the Hello.
	CallHello Call = "hello"
	// CallHashes asks for the short hashes of Places.
	CallHashes Call = "hashes"
	// CallEntries asks for the entries of Range.
	CallEntries Call = "entries"
	// CallSnapshot asks for the entries of all logs that come after Range.From of its log.
	CallSnapshot Call = "snapshot"
	// CallPush brings Frames.
	CallPush Call = "push"
	// CallRules brings Rules.
	CallRules Call = "rules"
	// CallMoreRules asks for piece Piece of the rules; that of number 0 is in the Hello.
	CallMoreRules Call = "more_rules"
)

// Request is what one side asks of the other.
type Request struct {
	Protocol uint            `cbor:"1,keyasint"`
	Session  oplog.SessionID `cbor:"2,keyasint"`
	Call     Call            `cbor:"3,keyasint"`
	Places   []Place         `cbor:"4,keyasint,omitempty"`
	Range    *Range          `cbor:"5,keyasint,omitempty"`
	Frames   [][]byte        `cbor:"6,keyasint,omitempty"`
	Rules    *moot.Rules     `cbor:"7,keyasint,omitempty"`
	Piece    uint64          `cbor:"8,keyasint,omitempty"`
	// Nonce goes with CallHello, 32 bytes: the Proof answers it.
	Nonce []byte `cbor:"9,keyasint,omitempty"`
	// Most is how many bytes of entries the answer may carry, over a slow link say; 0 is
	// as many as one carries.
	Most uint64 `cbor:"10,keyasint,omitempty"`
}

// Response is what the other side answers.
type Response struct {
	// Refused is set for a "no". With Forked, Taken and Rules are set too.
	Refused *Refusal    `cbor:"1,keyasint,omitempty"`
	Hello   *Hello      `cbor:"2,keyasint,omitempty"`
	Hashes  []Short     `cbor:"3,keyasint,omitempty"`
	Frames  [][]byte    `cbor:"4,keyasint,omitempty"`
	More    bool        `cbor:"5,keyasint,omitempty"` // there are entries after Frames
	Taken   *Taken      `cbor:"6,keyasint,omitempty"`
	Rules   *moot.Rules `cbor:"7,keyasint,omitempty"`
}

// Short is the beginning of an entry's hash, zero where there is no such entry.
type Short [8]byte

func short(h oplog.Hash) Short { return Short(h[:8]) }

// Place is an entry's number in a log.
type Place struct {
	_       struct{} `cbor:",toarray"`
	Replica oplog.ReplicaID
	Seq     uint64
}

// Range is a part of a log: the numbers From to To, both included; To 0 is the end.
type Range struct {
	_        struct{} `cbor:",toarray"`
	Replica  oplog.ReplicaID
	From, To uint64
}

// LogHead is how far one log is held.
type LogHead struct {
	_       struct{} `cbor:",toarray"`
	Replica oplog.ReplicaID
	Seq     uint64
	Hash    Short
}

// Hello is how a replica stands.
type Hello struct {
	// Replica is the log that this device writes.
	Replica oplog.ReplicaID `cbor:"1,keyasint"`
	// Oldest and Newest protocol that it speaks, and the newest schema of acts that it
	// reads.
	Oldest uint      `cbor:"2,keyasint"`
	Newest uint      `cbor:"3,keyasint"`
	Schema uint      `cbor:"4,keyasint"`
	Heads  []LogHead `cbor:"5,keyasint"` // by the logs' ids
	// Digest is the state's sum as 64 hexadecimal digits.
	Digest string     `cbor:"6,keyasint"`
	Rules  moot.Rules `cbor:"7,keyasint"`
	Wall   uint64     `cbor:"8,keyasint"` // its clock, milliseconds since 1970
	Free   uint64     `cbor:"9,keyasint"` // bytes left on its disk; 0 where it is not known
	// Instance is Options.Instance.
	Instance uint64 `cbor:"10,keyasint"`
	// MoreRules is how many pieces there are of the rules besides the one that is here.
	MoreRules uint64 `cbor:"11,keyasint,omitempty"`
	// Proof is Replica's signature over the nonce and Instance, where there was a nonce.
	Proof []byte `cbor:"12,keyasint,omitempty"`
}

// Taken is what became of pushed entries, see replica.Received.
type Taken struct {
	New   uint64            `cbor:"1,keyasint"`
	Held  uint64            `cbor:"2,keyasint"`
	Bad   uint64            `cbor:"3,keyasint"`
	Gaps  uint64            `cbor:"4,keyasint"`
	Forks []oplog.ReplicaID `cbor:"5,keyasint,omitempty"`
	Heads []LogHead         `cbor:"6,keyasint"`
}

func headList(heads oplog.Heads) []LogHead {
	out := make([]LogHead, 0, len(heads))
	for _, r := range heads.Replicas() {
		out = append(out, LogHead{Replica: r, Seq: heads[r].Seq, Hash: short(heads[r].Hash)})
	}
	return out
}

// check refuses a request that no program of ours sends.
func (q *Request) check() error {
	switch {
	case len(q.Places) > MaxPlaces:
		return malformed("%d places", len(q.Places))
	case len(q.Nonce) != 0 && len(q.Nonce) != sum:
		return malformed("nonce of %d bytes", len(q.Nonce))
	case q.Rules != nil && !rulesFit(*q.Rules):
		return malformed("too many rules")
	}
	return framesFit(q.Frames)
}

func (p *Response) check() error {
	switch {
	case len(p.Hashes) > MaxPlaces:
		return malformed("%d hashes", len(p.Hashes))
	case p.Rules != nil && !rulesFit(*p.Rules):
		return malformed("too many rules")
	case p.Hello != nil && (!headsFit(p.Hello.Heads) || !rulesFit(p.Hello.Rules) || len(p.Hello.Digest) > 64 || len(p.Hello.Proof) > ed25519.SignatureSize):
		return malformed("hello with wrong heads, rules or digest")
	case p.Taken != nil && (!headsFit(p.Taken.Heads) || len(p.Taken.Forks) > MaxFrames):
		return malformed("receipt with wrong heads or forks")
	}
	return framesFit(p.Frames)
}

func rulesFit(r moot.Rules) bool {
	return max(len(r.Proofs), len(r.Named), len(r.Unpaired)) <= maxRules
}

// headsFit wants logs in ascending order, so that none comes twice. There may be one
// more than MaxReplicas for each time that a device had to take another key.
func headsFit(heads []LogHead) bool {
	for i, h := range heads {
		if h.Seq == 0 || i > 0 && bytes.Compare(heads[i-1].Replica[:], h.Replica[:]) >= 0 {
			return false
		}
	}
	return len(heads) <= 2*replica.MaxReplicas
}

func framesFit(frames [][]byte) error {
	if len(frames) > MaxFrames {
		return fmt.Errorf("peer: %d entries in a message: %w", len(frames), refuse(TooBig))
	}
	total := 0
	for _, f := range frames {
		if total += len(f); len(f) > oplog.MaxEntry {
			return fmt.Errorf("peer: entry of %d bytes: %w", len(f), refuse(TooBig))
		}
	}
	if total > MaxBytes {
		return fmt.Errorf("peer: %d bytes of entries in a message: %w", total, refuse(TooBig))
	}
	return nil
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("peer: %w: %s", refuse(Malformed), fmt.Sprintf(format, args...))
}
