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

// annealed is the part of the budget for annealing. Iterated descent is the stronger
// at few tables, annealing at many: with equal steps hall-40 came to within 0.25 % of
// the best known with 0.2 and 0.39 % with 0.6, hall-160 to 0.71 % with 0.6 and 0.14 %
// with 0.9 (means of five seeds).
func (w *worker) annealed() float64 {
	if w.tables <= 6 {
		return 0.2
	}
	return 0.9
}

// repairSteps bounds the search where only rules count and may not be met at all.
const repairSteps = 2_000_000

// run spends the budget: a first descent, annealing, and iterated descent with the
// steps that are left. The best seating is in w.best.
func (w *worker) run() error {
	budget := w.steps
	if err := w.descend(); err != nil {
		return err
	}
	w.keep()
	if budget < 0 || w.tables < 2 || len(w.free) < 2 {
		return nil
	}
	if w.peaceful {
		w.steps = min(w.steps, repairSteps)
	} else {
		if err := w.anneal(int(float64(budget) * w.annealed())); err != nil {
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
