package readmodel_test

import (
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

func TestRehearsalIsAFunction(t *testing.T) {
	a, b := readmodel.Rehearsal{Seed: 5}, readmodel.Rehearsal{Seed: 5, Leanings: 3}
	counts := map[moot.Vote]int{}
	for p := range 100 {
		for s := range 30 {
			vote := a.Vote(p, s)
			if vote != b.Vote(p, s) {
				t.Fatalf("person %d on %d: %v and %v", p, s, vote, b.Vote(p, s))
			}
			counts[vote]++
		}
	}
	// 15 % unseen, 8 % of the rest passes.
	if counts[moot.None] < 350 || counts[moot.None] > 550 || counts[moot.Pass] < 150 || counts[moot.Pass] > 260 {
		t.Errorf("votes %v", counts)
	}
}

// The answer follows the leaning: the low leaning is low on the whole, the high high.
func TestRehearsalAnswers(t *testing.T) {
	r := readmodel.Rehearsal{Seed: 2}
	sum, n := [3]int{}, [3]int{}
	for p := range 300 {
		if answer, ok := r.Answer(p); ok {
			sum[r.Leaning(p)] += answer
			n[r.Leaning(p)]++
		}
	}
	for l := range 2 {
		if float64(sum[l])/float64(n[l])+1 > float64(sum[l+1])/float64(n[l+1]) {
			t.Errorf("answers of leanings: %v of %v", sum, n)
		}
	}
}

func TestRehearsalOfOneLeaning(t *testing.T) {
	r := readmodel.Rehearsal{Seed: 1, Leanings: 1}
	for p := range 20 {
		if r.Leaning(p) != 0 {
			t.Fatal("a second leaning")
		}
		r.Vote(p, p)
		r.Answer(p)
	}
}
