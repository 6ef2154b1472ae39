package picture_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var numeral = regexp.MustCompile(` ?-?(\d+\.?\d*|\.\d+)`)

// nearlyEqual says whether two texts are the same but for the last digit of their numbers,
// which processors round differently.
func nearlyEqual(a, b string) bool {
	if numeral.ReplaceAllString(a, "#") != numeral.ReplaceAllString(b, "#") {
		return a == b
	}
	x, y := numeral.FindAllString(a, -1), numeral.FindAllString(b, -1)
	for i := range x {
		p, _ := strconv.ParseFloat(strings.TrimSpace(x[i]), 64)
		q, _ := strconv.ParseFloat(strings.TrimSpace(y[i]), 64)
		if math.Abs(p-q) > 0.021 {
			return false
		}
	}
	return true
}
