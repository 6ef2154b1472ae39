package moot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// I7: the rows that change one by one are those of the state as a whole.
func TestRowsFollowTheState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.Permutation(history(t)).Draw(t, "order")
		state := moot.NewState(session)
		state.Mark()
		held := map[[2]string]string{}
		for i, e := range entries {
			if err := state.Apply(e); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 || i == len(entries)-1 {
				for _, row := range state.TakeRows() {
					held[[2]string{row.Table, row.Key}] = string(row.Value)
				}
			}
		}
		want := map[[2]string]string{}
		for _, row := range stateOf(entries...).AllRows() {
			want[[2]string{row.Table, row.Key}] = string(row.Value)
			if !slices.Contains(moot.Tables(), row.Table) {
				t.Fatalf("table %q is not named", row.Table)
			}
		}
		if !maps.Equal(held, want) {
			for k := range want {
				if held[k] != want[k] {
					t.Fatalf("row %q of %s is %x, want %x", k[1], k[0], held[k], want[k])
				}
			}
			t.Fatalf("%d rows, want %d", len(held), len(want))
		}
		if rows := state.TakeRows(); len(rows) > 0 {
			t.Fatalf("%d rows changed though nothing came", len(rows))
		}
	})
}

// Two states that differ have rows that differ; what is personal stands in none.
func TestRows(t *testing.T) {
	const name = "石小虎"
	h := newHub(1)
	p, s := h.person(1), h.statement("A", moot.Approved)
	rows := func() string {
		var all strings.Builder
		for _, row := range h.state.AllRows() {
			all.WriteString(row.Table + row.Key + string(row.Value))
		}
		return all.String()
	}
	before := rows()
	for _, act := range []moot.Payload{
		&moot.SetVote{Person: p, Statement: s, Value: moot.Agree, Rev: 1, Open: true},
		&moot.SetVote{Person: p, Statement: s, Value: moot.Agree, Rev: 1},
		&moot.SetAnswer{Person: p, Question: moot.FirstQuestion, Value: 3, Rev: 1},
		&moot.SetPresence{Person: p, In: true, Rev: 1, At: 7},
		&moot.SetPerson{Person: p, Field: moot.PersonName, Value: name, Rev: 1},
		&moot.SetField{Field: moot.Title, Value: "T", Rev: 1},
		&moot.Moderation{Statement: s, Standing: moot.Hidden},
		&moot.StepAct{Step: "a", StepKind: moot.StepOpinion, Open: true},
		&moot.NewPlan{Round: 1, Tables: [][]moot.ParticipantID{{p}}},
	} {
		h.put(act)
		after := rows()
		if after == before {
			t.Errorf("%s leaves the rows as they were", act.Kind())
		}
		before = after
	}
	if strings.Contains(before, name) {
		t.Error("a name stands in a row")
	}
	receipt := moot.ReceiptOf(h.log[2])
	row := receipt.Row(oplog.ItemID{5})
	if got, err := moot.ReadReceipt(row.Value); err != nil || got != receipt || row.Table != moot.RowReceipt || row.Key != string(append([]byte{5}, make([]byte, 15)...)) {
		t.Errorf("receipt %+v, %v", got, err)
	}
	if _, err := moot.ReadReceipt([]byte{1}); err == nil {
		t.Error("a receipt was read of bytes that are none")
	}
}
