package link_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"folkmoot/sync/link"
	"folkmoot/sync/peer"
)

// stranger gives an HTTP client with a key, that talks to anybody.
func stranger(t *testing.T, key ed25519.PrivateKey) *http.Client {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2"}}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestStrangersGetHelloOnly(t *testing.T) {
	hub := newDevice(t, 1, "Laptop").start(t)
	hub.say(t, 3)
	client := stranger(t, identity(66, "x").Key)
	q, err := peer.Encode(&peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallSnapshot, Range: &peer.Range{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range []struct {
		path   string
		body   []byte
		status int
	}{
		{"/sync/v1/hello", nil, 200},
		{"/sync/v1/call", q, 401},
		{"/sync/v1/greet", nil, 401},
		{"/sync/v1/live", nil, 401},
		{"/sync/v1/grant", nil, 401},
		{"/sync/v1/entries", nil, 404},
		{"/", nil, 404},
	} {
		res, err := client.Post("https://"+hub.address()+call.path, "application/cbor", bytes.NewReader(call.body))
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != call.status {
			t.Errorf("%s: status %d, want %d", call.path, res.StatusCode, call.status)
		}
		if bytes.Contains(data, []byte("statement")) || len(data) > 400 {
			t.Errorf("%s: a stranger is told %q", call.path, data)
		}
	}
}

func TestConnectionsWithoutAKey(t *testing.T) {
	hub := newDevice(t, 1, "Laptop").start(t)
	for name, config := range map[string]*tls.Config{
		"no certificate": {InsecureSkipVerify: true, NextProtos: []string{"h2"}},
		"old TLS":        {InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12},
	} {
		conn, err := tls.Dial("tcp", hub.address(), config)
		if err != nil {
			continue // as it should be
		}
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		if n, err := io.Copy(io.Discard, conn); err == nil { // with TLS 1.3 the server says no after the client has finished
			t.Errorf("%s: let in, and told %d bytes", name, n)
		}
		conn.Close()
	}
}

// TestImpostor: another device answers at the hub's address.
func TestImpostor(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	pair(t, hub, tablet, link.Tablet)
	tablet.until(t, "here", func() bool { return tablet.device(hub.ID()).State == link.StateHere })
	tablet.stop(t)
	hub.stop(t)
	impostor := newDevice(t, 3, "Laptop").start(t)
	tried := make(chan struct{})
	tablet.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, impostor.address())
		select {
		case tried <- struct{}{}:
		case <-ctx.Done():
		}
		return conn, err
	}
	tablet.start(t)
	tablet.say(t, 2)
	for range 4 { // when it is tried again, the time before has come to its end
		<-tried
	}
	if n := impostor.record.View().Statements; len(n) > 0 || len(impostor.Devices()) > 0 {
		t.Errorf("the impostor was told %v, and knows %v", n, impostor.Devices())
	}
	// Joining by the hub's link does not reach the impostor either.
	hub.start(t)
	scanned := hub.Invite()
	scanned.Addresses = []string{impostor.address()}
	_, err := link.Join(t.Context(), link.JoinOptions{Identity: identity(9, "new"), Role: link.Tablet, Link: &scanned, Now: time.Now, Random: rand.Reader})
	if !errors.Is(err, link.ErrImpostor) {
		t.Errorf("join at the impostor: %v", err)
	}
}

func TestPairByLink(t *testing.T) {
	hub, tablet := newDevice(t, 1, "Laptop").start(t), newTablet(t, 2, "Tablet")
	scanned, err := peer.ParseLink(hub.Invite().Text(""))
	if err != nil {
		t.Fatal(err)
	}
	join := func(seed byte) (*link.Joining, error) {
		return link.Join(t.Context(), link.JoinOptions{Identity: identity(seed, "Tablet"), Role: link.Tablet, Link: &scanned, Now: time.Now, Random: rand.Reader})
	}
	j, err := join(2)
	if err != nil {
		t.Fatal(err)
	}
	if asking := hub.device(tablet.identity.ID()); asking.State != link.StateAsking || asking.Digits != "" {
		t.Fatalf("asking: %+v", asking)
	}
	if _, err := join(3); !errors.Is(err, &peer.Refusal{Code: peer.SecretSpent}) {
		t.Errorf("the link used twice: %v", err)
	}
	if err := hub.Pair(t.Context(), tablet.identity.ID()); err != nil {
		t.Fatal(err)
	}
	grant, err := j.Wait(t.Context())
	if err != nil || grant.Session != session {
		t.Fatal(grant, err)
	}
}

func TestDeclined(t *testing.T) {
	hub := newDevice(t, 1, "Laptop").start(t)
	j, err := link.Join(t.Context(), link.JoinOptions{Identity: identity(2, "Tablet"), Role: link.Tablet, Addresses: []string{hub.address()}, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Decline(identity(2, "").ID()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Wait(t.Context()); !errors.Is(err, &peer.Refusal{Code: peer.Declined}) {
		t.Errorf("declined: %v", err)
	}
	if err := hub.Pair(t.Context(), identity(2, "").ID()); !errors.Is(err, link.ErrUnknownDevice) {
		t.Errorf("pair who was declined: %v", err)
	}
	if len(hub.book.rows) > 0 {
		t.Error("who was declined is in the book")
	}
}

// TestNotConfirmedHere: the host lets in, but the person at the tablet never said that
// the digits are the same.
func TestNotConfirmedHere(t *testing.T) {
	hub := newDevice(t, 1, "Laptop").start(t)
	j, err := link.Join(t.Context(), link.JoinOptions{Identity: identity(2, "Tablet"), Role: link.Tablet, Addresses: []string{hub.address()}, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Pair(t.Context(), identity(2, "").ID()); err != nil {
		t.Fatal(err)
	}
	for j.State() != peer.PairAccepted {
		<-j.Changed()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("granted without confirming: %v", err)
	}
	j.Cancel()
	if _, err := j.Wait(t.Context()); err == nil {
		t.Error("granted after cancelling")
	}
}
