package seating

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
)

// Make seats everybody of the roster. It returns an error for a roster or options
// that cannot be used (ErrRoster, ErrOptions) and when ctx is cancelled; a rule that
// cannot be kept is no error but listed in Fairness.Unmet. An empty roster gives a
// plan without tables.
func Make(ctx context.Context, roster Roster, options Options) (Plan, error) {
	o, err := options.withDefaults()
	if err != nil {
		return Plan{}, err
	}
	people, err := roster.sorted()
	if err != nil {
		return Plan{}, err
	}
	known := people.index()
	lay, fits := layoutFor(len(people), wantedTables(people, known, o), o)
	people, late := withSeats(people, known, lay, o)
	r := newRules(people, late, lay, o)
	if len(late) > 0 {
		seats := lay.tables * lay.max
		r.refuse(Unmet{Rule: RuleSeats, Why: WhyFull, People: late, Have: len(roster), Want: seats})
	}
	fs := features(people, o.attributes())
	at, err := search(ctx, newProblem(sought(fs, o), r), r, o)
	if err != nil {
		return Plan{}, fmt.Errorf("seating: search for a plan: %w", err)
	}
	return newPlan(r, fs, at, late, fits, o), nil
}

// sought are the features that the search works for: none in the mode Random, whose
// attributes only measure the plan.
func sought(fs []feature, o Options) []feature {
	if o.Mode == Random {
		return nil
	}
	return fs
}

// gathered is the category that a plan gathers first, "" for none.
func (o Options) gathered() string {
	for _, a := range o.attributes() {
		if a.Gather && a.Weight > 0 && a.Field != FieldCoords && a.Field != FieldSpread && a.Field != FieldAnswer {
			return a.Field
		}
	}
	return ""
}

// wantedTables is how many tables the rules and the mode ask for where their number
// is free.
func wantedTables(people Roster, known map[ParticipantID]int, o Options) int {
	wanted := 0
	for _, lock := range o.Locks {
		if _, here := known[lock.Person]; here {
			wanted = max(wanted, lock.Table)
		}
	}
	wanted = max(wanted, len(largestClique(apartPairs(known, o.Apart), len(people))))
	if field := o.gathered(); field != "" && o.Mode != Random && len(people) > 0 {
		wanted = max(wanted, newCamps(people, field, o.MinSeats, len(people)).ownTables(o.MinSeats, o.MaxSeats))
	}
	return wanted
}

// withSeats leaves out the last to check in when there are more people than seats;
// people who are locked to a table come before others.
func withSeats(people Roster, known map[ParticipantID]int, lay layout, o Options) (seated Roster, late []ParticipantID) {
	over := len(people) - lay.tables*lay.max
	if over <= 0 {
		return people, nil
	}
	locked := make([]int, len(people))
	for _, lock := range o.Locks {
		if i, here := known[lock.Person]; here {
			locked[i] = -1
		}
	}
	order := make([]int, len(people))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(locked[i]-locked[j], cmp.Compare(people[i].Arrived, people[j].Arrived))
	})
	without := order[len(order)-over:]
	slices.Sort(without)
	for i, p := range people {
		if _, out := slices.BinarySearch(without, i); out {
			late = append(late, p.ID)
		} else {
			seated = append(seated, p)
		}
	}
	return seated, late
}

// search runs two workers with lots of their own and gives the table of every person
// in the better plan, the first worker's when they are equal.
func search(ctx context.Context, p *problem, r *rules, o Options) ([]int, error) {
	steps := o.Steps
	if steps == 0 {
		steps = DefaultSteps(len(r.people))
	}
	var found [2]seated
	var failed [2]error
	var group sync.WaitGroup
	for k := range found {
		group.Go(func() {
			draw := newLots(o.Seed, uint64(k))
			w := newWorker(ctx, p, start(p, r, o, draw), draw, steps)
			failed[k] = w.run()
			found[k] = w.best
		})
	}
	group.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	best := found[0]
	if found[1].cost < best.cost {
		best = found[1]
	}
	at := make([]int, len(r.people))
	for i, u := range r.unitOf {
		at[i] = best.at[u]
	}
	return at, nil
}

// start seats every unit before the search, as the mode asks.
func start(p *problem, r *rules, o Options, draw lots) []int {
	if p.tables == 0 {
		return nil
	}
	d := newDealer(p, r.lay.targets(len(r.people)))
	order := make([]int, len(p.size))
	for u := range order {
		order[u] = u
	}
	field := o.gathered()
	switch {
	case o.Mode == Random:
		draw.shuffle(order)
		d.fill(order, func(u int) (int, int) {
			if p.size[u] > 1 { // anywhere, by lot
				t := draw.below(p.tables)
				return t, t + 1
			}
			return 0, p.tables
		})
	case field != "":
		c := newCamps(r.people, field, r.lay.min, p.tables)
		order, meant := c.seatingOrder(r, p.tables)
		d.fill(order, meant)
	default:
		first := draw.below(p.tables)
		r.alongMap(order)
		d.seatLarge(order, func(u int) int { return d.roomiest(u, first) })
		d.seatSkilled(order, first)
		d.deal(order, first)
	}
	return d.at
}

// alongMap sorts units by the opinion group and the first axis of their first person.
func (r *rules) alongMap(units []int) {
	slices.SortStableFunc(units, func(u, v int) int {
		p, q := r.people[r.units[u][0]], r.people[r.units[v][0]]
		return cmp.Or(cmp.Compare(p.Group, q.Group), cmp.Compare(first(p.Position), first(q.Position)))
	})
}

// seatingOrder gives the units camp by camp, and the tables meant for each.
func (c camps) seatingOrder(r *rules, tables int) (order []int, meant func(u int) (from, to int)) {
	from, to := make([]int, len(r.units)), make([]int, len(r.units))
	seen := make([]bool, len(r.units))
	t := 0
	for k, quota := range c.quota(tables) {
		for _, i := range c[k] {
			if u := r.unitOf[i]; !seen[u] {
				seen[u] = true
				from[u], to[u] = t, t+quota
				order = append(order, u)
			}
		}
		t += quota
	}
	return order, func(u int) (int, int) { return from[u], to[u] }
}
