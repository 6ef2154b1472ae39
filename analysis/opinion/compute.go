package opinion

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Compute gives the opinion map of the votes. Too few people or statements are an
// ordinary result: see Map.Shortfall. Its only error is that of a ctx that is done.
//
// The statements of votes are taken to be the visible ones; hidden, removed and merged
// statements must be left out by the caller.
func Compute(ctx context.Context, votes Votes, options Options) (Map, error) {
	needed := votesNeeded(votes.Statements())
	people := onMap(votes, needed)
	result := Map{
		Participants: votes.Participants(),
		Statements:   votes.Statements(),
		Votes:        votes.Len(),
		Seed:         options.Seed,
		VotesNeeded:  needed,
		OnMap:        people,
		Shortfall:    shortfall(votes, needed, len(people)),
	}
	if result.Shortfall.Kind != Ready {
		return result, ctx.Err()
	}
	y := newSheet(votes, people)
	if err := result.draw(ctx, y, options); err != nil {
		return Map{}, err
	}
	if options.Quick {
		result.judgeStatements(votes)
		return result, ctx.Err()
	}
	return Examine(ctx, votes, result, options)
}

// draw fills in axes, positions and groups.
func (m *Map) draw(ctx context.Context, y *sheet, options Options) error {
	found := leading(y, true, stream(options.Seed, forAxes, 0))
	chance, err := chanceLimits(ctx, y, options)
	if err != nil {
		return err
	}
	if m.AxesBeyondChance, err = countAxes(ctx, y, found, chance, options); err != nil {
		return err
	}
	m.Axes = groupingAxes(m.AxesBeyondChance)
	found = refilled(y, found, m.Axes, stream(options.Seed, forRefilling, 0))
	m.describeAxes(y, found)
	m.describeSpread(y, found)
	at := place(y, found, m.Axes, true)
	groups, err := divide(ctx, at, search{
		begins: restarts, workers: options.Workers,
		random: func(k int) *rand.Rand { return stream(options.Seed, forGroups, k) },
		choose: options.After.keeping,
	})
	if err != nil {
		return err
	}
	m.K, m.Silhouettes = groups.k, groups.silhouettes()
	m.division = orderGroups(y, groups)
	m.GroupsFound = m.K > 0 && found.strength[0] > chance.extreme
	if options.Quick {
		m.carry(options.After)
	}
	m.describePositions(y, at)
	m.assign(nil)
	return nil
}

// carry takes over what the map before knew by examination.
func (m *Map) carry(after *Map) {
	if !after.known() || m.K == 0 {
		return
	}
	m.Carried, m.GroupsFound = true, after.GroupsFound
	m.Test, m.Null97 = after.Test, after.Null97
	if m.K != after.K {
		return // calibration and noise are those of another number of groups
	}
	m.chance = after.chance
	for i := range m.Silhouettes {
		for _, s := range after.Silhouettes {
			if s.K == m.Silhouettes[i].K {
				m.Silhouettes[i].Noise = s.Noise
			}
		}
	}
}

// known says whether it was examined whether there are groups, now or before. The
// receiver may be nil.
func (m *Map) known() bool { return m != nil && (m.GroupsTested || m.Carried) }

// leastNoise is the noise that is counted on where none was measured yet, or less.
const leastNoise = 0.05

// keeping gives the k to take after m: that of m, unless another fits better by more
// than the noise that was measured then. The receiver may be nil.
func (m *Map) keeping(candidates []candidate) int {
	best := fittest(candidates)
	if m == nil || !m.GroupsFound || m.K < 2 || m.K-2 >= len(candidates) || best == m.K {
		return best
	}
	noise := leastNoise
	for _, s := range m.Silhouettes {
		if s.K == best {
			noise = max(noise, s.Noise)
		}
	}
	if logFit(candidates[best-2].Fit)-logFit(candidates[m.K-2].Fit) > noise {
		return best
	}
	return m.K
}

// logFit is the logarithm of a fit, held within what can be reckoned with.
func logFit(fit float64) float64 { return math.Log(min(max(fit, 1e-9), 1e9)) }

// describeAxes fills in Explained and Loadings.
func (m *Map) describeAxes(y *sheet, found spectrum) {
	m.Loadings = make([][2]float64, y.columns)
	for j := range 2 {
		if found.axis[j] == nil {
			continue
		}
		m.Explained[j] = found.strength[j] / y.squares
		for s, loading := range found.axis[j] {
			m.Loadings[s][j] = loading
		}
	}
}

// describePositions fills in Positions, in the order of OnMap.
func (m *Map) describePositions(y *sheet, at places) {
	rowOf := make([]int, m.Participants)
	for row, p := range y.people {
		rowOf[p] = row
	}
	m.Positions = make([]Position, len(m.OnMap))
	for i, p := range m.OnMap {
		from := rowOf[p] * at.axes
		m.Positions[i] = Position{
			Participant: p,
			X:           at.at[from], Y: at.at[from+1],
			SD: [2]float64{at.sd[from], at.sd[from+1]},
		}
	}
}

// assign fills in Groups, and the group of every position, by the division and what
// resamples said of it; nil for nothing.
func (m *Map) assign(stability *stability) {
	m.Groups, m.Unnamed = nil, nil
	groupOf := make([]int, m.Participants)
	for p := range groupOf {
		groupOf[p] = -1
	}
	if m.GroupsFound {
		for g, members := range m.division {
			group := Group{Members: members}
			if stability != nil {
				group.Stability = stability.jaccard[g]
				group.Word = stability.word(g)
			}
			if group.Word == NotNamed {
				m.Unnamed = append(m.Unnamed, members...)
				continue
			}
			for _, p := range members {
				groupOf[p] = len(m.Groups)
			}
			m.Groups = append(m.Groups, group)
		}
		slices.Sort(m.Unnamed)
	}
	for i := range m.Positions {
		position := &m.Positions[i]
		position.Group = groupOf[position.Participant]
		position.Between = stability != nil && position.Group >= 0 && stability.between[position.Participant]
	}
}
