package opinion

import (
	"math/rand/v2"
	"slices"
)

// sheet holds the votes of the people on the map, centred: from each vote the mean
// of the votes cast on its statement is taken, so that an unseen cell, filled with
// that mean, is 0 and need not be stored.
//
// Its rows stand in an order made from the votes alone (Votes.compareRows). All
// seeded work goes by that order, so that the order of the participants is of no
// influence.
type sheet struct {
	people   []int // row -> participant
	columns  int
	start    []int
	column   []int32
	value    []float64 // centred
	byColumn [][]int32 // column -> its cells, as indices into value
	rowOf    []int32   // cell -> row
	squares  float64   // sum of squares of value: n times the variance
	mean     []float64 // column means
}

// newSheet gathers the votes of the given participants.
func newSheet(votes Votes, participants []int) *sheet {
	people := slices.Clone(participants)
	slices.SortStableFunc(people, votes.compareRows)
	y := &sheet{people: people, columns: votes.Statements(), start: make([]int, len(people)+1)}
	cells := 0
	for _, p := range people {
		cells += votes.CastBy(p)
	}
	y.column, y.value, y.rowOf = make([]int32, 0, cells), make([]float64, 0, cells), make([]int32, 0, cells)
	sums := make([]float64, y.columns)
	counts := make([]int, y.columns)
	for row, p := range people {
		for s, value := range votes.Of(p) {
			y.column = append(y.column, int32(s))
			y.value = append(y.value, float64(value))
			y.rowOf = append(y.rowOf, int32(row))
			sums[s] += float64(value)
			counts[s]++
		}
		y.start[row+1] = len(y.value)
	}
	y.mean = sums
	y.byColumn = make([][]int32, y.columns)
	for s := range y.columns {
		if counts[s] > 0 {
			y.mean[s] /= float64(counts[s])
			y.byColumn[s] = make([]int32, 0, counts[s])
		}
	}
	for i, s := range y.column {
		y.value[i] -= y.mean[s]
		y.byColumn[s] = append(y.byColumn[s], int32(i))
		y.squares += y.value[i] * y.value[i]
	}
	return y
}

// rows gives the number of people on the sheet.
func (y *sheet) rows() int { return len(y.people) }

// permuted gives the sheet with the votes of every column dealt anew among those who
// voted on it. Who voted on what stays as it is, as do the column means.
func (y *sheet) permuted(random *rand.Rand) *sheet {
	other := *y
	other.value = slices.Clone(y.value)
	for _, cells := range y.byColumn {
		other.deal(cells, random)
	}
	return &other
}

// deal shuffles the votes of a column in place.
func (y *sheet) deal(cells []int32, random *rand.Rand) {
	for i := len(cells) - 1; i > 0; i-- {
		j := random.IntN(i + 1)
		a, b := cells[i], cells[j]
		y.value[a], y.value[b] = y.value[b], y.value[a]
	}
}

// variances gives the variances of the columns on which votes differ, less what the
// first axes explain of them; unseen cells count as the mean.
func (y *sheet) variances(found spectrum, axes int) []float64 {
	var variances []float64
	for s, cells := range y.byColumn {
		sum := 0.0
		for _, i := range cells {
			sum += y.value[i] * y.value[i]
		}
		for j := range axes {
			sum -= found.strength[j] * found.axis[j][s] * found.axis[j][s]
		}
		if sum > 0 {
			variances = append(variances, sum/float64(y.rows()))
		}
	}
	return variances
}

// times gives Y v for v over columns, into dst over rows.
func (y *sheet) times(dst, v []float64) {
	for row := range dst {
		sum := 0.0
		for i := y.start[row]; i < y.start[row+1]; i++ {
			sum += y.value[i] * v[y.column[i]]
		}
		dst[row] = sum
	}
}

// transposedTimes gives Yᵀ u for u over rows, into dst over columns.
func (y *sheet) transposedTimes(dst, u []float64) {
	clear(dst)
	for row, weight := range u {
		for i := y.start[row]; i < y.start[row+1]; i++ {
			dst[y.column[i]] += weight * y.value[i]
		}
	}
}

// columnProducts gives YᵀY, columns × columns, in rows of the upper triangle.
func (y *sheet) columnProducts() []float64 {
	m := y.columns
	products := make([]float64, m*m)
	for row := range y.rows() {
		from, to := y.start[row], y.start[row+1]
		for i := from; i < to; i++ {
			line := products[int(y.column[i])*m : (int(y.column[i])+1)*m]
			value := y.value[i]
			for j := i; j < to; j++ {
				line[y.column[j]] += value * y.value[j]
			}
		}
	}
	return products
}

// rowProducts gives YYᵀ, rows × rows, in rows of the upper triangle.
func (y *sheet) rowProducts() []float64 {
	n := y.rows()
	products := make([]float64, n*n)
	for _, cells := range y.byColumn {
		for a, i := range cells {
			line := products[int(y.rowOf[i])*n : (int(y.rowOf[i])+1)*n]
			value := y.value[i]
			for _, j := range cells[a:] {
				line[y.rowOf[j]] += value * y.value[j]
			}
		}
	}
	return products
}
