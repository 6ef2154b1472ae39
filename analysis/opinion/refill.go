package opinion

import "math/rand/v2"

// refilled gives the axes once more, from votes whose unseen cells are filled with what
// the first of them say of the person instead of with the mean of the column: one step of
// the iteration that fits principal components to incomplete data (Tipping and Bishop
// 1999, section 4). A mean says that everybody is alike on what they have not seen, and
// bends the axes towards who saw what. Strengths stay those of the cells that were
// filled with means, which is what chance is measured by.
//
// In 400 rooms of 40 people with four planted groups the agreement rose from 0.917 to
// 0.922, in those of twice six from 0.906 to 0.916; further steps add nothing.
func refilled(y *sheet, found spectrum, axes int, random *rand.Rand) spectrum {
	axes = min(axes, found.count())
	if axes == 0 {
		return found
	}
	byRows := y.rows() < y.columns
	f := newFilling(y, found, axes, byRows)
	side := min(y.rows(), y.columns)
	var values []float64
	var vectors [][]float64
	switch {
	case side <= exactSide:
		values, vectors = decompose(f.products(), side, true)
	case side <= denseSide:
		values, vectors = lanczos(side, productOperator(f.products(), side), accuracy(true), random)
	default:
		values, vectors = lanczos(side, f.operator(), accuracy(true), random)
	}
	for j := range min(len(vectors), found.count()) {
		if values[j] <= 1e-12*y.squares {
			break // nothing but rounding, see leading
		}
		found.axis[j] = f.overColumns(vectors[j])
	}
	return found
}

// count gives how many axes there are.
func (f spectrum) count() int {
	for j, axis := range f.axis {
		if axis == nil {
			return j
		}
	}
	return mostAxes
}

// filling is the matrix S + Z Vᵀ of filled votes: S are the votes cast less what the axes
// say of them, which is sparse, Z the places of the people and V the axes. It is never
// built: its products are those of S and of matrices as thin as there are axes. With F
// for Z and U for S V, or for the products over columns with F for V and U for SᵀZ,
//
//	(S + Z Vᵀ)(S + Z Vᵀ)ᵀ = S Sᵀ + U Fᵀ + F Uᵀ + F G Fᵀ,  G = VᵀV or ZᵀZ.
type filling struct {
	rest         *sheet // S
	places, axes []float64
	count        int // of axes
	byRows       bool
	f, u         []float64 // side × count
	g            [mostAxes][mostAxes]float64
}

func newFilling(y *sheet, found spectrum, axes int, byRows bool) *filling {
	f := &filling{places: place(y, found, axes, false).at, count: axes, byRows: byRows, axes: make([]float64, y.columns*axes)}
	for j, axis := range found.axis[:axes] {
		for s, loading := range axis {
			f.axes[s*axes+j] = loading
		}
	}
	f.rest = y.less(f.places, f.axes, axes)
	f.f, f.u = f.axes, f.over(f.rest.transposedTimes, f.places, y.columns)
	if byRows {
		f.f, f.u = f.places, f.over(f.rest.times, f.axes, y.rows())
	}
	thin := f.places
	if byRows {
		thin = f.axes
	}
	for i := 0; i < len(thin); i += axes {
		for a := range axes {
			for b := range axes {
				f.g[a][b] += thin[i+a] * thin[i+b]
			}
		}
	}
	return f
}

// over gives the product of S or Sᵀ with a thin matrix.
func (f *filling) over(times func(dst, v []float64), thin []float64, side int) []float64 {
	product := make([]float64, side*f.count)
	column, into := make([]float64, len(thin)/f.count), make([]float64, side)
	for a := range f.count {
		for i := range column {
			column[i] = thin[i*f.count+a]
		}
		times(into, column)
		for i, x := range into {
			product[i*f.count+a] = x
		}
	}
	return product
}

// products gives the products of the filled matrix, in rows of the upper triangle.
func (f *filling) products() []float64 {
	upper := products(f.rest, f.byRows)
	side, d := len(f.f)/f.count, f.count
	w := make([]float64, d) // U + F G of a row
	for i := range side {
		fi, ui := f.f[i*d:(i+1)*d], f.u[i*d:(i+1)*d]
		for b := range d {
			w[b] = ui[b]
			for a := range d {
				w[b] += fi[a] * f.g[a][b]
			}
		}
		line := upper[i*side : (i+1)*side]
		for j := i; j < side; j++ {
			fj, uj := f.f[j*d:(j+1)*d], f.u[j*d:(j+1)*d]
			for a := range d {
				line[j] += w[a]*fj[a] + fi[a]*uj[a]
			}
		}
	}
	return upper
}

// operator multiplies by the products without building them.
func (f *filling) operator() operator {
	sparse, d := sparseOperator(f.rest, f.byRows), f.count
	return func(dst, v []float64) {
		sparse(dst, v)
		var fv, uv, both [mostAxes]float64
		for i, x := range v {
			for a := range d {
				fv[a] += f.f[i*d+a] * x
				uv[a] += f.u[i*d+a] * x
			}
		}
		for a := range d {
			both[a] = uv[a]
			for b := range d {
				both[a] += f.g[a][b] * fv[b]
			}
		}
		for i := range dst {
			for a := range d {
				dst[i] += f.u[i*d+a]*fv[a] + f.f[i*d+a]*both[a]
			}
		}
	}
}

// overColumns turns an eigenvector into an axis over the columns.
func (f *filling) overColumns(vector []float64) []float64 {
	axis := vector
	if f.byRows {
		axis = make([]float64, f.rest.columns)
		f.rest.transposedTimes(axis, vector)
		var along [mostAxes]float64
		for i, x := range vector {
			for a := range f.count {
				along[a] += f.places[i*f.count+a] * x
			}
		}
		for s := range axis {
			for a := range f.count {
				axis[s] += f.axes[s*f.count+a] * along[a]
			}
		}
	}
	return directed(axis)
}

// less gives the sheet less what places on some axes say of the votes cast.
func (y *sheet) less(places, axes []float64, count int) *sheet {
	other := *y
	other.value = make([]float64, len(y.value))
	for i, value := range y.value {
		place, loading := places[int(y.rowOf[i])*count:][:count], axes[int(y.column[i])*count:][:count]
		for a, x := range place {
			value -= x * loading[a]
		}
		other.value[i] = value
	}
	return &other
}
