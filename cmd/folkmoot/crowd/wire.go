package crowd

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// patience is how long the page waits for an answer.
const patience = 10 * time.Second

// wire is a phone's own connection to a hub. Go's own client would do; but it shares one
// pool among all phones, so that a thousand phones would be seen as the few connections
// that are busy at a time, and it costs two goroutines a connection.
type wire struct {
	hub   *Hub
	token string

	mu   sync.Mutex
	conn net.Conn
	in   *bufio.Reader
}

// answer is a call's answer, read whole.
type answer struct {
	status int
	body   []byte
}

// call sends one call and reads its answer. A connection that the hub has closed
// meanwhile is dialled again, as browsers do. Error: Wait where the hub says so.
func (w *wire) call(ctx context.Context, method, path string, body []byte) (answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	call := w.write(method, path, body)
	old := w.conn != nil
	out, err := w.exchange(ctx, call)
	if err != nil && old && w.conn == nil && ctx.Err() == nil {
		out, err = w.exchange(ctx, call)
	}
	return out, err
}

// write gives a call as it goes over the wire.
func (w *wire) write(method, path string, body []byte) []byte {
	call := make([]byte, 0, 256+len(body))
	call = fmt.Appendf(call, "%s %s%s HTTP/1.1\r\nHost: %s\r\n", method, w.hub.at.Path, path, w.hub.at.Host)
	if w.token != "" {
		call = fmt.Appendf(call, "Authorization: Bearer %s\r\n", w.token)
	}
	if body != nil {
		call = fmt.Appendf(call, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return append(append(call, "\r\n"...), body...)
}

// exchange sends a call and reads its answer; whatever fails ends the connection.
func (w *wire) exchange(ctx context.Context, call []byte) (answer, error) {
	if err := w.dial(ctx); err != nil {
		return answer{}, err
	}
	conn := w.conn
	conn.SetDeadline(time.Now().Add(patience))
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	res, err := w.begin(call)
	if err != nil {
		w.close()
		return answer{}, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || res.Close {
		w.close()
	}
	if err != nil {
		return answer{}, err
	}
	out := answer{res.StatusCode, body}
	if wait, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		return out, Wait(time.Duration(wait) * time.Second)
	}
	return out, nil
}

// begin sends a call and reads the head of its answer.
func (w *wire) begin(call []byte) (*http.Response, error) {
	if _, err := io.Copy(w.conn, bytes.NewReader(call)); err != nil {
		return nil, err
	}
	return http.ReadResponse(w.in, nil)
}

func (w *wire) dial(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	conn, err := w.hub.dial(ctx)
	if err != nil {
		return err
	}
	w.conn, w.in = conn, bufio.NewReaderSize(conn, 1<<10)
	return nil
}

func (w *wire) close() {
	if w.conn != nil {
		w.conn.Close()
	}
	w.conn, w.in = nil, nil
}

// dial opens a connection to a hub.
func (h *Hub) dial(ctx context.Context) (net.Conn, error) {
	port := h.at.Port()
	if h.at.Scheme == "https" {
		return (&tls.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(h.at.Hostname(), orElse(port, "443")))
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(h.at.Hostname(), orElse(port, "80")))
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// place reads a hub's address.
func place(base string) (*url.URL, error) {
	at, err := url.Parse(base)
	if err == nil && (at.Host == "" || at.Scheme != "http" && at.Scheme != "https") {
		err = fmt.Errorf("%q is no address of a hub", base)
	}
	return at, err
}
