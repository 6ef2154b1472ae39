package opinion

// move is a point's change of group, with what it adds to the sum of squares.
type move struct {
	point int
	cost  float64
}

// before orders moves by cost, equal ones by point.
func (a move) before(b move) bool {
	return a.cost < b.cost || a.cost == b.cost && a.point < b.point
}

// moveHeap gives out moves in order, the first first, without sorting those that are
// never asked for: a group that is too small lacks few points.
type moveHeap []move

// arrange makes a heap of the moves.
func (h moveHeap) arrange() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.sink(i)
	}
}

// pop takes out the first move.
func (h *moveHeap) pop() move {
	old := *h
	first, last := old[0], len(old)-1
	old[0] = old[last]
	*h = old[:last]
	h.sink(0)
	return first
}

// sink moves an element down to its place.
func (h moveHeap) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(h[i]) {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
