package replica

import (
	"context"
	"sync"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// ask is a call on its way through writer and committer: items, or an act of another
// kind, which has a batch to itself.
type ask struct {
	items    []moot.Item
	tokens   []oplog.Token
	outcomes []moot.Outcome
	act      func(w *writer, b *batch) error
	done     chan struct{}

	mu   sync.Mutex
	err  error
	left int // items that are neither committed nor failed
}

// ask waits until an ask is settled.
func (r *Replica) ask(ctx context.Context, a *ask) ([]moot.Outcome, error) {
	a.done = make(chan struct{})
	select {
	case r.asks <- a:
	case <-r.stop:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-a.done:
	case <-r.ended:
		// It may have come into the queue after the writer's last look.
		if outcomes, err := a.result(); err != nil || a.settled() {
			return outcomes, err
		}
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return a.result()
}

// settle notes that count items of the ask are done with, well or not.
func (a *ask) settle(err error, count int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.err = err
	}
	if a.left -= count; a.left == 0 {
		close(a.done)
	}
}

// abandon settles what is left of an ask.
func (a *ask) abandon(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.err = err
	}
	if a.left > 0 {
		a.left = 0
		close(a.done)
	}
}

func (a *ask) result() ([]moot.Outcome, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.outcomes, a.err
}

func (a *ask) settled() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.left == 0
}
