package readmodel

import (
	"cmp"
	"slices"

	"folkmoot/sync/moot"
)

// Seat is a person at a table by number and animal; Name is the own name, for the
// table's own people only.
type Seat struct {
	Number int    `json:"number"`
	Word   string `json:"word"`
	Name   string `json:"name"`
}

// WallSeat is a person on the wall: never a name.
type WallSeat struct {
	Number int    `json:"number"`
	Word   string `json:"word"`
}

// Table is a person's table, for that person's device. Number is 0 for who has none.
type Table struct {
	Number      int    `json:"number"`
	Name        string `json:"name"`
	People      []Seat `json:"people"`
	Host        *Seat  `json:"host"`
	Question    string `json:"question"`
	DevicesDown bool   `json:"devices_down"`
}

// WallTable is a table on the wall.
type WallTable struct {
	Number int        `json:"number"`
	People []WallSeat `json:"people"`
}

// TableFor gives the table of a person, its people by number. Nil while tables are
// not shown; then only "devices down" shows, without a table.
func TableFor(record *moot.View, id moot.ParticipantID) *Table {
	plan, down := shownPlan(record), record.Session.On(moot.DevicesOff)
	if plan == nil && !down {
		return nil
	}
	lang := record.Session.Language()
	if p := record.Person(id); p != nil && p.Get(moot.PersonLang) != "" {
		lang = p.Get(moot.PersonLang)
	}
	t := &Table{People: []Seat{}, Question: record.Session.Text(moot.Prompt, lang), DevicesDown: down}
	if plan == nil {
		return t
	}
	if t.Number = plan.Table(id); t.Number == 0 {
		return t // who came after the plan was made
	}
	for _, p := range seated(record, plan.Tables[t.Number-1]) {
		t.People = append(t.People, Seat{Number: p.Number(), Word: p.Get(moot.PersonWord), Name: p.Get(moot.PersonName)})
	}
	return t
}

// WallTables gives all tables by number and animal, nil while they are not shown.
func WallTables(record *moot.View) []WallTable {
	plan := shownPlan(record)
	if plan == nil {
		return nil
	}
	tables := make([]WallTable, len(plan.Tables))
	for i, table := range plan.Tables {
		tables[i] = WallTable{Number: i + 1, People: wallSeats(record, table)}
	}
	return tables
}

func wallSeats(record *moot.View, table []moot.ParticipantID) []WallSeat {
	seats := []WallSeat{}
	for _, p := range seated(record, table) {
		seats = append(seats, WallSeat{Number: p.Number(), Word: p.Get(moot.PersonWord)})
	}
	return seats
}

func shownPlan(record *moot.View) *moot.Plan {
	if !record.Session.On(moot.ShowTables) {
		return nil
	}
	return record.ActivePlan()
}

// seated gives the people of a table by number; ids that are not known are left out.
func seated(record *moot.View, table []moot.ParticipantID) []*moot.Person {
	var people []*moot.Person
	for _, id := range table {
		if p := record.Person(id); p != nil {
			people = append(people, p)
		}
	}
	slices.SortStableFunc(people, func(a, b *moot.Person) int { return cmp.Compare(a.Number(), b.Number()) })
	return people
}

// HostPlan is the plan that the host looks at: the newest, announced or not. It shows
// each table's mix of groups, never a person's group.
type HostPlan struct {
	ID        string `json:"id"`
	Mode      string `json:"mode"`
	Seed      uint64 `json:"seed"`
	Announced bool   `json:"announced"`
	// Superseding says that the room sees an earlier plan.
	Superseding bool        `json:"superseding"`
	Tables      []HostTable `json:"tables"`
	Unseated    int         `json:"unseated"`
	Late        int         `json:"late"` // people who are here and came after the plan was made
	// Uneven is how unevenly the tables mix the room: 1 is what lots give on average,
	// 0 is best; negative where the plan gathers people instead.
	Uneven float64 `json:"uneven"`
	// Gathers says that people of one answer sit together.
	Gathers bool `json:"-"`
	// Min is how many people a table was to have at least.
	Min int `json:"-"`
}

// HostTable is a table as the host sees it.
type HostTable struct {
	Number int            `json:"number"`
	People []WallSeat     `json:"people"`
	Groups map[string]int `json:"groups"` // people by opinion group; those in none are left out
}

// late counts the people who are here and whom a plan does not know.
func late(record *moot.View, plan *moot.Plan) int {
	n := 0
	for _, p := range record.People() {
		n += btoi(p.Here() && p.Present() && plan.Table(p.ID) == 0 && !slices.Contains(plan.Unseated, p.ID))
	}
	return n
}

// NewestPlan gives the plan that was made last, nil where there is none.
func NewestPlan(record *moot.View) *moot.Plan {
	if len(record.Plans) == 0 {
		return nil
	}
	return record.Plans[len(record.Plans)-1]
}

// PlanForHost gives the newest plan with the mix of groups as v has them, nil where
// there is none.
func (v *View) PlanForHost(record *moot.View) *HostPlan {
	plan := NewestPlan(record)
	if plan == nil {
		return nil
	}
	active := shownPlan(record)
	out := &HostPlan{ID: plan.ID.String(), Mode: plan.Mode, Seed: plan.Seed, Announced: active != nil && active.ID == plan.ID, Superseding: active != nil && active.ID != plan.ID,
		Tables: []HostTable{}, Unseated: len(plan.Unseated), Min: plan.Min, Gathers: plan.Mode == "answer" && plan.Measure < 0, Late: late(record, plan), Uneven: float64(plan.Measure) / 10_000}
	for i, table := range plan.Tables {
		mix := map[string]int{}
		for _, id := range table {
			if group := v.Group(id); group != "" {
				mix[group]++
			}
		}
		out.Tables = append(out.Tables, HostTable{Number: i + 1, People: wallSeats(record, table), Groups: mix})
	}
	return out
}
