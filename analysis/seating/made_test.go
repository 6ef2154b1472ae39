package seating_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"folkmoot/analysis/seating"
)

// madeRoster invents n people with groups, answers, roles and skills.
func madeRoster(n int, seed uint64) seating.Roster {
	lots := rand.New(rand.NewPCG(seed, 7))
	pick := func(of ...string) string { return of[lots.IntN(len(of))] }
	roster := make(seating.Roster, n)
	for i := range roster {
		p := seating.Person{
			ID:      seating.ParticipantID(fmt.Sprintf("p%03d", i+1)),
			Group:   pick("A", "A", "A", "B", "B", "C"),
			Fields:  map[string]string{"role": pick("citizen", "business", "government"), "gender": pick("f", "m")},
			Arrived: i,
		}
		if lots.IntN(10) > 0 {
			p.Position = []float64{lots.NormFloat64(), lots.NormFloat64() / 2}
		}
		if lots.IntN(8) > 0 {
			p.Answered, p.Answer = true, lots.IntN(6)
			p.Band = []string{"low", "middle", "high"}[p.Answer/2]
		}
		for _, skill := range []string{"facilitate", "report"} {
			if lots.IntN(4) == 0 {
				p.Skills = append(p.Skills, skill)
			}
		}
		roster[i] = p
	}
	return roster
}

// plain invents n people of whom nothing is known.
func plain(n int) seating.Roster {
	roster := make(seating.Roster, n)
	for i := range roster {
		roster[i] = seating.Person{ID: id(i + 1), Arrived: i}
	}
	return roster
}

func id(i int) seating.ParticipantID { return seating.ParticipantID(fmt.Sprintf("p%03d", i)) }

func ids(numbers ...int) []seating.ParticipantID {
	var out []seating.ParticipantID
	for _, i := range numbers {
		out = append(out, id(i))
	}
	return out
}

func mustMake(t fataler, roster seating.Roster, o seating.Options) seating.Plan {
	t.Helper()
	plan, err := seating.Make(context.Background(), roster, o)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// tableOf gives the table number of everybody who has a seat.
func tableOf(plan seating.Plan) map[seating.ParticipantID]int {
	at := map[seating.ParticipantID]int{}
	for _, table := range plan.Rounds[0].Tables {
		for _, p := range table.Seats {
			at[p] = table.Number
		}
	}
	return at
}

func sizes(plan seating.Plan) []int {
	var out []int
	for _, table := range plan.Rounds[0].Tables {
		out = append(out, len(table.Seats))
	}
	return out
}

// fataler is the part that testing.T, testing.B and rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
}
