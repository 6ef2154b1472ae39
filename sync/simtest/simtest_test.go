package simtest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"folkmoot/sync/simtest"
)

var (
	from  = flag.Uint64("seed", 0, "first seed of TestSchedules")
	count = flag.Uint64("schedules", 2000, "number of schedules of TestSchedules")
)

// I4, I5, I6, I7, I9, I14: a taste of the simulation, on every processor.
func TestSchedules(t *testing.T) {
	n := *count
	if testing.Short() {
		n = min(n, 200)
	}
	var next atomic.Uint64
	next.Store(*from)
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for seed := next.Add(1) - 1; seed < *from+n && !t.Failed(); seed = next.Add(1) - 1 {
				if err := simtest.Schedule(seed); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}

// One seed gives one world, to the last byte.
func TestSameSeedSameWorld(t *testing.T) {
	for seed := range uint64(20) {
		events := simtest.Generate(seed)
		back, err := simtest.Parse(simtest.Text(events))
		if err != nil || !reflect.DeepEqual(back, events) {
			t.Fatalf("seed %d: a schedule is read otherwise than it was written: %v", seed, err)
		}
		one, err1 := simtest.Outcome(seed, events)
		other, err2 := simtest.Outcome(seed, events)
		if one != other || err1 != nil || err2 != nil || one == "" {
			t.Errorf("seed %d: two runs end differently (%v, %v)", seed, err1, err2)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"dance 1 2 #3", "tap person 1", "meet 1 and 2"} {
		if _, err := simtest.Parse(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// The schedules under testdata failed once, or tell what tablets are good for. Those say
// what must come out.
func TestScripted(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no schedules", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var seed uint64
			if _, err := fmt.Sscanf(string(text), "// seed %d", &seed); err != nil {
				t.Fatalf("the first line is not // seed and a number: %v", err)
			}
			events, err := simtest.Parse(string(text))
			outcome := ""
			if err == nil {
				outcome, err = simtest.Outcome(seed, events)
			}
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				want, ok := strings.CutPrefix(strings.TrimSpace(line), "// Every node counts ")
				if ok && strings.Count(outcome, ": "+want+"\n") != strings.Count(outcome, "\n") {
					t.Errorf("want everywhere %q:\n%s", want, outcome)
				}
			}
		})
	}
}
