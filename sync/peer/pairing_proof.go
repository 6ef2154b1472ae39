package peer

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

const (
	commitTag = "folkmoot pairing commitment 1\x00"
	digitsTag = "folkmoot pairing digits 1\x00"
	proofTag  = "folkmoot pairing proof 1\x00"
)

// Nonces and keys have one size each, so that parts put one behind the other can be read
// in one way only.

// commitment gives SHA-256(tag ‖ joiner's nonce ‖ joiner's key ‖ host's key).
func commitment(nonce []byte, joiner, host ed25519.PublicKey) []byte {
	return hashed(commitTag, nonce, joiner, host)
}

// digitsOf gives the six digits that both screens show. With a stranger between, who has
// a key of its own with either side, the two differ but once in a million times: the
// joiner is bound to its nonce before it sees the host's, and shows it only then.
func digitsOf(joinerNonce, hostNonce []byte, joiner, host ed25519.PublicKey) string {
	n := binary.BigEndian.Uint64(hashed(digitsTag, joiner, host, joinerNonce, hostNonce)) % 1_000_000 // of 2⁶⁴: no digit is likelier by more than 10⁻¹³
	return fmt.Sprintf("%03d %03d", n/1000, n%1000)
}

// proofOf gives HMAC-SHA256(secret, tag ‖ joiner's key ‖ host's key ‖ host's nonce): good
// for these two devices and this once.
func proofOf(secret Secret, joiner, host ed25519.PublicKey, nonce []byte) []byte {
	mac := hmac.New(sha256.New, secret[:])
	for _, part := range [][]byte{[]byte(proofTag), joiner, host, nonce} {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

func hashed(tag string, parts ...[]byte) []byte {
	hash := sha256.New()
	io.WriteString(hash, tag)
	for _, part := range parts {
		hash.Write(part)
	}
	return hash.Sum(nil)
}

// draw fills out with random bytes.
func draw(random io.Reader, out []byte) []byte {
	if _, err := io.ReadFull(random, out); err != nil {
		panic("peer: no random bytes: " + err.Error()) // crypto/rand always has some
	}
	return out
}
