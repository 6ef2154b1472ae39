package seating

import (
	"cmp"
	"slices"
)

// newPlan writes up a seating: at is the table of every person.
func newPlan(r *rules, fs []feature, at []int, late []ParticipantID, fits bool, o Options) Plan {
	tables := make([][]int, r.lay.tables)
	for i, t := range at {
		tables[t] = append(tables[t], i)
	}
	plan := Plan{
		Mode: o.Mode, Seed: o.Seed, MinSeats: o.MinSeats, MaxSeats: o.MaxSeats,
		Measure: measured(fs, tables),
	}
	round := Round{Number: 1}
	for t, seats := range tables {
		table := r.table(t, seats, fs, at)
		plan.Fairness.LargestMixGap = max(plan.Fairness.LargestMixGap, table.MixGap)
		round.Tables = append(round.Tables, table)
	}
	plan.Rounds = []Round{round}
	plan.Fairness.Unseated = late
	plan.Fairness.Unmet = r.report(tables, at, fits, o)
	return plan
}

// table gives the facts of one table.
func (r *rules) table(t int, seats []int, fs []feature, at []int) Table {
	table := Table{Number: t + 1, Seats: r.ids(seats), Counts: map[string][]Count{}}
	for _, f := range fs {
		counts := f.counted(seats)
		if counts == nil {
			continue
		}
		table.Counts[f.Field] = counts
		if f.Gather || f.Weight == 0 || len(seats) == 0 {
			continue
		}
		if gap, rounding := f.gap(counts, len(seats)); table.GapField == "" || gap > table.MixGap {
			table.MixGap, table.Rounding, table.GapField = gap, rounding, f.Field
		}
	}
	if len(r.needs) > 0 {
		table.Able = map[string]int{}
	}
	for _, need := range r.needs {
		table.Able[need.Skill] = r.holders(seats, need.Skill)
	}
	for _, list := range r.lists {
		if !slices.ContainsFunc(list, func(i int) bool { return at[i] != t }) {
			table.KeptTogether++
		}
	}
	for _, pair := range r.pairs {
		if here, there := at[pair[0]] == t, at[pair[1]] == t; here != there {
			table.KeptApart++
		}
	}
	return table
}

// gap is how many seats, as a share, differ from the room, and how much of that no
// seating of so many seats can avoid: ½ Σ_v |n_v/s − p_v|, and the same for the
// rounding of s·p_v by largest remainder, which is the nearest. The unavoidable part
// is taken off the gap.
func (f feature) gap(counts []Count, seats int) (gap, rounding float64) {
	// In whole numbers, times 2·s·n.
	people := len(f.codes)
	off := 0
	remainders := make([]int, len(counts))
	left := seats
	for v, c := range counts {
		off += abs(c.People*people - seats*f.counts[v])
		remainders[v] = seats * f.counts[v] % people
		left -= seats * f.counts[v] / people
	}
	slices.SortFunc(remainders, func(a, b int) int { return cmp.Compare(b, a) })
	least := 0
	for k, rest := range remainders {
		if k < left {
			rest = people - rest
		}
		least += rest
	}
	unit := 1 / float64(2*seats*people)
	return float64(off-least) * unit, float64(least) * unit
}

func abs(n int) int { return max(n, -n) }

// report lists what the finished plan does not keep, in the order of keeping.
func (r *rules) report(tables [][]int, at []int, fits bool, o Options) []Unmet {
	unmet := slices.Clone(r.unmet)
	unmet = append(unmet, sizesUnmet(tables, fits, o)...)
	for _, list := range r.lists {
		split := slices.ContainsFunc(list, func(i int) bool { return at[i] != at[list[0]] })
		if split && !r.brokenBefore(list) {
			unmet = append(unmet, Unmet{Rule: RuleTogether, Why: WhyNotFound, People: r.ids(list), Tables: tablesOf(list, at)})
		}
	}
	unmet = append(unmet, r.cliqueUnmet(at)...)
	for _, pair := range r.pairs {
		inClique := slices.Contains(r.clique, pair[0]) && slices.Contains(r.clique, pair[1])
		if at[pair[0]] == at[pair[1]] && !inClique && !r.contradicts(pair) {
			unmet = append(unmet, Unmet{Rule: RuleApart, Why: WhyNotFound, People: r.ids(pair[:]), Tables: tablesOf(pair[:], at)})
		}
	}
	unmet = append(unmet, r.needsUnmet(tables)...)
	rank := map[Rule]int{RuleSeats: 0, RuleSizes: 1, RuleLock: 2, RuleTogether: 3, RuleApart: 4, RuleNeed: 5}
	slices.SortStableFunc(unmet, func(a, b Unmet) int { return rank[a.Rule] - rank[b.Rule] })
	return unmet
}

// brokenBefore tells whether a list of people kept together had to be parted before
// the search, for a reason that is named.
func (r *rules) brokenBefore(list []int) bool {
	return slices.ContainsFunc(r.unmet, func(u Unmet) bool {
		return u.Rule == RuleTogether && u.Why != WhyAbsent && slices.ContainsFunc(list, func(i int) bool {
			return slices.Contains(u.People, r.people[i].ID)
		})
	})
}

func sizesUnmet(tables [][]int, fits bool, o Options) []Unmet {
	var off []int
	people := 0
	for t, seats := range tables {
		people += len(seats)
		if len(seats) < o.MinSeats || len(seats) > o.MaxSeats {
			off = append(off, t+1)
		}
	}
	switch {
	case off == nil:
		return nil
	case fits:
		return []Unmet{{Rule: RuleSizes, Why: WhyNotFound, Tables: off}}
	}
	return []Unmet{{Rule: RuleSizes, Why: WhyNoCount, Tables: off, Have: people, Want: len(tables) * o.MinSeats}}
}

// cliqueUnmet names people who cannot all be apart, and the tables where some meet.
func (r *rules) cliqueUnmet(at []int) []Unmet {
	if r.clique == nil {
		return nil
	}
	u := Unmet{Rule: RuleApart, Why: WhyClique, People: r.ids(r.clique), Have: len(r.clique), Want: r.lay.tables}
	for k, i := range r.clique {
		for _, j := range r.clique[:k] {
			if at[i] == at[j] {
				u.Tables = append(u.Tables, at[i]+1)
			}
		}
	}
	slices.Sort(u.Tables)
	u.Tables = slices.Compact(u.Tables)
	return []Unmet{u}
}

func (r *rules) needsUnmet(tables [][]int) []Unmet {
	var unmet []Unmet
	for _, need := range r.needs {
		u := Unmet{Rule: RuleNeed, Why: WhyNotFound, Skill: need.Skill}
		have, want := 0, need.PerTable*len(tables)
		for t, seats := range tables {
			here := r.holders(seats, need.Skill)
			have += here
			if here < need.PerTable {
				u.Tables = append(u.Tables, t+1)
			}
		}
		if have < want {
			u.Why, u.Have, u.Want = WhyTooFew, have, want
		}
		if u.Tables != nil {
			unmet = append(unmet, u)
		}
	}
	return unmet
}

// tablesOf are the numbers of the tables of some people, ascending.
func tablesOf(people, at []int) []int {
	var tables []int
	for _, i := range people {
		tables = append(tables, at[i]+1)
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}
