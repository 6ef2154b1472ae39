package link

import (
	"net"
	"sync"
)

// maxConnections is how many connections are answered at a time: one a device, and room
// for those that come anew while the old one is not yet known to be dead.
const maxConnections = 256

// counted is a listener that has a number of connections open at the most. Where one more
// comes, the oldest of an address that has the most of them is closed, so that one device
// cannot shut out the others; first those over which nobody asked who is paired, since an
// address can be made up.
type counted struct {
	net.Listener
	most int

	mu   sync.Mutex
	open []*countedConn
}

type countedConn struct {
	net.Conn
	in   *counted
	host string
	once sync.Once
	peer bool // somebody who is paired asked over it
}

// known notes that a connection is one of a peer.
func (c *countedConn) known() {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.peer = true
}

func newCounted(l net.Listener, most int) *counted { return &counted{Listener: l, most: most} }

// Accept gives the next connection.
func (c *counted) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
	one := &countedConn{Conn: conn, in: c, host: host}
	c.mu.Lock()
	c.open = append(c.open, one)
	spare := c.spare()
	c.mu.Unlock()
	if spare != nil {
		spare.Close()
	}
	return one, nil
}

// spare gives the connection to close, nil where there is room.
func (c *counted) spare() *countedConn {
	if len(c.open) <= c.most {
		return nil
	}
	number := map[string]int{}
	for _, one := range c.open {
		number[one.host]++
	}
	best := c.open[0]
	for _, one := range c.open { // the oldest come first
		if best.peer && !one.peer || best.peer == one.peer && number[one.host] > number[best.host] {
			best = one
		}
	}
	return best
}

// Close ends the connection and makes room.
func (c *countedConn) Close() error {
	c.once.Do(func() {
		c.in.mu.Lock()
		defer c.in.mu.Unlock()
		for i, one := range c.in.open {
			if one == c {
				c.in.open = append(c.in.open[:i], c.in.open[i+1:]...)
				return
			}
		}
	})
	return c.Conn.Close()
}
