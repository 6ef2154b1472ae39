package opinion

import (
	"context"
	"slices"
)

// Examine says of a map that Compute has drawn from the same votes, quick or not, whether
// its groups are more than chance, how stable they are, and which statements they hold
// for sure: what takes most of the time. Options must be those of Compute; m is not
// changed. Its only error is that of a ctx that is done.
func Examine(ctx context.Context, votes Votes, m Map, options Options) (Map, error) {
	if m.Shortfall.Kind != Ready {
		return m, ctx.Err()
	}
	m.Positions = slices.Clone(m.Positions)
	m.Silhouettes = slices.Clone(m.Silhouettes)
	m.Carried, m.chance = false, nil
	for i := range m.Silhouettes {
		m.Silhouettes[i].Noise = 0
	}
	y := newSheet(votes, m.OnMap)
	if err := m.testGroups(ctx, votes, y, options); err != nil {
		return Map{}, err
	}
	var found *stability
	if m.GroupsFound {
		var err error
		if found, err = m.resample(ctx, votes, y, options); err != nil {
			return Map{}, err
		}
		// One group with a name beside others without has nothing to differ from.
		if named := found.named(); named < 2 {
			m.GroupsFound, found = false, nil
		}
	}
	m.Agreement = 0
	if m.Resampled = found != nil; m.Resampled {
		m.Agreement = found.agreement
		if err := m.calibrate(ctx, votes, y, options); err != nil {
			return Map{}, err
		}
	}
	m.assign(found)
	m.judgeStatements(votes)
	return m, ctx.Err()
}
