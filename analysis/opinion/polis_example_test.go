package opinion_test

import (
	"context"
	"fmt"

	"folkmoot/analysis/opinion"
)

func ExamplePolisUpdate() {
	morning, err := opinion.NewVotes(4, 2, []opinion.Vote{
		{Participant: 2, Statement: 0, Value: opinion.Agree},
		{Participant: 2, Statement: 1, Value: opinion.Agree},
		{Participant: 1, Statement: 1, Value: opinion.Disagree},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// All votes so far, those of the morning among them.
	evening, err := opinion.NewVotes(4, 3, []opinion.Vote{
		{Participant: 2, Statement: 0, Value: opinion.Agree},
		{Participant: 2, Statement: 1, Value: opinion.Agree},
		{Participant: 1, Statement: 1, Value: opinion.Disagree},
		{Participant: 0, Statement: 1, Value: opinion.Disagree},
		{Participant: 3, Statement: 0, Value: opinion.Agree},
		{Participant: 3, Statement: 2, Value: opinion.Pass},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var m opinion.PolisMap
	for _, votes := range []opinion.Votes{morning, evening} {
		if m, err = opinion.PolisUpdate(context.Background(), m, opinion.PolisVotes{Votes: votes}); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("rows %v, columns %v, K* %d, run %d\n", m.Participants, m.Statements, m.KBest, m.KBestRun)
		for _, base := range m.BaseClusters {
			fmt.Println("  base cluster", base.ID, base.Members)
		}
	}
	// Output:
	// rows [2 1], columns [0 1], K* 2, run 1
	//   base cluster 0 [2]
	//   base cluster 1 [1]
	// rows [2 1 3 0], columns [0 1 2], K* 2, run 2
	//   base cluster 0 [2]
	//   base cluster 1 [1 0]
	//   base cluster 2 [3]
}
