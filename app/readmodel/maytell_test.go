package readmodel_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
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

// What groups share and where they differ is said by group, only of groups that may be told
// of, and only on the facilitator's own screen.
func TestSharesOfGroups(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 3, Leanings: 3}, 48, 14)
	v := build(t, r.View(), readmodel.Options{})
	listed := slices.Concat(v.Results.Common, v.Results.Divisive)
	if len(v.Results.Divisive) == 0 {
		t.Fatal("the groups differ in nothing")
	}
	for _, id := range listed {
		shares := v.Results.Shares[id]
		if len(shares) != len(v.Map.Groups) {
			t.Fatalf("%s: %d groups of %d are told of", id, len(shares), len(v.Map.Groups))
		}
		for i, g := range v.GroupsByLetter() {
			column := slices.IndexFunc(v.Statements, func(s *moot.Statement) bool { return s.ID.String() == id })
			tally := v.Map.Tallies[g][column]
			if want := float64(tally.Agree) / float64(tally.Agree+tally.Disagree+tally.Pass); shares[i].Letter != v.Letters[g] || shares[i].Agree != want {
				t.Errorf("%s: %v, want %v of %s", id, shares[i], want, v.Letters[g])
			}
		}
	}
	if sent, err := json.Marshal(v.Results); err != nil || bytes.Contains(bytes.ToLower(sent), []byte("shares")) {
		t.Errorf("phones get the shares, or nothing: %s, %v", sent, err)
	}
	r.Vote(r.Join(99, ""), r.View().Statements[0].ID, moot.Agree)
	if one := build(t, r.View(), readmodel.Options{}); one.MayTell(0) || len(one.Results.Shares) > 0 {
		t.Errorf("one person beside the map, whose vote would follow: %v", one.Results.Shares)
	}
}
