package readmodel_test

import (
	"math"
	"slices"
	"testing"

	"folkmoot/app/readmodel"

	"pgregory.net/rapid"
)

// A map that was only turned or mirrored lies as before.
func TestAlignUndoesTurnsAndMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(t, "people")
		angle := rapid.Float64Range(0, 2*math.Pi).Draw(t, "angle")
		mirror := rapid.Bool().Draw(t, "mirror")
		coordinate := rapid.Float64Range(-3, 3)
		last, next := make([][2]float64, n), make([][2]float64, n)
		for i := range n {
			x, y := coordinate.Draw(t, "x"), coordinate.Draw(t, "y")
			last[i] = [2]float64{x, y}
			if mirror {
				y = -y
			}
			next[i] = [2]float64{x*math.Cos(angle) - y*math.Sin(angle), x*math.Sin(angle) + y*math.Cos(angle)}
		}
		for i, got := range readmodel.Align(last, next) {
			if math.Hypot(got[0]-last[i][0], got[1]-last[i][1]) > 1e-6 {
				t.Fatalf("person %d: at %v, was at %v", i, got, last[i])
			}
		}
	})
}

func TestAlignWithoutEnoughPeople(t *testing.T) {
	next := [][2]float64{{1, 2}, {-3, 1}, {0, 5}}
	for name, last := range map[string][][2]float64{"nobody was there": nil, "two were": {{-1, -2}, {3, -1}}, "all in the middle": {{0, 0}, {0, 0}, {0, 0}}} {
		if got := readmodel.Align(last, next); !slices.Equal(got, next) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestLettersFollowPeople(t *testing.T) {
	last := map[int]string{1: "A", 2: "A", 3: "A", 4: "B", 5: "B", 6: "C", 7: "C", 8: "C"}
	cases := []struct {
		name   string
		groups [][]int
		last   map[int]string
		want   []string
	}{
		{"the first map", [][]int{{1, 2}, {3}}, nil, []string{"A", "B"}},
		{"another order", [][]int{{6, 7, 8}, {4, 5}, {1, 2, 3}}, last, []string{"C", "B", "A"}},
		{"a group less", [][]int{{6, 7, 8}, {1, 2, 3, 4, 5}}, last, []string{"C", "A"}},
		{"a group more", [][]int{{1, 2}, {4, 5}, {6, 7, 8}, {3, 9}}, last, []string{"A", "B", "C", "D"}},
		{"a new group takes a free letter", [][]int{{9, 10}, {6, 7, 8}}, last, []string{"A", "C"}},
		{"most people keep theirs", [][]int{{1, 2, 4, 5}, {3, 4, 6}}, map[int]string{1: "A", 2: "A", 3: "A", 4: "B", 5: "B", 6: "A"}, []string{"B", "A"}},
	}
	for _, c := range cases {
		if got := readmodel.LetterGroups(c.groups, c.last); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
