package badge

import (
	"errors"
	"strings"
)

// MaxNumber is the largest number of a badge; the smallest is 1.
const MaxNumber = 1<<15 - 1

// Bits of a code: a number and a sum, five to a character.
const (
	sumBits  = 35
	codeSize = (15 + sumBits) / 5
)

// ErrCode is a text that is no code of a badge.
var ErrCode = errors.New("a badge has ten letters and digits")

// alphabet is Crockford's: no I, L, O and U, which are misread or spell words.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Code is what a badge says: a number and the sum that proves it. The zero Code is
// no badge.
type Code struct {
	// Number is 1 to MaxNumber.
	Number int
	sum    uint64 // 35 bits
}

// String gives the ten characters, without blanks.
func (c Code) String() string { return encode(uint64(c.Number)<<sumBits|c.sum, codeSize) }

// Print gives the ten characters in two groups of five, as they stand on paper.
func (c Code) Print() string { s := c.String(); return s[:5] + " " + s[5:] }

// Parse reads the ten characters of a badge as people type them: in either case, full
// width, with blanks and hyphens, i or l for 1 and o for 0. It does not say whether
// the badge is genuine. Error: ErrCode.
func Parse(text string) (Code, error) {
	var bits uint64
	count := 0
	for _, r := range text {
		if skipped(r) {
			continue
		}
		value := valueOf(r)
		if value < 0 || count == codeSize {
			return Code{}, ErrCode
		}
		bits, count = bits<<5|uint64(value), count+1
	}
	c := Code{Number: int(bits >> sumBits), sum: bits & (1<<sumBits - 1)}
	if count < codeSize || c.Number == 0 {
		return Code{}, ErrCode
	}
	return c, nil
}

// skipped says whether a character only stands between others: blanks, also the wide
// one, and what keyboards give for a hyphen.
func skipped(r rune) bool {
	return strings.ContainsRune(" \t\r\n\u00a0\u3000-‐‑–—−－_.・", r)
}

// valueOf gives what a character counts, -1 for one of no badge.
func valueOf(r rune) int {
	if r >= '！' && r <= '～' { // full width, as a Chinese keyboard may write it
		r -= '！' - '!'
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case 'I', 'L':
		r = '1'
	case 'O':
		r = '0'
	}
	return strings.IndexRune(alphabet, r)
}

// encode writes the low 5·size bits, the highest first.
func encode(bits uint64, size int) string {
	out := make([]byte, size)
	for i := size - 1; i >= 0; i-- {
		out[i] = alphabet[bits&31]
		bits >>= 5
	}
	return string(out)
}
