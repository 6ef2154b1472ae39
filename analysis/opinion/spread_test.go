package opinion_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"folkmoot/analysis/opinion"
)

// Loadings, Residual and Variance are enough to work out how uncertain a place is.
func TestUncertaintyFollowsFromTheModel(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	var list []opinion.Vote
	for p := range 30 {
		for s := range 16 {
			if value := camps(p, s); draw.Float64() < 0.7 {
				if draw.Float64() < 0.2 {
					value = -value
				}
				list = append(list, opinion.Vote{Participant: p, Statement: s, Value: value})
			}
		}
	}
	votes := mustVotes(t, 30, 16, list)
	m := mustCompute(t, votes, opinion.Options{})
	if m.Axes != 2 || m.Residual <= 0 || m.Variance[0] <= m.Variance[1] {
		t.Fatalf("%d axes, residual %v, variances %v", m.Axes, m.Residual, m.Variance)
	}
	for _, p := range m.Positions {
		a, b, c := m.Residual/m.Variance[0], 0.0, m.Residual/m.Variance[1]
		for s := range votes.Of(p.Participant) {
			x, y := m.Loadings[s][0], m.Loadings[s][1]
			a, b, c = a+x*x, b+x*y, c+y*y
		}
		scale := m.Residual / (a*c - b*b)
		want := [2]float64{math.Sqrt(scale * c), math.Sqrt(scale * a)}
		for axis := range want {
			if math.Abs(p.SD[axis]-want[axis]) > 1e-9 {
				t.Errorf("participant %d: %v, from the model %v", p.Participant, p.SD, want)
			}
		}
	}
}
