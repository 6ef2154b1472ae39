package seating

import (
	"context"
	"slices"
)

// worker searches one problem with lots of its own.
type worker struct {
	ctx context.Context
	*state
	lots  lots
	steps int // changes that may still be looked at
	// best is the best seating seen.
	best seated
	// others is reused by tryExchange.
	others []int
	// clock counts changes of tables: changed[t] is when table t last changed,
	// clean[a·T+b] when descent last found nothing to gain between a and b.
	clock   int
	changed []int
	clean   []int
}

// seated is a seating that is only remembered: the table of every unit.
type seated struct {
	at   []int
	cost int64
}

func newWorker(ctx context.Context, p *problem, at []int, l lots, steps int) *worker {
	w := &worker{
		ctx: ctx, state: newState(p, at), lots: l, steps: steps,
		changed: make([]int, p.tables), clean: make([]int, p.tables*p.tables),
	}
	for t := range w.changed {
		w.touch(t)
	}
	w.best = seated{slices.Clone(at), w.cost}
	return w
}

func (w *worker) touch(t int) {
	w.clock++
	w.changed[t] = w.clock
}

// keep remembers the present seating when it is the best.
func (w *worker) keep() {
	if w.cost < w.best.cost {
		copy(w.best.at, w.at)
		w.best.cost = w.cost
	}
}

// run spends the budget: a first descent, annealing with six tenths of the steps,
// iterated descent with the rest. The best seating is in w.best.
func (w *worker) run() error {
	budget := w.steps
	if err := w.descend(); err != nil {
		return err
	}
	w.keep()
	if budget < 0 || w.tables < 2 || len(w.free) < 2 {
		return nil
	}
	if !w.peaceful {
		if err := w.anneal(budget * 6 / 10); err != nil {
			return err
		}
	}
	return w.shakeAndDescend()
}

// spend counts steps and now and then looks whether the caller has given up.
func (w *worker) spend(n int) error {
	before := w.steps
	w.steps -= n
	if before>>14 != w.steps>>14 {
		return w.ctx.Err()
	}
	return nil
}

// swapFits tells whether two units of different tables may change places.
func (w *worker) swapFits(u, v int) bool {
	more := w.size[v] - w.size[u]
	return more == 0 || w.fits(w.at[u], more) && w.fits(w.at[v], -more)
}

// companions picks units of table b at random that have as many people together as
// unit u; even is false when the first pick does not come out so.
func (w *worker) companions(u, b int, into []int) (others []int, even bool) {
	left := w.size[u]
	units := w.members[b]
	for tries := 0; left > 0 && tries < 3*w.size[u]; tries++ {
		v := units[w.lots.below(len(units))]
		if w.lock[v] < 0 && w.size[v] <= left && w.size[v] < w.size[u] && !slices.Contains(into, v) {
			into = append(into, v)
			left -= w.size[v]
		}
	}
	return into, left == 0
}
