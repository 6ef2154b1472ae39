package report

import (
	"math"
	"strconv"
)

// Figure is a number as the JSON documents write it: with six significant digits, and
// 0 for what is nothing but rounding.
type Figure float64

// noise is the size below which a figure is rounding only: positions, shares and
// weights are of the order of 1.
const noise = 1e-9

// MarshalJSON writes the number. What is no number is written as 0.
func (f Figure) MarshalJSON() ([]byte, error) {
	x := float64(f)
	if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) < noise {
		return []byte("0"), nil
	}
	return strconv.AppendFloat(nil, x, 'g', 6, 64), nil
}
