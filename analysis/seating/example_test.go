package seating_test

import (
	"context"
	"fmt"

	"folkmoot/analysis/seating"
)

// sixteen people in two opinion groups, eight of each, at two tables.
func sixteen() seating.Roster {
	var roster seating.Roster
	for i := range 16 {
		group := "A"
		if i%2 == 1 {
			group = "B"
		}
		roster = append(roster, seating.Person{ID: seating.ParticipantID(fmt.Sprintf("p%02d", i+1)), Group: group})
	}
	return roster
}

func ExampleMake() {
	plan, err := seating.Make(context.Background(), sixteen(), seating.Options{Seed: 1, Steps: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, table := range plan.Rounds[0].Tables {
		fmt.Println("table", table.Number, "seats", len(table.Seats), table.Counts[seating.FieldGroup])
	}
	fmt.Printf("E %.1f by lot %.0f\n", plan.Measure.E, plan.Measure.Lots)
	// Output:
	// table 1 seats 8 [{A 4} {B 4}]
	// table 2 seats 8 [{A 4} {B 4}]
	// E 0.0 by lot 3
}

func ExampleMeasure() {
	roster := sixteen()
	// All of group A at the first table, all of group B at the second.
	tables := make([][]seating.ParticipantID, 2)
	for i, p := range roster {
		tables[i%2] = append(tables[i%2], p.ID)
	}
	m, err := seating.Measure(roster, tables, []seating.Attribute{{Field: seating.FieldGroup, Weight: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	// U = (16−1) / ((2−1)·8) · (32/8 + 32/8), the largest there is.
	fmt.Println(m.Unevenness[seating.FieldGroup], m.Bounds[seating.FieldGroup])
	// Output: 15 0
}
