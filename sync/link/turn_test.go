package link_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"folkmoot/sync/link"
)

// counting is a connection that counts what goes over it, both ways.
type counting struct {
	net.Conn
	bytes *atomic.Int64
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func (c counting) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}

// TestEntriesGoOverOnce: two devices that meet call each other at the same moment, but
// what is missing does not come by both calls.
func TestEntriesGoOverOnce(t *testing.T) {
	const each = 1500
	hub, other := newDevice(t, 1, "Room A"), newDevice(t, 2, "Room B")
	pair(t, hub.start(t), other, link.Hub)
	other.until(t, "here", func() bool { return other.device(hub.ID()).State == link.StateHere })
	hub.until(t, "knows where the other is", func() bool { return len(hub.device(other.ID()).Addresses) > 0 })
	hub.stop(t)
	other.stop(t)
	hub.say(t, each)
	other.say(t, each)
	var bytes atomic.Int64
	there := make(chan string, 1)
	to := func(where func() string) func(context.Context, string, string) (net.Conn, error) {
		where = sync.OnceValue(where)
		return func(ctx context.Context, network, _ string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, where())
			return counting{conn, &bytes}, err
		}
	}
	hub.dial = to(func() string { return <-there })
	hub.start(t)
	at := hub.address()
	other.dial = to(func() string { return at })
	other.start(t)
	there <- other.address()
	for _, d := range []*device{hub, other} {
		d.until(t, "everything", func() bool { return len(d.record.View().Statements) == 2*each })
	}
	size := 0
	for _, s := range hub.record.View().Statements {
		size += 290 + len(s.Text) // as long as the entry of one, about
	}
	if sent := int(bytes.Load()); sent > size*5/4 {
		t.Errorf("%d bytes went over for entries of about %d", sent, size)
	} else {
		t.Logf("%d bytes went over for entries of about %d", sent, size)
	}
}
