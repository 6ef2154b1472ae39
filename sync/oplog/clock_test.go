package oplog_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/oplog"
)

const wall = 1_790_000_000_000

func TestClockTick(t *testing.T) {
	for _, c := range []struct {
		name       string
		last, want oplog.Time
		wall       uint64
	}{
		{name: "the wall clock is ahead", last: oplog.Time{MS: 5, Counter: 3}, wall: 9, want: oplog.Time{MS: 9}},
		{name: "within a millisecond", last: oplog.Time{MS: 5, Counter: 3}, wall: 5, want: oplog.Time{MS: 5, Counter: 4}},
		{name: "the wall clock was put back", last: oplog.Time{MS: 5, Counter: 3}, wall: 2, want: oplog.Time{MS: 5, Counter: 4}},
		{name: "the counter is full", last: oplog.Time{MS: 5, Counter: math.MaxUint32}, wall: 5, want: oplog.Time{MS: 6}},
	} {
		if got := oplog.NewClock(c.last).Tick(c.wall); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestClockObserve(t *testing.T) {
	for _, c := range []struct {
		name string
		seen oplog.Time
		ok   bool
		last oplog.Time
	}{
		{"an older time changes nothing", oplog.Time{MS: wall - 1}, true, oplog.Time{MS: wall}},
		{"a newer one moves us", oplog.Time{MS: wall, Counter: 1}, true, oplog.Time{MS: wall, Counter: 1}},
		{"ten minutes ahead still does", oplog.Time{MS: wall + oplog.MaxAhead}, true, oplog.Time{MS: wall + oplog.MaxAhead}},
		{"further ahead does not", oplog.Time{MS: wall + oplog.MaxAhead + 1}, false, oplog.Time{MS: wall}},
		{"nor does the end of all time", oplog.Time{MS: math.MaxUint64, Counter: math.MaxUint32}, false, oplog.Time{MS: wall}},
	} {
		clock := oplog.NewClock(oplog.Time{MS: wall})
		if ok := clock.Observe(c.seen, wall); ok != c.ok || clock.Last() != c.last {
			t.Errorf("%s: %t and %v, want %t and %v", c.name, ok, clock.Last(), c.ok, c.last)
		}
	}
	if oplog.NewClock(oplog.Time{}).Observe(oplog.Time{MS: 1}, math.MaxUint64) != true {
		t.Error("the largest wall clock refuses a small time")
	}
}

// Whatever wall clock and peers say: times only grow, lie after all that moved the
// clock, and run ahead of the wall clocks seen so far by no more than MaxAhead.
func TestClockLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := oplog.NewClock(oplog.Time{})
		around := rapid.Uint64Range(wall-24*3_600_000, wall+24*3_600_000)
		counter := rapid.OneOf(rapid.Uint32Range(0, 3), rapid.Uint32Range(math.MaxUint32-3, math.MaxUint32))
		var last oplog.Time
		var highest uint64
		acts := 0
		step := func(now uint64) { highest = max(highest, now); acts++ }
		t.Repeat(map[string]func(*rapid.T){
			"tick": func(t *rapid.T) {
				now := around.Draw(t, "wall")
				step(now)
				got := clock.Tick(now)
				if got.Compare(last) <= 0 {
					t.Fatalf("%v after %v", got, last)
				}
				last = got
			},
			"observe": func(t *rapid.T) {
				now := around.Draw(t, "wall")
				step(now)
				seen := oplog.Time{MS: around.Draw(t, "seen"), Counter: counter.Draw(t, "counter")}
				taken := clock.Observe(seen, now)
				if taken != (seen.MS <= now+oplog.MaxAhead) {
					t.Fatalf("%d ms ahead: taken %t", int64(seen.MS)-int64(now), taken)
				}
				if taken && clock.Last().Compare(seen) < 0 || clock.Last().Compare(last) < 0 {
					t.Fatalf("%v after observing %v", clock.Last(), seen)
				}
				last = clock.Last()
			},
			"": func(t *rapid.T) {
				if limit := highest + oplog.MaxAhead + uint64(acts); clock.Last().MS > limit {
					t.Fatalf("%d, at most %d", clock.Last().MS, limit)
				}
			},
		})
	})
}

func TestTimeCompareIsAnOrder(t *testing.T) {
	times := rapid.Custom(func(t *rapid.T) oplog.Time {
		return oplog.Time{MS: rapid.Uint64Range(0, 3).Draw(t, "ms"), Counter: rapid.Uint32Range(0, 3).Draw(t, "counter")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := times.Draw(t, "a"), times.Draw(t, "b"), times.Draw(t, "c")
		if a.Compare(b) != -b.Compare(a) || (a.Compare(b) == 0) != (a == b) {
			t.Fatal("not antisymmetric")
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatal("not transitive")
		}
	})
}

func ExampleClock() {
	clock := oplog.NewClock(oplog.Time{})
	print := func(t oplog.Time) { fmt.Println(t.MS, t.Counter) }
	print(clock.Tick(1000))
	print(clock.Tick(1000)) // within the same millisecond
	print(clock.Tick(400))  // somebody put the wall clock back
	fmt.Println(clock.Observe(oplog.Time{MS: 5000}, 1001), clock.Observe(oplog.Time{MS: 9_000_000}, 1002))
	print(clock.Tick(1003))
	// Output:
	// 1000 0
	// 1000 1
	// 1000 2
	// true false
	// 5000 1
}
