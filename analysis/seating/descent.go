package seating

// descend takes every change that lowers the cost until no swap or move between any
// two tables does. Pairs of tables that have not changed since they were last found
// clean are passed over.
func (w *worker) descend() error {
	for again := true; again; {
		again = false
		for a := range w.tables {
			for b := a + 1; b < w.tables; b++ {
				if w.clean[a*w.tables+b] >= max(w.changed[a], w.changed[b]) {
					continue
				}
				gained, err := w.settle(a, b)
				if err != nil {
					return err
				}
				again = again || gained
			}
		}
	}
	return nil
}

// settle descends between two tables.
func (w *worker) settle(a, b int) (gained bool, err error) {
	work := len(w.members[a]) * len(w.members[b])
	for w.improve(a, b) || w.improveByMove(a, b) || w.improveByMove(b, a) || w.improveByExchange(a, b) || w.improveByExchange(b, a) {
		gained = true
		w.touch(a)
		w.touch(b)
		if err := w.spend(work); err != nil {
			return gained, err
		}
	}
	w.clean[a*w.tables+b] = w.clock
	return gained, w.spend(work)
}

// improve makes the best swap for the first unit of table a that has one.
func (w *worker) improve(a, b int) bool {
	for _, u := range w.members[a] {
		if w.lock[u] >= 0 {
			continue
		}
		best, gain := -1, int64(0)
		for _, v := range w.members[b] {
			if w.lock[v] >= 0 || !w.swapFits(u, v) {
				continue
			}
			goal, rule := w.swapCost(u, v)
			if goal+rule < gain {
				best, gain = v, goal+rule
			}
		}
		if best >= 0 {
			w.swap(u, best, gain)
			return true
		}
	}
	return false
}

func (w *worker) improveByMove(a, b int) bool {
	for _, u := range w.members[a] {
		if w.lock[u] >= 0 || !w.fits(b, w.size[u]) {
			continue
		}
		if goal, rule := w.shiftCost(u, b); goal+rule < 0 {
			w.shift(u, b, goal+rule)
			return true
		}
	}
	return false
}

// improveByExchange tries a unit of several people of table a against any two units
// of table b that are as many together.
func (w *worker) improveByExchange(a, b int) bool {
	var others [2]int
	for _, u := range w.members[a] {
		if w.lock[u] >= 0 || w.size[u] < 2 {
			continue
		}
		for k, v := range w.members[b] {
			for _, x := range w.members[b][:k] {
				if w.lock[v] >= 0 || w.lock[x] >= 0 || w.size[v]+w.size[x] != w.size[u] {
					continue
				}
				others = [2]int{v, x}
				w.steps-- // spend counts swaps only
				if goal, rule := w.exchangeCost(u, others[:]); goal+rule < 0 {
					w.exchange(u, others[:], goal+rule)
					return true
				}
			}
		}
	}
	return false
}

// shakeAndDescend is iterated descent: a few random swaps, a descent, back to where
// it was unless the cost is lower, but for two times in a hundred.
func (w *worker) shakeAndDescend() error {
	w.state = newState(w.problem, w.best.at)
	for t := range w.changed {
		w.touch(t)
	}
	home := newState(w.problem, w.at)
	for w.steps > 0 && (!w.peaceful || w.best.cost > 0) {
		if err := w.descend(); err != nil {
			return err
		}
		w.keep()
		if w.cost <= home.cost || w.lots.below(50) == 0 {
			home.copyFrom(w.state)
		} else {
			w.copyFrom(home)
			// home is a local optimum: nothing between its tables is left to gain.
			w.clock++
			for k := range w.clean {
				w.clean[k] = w.clock
			}
		}
		w.shake(2 + w.lots.below(1+len(w.free)/30))
		// What going back and shaking cost, in changes looked at.
		if err := w.spend(50 + len(w.pull)/16); err != nil {
			return err
		}
	}
	return nil
}

// shake makes so many random swaps that sizes allow, whatever they cost.
func (w *worker) shake(times int) {
	for tries := 0; times > 0 && tries < 100; tries++ {
		u, v := w.randomUnit(), w.randomUnit()
		if w.at[u] == w.at[v] || !w.swapFits(u, v) {
			continue
		}
		a, b := w.at[u], w.at[v]
		goal, rule := w.swapCost(u, v)
		w.swap(u, v, goal+rule)
		w.touch(a)
		w.touch(b)
		times--
	}
}

func (w *worker) randomUnit() int { return w.free[w.lots.below(len(w.free))] }
