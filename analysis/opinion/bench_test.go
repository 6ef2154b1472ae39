package opinion_test

import (
	"math/rand/v2"
	"testing"

	"folkmoot/analysis/opinion"

	"gonum.org/v1/gonum/mat"
)

func benchmarkCompute(b *testing.B, votes opinion.Votes, quick bool) {
	b.ReportAllocs()
	for b.Loop() {
		mustCompute(b, votes, opinion.Options{Seed: 1, Quick: quick})
	}
}

// A room of 50 with 60 statements, 70 % of the cells voted on.
func BenchmarkRoomQuick(b *testing.B) {
	votes, _ := room{people: 50, statements: 60, groups: 3, answered: 0.7, leaning: 0.5, clear: 0.85, passes: 0.08}.votes(b, 1)
	benchmarkCompute(b, votes, true)
}

func BenchmarkRoomTested(b *testing.B) {
	votes, _ := room{people: 50, statements: 60, groups: 3, answered: 0.7, leaning: 0.5, clear: 0.85, passes: 0.08}.votes(b, 1)
	benchmarkCompute(b, votes, false)
}

// townVotes are votes of the shape of a large online consultation, 1921 × 197 with
// about 50 000 votes: the older a statement, the more votes it has.
func townVotes(b *testing.B) opinion.Votes {
	const people, statements = 1921, 197
	random := rand.New(rand.NewPCG(3, 3))
	var votes []opinion.Vote
	for p := range people {
		stamina := random.Float64() * random.Float64()
		for s := range statements {
			if random.Float64() > 0.53*stamina*(1.5-float64(s)/statements)/0.5*0.5+0.01 {
				continue
			}
			agree := 0.3
			if (s%3 == 0) == (p%2 == 0) {
				agree = 0.75
			}
			value := opinion.Disagree
			if random.Float64() < agree {
				value = opinion.Agree
			}
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value})
		}
	}
	return mustVotes(b, people, statements, votes)
}

func BenchmarkTownQuick(b *testing.B) { benchmarkCompute(b, townVotes(b), true) }

func BenchmarkTownTested(b *testing.B) { benchmarkCompute(b, townVotes(b), false) }

// A hall of 10 000 with 500 statements, a fifth of the cells voted on.
func BenchmarkHallQuick(b *testing.B) {
	votes, _ := room{people: 10000, statements: 500, groups: 3, answered: 0.2, leaning: 0.3, clear: 0.8}.votes(b, 1)
	benchmarkCompute(b, votes, true)
}

// scatteredVotes make up a crowd in three camps, with a share of the cells voted on. They
// come in order of participant and statement, as a record gives them.
func scatteredVotes(people, statements int, answered float64) []opinion.Vote {
	random := rand.New(rand.NewPCG(4, 4))
	votes := make([]opinion.Vote, 0, int(1.02*float64(people*statements)*answered))
	for p := range people {
		for s := range statements {
			if random.Float64() >= answered {
				continue
			}
			agree := 0.5
			if s%3 == 0 { // a third of the statements divides
				agree = 0.25 + 0.5*float64((p%3+s/3)%2)
			}
			value := opinion.Disagree
			if random.Float64() < agree {
				value = opinion.Agree
			}
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value})
		}
	}
	return votes
}

// BenchmarkCrowds show how the cost grows with the votes, from the list of votes to the
// quick map: each size has ten times the votes of the one before.
func BenchmarkCrowds(b *testing.B) {
	for _, size := range []struct {
		name               string
		people, statements int
		answered           float64
	}{{"1000x100", 1_000, 100, 0.5}, {"10000x500", 10_000, 500, 0.1}, {"10000x500full", 10_000, 500, 0.2}, {"100000x1000", 100_000, 1_000, 0.05}} {
		votes := scatteredVotes(size.people, size.statements, size.answered)
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				made, err := opinion.NewVotes(size.people, size.statements, votes)
				if err != nil {
					b.Fatal(err)
				}
				mustCompute(b, made, opinion.Options{Seed: 1, Quick: true})
			}
			b.ReportMetric(float64(len(votes)), "votes")
		})
	}
}

// BenchmarkDense is what the axes alone cost by the covariance of a dense matrix and
// gonum's EigenSym, for comparison: the whole quick map of the same votes stands beside
// it, in the same run.
func BenchmarkDense(b *testing.B) {
	for _, size := range []struct {
		name               string
		people, statements int
		answered           float64
	}{{"50x60", 50, 60, 0.7}, {"1921x197", 1921, 197, 0.132}, {"10000x500", 10_000, 500, 0.2}} {
		votes := mustVotes(b, size.people, size.statements, scatteredVotes(size.people, size.statements, size.answered))
		b.Run(size.name+"/axes", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				denseAxes(b, votes)
			}
		})
		b.Run(size.name+"/map", func(b *testing.B) { benchmarkCompute(b, votes, true) })
	}
}

// denseAxes fills the unseen cells with the means, centres, and decomposes the
// covariance.
func denseAxes(b *testing.B, votes opinion.Votes) *mat.Dense {
	n, m := votes.Participants(), votes.Statements()
	sums, counts := make([]float64, m), make([]float64, m)
	for p := range n {
		for s, value := range votes.Of(p) {
			sums[s] += float64(value)
			counts[s]++
		}
	}
	filled := mat.NewDense(n, m, nil)
	for p := range n {
		for s, value := range votes.Of(p) {
			filled.Set(p, s, float64(value)-sums[s]/counts[s])
		}
	}
	var covariance mat.SymDense
	covariance.SymOuterK(1, filled.T())
	var whole mat.EigenSym
	if !whole.Factorize(&covariance, true) {
		b.Fatal("not decomposed")
	}
	var axes mat.Dense
	whole.VectorsTo(&axes)
	return &axes
}

// BenchmarkReferenceUber is the largest conversation of the reference data, 1921 × 197.
func BenchmarkReferenceUber(b *testing.B) {
	votes := exported(b, "vtaiwan.uberx").votes(b)
	b.Run("quick", func(b *testing.B) { benchmarkCompute(b, votes, true) })
	b.Run("tested", func(b *testing.B) { benchmarkCompute(b, votes, false) })
}

func BenchmarkPolisTown(b *testing.B) {
	votes := opinion.PolisVotes{Votes: townVotes(b)}
	for b.Loop() {
		if _, err := opinion.Polis(b.Context(), votes); err != nil {
			b.Fatal(err)
		}
	}
}
