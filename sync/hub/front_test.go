package hub_test

import (
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"folkmoot/sync/hub"
)

// front is a hub's place on the network. It can vanish as a program does that is ended,
// or as a laptop does whose power fails: connections stay, and nothing comes any more.
type front struct {
	tb       testing.TB
	address  string
	handler  http.Handler
	mu       sync.Mutex
	listener net.Listener
	server   *http.Server
	held     []*holding
}

func newFront(t testing.TB) *front {
	t.Helper()
	f := &front{tb: t}
	f.listen("127.0.0.1:0")
	f.address = f.listener.Addr().String()
	t.Cleanup(f.kill)
	return f
}

func (f *front) url() string { return "http://" + f.address }

func (f *front) listen(address string) {
	f.tb.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		f.tb.Fatal(err)
	}
	f.listener = l
}

// serve answers with a handler from now on.
func (f *front) serve(handler http.Handler) {
	f.handler = handler
	f.server = hub.Server(handler)
	go f.server.Serve(holder{f.listener, f})
}

// kill ends the hub's program: its connections end and new ones are refused.
func (f *front) kill() {
	f.mu.Lock()
	server, held := f.server, f.held
	f.held = nil
	f.mu.Unlock()
	if server != nil {
		server.Close()
	}
	for _, c := range held {
		c.Conn.Close()
	}
	f.listener.Close()
}

// cut takes the power away: what is connected, and what connects, hears nothing.
func (f *front) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.held {
		c.cut()
	}
	server, l := f.server, f.listener
	f.server = nil
	f.tb.Cleanup(func() { server.Close(); l.Close() })
}

// back lets a killed hub come back at its address.
func (f *front) back() {
	f.tb.Helper()
	f.listen(f.address)
	f.serve(f.handler)
}

// holder gives connections that can be cut.
type holder struct {
	net.Listener
	front *front
}

func (h holder) Accept() (net.Conn, error) {
	conn, err := h.Listener.Accept()
	if err != nil {
		return nil, err
	}
	f := h.front
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &holding{Conn: conn, gone: make(chan struct{})}
	if f.server == nil {
		c.cut()
	}
	f.held = append(f.held, c)
	return c, nil
}

// holding is a connection that swallows everything once it is cut.
type holding struct {
	net.Conn
	once sync.Once
	gone chan struct{}
}

func (c *holding) cut() { c.once.Do(func() { close(c.gone) }) }

func (c *holding) isCut() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

func (c *holding) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if !c.isCut() || err != nil {
			return n, err
		}
	}
}

func (c *holding) Write(p []byte) (int, error) {
	if c.isCut() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// Close leaves a connection that was cut open: whose power failed ends nothing.
func (c *holding) Close() error {
	if c.isCut() {
		return nil
	}
	return c.Conn.Close()
}

var _ io.Closer = (*holding)(nil)
