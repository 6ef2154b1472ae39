package link

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"folkmoot/sync/peer"
)

const (
	// dialTimeout is for one address, stagger after how long the next one is tried too.
	dialTimeout = 3 * time.Second
	stagger     = 100 * time.Millisecond
	// soon is for calls that are answered at once, callTimeout for those with entries.
	soon        = 5 * time.Second
	callTimeout = 30 * time.Second
)

// newClient gives a client that talks to the device with a key, at whichever of the
// addresses it answers.
func (n *Node) newClient(pin ed25519.PublicKey, addresses func() []string) *http.Client {
	return newClient(clientTLS(n.cert, pin, nil), n.o.Dial, addresses)
}

func newClient(config *tls.Config, dial func(ctx context.Context, network, address string) (net.Conn, error), addresses func() []string) *http.Client {
	transport := &http.Transport{
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialAny(ctx, config, dial, addresses())
		},
		ForceAttemptHTTP2: true, MaxIdleConns: 2, IdleConnTimeout: time.Minute,
		HTTP2: &http.HTTP2Config{SendPingTimeout: quiet, PingTimeout: patience, WriteByteTimeout: patience},
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// errNoAddress: it is not known where a device is.
var errNoAddress = errors.New("no address of it is known")

// dialAny opens a connection to the first address at which the right device answers. They
// are tried in their order, the next one before the one before has given up.
func dialAny(ctx context.Context, config *tls.Config, dial func(ctx context.Context, network, address string) (net.Conn, error), addresses []string) (net.Conn, error) {
	if len(addresses) == 0 {
		return nil, fmt.Errorf("link: dial: %w", errNoAddress)
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	type result struct {
		conn *tls.Conn
		err  error
	}
	results := make(chan result)
	one := func(address string) {
		conn, err := dialOne(ctx, config, dial, address)
		select {
		case results <- result{conn, err}:
		case <-ctx.Done():
			if conn != nil {
				conn.Close()
			}
		}
	}
	next := time.NewTimer(0)
	defer next.Stop()
	var errs []error
	for open := 0; open > 0 || len(addresses) > 0; {
		select {
		case <-next.C:
			if len(addresses) > 0 {
				go one(addresses[0])
				addresses, open = addresses[1:], open+1
				next.Reset(stagger)
			}
		case r := <-results:
			if r.err == nil {
				return r.conn, nil
			}
			errs, open = append(errs, r.err), open-1
			next.Reset(0)
		case <-ctx.Done():
			return nil, fmt.Errorf("link: dial: %w", errors.Join(append(errs, ctx.Err())...))
		}
	}
	return nil, fmt.Errorf("link: dial: %w", errors.Join(errs...))
}

func dialOne(ctx context.Context, config *tls.Config, dial func(ctx context.Context, network, address string) (net.Conn, error), address string) (*tls.Conn, error) {
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	config = config.Clone()
	config.ServerName = "folkmoot"
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secured, nil
}

// post brings a body to a path of the device and gives the answer. Errors: a
// *peer.Refusal where it said no, else what the network gives.
func post(ctx context.Context, client *http.Client, path string, body []byte, most int64, limit time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://folkmoot"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("link: %s: %w", path, err)
	}
	req.Header.Set("Content-Type", mediaType)
	res, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("link: %s: %w", path, err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("link: %s: %w", path, err)
	case int64(len(data)) > most:
		return nil, fmt.Errorf("link: %s: the answer is over %d bytes: %w", path, most, errMessage)
	case res.StatusCode == http.StatusOK || res.StatusCode == http.StatusCreated:
		return data, nil
	}
	var answer peer.Response
	if peer.Decode(data, &answer) == nil && answer.Refused != nil {
		if answer.Refused.Code == peer.Forked { // the rest was taken
			return data, nil
		}
		return data, fmt.Errorf("link: %s: %w", path, answer.Refused)
	}
	return nil, fmt.Errorf("link: %s: status %d: %w", path, res.StatusCode, errMessage)
}

// ask is the peer.Ask of a contact.
func (c *contact) ask(ctx context.Context, q peer.Request) (peer.Response, error) {
	var p peer.Response
	data, err := peer.Encode(&q)
	if err != nil {
		return p, err
	}
	began := time.Now()
	data, err = post(ctx, c.client, pathCall, data, peer.MaxMessage, callTimeout)
	var refusal *peer.Refusal
	if err != nil && !errors.As(err, &refusal) {
		c.pace.took(time.Since(began), false)
		return p, err
	}
	if len(data) > 0 {
		err = peer.Decode(data, &p)
	}
	if len(q.Frames) > 0 || len(p.Frames) > 0 {
		c.pace.took(time.Since(began), true)
	}
	return p, err
}

// candidates gives the addresses of the peer, the likeliest first.
func (c *contact) candidates() []string {
	n := c.node
	n.mu.Lock()
	defer n.mu.Unlock()
	// Where it said itself that it is comes before what anybody may announce.
	own := reversed(c.row.Addresses)
	out := slices.Clone(own[:min(len(own), 2)])
	out = append(out, n.found[c.id].Addresses...)
	out = append(out, own...)
	seen := map[string]bool{}
	kept := out[:0]
	for _, a := range out {
		if !seen[a] {
			seen[a] = true
			kept = append(kept, a)
		}
	}
	return kept[:min(len(kept), 2*maxAddresses)]
}
