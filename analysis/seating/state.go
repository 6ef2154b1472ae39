package seating

// state is a seating under change. All figures are kept up to date by shift and
// swap, and are integers, so that they never drift.
type state struct {
	*problem
	at      []int   // table of a unit
	members [][]int // units of a table, in no order
	place   []int   // index of a unit in its members
	people  []int   // people of a table
	square  []int64 // |S_t|²
	// pull is tables × units: z_u · S_t.
	pull []int64
	// have is tables × skills: people with the skill at the table.
	have []int
	// cost is the goal plus the penalties.
	cost int64
}

// newState seats every unit at the given table.
func newState(p *problem, at []int) *state {
	m := len(p.size)
	s := &state{
		problem: p, at: make([]int, m), place: make([]int, m),
		members: make([][]int, p.tables), people: make([]int, p.tables),
		square: make([]int64, p.tables), pull: make([]int64, p.tables*m),
		have: make([]int, p.tables*len(p.need)),
	}
	for u, t := range at {
		s.join(u, t)
	}
	for t := range p.tables {
		row := s.pull[t*m : t*m+m]
		for _, v := range s.members[t] {
			for u := range row {
				row[u] += p.gram[v*m+u]
			}
		}
		for _, u := range s.members[t] {
			s.square[t] += row[u]
		}
	}
	s.cost = s.recount()
	return s
}

func (s *state) join(u, t int) {
	s.at[u] = t
	s.place[u] = len(s.members[t])
	s.members[t] = append(s.members[t], u)
	s.people[t] += s.size[u]
	for k, c := range s.can[u] {
		s.have[t*len(s.need)+k] += c
	}
}

func (s *state) leave(u int) {
	t, last := s.at[u], len(s.members[s.at[u]])-1
	other := s.members[t][last]
	s.members[t][s.place[u]] = other
	s.place[other] = s.place[u]
	s.members[t] = s.members[t][:last]
	s.people[t] -= s.size[u]
	for k, c := range s.can[u] {
		s.have[t*len(s.need)+k] -= c
	}
}

// recount computes the cost from nothing but the tables of the units.
func (s *state) recount() int64 {
	m := len(s.size)
	var cost int64
	for t, units := range s.members {
		var square int64
		for _, u := range units {
			for _, v := range units {
				square += s.gram[u*m+v]
			}
			for _, v := range s.apart[u] {
				if v > u && s.at[v] == t {
					cost += s.apartCost
				}
			}
		}
		cost += square*s.share[s.people[t]] + s.sizeCost[s.people[t]]
		for k, need := range s.need {
			cost += s.needCost * int64(max(0, need-s.have[t*len(s.need)+k]))
		}
	}
	return cost
}

// shiftCost is the change of the goal and of the rules when unit u moves to table b.
func (s *state) shiftCost(u, b int) (goal, rule int64) {
	a, m := s.at[u], len(s.size)
	self := s.gram[u*m+u]
	before, after := s.people[a], s.people[a]-s.size[u]
	joined := s.people[b] + s.size[u]
	goal = (s.square[a]-2*s.pull[a*m+u]+self)*s.share[after] - s.square[a]*s.share[before] +
		(s.square[b]+2*s.pull[b*m+u]+self)*s.share[joined] - s.square[b]*s.share[s.people[b]]
	rule = s.sizeCost[after] - s.sizeCost[before] + s.sizeCost[joined] - s.sizeCost[s.people[b]]
	if s.ruled[u] {
		rule += s.apartCost * int64(s.quarrels(u, b, -1)-s.quarrels(u, a, -1))
		for k, c := range s.can[u] {
			rule += s.lacking(a, k, -c) + s.lacking(b, k, c)
		}
	}
	return goal, rule
}

// swapCost is the same when units u and v, of different tables, change places.
func (s *state) swapCost(u, v int) (goal, rule int64) {
	a, b, m := s.at[u], s.at[v], len(s.size)
	diagonal := s.gram[u*m+u] + s.gram[v*m+v] - 2*s.gram[u*m+v]
	squareA := s.square[a] + 2*(s.pull[a*m+v]-s.pull[a*m+u]) + diagonal
	squareB := s.square[b] + 2*(s.pull[b*m+u]-s.pull[b*m+v]) + diagonal
	peopleA, peopleB := s.people[a], s.people[b]
	if s.size[u] == s.size[v] {
		goal = (squareA-s.square[a])*s.share[peopleA] + (squareB-s.square[b])*s.share[peopleB]
	} else {
		more := s.size[v] - s.size[u]
		goal = squareA*s.share[peopleA+more] - s.square[a]*s.share[peopleA] +
			squareB*s.share[peopleB-more] - s.square[b]*s.share[peopleB]
		rule = s.sizeCost[peopleA+more] - s.sizeCost[peopleA] + s.sizeCost[peopleB-more] - s.sizeCost[peopleB]
	}
	if s.ruled[u] || s.ruled[v] {
		rule += s.apartCost * int64(s.quarrels(u, b, v)-s.quarrels(u, a, -1)+s.quarrels(v, a, u)-s.quarrels(v, b, -1))
		for k := range s.need {
			if more := s.can[v][k] - s.can[u][k]; more != 0 {
				rule += s.lacking(a, k, more) + s.lacking(b, k, -more)
			}
		}
	}
	return goal, rule
}

// quarrels counts the units at a table, but for one, that u must be kept apart from.
func (s *state) quarrels(u, t, but int) int {
	n := 0
	for _, v := range s.apart[u] {
		if s.at[v] == t && v != but {
			n++
		}
	}
	return n
}

// lacking is the change of the penalty when a table gets more people with a skill.
func (s *state) lacking(t, k, more int) int64 {
	missing := s.need[k] - s.have[t*len(s.need)+k]
	return s.needCost * int64(max(0, missing-more)-max(0, missing))
}

// shift moves a unit; change is what shiftCost said, both parts.
func (s *state) shift(u, b int, change int64) {
	a, m := s.at[u], len(s.size)
	self := s.gram[u*m+u]
	s.square[a] += self - 2*s.pull[a*m+u]
	s.square[b] += self + 2*s.pull[b*m+u]
	s.leave(u)
	s.join(u, b)
	from, to := s.pull[a*m:a*m+m], s.pull[b*m:b*m+m]
	for w, g := range s.gram[u*m : u*m+m] {
		from[w] -= g
		to[w] += g
	}
	s.cost += change
}

// swap exchanges two units of different tables; change is what swapCost said.
func (s *state) swap(u, v int, change int64) {
	a, b, m := s.at[u], s.at[v], len(s.size)
	diagonal := s.gram[u*m+u] + s.gram[v*m+v] - 2*s.gram[u*m+v]
	s.square[a] += 2*(s.pull[a*m+v]-s.pull[a*m+u]) + diagonal
	s.square[b] += 2*(s.pull[b*m+u]-s.pull[b*m+v]) + diagonal
	s.leave(u)
	s.leave(v)
	s.join(u, b)
	s.join(v, a)
	out, in := s.gram[u*m:u*m+m], s.gram[v*m:v*m+m]
	rowA, rowB := s.pull[a*m:a*m+m], s.pull[b*m:b*m+m]
	for w := range out {
		d := in[w] - out[w]
		rowA[w] += d
		rowB[w] -= d
	}
	s.cost += change
}

// fits tells whether a table can take more people without going over its seats.
func (s *state) fits(t, more int) bool { return s.people[t]+more <= s.max }

// copyFrom takes over the seating of another state of the same problem.
func (s *state) copyFrom(other *state) {
	copy(s.at, other.at)
	copy(s.place, other.place)
	copy(s.people, other.people)
	copy(s.square, other.square)
	copy(s.pull, other.pull)
	copy(s.have, other.have)
	for t, units := range other.members {
		s.members[t] = append(s.members[t][:0], units...)
	}
	s.cost = other.cost
}
