package replica_test

import (
	"context"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/replica"
)

// A tablet writes down of what it is told only what counts in its log: the rest comes with
// the log of who said so, and would else be written again each time.
func TestTabletObeys(t *testing.T) {
	o := options()
	o.Tablet = true
	r, err := replica.Open(newDisk(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	told := moot.Rules{Unlinked: true, Named: []moot.Branch{{Replica: oplog.ReplicaID{3}, Seq: 2, Rev: 1}}}
	for range 2 {
		news, err := r.Obey(context.Background(), told)
		if heads, _ := r.Heads(); err != nil || news != 0 || len(heads) > 0 {
			t.Fatalf("%d acts, %v, heads %v", news, err, heads)
		}
	}
}

// What a tablet had no say in does not come to have one where its branch is let go.
func TestTabletsBranchLetGo(t *testing.T) {
	disk := newDisk()
	hub := device(t, disk, 1)
	do(t, hub, room(3)...)
	branch := func(act moot.Payload) (list [][]byte, second oplog.Entry) {
		pen := oplogtest.NewPen(oplog.SessionID{1}, 90)
		list = append(list, encoded(t, pen.OpenAs(oplog.RoleTablet)))
		draft, err := moot.Item{CID: pen.CID(), Payload: act}.Draft()
		if err != nil {
			t.Fatal(err)
		}
		second = pen.Write(draft)
		return append(list, encoded(t, second)), second
	}
	bad, _ := branch(&moot.Unlink{At: 1})
	good, named := branch(&moot.Audit{What: "clock"})
	receive(t, hub, bad)
	if got := receive(t, hub, good); len(got.Forks) != 1 {
		t.Fatalf("%+v", got)
	}
	do(t, hub, moot.Item{CID: cid(70), Payload: &moot.Branch{Replica: named.Replica, Seq: 2, Hash: named.Hash(), Rev: 1}})
	receive(t, hub, good)
	if v := hub.View(); v.Unlinked || len(v.Splits) != 1 || !v.Splits[0].Counts() {
		t.Errorf("names erased %t, splits %+v", v.Unlinked, v.Splits)
	}
	well(t, hub, disk)
}
