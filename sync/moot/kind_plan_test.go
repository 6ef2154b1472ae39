package moot_test

import (
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func TestNewPlanCheck(t *testing.T) {
	h := newHub(1)
	for n := byte(1); n <= 3; n++ {
		h.person(n)
	}
	plan := func(unseated []moot.ParticipantID, tables ...[]moot.ParticipantID) *moot.NewPlan {
		return &moot.NewPlan{Round: 1, Mode: "mixed", Tables: tables, Unseated: unseated}
	}
	who := func(ids ...byte) (out []moot.ParticipantID) {
		for _, id := range ids {
			out = append(out, pid(id))
		}
		return out
	}
	runChecks(t, h.state, []checkCase{
		{"everybody has a place", plan(nil, who(1, 2), who(3)), "", 0},
		{"one is left", plan(who(3), who(1, 2)), "", 0},
		{"nobody", plan(nil), "", 0},
		{"twice at one table", plan(nil, who(1, 1)), moot.BadValue, 0},
		{"at two tables", plan(nil, who(1, 2), who(2)), moot.BadValue, 0},
		{"seated and left", plan(who(1), who(1, 2)), moot.BadValue, 0},
		{"a stranger at a table", plan(nil, who(1, 9)), moot.UnknownPerson, 0},
		{"a stranger left", plan(who(9), who(1)), moot.UnknownPerson, 0},
		{"more than an entry holds", plan(nil, make([]moot.ParticipantID, 1000), make([]moot.ParticipantID, 501)), moot.TooManyPeople, 1500},
		{"a mode that is not UTF-8", &moot.NewPlan{Mode: "\xff"}, moot.BadValue, 0},
	})
}

func TestPlans(t *testing.T) {
	a, b := newHub(1), newHub(2)
	tables := [][]moot.ParticipantID{{pid(1), pid(2)}, {pid(3)}}
	later := a.put(&moot.NewPlan{Round: 1, Tables: tables, Made: 20, Measure: 10_700})
	earlier := b.put(&moot.NewPlan{Round: 1, Made: 10})
	v := met(t, a, b)
	if len(v.Plans) != 2 || v.Plans[0].ID != moot.PlanID(earlier.CID) || v.Plans[1].Measure != 10_700 || v.ActivePlan() != nil {
		t.Fatalf("plans %+v", v.Plans)
	}
	a.put(&moot.SetField{Field: moot.ActivePlan, Value: later.CID.String(), Rev: 1})
	plan := met(t, a, b).ActivePlan()
	if plan == nil || plan.ID != moot.PlanID(later.CID) || plan.Table(pid(2)) != 1 || plan.Table(pid(3)) != 2 || plan.Table(pid(4)) != 0 {
		t.Errorf("active plan %+v", plan)
	}
	for _, id := range []string{"", "no id", moot.PlanID{9}.String()} {
		a.put(&moot.SetField{Field: moot.ActivePlan, Value: id, Rev: a.view().Session.Rev(moot.ActivePlan) + 1})
		if p := met(t, a, b).ActivePlan(); p != nil {
			t.Errorf("plan %q: %+v", id, p)
		}
	}
}

// One id in two logs is one plan, the same on all replicas.
func TestPlanInTwoLogs(t *testing.T) {
	a, b := newHub(1), newHub(2)
	a.send(oplog.ItemID{1}, &moot.NewPlan{Round: 1})
	b.send(oplog.ItemID{1}, &moot.NewPlan{Round: 2})
	if v := met(t, a, b); len(v.Plans) != 1 {
		t.Errorf("%d plans", len(v.Plans))
	}
}
