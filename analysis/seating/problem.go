package seating

import "math"

// problem is what the search works on: units, their integer Gram matrix and the
// penalties of broken rules. It is read only once made, so workers may share it.
type problem struct {
	tables, min, max int
	size             []int // people of a unit
	lock             []int // table of a locked unit, −1 otherwise
	free             []int // units that are not locked
	// gram is units × units: z_u · z_v in fixed point with bits binary places.
	gram []int64
	bits int
	// share is common/s and sizeCost the penalty for too few or too many, by the
	// number s of people at a table.
	share, sizeCost []int64
	// apart, can and need are as in rules; apartCost is the penalty of a pair of
	// units, needCost of each missing person. ruled units touch such a rule.
	apart               [][]int
	can                 [][]int
	need                []int
	apartCost, needCost int64
	ruled               []bool
	// peaceful: nothing is mixed or gathered, so a cost of 0 cannot be bettered.
	peaceful bool
}

// common multiplies every term over s_t: the least common multiple of 1 … 16, so
// that dividing by the size of a table is exact up to 16 seats and rounded above.
const common = 720720

// newProblem brings features, with their signs, and rules to integers.
func newProblem(fs []feature, r *rules) *problem {
	p := &problem{
		tables: r.lay.tables, min: r.lay.min, max: r.lay.max,
		lock: r.lock, apart: r.apart, can: r.can,
		size: make([]int, len(r.units)), ruled: make([]bool, len(r.units)),
	}
	for u, members := range r.units {
		p.size[u] = len(members)
		p.ruled[u] = len(r.apart[u]) > 0
		for _, c := range r.can[u] {
			p.ruled[u] = p.ruled[u] || c > 0
		}
		if r.lock[u] < 0 {
			p.free = append(p.free, u)
		}
	}
	for _, need := range r.needs {
		p.need = append(p.need, need.PerTable)
	}
	p.punish(p.weigh(fs, r))
	return p
}

// weigh fills the Gram matrix, G_uv = Σ_{i∈u, j∈v} round(2^bits Σ_a ±w_a·scale_a·x_i·x_j),
// and gives a cost that no seating exceeds in size. As |S_t|² ≤ s_t Σ_{i∈t} |z_i|²
// (Cauchy and Schwarz), that is the trace.
func (p *problem) weigh(fs []feature, r *rules) (largest int64) {
	people := len(r.people)
	factors := make([]float64, len(fs))
	trace := 0.0
	for a, f := range fs {
		factors[a] = float64(f.Weight * f.scale(people, p.tables))
		trace += float64(factors[a] * f.total)
		if f.Gather {
			factors[a] = -factors[a]
		}
	}
	p.peaceful = trace == 0
	// Fewer places where weights are so large that penalties would not fit.
	for p.bits = 20; math.Ldexp(trace*common, p.bits) > 1<<40; p.bits-- {
	}
	m := len(r.units)
	p.gram = make([]int64, m*m)
	for i := range people {
		for j := range i + 1 {
			sum := 0.0
			for a, f := range fs {
				if factors[a] != 0 {
					sum += float64(factors[a] * f.product(i, j))
				}
			}
			g := int64(math.Round(math.Ldexp(sum, p.bits)))
			u, v := r.unitOf[i], r.unitOf[j]
			p.gram[u*m+v] += g
			if i != j {
				p.gram[v*m+u] += g
			}
		}
	}
	return int64(math.Ldexp(trace*common, p.bits)) + common*int64(people)
}

// punish sets the penalties, each above what all weaker rules and the goal can win
// together as long as no more than 64 of a kind are broken at once.
func (p *problem) punish(largest int64) {
	p.needCost = 2*largest + 1
	missing := int64(1)
	for _, k := range p.need {
		missing += int64(k * p.tables)
	}
	p.apartCost = p.needCost * min(missing, 64)
	short := p.apartCost * 64
	most := p.max
	for _, s := range p.size {
		most = max(most, p.max+s)
	}
	p.share = make([]int64, most+1)
	p.sizeCost = make([]int64, most+1)
	for s := range p.share {
		if s > 0 {
			p.share[s] = (common + int64(s)/2) / int64(s)
		}
		p.sizeCost[s] = short * int64(max(p.min-s, s-p.max, 0))
	}
}
