package oplog_test

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

func TestMemory(t *testing.T) {
	oplogtest.Conform(t, func(*testing.T) oplog.Log { return oplog.NewMemory() }, oplogtest.Options{})
}

func TestAllStops(t *testing.T) {
	m := oplog.NewMemory()
	for seed := range uint64(3) {
		if err := m.Append(oplogtest.NewPen(session, seed).Log(4)); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	if err := oplog.All(m, func(oplog.Entry) bool { seen++; return seen < 5 }); err != nil || seen != 5 {
		t.Errorf("%d entries, %v; want to stop after 5", seen, err)
	}
}

// faulty is a log whose disk has gone.
type faulty struct {
	oplog.Log
	heads, entries error
}

func (f faulty) Heads() (oplog.Heads, error) {
	return oplog.Heads{oplog.ReplicaID{0xab}: {Seq: 1}}, f.heads
}

func (f faulty) Entries(oplog.ReplicaID, uint64, func(oplog.Entry) bool) error { return f.entries }

func TestAllTellsFaults(t *testing.T) {
	gone := errors.New("input/output error")
	all := func(l oplog.Log) error { return oplog.All(l, func(oplog.Entry) bool { return true }) }
	if err := all(faulty{heads: gone}); !errors.Is(err, gone) {
		t.Errorf("heads: %v", err)
	}
	if err := all(faulty{entries: gone}); !errors.Is(err, gone) || !strings.Contains(err.Error(), "ab0000") {
		t.Errorf("entries: %v, want the log named", err)
	}
}

func TestReplicasAreSorted(t *testing.T) {
	heads := oplog.Heads{{3}: {}, {0xff}: {}, {1}: {}, {2}: {}}
	got := heads.Replicas()
	for i, want := range []byte{1, 2, 3, 0xff} {
		if got[i][0] != want {
			t.Fatalf("order %v", got)
		}
	}
}
