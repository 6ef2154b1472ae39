package command

import (
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// TestTabletIsLetIn: a tablet asks at an address; the host compares the digits and lets it
// in, and only then the person at the tablet says that they are the same. After that the
// session comes.
func TestTabletIsLetIn(t *testing.T) {
	desk := testApp(t)
	session, err := desk.create(oplog.SessionID{8})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if err := refusals(session.Do(t.Context(), item(&moot.SetField{Field: moot.JoinCode, Value: "123456", Rev: 1}))); err != nil {
		t.Fatal(err)
	}
	hub, err := desk.startPeers(session, peersOptions{listen: "127.0.0.1:0", quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	defer hub.close()
	table := testApp(t)
	network, err := NewTabletNetwork(table.data, "127.0.0.1:0", true, table.Streams)
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	asking := network.AskAt(hub.addresses()[0])
	waitFor(t, "digits", func() bool { return asking.State().Stand == readmodel.PairingCompare }, network.Changed)
	id := string(hub.node.Devices()[0].ID)
	if digits := asking.State().Digits; digits == "" || hub.node.Devices()[0].Digits != digits {
		t.Fatalf("digits %q there, %+v here", digits, hub.node.Devices())
	}
	if err := hub.Pair(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	// The host was the first; the person at the tablet takes a while.
	waitFor(t, "the host's word", func() bool { return hostHasDecided(asking) }, network.Changed)
	asking.Confirm()
	waitFor(t, "the grant", func() bool {
		s := asking.State()
		if s.Stand == readmodel.PairingFailed {
			t.Fatalf("it failed: %v", asking.(*tabletAsking).joining.state().err)
		}
		return s.Grant != nil
	}, network.Changed)
	grant := asking.State().Grant
	if grant.Session != (oplog.SessionID{8}) || grant.Index != 1 {
		t.Errorf("granted %+v", grant)
	}
	held, err := table.holdOrMake(grant.Session)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	carrier := network.Carry(held, *grant)
	defer carrier.Leave()
	waitFor(t, "the session", func() bool { return held.View().Session.Get(moot.JoinCode) == "123456" }, held.Changed)
	waitFor(t, "the hub in reach", func() bool { return carrier.Status().Reach == readmodel.ReachHere }, network.Changed)
}

// hostHasDecided says whether the tablet has heard that it is let in.
func hostHasDecided(p TabletPairing) bool {
	j := p.(*tabletAsking).joining
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.inner != nil && j.inner.State() == "accepted"
}

// waitFor waits until something is so, which is looked at after every change.
func waitFor(t *testing.T, what string, holds func() bool, changed func() <-chan struct{}) {
	t.Helper()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for {
		news := changed()
		if holds() {
			return
		}
		select {
		case <-news:
		case <-limit.C:
			t.Fatalf("waited for %s in vain", what)
		}
	}
}
