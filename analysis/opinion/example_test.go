package opinion_test

import (
	"context"
	"fmt"

	"folkmoot/analysis/opinion"
)

// townMeeting are the votes of twelve people on ten statements. The first seven take
// one side on statements 0 to 6, the others the other; all agree with 7 to 9, as far
// as they voted.
func townMeeting() opinion.Votes {
	var votes []opinion.Vote
	for p := range 12 {
		for s := range 10 {
			value := opinion.Agree
			switch {
			case (p+s)%7 == 6:
				value = opinion.Pass
			case s < 7 && (p < 7) != (s%2 == 0):
				value = opinion.Disagree
			}
			votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value})
		}
	}
	made, err := opinion.NewVotes(12, 10, votes)
	if err != nil {
		panic(err)
	}
	return made
}

func ExampleCompute() {
	m, err := opinion.Compute(context.Background(), townMeeting(), opinion.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("groups found:", m.GroupsFound)
	for _, group := range m.Groups {
		first := group.Representative[0]
		fmt.Printf("%v: %s with %d, agrees %d of %d\n", group.Members, first.Direction, first.Statement, first.Tally.Agree, first.Tally.Voted())
	}
	for _, common := range m.CommonGround {
		fmt.Printf("all %s with %d, at least %.2f\n", common.Direction, common.Statement, common.Lower)
	}
	// Output:
	// groups found: true
	// [0 1 2 3 4 5 6]: agree with 0, agrees 6 of 7
	// [7 8 9 10 11]: disagree with 0, agrees 0 of 5
	// all agree with 7, at least 0.56
	// all agree with 8, at least 0.56
}

func ExampleCompute_tooFew() {
	votes, err := opinion.NewVotes(3, 12, []opinion.Vote{{Participant: 0, Statement: 4, Value: opinion.Agree}})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := opinion.Compute(context.Background(), votes, opinion.Options{})
	fmt.Println(err)
	fmt.Printf("%s: %d more with %d votes each\n", m.Shortfall.Kind, m.Shortfall.People, m.VotesNeeded)
	// Output:
	// <nil>
	// too few people: 8 more with 4 votes each
}

func ExampleNewVotes() {
	_, err := opinion.NewVotes(2, 1, []opinion.Vote{
		{Participant: 1, Statement: 0, Value: opinion.Agree},
		{Participant: 1, Statement: 0, Value: opinion.Pass},
	})
	fmt.Println(err)
	// Output: opinion: participant 1, statement 0: two votes on one statement
}

func ExampleVotes_Of() {
	votes := townMeeting()
	for statement, value := range votes.Of(0) {
		if value != opinion.Agree {
			fmt.Print(statement, ":", value, " ")
		}
	}
	// Output:
	// 1:-1 3:-1 5:-1 6:0
}

func ExamplePolis() {
	m, err := opinion.Polis(context.Background(), opinion.PolisVotes{Votes: townMeeting()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.K, "groups among", len(m.BaseClusters), "base clusters")
	fmt.Printf("agreement with 8 across groups: %.2f\n", m.GroupAwareConsensus[8])
	// Output:
	// 3 groups among 12 base clusters
	// agreement with 8 across groups: 0.67
}

func ExampleJeffreysShare() {
	share := opinion.JeffreysShare(20, 23)
	fmt.Printf("%.2f … %.2f … %.2f\n", share.Low, share.Mean, share.High)
	// Output:
	// 0.72 … 0.85 … 0.95
}

func ExampleFisherMidP() {
	// 9 of 10 in the group agree, 4 of 12 elsewhere.
	fmt.Printf("%.4f\n", opinion.FisherMidP(9, 10, 4, 12))
	// Output:
	// 0.0054
}
