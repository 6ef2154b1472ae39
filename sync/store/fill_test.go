package store_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/store"
)

// An entry that came without its payload takes it later, sealed like others; the log and
// its head stay as they were.
func TestCommitFilled(t *testing.T) {
	session := oplog.SessionID{7}
	f, err := store.Create(t.TempDir(), session, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	whole := oplogtest.NewPen(session, 1).Log(20)
	var bare, late []oplog.Entry
	for _, e := range whole {
		if e.Class == oplog.Personal {
			late = append(late, e)
			e = e.Redact()
		}
		bare = append(bare, e)
	}
	if len(late) < 2 {
		t.Fatal("the log has too few personal entries to show anything")
	}
	if err := f.Append(bare); err != nil {
		t.Fatal(err)
	}
	heads, err := f.Heads()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(oplog.Change{Filled: late}); err != nil {
		t.Fatal(err)
	}
	i := 0
	err = f.Entries(whole[0].Replica, 1, func(e oplog.Entry) bool {
		if e.Redacted() || e.Hash() != whole[i].Hash() || string(e.Payload) != string(whole[i].Payload) {
			t.Errorf("entry %d is not whole", e.Seq)
		}
		i++
		return true
	})
	if err != nil || i != len(whole) {
		t.Fatalf("%d entries, %v", i, err)
	}
	after, err := f.Heads()
	if err != nil || after[whole[0].Replica] != heads[whole[0].Replica] || f.Closed() != 0 {
		t.Errorf("heads %v, before %v; %v; closed %d", after, heads, err, f.Closed())
	}
}

// Only the entry that lies there can be filled in, and of several all or none.
func TestCommitFilledWrong(t *testing.T) {
	session := oplog.SessionID{7}
	f, err := store.Create(t.TempDir(), session, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	mine, others := oplogtest.NewPen(session, 1).Log(10), oplogtest.NewPen(session, 2).Log(10)
	for i := range mine {
		if mine[i].Class == oplog.Personal {
			mine[i] = mine[i].Redact()
		}
	}
	if err := f.Append(mine[:5]); err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]oplog.Entry{"no log": others[1], "behind its end": mine[7]} {
		if err := f.Commit(oplog.Change{Filled: []oplog.Entry{e}}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	wrong := others[2]
	wrong.Replica = mine[0].Replica
	if err := f.Commit(oplog.Change{Filled: []oplog.Entry{wrong}}); !errors.Is(err, oplog.ErrChain) {
		t.Errorf("another entry: %v", err)
	}
}
