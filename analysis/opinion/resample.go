package opinion

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// droppedShare is how much of the votes each resample leaves out.
	droppedShare = 0.1
	// resampledPeople is the number of people above which stability is measured on
	// testPeople of them, so that it costs no more in a larger crowd.
	resampledPeople = 2000
	// leastAlike is the share of resamples in which a person must fall into their group,
	// or they lie between groups.
	leastAlike = 0.8
	// leastAgreement is the mean adjusted Rand index of resamples with the map below which
	// no group is called more than tentative: near the edge between two groups people may
	// change sides by dozens while either group keeps most of its own.
	leastAgreement = 0.9
)

// stability is what resamples say of a division.
type stability struct {
	jaccard   []float64    // by group of Map.division
	agreement float64      // mean adjusted Rand index
	between   map[int]bool // participants who lie between groups
}

// named counts the groups that are stable enough to have a name.
func (s *stability) named() int {
	named := 0
	for g := range s.jaccard {
		if s.word(g) != NotNamed {
			named++
		}
	}
	return named
}

// word puts the stability of a group in a word.
func (s *stability) word(g int) StabilityWord {
	word := stabilityWord(s.jaccard[g])
	if s.agreement < leastAgreement && (word == Solid || word == Stable) {
		return Tentative
	}
	return word
}

// stabilityWord puts a mean Jaccard coefficient in a word. Hennig calls clusters above
// 0.85 highly stable, above 0.75 valid, between 0.6 and 0.75 a pattern whose members are
// doubtful, and trusts none below.
func stabilityWord(jaccard float64) StabilityWord {
	switch {
	case jaccard >= 0.85:
		return Solid
	case jaccard >= 0.75:
		return Stable
	case jaccard >= 0.6:
		return Tentative
	}
	return NotNamed
}

// resample drops a tenth of the votes time and again, seeks groups anew, and compares
// them with those of the map: the mean Jaccard coefficient of each group with the one it
// is matched with, how often each person stays in theirs, and by how much the fits of
// the numbers of groups wander (Hennig, Cluster-wise assessment of cluster stability,
// 2007, with votes dropped instead of people).
//
// Above resampledPeople people it is done on an excerpt of testPeople; those who are not
// in it are never said to lie between groups.
func (m *Map) resample(ctx context.Context, votes Votes, y *sheet, options Options) (*stability, error) {
	if y.rows() > resampledPeople {
		y = excerpt(votes, y)
	}
	own := m.rowGroups(y)
	outcomes := make([]outcome, options.permutations())
	err := each(ctx, options.Workers, len(outcomes), func(i int) {
		random := stream(options.Seed, forResamples, i)
		fewer := y.fewer(random)
		outcomes[i] = compare(own, m.again(ctx, fewer, true, random), m.K)
	})
	if err != nil {
		return nil, err
	}
	m.measureNoise(outcomes)
	return gather(outcomes, y, own, m.K), nil
}

// again seeks as many groups as the map has, on as many axes, in another sheet, inside a
// worker; with others also the other numbers of groups, to be compared. If ctx is done,
// what it gives means nothing.
func (m *Map) again(ctx context.Context, y *sheet, others bool, random *rand.Rand) division {
	how := search{
		begins: testRestarts, workers: 1,
		random: func(int) *rand.Rand { return random },
		choose: func(c []candidate) int { return min(m.K, c[len(c)-1].K) },
	}
	if !others {
		how.only = m.K
	}
	found := refilled(y, leading(y, true, random), m.Axes, random)
	groups, _ := divide(ctx, place(y, found, m.Axes, false), how)
	return groups
}

// rowGroups gives the group of every row of a sheet by the map's division.
func (m *Map) rowGroups(y *sheet) []int {
	groupOf := make(map[int]int, len(m.OnMap))
	for g, members := range m.division {
		for _, p := range members {
			groupOf[p] = g
		}
	}
	own := make([]int, y.rows())
	for row, p := range y.people {
		own[row] = groupOf[p]
	}
	return own
}

// fewer gives the sheet without a tenth of its votes, drawn by lot. The people stay,
// also those without any vote left.
func (y *sheet) fewer(random *rand.Rand) *sheet {
	other := &sheet{people: y.people, columns: y.columns, start: make([]int, 1, len(y.start)), byColumn: make([][]int32, y.columns)}
	kept := len(y.value)
	other.column, other.value, other.rowOf = make([]int32, 0, kept), make([]float64, 0, kept), make([]int32, 0, kept)
	for s, cells := range y.byColumn {
		other.byColumn[s] = make([]int32, 0, len(cells))
	}
	for row := range y.rows() {
		for i := y.start[row]; i < y.start[row+1]; i++ {
			if random.Float64() < droppedShare {
				continue
			}
			s := y.column[i]
			other.byColumn[s] = append(other.byColumn[s], int32(len(other.value)))
			other.column = append(other.column, s)
			other.value = append(other.value, y.value[i])
			other.rowOf = append(other.rowOf, int32(row))
		}
		other.start = append(other.start, len(other.value))
	}
	other.centre()
	return other
}

// outcome is what one resample says.
type outcome struct {
	jaccard   []float64
	agreement float64
	alike     []bool          // by row
	fits      map[int]float64 // by number of groups, as logarithms against that of Map.K
}

// compare matches the groups of a resample with those of the map. Where it found none,
// nothing is alike.
func compare(own []int, groups division, k int) outcome {
	o := outcome{jaccard: make([]float64, k), alike: make([]bool, len(own)), fits: map[int]float64{}}
	if groups.k == 0 {
		return o
	}
	shared := make([][]int, k)
	for g := range shared {
		shared[g] = make([]int, groups.k)
	}
	before, now := make([]int, k), make([]int, groups.k)
	for row, g := range own {
		shared[g][groups.own[row]]++
		before[g]++
		now[groups.own[row]]++
	}
	o.agreement = adjustedRand(shared, before, now)
	match := matchGroups(shared)
	for g, h := range match {
		if h >= 0 {
			both := shared[g][h]
			o.jaccard[g] = float64(both) / float64(before[g]+now[h]-both)
		}
	}
	for row, g := range own {
		o.alike[row] = match[g] == groups.own[row]
	}
	for _, c := range groups.candidates {
		o.fits[c.K] = logFit(c.Fit) - logFit(groups.taken().Fit)
	}
	return o
}

// adjustedRand is the agreement of two divisions corrected for chance, 1 for the same and
// about 0 for chance (Hubert and Arabie, Comparing partitions, 1985), from the table of
// the people they share and the sizes of the groups. Two divisions into one group are the
// same.
func adjustedRand(shared [][]int, before, now []int) float64 {
	pairs := func(counts []int) (sum, people float64) {
		for _, n := range counts {
			sum, people = sum+float64(n)*float64(n-1)/2, people+float64(n)
		}
		return sum, people
	}
	both, _ := pairs(slices.Concat(shared...))
	first, people := pairs(before)
	second, _ := pairs(now)
	expected := first * second / max(1, people*(people-1)/2)
	largest := (first + second) / 2
	if largest <= expected {
		return 1
	}
	return (both - expected) / (largest - expected)
}

// matchGroups gives each row of a table of shared people one column of its own, -1 where
// there are fewer, so that the sum shared is as large as it can be: the assignment that
// the Hungarian method finds, by trying all, of which there are 120 at most. The first
// of equals is taken.
func matchGroups(shared [][]int) []int {
	match := make([]int, len(shared))
	best, most := slices.Clone(match), -1
	var try func(g, sum int, taken uint)
	try = func(g, sum int, taken uint) {
		if g == len(shared) {
			if sum > most {
				most = sum
				copy(best, match)
			}
			return
		}
		for h, people := range shared[g] {
			if taken>>h&1 == 0 {
				match[g] = h
				try(g+1, sum+people, taken|1<<h)
			}
		}
		if len(shared[g]) < len(shared) {
			match[g] = -1
			try(g+1, sum, taken)
		}
	}
	try(0, 0, 0)
	return best
}

// measureNoise fills in Silhouette.Noise.
func (m *Map) measureNoise(outcomes []outcome) {
	for i := range m.Silhouettes {
		s := &m.Silhouettes[i]
		if s.K == m.K {
			continue
		}
		sum, squares, n := 0.0, 0.0, 0.0
		for _, o := range outcomes {
			if fit, ok := o.fits[s.K]; ok {
				sum, squares, n = sum+fit, squares+fit*fit, n+1
			}
		}
		if n > 1 {
			s.Noise = math.Sqrt(max(0, squares-sum*sum/n) / (n - 1))
		}
	}
}

// gather takes the means of all outcomes.
func gather(outcomes []outcome, y *sheet, own []int, k int) *stability {
	result := &stability{jaccard: make([]float64, k), between: map[int]bool{}}
	for g := range k {
		for _, o := range outcomes {
			result.jaccard[g] += o.jaccard[g]
		}
		result.jaccard[g] /= float64(len(outcomes))
	}
	for _, o := range outcomes {
		result.agreement += o.agreement
	}
	result.agreement /= float64(len(outcomes))
	counts := make([]int, len(own))
	for _, o := range outcomes {
		for row, alike := range o.alike {
			if alike {
				counts[row]++
			}
		}
	}
	for row, p := range y.people {
		if float64(counts[row]) < leastAlike*float64(len(outcomes)) {
			result.between[p] = true
		}
	}
	return result
}
