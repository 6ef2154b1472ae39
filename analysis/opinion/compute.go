package opinion

import (
	"context"
	"math/rand/v2"
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
	members, err := result.draw(ctx, votes, y, options)
	if err != nil {
		return Map{}, err
	}
	result.judgeStatements(votes, members)
	return result, ctx.Err()
}

// draw fills in axes, positions and groups, and gives the members of the groups that
// the statements are to be counted by: the groups found, else everybody.
func (m *Map) draw(ctx context.Context, votes Votes, y *sheet, options Options) ([][]int, error) {
	found := leading(y, true, stream(options.Seed, forAxes, 0))
	chance, err := chanceLimits(ctx, y, options)
	if err != nil {
		return nil, err
	}
	m.AxesBeyondChance = chance.beyondChance(found)
	m.Axes = groupingAxes(m.AxesBeyondChance)
	m.describeAxes(y, found)
	m.describeSpread(y, found)
	at := place(y, found, m.Axes, true)
	groups, err := divide(ctx, at, options.Workers, func(k int) *rand.Rand { return stream(options.Seed, forGroups, k) })
	if err != nil {
		return nil, err
	}
	m.K, m.Silhouettes = groups.k, groups.silhouettes
	m.GroupsFound = m.K > 0 && found.strength[0] > chance.first
	if !options.Quick {
		observed := standing{groups.best(), m.Explained[0]}
		if err := m.testGroups(ctx, votes, y, chance, observed, options); err != nil {
			return nil, err
		}
	}
	members := [][]int{m.OnMap}
	if m.GroupsFound {
		members = orderGroups(y, groups)
		for _, group := range members {
			m.Groups = append(m.Groups, Group{Members: group})
		}
	}
	m.describePositions(y, at)
	return members, nil
}

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
	groupOf := make([]int, m.Participants)
	for p := range groupOf {
		groupOf[p] = -1
	}
	for g, group := range m.Groups {
		for _, p := range group.Members {
			groupOf[p] = g
		}
	}
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
			SD:    [2]float64{at.sd[from], at.sd[from+1]},
			Group: groupOf[p],
		}
	}
}
