package commandtest

import (
	"crypto/rand"
	"strings"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// What a kill may not do is seen.
func TestJudge(t *testing.T) {
	sent := map[string]string{"a": "agree", "b": "disagree"}
	for _, c := range []struct {
		name         string
		acknowledged string
		votes        map[string][]string
		unheard      int
		wrong        string
	}{
		{"all is there", "ab", map[string][]string{"a": {"agree"}, "b": {"disagree"}}, 0, ""},
		{"stored and not acknowledged", "b", map[string][]string{"a": {"agree"}, "b": {"disagree"}}, 1, ""},
		{"neither stored nor acknowledged", "b", map[string][]string{"b": {"disagree"}}, 0, ""},
		{"acknowledged and lost", "ab", map[string][]string{"b": {"disagree"}}, 0, "item a was acknowledged and is not stored"},
		{"there twice", "ab", map[string][]string{"a": {"agree", "agree"}, "b": {"disagree"}}, 0, "item a stands in the record as [agree agree]"},
		{"not acknowledged and there twice", "b", map[string][]string{"a": {"agree", "agree"}, "b": {"disagree"}}, 0, "item a stands"},
		{"another value", "ab", map[string][]string{"a": {"agree"}, "b": {"pass"}}, 0, "item b stands in the record as [pass]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			acknowledged := map[string]bool{}
			for _, id := range strings.Split(c.acknowledged, "") {
				acknowledged[id] = true
			}
			unheard, wrong := judge(sent, acknowledged, c.votes)
			if unheard != c.unheard {
				t.Errorf("unheard %d, want %d", unheard, c.unheard)
			}
			switch {
			case c.wrong == "" && len(wrong) > 0, c.wrong != "" && len(wrong) != 1:
				t.Errorf("wrong: %v, want %q", wrong, c.wrong)
			case c.wrong != "" && !strings.Contains(wrong[0].Error(), c.wrong):
				t.Errorf("wrong: %v, want %q", wrong, c.wrong)
			}
		})
	}
}

// A log that became shorter is seen, though what is left of it is whole.
func TestRecordSeesAShorterLog(t *testing.T) {
	data := t.TempDir()
	file, err := store.Create(data, oplog.SessionID{1}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	r := record{}
	if err := r.read(data); err != nil {
		t.Errorf("an empty record: %v", err)
	}
	r.checked = oplog.Heads{oplog.ReplicaID{2}: {Seq: 3}}
	if err := r.read(data); err == nil || !strings.Contains(err.Error(), "ended at 3 before") {
		t.Errorf("a log that is gone: %v", err)
	}
}
