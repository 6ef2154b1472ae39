package peer_test

import (
	"context"
	"fmt"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

// Where a device cannot take the log that says so, it hears all the same who was unpaired,
// and all end alike, though some exchange with none but it.
func TestUnpairTravelsWithRules(t *testing.T) {
	hub, full, last := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{}), newDevice(t, 3, peer.Options{})
	tablet := newDevice(t, 4, peer.Options{})
	tablet.say(t, 4, 3)
	exchange(t, hub, tablet)
	if err := hub.Unpair(context.Background(), tablet.Own()); err != nil {
		t.Fatal(err)
	}
	tablet.say(t, 4, 2)
	full.say(t, 2, 1)
	exchange(t, full, tablet)
	for i := range replica.MaxReplicas { // so many logs that the hub's has no room
		e := oplogtest.NewPen(session, uint64(100+i)).Open()
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := full.Receive(context.Background(), [][]byte{data}); err != nil {
			t.Fatal(err)
		}
	}
	exchange(t, full, hub)
	exchange(t, last, full)
	for name, d := range map[string]*device{"a full device": full, "one behind it": last} {
		heads, _ := d.Heads()
		if _, held := heads[hub.Own()]; held {
			t.Fatalf("%s took the hub's log", name)
		}
		v := d.View()
		if len(v.Unpaired()) != 1 || v.Unpaired()[0].Seq != 4 || v.Unpaired()[0].By != hub.Own() || v.Unpaired()[0].Above != 2 {
			t.Errorf("%s: unpaired %+v", name, v.Unpaired())
		}
	}
	if rounds := exchange(t, last, full); rounds.Pulled+rounds.Pushed > 0 {
		t.Errorf("it does not come to rest: %+v", rounds)
	}
}

// Rules come in pieces, each as large as a message may be.
func TestUnpairInPieces(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	const many = 300
	var items []moot.Item
	for i := range many {
		log := oplog.ReplicaID{byte(i >> 8), byte(i), 1}
		items = append(items, moot.Item{CID: oplog.ItemID{7, byte(i >> 8), byte(i)}, Payload: &moot.Unpair{Replica: log, Seq: uint64(i)}})
	}
	if _, err := a.Do(context.Background(), items...); err != nil {
		t.Fatal(err)
	}
	got, err := a.side.Answer(context.Background(), "b", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallHello})
	if err != nil || got.Hello.MoreRules != 1 || len(got.Hello.Rules.Unpaired) >= many {
		t.Fatalf("%d more pieces, %d acts in the first, %v", got.Hello.MoreRules, len(got.Hello.Rules.Unpaired), err)
	}
	exchange(t, b, a)
	if got := len(b.View().Unpaired()); got != many {
		t.Errorf("%d devices, want %d", got, many)
	}
	same(t, a, b)
	over := got.Hello.Rules
	for len(over.Unpaired) <= 256 {
		over.Unpaired = append(over.Unpaired, over.Unpaired[0])
	}
	p, err := a.side.Answer(context.Background(), "b", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallRules, Rules: &over})
	if err != nil || p.Refused == nil || p.Refused.Code != peer.Malformed {
		t.Errorf("too many at a time: %s, %v", fmt.Sprint(p.Refused), err)
	}
}
