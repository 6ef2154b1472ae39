package seating

import (
	"math/bits"
	"math/rand/v2"
)

// lots draws numbers that depend on the seed alone, on every machine.
type lots struct{ source *rand.PCG }

func newLots(seed, stream uint64) lots { return lots{rand.NewPCG(seed, stream)} }

// below gives a number from 0 to n−1; n must be positive. The bias of taking the
// high half of a product is under n/2⁶⁴.
func (l lots) below(n int) int {
	high, _ := bits.Mul64(l.source.Uint64(), uint64(n))
	return int(high)
}

// shuffle is the shuffle of Fisher and Yates.
func (l lots) shuffle(items []int) {
	for i := len(items) - 1; i > 0; i-- {
		j := l.below(i + 1)
		items[i], items[j] = items[j], items[i]
	}
}

// logarithms holds −ln((k+½)/1024) · 2¹⁶ for k = 0 … 1023: the rule of Metropolis,
// accept when Δ ≤ −T ln u, without a float.
var logarithms = func() (table [1024]int64) {
	for k := range table {
		table[k] = negativeLog(uint64(2*k + 1))
	}
	return table
}()

// negativeLog is −ln(x/2048) · 2¹⁶ for 0 < x < 2048. The binary digits of the
// logarithm come one by one from repeated squaring (Knuth, The Art of Computer
// Programming, 1.2.2, exercise 25 and its relatives), so that no processor's
// logarithm decides a plan.
func negativeLog(x uint64) int64 {
	const ln2 = 45426 // ln 2 · 2¹⁶
	whole := int64(bits.Len64(x) - 1)
	y := x << (31 - uint(whole)) // in [2³¹, 2³²), meaning [1, 2)
	digits := whole - 11         // log₂(x/2048), rounded down
	for range 16 {
		digits *= 2
		y = y * y >> 31
		if y >= 1<<32 {
			y >>= 1
			digits++
		}
	}
	return -digits * ln2 >> 16
}
