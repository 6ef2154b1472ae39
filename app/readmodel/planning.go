package readmodel

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"folkmoot/analysis/seating"
	"folkmoot/sync/moot"
)

// PlanOptions say what group plan is wanted. The zero value mixes at tables of 4 to 8.
type PlanOptions struct {
	// Mode is mixed, alike, answer or random; "" is mixed.
	Mode string
	// GatherAnswers seats people of one band together in the mode answer; else all
	// bands sit at every table.
	GatherAnswers bool
	// Min and Max bound the seats of a table, 0 for 4 and 8.
	Min, Max int
	// Seed of all lots. The same seed, people and map give the same plan.
	Seed uint64
	// Quick takes the first good plan, in a few milliseconds, not the best.
	Quick bool
}

// Seating plans who sits at which table, with what the map and the 0–5 question know
// of people. Errors: ErrNobody, ErrNoAnswers, ErrNoMap, those of seating.Make, that
// of a ctx that is done.
func (v *View) Seating(ctx context.Context, o PlanOptions) (seating.Plan, error) {
	people := v.ToSeat()
	if len(people) == 0 {
		return seating.Plan{}, fmt.Errorf("readmodel: plan tables: %w", ErrNobody)
	}
	roster := make(seating.Roster, len(people))
	for i, p := range people {
		roster[i] = v.rosterLine(p)
	}
	if err := enoughFor(o.Mode, roster); err != nil {
		return seating.Plan{}, fmt.Errorf("readmodel: plan tables: %w", err)
	}
	options := seating.Options{Mode: seating.Mode(o.Mode), MinSeats: o.Min, MaxSeats: o.Max, Seed: o.Seed}
	if o.GatherAnswers {
		options.Answer = seating.GatherAnswers
	}
	if o.Quick {
		options.Steps = seating.FirstDescent
	}
	plan, err := seating.Make(ctx, roster, options)
	if err != nil {
		return seating.Plan{}, fmt.Errorf("readmodel: plan tables: %w", err)
	}
	return plan, nil
}

// enoughFor says what a mode lacks. Without answers or a map its tables would be
// drawn by lot under another name.
func enoughFor(mode string, roster seating.Roster) error {
	answered := func(p seating.Person) bool { return p.Answered }
	placed := func(p seating.Person) bool { return p.Position != nil }
	switch {
	case mode == string(seating.ByAnswer) && !slices.ContainsFunc(roster, answered):
		return ErrNoAnswers
	case mode == string(seating.Alike) && !slices.ContainsFunc(roster, placed):
		return ErrNoMap
	}
	return nil
}

// rosterLine gives what seating knows of a person.
func (v *View) rosterLine(p *moot.Person) seating.Person {
	line := seating.Person{ID: seating.ParticipantID(p.ID.String()), Group: v.Group(p.ID), Arrived: int(p.Arrived())}
	if at, ok := v.at[p.ID]; ok && v.Scene != nil {
		line.Position = []float64{at.x, at.y}
	}
	if answer, ok := p.Answer(moot.FirstQuestion); ok {
		line.Answered, line.Answer, line.Band = true, answer.Value, Band(answer.Value)
	}
	return line
}

// MakePlan adds a group plan of the people who are present. It does not hold before
// ActivatePlan, or Show of "tables", says so. Errors: those of Seating.
func MakePlan(ctx context.Context, v *View, o PlanOptions, now uint64, ids io.Reader) ([]moot.Item, error) {
	plan, err := v.Seating(ctx, o)
	if err != nil {
		return nil, err
	}
	made := &moot.NewPlan{Round: 1, Mode: string(plan.Mode), Seed: plan.Seed, Min: plan.MinSeats, Max: plan.MaxSeats,
		Measure: unevenness(plan), Made: now}
	for _, table := range plan.Rounds[0].Tables {
		made.Tables = append(made.Tables, pids(table.Seats))
	}
	made.Unseated = pids(plan.Fairness.Unseated)
	m := &itemMaker{ids: ids}
	m.add(made)
	return m.done()
}

// unevenness gives a plan's E against that of lots, times 10 000; −1 where something
// is gathered, since the sum then says nothing by itself, or nothing could be mixed.
func unevenness(plan seating.Plan) int64 {
	gathers := slices.ContainsFunc(plan.Measure.Attributes, func(a seating.Attribute) bool { return a.Gather && a.Weight > 0 })
	if gathers || plan.Measure.Lots <= 0 {
		return -1
	}
	return int64(math.Round(10_000 * plan.Measure.E / plan.Measure.Lots))
}

// pids reads the ids that rosterLine wrote.
func pids(seats []seating.ParticipantID) []moot.ParticipantID {
	list := make([]moot.ParticipantID, len(seats))
	for i, seat := range seats {
		if err := list[i].UnmarshalText([]byte(seat)); err != nil {
			panic("readmodel: a seat's id is not the one that was given: " + err.Error())
		}
	}
	return list
}
