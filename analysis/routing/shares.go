package routing

// Shares gives for each of Room.Statements the share of people who will be asked it
// first, when all of them ask now: what Order draws by lots, on average over all lots.
// The shares add up to 1; all are 0 where nobody has anything left to vote on.
func Shares(room Room, people []Person) []float64 {
	shares, t := make([]float64, len(room.Statements)), room.tide()
	total := 0.0
	for _, person := range people {
		open, cast := room.consider(person, t)
		if len(open) > 0 {
			total++
			share(shares, open, cast < room.Needed, t)
		}
	}
	for i := range shares {
		if total > 0 {
			shares[i] /= total
		}
	}
	return shares
}

// share deals out one person's first question.
func share(shares []float64, open []candidate, beginner bool, t tide) {
	var sums [procedure + 1]float64
	for _, c := range open {
		sums[c.rank] += c.weight
	}
	seeds := 0.0
	if beginner && sums[seedBelow] > 0 {
		seeds = t.seeds
	}
	lacking := sums[seedBelow] + sums[below]
	needed := t.needed
	switch {
	case lacking <= 0:
		needed = 0
	case sums[reached] <= 0:
		needed = 1
	}
	for _, c := range open {
		part := 0.0
		switch c.rank {
		case seedBelow:
			part = seeds/max(sums[seedBelow], tiny) + (1-seeds)*needed/max(lacking, tiny)
		case below:
			part = (1 - seeds) * needed / max(lacking, tiny)
		case reached:
			part = (1 - seeds) * (1 - needed) / max(sums[reached], tiny)
		case procedure:
			if lacking <= 0 && sums[reached] <= 0 {
				part = 1 / max(sums[procedure], tiny)
			}
		}
		shares[c.place] += part * c.weight
	}
}

// tiny keeps a sum of weights from being 0 where it divides.
const tiny = 1e-300
