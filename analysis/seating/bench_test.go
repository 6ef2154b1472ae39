package seating_test

import (
	"testing"

	"folkmoot/analysis/seating"
)

func BenchmarkMake(b *testing.B) {
	for _, bench := range []struct {
		name   string
		people int
		steps  int
	}{
		{"first plan 80", 80, seating.FirstDescent},
		{"first plan 300", 300, seating.FirstDescent},
		{"final plan 40", 40, 0},
		{"final plan 80", 80, 0},
		{"final plan 300", 300, 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			roster := madeRoster(bench.people, 1)
			o := seating.Options{Steps: bench.steps, Needs: []seating.Need{{Skill: "facilitate", PerTable: 1}}, MinSeats: 6}
			for b.Loop() {
				mustMake(b, roster, o)
			}
		})
	}
}
