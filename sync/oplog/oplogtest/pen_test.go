package oplogtest_test

import (
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

var session = oplog.SessionID{9}

func TestPenWritesWhatAChainTakes(t *testing.T) {
	chain := oplog.NewChain(session)
	for _, e := range oplogtest.NewPen(session, 7).Log(10) {
		if err := chain.Next(e); err != nil {
			t.Error(err)
		}
	}
}

func TestPenFollowsItsSeed(t *testing.T) {
	a, b, c := oplogtest.NewPen(session, 1).Log(5), oplogtest.NewPen(session, 1).Log(5), oplogtest.NewPen(session, 2).Log(5)
	if a[4].Hash() != b[4].Hash() {
		t.Error("the same seed gave two logs")
	}
	if a[0].Replica == c[0].Replica {
		t.Error("two seeds gave one key")
	}
}
