package seating

import "slices"

// exchangeCost is the change of goal and rules when unit u changes places with
// several units of one other table that have as many people together.
func (s *state) exchangeCost(u int, others []int) (goal, rule int64) {
	a, b, m := s.at[u], s.at[others[0]], len(s.size)
	diagonal := s.gram[u*m+u]
	pullA, pullB := -s.pull[a*m+u], s.pull[b*m+u]
	for _, v := range others {
		pullA += s.pull[a*m+v]
		pullB -= s.pull[b*m+v]
		diagonal -= 2 * s.gram[u*m+v]
		for _, w := range others {
			diagonal += s.gram[v*m+w]
		}
	}
	goal = (2*pullA+diagonal)*s.share[s.people[a]] + (2*pullB+diagonal)*s.share[s.people[b]]
	return goal, s.exchangeRules(u, others)
}

func (s *state) exchangeRules(u int, others []int) (rule int64) {
	a, b := s.at[u], s.at[others[0]]
	quarrels := -s.quarrels(u, a, -1)
	for _, w := range s.apart[u] {
		if s.at[w] == b && !slices.Contains(others, w) {
			quarrels++
		}
	}
	for _, v := range others {
		quarrels += s.quarrels(v, a, u)
		for _, w := range s.apart[v] {
			if s.at[w] == b && !slices.Contains(others, w) {
				quarrels--
			}
		}
	}
	rule = s.apartCost * int64(quarrels)
	for k := range s.need {
		more := -s.can[u][k]
		for _, v := range others {
			more += s.can[v][k]
		}
		if more != 0 {
			rule += s.lacking(a, k, more) + s.lacking(b, k, -more)
		}
	}
	return rule
}

// exchange does what exchangeCost looked at. The steps between go over the seats of
// one table, which only their sum may not.
func (s *state) exchange(u int, others []int, change int64) {
	a, b := s.at[u], s.at[others[0]]
	s.shift(u, b, 0)
	for _, v := range others {
		s.shift(v, a, 0)
	}
	s.cost += change
}
