package hub

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// line is a network in memory: inside a bubble its hours pass at once.
type line struct {
	calls chan net.Conn
	ended chan struct{}
}

func (l line) Accept() (net.Conn, error) {
	select {
	case conn := <-l.calls:
		return conn, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

func (l line) Close() error   { close(l.ended); return nil }
func (l line) Addr() net.Addr { return &net.TCPAddr{} }

// dial opens a connection and sends the beginning of a call.
func (l line) dial(begin string) net.Conn {
	here, there := net.Pipe()
	l.calls <- there
	if begin != "" {
		here.Write([]byte(begin))
	}
	return here
}

// online runs a hub on a line inside a bubble.
func online(t *testing.T, without guardName, b bounds, try func(t *testing.T, s *site, l line, held *sockets)) {
	t.Helper()
	onlineAt(t, without, alter{}, b, try)
}

// onlineAt is online with a change.
func onlineAt(t *testing.T, without guardName, a alter, b bounds, try func(t *testing.T, s *site, l line, held *sockets)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, without, a)
		l := line{make(chan net.Conn), make(chan struct{})}
		server, held := b.server(s.lan)
		go server.Serve(l)
		try(t, s, l, held)
		s.hub.Close()
		server.Close()
		time.Sleep(2 * time.Minute) // what still waits to be sent finds nobody
	})
}

// asking is a whole call as it goes over the line.
func asking(path, token string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nAuthorization: Bearer " + token + "\r\n\r\n"
}

// answered reads an answer's status, 0 where the connection ends without one.
func answered(conn net.Conn) int {
	conn.SetReadDeadline(time.Now().Add(24 * time.Hour))
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0
	}
	return res.StatusCode
}

// Each limit of a connection against somebody who overdoes it, and the same without it.
func TestSlowAndLarge(t *testing.T) {
	endless, long := usual, usual
	endless.header, endless.body, endless.idle = 0, 0, 0
	long.headers = 0
	for _, c := range []struct {
		name    string
		without bounds
		try     func(s *site, l line) int
		want    int // 0 is a connection that was closed
		then    int
	}{
		{"headers that take twenty seconds", endless, func(s *site, l line) int {
			conn := l.dial("GET /api/v1/alive HTTP/1.1\r\nHo")
			time.Sleep(20 * time.Second)
			go conn.Write([]byte("st: 192.168.7.7:8080\r\n\r\n"))
			return answered(conn)
		}, http.StatusBadRequest, 200}, // half a header is malformed
		{"headers in drops", endless, func(s *site, l line) int {
			conn := l.dial("GET /api/v1/alive HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nX: ")
			for range 20 {
				time.Sleep(time.Second)
				go conn.Write([]byte("x"))
			}
			go conn.Write([]byte("\r\n\r\n"))
			return answered(conn)
		}, 0, 200},
		{"a body that takes a minute", endless, func(s *site, l line) int {
			body := joinBody(siteCode, freshToken(), "")
			conn := l.dial(fmt.Sprintf("POST /api/v1/join HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:10]))
			go func() {
				time.Sleep(time.Minute)
				conn.Write([]byte(body[10:]))
			}()
			return answered(conn)
		}, http.StatusRequestTimeout, 201},
		{"a connection that is kept for nothing", endless, func(s *site, l line) int {
			conn := l.dial(asking("/api/v1/alive", ""))
			if first := answered(conn); first != 200 {
				return first
			}
			time.Sleep(usual.idle + time.Second)
			go conn.Write([]byte(asking("/api/v1/alive", "")))
			return answered(conn)
		}, 0, 200},
		{"headers of 17 KiB", long, func(s *site, l line) int {
			conn := l.dial("")
			go conn.Write([]byte("GET /api/v1/alive HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nX: " + strings.Repeat("x", 17<<10) + "\r\n\r\n"))
			return answered(conn)
		}, http.StatusRequestHeaderFieldsTooLarge, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			online(t, "", usual, func(t *testing.T, s *site, l line, _ *sockets) {
				if got := c.try(s, l); got != c.want {
					t.Errorf("answer %d, want %d", got, c.want)
				}
			})
			online(t, "", c.without, func(t *testing.T, s *site, l line, _ *sockets) {
				if got := c.try(s, l); got != c.then {
					t.Errorf("without the limit: answer %d, want %d", got, c.then)
				}
			})
		})
	}
}

// What is within the limits is not cut off.
func TestPatience(t *testing.T) {
	online(t, "", usual, func(t *testing.T, s *site, l line, _ *sockets) {
		conn := l.dial("GET /api/v1/alive HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nX: " + strings.Repeat("x", 12<<10))
		time.Sleep(usual.header - time.Second)
		go conn.Write([]byte("\r\n\r\n"))
		if got := answered(conn); got != 200 {
			t.Errorf("12 KiB of headers in four seconds: %d", got)
		}
		time.Sleep(usual.idle - time.Second)
		go conn.Write([]byte(asking("/api/v1/alive", "")))
		if got := answered(conn); got != 200 {
			t.Errorf("the next call after a pause: %d", got)
		}
	})
}

// streams gives how many streams of devices a hub has.
func (s *site) streams() int {
	synctest.Wait()
	s.hub.limits.mu.Lock()
	defer s.hub.limits.mu.Unlock()
	return s.hub.limits.streams
}

// Who does not read a stream is let go after the time of two beats.
func TestReaderThatNeverReads(t *testing.T) {
	for without, want := range map[guardName]int{"": 0, guardReader: 1} {
		online(t, without, usual, func(t *testing.T, s *site, l line, _ *sockets) {
			token, _ := s.join("")
			conn := l.dial(asking("/api/v1/live", token))
			if got := s.streams(); got != 1 {
				t.Fatalf("%d streams, want 1", got)
			}
			time.Sleep(time.Hour)
			if got := s.streams(); got != want {
				t.Errorf("an hour later without %q: %d streams, want %d", without, got, want)
			}
			conn.Close()
		})
	}
}

// A device has four streams; the next takes the place of the oldest. One that reads
// lives on, for hours.
func TestStreamFlood(t *testing.T) {
	for without, want := range map[guardName]int{"": maxStreamsPerDevice, guardStreams: 6} {
		online(t, without, usual, func(t *testing.T, s *site, l line, _ *sockets) {
			token, _ := s.join("")
			for range 6 {
				conn := l.dial(asking("/api/v1/live", token))
				go io.Copy(io.Discard, conn)
			}
			time.Sleep(3 * time.Hour)
			if got := s.streams(); got != want {
				t.Errorf("without %q: %d streams, want %d", without, got, want)
			}
		})
	}
}

// A stream shows every four seconds that it is alive.
func TestBeat(t *testing.T) {
	online(t, "", usual, func(t *testing.T, s *site, l line, _ *sockets) {
		token, _ := s.join("")
		lines := bufio.NewScanner(l.dial(asking("/api/v1/live", token)))
		begin := time.Now()
		var beats []time.Duration
		for len(beats) < 3 && lines.Scan() {
			if lines.Text() == ": beat" {
				beats = append(beats, time.Since(begin))
			}
		}
		if want := []time.Duration{4 * time.Second, 8 * time.Second, 12 * time.Second}; fmt.Sprint(beats) != fmt.Sprint(want) {
			t.Errorf("beats after %v, want %v: %v", beats, want, lines.Err())
		}
	})
}

// Where the hub has streams enough it says so, and when to ask again.
func TestStreamsOfAll(t *testing.T) {
	s := newSite(t, "", alter{})
	token, _ := s.join("")
	s.hub.limits.streams = maxStreams
	if out := s.call("GET", "/api/v1/live", token, ""); out.status != 503 || out.code != "streams" || out.head.Get("Retry-After") == "" {
		t.Errorf("one stream too many: %d %s", out.status, out.body)
	}
}

// Five thousand connections that say nothing: somebody with a question is answered.
func TestIdleSockets(t *testing.T) {
	few, none := usual, usual
	few.sockets, none.sockets = 1000, 0
	for _, c := range []struct {
		name string
		b    bounds
		held int
	}{{"as many as there may be", usual, 5000}, {"more than there may be", few, 1000}, {"without a limit", none, 5000}} {
		t.Run(c.name, func(t *testing.T) {
			online(t, "", c.b, func(t *testing.T, s *site, l line, held *sockets) {
				var open []net.Conn
				for range 5000 {
					open = append(open, l.dial(""))
				}
				synctest.Wait()
				if got := held.count(); got != c.held {
					t.Errorf("%d connections held, want %d", got, c.held)
				}
				token, _ := s.join("")
				conn := l.dial(asking("/api/v1/state", token))
				if got := answered(conn); got != 200 {
					t.Errorf("a person's page: %d", got)
				}
				for _, o := range append(open, conn) {
					o.Close()
				}
				synctest.Wait()
				if got := held.count(); got != 0 {
					t.Errorf("%d connections held after all were closed", got)
				}
			})
		})
	}
}

// Where every connection is in a call that does not come to its end, the oldest makes
// room; streams are for good.
func TestBusySockets(t *testing.T) {
	few := usual
	few.sockets = 10
	online(t, "", few, func(t *testing.T, s *site, l line, held *sockets) {
		token, _ := s.join("")
		stream := l.dial(asking("/api/v1/live", token))
		ended := make(chan struct{})
		go func() { io.Copy(io.Discard, stream); close(ended) }()
		synctest.Wait()
		for range 9 {
			l.dial("POST /api/v1/join HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		}
		synctest.Wait()
		if got := ask(l); got != 0 {
			t.Errorf("calls just begun were cut off for another: %d", got)
		}
		time.Sleep(stale + time.Second)
		if got := ask(l); got != 200 {
			t.Errorf("a call among slow ones: %d", got)
		}
		if got := held.count(); got > few.sockets {
			t.Errorf("%d connections held", got)
		}
		select {
		case <-ended:
			t.Error("a stream was cut off for a call")
		default:
		}
	})
}

// ask makes a whole call on a connection of its own, and closes it.
func ask(l line) int {
	conn := l.dial("")
	defer conn.Close()
	if _, err := conn.Write([]byte(asking("/api/v1/alive", ""))); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		return -1
	}
	return answered(conn)
}

// A device that goes on sending after it was told when to come again waits for each
// answer, and has few calls at a time.
func TestFloodComesToRest(t *testing.T) {
	online(t, "", usual, func(t *testing.T, s *site, l line, _ *sockets) {
		token, _ := s.join("")
		s.setNow(time.Now())
		post := func() int {
			conn := l.dial("")
			defer conn.Close()
			body := s.vote("agree", 1)
			go fmt.Fprintf(conn, "POST /api/v1/items HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", token, len(body), body)
			return answered(conn)
		}
		for range itemBurst {
			post()
		}
		begin := time.Now()
		if got := post(); got != 429 || time.Since(begin) > 0 {
			t.Errorf("the first over the limit: %d after %v", got, time.Since(begin))
		}
		if got := post(); got != 429 || time.Since(begin) != holdFor {
			t.Errorf("the next: %d after %v, want 429 after %v", got, time.Since(begin), holdFor)
		}
		results := make(chan int)
		for range 3 * holdMost {
			go func() { results <- post() }()
		}
		cut := 0
		for range 3 * holdMost {
			if <-results == 0 {
				cut++
			}
		}
		if cut != 2*holdMost {
			t.Errorf("%d calls cut off, want %d", cut, 2*holdMost)
		}
	})
}
