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
		want  []bool
	}{
		{"all large", []int{12, 8, 5}, []bool{true, true, true}},
		{"one small: the others would tell of it", []int{12, 8, 3}, []bool{false, false, false}},
		{"two small, too few together", []int{12, 3, 1}, []bool{false, false, false}},
		{"two small that hide each other", []int{12, 4, 3}, []bool{true, false, false}},
	} {
		v := &readmodel.View{}
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
