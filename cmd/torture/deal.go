package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// tooMany is after how many failures a part is left alone for this run.
const tooMany = 5

// quiet is how far apart progress lines are at the least.
const quiet = 5 * time.Second

// dealer shares the time among the parts.
type dealer struct {
	options options
	parts   []Part
	state   *state
	path    string // of the state
	out     io.Writer
	now     func() time.Time
	build   string

	end   time.Time
	spent map[string]time.Duration // in this run
	left  map[string]bool          // parts that get nothing more in this run
	said  time.Time
	wrong map[string]int
}

// run tries steps until all are done, the time is over or ctx ends; none of these is an
// error.
func (d *dealer) run(ctx context.Context) (err error) {
	d.end = d.now().Add(d.options.budget)
	d.spent, d.left, d.wrong = map[string]time.Duration{}, map[string]bool{}, map[string]int{}
	defer func() {
		for _, p := range d.parts {
			if p.Close != nil && d.spent[p.Name] > 0 {
				err = errors.Join(err, p.Close())
			}
		}
	}()
	limited, stop := context.WithDeadline(ctx, d.end)
	defer stop()
	if step := d.options.step; step >= 0 {
		return d.try(limited, d.parts[0], step, step+1)
	}
	for limited.Err() == nil {
		p, ok := d.next()
		if !ok {
			break
		}
		from := d.state.of(p).Done
		count := d.affordable(p)
		if count == 0 {
			d.left[p.Name] = true
			continue
		}
		if err := d.try(limited, p, from, from+count); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		fmt.Fprintln(d.out, "Interrupted. The same command goes on from here.")
	}
	return nil
}

// next gives the unfinished part that had the least time in this run.
func (d *dealer) next() (Part, bool) {
	best, found := Part{}, false
	for _, p := range d.parts {
		if d.left[p.Name] || d.state.of(p).Done >= p.steps(d.options.release) {
			continue
		}
		if !found || d.spent[p.Name] < d.spent[best.Name] {
			best, found = p, true
		}
	}
	return best, found
}

// affordable says how many steps of a part to try next: a chunk, or as many as fit into
// what is left of the time, going by what a step took so far.
func (d *dealer) affordable(p Part) int {
	done := d.state.of(p)
	count := min(max(1, p.Chunk), p.steps(d.options.release)-done.Done)
	if done.Done == 0 || done.Seconds == 0 {
		return count
	}
	fits := d.end.Sub(d.now()).Seconds() / (done.Seconds / float64(done.Done))
	return int(min(float64(count), fits))
}

// try runs some steps and keeps what came of them. What ctx ended does not count. The
// error is of the state that cannot be kept.
func (d *dealer) try(ctx context.Context, p Part, from, to int) error {
	noted := map[string]*figure{}
	note := func(key string, value float64) {
		if noted[key] == nil {
			noted[key] = &figure{}
		}
		noted[key].add(value)
	}
	start := d.now()
	err := p.Run(ctx, from, to, note)
	took := d.now().Sub(start)
	d.spent[p.Name] += took
	if ctx.Err() != nil {
		return nil
	}
	var failed *failure
	if err != nil {
		failed = &failure{Step: failedAt(err, from, to), Why: err.Error(), Build: d.build}
		d.fail(p, *failed)
	}
	done := d.state.of(p)
	seconds := took.Seconds()
	if d.options.step >= 0 {
		seconds = 0 // it was done before, or comes again
	}
	done.settle(from, to, failed, noted, seconds, d.build)
	if d.options.step < 0 {
		done.Done = to
		if failed != nil {
			done.Done = failed.Step + 1
		}
	}
	d.say(p)
	return d.state.save(d.path)
}

// fail says at once what went wrong and how to have just that again.
func (d *dealer) fail(p Part, f failure) {
	fmt.Fprintf(d.out, "FAILED  %s, step and seed %d: %s\n        again: %s\n", p.Name, f.Step, strings.TrimSpace(f.Why), again(p, f.Step))
	if d.wrong[p.Name]++; d.wrong[p.Name] >= tooMany {
		d.left[p.Name] = true
		fmt.Fprintf(d.out, "        %s has failed %d times and is left alone for now\n", p.Name, tooMany)
	}
}

func again(p Part, step int) string {
	return fmt.Sprintf("make torture ONLY=%s STEP=%d", p.Name, step)
}

// say shows how far a part is, now and then and when it is done.
func (d *dealer) say(p Part) {
	done, wanted := d.state.of(p), p.steps(d.options.release)
	if d.now().Sub(d.said) < quiet && done.Done < wanted {
		return
	}
	d.said = d.now()
	fmt.Fprintf(d.out, "%s left  %-10s %d of %d, %d failed\n", max(0, d.end.Sub(d.now())).Round(time.Second), p.Name, done.Done, wanted, len(done.Failures))
}
