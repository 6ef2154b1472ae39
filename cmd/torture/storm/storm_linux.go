package storm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"folkmoot/sync/faultproxy"
)

const (
	// foundWithin is how soon devices have to find each other, sameWithin how soon after
	// the last healing they have to hold the same.
	foundWithin = 3 * time.Second
	sameWithin  = 10 * time.Second
	// drainWithin is how soon pages have to have sent what waits: a page whose stream has
	// died notices after 25 s, and a call gives up after 10 s.
	drainWithin = 60 * time.Second
	// A fault lasts so long, and so does the calm before the next.
	shortest, longest = 200 * time.Millisecond, time.Second
)

// Outcome is what a storm did.
type Outcome struct {
	Rounds, Strikes int
	// Votes were acknowledged, by Devices devices; Entries is how many the record has.
	Votes, Devices, Entries int
	// Found is after what time the last device had found the last other one, Same after
	// what time after the last healing all held the same.
	Found, Same time.Duration
	// Faults is what each fault did.
	Faults map[faultproxy.Fault]*Sum
	// Moves and Rejoined are what pages did.
	Moves, Rejoined int
	// Lasted is how long the network was bad.
	Lasted time.Duration
}

// Sum is what a fault did over a storm.
type Sum struct {
	Strikes, InTransit, Waiting, Bytes, Touched, Lost, Resets, Inside int
	// Missed are pairs at which nothing was on its way.
	Missed []string
}

func (s *Sum) add(pair string, h faultproxy.Hit) {
	s.Strikes++
	if h.InTransit {
		s.InTransit++
	} else {
		s.Missed = append(s.Missed, pair)
	}
	s.Waiting, s.Bytes = s.Waiting+h.Waiting, s.Bytes+h.Bytes
	s.Touched, s.Lost, s.Resets, s.Inside = s.Touched+h.Touched, s.Lost+h.Lost, s.Resets+h.Resets, s.Inside+h.Inside
}

// Storm lets everybody vote while the network between each two is broken by every fault
// in each round, and healed again; then all have to hold the same soon. The devices end
// with it. Error: all that does not hold.
func (s *Sea) Storm(ctx context.Context, rounds int) (*Outcome, error) {
	out := &Outcome{Rounds: rounds}
	if err := s.Start(); err != nil {
		return out, err
	}
	var err error
	if out.Found, err = s.Meet(ctx); err != nil {
		return out, err
	}
	pages := s.open(ctx)
	defer pages.close()
	for _, d := range s.Tablets {
		if err := d.Vote(); err != nil {
			return out, err
		}
	}
	w := &weather{sea: s, sum: map[faultproxy.Fault]*Sum{}}
	began := time.Now()
	if err := w.blow(ctx, rounds); err != nil {
		return out, err
	}
	healed := time.Now()
	err = s.settle(ctx, healed, pages, out)
	out.Faults, out.Strikes, out.Lasted = w.sum, w.all, healed.Sub(began)
	out.Votes, out.Devices = s.Ledger.Saved()
	var wrong error
	out.Entries, wrong = s.Judge()
	return out, errors.Join(err, wrong, w.missed())
}

// settle lets nobody vote any more, waits until all hold the same, and ends them.
func (s *Sea) settle(ctx context.Context, healed time.Time, pages *opened, out *Outcome) error {
	for _, d := range s.Tablets {
		if err := d.Hush(); err != nil {
			return err
		}
	}
	_, late := s.Same(ctx, drainWithin)
	out.Same = time.Since(healed)
	if late == nil && out.Same > sameWithin {
		late = fmt.Errorf("all held the same %v after the last healing, to be within %v", out.Same.Round(time.Millisecond), sameWithin)
	}
	pages.close()
	for _, p := range s.Pages {
		moves, rejoined := p.Moved()
		out.Moves, out.Rejoined = out.Moves+moves, out.Rejoined+rejoined
	}
	return errors.Join(late, s.Stop())
}

// Meet waits until all devices have found each other and hold the session, and gives
// after what time the last had found the last. Error: that it took too long.
func (s *Sea) Meet(ctx context.Context) (time.Duration, error) {
	limit := time.Now().Add(2 * sameWithin)
	for {
		found, missing := s.found()
		if missing == "" {
			if found > foundWithin {
				return found, fmt.Errorf("the last device was found after %v, to be within %v", found, foundWithin)
			}
			_, err := s.Same(ctx, sameWithin)
			return found, err
		}
		if time.Now().After(limit) {
			return found, errors.New(missing)
		}
		if !pause(ctx, 20*time.Millisecond) {
			return found, ctx.Err()
		}
	}
}

// found gives the longest time between the moment at which two devices were both there
// and the one at which one had found the other; missing is somebody not found.
func (s *Sea) found() (longest time.Duration, missing string) {
	devices := s.Devices()
	for i, d := range s.All() {
		for j, other := range s.All() {
			if !meet(devices[i], devices[j]) {
				continue
			}
			at, ok := d.Found(other.Name())
			if !ok {
				missing = d.Name() + " has not found " + other.Name()
			}
			if both := later(d.Began(), other.Began()); ok && at.Sub(both) > longest {
				longest = at.Sub(both)
			}
		}
	}
	return longest, missing
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// hubOf gives the number of the hub at which a page is.
func (s *Sea) hubOf(p *Page) int {
	for i, d := range s.Hubs {
		if p.Base() == "http://"+webAddress(d) {
			return i
		}
	}
	return 0
}

// drained waits until a page has sent what waits.
func (s *Sea) drained(ctx context.Context, p *Page) error {
	limit := time.Now().Add(drainWithin)
	for p.Waiting() > 0 {
		if time.Now().After(limit) {
			return fmt.Errorf("%s still has %d votes in its outbox after %v", p.name, p.Waiting(), drainWithin)
		}
		if !pause(ctx, 20*time.Millisecond) {
			return ctx.Err()
		}
	}
	return nil
}

// opened is pages that run.
type opened struct {
	stop context.CancelFunc
	all  sync.WaitGroup
}

// open lets all pages run.
func (s *Sea) open(ctx context.Context) *opened {
	ctx, stop := context.WithCancel(ctx)
	o := &opened{stop: stop}
	for _, p := range s.Pages {
		o.all.Go(func() { p.Run(ctx, s.Spec.PagePace) })
	}
	return o
}

func (o *opened) close() {
	o.stop()
	o.all.Wait()
}
