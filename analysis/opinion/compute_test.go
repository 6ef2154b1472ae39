package opinion_test

import (
	"context"
	"testing"

	"folkmoot/analysis/opinion"
)

func TestComputeWithNothing(t *testing.T) {
	got, err := opinion.Compute(context.Background(), opinion.Votes{}, opinion.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Shortfall.Kind != opinion.TooFewStatements {
		t.Errorf("shortfall %+v, want too few statements", got.Shortfall)
	}
}
