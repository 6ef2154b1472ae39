package readmodel

import (
	"cmp"
	"slices"

	"folkmoot/analysis/routing"
	"folkmoot/sync/moot"
)

// Order gives the statements that a person has not voted on, in the order in which
// they should see them: what lacks votes first, then what tells most about their place
// on the map, then what divides; by lots of the person's own, so that neighbours see
// different statements. See analysis/routing for the rule. The same record and round
// give the same order. With the zero Round the order knows of no clock and goes by the
// View's own record.
func (v *View) Order(id moot.ParticipantID, round Round) []moot.StatementID {
	record := v.Record
	if round.record != nil {
		record = round.record
	}
	room, listing := v.room(record, round)
	person := routing.Person{Lot: lotOf(id)}
	if p := record.Person(id); p != nil {
		for i, s := range listing {
			if p.Vote(s.ID).Value != moot.None {
				person.Voted = append(person.Voted, i)
			}
		}
	}
	places := routing.Order(room, person)
	order := make([]moot.StatementID, len(places))
	for i, place := range places {
		order[i] = listing[place].ID
	}
	return order
}

// room gives what is known of a record's statements, in the order of the listing that
// stands beside it: those that may be voted on.
func (v *View) room(record *moot.View, round Round) (routing.Room, []*moot.Statement) {
	listing, tallies := v.listing, v.Results.Statements
	if !sameStatements(record, v.Record) {
		listing = listed(record)
		tallies = v.tallied(listing)
	}
	room := routing.Room{Statements: make([]routing.Statement, len(listing)), Active: round.Active, Clock: round.Clock, Left: round.Left, Pace: round.Pace,
		Needed: v.Map.VotesNeeded, Model: routing.Model{Residual: v.Map.Residual, Variance: v.Map.Variance}, Seed: v.Seed}
	divides, target := v.divides(), v.wanted(record)
	for i, s := range listing {
		t := tallies[i]
		one := routing.Statement{Lot: lotOf(s.ID), Votes: t.Voted(), Target: target, Open: round.open[s.ID], Seed: s.Seed, Meta: s.Meta, Divides: t.split() / 2}
		if column, ok := v.layout.column[s.ID]; ok && column < len(v.Map.Loadings) {
			one.Loading = v.Map.Loadings[column]
			one.Divides = max(one.Divides, divides[column])
		}
		if s.Meta {
			one.Target = 0
		}
		room.Statements[i] = one
	}
	return room, listing
}

// listed gives the statements that may be voted on.
func listed(record *moot.View) []*moot.Statement {
	return slices.DeleteFunc(slices.Clone(record.Statements), func(s *moot.Statement) bool { return !s.Votable() })
}

// wanted is the target of votes of a statement: as for the light, but while the map
// still grows it is half of those who came.
func (v *View) wanted(record *moot.View) int {
	return min(targetVotes, (max(v.Counts.OnMap, record.Here())+1)/2)
}

// sameStatements says whether two records of a session share their list of statements,
// as they do when only votes lie between them.
func sameStatements(a, b *moot.View) bool {
	return len(a.Statements) == len(b.Statements) && (len(a.Statements) == 0 || &a.Statements[0] == &b.Statements[0])
}

// tallied gives the votes, as far as the View knows of them, on other statements.
func (v *View) tallied(listing []*moot.Statement) []Tally {
	known := make(map[moot.StatementID]Tally, len(v.listing))
	for i, s := range v.listing {
		known[s.ID] = v.Results.Statements[i]
	}
	tallies := make([]Tally, len(listing))
	for i, s := range listing {
		tallies[i] = known[s.ID]
	}
	return tallies
}

// split is 1 where as many agree as disagree and nobody passes, 0 where all are of one
// mind: the variance of the votes but for passes, times 4.
func (t Tally) split() float64 {
	if n := float64(t.Voted()); n > 0 {
		return 4 * float64(t.Agree) * float64(t.Disagree) / (n * n)
	}
	return 0
}

// divides gives for the columns that set groups apart how far.
func (v *View) divides() map[int]float64 {
	divides := make(map[int]float64, len(v.Map.Divisive))
	for _, d := range v.Map.Divisive {
		divides[d.Statement] = max(divides[d.Statement], d.Difference)
	}
	return divides
}

// Priority is how much a statement should be asked next, over all people.
type Priority struct {
	// Statement is the place in View.Statements.
	Statement int
	// Weight is between 0 and 1; all weights add up to 1.
	Weight float64
}

// prioritySample is over how many people at most Priorities are worked out.
const prioritySample = 1000

// Priorities gives the statements of the map by the share of the people on it who
// would be asked them first, had all of them their next question now. The greatest comes
// first. Empty where there is no map; all weights are alike where everybody has voted
// on everything. Above a thousand people it goes by some, spread evenly over the rows.
func (v *View) Priorities() []Priority {
	if v.Scene == nil {
		return nil
	}
	room := v.roomOfMap()
	var people []routing.Person
	every := (len(v.Map.OnMap) + prioritySample - 1) / prioritySample
	for i := 0; i < len(v.Map.OnMap); i += every {
		person := routing.Person{}
		for column := range v.layout.votes.Of(v.Map.OnMap[i]) {
			person.Voted = append(person.Voted, column)
		}
		people = append(people, person)
	}
	list, total := make([]Priority, len(v.Statements)), 0.0
	for s, share := range routing.Shares(room, people) {
		list[s] = Priority{Statement: s, Weight: share}
		total += share
	}
	for i := range list {
		if total == 0 {
			list[i].Weight = 1 / float64(len(list))
		}
	}
	slices.SortStableFunc(list, func(a, b Priority) int { return cmp.Compare(b.Weight, a.Weight) })
	return list
}

// roomOfMap gives the room with the map's columns as its statements.
func (v *View) roomOfMap() routing.Room {
	room, listing := v.room(v.Record, Round{})
	columns := make([]routing.Statement, len(v.Statements))
	for i, s := range listing {
		if column, ok := v.layout.column[s.ID]; ok {
			columns[column] = room.Statements[i]
		}
	}
	room.Statements = columns
	return room
}
