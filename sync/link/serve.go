package link

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"folkmoot/sync/peer"
)

// The calls. pathHello and those of pairing are for anybody.
const (
	pathHello = "/sync/v1/hello"
	pathCall  = "/sync/v1/call"
	pathGreet = "/sync/v1/greet"
	pathLive  = "/sync/v1/live"
	pathPair  = "/sync/v1/pair/"

	mediaType = "application/cbor"
)

// Handler gives what peers may ask. It takes who asks from the TLS connection.
func (n *Node) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+pathHello, n.serveHello)
	mux.HandleFunc("POST "+pathPair+"{what}", n.servePairing)
	mux.HandleFunc("POST "+pathCall, n.paired(n.serveCall))
	mux.HandleFunc("POST "+pathGreet, n.paired(n.serveGreet))
	mux.HandleFunc("POST "+pathLive, n.paired(n.serveLive))
	mux.HandleFunc("POST "+pathGrant, n.paired(n.serveGrant))
	return mux
}

// connection is the key under which a call's context has its countedConn.
type connection struct{}

// protocols are those of calls: over one connection, each with deadlines of its own.
func protocols() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP2(true)
	return p
}

// withConnection puts a connection into the context of the calls over it.
func withConnection(ctx context.Context, conn net.Conn) context.Context {
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	return context.WithValue(ctx, connection{}, conn)
}

// caller gives whose connection a call came over, nil where it has no key.
func caller(r *http.Request) ed25519.PublicKey {
	if r.TLS == nil {
		return nil
	}
	key, err := keyOf(*r.TLS)
	if err != nil {
		return nil
	}
	return key
}

// paired lets in who is in the book and was not sent away. Nothing of the call is read
// before.
func (n *Node) paired(next func(http.ResponseWriter, *http.Request, *contact)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, refusal := n.contactOf(caller(r))
		if refusal != nil {
			w.Header().Set("Connection", "close")
			refuse(w, refusal)
			return
		}
		if conn, ok := r.Context().Value(connection{}).(*countedConn); ok {
			conn.known()
		}
		next(w, r, c)
	}
}

func (n *Node) contactOf(key ed25519.PublicKey) (*contact, *peer.Refusal) {
	if key == nil {
		return nil, &peer.Refusal{Code: peer.NotPaired}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.peers[DeviceOf(key)]
	switch {
	case c == nil || !ed25519.PublicKey(c.row.Key).Equal(key):
		return nil, &peer.Refusal{Code: peer.NotPaired}
	case c.row.Unpaired:
		return nil, &peer.Refusal{Code: peer.Unpaired}
	}
	c.heard()
	return c, nil
}

// refuse answers with a "no".
func refuse(w http.ResponseWriter, refusal *peer.Refusal) {
	data, err := peer.Encode(&peer.Response{Refused: refusal})
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	send(w, refusal.Status(), data)
}

func send(w http.ResponseWriter, status int, data []byte) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeFor))
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	w.Write(data) // who has gone asks again
}

// body reads a call, most bytes at the most, in reasonable time.
func body(w http.ResponseWriter, r *http.Request, most int64) ([]byte, bool) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(readFor))
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		refuse(w, &peer.Refusal{Code: peer.TooBig})
		return nil, false
	case err != nil: // cut off, or it did not come in time
		refuse(w, &peer.Refusal{Code: peer.Malformed})
		return nil, false
	}
	return data, true
}

// read takes a message out of a call.
func read(w http.ResponseWriter, r *http.Request, m message) bool {
	data, ok := body(w, r, maxSmall)
	if !ok {
		return false
	}
	if err := decode(data, m); err != nil {
		refuse(w, &peer.Refusal{Code: peer.Malformed})
		return false
	}
	return true
}

func answer(w http.ResponseWriter, m message) {
	data, err := encode(m)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	send(w, http.StatusOK, data)
}

// serveHello says to anybody who this is.
func (n *Node) serveHello(w http.ResponseWriter, _ *http.Request) {
	session := n.o.Record.View().Session
	n.mu.Lock()
	role, name := n.self.Role, n.name
	n.mu.Unlock()
	answer(w, &Hello{Oldest: peer.Protocol, Newest: peer.Protocol, Name: name, Role: role, Session: session.ID,
		Title: cut(session.Get("title"), maxText), Version: n.o.Identity.Version})
}

// cut gives the beginning of a text, whole characters of it.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && text[most]&0xC0 == 0x80 {
		most--
	}
	return text[:most]
}

// serveCall answers a call of package peer.
func (n *Node) serveCall(w http.ResponseWriter, r *http.Request, c *contact) {
	data, ok := body(w, r, peer.MaxMessage)
	if !ok {
		return
	}
	// It may have been sent away while it sent.
	if _, refusal := n.contactOf(c.key); refusal != nil {
		refuse(w, refusal)
		return
	}
	p, out, err := n.answerCall(r.Context(), c, data)
	if err != nil {
		if r.Context().Err() == nil {
			n.o.Log.Error("answer a peer", "error", err)
			refuse(w, &peer.Refusal{Code: peer.Reopening, Wait: uint64(time.Second.Milliseconds())})
		}
		return
	}
	status := http.StatusOK
	switch {
	case p.Refused != nil:
		status = p.Refused.Status()
	case p.Taken != nil:
		status = http.StatusCreated
	}
	send(w, status, out)
}

// answerCall gives the answer to a call, and its bytes.
func (n *Node) answerCall(ctx context.Context, c *contact, data []byte) (p peer.Response, out []byte, err error) {
	var q peer.Request
	if err = peer.Decode(data, &q); err == nil {
		c.called(&q)
		defer c.called(&q)
	}
	if p, err = n.o.Side.AnswerDecoded(ctx, string(c.id), q, err); err == nil {
		out, err = peer.Encode(&p)
	}
	return p, out, err
}

// serveGreet takes how a peer does and says how this device does.
func (n *Node) serveGreet(w http.ResponseWriter, r *http.Request, c *contact) {
	var g Greeting
	if !read(w, r, &g) {
		return
	}
	n.greeted(c, &g)
	answer(w, n.greetingFor(c))
}
