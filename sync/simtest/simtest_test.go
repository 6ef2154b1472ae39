package simtest_test

import (
	"flag"
	"testing"

	"folkmoot/sync/simtest"
)

var (
	from  = flag.Uint64("seed", 0, "first seed of TestSchedules")
	count = flag.Uint64("schedules", 2000, "number of schedules of TestSchedules")
)

// I4, I5, I6, I7, I9: a taste of the simulation.
func TestSchedules(t *testing.T) {
	n := *count
	if testing.Short() {
		n = min(n, 200)
	}
	for seed := *from; seed < *from+n; seed++ {
		if err := simtest.Schedule(seed); err != nil {
			t.Fatal(err)
		}
	}
}
