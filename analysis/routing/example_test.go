package routing_test

import (
	"fmt"

	"folkmoot/analysis/routing"
)

// smallRoom has four statements, of which the last was just approved.
func smallRoom() routing.Room {
	return routing.Room{Active: 10, Clock: true, Left: 60, Pace: 12, Statements: []routing.Statement{
		{Lot: 1, Votes: 8, Target: 8, Open: 2}, {Lot: 2, Votes: 6, Target: 8, Open: 4}, {Lot: 3, Votes: 7, Target: 8, Open: 3}, {Lot: 4, Target: 8, Open: 10},
	}}
}

func ExampleOrder() {
	fmt.Println(routing.Order(smallRoom(), routing.Person{Lot: 12, Voted: []int{0}}))
	// Output: [3 1 2]
}

func ExampleForecast() {
	room := smallRoom()
	room.Left = 30
	o := routing.Forecast(room)
	fmt.Printf("%.1f, missing %v; %d more minute: %d short\n", o.Votes, o.Missing, o.Minutes, o.Beyond)
	// Output: [8.0 6.3 7.0 5.7], missing [0 2 1 2]; 1 more minute: 0 short
}

func ExampleSpreadOf() {
	room := smallRoom()
	room.Model = routing.Model{Residual: 1, Variance: [2]float64{1, 1}}
	room.Statements[0].Loading = [2]float64{1, 0}
	fmt.Println(routing.SpreadOf(room, routing.Person{}), routing.SpreadOf(room, routing.Person{Voted: []int{0}}))
	// Output: {1 0 1} {0.5 0 1}
}
