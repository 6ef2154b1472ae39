package seating

// layout is how many tables there are and how many people each may hold. When no
// number of tables fits the sizes asked for, it holds the nearest that seat everybody.
type layout struct{ tables, min, max int }

// layoutFor chooses the number of tables for n people, and tells whether the sizes
// asked for can be kept. wanted is how many tables rules ask for (locks to a table
// with a high number, people who are all apart); it counts only where the number of
// tables is free and sizes allow.
func layoutFor(n, wanted int, o Options) (lay layout, fits bool) {
	lay = layout{o.Tables, o.MinSeats, o.MaxSeats}
	if lay.tables == 0 {
		fewest := (n + o.MaxSeats - 1) / o.MaxSeats
		lay.tables = max(fewest, min(wanted, n/o.MinSeats))
	}
	fits = lay.tables*o.MinSeats <= n
	lay.tables = min(lay.tables, n)
	if lay.tables > 0 && (!fits || o.EqualSizes) {
		seated := min(n, lay.tables*o.MaxSeats)
		lay.min = seated / lay.tables
		lay.max = (seated + lay.tables - 1) / lay.tables
	}
	return lay, fits
}

// targets are sizes that differ by at most one, the larger first.
func (l layout) targets(n int) []int {
	sizes := make([]int, l.tables)
	for t := range sizes {
		sizes[t] = n / l.tables
		if t < n%l.tables {
			sizes[t]++
		}
	}
	return sizes
}
