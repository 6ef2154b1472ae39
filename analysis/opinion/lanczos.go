package opinion

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// operator gives A v for a symmetric positive semidefinite A, into dst.
type operator func(dst, v []float64)

// productOperator multiplies by a matrix given by its upper triangle, which it
// completes in place.
func productOperator(upper []float64, side int) operator {
	for i := range side {
		for j := i + 1; j < side; j++ {
			upper[j*side+i] = upper[i*side+j]
		}
	}
	return func(dst, v []float64) {
		for i := range dst {
			dst[i] = floats.Dot(upper[i*side:(i+1)*side], v)
		}
	}
}

// sparseOperator multiplies by YYᵀ or YᵀY without building it.
func sparseOperator(y *sheet, byRows bool) operator {
	if byRows {
		between := make([]float64, y.columns)
		return func(dst, v []float64) {
			y.transposedTimes(between, v)
			y.times(dst, between)
		}
	}
	between := make([]float64, y.rows())
	return func(dst, v []float64) {
		y.times(between, v)
		y.transposedTimes(dst, between)
	}
}

// mostSteps bounds the Krylov space: 300 vectors. Votes have converged after 20 to
// 120 steps; a bound that is reached leaves the last axes approximate, not wrong.
const mostSteps = 300

// lanczos gives the mostAxes leading eigenvalues, descending, and eigenvectors of A,
// by the Lanczos iteration with full reorthogonalisation (Golub and Van Loan, Matrix
// Computations, 4th edition, section 10.3), until their residuals are below tolerance
// times the greatest value. A start vector that finds an invariant space is followed
// by a fresh one, so repeated values are found too.
func lanczos(side int, apply operator, tolerance float64, random *rand.Rand) ([]float64, [][]float64) {
	steps := min(side, mostSteps)
	var basis [][]float64
	var diagonal, beside []float64
	next := freshDirection(side, basis, random)
	for len(basis) < steps && next != nil {
		basis = append(basis, next)
		product := make([]float64, side)
		apply(product, next)
		diagonal = append(diagonal, floats.Dot(product, next))
		scale := floats.Norm(product, 2)
		removeAll(product, basis)
		length := floats.Norm(product, 2)
		if length > 1e-12*max(scale, math.Abs(diagonal[0])) {
			floats.Scale(1/length, product)
			next = product
		} else {
			length = 0
			next = freshDirection(side, basis, random)
		}
		beside = append(beside, length)
		if len(basis)%10 == 0 && len(basis) > 2*mostAxes && length > 0 {
			if values, inner := tridiagonal(diagonal, beside); settled(values, inner, length, tolerance) {
				return values, combine(basis, inner)
			}
		}
	}
	values, inner := tridiagonal(diagonal, beside)
	return values, combine(basis, inner)
}

// freshDirection gives a random unit vector at right angles to the basis, nil when
// the basis already fills the space.
func freshDirection(side int, basis [][]float64, random *rand.Rand) []float64 {
	for range 3 {
		v := make([]float64, side)
		for i := range v {
			v[i] = random.NormFloat64()
		}
		before := floats.Norm(v, 2)
		removeAll(v, basis)
		if length := floats.Norm(v, 2); length > 1e-8*before {
			floats.Scale(1/length, v)
			return v
		}
	}
	return nil
}

// removeAll takes from v its parts along the basis, twice for the sake of rounding.
func removeAll(v []float64, basis [][]float64) {
	for range 2 {
		for _, direction := range basis {
			floats.AddScaled(v, -floats.Dot(v, direction), direction)
		}
	}
}

// tridiagonal decomposes the matrix that Lanczos has built so far.
func tridiagonal(diagonal, beside []float64) ([]float64, [][]float64) {
	side := len(diagonal)
	small := mat.NewSymDense(side, nil)
	for i := range side {
		small.SetSym(i, i, diagonal[i])
		if i+1 < side {
			small.SetSym(i, i+1, beside[i])
		}
	}
	return decompose(small.RawSymmetric().Data, side, true)
}

// settled tells whether the residuals, |β s| with s the last part of an eigenvector
// of the small matrix, are small enough.
func settled(values []float64, inner [][]float64, length, tolerance float64) bool {
	for _, vector := range inner {
		if length*math.Abs(vector[len(vector)-1]) > tolerance*values[0] {
			return false
		}
	}
	return len(values) == mostAxes
}

// combine turns eigenvectors of the small matrix into vectors of the large one.
func combine(basis [][]float64, inner [][]float64) [][]float64 {
	vectors := make([][]float64, len(inner))
	for j, weights := range inner {
		vectors[j] = make([]float64, len(basis[0]))
		for i, direction := range basis {
			floats.AddScaled(vectors[j], weights[i], direction)
		}
	}
	return vectors
}
