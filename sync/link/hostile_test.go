package link_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

// log gives the frames of a new log of a device, with one statement; device may be nil.
func newLog(t *testing.T, seed uint64, role string, device ed25519.PrivateKey) (oplog.ReplicaID, [][]byte) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(seeded(byte(seed)))
	if err != nil {
		t.Fatal(err)
	}
	w := oplog.NewWriter(session, key, oplog.Head{}, oplog.NewClock(oplog.Time{}), seeded(byte(seed)+1))
	var frames [][]byte
	write := func(d oplog.Draft, err error) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := w.Write(d, 1)
		if err != nil {
			t.Fatal(err)
		}
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, data)
	}
	write(w.OpenOf("x", role, device))
	cid := oplogtest.NewPen(session, seed).CID()
	write(moot.Item{CID: cid, Payload: &moot.NewStatement{Text: cid.String(), Lang: "en", Standing: moot.Approved, Src: moot.FromTablet}}.Draft())
	return w.Replica(), frames
}

// push has a device with a key bring entries, and says how it was answered.
func push(t *testing.T, to *device, key ed25519.PrivateKey, frames [][]byte) peer.Response {
	t.Helper()
	data, err := peer.Encode(&peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallPush, Frames: frames})
	if err != nil {
		t.Fatal(err)
	}
	res, err := stranger(t, key).Post("https://"+to.address()+"/sync/v1/call", "application/cbor", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if data, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	var p peer.Response
	if err := peer.Decode(data, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (d *device) holds(log oplog.ReplicaID) bool {
	heads, _ := d.record.Heads()
	return heads[log].Seq > 0
}

// Whoever holds a tablet opens no log that could lead the session: neither without a word
// on whose it is, nor as a laptop, nor in a laptop's name. A laptop's log it carries.
func TestTabletOpensNoLaptopsLog(t *testing.T) {
	hub, other, tablet := newDevice(t, 1, "Laptop").start(t), newDevice(t, 3, "Room B"), newTablet(t, 2, "Tablet")
	pair(t, hub, other, link.Hub)
	pair(t, hub, tablet, link.Tablet)
	seed := uint64(100)
	for name, one := range map[string]struct {
		role   string
		device ed25519.PrivateKey
		taken  bool
	}{
		"nobody's":             {"", nil, false},
		"its own, as a laptop": {"", tablet.identity.Key, false},
		"a stranger's":         {"", identity(77, "x").Key, false},
		"room B's":             {"", other.identity.Key, true},
		"the hub's own":        {"", hub.identity.Key, true},
		"its own":              {oplog.RoleTablet, tablet.identity.Key, true},
		"another tablet's":     {oplog.RoleTablet, identity(78, "x").Key, true},
	} {
		seed += 2
		log, frames := newLog(t, seed, one.role, one.device)
		p := push(t, hub, tablet.identity.Key, frames)
		if p.Refused != nil || hub.holds(log) != one.taken {
			t.Errorf("%s: taken %t, %+v", name, hub.holds(log), p)
		}
		if p = push(t, hub, other.identity.Key, frames); !hub.holds(log) {
			t.Errorf("%s: not taken from a laptop: %+v", name, p)
		}
	}
	// A proof that is not the device's own is none.
	_, frames := newLog(t, 99, "", other.identity.Key)
	first, err := oplog.Decode(frames[0])
	if err != nil {
		t.Fatal(err)
	}
	var pair oplog.Pair
	if err := oplog.Unmarshal(first.Payload, &pair); err != nil {
		t.Fatal(err)
	}
	pair.Proof[5] ^= 1
	if first.Payload, err = oplog.Marshal(pair); err != nil {
		t.Fatal(err)
	}
	if device, _ := oplog.DeviceIn(first); device != nil {
		t.Error("a wrong proof is believed")
	}
}

// One tablet cannot fill the session's logs.
func TestTabletFillsNotAllLogs(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	pair(t, hub, tablet, link.Tablet)
	var frames [][]byte
	for i := range 40 {
		_, own := newLog(t, uint64(i), oplog.RoleTablet, tablet.identity.Key)
		_, nobodys := newLog(t, uint64(60+i), oplog.RoleTablet, nil)
		_, strangers := newLog(t, uint64(120+i), oplog.RoleTablet, identity(byte(100+i), "x").Key)
		frames = slices.Concat(frames, own, nobodys, strangers)
	}
	for range 2 {
		push(t, hub, tablet.identity.Key, frames)
	}
	heads, _ := hub.record.Heads()
	if n := len(heads); n > 2+8+8 {
		t.Errorf("one tablet brought %d logs", n)
	}
	if n := len(hub.record.View().Statements); n != 16 {
		t.Errorf("%d statements, want those of eight logs of its own and of eight strangers", n)
	}
}

// Some of the session's logs are left for laptops.
func TestLogsLeftForLaptops(t *testing.T) {
	hub, other := newDevice(t, 1, "Laptop").start(t), newDevice(t, 3, "Room B")
	pair(t, hub, other, link.Hub)
	tablet := newTablet(t, 2, "Tablet")
	pair(t, hub, tablet, link.Tablet)
	var frames [][]byte
	for i := range 60 {
		_, one := newLog(t, uint64(i), oplog.RoleTablet, identity(byte(100+i), "x").Key)
		frames = append(frames, one...)
	}
	push(t, hub, other.identity.Key, frames[:2*(replica.MaxReplicas-10)]) // a laptop may
	for i := range 8 {
		_, one := newLog(t, uint64(200+i), oplog.RoleTablet, tablet.identity.Key)
		push(t, hub, tablet.identity.Key, one)
	}
	heads, _ := hub.record.Heads()
	if n := len(heads); n > replica.MaxReplicas-8 {
		t.Errorf("%d logs: none are left", n)
	}
}

// greet has a device say something of itself and others.
func greet(t *testing.T, to *device, key ed25519.PrivateKey, g link.Greeting) {
	t.Helper()
	data, err := oplog.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	res, err := stranger(t, key).Post("https://"+to.address()+"/sync/v1/greet", "application/cbor", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("greeting: status %d", res.StatusCode)
	}
}

// A tablet that says it writes another's log, and then is unpaired, ends only its own; and
// also those that it did not say.
func TestTabletNamesAnothersLog(t *testing.T) {
	hub, other, tablet, friend := newDevice(t, 1, "Laptop").start(t), newDevice(t, 3, "Room B"), newTablet(t, 2, "Tablet"), newTablet(t, 4, "Friend")
	pair(t, hub, other, link.Hub)
	pair(t, hub, tablet, link.Tablet)
	pair(t, hub, friend, link.Tablet)
	other.say(t, 1)
	friend.say(t, 1)
	tablet.say(t, 1)
	hub.until(t, "all words", func() bool { return len(hub.record.View().Statements) == 3 })
	silent, frames := newLog(t, 7, oplog.RoleTablet, tablet.identity.Key)
	push(t, hub, tablet.identity.Key, frames)
	key := tablet.identity.Key
	tablet.stop(t)
	for _, log := range []oplog.ReplicaID{hub.record.Own(), other.record.Own(), friend.record.Own()} {
		greet(t, hub, key, link.Greeting{Name: "Tablet", Role: link.Tablet, Oldest: 1, Newest: 1, Log: log, Addresses: []string{}, Web: []string{}, Known: []link.Known{}})
	}
	if err := hub.Unpair(t.Context(), tablet.identity.ID()); err != nil {
		t.Fatal(err)
	}
	ended := map[oplog.ReplicaID]bool{}
	for _, u := range hub.record.View().Unpaired() {
		ended[u.Replica] = true
	}
	if len(ended) != 2 || !ended[tablet.record.Own()] || !ended[silent] {
		t.Errorf("%d logs ended, want the tablet's two: %v", len(ended), hub.record.View().Unpaired())
	}
	// A log of it that comes later is not taken from a tablet; from a laptop that has not
	// heard it is, and unpairing it once more ends it.
	late, frames := newLog(t, 8, oplog.RoleTablet, key)
	if push(t, hub, friend.identity.Key, frames); hub.holds(late) {
		t.Error("another log of it is taken from a tablet")
	}
	push(t, hub, other.identity.Key, frames)
	if err := hub.Unpair(t.Context(), tablet.identity.ID()); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(hub.record.View().Unpaired(), func(u moot.Unpaired) bool { return u.Replica == late }) {
		t.Error("another log of it goes on")
	}
}

// What a tablet says of others is not believed: neither that there are some, nor that one
// was sent away.
func TestTabletIntroducesNobody(t *testing.T) {
	hub, other, tablet := newDevice(t, 1, "Laptop").start(t), newDevice(t, 3, "Room B"), newTablet(t, 2, "Tablet")
	pair(t, hub, other, link.Hub)
	pair(t, hub, tablet, link.Tablet)
	key := tablet.identity.Key
	tablet.stop(t)
	g := link.Greeting{Name: "Tablet", Role: link.Hub, Oldest: 1, Newest: 1, Addresses: []string{}, Web: []string{}, Follows: true, Known: []link.Known{
		{Key: other.identity.Public(), Role: link.Hub, Addresses: []string{}, Unpaired: true, Paired: 1 << 50},
		{Key: identity(50, "x").Public(), Role: link.Hub, Addresses: []string{}, Paired: 1 << 50}}}
	greet(t, hub, key, g)
	if d := hub.device(other.ID()); d.State == link.StateUnpaired {
		t.Error("a tablet sent a laptop away")
	}
	if d := hub.device(identity(50, "x").ID()); d.ID != "" {
		t.Error("a tablet let a laptop in")
	}
	if d := hub.device(tablet.identity.ID()); d.Role != link.Tablet || d.Follows {
		t.Errorf("a tablet made itself a laptop: %+v", d)
	}
	greet(t, hub, other.identity.Key, g) // a laptop may
	if d := hub.device(identity(50, "x").ID()); d.ID == "" {
		t.Error("a laptop's word is not believed: the test shows nothing")
	}
}

// A tablet that was let in again stays so, though other laptops heard that it was sent
// away; they hear of that too.
func TestPairedAgainEverywhere(t *testing.T) {
	hub, backup, tablet := newDevice(t, 1, "Laptop A").start(t), newDevice(t, 2, "Laptop B"), newTablet(t, 3, "Tablet")
	pair(t, hub, backup, link.Backup)
	for round := range 2 {
		pair(t, hub, tablet, link.Tablet)
		backup.until(t, "hears that it is paired", func() bool { return backup.device(tablet.ID()).State == link.StateHere })
		tablet.until(t, "writes a log that counts", func() bool {
			return (round == 0 || len(tablet.record.View().Unpaired()) > 0) && !slices.ContainsFunc(tablet.record.View().Unpaired(), func(u moot.Unpaired) bool { return u.Replica == tablet.record.Own() })
		})
		tablet.say(t, 1)
		hub.until(t, "its words", func() bool { return len(hub.record.View().Statements) == round+1 })
		backup.until(t, "its words too", func() bool { return len(backup.record.View().Statements) == round+1 })
		if err := hub.Unpair(t.Context(), tablet.ID()); err != nil {
			t.Fatal(err)
		}
		backup.until(t, "hears that it was sent away", func() bool { return backup.device(tablet.ID()).State == link.StateUnpaired })
		tablet.stop(t)
		hub.ahead.Add(-int64(time.Hour)) // also with a clock that is set back
	}
	pair(t, hub, tablet, link.Tablet)
	backup.until(t, "hears it a third time", func() bool { return backup.device(tablet.ID()).State == link.StateHere })
	old := link.Greeting{Name: "Laptop B", Role: link.Backup, Oldest: 1, Newest: 1, Addresses: []string{}, Web: []string{}, Known: []link.Known{
		{Key: tablet.identity.Public(), Role: link.Tablet, Addresses: []string{}, Unpaired: true, Paired: 1}}}
	greet(t, hub, backup.identity.Key, old)
	if d := hub.device(tablet.ID()); d.State == link.StateUnpaired {
		t.Error("an old word sent it away again")
	}
}

// A tablet that is unpaired while it brings what it has stops counting from there.
func TestUnpairedAmidATransfer(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "here", func() bool { return tablet.device(hub.ID()).State == link.StateHere })
	key, id, own := tablet.identity.Key, tablet.ID(), tablet.record.Own()
	tablet.stop(t)
	tablet.say(t, 400)
	frames, _, err := peer.New(tablet.record, peer.Options{}).Missing(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var log [][]byte
	for _, f := range frames {
		if e, err := oplog.Decode(f); err == nil && e.Replica == own {
			log = append(log, f)
		}
	}
	half := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i, piece := range slices.Collect(slices.Chunk(log, 10)) {
			if i == 10 {
				close(half)
			}
			push(t, hub, key, piece)
		}
	}()
	<-half
	if err := hub.Unpair(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	var end moot.Unpaired
	for _, u := range hub.record.View().Unpaired() {
		if u.Replica == own {
			end = u
		}
	}
	<-done
	heads, _ := hub.record.Heads()
	if n := uint64(len(hub.record.View().Statements)); end.Seq < 90 || n != end.Seq-1 || heads[own].Seq >= uint64(len(log)) {
		t.Errorf("its log ends at %d, %d of its statements count, %d entries of %d came", end.Seq, n, heads[own].Seq, len(log))
	}
}

// Live calls of one peer are few.
func TestLiveCallsAreFew(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	hub.say(t, 1)
	pair(t, hub, tablet, link.Tablet)
	key := tablet.identity.Key
	tablet.stop(t)
	heads, err := peer.New(hub.record, peer.Options{}).Heads()
	if err != nil {
		t.Fatal(err)
	}
	data, err := oplog.Marshal(link.LiveCall{Heads: heads})
	if err != nil {
		t.Fatal(err)
	}
	client := stranger(t, key)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	status := make(chan int)
	for range 20 {
		go func() {
			req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+hub.address()+"/sync/v1/live", bytes.NewReader(data))
			if res, err := client.Do(req); err == nil {
				res.Body.Close()
				select {
				case status <- res.StatusCode:
				case <-ctx.Done():
				}
			}
		}()
	}
	for range 20 - 8 {
		if got := <-status; got != http.StatusTooManyRequests {
			t.Fatalf("status %d", got)
		}
	}
}

// A body that does not come is not waited for.
func TestSlowBody(t *testing.T) {
	hub := newDevice(t, 1, "Laptop").start(t)
	r, w := io.Pipe()
	defer w.Close()
	res, err := stranger(t, identity(66, "x").Key).Post("https://"+hub.address()+"/sync/v1/pair/start", "application/cbor", r)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil && res.StatusCode < 300 { // and it came back at all
		t.Errorf("answered with status %d", res.StatusCode)
	}
}

// Clocks that are set make nobody away, and hold nothing up.
func TestClockIsSet(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	pair(t, hub, tablet, link.Tablet)
	hub.until(t, "here", func() bool { return hub.device(tablet.ID()).State == link.StateHere })
	for _, jump := range []time.Duration{time.Hour, -2 * time.Hour, time.Hour} {
		before := len(hub.record.View().Statements)
		hub.ahead.Add(int64(jump))
		tablet.ahead.Add(-int64(jump))
		tablet.say(t, 1)
		hub.say(t, 1)
		hub.until(t, "words after the clock was set", func() bool { return len(hub.record.View().Statements) == before+2 })
		tablet.until(t, "the same", func() bool { return tablet.digest() == hub.digest() })
	}
	id := tablet.ID()
	tablet.stop(t)
	hub.until(t, "away", func() bool { return hub.device(id).State == link.StateAway })
}
