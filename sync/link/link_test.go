package link_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var session = oplog.SessionID{0xe0}

// book is a link.Book in memory.
type book struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (b *book) EachPeer(yield func(key, value []byte)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, v := range b.rows {
		yield([]byte(k), v)
	}
	return nil
}

func (b *book) PutPeer(key, value []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows[string(key)] = value
	return nil
}

func (b *book) DropPeer(key []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.rows, string(key))
	return nil
}

// device is one that talks over loopback.
type device struct {
	*link.Node
	identity link.Identity
	record   *replica.Replica
	book     *book
	listener net.Listener
	served   chan error
	ahead    atomic.Int64 // of its clock, nanoseconds
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

func seeded(seed byte) io.Reader { return mathrand.NewChaCha8([32]byte{seed}) }

func identity(seed byte, name string) link.Identity {
	raw := make([]byte, ed25519.SeedSize)
	raw[0], raw[1] = seed, 0xde
	return link.Identity{Key: ed25519.NewKeyFromSeed(raw), Name: name, Version: "0.1.0"}
}

// newDevice gives a device with a record of its own, which talks to nobody yet.
func newDevice(t testing.TB, seed byte, name string) *device {
	t.Helper()
	return newDeviceOf(t, seed, name, false)
}

// newTablet is newDevice for a participants' tablet.
func newTablet(t testing.TB, seed byte, name string) *device {
	t.Helper()
	return newDeviceOf(t, seed, name, true)
}

func newDeviceOf(t testing.TB, seed byte, name string, tablet bool) *device {
	t.Helper()
	raw := make([]byte, ed25519.SeedSize)
	raw[0] = seed
	record, err := replica.Open(replicatest.NewDisk(), replica.Options{Session: session, Key: ed25519.NewKeyFromSeed(raw), Name: name, Tablet: tablet, Device: identity(seed, name).Key, Now: time.Now, Random: rand.Reader,
		NewKey: func() (ed25519.PrivateKey, error) { _, key, err := ed25519.GenerateKey(rand.Reader); return key, err }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(record.Close)
	return &device{identity: identity(seed, name), record: record, book: &book{rows: map[string][]byte{}}}
}

// start lets a device talk.
func (d *device) start(t testing.TB) *device {
	t.Helper()
	var err error
	if d.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	address := d.listener.Addr().String()
	d.Node, err = link.New(link.Options{Identity: d.identity, Record: d.record, Side: peer.New(d.record, peer.Options{}), Book: d.book, Now: d.now, Random: rand.Reader,
		Dial: d.dial, Addresses: func() []string { return []string{address} }, BadgeKey: func() []byte { return []byte("badge key of the session") }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	d.Run()
	d.served = make(chan error, 1)
	go func() { d.served <- d.Serve(d.listener) }()
	t.Cleanup(func() { d.stop(t) })
	return d
}

// now gives the device's clock, which may be set.
func (d *device) now() time.Time { return time.Now().Round(0).Add(time.Duration(d.ahead.Load())) }

func (d *device) stop(t testing.TB) {
	if d.Node == nil {
		return
	}
	d.Close()
	if err := <-d.served; err != nil {
		t.Errorf("serve: %v", err)
	}
	d.Node = nil
}

// address gives where a device answers.
func (d *device) address() string { return d.listener.Addr().String() }

var act struct {
	sync.Mutex
	n uint64
}

// say writes n statements.
func (d *device) say(t testing.TB, n int) {
	t.Helper()
	for range n {
		act.Lock()
		act.n++
		number := act.n
		act.Unlock()
		item := moot.Item{CID: oplog.ItemID{byte(number), byte(number >> 8), byte(number >> 16), 9}, Payload: &moot.NewStatement{Text: fmt.Sprintf("statement %d", number), Lang: "en", Standing: moot.Approved}}
		out, err := d.record.Do(t.Context(), item)
		if err != nil || out[0].Refusal != nil {
			t.Fatal(out, err)
		}
	}
}

// until waits until a condition holds, which is looked at after every change of a device
// or its record.
func (d *device) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for {
		node, record := d.Changed(), d.record.Changed()
		if holds() {
			return
		}
		select {
		case <-node:
		case <-record:
		case <-limit.C:
			t.Fatalf("%s: it did not come to that; devices: %+v", what, d.Devices())
		}
	}
}

func (d *device) digest() string { return d.record.View().Digest() }

// device gives how another one stands there.
func (d *device) device(id link.DeviceID) link.Device {
	for _, one := range d.Devices() {
		if one.ID == id {
			return one
		}
	}
	return link.Device{}
}

// pair has a device paired by digits and started.
func pair(t testing.TB, host, guest *device, role link.Role) {
	t.Helper()
	j, err := link.Join(t.Context(), link.JoinOptions{Identity: guest.identity, Role: role, Addresses: []string{host.address()}, Now: time.Now, Random: rand.Reader, Dial: guest.dial})
	if err != nil {
		t.Fatal(err)
	}
	host.until(t, "asking", func() bool { return host.device(guest.identity.ID()).State == link.StateAsking })
	asking := host.device(guest.identity.ID())
	if asking.Digits == "" || asking.Digits != j.Digits() {
		t.Fatalf("digits %q here and %q there", asking.Digits, j.Digits())
	}
	if err := host.Pair(t.Context(), asking.ID); err != nil {
		t.Fatal(err)
	}
	j.Confirm()
	grant, err := j.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if grant.Session != session || grant.Role != role || string(grant.Badge) != "badge key of the session" {
		t.Fatalf("granted %+v", grant)
	}
	if err := link.Accept(guest.book, guest.identity, grant, time.Now()); err != nil {
		t.Fatal(err)
	}
	guest.start(t)
}

func TestPairAndExchange(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "window table")
	hub.say(t, 30)
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "first fetch", func() bool { return tablet.digest() == hub.digest() })
	tablet.say(t, 12)
	hub.until(t, "what the tablet wrote", func() bool { return hub.digest() == tablet.digest() })
	tablet.until(t, "nothing kept", func() bool { return tablet.Kept() == 0 })
	hub.say(t, 5)
	tablet.until(t, "what the hub wrote", func() bool { return hub.digest() == tablet.digest() })
	d := hub.device(tablet.ID())
	if d.State != link.StateHere || d.Index != 1 || d.Role != link.Tablet || d.Name != "window table" || d.Version != "0.1.0" {
		t.Errorf("on the hub the tablet is %+v", d)
	}
}

func TestKeptWhileOutOfReach(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "window table")
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "here", func() bool { return tablet.device(hub.ID()).State == link.StateHere })
	hub.stop(t)
	tablet.say(t, 12)
	tablet.until(t, "kept", func() bool { return tablet.Kept() == 12 })
	tablet.until(t, "away", func() bool { return tablet.device(hub.identity.ID()).State == link.StateAway })
	hub.start(t) // at another address: the hub calls the tablet
	hub.until(t, "merged", func() bool { return hub.digest() == tablet.digest() })
	tablet.until(t, "nothing kept", func() bool { return tablet.Kept() == 0 })
}
