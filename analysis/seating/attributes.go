package seating

import (
	"math"
	"slices"
)

// feature is one attribute of the seated people as centred vectors x_i: one-hot for
// categories, coordinates for numbers. Σ x_i = 0.
type feature struct {
	Attribute
	// Categories: the value of each person as an index into values, and how many
	// have it. Empty for numbers.
	codes  []int
	values []string
	counts []int
	// Numbers: one centred row a person; nil for categories.
	rows [][]float64
	// total is Σ|x_i|²; 0 when all people are the same.
	total float64
}

// newFeature reads one attribute of the people.
func newFeature(people Roster, a Attribute) feature {
	switch a.Field {
	case FieldCoords:
		return numbers(a, positions(people))
	case FieldSpread:
		return numbers(a, squares(positions(people)))
	case FieldAnswer:
		return numbers(a, answers(people))
	}
	return categories(a, people)
}

// features are the attributes that vary among the people.
func features(people Roster, attributes []Attribute) []feature {
	var out []feature
	for _, a := range attributes {
		if f := newFeature(people, a); f.total > 0 {
			out = append(out, f)
		}
	}
	return out
}

func categories(a Attribute, people Roster) feature {
	f := feature{Attribute: a, codes: make([]int, len(people))}
	for _, p := range people {
		f.values = append(f.values, p.value(a.Field))
	}
	slices.Sort(f.values)
	f.values = slices.Compact(f.values)
	f.counts = make([]int, len(f.values))
	for i, p := range people {
		v, _ := slices.BinarySearch(f.values, p.value(a.Field))
		f.codes[i] = v
		f.counts[v]++
	}
	if len(f.values) < 2 {
		return f
	}
	n := float64(len(people))
	for _, c := range f.counts {
		f.total += float64(c) - float64(float64(c)*float64(c))/n
	}
	return f
}

// value is the category of a person in a field that is not a number.
func (p Person) value(field string) string {
	switch field {
	case FieldGroup:
		return p.Group
	case FieldBand:
		return p.Band
	}
	return p.Fields[field]
}

// numbers centres rows; a nil row is unknown and stays at the mean.
func numbers(a Attribute, rows [][]float64) feature {
	f := feature{Attribute: a, rows: make([][]float64, len(rows))}
	mean := meanOf(rows)
	for i, row := range rows {
		f.rows[i] = make([]float64, len(mean))
		for k := range row {
			f.rows[i][k] = row[k] - mean[k]
		}
		f.total += dot(f.rows[i], f.rows[i])
	}
	// Rounding of the mean alone must not look like a difference between people.
	if f.total <= 1e-26*float64(len(rows))*dot(mean, mean) || f.total < 1e-100 {
		f.total = 0
	}
	return f
}

func positions(people Roster) [][]float64 {
	rows := make([][]float64, len(people))
	for i, p := range people {
		if len(p.Position) > 0 {
			rows[i] = p.Position
		}
	}
	return rows
}

func answers(people Roster) [][]float64 {
	rows := make([][]float64, len(people))
	for i, p := range people {
		if p.Answered {
			rows[i] = []float64{float64(p.Answer)}
		}
	}
	return rows
}

// squares gives the squared distance from the mean on every axis, each axis scaled
// to unit variance ("k-plus": Papenberg, British Journal of Mathematical and
// Statistical Psychology 77, 2024), so that tables match in spread too.
func squares(rows [][]float64) [][]float64 {
	mean := meanOf(rows)
	out := make([][]float64, len(rows))
	for i, row := range rows {
		if row == nil {
			continue
		}
		out[i] = make([]float64, len(mean))
		for k := range mean {
			out[i][k] = float64((row[k] - mean[k]) * (row[k] - mean[k]))
		}
	}
	center := meanOf(out)
	for k := range mean {
		var sum, known float64
		for _, row := range out {
			if row != nil {
				sum += float64((row[k] - center[k]) * (row[k] - center[k]))
				known++
			}
		}
		deviation := math.Sqrt(sum / max(known, 1))
		for _, row := range out {
			if row != nil && deviation > 0 {
				row[k] /= deviation
			}
		}
	}
	return out
}

// meanOf is the mean of the rows that are not nil.
func meanOf(rows [][]float64) []float64 {
	var mean []float64
	known := 0.0
	for _, row := range rows {
		if row == nil {
			continue
		}
		if mean == nil {
			mean = make([]float64, len(row))
		}
		known++
		for k, x := range row {
			mean[k] += x
		}
	}
	for k := range mean {
		mean[k] /= known
	}
	return mean
}

// dot is the inner product. The conversion forbids a fused multiply-add, which would
// round differently on some processors.
func dot(a, b []float64) float64 {
	sum := 0.0
	for k := range a {
		sum += float64(a[k] * b[k])
	}
	return sum
}

// product is x_i · x_j.
func (f feature) product(i, j int) float64 {
	if f.rows != nil {
		return dot(f.rows[i], f.rows[j])
	}
	n := float64(len(f.codes))
	sum := float64(f.total-n) / -n // Σ p_v², as total = n (1 − Σ p_v²)
	sum -= float64(f.counts[f.codes[i]]) / n
	sum -= float64(f.counts[f.codes[j]]) / n
	if f.codes[i] == f.codes[j] {
		sum++
	}
	return sum
}

// scale is what Σ_t |S_t|²/s_t is multiplied by to be the unevenness of people at
// so many tables: (n−1) / ((T−1) Σ|x_i|²). 0 for one table.
func (f feature) scale(people, tables int) float64 {
	if tables < 2 || f.total == 0 {
		return 0
	}
	return float64(people-1) / float64(float64(tables-1)*f.total)
}

// unevenness of a seating, given as indices of people for every table.
func (f feature) unevenness(tables [][]int) float64 {
	people, seated, sum := 0, 0, 0.0
	for _, seats := range tables {
		people += len(seats)
		if len(seats) > 0 {
			seated++
			s := f.sum(seats)
			sum += dot(s, s) / float64(len(seats))
		}
	}
	return f.scale(people, seated) * sum
}

// sum is S_t, the sum of x over the people at a table.
func (f feature) sum(seats []int) []float64 {
	if f.rows != nil {
		out := make([]float64, len(f.rows[0]))
		for _, i := range seats {
			for k, x := range f.rows[i] {
				out[k] += x
			}
		}
		return out
	}
	out := make([]float64, len(f.values))
	for _, i := range seats {
		out[f.codes[i]]++
	}
	for v, c := range f.counts {
		out[v] -= float64(len(seats)*c) / float64(len(f.codes))
	}
	return out
}

// bound is the least unevenness that whole people allow at these table sizes, one
// value at a time: every further person of a value goes where it costs least, which
// is exact as the cost of a table is convex in its count. 0 for numbers.
func (f feature) bound(sizes []int) float64 {
	if f.rows != nil {
		return 0
	}
	sum := 0.0
	for _, people := range f.counts {
		share := float64(people) / float64(len(f.codes))
		cost := func(t, c int) float64 {
			d := float64(c) - float64(float64(sizes[t])*share)
			return d * d / float64(sizes[t])
		}
		count := make([]int, len(sizes))
		for range people {
			best, gain := -1, math.Inf(1)
			for t, c := range count {
				if d := cost(t, c+1) - cost(t, c); c < sizes[t] && d < gain {
					best, gain = t, d
				}
			}
			count[best]++
		}
		for t, c := range count {
			sum += cost(t, c)
		}
	}
	return f.scale(len(f.codes), len(sizes)) * sum
}

// counted lists how many of the people at a table have each value, nil for numbers.
func (f feature) counted(seats []int) []Count {
	if f.rows != nil {
		return nil
	}
	out := make([]Count, len(f.values))
	for v, name := range f.values {
		out[v].Value = name
	}
	for _, i := range seats {
		out[f.codes[i]].People++
	}
	return out
}
