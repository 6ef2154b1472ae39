package moot_test

import (
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// I7: rows that are written as the state changes are those that the state has in the end.
func TestRowsFollowTheState(t *testing.T) {
	w := newTwins(2)
	rapid.Check(t, func(t *rapid.T) {
		entries := append(history(t), w.common...)
		said := []moot.Payload{w.branch(0, 1), w.branch(0, 2), w.branch(0, 3)}
		entries = append(entries, acts(5, rapid.SliceOfN(rapid.SampledFrom(said), 0, 3).Draw(t, "said")...)...)
		entries = rapid.Permutation(entries).Draw(t, "order")
		// Where an act changes what others mean the rows are compared whole: begin after that.
		begun := folded(t, acts(6, w.fork(0, 1), w.branch(0, 1)))
		rows := map[[2]string]string{}
		take := func(list []oplog.Row) {
			for _, r := range list {
				rows[[2]string{r.Table, r.Key}] = string(r.Value)
			}
		}
		take(begun.AllRows())
		begun.Mark()
		for _, e := range entries {
			if err := begun.Apply(e); err != nil {
				t.Fatal(err)
			}
			if rapid.IntRange(0, 3).Draw(t, "commit") == 0 {
				take(begun.TakeRows())
			}
		}
		take(begun.TakeRows())
		want := begun.AllRows()
		for _, r := range want {
			key := [2]string{r.Table, r.Key}
			if got, ok := rows[key]; !ok || got != string(r.Value) {
				t.Fatalf("row %s %x is %x, the state has %x", r.Table, r.Key, got, r.Value)
			}
			delete(rows, key)
		}
		if len(rows) > 0 {
			t.Fatalf("%d rows of nothing", len(rows))
		}
	})
}
