package opinion

import "math"

// places are the positions of all rows of a sheet on the first axes.
type places struct {
	axes int
	at   []float64 // rows × axes
	sd   []float64 // rows × axes; nil unless asked for
}

// component is one axis of the model of probabilistic principal components: its
// direction and the variance of the people's positions along it.
type component struct {
	axis     []float64
	variance float64
}

// model gives the components and the residual variance of a vote.
//
// With complete votes these are the estimates of Tipping and Bishop (Probabilistic
// principal component analysis, 1999, equations 7 and 8): ρ is the mean strength left
// over, and λ − ρ the variance along an axis. Filling the share 1−q of the cells with
// the column mean shrinks the variance along an axis to q² of what it is, and leaves
// in ρ what the axes would explain in the filled cells; both are undone here, q being
// the share of cells voted on, weighted by the axis. The residual is what then remains
// of the variance of the votes cast, 1 % of it at least.
func model(y *sheet, found spectrum, axes int) ([]component, float64) {
	n := float64(y.rows())
	left := y.squares / n
	for j := range axes {
		left -= found.strength[j] / n
	}
	floor := math.Max(0, left) / math.Max(1, float64(min(y.rows()-1, y.columns)-axes))
	ofVote := y.squares / math.Max(1, float64(len(y.value)))
	residual := ofVote
	components := make([]component, axes)
	for j := range axes {
		axis := found.axis[j]
		if axis == nil {
			continue
		}
		answered := 0.0
		for s, loading := range axis {
			answered += loading * loading * float64(len(y.byColumn[s])) / n
		}
		components[j] = component{axis, math.Max(0, found.strength[j]/n-floor) / (answered * answered)}
		residual -= components[j].variance / float64(y.columns)
	}
	return components, math.Max(residual, 0.01*ofVote)
}

// place puts every row on the axes, by least squares on the votes the person did cast
// with the shrinkage of probabilistic PCA (Tipping and Bishop 1999, equation 6, over
// the statements voted on). With V the axes, S the variances along them and σ² the
// residual variance,
//
//	position = (VᵀV + σ²S⁻¹)⁻¹ Vᵀ(x − μ),  variance of it = σ²(VᵀV + σ²S⁻¹)⁻¹.
//
// This is W z of that paper, in units of votes: an axis that carries little stays
// short, where z would stretch it to the length of the others.
func place(y *sheet, found spectrum, axes int, withSD bool) places {
	components, residual := model(y, found, axes)
	var used []int
	for j, c := range components {
		if c.variance > 0 {
			used = append(used, j)
		}
	}
	result := places{axes: axes, at: make([]float64, y.rows()*axes)}
	if withSD {
		result.sd = make([]float64, y.rows()*axes)
	}
	loadings := packed(components, used, y.columns)
	for row := range y.rows() {
		var system ridge
		for a, j := range used {
			system.matrix[a][a] = residual / components[j].variance
		}
		for i := y.start[row]; i < y.start[row+1]; i++ {
			system.add(loadings[int(y.column[i])*len(used):][:len(used)], y.value[i])
		}
		system.solve(len(used))
		for a, j := range used {
			result.at[row*axes+j] = system.right[a]
			if withSD {
				result.sd[row*axes+j] = math.Sqrt(residual * system.inverse(len(used), a))
			}
		}
	}
	return result
}

// packed puts the loadings of a statement on the used axes side by side.
func packed(components []component, used []int, columns int) []float64 {
	loadings := make([]float64, columns*len(used))
	for a, j := range used {
		for s, loading := range components[j].axis {
			loadings[s*len(used)+a] = loading
		}
	}
	return loadings
}

// ridge is a small symmetric positive definite system of equations.
type ridge struct {
	matrix [mostAxes][mostAxes]float64 // lower triangle; after solve its Cholesky factor
	right  [mostAxes]float64           // after solve the solution
}

// add takes one equation, weights · unknowns = value, into the least squares.
func (r *ridge) add(weights []float64, value float64) {
	for a, w := range weights {
		r.right[a] += w * value
		for b := 0; b <= a; b++ {
			r.matrix[a][b] += w * weights[b]
		}
	}
}

// solve factors the matrix as L Lᵀ and solves for the first size unknowns.
func (r *ridge) solve(size int) {
	l := &r.matrix
	for i := range size {
		for j := 0; j <= i; j++ {
			sum := l[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			if i == j {
				l[i][i] = math.Sqrt(sum)
			} else {
				l[i][j] = sum / l[j][j]
			}
		}
	}
	r.right = r.forward(size, r.right)
	for i := size - 1; i >= 0; i-- {
		for k := i + 1; k < size; k++ {
			r.right[i] -= l[k][i] * r.right[k]
		}
		r.right[i] /= l[i][i]
	}
}

// forward solves L x = right.
func (r *ridge) forward(size int, right [mostAxes]float64) [mostAxes]float64 {
	for i := range size {
		for k := range i {
			right[i] -= r.matrix[i][k] * right[k]
		}
		right[i] /= r.matrix[i][i]
	}
	return right
}

// inverse gives an element of the diagonal of the inverse, after solve: the squared
// length of L⁻¹ e.
func (r *ridge) inverse(size, element int) float64 {
	var unit [mostAxes]float64
	unit[element] = 1
	sum := 0.0
	for _, part := range r.forward(size, unit) {
		sum += part * part
	}
	return sum
}
