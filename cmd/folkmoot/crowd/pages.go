package crowd

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Enter lets phones join, as fast as the hub takes them.
func Enter(ctx context.Context, phones []*Phone) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	gate := make(chan struct{}, 50) // more at once only wait for each other
	for _, p := range phones {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			if err := p.JoinPatiently(ctx, "en"); err != nil {
				stop(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// Pages is pages that are open and hold their streams. See Open.
type Pages struct {
	stop    context.CancelFunc
	holding sync.WaitGroup
	mu      sync.Mutex
	lost    []error
}

// Open opens the page on each phone and waits until all show something. Error: some
// could not be opened; the others are.
func Open(ctx context.Context, phones []*Phone) (*Pages, error) {
	ctx, stop := context.WithCancel(ctx)
	pages := &Pages{stop: stop}
	var opening sync.WaitGroup
	for _, p := range phones {
		opening.Add(1)
		pages.holding.Go(func() {
			opened := sync.OnceFunc(opening.Done)
			defer opened()
			if err := p.Hold(ctx, opened); err != nil {
				pages.mu.Lock()
				defer pages.mu.Unlock()
				pages.lost = append(pages.lost, err)
			}
		})
	}
	opening.Wait()
	return pages, errors.Join(ctx.Err(), pages.Err())
}

// Lost says how many pages lost their hub.
func (p *Pages) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lost)
}

// Err says how many pages lost their hub, and why the first did; nil for none.
func (p *Pages) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lost) == 0 {
		return nil
	}
	return fmt.Errorf("%d open pages lost the hub; the first: %w", len(p.lost), p.lost[0])
}

// Close shuts the pages.
func (p *Pages) Close() {
	p.stop()
	p.holding.Wait()
}
