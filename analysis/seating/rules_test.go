package seating_test

import (
	"fmt"
	"slices"
	"testing"

	"folkmoot/analysis/seating"
)

func TestRulesAreKept(t *testing.T) {
	roster := madeRoster(40, 5)
	o := seating.Options{
		Tables: 5, MinSeats: 6, MaxSeats: 8, Steps: 50_000,
		Together: [][]seating.ParticipantID{ids(1, 2), ids(2, 3), ids(10, 11)},
		Apart:    [][]seating.ParticipantID{ids(4, 5, 6), ids(1, 7)},
		Locks:    []seating.Lock{{Person: id(8), Table: 4}, {Person: id(10), Table: 2}},
		Needs:    []seating.Need{{Skill: "facilitate", PerTable: 1}},
	}
	for _, mode := range []seating.Mode{seating.Mixed, seating.Alike, seating.ByAnswer, seating.Random} {
		o.Mode = mode
		plan := mustMake(t, roster, o)
		at := tableOf(plan)
		if len(plan.Fairness.Unmet) > 0 {
			t.Errorf("%s: unmet %v", mode, plan.Fairness.Unmet)
		}
		if at[id(1)] != at[id(2)] || at[id(2)] != at[id(3)] || at[id(10)] != 2 || at[id(11)] != 2 || at[id(8)] != 4 {
			t.Errorf("%s: together or locks broken: %v", mode, at)
		}
		if at[id(4)] == at[id(5)] || at[id(5)] == at[id(6)] || at[id(4)] == at[id(6)] || at[id(1)] == at[id(7)] {
			t.Errorf("%s: apart broken: %v", mode, at)
		}
		for _, table := range plan.Rounds[0].Tables {
			if table.Able["facilitate"] < 1 {
				t.Errorf("%s: nobody at table %d can facilitate", mode, table.Number)
			}
		}
	}
}

func TestKeptRulesAreCounted(t *testing.T) {
	plan := mustMake(t, plain(8), seating.Options{
		Tables: 2, Steps: 100,
		Together: [][]seating.ParticipantID{ids(1, 2)}, Apart: [][]seating.ParticipantID{ids(3, 4)},
		Locks: []seating.Lock{{Person: id(1), Table: 1}},
	})
	for k, want := range []int{1, 0} {
		table := plan.Rounds[0].Tables[k]
		if table.KeptTogether != want || table.KeptApart != 1 {
			t.Errorf("table %d: together %d, apart %d", k+1, table.KeptTogether, table.KeptApart)
		}
	}
}

func TestImpossibleRulesAreNamed(t *testing.T) {
	tests := []struct {
		name    string
		options seating.Options
		rule    seating.Rule
		why     seating.Why
		text    string
	}{
		{"too few facilitators", seating.Options{Needs: []seating.Need{{Skill: "facilitate", PerTable: 1}}},
			seating.RuleNeed, seating.WhyTooFew, "1 people can facilitate, 2 are needed: missing at table 2"},
		{"clique", seating.Options{Tables: 2, Apart: [][]seating.ParticipantID{ids(1, 2), ids(2, 3), ids(1, 3)}},
			seating.RuleApart, seating.WhyClique, "3 people are all to be apart, there are 2 tables: p001, p002, p003"},
		{"chain longer than a table", seating.Options{Together: [][]seating.ParticipantID{ids(1, 2, 3, 4, 5), ids(5, 6, 7, 8, 9)}},
			seating.RuleTogether, seating.WhyTooLong, "9 people are to sit together, a table seats 8: p001, p002, p003, p004, p005, p006, p007, p008, p009"},
		{"together and apart", seating.Options{Together: [][]seating.ParticipantID{ids(1, 2)}, Apart: [][]seating.ParticipantID{ids(2, 1)}},
			seating.RuleApart, seating.WhyContradiction, "p001, p002 are to be apart and at one table"},
		{"apart and locked to one table", seating.Options{Locks: []seating.Lock{{Person: id(1), Table: 1}, {Person: id(2), Table: 1}}, Apart: [][]seating.ParticipantID{ids(1, 2)}},
			seating.RuleApart, seating.WhyContradiction, "p001, p002 are to be apart and at one table"},
		{"two locks", seating.Options{Locks: []seating.Lock{{Person: id(1), Table: 2}, {Person: id(1), Table: 1}}},
			seating.RuleLock, seating.WhyTwoLocks, "p001 cannot be at table 1, 2 at once"},
		{"together and locked to two tables", seating.Options{Together: [][]seating.ParticipantID{ids(1, 2, 3)}, Locks: []seating.Lock{{Person: id(1), Table: 2}, {Person: id(3), Table: 1}}},
			seating.RuleTogether, seating.WhyTwoLocks, "p001, p002, p003 cannot be at table 1, 2 at once"},
		{"no such table", seating.Options{Tables: 2, Locks: []seating.Lock{{Person: id(1), Table: 3}}},
			seating.RuleLock, seating.WhyNoTable, "p001 locked to table 3, which does not exist"},
		{"table full of locks", seating.Options{Locks: locksTo(1, 9)},
			seating.RuleLock, seating.WhyFull, "9 people locked to table 1 with 8 seats: not kept for p009"},
		{"not in the roster", seating.Options{Apart: [][]seating.ParticipantID{{"p001", "ghost"}}},
			seating.RuleApart, seating.WhyAbsent, "rule apart: ghost not in the roster"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			roster := plain(16)
			roster[0].Skills = []string{"facilitate"}
			test.options.Steps = 2000
			if test.rule == seating.RuleNeed {
				test.options.Locks = []seating.Lock{{Person: id(1), Table: 1}}
			}
			plan := mustMake(t, roster, test.options)
			if len(plan.Fairness.Unmet) != 1 {
				t.Fatalf("unmet %v, want one", plan.Fairness.Unmet)
			}
			u := plan.Fairness.Unmet[0]
			if u.Rule != test.rule || u.Why != test.why || !u.Impossible() || u.String() != test.text {
				t.Errorf("got %q %q: %s", u.Rule, u.Why, u)
			}
			if len(tableOf(plan)) != 16 {
				t.Errorf("%d of 16 people have a seat", len(tableOf(plan)))
			}
		})
	}
}

// Three threes do not fit tables of four and five: one must part.
func TestTogetherThatDoesNotPackIsListed(t *testing.T) {
	plan := mustMake(t, plain(9), seating.Options{
		Tables: 2, MinSeats: 4, MaxSeats: 5, Steps: 2000,
		Together: [][]seating.ParticipantID{ids(1, 2, 3), ids(4, 5, 6), ids(7, 8, 9)},
	})
	if len(plan.Fairness.Unmet) != 1 || plan.Fairness.Unmet[0].Rule != seating.RuleTogether || plan.Fairness.Unmet[0].Why != seating.WhyNotFound {
		t.Errorf("unmet %v", plan.Fairness.Unmet)
	}
}

func TestRulesMayAskForMoreTables(t *testing.T) {
	apart := mustMake(t, plain(24), seating.Options{Apart: [][]seating.ParticipantID{ids(1, 2, 3, 4, 5)}, Steps: 1000})
	if got := len(apart.Rounds[0].Tables); got != 5 || len(apart.Fairness.Unmet) > 0 {
		t.Errorf("%d tables for five people apart, unmet %v", got, apart.Fairness.Unmet)
	}
	locked := mustMake(t, plain(24), seating.Options{Locks: []seating.Lock{{Person: id(1), Table: 4}}, Steps: 1000})
	if got := len(locked.Rounds[0].Tables); got != 4 || len(locked.Fairness.Unmet) > 0 {
		t.Errorf("%d tables for a lock to the fourth, unmet %v", got, locked.Fairness.Unmet)
	}
}

func TestLastToCheckInGoWithoutSeat(t *testing.T) {
	roster := plain(10)
	roster[2].Arrived, roster[9].Arrived = 100, 0
	plan := mustMake(t, roster, seating.Options{
		Tables: 1, Steps: 100, Locks: []seating.Lock{{Person: id(9), Table: 1}},
		Together: [][]seating.ParticipantID{ids(3, 4)},
	})
	if !slices.Equal(plan.Fairness.Unseated, ids(3, 8)) {
		t.Errorf("unseated %v", plan.Fairness.Unseated)
	}
	if got := fmt.Sprint(plan.Fairness.Unmet); got != "[10 people, 8 seats: without a seat p003, p008]" {
		t.Error(got)
	}
}

func locksTo(table, people int) (locks []seating.Lock) {
	for i := range people {
		locks = append(locks, seating.Lock{Person: id(i + 1), Table: table})
	}
	return locks
}
