package seating

import (
	"cmp"
	"slices"
)

// dealer seats units one by one, before the search.
type dealer struct {
	*problem
	at     []int // −1 while a unit has no table
	people []int
	have   [][]int // skills by table
	target []int   // people a table should get
}

// newDealer seats the locked units.
func newDealer(p *problem, target []int) *dealer {
	d := &dealer{problem: p, at: make([]int, len(p.size)), people: make([]int, p.tables), target: target}
	for range p.tables {
		d.have = append(d.have, make([]int, len(p.need)))
	}
	for u, t := range p.lock {
		d.at[u] = -1
		if t >= 0 {
			d.seat(u, t)
		}
	}
	return d
}

func (d *dealer) seat(u, t int) {
	d.at[u] = t
	d.people[t] += d.size[u]
	for k, c := range d.can[u] {
		d.have[t][k] += c
	}
}

// room is how many people a table is short of its target; negative above it.
func (d *dealer) room(t int) int { return d.target[t] - d.people[t] }

// quarrels tells whether a unit must be kept apart from somebody at a table.
func (d *dealer) quarrels(u, t int) bool {
	return slices.ContainsFunc(d.apart[u], func(v int) bool { return d.at[v] == t })
}

// roomiest is the table with most room that has seats for a unit, those without a
// quarrel first; −1 when none has. first is the table at which to start looking.
func (d *dealer) roomiest(u, first int) int {
	best, rank := -1, 0
	for k := range d.tables {
		t := (first + k) % d.tables
		if d.people[t]+d.size[u] > d.max {
			continue
		}
		r := 2*d.room(t) + 1
		if d.quarrels(u, t) {
			r--
		}
		if best < 0 || r > rank {
			best, rank = t, r
		}
	}
	return best
}

// seatLarge seats units of several people, the largest first, each at the table that
// choose names (−1 for none there). Should room be too scattered in the end it seats
// them anew by pack, which newRules has seen to work.
func (d *dealer) seatLarge(order []int, choose func(u int) int) {
	large := slices.DeleteFunc(slices.Clone(order), func(u int) bool { return d.size[u] < 2 || d.at[u] >= 0 })
	slices.SortStableFunc(large, func(u, v int) int { return d.size[v] - d.size[u] })
	for _, u := range large {
		t := choose(u)
		if t < 0 {
			packed, _ := pack(d.size, d.lock, d.tables, d.max)
			*d = *newDealer(d.problem, d.target)
			for _, u := range large {
				d.seat(u, packed[u])
			}
			return
		}
		d.seat(u, t)
	}
}

// seatSkilled gives every table in turn the people with the skills it lacks.
func (d *dealer) seatSkilled(order []int, first int) {
	skills := make([]int, len(d.need))
	spare := make([]int, len(d.need))
	for k := range skills {
		skills[k] = k
		for u := range d.size {
			spare[k] += d.can[u][k]
		}
		spare[k] -= d.need[k] * d.tables
	}
	slices.SortStableFunc(skills, func(j, k int) int { return cmp.Compare(spare[j], spare[k]) })
	for _, k := range skills {
		for _, u := range order {
			if d.at[u] >= 0 || d.can[u][k] == 0 {
				continue
			}
			if t := d.lacking(u, k, first); t >= 0 {
				d.seat(u, t)
			}
		}
	}
}

// lacking is a table that lacks a skill and has seats for u, without a quarrel if
// there is one; −1 when none lacks it.
func (d *dealer) lacking(u, k, first int) int {
	found := -1
	for i := range d.tables {
		t := (first + i) % d.tables
		if d.have[t][k] >= d.need[k] || d.people[t]+d.size[u] > d.max {
			continue
		}
		if !d.quarrels(u, t) {
			return t
		}
		if found < 0 {
			found = t
		}
	}
	return found
}

// deal seats the rest in order, back and forth over the tables like cards; a table
// that has its target is passed over.
func (d *dealer) deal(order []int, first int) {
	t, step := first, 1
	for _, u := range order {
		if d.at[u] >= 0 {
			continue
		}
		for tries := 0; d.room(t) < d.size[u] && tries < 2*d.tables; tries++ {
			t, step = d.next(t, step)
		}
		if d.room(t) < d.size[u] {
			// Only when larger units filled tables above their target.
			d.seat(u, d.roomiest(u, first))
			continue
		}
		d.seat(u, t)
		t, step = d.next(t, step)
	}
}

// next is the table after t when dealing back and forth; at the ends a table is
// dealt to twice in a row.
func (d *dealer) next(t, step int) (int, int) {
	if t+step < 0 || t+step >= d.tables {
		return t, -step
	}
	return t + step, step
}

// fill seats everybody in order, one table after the other within the tables that
// are meant for a unit, and then wherever there are seats.
func (d *dealer) fill(order []int, meant func(u int) (from, to int)) {
	inside := func(u int) int {
		from, to := meant(u)
		for t := from; t < to; t++ {
			if d.room(t) >= d.size[u] {
				return t
			}
		}
		return -1
	}
	d.seatLarge(order, func(u int) int {
		if t := inside(u); t >= 0 {
			return t
		}
		return d.roomiest(u, 0)
	})
	for _, u := range order {
		if t := inside(u); d.at[u] < 0 && t >= 0 {
			d.seat(u, t)
		}
	}
	for _, u := range order {
		if d.at[u] < 0 {
			d.seat(u, d.roomiest(u, 0))
		}
	}
}

// pack finds tables for the units of several people by best fit, the largest first
// (Johnson, SIAM Journal on Computing 3, 1974); the others get −1. failed is the
// first unit that found none, −1 when all did.
func pack(size, lock []int, tables, seats int) (at []int, failed int) {
	at = slices.Clone(lock)
	people := make([]int, tables)
	var large []int
	for u, t := range lock {
		if t >= 0 {
			people[t] += size[u]
		} else if size[u] > 1 {
			large = append(large, u)
		}
	}
	slices.SortStableFunc(large, func(u, v int) int { return size[v] - size[u] })
	for _, u := range large {
		best := -1
		for t, n := range people {
			if n+size[u] <= seats && (best < 0 || n > people[best]) {
				best = t
			}
		}
		if best < 0 {
			return at, u
		}
		at[u] = best
		people[best] += size[u]
	}
	return at, -1
}
