package opinion

import "math"

// FisherMidP gives the one-sided mid-p value of Fisher's exact test: how likely hits
// or more would be among votes, if they and the restHits among restVotes came about
// alike, the probability of exactly hits counted half (Lancaster 1961). Small values
// speak for a larger share among votes than among the rest. It is 0.5 where the
// numbers leave no choice, as when either side has no votes. It panics when hits are
// not within 0 … votes on both sides.
func FisherMidP(hits, votes, restHits, restVotes int) float64 {
	if hits < 0 || hits > votes || restHits < 0 || restHits > restVotes {
		panic("opinion: hits outside 0 … votes")
	}
	all := hits + restHits
	probability := math.Exp(logChoose(votes, hits) + logChoose(restVotes, restHits) - logChoose(votes+restVotes, all))
	// The smaller tail is summed, by ratios away from the middle: from far out on the
	// other side, where a probability is 0 to the computer, the middle would be missed.
	if float64(hits)*float64(votes+restVotes) < float64(votes)*float64(all) {
		sum := probability / 2
		for x := hits; x > max(0, all-restVotes); x-- {
			probability *= float64(x) / float64(votes-x+1) * float64(restVotes-all+x) / float64(all-x+1)
			sum += probability
		}
		return max(0, 1-sum)
	}
	sum := probability / 2
	for x := hits; x < min(votes, all); x++ {
		probability *= float64(votes-x) / float64(x+1) * float64(all-x) / float64(restVotes-all+x+1)
		sum += probability
	}
	return min(sum, 1)
}

// logChoose is the logarithm of the binomial coefficient.
func logChoose(n, k int) float64 {
	return logFactorial(n) - logFactorial(k) - logFactorial(n-k)
}

func logFactorial(n int) float64 {
	value, _ := math.Lgamma(float64(n) + 1)
	return value
}

// falseDiscoveries turns p-values into the q-values of Benjamini and Hochberg
// (Controlling the false discovery rate, 1995): the smallest rate of false discoveries
// at which each would be named. order holds the indices of p by ascending p.
func falseDiscoveries(p []float64, order []int) []float64 {
	q := make([]float64, len(p))
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q
}
