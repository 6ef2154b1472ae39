package link

import (
	"crypto/ed25519"
	"math/rand/v2"
	"testing"
	"time"

	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

var noon = time.UnixMilli(1_790_000_000_000)

func testKey(seed byte) ed25519.PrivateKey {
	raw := make([]byte, ed25519.SeedSize)
	raw[0] = seed
	return ed25519.NewKeyFromSeed(raw)
}

// still gives a node that talks to nobody, with one peer in its book, at noon.
func still(t *testing.T, self, other Role) (*Node, *contact) {
	t.Helper()
	record, err := replica.Open(replicatest.NewDisk(), replica.Options{Session: oplog.SessionID{1}, Key: testKey(9), Name: "test", Now: func() time.Time { return noon }, Random: rand.NewChaCha8([32]byte{1})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(record.Close)
	rows := rowsOf(t, Peer{Key: testKey(1).Public().(ed25519.PublicKey), Role: self, Index: 1}, Peer{Key: testKey(2).Public().(ed25519.PublicKey), Name: "other", Role: other, Index: 2})
	n, err := New(Options{Identity: Identity{Key: testKey(1), Name: "this", Version: "0.1.0"}, Record: record, Side: peer.New(record, peer.Options{}), Book: rows,
		Now: func() time.Time { return noon }, Random: rand.NewChaCha8([32]byte{2})})
	if err != nil {
		t.Fatal(err)
	}
	return n, n.peers[DeviceOf(testKey(2).Public().(ed25519.PublicKey))]
}

type rows map[string][]byte

func rowsOf(t *testing.T, peers ...Peer) rows {
	out := rows{}
	for _, p := range peers {
		if err := WritePeer(out, p); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func (r rows) EachPeer(yield func(key, value []byte)) error {
	for k, v := range r {
		yield([]byte(k), v)
	}
	return nil
}
func (r rows) PutPeer(key, value []byte) error { r[string(key)] = value; return nil }
func (r rows) DropPeer(key []byte) error       { delete(r, string(key)); return nil }

// TestWhatAPeerSaysOfItself: versions, clocks, disks and batteries are shown as told.
func TestWhatAPeerSaysOfItself(t *testing.T) {
	n, c := still(t, Hub, Tablet)
	say := func(change func(*Greeting)) Device {
		g := &Greeting{Name: "window table", Role: Tablet, Version: "0.1.0", Oldest: peer.Protocol, Newest: peer.Protocol, Wall: uint64(noon.UnixMilli())}
		change(g)
		n.greeted(c, g)
		return n.Devices()[0]
	}
	if d := say(func(*Greeting) {}); d.State != StateHere || d.Name != "window table" || d.Newer || d.Older || d.Full || d.Battery != -1 || d.Ahead != 0 {
		t.Errorf("an ordinary tablet: %+v", d)
	}
	for name, c := range map[string]struct {
		change func(*Greeting)
		right  func(Device) bool
	}{
		"a newer version":    {func(g *Greeting) { g.Oldest, g.Newest = peer.Protocol+1, peer.Protocol+3 }, func(d Device) bool { return d.Newer && !d.Older }},
		"an older version":   {func(g *Greeting) { g.Oldest, g.Newest = 0, peer.Protocol-1 }, func(d Device) bool { return d.Older && !d.Newer }},
		"a clock a day off":  {func(g *Greeting) { g.Wall += 24 * 3600 * 1000 }, func(d Device) bool { return d.Ahead == 24*time.Hour }},
		"a clock of 1970":    {func(g *Greeting) { g.Wall = 0 }, func(d Device) bool { return d.Ahead < -50*365*24*time.Hour }},
		"a clock of no time": {func(g *Greeting) { g.Wall = 1<<64 - 1 }, func(d Device) bool { return d.Ahead > 24*time.Hour }},
		"a full tablet":      {func(g *Greeting) { g.Status = Status{Full: true, Kept: 12} }, func(d Device) bool { return d.Full && d.Kept == 12 }},
		"a battery":          {func(g *Greeting) { g.Status.Battery = 35 }, func(d Device) bool { return d.Battery == 34 }},
		"an odd name":        {func(g *Greeting) { g.Name = "a\u202eb\x00\n " }, func(d Device) bool { return d.Name == "ab" }},
		"no name":            {func(g *Greeting) { g.Name = "\u200b" }, func(d Device) bool { return d.Name != "" }},
	} {
		if d := say(c.change); !c.right(d) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// TestWhomAPeerKnows: a laptop's word about others is believed, a tablet's is not, and a
// tablet takes to laptops only.
func TestWhomAPeerKnows(t *testing.T) {
	stranger := testKey(7).Public().(ed25519.PublicKey)
	for _, c := range []struct {
		self, teller, about Role
		believed            bool
	}{
		{Hub, Hub, Tablet, true}, {Hub, Backup, Tablet, true}, {Hub, Tablet, Hub, false}, {Hub, Tablet, Tablet, false},
		{Tablet, Hub, Backup, true}, {Tablet, Hub, Tablet, false}, {Tablet, Tablet, Hub, false}, {Backup, Hub, Hub, true},
	} {
		n, from := still(t, c.self, c.teller)
		n.greeted(from, &Greeting{Role: c.teller, Oldest: 1, Newest: 1, Known: []Known{{Key: stranger, Role: c.about, Name: "x", Addresses: []string{"10.0.0.9:8443"}}}})
		if got := n.peers[DeviceOf(stranger)] != nil; got != c.believed {
			t.Errorf("a %s hears of a %s from a %s: taken %v, want %v", c.self, c.about, c.teller, got, c.believed)
		}
	}
	// Nobody is told about themselves.
	n, from := still(t, Backup, Hub)
	n.greeted(from, &Greeting{Role: Hub, Oldest: 1, Newest: 1, Known: []Known{{Key: n.Key(), Role: Tablet, Unpaired: true}}})
	if n.Role() != Backup || len(n.peers) != 1 {
		t.Error("a laptop was told what it is itself")
	}
}
