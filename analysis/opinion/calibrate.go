package opinion

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// meaninglessShare is how many of the statements are made meaningless at a time.
const meaninglessShare = 0.1

// calibration holds the p-values that statements without any meaning for the groups have
// nonetheless, since they took part in making them. It is never changed.
type calibration struct {
	ascending []float64
}

// calibrate deals the votes on a tenth of the statements anew, seeks the groups again
// with those among the rest, and gathers how clearly they seem to set the groups apart:
// groups are made from the votes that they are then compared by, so a statement may seem
// to matter that does not. The share of these p-values that are as small is what a
// p-value is worth; only then are false discoveries reckoned.
//
// Statements of votes that are dealt anew throughout, as in the test of the groups, would
// not do: where no statement means anything the few that the groups happen to be cut by
// differ enormously, and in two clear groups of 99 and 90 people nothing was named.
//
// Above resampledPeople people an excerpt of testPeople stands for all.
func (m *Map) calibrate(ctx context.Context, votes Votes, y *sheet, options Options) error {
	if y.rows() > resampledPeople {
		y = excerpt(votes, y)
	}
	values := make([][]float64, options.permutations())
	err := each(ctx, options.Workers, len(values), func(i int) {
		random := stream(options.Seed, forCalibration, i)
		dealt, columns := y.someDealt(random)
		if groups := m.again(ctx, dealt, false, random); groups.k > 0 {
			values[i] = clarities(dealt, columns, groups)
		}
	})
	all := slices.Concat(values...)
	slices.Sort(all)
	m.chance = &calibration{all}
	return err
}

// someDealt gives the sheet with the votes of a tenth of the columns dealt anew, one at
// least, and which they are.
func (y *sheet) someDealt(random *rand.Rand) (*sheet, []int) {
	other := *y
	other.value = slices.Clone(y.value)
	columns := random.Perm(y.columns)[:int(math.Ceil(meaninglessShare*float64(y.columns)))]
	for _, s := range columns {
		other.deal(y.byColumn[s], random)
	}
	return &other, columns
}

// clarities gives the p-values of all groups on some columns, as clearerSide finds them.
func clarities(y *sheet, columns []int, groups division) []float64 {
	values := make([]float64, 0, groups.k*len(columns))
	counts := make([]Tally, groups.k)
	for _, s := range columns {
		clear(counts)
		var all Tally
		for _, i := range y.byColumn[s] {
			vote := int8(math.Round(y.value[i] + y.mean[s]))
			counts[groups.own[y.rowOf[i]]].count(vote)
			all.count(vote)
		}
		for _, group := range counts {
			rest := Tally{Agree: all.Agree - group.Agree, Disagree: all.Disagree - group.Disagree, Pass: all.Pass - group.Pass}
			if group.Voted() > 0 && rest.Voted() > 0 {
				_, p := clearerSide(group, rest)
				values = append(values, p)
			}
		}
	}
	return values
}

// apply gives the share of differences without meaning that are as clear as p or clearer,
// the one asked about counted among them. A nil calibration gives p itself.
func (c *calibration) apply(p float64) float64 {
	if c == nil {
		return p
	}
	// What is equal but for rounding counts.
	asClear, _ := slices.BinarySearch(c.ascending, p*(1+1e-12))
	return max(p, float64(asClear+1)/float64(len(c.ascending)+1))
}
