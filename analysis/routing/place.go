package routing

import "math"

// Model is the uncertainty of places on the opinion map, as of opinion.Map.
type Model struct {
	// Residual is the variance of a vote around what the axes explain, σ².
	Residual float64
	// Variance is the variance of people's places along each axis, the diagonal of S; 0
	// for an axis that carries nothing.
	Variance [2]float64
}

// known says whether anything can be said of places.
func (m Model) known() bool {
	return positive(m.Residual) && (positive(m.Variance[0]) || positive(m.Variance[1]))
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

// Spread is the posterior covariance of a person's place: a symmetric matrix of which
// XY stands beside the diagonal.
type Spread struct{ XX, XY, YY float64 }

// Start is the Spread of a person who has not voted.
func (m Model) Start() Spread {
	if !m.known() {
		return Spread{}
	}
	s := Spread{}
	if positive(m.Variance[0]) {
		s.XX = m.Variance[0]
	}
	if positive(m.Variance[1]) {
		s.YY = m.Variance[1]
	}
	return s
}

// After gives the Spread after one more vote on a statement of that loading, by the
// formula of Sherman and Morrison.
func (m Model) After(s Spread, loading [2]float64) Spread {
	x, y, scale := m.project(s, loading)
	if scale <= 0 {
		return s
	}
	return Spread{XX: math.Max(0, s.XX-x*x/scale), XY: s.XY - x*y/scale, YY: math.Max(0, s.YY-y*y/scale)}
}

// Gain is by how much one more vote on a statement shrinks the trace of the Spread.
func (m Model) Gain(s Spread, loading [2]float64) float64 {
	x, y, scale := m.project(s, loading)
	if scale <= 0 {
		return 0
	}
	return (x*x + y*y) / scale
}

// project gives P w and σ² + wᵀ P w; 0 for the latter where nothing can be said.
func (m Model) project(s Spread, w [2]float64) (x, y, scale float64) {
	if !m.known() {
		return 0, 0, 0
	}
	w[0], w[1] = finite(w[0]), finite(w[1])
	x, y = s.XX*w[0]+s.XY*w[1], s.XY*w[0]+s.YY*w[1]
	return x, y, m.Residual + w[0]*x + w[1]*y
}

// Trace is the sum of the variances along the two axes.
func (s Spread) Trace() float64 { return s.XX + s.YY }
