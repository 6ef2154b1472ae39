package seating_test

import (
	"fmt"
	"testing"

	"folkmoot/analysis/seating"
)

// Drawing lots for 12 people at three tables of 4: everybody is at every table a
// third of the time, and meets everybody else 3 times in 11. With 3,000 seeds χ² of
// 24 independent cells has mean 24 and is above 51.2 once in a thousand; the 66 pairs
// likewise are above 107 once in a thousand (their cells are close to independent).
func TestRandomIsUniform(t *testing.T) {
	const seeds = 3000
	at := map[string]int{}
	met := map[string]int{}
	for seed := range uint64(seeds) {
		plan := mustMake(t, plain(12), seating.Options{Mode: seating.Random, Tables: 3, MaxSeats: 4, Seed: seed})
		for _, table := range plan.Rounds[0].Tables {
			for k, p := range table.Seats {
				at[fmt.Sprint(p, table.Number)]++
				for _, q := range table.Seats[:k] {
					met[fmt.Sprint(p, q)]++
				}
			}
		}
	}
	if x := chiSquare(at, seeds/3.0); len(at) != 36 || x > 51.2 {
		t.Errorf("tables: χ² = %.1f over %d cells", x, len(at))
	}
	if x := chiSquare(met, seeds*3.0/11); len(met) != 66 || x > 107 {
		t.Errorf("pairs: χ² = %.1f over %d cells", x, len(met))
	}
}

func chiSquare(cells map[string]int, expected float64) float64 {
	sum := 0.0
	for _, n := range cells {
		sum += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	return sum
}

// On average over lots every unevenness is 1, whatever the sizes.
func TestLotsHaveUnevennessOne(t *testing.T) {
	roster := madeRoster(30, 6)
	mean := map[string]float64{}
	const seeds = 2000
	for seed := range uint64(seeds) {
		plan := mustMake(t, roster, seating.Options{Mode: seating.Random, Tables: 4, Seed: seed})
		for field, u := range plan.Measure.Unevenness {
			mean[field] += u / seeds
		}
	}
	for field, u := range mean {
		if u < 0.95 || u > 1.05 {
			t.Errorf("%s: mean unevenness %.3f", field, u)
		}
	}
}
