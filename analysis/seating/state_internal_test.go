package seating

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// testProblem has 60 people with pairs together, apart, a need and a lock, mixed and
// gathered attributes, and tables of 4 to 8.
func testProblem() (*problem, []feature, *rules) {
	lots := rand.New(rand.NewPCG(1, 2))
	var people Roster
	for i := range 60 {
		p := Person{ID: ParticipantID(fmt.Sprintf("p%02d", i)), Group: string(rune('A' + lots.IntN(3)))}
		p.Position = []float64{lots.NormFloat64(), lots.NormFloat64()}
		p.Fields = map[string]string{"role": string(rune('r' + lots.IntN(4)))}
		if lots.IntN(4) == 0 {
			p.Skills = []string{"facilitate"}
		}
		people = append(people, p)
	}
	o := Options{
		MinSeats: 4, MaxSeats: 8, Tables: 9,
		Together:   [][]ParticipantID{{"p01", "p02"}, {"p03", "p04", "p05"}, {"p06", "p07"}},
		Apart:      [][]ParticipantID{{"p08", "p09", "p10"}, {"p01", "p11"}, {"p03", "p06"}},
		Locks:      []Lock{{"p12", 3}},
		Needs:      []Need{{"facilitate", 2}},
		Attributes: []Attribute{{FieldGroup, false, 3}, {FieldCoords, true, 1}, {FieldSpread, false, 0.5}, {"role", false, 2}},
	}
	lay, _ := layoutFor(len(people), 0, o)
	r := newRules(people, nil, lay, o)
	fs := features(people, o.attributes())
	return newProblem(fs, r), fs, r
}

func TestChangesEqualRecounting(t *testing.T) {
	p, _, _ := testProblem()
	at := make([]int, len(p.size))
	for u := range at {
		at[u] = u % p.tables
	}
	s := newState(p, at)
	l := newLots(5, 0)
	done := map[string]int{}
	w := &worker{state: s, lots: l}
	for done["swap"] < 10_000 || done["shift"] < 10_000 || done["exchange"] < 1_000 {
		u, v := l.below(len(p.size)), l.below(len(p.size))
		b := s.at[v]
		if s.at[u] == b {
			continue
		}
		before := s.cost
		var goal, rule int64
		switch kind := l.below(3); {
		case kind == 0 && w.swapFits(u, v):
			goal, rule = s.swapCost(u, v)
			s.swap(u, v, goal+rule)
			done["swap"]++
		case kind == 1 && s.fits(b, s.size[u]):
			goal, rule = s.shiftCost(u, b)
			s.shift(u, b, goal+rule)
			done["shift"]++
		case kind == 2 && s.size[u] > 1:
			others, even := w.companions(u, b, nil)
			if !even {
				continue
			}
			goal, rule = s.exchangeCost(u, others)
			s.exchange(u, others, goal+rule)
			done["exchange"]++
		default:
			continue
		}
		if s.cost != before+goal+rule || s.cost != s.recount() {
			t.Fatalf("after %v: cost %d, recounted %d", done, s.cost, s.recount())
		}
	}
	fresh := newState(p, s.at)
	for k, want := range fresh.pull {
		if s.pull[k] != want {
			t.Fatalf("pull %d drifted: %d, want %d", k, s.pull[k], want)
		}
	}
	for b, want := range fresh.square {
		if s.square[b] != want {
			t.Fatalf("square %d drifted: %d, want %d", b, s.square[b], want)
		}
	}
}

// The integers of the search and the floats of the report are one measure.
func TestCostIsE(t *testing.T) {
	p, fs, r := testProblem()
	at := make([]int, len(p.size))
	for u := range at {
		at[u] = u % p.tables
	}
	p.apartCost, p.needCost = 0, 0
	clear(p.sizeCost)
	s := newState(p, at)
	tables := make([][]int, p.tables)
	for i, u := range r.unitOf {
		tables[at[u]] = append(tables[at[u]], i)
	}
	if got, want := math.Ldexp(float64(s.cost)/common, -p.bits), measured(fs, tables).E; math.Abs(got-want) > 1e-3 {
		t.Errorf("cost %v, E %v", got, want)
	}
}

func TestLogarithms(t *testing.T) {
	for k, got := range logarithms {
		want := -math.Log((float64(k) + 0.5) / 1024)
		if math.Abs(float64(got)/65536-want) > 1e-4 {
			t.Errorf("−ln of cell %d: %v, want %v", k, float64(got)/65536, want)
		}
		if got < 0 || got >= 8<<16 {
			t.Errorf("cell %d is %d, outside what accepts expects", k, got)
		}
	}
}

func TestLargestClique(t *testing.T) {
	// A square with one diagonal, and a triangle that hangs on it.
	pairs := [][2]int{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}, {4, 6}, {5, 6}, {3, 6}}
	if got := largestClique(pairs, 10); len(got) != 4 {
		t.Errorf("got %v, want 3 4 5 6", got)
	}
	if got := largestClique(nil, 10); got != nil {
		t.Errorf("got %v of no pairs", got)
	}
}

func TestQuota(t *testing.T) {
	tests := []struct {
		name   string
		people []int
		tables int
		want   []int
	}{
		// 10 · 21/40 = 5.25, 2.75, 2: the remainder goes to the second.
		{"largest remainder", []int{21, 11, 8}, 10, []int{5, 3, 2}},
		{"at least one each", []int{30, 1, 1}, 3, []int{1, 1, 1}},
		{"nobody loses the only table", []int{20, 2, 2}, 4, []int{2, 1, 1}},
	}
	for _, test := range tests {
		c := make(camps, len(test.people))
		for k, n := range test.people {
			c[k] = make([]int, n)
		}
		if got := c.quota(test.tables); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}
