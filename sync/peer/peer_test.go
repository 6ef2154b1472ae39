package peer_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var session = oplog.SessionID{0xe0}

// device is a replica with its disk and side.
type device struct {
	*replica.Replica
	disk *replicatest.Disk
	side *peer.Side
	next byte
}

// clock gives a clock that stands still until it is moved.
func clock(at *time.Time) func() time.Time { return func() time.Time { return *at } }

var noon = time.UnixMilli(1_790_000_000_000)

func key(seed byte, n int) ed25519.PrivateKey {
	raw := make([]byte, ed25519.SeedSize)
	raw[0], raw[1] = seed, byte(n)
	return ed25519.NewKeyFromSeed(raw)
}

// start opens a replica on a disk. Its keys follow from keySeed; when it needs another
// one, from seed.
func start(t testing.TB, disk *replicatest.Disk, seed, keySeed byte, options peer.Options) *device {
	t.Helper()
	made := 0
	if options.Now == nil {
		at := noon
		options.Now = clock(&at)
	}
	r, err := replica.Open(disk, replica.Options{Session: session, Key: key(keySeed, 0), Name: "test", Now: options.Now, Random: rand.NewChaCha8([32]byte{seed}),
		NewKey: func() (ed25519.PrivateKey, error) { made++; return key(seed, made), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return &device{Replica: r, disk: disk, side: peer.New(r, options)}
}

func newDevice(t testing.TB, seed byte, options peer.Options) *device {
	return start(t, replicatest.NewDisk(), seed, seed, options)
}

// clone starts a second device from a copy of everything.
func (d *device) clone(t testing.TB, seed, keySeed byte) *device {
	return start(t, d.disk.Copy(), seed, keySeed, peer.Options{})
}

// say writes n entries.
func (d *device) say(t testing.TB, tag byte, n int) {
	t.Helper()
	for range n {
		d.next++
		item := moot.Item{CID: oplog.ItemID{tag, d.next}, Payload: &moot.NewStatement{Text: fmt.Sprintf("statement %d of %d", d.next, tag), Lang: "en", Standing: moot.Approved}}
		d.do(t, item)
	}
}

func (d *device) do(t testing.TB, item moot.Item) {
	t.Helper()
	out, err := d.Do(context.Background(), item)
	if err == nil && out[0].Refusal != nil {
		err = out[0].Refusal
	}
	if err != nil {
		t.Fatal(err)
	}
}

// direct asks a device in the same program.
func (d *device) direct(who string) peer.Ask {
	return func(ctx context.Context, q peer.Request) (peer.Response, error) { return d.side.Answer(ctx, who, q) }
}

func exchange(t testing.TB, a, b *device) peer.Report {
	t.Helper()
	report, err := a.side.Exchange(context.Background(), b.direct("a"))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func same(t testing.TB, devices ...*device) {
	t.Helper()
	want, _ := devices[0].Heads()
	for i, d := range devices[1:] {
		heads, _ := d.Heads()
		if d.View().Digest() != devices[0].View().Digest() {
			t.Errorf("device %d has another state than device 0", i+1)
		}
		if fmt.Sprint(heads) != fmt.Sprint(want) {
			t.Errorf("device %d holds %v, device 0 %v", i+1, heads, want)
		}
	}
}

func TestExchange(t *testing.T) {
	for _, small := range []int{0, 1, 3} {
		a, b := newDevice(t, 1, peer.Options{Frames: small}), newDevice(t, 2, peer.Options{Frames: small})
		a.say(t, 1, 7)
		b.say(t, 2, 5)
		report := exchange(t, a, b)
		if report.Pulled != 6 || report.Pushed != 8 || !report.Same || report.Bad != 0 || len(report.Forks) != 0 {
			t.Errorf("%d entries an answer: %+v", small, report)
		}
		same(t, a, b)
		if again := exchange(t, b, a); again.Pulled+again.Pushed != 0 || !again.Same {
			t.Errorf("once more: %+v", again)
		}
	}
}

// A fresh replica gets everything, and two that never met come together by a third.
func TestForwarding(t *testing.T) {
	a, b, tablet := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{}), newDevice(t, 3, peer.Options{Frames: 2})
	a.say(t, 1, 4)
	b.say(t, 2, 4)
	exchange(t, tablet, a)
	exchange(t, tablet, b)
	exchange(t, tablet, a)
	same(t, a, b, tablet)
}

func TestPipe(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	a.say(t, 1, 3)
	b.say(t, 2, 3)
	near, far := net.Pipe()
	served := make(chan error, 1)
	go func() { served <- b.side.Serve(context.Background(), "a", far) }()
	report, err := a.side.Exchange(context.Background(), peer.Dial(near))
	if err != nil || !report.Same {
		t.Errorf("%+v, %v", report, err)
	}
	near.Close()
	if err := <-served; err != nil {
		t.Errorf("served: %v", err)
	}
	same(t, a, b)
}

// torn is a pipe that breaks after so many bytes.
type torn struct {
	net.Conn
	left *int
}

func (c torn) Read(p []byte) (int, error) { return c.cut(p, c.Conn.Read) }

func (c torn) Write(p []byte) (int, error) { return c.cut(p, c.Conn.Write) }

func (c torn) cut(p []byte, do func([]byte) (int, error)) (int, error) {
	if *c.left <= 0 {
		c.Conn.Close()
		return 0, errors.New("torn")
	}
	n, err := do(p[:min(len(p), *c.left)])
	if *c.left -= n; err == nil && n < len(p) && *c.left <= 0 {
		c.Conn.Close()
	}
	return n, err
}

// An exchange that is cut off anywhere loses nothing, and the next one goes on.
func TestCutAnywhere(t *testing.T) {
	source := newDevice(t, 1, peer.Options{Frames: 2})
	source.say(t, 1, 9)
	for seed, step := byte(10), 37; step < 4000; seed, step = seed+1, step*3 {
		fresh := newDevice(t, seed, peer.Options{Frames: 2})
		if seed%2 == 1 { // else it begins with a snapshot
			fresh.say(t, seed, 1)
		}
		tries := 0
		for length := step; ; length += step {
			near, far := net.Pipe()
			served := make(chan error, 1)
			go func() { served <- source.side.Serve(context.Background(), "fresh", far); far.Close() }()
			left := length
			before := entries(fresh)
			report, err := fresh.side.Exchange(context.Background(), peer.Dial(torn{near, &left}))
			near.Close()
			<-served
			if tries++; entries(fresh) < before {
				t.Fatalf("cut after %d bytes: entries were lost", length)
			}
			if err == nil && report.Same {
				break
			}
			if tries > 1000 {
				t.Fatalf("cut after %d bytes and more: never comes to an end", step)
			}
		}
		same(t, source, fresh)
		if bad := len(fresh.disk.Bad()) + len(source.disk.Bad()); bad > 0 {
			t.Errorf("%d entries in quarantine", bad)
		}
	}
}

func entries(d *device) int {
	n := 0
	oplog.All(d.disk, func(oplog.Entry) bool { n++; return true })
	return n
}

func TestClockAhead(t *testing.T) {
	late := noon.Add(time.Hour)
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{Now: clock(&late)})
	if report := exchange(t, a, b); report.Ahead != time.Hour {
		t.Errorf("ahead by %v", report.Ahead)
	}
	if report := exchange(t, b, a); report.Ahead != -time.Hour {
		t.Errorf("ahead by %v", report.Ahead)
	}
}
