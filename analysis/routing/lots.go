package routing

import "math"

// lots draws numbers that depend on the given ones alone.
type lots uint64

// with gives the lots of one more number, by the finaliser of SplitMix64 (Steele, Lea
// and Flood, Fast splittable pseudorandom number generators, 2014).
func (l lots) with(n uint64) lots {
	z := uint64(l) + 0x9e3779b97f4a7c15 + n*0xd1342543de82ef95
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return lots(z ^ z>>31)
}

// uniform gives a number between 0 and 1, neither of them.
func (l lots) uniform() float64 { return (float64(l>>11) + 0.5) / (1 << 53) }

// drawn gives −ln u / weight, of which the smallest comes first; +Inf for what has no
// weight.
func (l lots) drawn(weight float64) float64 {
	if !(weight > 0) {
		return math.Inf(1)
	}
	return -math.Log(l.uniform()) / weight
}
