package opinion

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Share is an estimated share of the people who voted, with its uncertainty. All
// three lie in 0 … 1.
type Share struct {
	// Low and High bound the Jeffreys interval that holds 90 %: 5 % lie below Low and
	// 5 % above High.
	Low, High float64
	// Mean is the expected share, (hits + ½)/(votes + 1).
	Mean float64
}

// JeffreysShare estimates a share from hits among votes, by the interval of Jeffreys's
// prior: quantiles 0.05 and 0.95 of Beta(hits + ½, votes − hits + ½), with Low 0 when
// nobody and High 1 when everybody did (Brown, Cai and DasGupta, Interval estimation
// for a binomial proportion, 2001). Without votes it is 0 … 1 with a mean of ½. It
// panics unless 0 ≤ hits ≤ votes.
func JeffreysShare(hits, votes int) Share {
	if hits < 0 || hits > votes {
		panic("opinion: hits outside 0 … votes")
	}
	share := Share{Low: 0, High: 1, Mean: (float64(hits) + 0.5) / (float64(votes) + 1)}
	posterior := distuv.Beta{Alpha: float64(hits) + 0.5, Beta: float64(votes-hits) + 0.5}
	if hits > 0 {
		share.Low = posterior.Quantile(0.05)
	}
	if hits < votes {
		share.High = posterior.Quantile(0.95)
	}
	return share
}

// lowestDifference is a lower bound of the difference between two shares, from their
// intervals: Newcombe's hybrid score method (Interval estimation for the difference
// between independent proportions, 1998, method 10) with Jeffreys intervals.
func lowestDifference(a, b Share) float64 {
	return a.Mean - b.Mean - math.Hypot(a.Mean-a.Low, b.High-b.Mean)
}
