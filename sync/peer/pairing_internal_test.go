package peer

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// What other versions have to work out the same, as Python's hashlib and hmac gave it:
// keys 00…1f and 20…3f, nonces of a0 and b0, secret 00…0f.
func TestPairingVectors(t *testing.T) {
	var bits [64]byte
	for i := range bits {
		bits[i] = byte(i)
	}
	joiner, host, secret := bits[:32], bits[32:], Secret(bits[:16])
	joinerNonce, hostNonce := bytes.Repeat([]byte{0xa0}, 32), bytes.Repeat([]byte{0xb0}, 32)
	small := make([]byte, 32)
	small[30], small[31] = 2717>>8, 2717&255
	for name, c := range map[string]struct{ got, want string }{
		"commitment":          {hex.EncodeToString(commitment(joinerNonce, joiner, host)), "e52208bd41ff42e7398110a6ea71913f9b20a3ce3b0edb701d9b9a18bbd07594"},
		"digits":              {digitsOf(joinerNonce, hostNonce, joiner, host), "722 742"},
		"digits with noughts": {digitsOf(small, hostNonce, joiner, host), "000 020"},
		"proof":               {hex.EncodeToString(proofOf(secret, joiner, host, hostNonce)), "840e73a12fee2aecb50285b58c29164b984bd190dc7177067c200e4575c48cec"},
		"device":              {string(DeviceOf(joiner)), "122d16b74e00e9d9b0dd84a381ca73e3"},
		"control":             {Link{Key: joiner, Secret: secret, Session: "e0000000"}.control(), "4dY6"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", name, c.got, c.want)
		}
	}
}
