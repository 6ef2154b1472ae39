package opinion

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// most axes that groups may be sought on.
const mostAxes = 4

const (
	// exactSide is the largest matrix that is decomposed whole. Beyond it Lanczos
	// takes over: at 100 columns a whole decomposition takes 3 ms, at 200 already 22.
	exactSide = 64
	// denseSide is the largest matrix of products that is built in memory; beyond it
	// Lanczos works on the sparse votes. 2000² are 32 MB.
	denseSide = 2000
)

// spectrum holds the leading principal axes of a sheet.
type spectrum struct {
	// strength is the sum of squares along each axis: the squared singular values of
	// Y, descending. Always mostAxes of them, 0 where there are fewer.
	strength [mostAxes]float64
	// axis are unit vectors over the columns; nil where the strength is 0.
	axis [mostAxes][]float64
}

// leading finds the axes of the sheet: the right singular vectors of the centred and
// filled votes Y, by way of the smaller of YᵀY and YYᵀ. Vectors are left out where
// only the strengths are wanted, which need less accuracy.
func leading(y *sheet, vectors bool, random *rand.Rand) spectrum {
	byRows := y.rows() < y.columns
	side := min(y.rows(), y.columns)
	var found spectrum
	if side == 0 || y.squares <= 0 {
		return found
	}
	var values []float64
	var axes [][]float64
	switch {
	case side <= exactSide:
		values, axes = decompose(products(y, byRows), side, vectors)
	case side <= denseSide:
		values, axes = lanczos(side, productOperator(products(y, byRows), side), accuracy(vectors), random)
	default:
		values, axes = lanczos(side, sparseOperator(y, byRows), accuracy(vectors), random)
	}
	for j := range min(mostAxes, len(values)) {
		// Below 1e-12 of the whole there is nothing but rounding.
		if values[j] <= 1e-12*y.squares {
			break
		}
		found.strength[j] = values[j]
		if vectors {
			found.axis[j] = overColumns(y, axes[j], byRows)
		}
	}
	return found
}

// accuracy is the largest residual, as a share of the greatest value, that Lanczos
// may leave. A value is good to the square of it.
func accuracy(vectors bool) float64 {
	if vectors {
		return 1e-9
	}
	return 1e-3
}

func products(y *sheet, byRows bool) []float64 {
	if byRows {
		return y.rowProducts()
	}
	return y.columnProducts()
}

// decompose gives the leading eigenvalues, descending, and eigenvectors of a
// symmetric matrix given by its upper triangle.
func decompose(upper []float64, side int, vectors bool) ([]float64, [][]float64) {
	var whole mat.EigenSym
	if !whole.Factorize(mat.NewSymDense(side, upper), vectors) {
		return nil, nil
	}
	ascending := whole.Values(nil)
	count := min(mostAxes, side)
	values := make([]float64, count)
	axes := make([][]float64, count)
	var columns mat.Dense
	if vectors {
		whole.VectorsTo(&columns)
	}
	for j := range count {
		values[j] = ascending[side-1-j]
		if vectors {
			axes[j] = mat.Col(nil, side-1-j, &columns)
		}
	}
	return values, axes
}

// overColumns turns an eigenvector into an axis over the columns, of length 1 and
// with its sign by rule.
func overColumns(y *sheet, vector []float64, byRows bool) []float64 {
	axis := vector
	if byRows {
		axis = make([]float64, y.columns)
		y.transposedTimes(axis, vector)
	}
	return directed(axis)
}

// directed gives an axis the length 1 and its sign by rule.
func directed(axis []float64) []float64 {
	floats.Scale(1/floats.Norm(axis, 2), axis)
	orient(axis)
	return axis
}

// orient fixes the sign of an axis: the loading of largest size is positive; of
// several within a billionth of it, the first decides, so that rounding does not.
func orient(axis []float64) {
	largest := 0.0
	for _, loading := range axis {
		largest = max(largest, math.Abs(loading))
	}
	for _, loading := range axis {
		if math.Abs(loading) >= largest*(1-1e-9) {
			if loading < 0 {
				floats.Scale(-1, axis)
			}
			return
		}
	}
}
