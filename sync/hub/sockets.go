package hub

import (
	"container/list"
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// MaxSockets is how many connections a hub holds at a time.
const MaxSockets = 8192

// stale is how long a call may be under way until its connection may be given to
// somebody else, where all are taken.
const stale = 2 * time.Second

// sockets counts a server's connections. Where one more comes than there may be, the one
// that has said nothing for the longest time makes room, so that nobody can shut the
// others out by opening connections and keeping still.
type sockets struct {
	most  int
	mu    sync.Mutex
	held  map[net.Conn]*socket
	quiet *list.List // of *socket, waiting for a call, the longest waiting first
	busy  *list.List // of *socket, in a call, the longest first
}

type socket struct {
	conn  net.Conn
	in    *list.List // nil for a stream, which is never closed for others
	place *list.Element
	since time.Time
}

func newSockets(most int) *sockets {
	return &sockets{most: most, held: map[net.Conn]*socket{}, quiet: list.New(), busy: list.New()}
}

// state follows what a connection does; it is an http.Server's ConnState.
func (s *sockets) state(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.held[conn] = &socket{conn: conn}
		s.put(s.held[conn], s.quiet)
		s.makeRoom()
	case http.StateActive:
		s.put(s.held[conn], s.busy)
	case http.StateIdle:
		s.put(s.held[conn], s.quiet)
	case http.StateClosed, http.StateHijacked:
		s.drop(s.held[conn])
	}
}

func (s *sockets) put(one *socket, in *list.List) {
	if one == nil {
		return // closed for somebody else
	}
	if one.in != nil {
		one.in.Remove(one.place)
	}
	if one.in = in; in != nil {
		one.place, one.since = in.PushBack(one), time.Now()
	}
}

func (s *sockets) drop(one *socket) {
	if one != nil {
		s.put(one, nil)
		delete(s.held, one.conn)
	}
}

// makeRoom closes the connection that can best be spared, the newest if there is no other.
func (s *sockets) makeRoom() {
	if s.most <= 0 || len(s.held) <= s.most {
		return
	}
	spare := s.quiet.Front().Value.(*socket) // the newest is there at the least
	if s.quiet.Len() == 1 {
		if first := s.busy.Front(); first != nil && time.Since(first.Value.(*socket).since) > stale {
			spare = first.Value.(*socket)
		}
	}
	s.drop(spare)
	spare.conn.Close()
}

// count gives how many connections are held.
func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held)
}

type socketKey struct{}

// context gives a connection's calls the means to say that they are a stream.
func (s *sockets) context(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, socketKey{}, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.put(s.held[conn], nil)
	})
}

// keepOpen says that a call is a stream, or that of a device that is known: its
// connection is not closed for others as long as the call lasts, however busy the hub is.
// Of a device's calls only a few are under way at a time.
func keepOpen(r *http.Request) {
	if keep, ok := r.Context().Value(socketKey{}).(func()); ok {
		keep()
	}
}

// bounds are the limits of a server's connections; 0 is none.
type bounds struct {
	header, body, write, idle time.Duration
	headers, sockets          int
}

var usual = bounds{
	header: 5 * time.Second, body: 15 * time.Second, idle: 75 * time.Second,
	write:   30 * time.Second, // of pages and scripts: an answer and each push of a stream set their own
	headers: 16 << 10, sockets: MaxSockets,
}

// Server gives an http.Server with the hub's limits of time and of connections.
func Server(handler http.Handler) *http.Server {
	server, _ := usual.server(handler)
	return server
}

func (b bounds) server(handler http.Handler) (*http.Server, *sockets) {
	held := newSockets(b.sockets)
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: b.header,
		ReadTimeout:       b.body,
		WriteTimeout:      b.write,
		IdleTimeout:       b.idle,
		MaxHeaderBytes:    b.headers - 4096, // net/http adds this much for its buffer
		ConnState:         held.state,
		ConnContext:       held.context,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}, held
}
