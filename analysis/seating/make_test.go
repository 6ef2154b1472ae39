package seating_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"folkmoot/analysis/seating"
)

func TestTableSizes(t *testing.T) {
	tests := []struct {
		name     string
		people   int
		options  seating.Options
		want     []int // ascending
		unmet    []seating.Why
		unseated []seating.ParticipantID
	}{
		{"nobody", 0, seating.Options{}, nil, nil, nil},
		{"one person has a table", 1, seating.Options{}, []int{1}, []seating.Why{seating.WhyNoCount}, nil},
		{"three people share one", 3, seating.Options{}, []int{3}, []seating.Why{seating.WhyNoCount}, nil},
		{"a full table", 8, seating.Options{}, []int{8}, nil, nil},
		{"as few as fit", 9, seating.Options{EqualSizes: true}, []int{4, 5}, nil, nil},
		{"nine at 6 to 8", 9, seating.Options{MinSeats: 6, MaxSeats: 8}, []int{4, 5}, []seating.Why{seating.WhyNoCount}, nil},
		{"eleven at 6 to 8", 11, seating.Options{MinSeats: 6, MaxSeats: 8}, []int{5, 6}, []seating.Why{seating.WhyNoCount}, nil},
		{"seventeen at 6 to 8", 17, seating.Options{MinSeats: 6, MaxSeats: 8}, []int{5, 6, 6}, []seating.Why{seating.WhyNoCount}, nil},
		{"count asked for", 24, seating.Options{Tables: 4, EqualSizes: true}, []int{6, 6, 6, 6}, nil, nil},
		{"too many tables asked for", 10, seating.Options{Tables: 4}, []int{2, 2, 3, 3}, []seating.Why{seating.WhyNoCount}, nil},
		{"more tables than people", 2, seating.Options{Tables: 5}, []int{1, 1}, []seating.Why{seating.WhyNoCount}, nil},
		{"seats run out", 19, seating.Options{Tables: 2}, []int{8, 8}, []seating.Why{seating.WhyFull}, ids(17, 18, 19)},
		{"only the maximum given", 7, seating.Options{MaxSeats: 3, EqualSizes: true}, []int{2, 2, 3}, []seating.Why{seating.WhyNoCount}, nil},
		{"only the minimum given", 20, seating.Options{MinSeats: 10}, []int{10, 10}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.Steps = 1000
			plan := mustMake(t, plain(test.people), test.options)
			got := sizes(plan)
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("sizes %v, want %v", got, test.want)
			}
			var unmet []seating.Why
			for _, u := range plan.Fairness.Unmet {
				unmet = append(unmet, u.Why)
			}
			if !slices.Equal(unmet, test.unmet) {
				t.Errorf("unmet %v, want %v", plan.Fairness.Unmet, test.unmet)
			}
			if !slices.Equal(plan.Fairness.Unseated, test.unseated) {
				t.Errorf("unseated %v, want %v", plan.Fairness.Unseated, test.unseated)
			}
		})
	}
}

func TestUnusableInput(t *testing.T) {
	tests := []struct {
		name    string
		roster  seating.Roster
		options seating.Options
		want    error
	}{
		{"same id twice", seating.Roster{{ID: "a"}, {ID: "a"}}, seating.Options{}, seating.ErrRoster},
		{"no id", seating.Roster{{}}, seating.Options{}, seating.ErrRoster},
		{"positions of two lengths", seating.Roster{{ID: "a", Position: []float64{1}}, {ID: "b", Position: []float64{1, 2}}}, seating.Options{}, seating.ErrRoster},
		{"not a number", seating.Roster{{ID: "a", Position: []float64{math.NaN()}}}, seating.Options{}, seating.ErrRoster},
		{"infinite", seating.Roster{{ID: "a", Position: []float64{math.Inf(-1)}}}, seating.Options{}, seating.ErrRoster},
		{"mode", nil, seating.Options{Mode: "best"}, seating.ErrOptions},
		{"answer", nil, seating.Options{Answer: "swap"}, seating.ErrOptions},
		{"sizes", nil, seating.Options{MinSeats: 8, MaxSeats: 4}, seating.ErrOptions},
		{"tables", nil, seating.Options{Tables: -1}, seating.ErrOptions},
		{"need", nil, seating.Options{Needs: []seating.Need{{Skill: "", PerTable: 1}}}, seating.ErrOptions},
		{"weight", nil, seating.Options{Attributes: []seating.Attribute{{Field: "role", Weight: math.NaN()}}}, seating.ErrOptions},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := seating.Make(context.Background(), test.roster, test.options); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := seating.Make(ctx, madeRoster(40, 1), seating.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestMixedBeatsLots(t *testing.T) {
	roster := madeRoster(48, 3)
	mixed := mustMake(t, roster, seating.Options{Seed: 1, Steps: 100_000})
	random := mustMake(t, roster, seating.Options{Seed: 1, Mode: seating.Random})
	if mixed.Measure.E > 0.4*mixed.Measure.Lots || mixed.Measure.E >= random.Measure.E {
		t.Errorf("E %v mixed, %v random, %v by lots on average", mixed.Measure.E, random.Measure.E, mixed.Measure.Lots)
	}
	if mixed.Measure.E < mixed.Measure.Bound {
		t.Errorf("E %v is below its bound %v", mixed.Measure.E, mixed.Measure.Bound)
	}
	if mixed.Fairness.LargestMixGap >= random.Fairness.LargestMixGap {
		t.Errorf("largest gap %v mixed, %v random", mixed.Fairness.LargestMixGap, random.Fairness.LargestMixGap)
	}
}

// Groups of 11, 9 and 4 have tables of their own: 11 at two, 9 at two, 4 at one.
func TestAlikeGivesGroupsTheirOwnTables(t *testing.T) {
	roster := plain(24)
	for i := range roster {
		switch {
		case i < 11:
			roster[i].Group = "A"
		case i < 20:
			roster[i].Group = "B"
		default:
			roster[i].Group = "C"
		}
	}
	for _, steps := range []int{seating.FirstDescent, 50_000} {
		plan := mustMake(t, roster, seating.Options{Mode: seating.Alike, Steps: steps})
		if got := len(plan.Rounds[0].Tables); got != 5 {
			t.Fatalf("%d tables, want 5", got)
		}
		if share := sameGroupShare(plan); share != 1 {
			t.Errorf("steps %d: %v of the pairs at a table share a group, want all", steps, share)
		}
	}
}

// Three people of group C are too few for a table; they are nearest to group B.
func TestAlikeSmallGroupJoinsTheNearest(t *testing.T) {
	roster := plain(19)
	for i := range roster {
		switch {
		case i < 8:
			roster[i].Group, roster[i].Position = "A", []float64{-2, 0}
		case i < 16:
			roster[i].Group, roster[i].Position = "B", []float64{1, 0}
		default:
			roster[i].Group, roster[i].Position = "C", []float64{2, 0}
		}
	}
	plan := mustMake(t, roster, seating.Options{Mode: seating.Alike, Steps: 50_000})
	at := tableOf(plan)
	for i := 17; i <= 19; i++ {
		for j := 1; j <= 8; j++ {
			if at[id(i)] == at[id(j)] {
				t.Fatalf("%v of group C sits with %v of group A: %v", id(i), id(j), plan.Rounds[0].Tables)
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	roster := plain(24)
	for i := range roster {
		roster[i].Answered, roster[i].Answer = true, i/4
		roster[i].Band = []string{"low", "middle", "high"}[i/8]
	}
	mixed := mustMake(t, roster, seating.Options{Mode: seating.ByAnswer, Steps: 20_000})
	gathered := mustMake(t, roster, seating.Options{Mode: seating.ByAnswer, Answer: seating.GatherAnswers, Steps: 20_000})
	for k := range 3 {
		want := []seating.Count{{Value: "high", People: 8}, {Value: "low", People: 8}, {Value: "middle", People: 8}}
		// Eight of each band at three tables of eight: three, three and two.
		for _, c := range mixed.Rounds[0].Tables[k].Counts[seating.FieldBand] {
			if c.People < 2 || c.People > 3 {
				t.Errorf("mixed: %d people of band %s at table %d", c.People, c.Value, k+1)
			}
		}
		own := slices.DeleteFunc(slices.Clone(gathered.Rounds[0].Tables[k].Counts[seating.FieldBand]), func(c seating.Count) bool { return c.People == 0 })
		if len(own) != 1 || !slices.Contains(want, own[0]) {
			t.Errorf("gathered: bands %v at table %d", own, k+1)
		}
	}
}

// At a table of 7 from a room of 6 A and 8 B the share of A is 3/7: with 3 A and 4 B
// the table is the room, with 5 A two seats of seven are off. A table of 5 from a room
// half A cannot be nearer than half a seat: rounding ½·(0.1+0.1).
func TestMixGap(t *testing.T) {
	tests := []struct {
		name          string
		room          map[string]int
		locked        map[string]int // at table 1
		seats         int
		gap, rounding float64
	}{
		{"two seats off", map[string]int{"A": 6, "B": 8}, map[string]int{"A": 5, "B": 2}, 7, 2.0 / 7, 0},
		{"the room in small", map[string]int{"A": 6, "B": 8}, map[string]int{"A": 3, "B": 4}, 7, 0, 0},
		{"half a seat is nobody's fault", map[string]int{"A": 5, "B": 5}, map[string]int{"A": 3, "B": 2}, 5, 0, 0.1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var roster seating.Roster
			var locks []seating.Lock
			for _, group := range []string{"A", "B"} {
				for k := range test.room[group] {
					p := seating.Person{ID: id(len(roster)), Group: group}
					table := 2
					if k < test.locked[group] {
						table = 1
					}
					roster, locks = append(roster, p), append(locks, seating.Lock{Person: p.ID, Table: table})
				}
			}
			plan := mustMake(t, roster, seating.Options{Tables: 2, Locks: locks, MaxSeats: 8})
			table := plan.Rounds[0].Tables[0]
			if len(table.Seats) != test.seats || math.Abs(table.MixGap-test.gap) > 1e-12 || math.Abs(table.Rounding-test.rounding) > 1e-12 || table.GapField != seating.FieldGroup {
				t.Errorf("got %d seats, gap %v, rounding %v of %q", len(table.Seats), table.MixGap, table.Rounding, table.GapField)
			}
		})
	}
}

func TestMeasureRefusesWrongSeats(t *testing.T) {
	for name, tables := range map[string][][]seating.ParticipantID{
		"unknown person": {{"nobody"}},
		"sits twice":     {ids(1), ids(1)},
	} {
		if _, err := seating.Measure(plain(3), tables, nil); !errors.Is(err, seating.ErrRoster) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMeasureAgreesWithThePlan(t *testing.T) {
	roster := madeRoster(30, 9)
	plan := mustMake(t, roster, seating.Options{Steps: 5000})
	var tables [][]seating.ParticipantID
	for _, table := range plan.Rounds[0].Tables {
		tables = append(tables, table.Seats)
	}
	got, err := seating.Measure(roster, tables, nil)
	if err != nil || !reflect.DeepEqual(got, plan.Measure) {
		t.Errorf("got %v %v, want %v", got, err, plan.Measure)
	}
}

// sameGroupShare is the share of pairs at one table who are of one opinion group.
func sameGroupShare(plan seating.Plan) float64 {
	same, pairs := 0, 0
	for _, table := range plan.Rounds[0].Tables {
		pairs += len(table.Seats) * (len(table.Seats) - 1) / 2
		for _, c := range table.Counts[seating.FieldGroup] {
			same += c.People * (c.People - 1) / 2
		}
	}
	return float64(same) / float64(pairs)
}
