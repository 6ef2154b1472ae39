package peer_test

import (
	"context"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/peer"
)

// onlyTablets says of everybody by this name that it is a tablet.
func onlyTablets(name string) peer.Trust {
	return peer.Trust{Tablet: func(who string) bool { return who == name }}
}

// rulesOf gives rules that would erase names, name a branch and unpair the hub.
func rulesOf(t *testing.T, hub oplog.ReplicaID) moot.Rules {
	t.Helper()
	pen := oplogtest.NewPen(session, 900)
	first := pen.Open()
	key, err := oplog.KeyIn(first)
	if err != nil {
		t.Fatal(err)
	}
	unpair := moot.Unpair{Replica: hub, Seq: 0, At: 1}
	draft, err := moot.Item{CID: pen.CID(), Payload: &unpair}.Draft()
	if err != nil {
		t.Fatal(err)
	}
	data, err := pen.Write(draft).Encode()
	if err != nil {
		t.Fatal(err)
	}
	unpair.Said = &moot.Said{Key: key, Entry: data}
	return moot.Rules{Unlinked: true, Named: []moot.Branch{{Replica: hub, Seq: 2, Rev: 9}}, Unpaired: []moot.Unpair{unpair}}
}

// Rules that a tablet tells, called or calling, are not believed; a laptop's are.
func TestRulesOfATablet(t *testing.T) {
	for _, who := range []string{"tablet", "laptop"} {
		for _, way := range []string{"it calls", "it is called"} {
			hub := newDevice(t, 1, peer.Options{})
			hub.side.SetTrust(onlyTablets("tablet"))
			hub.say(t, 1, 3)
			told := rulesOf(t, hub.Own())
			if way == "it calls" {
				if p, err := hub.side.Answer(context.Background(), who, peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallRules, Rules: &told}); err != nil || p.Refused != nil {
					t.Fatal(p, err)
				}
			} else {
				other := newDevice(t, 2, peer.Options{})
				ask := func(ctx context.Context, q peer.Request) (peer.Response, error) {
					p, err := other.side.Answer(ctx, "hub", q)
					if p.Hello != nil {
						p.Hello.Rules = told
					}
					return p, err
				}
				if _, err := hub.side.ExchangeAs(context.Background(), who, ask, nil); err != nil {
					t.Fatal(err)
				}
			}
			v := hub.View()
			if v.Unlinked != (who == "laptop") || len(v.Unpaired()) > 0 != (who == "laptop") {
				t.Errorf("%s, %s: names erased %t, unpaired %v", who, way, v.Unlinked, v.Unpaired())
			}
		}
	}
}

// forks gives proofs that a log of a key splits in many ways at its second entry.
func forks(t *testing.T, seed uint64, n int) (first oplog.Entry, proofs []oplog.ForkProof) {
	t.Helper()
	var entries []oplog.Entry
	for i := range n {
		pen := oplogtest.NewPen(session, seed)
		first = pen.Open()
		pen.Now += uint64(i)
		entries = append(entries, pen.Say(oplog.Public, i))
	}
	key, err := oplog.KeyIn(first)
	if err != nil {
		t.Fatal(err)
	}
	for i := range entries[1:] {
		proofs = append(proofs, oplog.ProveFork(key, entries[i], entries[i+1]))
	}
	return first, proofs
}

// Who has a key can make proofs without end: of a tablet some are heard, about logs that
// are held.
func TestProofsOfATablet(t *testing.T) {
	hub := newDevice(t, 1, peer.Options{})
	hub.side.SetTrust(onlyTablets("tablet"))
	hub.say(t, 1, 1)
	first, proofs := forks(t, 901, 40)
	tell := func() {
		if p, err := hub.side.Answer(context.Background(), "tablet", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallRules, Rules: &moot.Rules{Proofs: proofs}}); err != nil || p.Refused != nil {
			t.Fatal(p, err)
		}
	}
	tell()
	if n := len(hub.View().Splits); n > 0 {
		t.Fatalf("%d splits of logs that nobody holds", n)
	}
	data, err := first.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hub.Receive(context.Background(), [][]byte{data}); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		tell()
	}
	if sp := hub.View().Splits; len(sp) != 1 || len(sp[0].Branches) < 2 || len(sp[0].Branches) > 16 {
		t.Errorf("splits %+v", sp)
	}
}

// Branches of a log that are pushed one after the other are not noted without end.
func TestBranchesPushed(t *testing.T) {
	hub := newDevice(t, 1, peer.Options{})
	push := func(pen *oplogtest.Pen, n int) {
		e := pen.Open()
		pen.Now += uint64(n)
		next := pen.Say(oplog.Public, n)
		var frames [][]byte
		for _, e := range []oplog.Entry{e, next} {
			data, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			frames = append(frames, data)
		}
		if _, err := hub.Receive(context.Background(), frames); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 60 {
		push(oplogtest.NewPen(session, 902), i)
	}
	heads, _ := hub.Heads()
	if n := heads[hub.Own()].Seq; n > 20 {
		t.Errorf("60 branches made %d entries in the hub's log", n)
	}
}

// What a tablet may not bring waits, and holds up nothing else.
func TestLogsThatAreNotTaken(t *testing.T) {
	hub, tablet := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	tablet.say(t, 2, 3)
	other := newDevice(t, 3, peer.Options{})
	other.say(t, 3, 2)
	exchange(t, tablet, other)
	asked := map[oplog.ReplicaID]int{}
	trust := onlyTablets("tablet")
	trust.Admit = func(_ string, first oplog.Entry, _ oplog.Heads) bool {
		asked[first.Replica]++
		return first.Replica == tablet.Own()
	}
	hub.side.SetTrust(trust)
	if _, err := tablet.side.ExchangeAs(context.Background(), "hub", hub.direct("tablet"), nil); err != nil {
		t.Fatal(err)
	}
	if n := len(hub.View().Statements); n != 3 || asked[other.Own()] == 0 {
		t.Errorf("%d statements, want the tablet's 3; asked %v", n, asked)
	}
	if _, err := hub.side.ExchangeAs(context.Background(), "tablet", tablet.direct("hub"), nil); err != nil {
		t.Fatal(err)
	}
	if n := len(hub.View().Statements); n != 3 {
		t.Errorf("%d statements after the hub asked, want 3", n)
	}
	exchange(t, other, hub) // "a" is a laptop
	if n := len(hub.View().Statements); n != 5 {
		t.Errorf("%d statements after the laptop came, want 5", n)
	}
}
