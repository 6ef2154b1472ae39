package opinion

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// scatter makes random votes as a sheet.
func scatter(t testing.TB, people, statements int, answered float64) *sheet {
	t.Helper()
	random := rand.New(rand.NewPCG(9, 9))
	var votes []Vote
	everybody := make([]int, people)
	for p := range people {
		everybody[p] = p
		for s := range statements {
			if random.Float64() < answered {
				value := int8(random.IntN(3) - 1)
				if s%4 == 0 && p%2 == 0 {
					value = Agree
				}
				votes = append(votes, Vote{p, s, value})
			}
		}
	}
	made, err := NewVotes(people, statements, votes)
	if err != nil {
		t.Fatal(err)
	}
	return newSheet(made, everybody)
}

func TestAllWaysToTheAxesAgree(t *testing.T) {
	for _, y := range []*sheet{scatter(t, 40, 90, 0.6), scatter(t, 90, 40, 0.6)} {
		byRows := y.rows() < y.columns
		side := min(y.rows(), y.columns)
		random := rand.New(rand.NewPCG(2, 2))
		want, wantAxes := decompose(products(y, byRows), side, true)
		for name, apply := range map[string]operator{
			"matrix of products": productOperator(products(y, byRows), side),
			"sparse":             sparseOperator(y, byRows),
		} {
			got, axes := lanczos(side, apply, 1e-9, random)
			for j := range want {
				if math.Abs(got[j]/want[j]-1) > 1e-12 {
					t.Errorf("%s: value %d is %v, want %v", name, j, got[j], want[j])
				}
				if cosine := math.Abs(floats.Dot(axes[j], wantAxes[j])); cosine < 1-1e-9 {
					t.Errorf("%s: axis %d has cosine %v", name, j, cosine)
				}
			}
		}
	}
}

func TestLanczosFindsRepeatedValues(t *testing.T) {
	values := []float64{5, 5, 5, 2, 1, 1, 0, 0}
	got, _ := lanczos(len(values), func(dst, v []float64) {
		for i := range dst {
			dst[i] = values[i] * v[i]
		}
	}, 1e-9, rand.New(rand.NewPCG(2, 2)))
	if !floats.EqualApprox(got, values[:mostAxes], 1e-9) {
		t.Errorf("got %v, want %v", got, values[:mostAxes])
	}
}

func TestOrient(t *testing.T) {
	cases := map[string][2][]float64{
		"largest already positive": {{0.1, 0.9, -0.3}, {0.1, 0.9, -0.3}},
		"largest negative":         {{0.1, -0.9, 0.3}, {-0.1, 0.9, -0.3}},
		"first of equals":          {{-0.5, 0.5}, {0.5, -0.5}},
		"equal but for rounding":   {{-0.5, 0.5 + 1e-12}, {0.5, -0.5 - 1e-12}},
		"nothing":                  {{0, 0}, {0, 0}},
	}
	for name, c := range cases {
		got := slices.Clone(c[0])
		orient(got)
		if !slices.Equal(got, c[1]) {
			t.Errorf("%s: got %v, want %v", name, got, c[1])
		}
	}
}

// TestPlaceWithCompleteVotes checks that without gaps a position is the projection,
// shortened by (λ − ρ)/λ on each axis.
func TestPlaceWithCompleteVotes(t *testing.T) {
	y := scatter(t, 60, 20, 1)
	random := rand.New(rand.NewPCG(1, 1))
	found := leading(y, true, random)
	at := place(y, found, 2, true)
	left := (y.squares - found.strength[0] - found.strength[1]) / float64(y.columns-2)
	projection := make([]float64, y.rows())
	for j := range 2 {
		y.times(projection, found.axis[j])
		shorter := (found.strength[j] - left) / found.strength[j]
		for row := range projection {
			if got, want := at.at[row*2+j], shorter*projection[row]; math.Abs(got-want) > 1e-9 {
				t.Fatalf("axis %d, row %d: %v, want %v", j, row, got, want)
			}
		}
		if want := math.Sqrt(left / float64(y.rows()) * shorter); math.Abs(at.sd[j]-want) > 1e-9 {
			t.Errorf("axis %d: sd %v, want %v", j, at.sd[j], want)
		}
	}
}

// TestSpectrumEdgeOfEqualVariances compares with Marchenko and Pastur and with
// Johnstone's centre and scale, (√n + √m)² and (√n + √m)(1/√n + 1/√m)^(1/3).
func TestSpectrumEdgeOfEqualVariances(t *testing.T) {
	const n, m = 600, 150
	y := &sheet{people: make([]int, n), columns: m, byColumn: make([][]int32, m)}
	for s := range m {
		for range n {
			y.byColumn[s] = append(y.byColumn[s], int32(len(y.value)))
			y.value = append(y.value, 1)
		}
	}
	rootN, rootM := math.Sqrt(n), math.Sqrt(m)
	want := (rootN+rootM)*(rootN+rootM) + tracyWidom95*(rootN+rootM)*math.Cbrt(1/rootN+1/rootM)
	if got := spectrumEdge(y.rows(), y.variances(spectrum{}, 0)); math.Abs(got/want-1) > 1e-9 {
		t.Errorf("edge %v, want %v", got, want)
	}
}

func TestKmeansKeepsToTheSmallestGroup(t *testing.T) {
	// Ten points in a heap, one far away.
	points := []float64{0, 0, 1, 0, 0, 1, 1, 1, 2, 0, 0, 2, 2, 1, 1, 2, 2, 2, 3, 1, 50, 50}
	own, _ := newKmeans(points, 2).search(2, 3, restarts, rand.New(rand.NewPCG(1, 1)))
	sizes := map[int]int{}
	for _, g := range own {
		sizes[g]++
	}
	if len(sizes) != 2 || min(sizes[0], sizes[1]) < 3 {
		t.Errorf("sizes %v", sizes)
	}
	// The two nearest to the far one must join it.
	if own[8] != own[10] || own[0] == own[10] {
		t.Errorf("groups %v", own)
	}
}

func TestKmeansWithFewerPlacesThanGroups(t *testing.T) {
	points := []float64{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}
	own, centres := newKmeans(points, 1).search(3, 3, restarts, rand.New(rand.NewPCG(1, 1)))
	if len(own) != 10 || floats.HasNaN(centres) {
		t.Errorf("groups %v, centres %v", own, centres)
	}
}

// TestMeanSilhouette has 0, 1 | 4 on a line: (4−1)/4, (3−1)/3 and 0 for the single one.
func TestMeanSilhouette(t *testing.T) {
	between, done := distances([]float64{0, 1, 4}, 1)
	defer done()
	got := meanSilhouette(between, []int{0, 0, 1}, 2)
	if want := (3.0/4 + 2.0/3) / 3; math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestFalseDiscoveries has the figures of R: p.adjust(c(0.01, 0.04, 0.03, 0.5), "BH")
// gives 0.04, 0.05333, 0.05333, 0.5.
func TestFalseDiscoveries(t *testing.T) {
	got := falseDiscoveries([]float64{0.01, 0.04, 0.03, 0.5}, []int{0, 2, 1, 3})
	if want := []float64{0.04, 0.16 / 3, 0.16 / 3, 0.5}; !floats.EqualApprox(got, want, 1e-12) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPermutedKeepsWhoVotedOnWhat(t *testing.T) {
	y := scatter(t, 30, 10, 0.5)
	other := y.permuted(rand.New(rand.NewPCG(3, 3)))
	for s, cells := range y.byColumn {
		var before, after []float64
		for _, i := range cells {
			before, after = append(before, y.value[i]), append(after, other.value[i])
		}
		slices.Sort(before)
		slices.Sort(after)
		if !slices.Equal(before, after) {
			t.Errorf("statement %d: votes %v became %v", s, before, after)
		}
	}
	if slices.Equal(y.value, other.value) {
		t.Error("nothing was dealt anew")
	}
}

func TestQuantile(t *testing.T) {
	sample := make([]float64, 99)
	for i := range sample {
		sample[i] = float64(99 - i)
	}
	if got := quantile(sample, 0.97); got != 97 {
		t.Errorf("got %v, want 97", got)
	}
	if got := quantile(sample[:40], 0.97); got != 99 {
		t.Errorf("got %v, want the largest of 40, 99", got)
	}
	if got := quantile(sample[:33], 0.9); got != 97 {
		t.Errorf("got %v, want the third largest of 33, 97", got)
	}
}

// The filled matrix is never built; built, it has the same axes.
func TestRefilledAxesAreThoseOfTheFilledMatrix(t *testing.T) {
	for _, y := range []*sheet{scatter(t, 40, 90, 0.6), scatter(t, 90, 40, 0.6), scatter(t, 120, 100, 0.4)} {
		random := rand.New(rand.NewPCG(2, 2))
		found := leading(y, true, random)
		const axes = 3
		at := place(y, found, axes, false).at
		filled := mat.NewDense(y.rows(), y.columns, nil)
		for row := range y.rows() {
			for s := range y.columns {
				said := 0.0
				for a := range axes {
					said += at[row*axes+a] * found.axis[a][s]
				}
				filled.Set(row, s, said)
			}
		}
		for i, value := range y.value {
			filled.Set(int(y.rowOf[i]), int(y.column[i]), value)
		}
		var whole mat.SVD
		if !whole.Factorize(filled, mat.SVDThin) {
			t.Fatal("not decomposed")
		}
		var right mat.Dense
		whole.VTo(&right)
		got := refilled(y, found, axes, random)
		sparse, vectors := lanczos(min(y.rows(), y.columns), newFilling(y, found, axes, y.rows() < y.columns).operator(), 1e-9, random)
		for j := range mostAxes {
			want := mat.Col(nil, j, &right)
			if cosine := math.Abs(floats.Dot(got.axis[j], want)); cosine < 1-1e-9 {
				t.Errorf("%d × %d: axis %d has cosine %v", y.rows(), y.columns, j, cosine)
			}
			if value := math.Pow(whole.Values(nil)[j], 2); math.Abs(sparse[j]/value-1) > 1e-9 || len(vectors[j]) != min(y.rows(), y.columns) {
				t.Errorf("without building the products, value %d is %v, want %v", j, sparse[j], value)
			}
		}
	}
}

// A matrix that was used before says nothing of what it was used for.
func TestDistancesBegunAnew(t *testing.T) {
	matrices.Put(&[]float64{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7})
	for _, points := range [][]float64{{0, 3, 4, 0}, {1, 1}, {0, 0, 0, 2, 0, 5}} {
		between, done := distances(points, 2)
		count := len(points) / 2
		for i := range count {
			for j := range count {
				want := math.Hypot(points[2*i]-points[2*j], points[2*i+1]-points[2*j+1])
				if got := between[i*count+j]; math.Abs(got-want) > 1e-12 {
					t.Errorf("%v: from %d to %d %v, want %v", points, i, j, got, want)
				}
			}
		}
		done()
	}
}
