package storm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"folkmoot/sync/faultproxy"
)

// weather makes the network bad.
type weather struct {
	sea *Sea
	mu  sync.Mutex
	sum map[faultproxy.Fault]*Sum
	all int
}

// blow breaks and heals the network between each two, until every pair has had its
// rounds and the pages, whose faults end earlier, have sent what waited.
func (w *weather) blow(ctx context.Context, rounds int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := func(err error) {
		if err != nil {
			cancel(err)
		}
	}
	var pages, pairs sync.WaitGroup
	drained := make(chan struct{})
	for i, page := range w.sea.Pages {
		pages.Go(func() {
			networks := w.sea.PagePairs[i]
			pick := func() *faultproxy.Pair { return networks[w.sea.hubOf(page)] }
			stop(w.rounds(ctx, uint64(100+i), pick, func(round int) bool { return round < rounds }))
			page.Hush()
			stop(w.sea.drained(ctx, page))
		})
	}
	go func() { pages.Wait(); close(drained) }()
	for i, pair := range w.sea.Pairs {
		pairs.Go(func() {
			stop(w.rounds(ctx, uint64(i), func() *faultproxy.Pair { return pair }, func(round int) bool {
				select {
				case <-drained:
					return round < rounds
				default:
					return true
				}
			}))
		})
	}
	pairs.Wait()
	pages.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return w.darken(ctx)
}

// darken lets the network between all devices be a black hole at the same time: the
// worst that they have to come back from.
func (w *weather) darken(ctx context.Context) error {
	var all sync.WaitGroup
	errs := make([]error, len(w.sea.Pairs))
	for i, pair := range w.sea.Pairs {
		all.Go(func() { errs[i] = pair.Strike(ctx, faultproxy.BlackHole) })
	}
	all.Wait()
	pause(ctx, longest)
	for _, pair := range w.sea.Pairs {
		w.note(pair.Name(), pair.Heal())
	}
	return errors.Join(append(errs, ctx.Err())...)
}

// rounds lets every fault strike once a round, in an order of its own.
func (w *weather) rounds(ctx context.Context, number uint64, pick func() *faultproxy.Pair, more func(round int) bool) error {
	random := rand.New(rand.NewPCG(w.sea.Spec.Seed, number))
	for round := 0; more(round); round++ {
		faults := faultproxy.Faults()
		random.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
		for _, fault := range faults {
			calm, bad := between(random), between(random)
			if !pause(ctx, calm) {
				return ctx.Err()
			}
			if err := w.strike(ctx, fault, bad, pick); err != nil {
				return err
			}
		}
	}
	return nil
}

// strike lets a fault strike for a while; once more where it waited for a page that has
// gone to another hub meanwhile.
func (w *weather) strike(ctx context.Context, fault faultproxy.Fault, bad time.Duration, pick func() *faultproxy.Pair) error {
	for {
		pair := pick()
		if err := pair.Strike(ctx, fault); err != nil {
			return err
		}
		whole := pause(ctx, bad)
		hit := pair.Heal()
		if hit.InTransit || pair == pick() {
			w.note(pair.Name(), hit)
			return ctx.Err()
		}
		if !whole {
			return ctx.Err()
		}
	}
}

func between(random *rand.Rand) time.Duration {
	return shortest + time.Duration(random.Int64N(int64(longest-shortest)))
}

func (w *weather) note(pair string, h faultproxy.Hit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sum[h.Fault] == nil {
		w.sum[h.Fault] = &Sum{}
	}
	w.sum[h.Fault].add(pair, h)
	w.all++
}

// missed says which faults met nothing that was on its way.
func (w *weather) missed() error {
	var wrong []error
	for _, fault := range faultproxy.Faults() {
		sum := w.sum[fault]
		switch {
		case sum == nil:
			wrong = append(wrong, fmt.Errorf("%s never struck", fault))
		case len(sum.Missed) > 0:
			wrong = append(wrong, fmt.Errorf("%s met no frame on its way in %d of %d strikes: %v", fault, len(sum.Missed), sum.Strikes, sum.Missed))
		case sum.Touched < sum.Strikes, fault == faultproxy.Reset && sum.Inside < sum.Strikes:
			wrong = append(wrong, fmt.Errorf("%s struck and did nothing: %+v", fault, *sum))
		}
	}
	return errors.Join(wrong...)
}
