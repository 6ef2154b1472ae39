package opinion_test

import (
	"math"
	"testing"

	"folkmoot/analysis/opinion"
)

// TestFisherMidP compares with the tea tasting (Fisher 1935; P(≥3) = 17/70, P(3) =
// 16/70) and with the twins of R's fisher.test, whose one-sided p-value of 0.0004652
// is 40235/86493225, of which P(10) is 38896.
func TestFisherMidP(t *testing.T) {
	cases := []struct {
		name                           string
		hits, votes, restHits, restAll int
		want                           float64
	}{
		{"tea", 3, 4, 1, 4, (17.0 - 8) / 70},
		{"twins convicted", 10, 13, 2, 17, (40235 - 38896/2.0) / 86493225},
		{"twins not convicted", 15, 17, 3, 13, (40235 - 38896/2.0) / 86493225},
		{"no hits at all", 0, 5, 0, 7, 0.5},
		{"hits everywhere", 5, 5, 7, 7, 0.5},
		{"no votes", 0, 0, 3, 7, 0.5},
		{"no rest", 3, 7, 0, 0, 0.5},
		{"least possible", 0, 2, 2, 2, 1 - 1.0/12},
		{"far below", 50, 1000, 950, 1000, 1},
		{"far above", 950, 1000, 50, 1000, 0},
		{"below, as large as a computer's smallest number", 1500, 5000, 3500, 5000, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := opinion.FisherMidP(c.hits, c.votes, c.restHits, c.restAll); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestJeffreysShare compares with beta distributions that can be solved by hand:
// Beta(3/2, 1/2) and Beta(3/2, 3/2) have F(x) = (2/π)(asin √x − √(x(1−x))) and (2/π)(asin √x − (1−2x)√(x(1−x))).
func TestJeffreysShare(t *testing.T) {
	root := func(x float64) float64 { return math.Sqrt(x * (1 - x)) }
	one := opinion.JeffreysShare(1, 1)
	below := 2 / math.Pi * (math.Asin(math.Sqrt(one.Low)) - root(one.Low))
	if math.Abs(below-0.05) > 1e-9 || one.High != 1 || one.Mean != 0.75 {
		t.Errorf("1 of 1: %+v, below Low %v", one, below)
	}
	half := opinion.JeffreysShare(1, 2)
	for bound, want := range map[float64]float64{half.Low: 0.05, half.High: 0.95} {
		got := 2 / math.Pi * (math.Asin(math.Sqrt(bound)) - (1-2*bound)*root(bound))
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("1 of 2: %v below %v, want %v", got, bound, want)
		}
	}
	if none := opinion.JeffreysShare(0, 1); none.Low != 0 || math.Abs(none.High-(1-one.Low)) > 1e-9 {
		t.Errorf("0 of 1: %+v", none)
	}
	if nobody := opinion.JeffreysShare(0, 0); nobody != (opinion.Share{Low: 0, High: 1, Mean: 0.5}) {
		t.Errorf("0 of 0: %+v", nobody)
	}
}

func TestImpossibleCountsPanic(t *testing.T) {
	cases := map[string]func(){
		"share, hits beyond votes":  func() { opinion.JeffreysShare(2, 1) },
		"share, negative hits":      func() { opinion.JeffreysShare(-1, 1) },
		"fisher, hits beyond votes": func() { opinion.FisherMidP(2, 1, 0, 1) },
		"fisher, rest beyond votes": func() { opinion.FisherMidP(1, 1, 2, 1) },
	}
	for name, call := range cases {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call()
		})
	}
}

// TestStatementsByHand has two camps of ten on ten statements that set them apart, and
// three more: 10 is agreed by all, 11 disagreed by all but two of the second camp who
// pass, 12 was voted on by four of the first camp only.
func TestStatementsByHand(t *testing.T) {
	var votes []opinion.Vote
	for p := range 20 {
		for s := range 10 {
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: camps(p/10, s)})
		}
		votes = append(votes, opinion.Vote{Participant: p, Statement: 10, Value: opinion.Agree})
		on11 := opinion.Disagree
		if p >= 18 {
			on11 = opinion.Pass
		}
		votes = append(votes, opinion.Vote{Participant: p, Statement: 11, Value: on11})
		if p < 4 {
			votes = append(votes, opinion.Vote{Participant: p, Statement: 12, Value: opinion.Agree})
		}
	}
	m := mustCompute(t, mustVotes(t, 20, 13, votes), opinion.Options{Quick: true}) // q-values by hand are not calibrated
	if len(m.Groups) != 2 {
		t.Fatalf("%d groups", len(m.Groups))
	}
	second := m.Tallies[1][11]
	if second.Agree != 0 || second.Disagree != 8 || second.Pass != 2 || second.Unseen != 0 || second.Voted() != 10 {
		t.Errorf("second camp on 11: %+v", second)
	}
	if len(m.Groups[0].Representative) != 10 {
		t.Fatalf("%d representative statements, want the 10 that set apart", len(m.Groups[0].Representative))
	}
	for _, r := range m.Groups[0].Representative {
		want := opinion.ForAgree
		if r.Statement%2 == 1 {
			want = opinion.ForDisagree
		}
		// 10 of 10 against 0 of 10: means 10.5/11 and 0.5/11. One of C(20, 10) tables,
		// halved, doubled for two sides; 20 of 24 comparisons share this p-value.
		if r.Direction != want || math.Abs(r.Effect-10.0/11) > 1e-12 || math.Abs(r.Q-24.0/20/184756) > 1e-15 {
			t.Errorf("%+v", r)
		}
	}
	if len(m.CommonGround) != 2 {
		t.Fatalf("common ground %+v", m.CommonGround)
	}
	checkCommon(t, m.CommonGround[0], 10, opinion.ForAgree, opinion.JeffreysShare(10, 10).Low, math.Pow(11.0/12, 2))
	checkCommon(t, m.CommonGround[1], 11, opinion.ForDisagree, opinion.JeffreysShare(8, 10).Low, math.Pow(1.0/12, 2))
	ten := opinion.JeffreysShare(10, 10)
	if len(m.Divisive) != 10 || m.Divisive[0].Statement != 0 || m.Divisive[0].Between != [2]int{0, 1} || m.Divisive[1].Between != [2]int{1, 0} {
		t.Fatalf("divisive %+v", m.Divisive)
	}
	if gap := m.Divisive[0].Difference; math.Abs(gap-(2*ten.Low-1)) > 1e-12 {
		t.Errorf("gap %v, want %v", gap, 2*ten.Low-1)
	}
}

func checkCommon(t *testing.T, got opinion.CommonGround, statement int, direction opinion.Direction, lower, polis float64) {
	t.Helper()
	if got.Statement != statement || got.Direction != direction || got.Lower != lower || len(got.ByGroup) != 2 {
		t.Errorf("%+v, want statement %d, %s, from %v", got, statement, direction, lower)
	}
	if math.Abs(got.PolisGIC-polis) > 1e-12 {
		t.Errorf("statement %d: Polis's consensus %v, want %v", statement, got.PolisGIC, polis)
	}
}
