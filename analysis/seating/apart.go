package seating

import "slices"

// readApart takes the pairs to be kept apart, sets aside those that contradict a
// stronger rule, and looks for more people all apart than there are tables.
func (r *rules) readApart(known map[ParticipantID]int, lists [][]ParticipantID) {
	for _, list := range lists {
		r.present(known, RuleApart, list)
	}
	r.pairs = apartPairs(known, lists)
	r.apart = make([][]int, len(r.units))
	for _, pair := range r.pairs {
		a, b := r.unitOf[pair[0]], r.unitOf[pair[1]]
		if r.contradicts(pair) {
			r.refuse(Unmet{Rule: RuleApart, Why: WhyContradiction, People: r.ids(pair[:])})
			continue
		}
		r.apart[a] = append(r.apart[a], b)
		r.apart[b] = append(r.apart[b], a)
	}
	for u := range r.apart {
		slices.Sort(r.apart[u])
		r.apart[u] = slices.Compact(r.apart[u])
	}
	if clique := largestClique(r.pairs, r.lay.tables+1); len(clique) > r.lay.tables {
		r.clique = clique
	}
}

// contradicts tells whether two people to be apart share a unit or a locked table.
func (r *rules) contradicts(pair [2]int) bool {
	a, b := r.unitOf[pair[0]], r.unitOf[pair[1]]
	return a == b || r.lock[a] >= 0 && r.lock[a] == r.lock[b]
}

// apartPairs are the pairs of indices that the options ask to keep apart, sorted and
// once each; people who are not known, or known as −1, are left out.
func apartPairs(known map[ParticipantID]int, lists [][]ParticipantID) [][2]int {
	var pairs [][2]int
	for _, list := range lists {
		for a, one := range list {
			for _, other := range list[a+1:] {
				i, here := known[one]
				j, too := known[other]
				if here && too && i != j && min(i, j) >= 0 {
					pairs = append(pairs, [2]int{min(i, j), max(i, j)})
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(pairs)
}

// largestClique finds people of whom every two are a pair: the largest such set, or
// the first with enough people, or the best after cliqueSteps steps. Branch and
// bound after Carraghan and Pardalos, Operations Research Letters 9 (1990).
func largestClique(pairs [][2]int, enough int) []int {
	next := map[int][]int{}
	var starts []int
	for _, pair := range pairs {
		next[pair[0]] = append(next[pair[0]], pair[1])
		starts = append(starts, pair[0])
	}
	starts = slices.Compact(starts)
	var best []int
	steps := 0
	var grow func(clique, candidates []int)
	grow = func(clique, candidates []int) {
		if len(clique) > len(best) {
			best = slices.Clone(clique)
		}
		for k, c := range candidates {
			steps++
			if len(clique)+len(candidates)-k <= len(best) || len(best) >= enough || steps > cliqueSteps {
				return
			}
			var left []int
			for _, d := range candidates[k+1:] {
				if _, ok := slices.BinarySearch(next[c], d); ok {
					left = append(left, d)
				}
			}
			grow(append(clique, c), left)
		}
	}
	for _, s := range starts {
		grow([]int{s}, next[s])
	}
	return best
}

// cliqueSteps bounds the search for a clique to a few milliseconds; rules made by
// people never come near.
const cliqueSteps = 5_000
