package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// fake is a part whose steps take a time and may fail; it remembers what it was asked.
type fake struct {
	name  string
	steps int
	chunk int
	takes time.Duration
	fails map[int]bool
	tried []int
	shut  int
}

func (f *fake) part() Part {
	return Part{Name: f.name, What: "a test's", Short: f.steps, Release: 2 * f.steps, Chunk: f.chunk,
		Run: func(ctx context.Context, from, to int, note func(string, float64)) error {
			for step := from; step < to; step++ {
				timer := time.NewTimer(f.takes)
				select {
				case <-timer.C:
				case <-ctx.Done():
					return ctx.Err()
				}
				f.tried = append(f.tried, step)
				if f.fails[step] {
					return At(step, fmt.Errorf("step %d is bad", step))
				}
				note("seconds", f.takes.Seconds())
			}
			return nil
		},
		Close: func() error { f.shut++; return nil },
	}
}

func listed(fakes ...*fake) func(*workshop) ([]Part, error) {
	return func(*workshop) ([]Part, error) {
		var parts []Part
		for _, f := range fakes {
			parts = append(parts, f.part())
		}
		return parts, nil
	}
}

// tortured runs torture under a pretend clock and gives status and output.
func tortured(t *testing.T, ctx context.Context, o options, fakes ...*fake) (int, string) {
	t.Helper()
	var out bytes.Buffer
	status, err := torture(ctx, o, listed(fakes...), &out)
	if err != nil {
		t.Fatal(err)
	}
	return status, out.String()
}

func steps(from, to int) []int {
	var all []int
	for step := from; step < to; step++ {
		all = append(all, step)
	}
	return all
}

// A run goes on where the last one stopped, and the time is shared.
func TestRunsGoOn(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		slow, quick := &fake{name: "slow", steps: 10, takes: 10 * time.Second}, &fake{name: "quick", steps: 1000, chunk: 10, takes: time.Second}
		o := options{out: dir, budget: time.Minute + time.Second/2, step: -1}
		status, said := tortured(t, context.Background(), o, slow, quick)
		if status != 0 {
			t.Errorf("status %d:\n%s", status, said)
		}
		if !reflect.DeepEqual(slow.tried, steps(0, 3)) || !reflect.DeepEqual(quick.tried, steps(0, 30)) {
			t.Errorf("a minute gave slow %v and quick %v; half of it belongs to each", slow.tried, quick.tried)
		}
		if !strings.Contains(said, "Nothing failed so far") || !strings.Contains(said, "not finished: 2") {
			t.Errorf("report:\n%s", said)
		}
		slow.tried, quick.tried = nil, nil
		o.budget = time.Hour
		status, said = tortured(t, context.Background(), o, slow, quick)
		if status != 0 || !reflect.DeepEqual(slow.tried, steps(3, 10)) || !reflect.DeepEqual(quick.tried, steps(30, 1000)) {
			t.Errorf("status %d, the second run tried slow %v and quick %d times", status, slow.tried, len(quick.tried))
		}
		if !strings.Contains(said, "All is done and nothing failed") || !strings.Contains(said, "| slow | a test's | 10 | 10 | 0 | 1m40s |") ||
			!strings.Contains(said, "| seconds | 10 | 10 | 10 | 10 |") {
			t.Errorf("report:\n%s", said)
		}
		o.release = true
		tortured(t, context.Background(), o, slow)
		if got := slow.tried[7:]; !reflect.DeepEqual(got, steps(10, 20)) {
			t.Errorf("the release run tried %v after the short one", got)
		}
		if slow.shut != 3 {
			t.Errorf("closed %d times in 3 runs", slow.shut)
		}
		o.fresh, o.release, slow.tried = true, false, nil
		tortured(t, context.Background(), o, slow)
		if !reflect.DeepEqual(slow.tried, steps(0, 10)) {
			t.Errorf("a fresh run tried %v", slow.tried)
		}
	})
	raw, err := os.ReadFile(filepath.Join(dir, "report.md"))
	if err != nil || !strings.HasPrefix(string(raw), "# Torture: short run") {
		t.Errorf("report.md: %v\n%s", err, raw)
	}
}

// A step that the end of the time cut off is tried again; so is one that an interrupt did.
func TestWhatWasCutOffDoesNotCount(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit func(o *options) (context.Context, context.CancelFunc)
	}{
		{"the time is over", func(o *options) (context.Context, context.CancelFunc) {
			o.budget = 25 * time.Second
			return context.WithCancel(context.Background())
		}},
		{"an interrupt", func(*options) (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 25*time.Second)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				f := &fake{name: "one", steps: 4, chunk: 2, takes: 10 * time.Second}
				o := options{out: dir, budget: time.Hour, step: -1}
				ctx, stop := c.limit(&o)
				defer stop()
				tortured(t, ctx, o, f)
				f.tried, o.budget = nil, time.Hour
				tortured(t, context.Background(), o, f)
				if !reflect.DeepEqual(f.tried, steps(2, 4)) {
					t.Errorf("the next run tried %v, want 2 and 3", f.tried)
				}
			})
		})
	}
}

// A failure is told with its seed, does not stop the rest, and goes once its step is well.
func TestFailures(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{name: "one", steps: 9, chunk: 3, takes: time.Second, fails: map[int]bool{4: true}}
		o := options{out: dir, budget: time.Hour, step: -1}
		status, said := tortured(t, context.Background(), o, f)
		if status != 1 || !reflect.DeepEqual(f.tried, steps(0, 9)) {
			t.Errorf("status %d, tried %v", status, f.tried)
		}
		for _, want := range []string{"FAILED  one, step and seed 4: step 4 is bad", "make torture ONLY=one STEP=4", "**1 steps failed**", "| one | a test's | 9 | 9 | 1 |"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not said:\n%s", want, said)
			}
		}
		if status, _ = tortured(t, context.Background(), o, f); status != 1 {
			t.Error("a failure was forgotten by the next run")
		}
		f.fails, f.tried = nil, nil
		again := o
		again.only, again.step = []string{"one"}, 4
		if status, said = tortured(t, context.Background(), again, f); status != 0 || !reflect.DeepEqual(f.tried, []int{4}) {
			t.Errorf("status %d, tried %v:\n%s", status, f.tried, said)
		}
	})
}

// A part that only fails is left alone, so that the others get the time.
func TestAPartThatOnlyFails(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		bad := &fake{name: "bad", steps: 100, takes: time.Second, fails: map[int]bool{}}
		for step := range 100 {
			bad.fails[step] = true
		}
		good := &fake{name: "good", steps: 100, takes: time.Second}
		status, _ := tortured(t, context.Background(), options{out: dir, budget: time.Hour, step: -1}, bad, good)
		if status != 1 || len(bad.tried) != tooMany || len(good.tried) != 100 {
			t.Errorf("status %d, bad tried %d times, good %d", status, len(bad.tried), len(good.tried))
		}
	})
}

// What cannot be tried is said, and nothing is run.
func TestWrongCalls(t *testing.T) {
	f, g := &fake{name: "one", steps: 1}, &fake{name: "two", steps: 1}
	for name, o := range map[string]options{
		`no part "three"`: {only: []string{"three"}, step: -1},
		"of one part":     {step: 3},
	} {
		o.out = t.TempDir()
		_, err := torture(context.Background(), o, listed(f, g), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := torture(context.Background(), options{out: dir, step: -1}, listed(f), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "FRESH=1") {
		t.Errorf("a state that cannot be read: %v", err)
	}
	if len(f.tried)+len(g.tried) > 0 {
		t.Error("something was tried nonetheless")
	}
	if _, err := fuzzTargets(t.TempDir()); err == nil {
		t.Error("no fuzz test is no mistake")
	}
}

// Every part of the list can be told from the others and has something to do.
func TestParts(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	all, err := parts(&workshop{})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, p := range all {
		if p.Name == "" || p.What == "" || p.Short < 1 || p.Release < p.Short || p.Run == nil || names[p.Name] || strings.ContainsAny(p.Name, " ,|") || strings.Contains(p.What, "|") {
			t.Errorf("part %+v", p)
		}
		names[p.Name] = true
	}
	if !names["kill"] || !names["load"] || !names["flood"] || !names["fuzz"] {
		t.Errorf("parts: %v", names)
	}
}

func TestAt(t *testing.T) {
	if At(3, nil) != nil {
		t.Error("no failure became one")
	}
	if got := failedAt(fmt.Errorf("wrapped: %w", At(3, errors.New("x"))), 1, 5); got != 3 {
		t.Errorf("blamed %d, want 3", got)
	}
	if got := failedAt(At(9, errors.New("x")), 1, 5); got != 1 {
		t.Errorf("a step outside: blamed %d, want the first", got)
	}
}
