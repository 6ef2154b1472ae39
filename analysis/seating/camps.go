package seating

import (
	"cmp"
	"slices"
)

// camps are the people to be gathered: one set for every value of the gathered
// category, small ones joined to the nearest, in an order in which neighbours on the
// map are next to each other.
type camps [][]int

// newCamps parts the people by a categorical field. A value with fewer people than a
// table needs joins the one whose people are nearest on the map, or the largest when
// nobody there has a position. At most limit camps are left.
func newCamps(people Roster, field string, least, limit int) camps {
	f := categories(Attribute{Field: field}, people)
	c := make(camps, len(f.values))
	for i, v := range f.codes {
		c[v] = append(c[v], i)
	}
	rows := positions(people)
	for len(c) > 1 {
		small := 0
		for k := range c {
			if len(c[k]) < len(c[small]) {
				small = k
			}
		}
		if len(c[small]) >= least && len(c) <= max(limit, 1) {
			break
		}
		near := c.nearest(small, rows)
		c[near] = append(c[near], c[small]...)
		slices.Sort(c[near])
		c = slices.Delete(c, small, small+1)
	}
	c.arrange(rows)
	return c
}

// nearest is the camp whose mean position is nearest to that of camp k.
func (c camps) nearest(k int, rows [][]float64) int {
	best, least := -1, 0.0
	from := c.mean(k, rows)
	for other := range c {
		to := c.mean(other, rows)
		if other == k || from == nil || to == nil {
			continue
		}
		d := 0.0
		for x := range from {
			d += float64((from[x] - to[x]) * (from[x] - to[x]))
		}
		if best < 0 || d < least {
			best, least = other, d
		}
	}
	for other := 0; other < len(c) && from == nil; other++ {
		if other != k && (best < 0 || len(c[other]) > len(c[best])) {
			best = other
		}
	}
	if best < 0 { // nobody else has a position
		best = (k + 1) % len(c)
	}
	return best
}

func (c camps) mean(k int, rows [][]float64) []float64 {
	var own [][]float64
	for _, i := range c[k] {
		own = append(own, rows[i])
	}
	return meanOf(own)
}

// arrange orders the people of each camp along the first axis.
func (c camps) arrange(rows [][]float64) {
	for _, people := range c {
		slices.SortStableFunc(people, func(i, j int) int { return cmp.Compare(first(rows[i]), first(rows[j])) })
	}
}

func first(row []float64) float64 {
	if len(row) == 0 {
		return 0
	}
	return row[0]
}

// ownTables is how many tables the camps fill when none is shared: as few as hold a
// camp, fewer where that would leave them under the least size.
func (c camps) ownTables(least, most int) int {
	tables := 0
	for _, people := range c {
		full := (len(people) + most - 1) / most
		tables += max(1, min(full, len(people)/least))
	}
	return tables
}

// quota gives every camp whole tables by the method of largest remainder, at least
// one each, with ties to the earlier camp.
func (c camps) quota(tables int) []int {
	people := 0
	for _, own := range c {
		people += len(own)
	}
	quota := make([]int, len(c))
	left := tables
	order := make([]int, len(c))
	for k, own := range c {
		quota[k] = max(1, len(own)*tables/max(people, 1))
		left -= quota[k]
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(c[b])*tables-quota[b]*people, len(c[a])*tables-quota[a]*people)
	})
	for k := 0; left > 0; k = (k + 1) % len(order) {
		quota[order[k]]++
		left--
	}
	// One table each can be more than there are: the best served give one back.
	for left < 0 {
		most := -1
		for k := range quota {
			if quota[k] > 1 && (most < 0 || len(c[k])*quota[most] < len(c[most])*quota[k]) {
				most = k
			}
		}
		quota[most]--
		left++
	}
	return quota
}
