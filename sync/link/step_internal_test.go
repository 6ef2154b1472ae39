package link

import (
	"crypto/ed25519"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"
)

// backupOf gives a contact of a node whose clock is set by hand.
func backupOf(now *time.Time) *contact {
	n := &Node{o: Options{Now: func() time.Time { return *now }}, changed: make(chan struct{})}
	c := &contact{node: n, row: Peer{Role: Backup}, greeting: &Greeting{Follows: true}, behind: true}
	n.peers = map[DeviceID]*contact{"b": c}
	return c
}

// While phones send, a backup always lacks what was written since it asked. It comes into
// step all the same, and is waited for before that.
func TestBackupCatchesUpUnderLoad(t *testing.T) {
	now := time.Unix(1000, 0)
	c, log := backupOf(&now), [16]byte{1}
	c.keepsUp(0, 5000)
	if len(c.node.lacking(log, 5000)) > 0 || !c.behind {
		t.Error("it is waited for though it lacks thousands")
	}
	c.keepsUp(4900, 5010)
	if len(c.node.lacking(log, 5011)) != 1 || !c.behind {
		t.Error("it is not waited for though it lacks little")
	}
	if c.keepsUp(5009, 5200); !c.behind {
		t.Error("in step before it has all that was told until it was waited for")
	}
	if c.keepsUp(5010, 5200); c.behind {
		t.Error("not in step though it has all that was told until it was waited for")
	}
}

// A backup that answers and then hangs, again and again, is waited for less and less.
func TestBackupFlaps(t *testing.T) {
	now := time.Unix(1000, 0)
	c, waits := backupOf(&now), 0
	for range 600 { // half a minute, in which it could hold up a phone each time
		c.keepsUp(10, 10)
		if len(c.node.lacking([16]byte{1}, 11)) > 0 {
			waits++
			c.node.fallBehind([16]byte{1}, 11)
		}
		now = now.Add(50 * time.Millisecond)
	}
	if waits < 2 || waits > 40 {
		t.Errorf("phones waited %d times", waits)
	}
	now = now.Add(3 * lastPenance) // it kept up for long: the next time is like the first
	c.keepsUp(10, 10)
	c.node.fallBehind([16]byte{1}, 11)
	if c.keepsUp(10, 10); c.behind {
		t.Error("it is not forgiven")
	}
	now = now.Add(-time.Hour)
	c.behind, c.catching, c.fell = true, 0, 20
	if c.keepsUp(10, 10); c.behind {
		t.Error("a clock that was set back holds it up")
	}
}

type addressed struct {
	net.Conn
	from   string
	closed bool
}

func (a *addressed) RemoteAddr() net.Addr {
	at, _ := net.ResolveTCPAddr("tcp", a.from)
	return at
}

func (a *addressed) Close() error { a.closed = true; return nil }

type listed struct {
	net.Listener
	next []*addressed
}

func (l *listed) Accept() (net.Conn, error) {
	one := l.next[0]
	l.next = l.next[1:]
	return one, nil
}

// Strangers from ever other addresses close each other's connections, not those of peers.
func TestStrangersDoNotShutOutPeers(t *testing.T) {
	l := &listed{}
	for i := range 5000 {
		l.next = append(l.next, &addressed{from: fmt.Sprintf("[2001:db8::%x]:9", i+1)})
	}
	all := l.next
	c := newCounted(l, 10)
	for i := range all {
		conn, err := c.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			conn.(*countedConn).known()
		}
	}
	open := 0
	for i, one := range all {
		if !one.closed {
			open++
		}
		if i < 3 && one.closed {
			t.Errorf("the connection of peer %d was closed", i)
		}
	}
	if open != 10 || len(c.open) != 10 {
		t.Errorf("%d connections are open, %d counted", open, len(c.open))
	}
}

// Forged announcements hide no peer, and send nobody astray first.
func TestForgedAnnouncements(t *testing.T) {
	now := time.Unix(1000, 0)
	c := backupOf(&now)
	c.id, c.wake = "b", make(chan struct{}, 1)
	c.row.Addresses = []string{"old:1", "10.0.0.1:8443"}
	c.node.o.Identity.Key = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	var all []Found
	for i := range 2000 {
		all = append(all, Found{ID: DeviceID(fmt.Sprint("forged ", i)), Role: Hub})
	}
	all = append(all, Found{ID: "b", Addresses: []string{"6.6.6.6:1", "6.6.6.6:2", "10.0.0.9:8443"}})
	c.node.Find(all)
	if got := c.candidates(); got[0] != "10.0.0.1:8443" || !slices.Contains(got, "10.0.0.9:8443") {
		t.Errorf("it is tried at %v", got)
	}
	if n := len(c.node.found); n > maxFound {
		t.Errorf("%d found", n)
	}
}
