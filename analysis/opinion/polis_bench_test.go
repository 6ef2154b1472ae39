package opinion_test

import (
	"testing"

	"folkmoot/analysis/opinion"
)

// BenchmarkPolisUpdate lets the last 100 of 1921 people come to a map of the others.
func BenchmarkPolisUpdate(b *testing.B) {
	all := townVotes(b)
	var earlier []opinion.Vote
	for p := range all.Participants() - 100 {
		for s, value := range all.Of(p) {
			earlier = append(earlier, opinion.Vote{Participant: p, Statement: s, Value: value})
		}
	}
	before := polisUpdated(b, opinion.PolisMap{}, opinion.PolisVotes{Votes: mustVotes(b, all.Participants(), all.Statements(), earlier)})
	for b.Loop() {
		if _, err := opinion.PolisUpdate(b.Context(), before, opinion.PolisVotes{Votes: all}); err != nil {
			b.Fatal(err)
		}
	}
}
