package oplog

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// SessionID names one session: 16 random bytes.
type SessionID [16]byte

// ReplicaID names one log: the beginning of a hash of its public key.
type ReplicaID [16]byte

// ItemID (cid) names one act. Whoever first makes the act chooses it, and every
// repeat of the act carries it, so that a repeat counts once.
type ItemID [16]byte

// Hash is a SHA-256 sum.
type Hash [32]byte

const replicaTag = "folkmoot replica 1\x00"

// ReplicaOf gives the id of the log that a public key signs.
func ReplicaOf(key ed25519.PublicKey) ReplicaID {
	sum := sha256.Sum256(append([]byte(replicaTag), key...))
	return ReplicaID(sum[:16])
}

// String gives the id as 32 hexadecimal digits.
func (id SessionID) String() string { return hex.EncodeToString(id[:]) }

// String gives the id as 32 hexadecimal digits.
func (id ReplicaID) String() string { return hex.EncodeToString(id[:]) }

// String gives the id as 32 hexadecimal digits.
func (id ItemID) String() string { return hex.EncodeToString(id[:]) }

// String gives the hash as 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText gives the id as 32 hexadecimal digits.
func (id SessionID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the id as 32 hexadecimal digits.
func (id ReplicaID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the id as 32 hexadecimal digits.
func (id ItemID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the hash as 64 hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 32 hexadecimal digits.
func (id *SessionID) UnmarshalText(text []byte) error { return ParseHex(id[:], string(text)) }

// UnmarshalText reads 32 hexadecimal digits.
func (id *ReplicaID) UnmarshalText(text []byte) error { return ParseHex(id[:], string(text)) }

// UnmarshalText reads 32 hexadecimal digits.
func (id *ItemID) UnmarshalText(text []byte) error { return ParseHex(id[:], string(text)) }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error { return ParseHex(h[:], string(text)) }

// ParseHex fills id with the bytes that text names in lower-case hexadecimal
// digits. The number of digits must fit exactly; else id is left as it was.
func ParseHex(id []byte, text string) error {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(id) || hex.EncodeToString(raw) != text {
		return fmt.Errorf("oplog: id %.80q is not %d hexadecimal digits", text, 2*len(id))
	}
	copy(id, raw)
	return nil
}
