package readmodel_test

import (
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
)

// The votes of a small group must not follow from those of the others and of all.
func TestMayTell(t *testing.T) {
	for _, c := range []struct {
		name  string
		sizes []int
		off   int // people who voted and are on no map
		rest  int // people in no group
		want  []bool
	}{
		{"all large", []int{12, 8, 5}, 0, 0, []bool{true, true, true}},
		{"one small: the others would tell of it", []int{12, 8, 3}, 0, 0, []bool{false, false, false}},
		{"two small, too few together", []int{12, 3, 1}, 0, 0, []bool{false, false, false}},
		{"two small that hide each other", []int{12, 4, 3}, 0, 0, []bool{true, false, false}},
		{"one who is not on the map", []int{12, 8, 5}, 1, 0, []bool{false, false, false}},
		{"five who are not", []int{12, 8, 5}, 5, 0, []bool{true, true, true}},
		{"three in no group", []int{12, 8}, 0, 3, []bool{false, false}},
		{"three in no group and two on no map", []int{12, 8}, 2, 3, []bool{true, true}},
	} {
		v := &readmodel.View{}
		v.Map.Unnamed = make([]int, c.rest)
		v.Counts.OnMap = c.rest
		for _, size := range c.sizes {
			v.Counts.OnMap += size
		}
		v.Counts.Voters = v.Counts.OnMap + c.off
		for _, size := range c.sizes {
			v.Map.Groups = append(v.Map.Groups, opinion.Group{Members: make([]int, size)})
		}
		for g, want := range c.want {
			if got := v.MayTell(g); got != want {
				t.Errorf("%s: group %d may be told: %v", c.name, g+1, got)
			}
		}
	}
}
