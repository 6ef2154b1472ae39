package badge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
)

// Key is the secret of a session from which all its badges follow. Whoever holds it
// can make badges: it stays on hubs.
type Key [32]byte

// CallKey signs the calls of the phone that scanned a badge.
type CallKey [16]byte

// of gives HMAC-SHA256(key, purpose ‖ n), n as two bytes, the high one first.
func (k Key) of(purpose string, n int) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write(binary.BigEndian.AppendUint16([]byte(purpose), uint16(n)))
	return mac.Sum(nil)
}

// Issue gives the code of badge n. Error: for a number below 1 or above MaxNumber.
func (k Key) Issue(n int) (Code, error) {
	if n < 1 || n > MaxNumber {
		return Code{}, fmt.Errorf("badge: number %d is not from 1 to %d", n, MaxNumber)
	}
	return Code{Number: n, sum: binary.BigEndian.Uint64(k.of("code", n)) >> (64 - sumBits)}, nil
}

// Check says whether a code was issued under the key. It takes as long for any code.
func (k Key) Check(c Code) bool {
	want, err := k.Issue(c.Number)
	if err != nil {
		return false
	}
	var a, b [8]byte
	binary.BigEndian.PutUint64(a[:], want.sum)
	binary.BigEndian.PutUint64(b[:], c.sum)
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// PID gives the id of the person who holds badge n: the same on every hub.
func (k Key) PID(n int) [16]byte { return [16]byte(k.of("pid", n)) }

// CallKey gives the key that badge n carries in its QR code.
func (k Key) CallKey(n int) CallKey { return CallKey(k.of("call", n)) }

// String gives the key as it stands in the address: 26 characters of the same
// alphabet, the last of them with two bits of nothing.
func (k CallKey) String() string {
	high, low := binary.BigEndian.Uint64(k[:8]), binary.BigEndian.Uint64(k[8:])
	return encode(high>>4, 12) + encode(high&15<<1|low>>63, 1) + encode(low<<1>>4, 12) + encode(low<<2&31, 1)
}

// Fragment gives what stands behind the # of a badge's address.
func (k Key) Fragment(n int) (string, error) {
	code, err := k.Issue(n)
	return "b=" + code.String() + "&k=" + k.CallKey(n).String(), err
}
