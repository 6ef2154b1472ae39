package opinion

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// testPeople is the number of people above which the groups are tested on as many,
// evenly spread over the voting patterns, so that the test costs no more in a larger
// room.
const testPeople = 500

// testRestarts is how often k-means begins anew in each of the divisions that are
// compared with one another; see restarts for those that are shown.
const testRestarts = 12

// GroupTest says how the votes compare with votes of the same people and statements in
// which there can be no groups: every statement's votes dealt anew among those who
// voted on it.
//
// Two figures are compared together: the share of variance on the first axis, and the
// silhouette of the groups that fit best. Each gets its place among the like figures of
// the permuted votes, as a share p; the product of both places is compared with the
// products of the permuted votes (Fisher's combination, its distribution found by
// permutation: Pesarin, Multivariate permutation tests, 2001). Groups are found where at
// most 3 in 100 stand out as much, and the silhouette is among the best fifth: the first
// axis alone would call any shared leaning a group.
type GroupTest struct {
	// People is how many were tested: those on the map, 500 of them at most.
	People int
	// Permutations is how many votes dealt anew they were compared with.
	Permutations int
	// Silhouette is the mean silhouette of the groups that fit best among the tested;
	// that of permuted votes stays below SilhouetteNull90 in 90 of 100 and below
	// SilhouetteNull97 in 97 of 100.
	Silhouette, SilhouetteNull90, SilhouetteNull97 float64
	// Explained is the share of the variance on the first axis; that of permuted votes
	// stays below ExplainedNull97 in 97 of 100.
	Explained, ExplainedNull97 float64
	// Chance is the share of permuted votes that stand out as much as these, by both
	// figures together, these counted as one of them: 1/(Permutations+1) … 1.
	Chance float64
	// SilhouetteChance is the same by the silhouette alone.
	SilhouetteChance float64
}

const (
	// mostChance is the largest Chance at which groups are shown. It keeps the share of
	// rooms without groups that show some below 5 in 100.
	mostChance = 0.03
	// lingeringChance is the largest for groups that were shown before.
	lingeringChance = 0.05
	// nearChance is the largest of the examined map before, where that showed none.
	nearChance = 0.1
	// mostSilhouetteChance is the largest SilhouetteChance for it.
	mostSilhouetteChance = 0.2
)

// found tells whether the votes stand out. Groups that the map before showed stay until
// lingeringChance, so that they do not come and go with every vote; where it was tested
// and showed none, it must have been near to it, so that many looks at a room without
// groups do not show some in the end.
func (t GroupTest) found(before *Map) bool {
	most := mostChance
	if before.known() && before.Test.Permutations > 0 {
		switch {
		case before.GroupsFound:
			most = lingeringChance
		case before.Test.Chance > nearChance:
			return false
		}
	}
	return t.Chance <= most && t.SilhouetteChance <= mostSilhouetteChance
}

// ranks gives for each figure how many are as large or larger, itself among them.
func ranks(figures []float64) []int {
	sorted := slices.Sorted(slices.Values(figures))
	list := make([]int, len(figures))
	for i, x := range figures {
		below, _ := slices.BinarySearch(sorted, x)
		list[i] = len(figures) - below
	}
	return list
}

// combinedChance gives Chance and SilhouetteChance of the last of the figures among all.
func combinedChance(silhouettes, explained []float64) (both, silhouette float64) {
	s, e := ranks(silhouettes), ranks(explained)
	last := len(s) - 1
	asMuch := 0
	for i := range s {
		if s[i]*e[i] <= s[last]*e[last] {
			asMuch++
		}
	}
	return float64(asMuch) / float64(len(s)), float64(s[last]) / float64(len(s))
}

// standing is what is compared with permuted votes.
type standing struct {
	silhouette float64
	explained  float64 // share of the variance on the first axis
}

// testGroups compares the groups with those in permuted votes. All are sought on the
// same number of axes and with as many restarts.
func (m *Map) testGroups(ctx context.Context, votes Votes, y *sheet, options Options) error {
	m.GroupsTested, m.GroupsFound = true, false
	if m.K == 0 {
		return ctx.Err()
	}
	if y.rows() > testPeople {
		y = excerpt(votes, y)
	}
	observed, err := stand(ctx, y, m.Axes, options.Workers, func(task int) *rand.Rand {
		return stream(options.Seed, forTest, task)
	})
	if err != nil {
		return err
	}
	silhouettes, explained, err := nullStandings(ctx, y, m.Axes, options)
	if err != nil {
		return err
	}
	m.Test = GroupTest{
		People: y.rows(), Permutations: len(silhouettes),
		Silhouette:       observed.silhouette,
		SilhouetteNull90: quantile(silhouettes, 0.90),
		SilhouetteNull97: quantile(silhouettes, 0.97),
		Explained:        observed.explained,
		ExplainedNull97:  quantile(explained, 0.97),
	}
	m.Test.Chance, m.Test.SilhouetteChance = combinedChance(append(silhouettes, observed.silhouette), append(explained, observed.explained))
	m.Null97 = m.Test.SilhouetteNull97
	m.GroupsFound = m.Test.found(options.After)
	return nil
}

// permutations gives the number of permuted votes to test against.
func (o Options) permutations() int {
	if o.Permutations <= 0 {
		return 200
	}
	return max(33, o.Permutations)
}

// nullStandings gives the silhouettes and the explained shares of permuted votes.
func nullStandings(ctx context.Context, y *sheet, axes int, options Options) (silhouettes, explained []float64, err error) {
	silhouettes = make([]float64, options.permutations())
	explained = make([]float64, len(silhouettes))
	err = each(ctx, options.Workers, len(silhouettes), func(i int) {
		random := stream(options.Seed, forPermutations, i)
		// Inside a worker already; if cancelled, each says so.
		one, _ := stand(ctx, y.permuted(random), axes, 1, func(int) *rand.Rand { return random })
		silhouettes[i], explained[i] = one.silhouette, one.explained
	})
	return silhouettes, explained, err
}

// stand takes a sheet through axes, positions and groups. random gives the stream for
// the axes (0) and for each number of groups.
func stand(ctx context.Context, y *sheet, axes, workers int, random func(int) *rand.Rand) (standing, error) {
	if y.squares <= 0 {
		return standing{}, ctx.Err()
	}
	forVectors := random(0)
	found := leading(y, true, forVectors)
	groups, err := divide(ctx, place(y, refilled(y, found, axes, forVectors), axes, false), search{begins: testRestarts, workers: workers, random: random})
	return standing{groups.taken().Mean, found.strength[0] / y.squares}, err
}

// excerpt gives testPeople rows of the sheet, evenly spread, as a sheet of their own.
func excerpt(votes Votes, y *sheet) *sheet {
	people := make([]int, testPeople)
	for i := range people {
		people[i] = y.people[i*y.rows()/testPeople]
	}
	return newSheet(votes, people)
}

// quantile gives the value that at most the share 1 − level exceed, the observed value
// counted as one of its own null: the one of rank level (n + 1), rounded up. The
// sample holds 33 values or more, for a level up to 0.97.
func quantile(sample []float64, level float64) float64 {
	sorted := slices.Sorted(slices.Values(sample))
	return sorted[int(math.Ceil(level*float64(len(sorted)+1)))-1]
}
