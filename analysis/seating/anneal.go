package seating

import "math"

// Annealing after Kirkpatrick, Gelatt and Vecchi, Science 220 (1983). The schedule
// was chosen by trial on the reference instances.
const (
	// samples is how many random swaps tell the scale of the cost.
	samples = 400
	// levels is the number of temperatures from hot to cold, 2^levelRoots.
	levelRoots = 8
	levels     = 1 << levelRoots
	// hottest is the first temperature as a part of the mean |Δ| of random swaps,
	// coldest the last as a part of the first. Hotter starts and colder ends (½ and
	// 1/200) gave worse plans with the same steps: hall-77 with 20 million lay 2.4 %
	// above the best known with those, 1.8 % with these.
	hottest = 0.1
	coldest = 0.05
)

// anneal spends steps in two coolings, the second from a third of the temperature.
func (w *worker) anneal(steps int) error {
	hot := w.meanChange() * hottest
	for part, start := range []float64{hot, hot / 3} {
		share := steps * 2 / 3
		if part == 1 {
			share = steps - share
		}
		if err := w.cool(start, share); err != nil {
			return err
		}
	}
	return nil
}

// meanChange is the mean |Δ| of the goal over random swaps.
func (w *worker) meanChange() float64 {
	sum, n := 0.0, 0.0
	for range samples {
		if u, v := w.randomUnit(), w.randomUnit(); w.at[u] != w.at[v] && w.swapFits(u, v) {
			goal, _ := w.swapCost(u, v)
			sum += math.Abs(float64(goal))
			n++
		}
	}
	return sum / max(n, 1)
}

// cool lowers the temperature in equal ratios and keeps the best seating.
func (w *worker) cool(start float64, steps int) error {
	// Roots are rounded alike on every processor, powers and logarithms are not.
	ratio := coldest
	for range levelRoots {
		ratio = math.Sqrt(ratio)
	}
	temperature := start
	for range levels {
		warmth := int64(temperature)
		for range steps / levels {
			w.try(warmth)
		}
		if err := w.spend(steps / levels); err != nil {
			return err
		}
		temperature *= ratio
	}
	return nil
}

// try looks at one random change and makes it if the rule of Metropolis says so.
func (w *worker) try(warmth int64) {
	draw := w.lots.source.Uint64()
	u, v := w.free[draw>>32*uint64(len(w.free))>>32], w.free[draw&(1<<32-1)*uint64(len(w.free))>>32]
	if w.min < w.max && w.lots.below(4) == 0 {
		w.tryShift(u, warmth)
		return
	}
	if w.at[u] == w.at[v] {
		return
	}
	if w.size[u] != w.size[v] && w.tryExchange(u, v, warmth) {
		return
	}
	if !w.swapFits(u, v) {
		return
	}
	if goal, rule := w.swapCost(u, v); w.accepts(goal+rule, warmth) {
		w.swap(u, v, goal+rule)
		w.keep()
	}
}

func (w *worker) tryShift(u int, warmth int64) {
	b := w.lots.below(w.tables)
	if b == w.at[u] || !w.fits(b, w.size[u]) {
		return
	}
	if goal, rule := w.shiftCost(u, b); w.accepts(goal+rule, warmth) {
		w.shift(u, b, goal+rule)
		w.keep()
	}
}

// tryExchange tries the larger of two units against others at the smaller's table.
func (w *worker) tryExchange(u, v int, warmth int64) bool {
	if w.size[u] < w.size[v] {
		u, v = v, u
	}
	var even bool
	if w.others, even = w.companions(u, w.at[v], w.others[:0]); !even {
		return false
	}
	if goal, rule := w.exchangeCost(u, w.others); w.accepts(goal+rule, warmth) {
		w.exchange(u, w.others, goal+rule)
		w.keep()
	}
	return true
}

// accepts is the rule of Metropolis with an integer logarithm.
func (w *worker) accepts(change, warmth int64) bool {
	if change <= 0 {
		return true
	}
	if change > warmth*8 { // −ln u is below 8 for every u of the table
		return false
	}
	draw := w.lots.source.Uint64() >> 54
	return change <= warmth*logarithms[draw]>>16
}
