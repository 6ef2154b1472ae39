package opinion

import (
	"context"
	"slices"
)

// residualRidge keeps the few votes of a person from being explained away whole when
// what the first axes leave over is looked at. Of 0.05, 0.15, 0.3, 0.5 and 1.5, 0.3 told
// four planted groups best without finding axes that are none among two or three (400
// rooms of 40 people each).
const residualRidge = 0.3

// countAxes gives how many leading axes carry more than chance, 0 … mostAxes.
//
// The first is compared with permuted votes. Every further one is sought in what the
// axes before it leave over, and compared with that left-over permuted in the same way:
// beside the strengths of permuted votes, where no strong axis takes its part, a weak
// axis that is real would go unseen. (The idea is the deflation of Dobriban and Owen,
// Deterministic parallel analysis, 2019; here the axes are taken from the votes cast
// alone.) Above parallelPeople rows the edge of the spectrum of the left-over stands in
// for permutations.
func countAxes(ctx context.Context, y *sheet, found spectrum, chance firstAxis, options Options) (int, error) {
	for j := range mostAxes {
		limit := chance.usual
		strength := found.strength[j]
		if j > 0 && found.axis[j] != nil {
			if y.rows() > parallelPeople {
				limit = spectrumEdge(y.rows(), y.variances(found, j))
			} else {
				var err error
				if strength, limit, err = leftOver(ctx, y.without(found, j), j, options); err != nil {
					return 0, err
				}
			}
		}
		if found.axis[j] == nil || strength <= limit {
			return j, ctx.Err()
		}
	}
	return mostAxes, ctx.Err()
}

// leftOver gives the strength of the first axis of a sheet, and what that of the
// permuted sheet hardly reaches.
func leftOver(ctx context.Context, y *sheet, number int, options Options) (strength, limit float64, err error) {
	strengths, err := permutedStrengths(ctx, y, number, options)
	random := stream(options.Seed, forAxes, number)
	return leading(y, false, random).strength[0], strengths[parallelPermutations-2], err
}

// without gives the sheet less what its first axes explain of the votes cast, centred
// again.
func (y *sheet) without(found spectrum, axes int) *sheet {
	other := *y
	other.value = slices.Clone(y.value)
	loadings := make([]float64, y.columns*axes)
	for a := range axes {
		for s, loading := range found.axis[a] {
			loadings[s*axes+a] = loading
		}
	}
	for row := range y.rows() {
		var system ridge
		for a := range axes {
			system.matrix[a][a] = residualRidge
		}
		cells := other.value[y.start[row]:y.start[row+1]]
		columns := y.column[y.start[row]:y.start[row+1]]
		for i, value := range cells {
			system.add(loadings[int(columns[i])*axes:][:axes], value)
		}
		system.solve(axes)
		for i := range cells {
			for a, loading := range loadings[int(columns[i])*axes:][:axes] {
				cells[i] -= system.right[a] * loading
			}
		}
	}
	other.centre()
	return &other
}

// centre takes its mean from every column, over the votes cast.
func (y *sheet) centre() {
	y.squares = 0
	for _, cells := range y.byColumn {
		sum := 0.0
		for _, i := range cells {
			sum += y.value[i]
		}
		for _, i := range cells {
			y.value[i] -= sum / float64(len(cells))
			y.squares += y.value[i] * y.value[i]
		}
	}
}
