package link

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"folkmoot/sync/peer"
)

// JoinOptions for Join. Identity, Now and Random are needed, and Addresses or Link.
type JoinOptions struct {
	Identity Identity
	// Role that the device asks for.
	Role Role
	// Addresses are where the other device answers, host:port each.
	Addresses []string
	// Link is what was scanned; nil asks by digits.
	Link *peer.Link
	// Check looks at who answered before anything is asked of them; what it gives ends the
	// attempt. Nil asks everybody.
	Check  func(Hello) error
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Now    func() time.Time
	Random io.Reader
}

// Joining is an attempt to be paired. See Join.
type Joining struct {
	o      JoinOptions
	client *http.Client
	knock  *peer.Knock
	hello  Hello
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	key     ed25519.PublicKey
	changed chan struct{}
	grant   *Grant
	err     error
}

// Join asks a device to be paired with it, and returns once that one has answered.
// Digits, if there are any, have to be compared and confirmed. Errors: ErrImpostor where
// the link is another device's; a *peer.Refusal; what the network gives.
func Join(ctx context.Context, o JoinOptions) (*Joining, error) {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.Link != nil {
		o.Addresses = append(append([]string{}, o.Link.Addresses...), o.Addresses...)
	}
	cert, err := certificate(o.Identity.Key)
	if err != nil {
		return nil, err
	}
	j := &Joining{o: o, done: make(chan struct{}), changed: make(chan struct{})}
	if o.Link != nil {
		j.key = o.Link.Key
	}
	config := clientTLS(cert, nil, nil)
	config.VerifyConnection = j.pin
	j.client = newClient(config, o.Dial, func() []string { return o.Addresses })
	if err := j.begin(ctx); err != nil {
		j.client.CloseIdleConnections()
		return nil, err
	}
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	j.cancel = cancel
	go func() {
		defer close(j.done)
		defer j.client.CloseIdleConnections()
		grant, err := j.run(life)
		j.mu.Lock()
		j.grant, j.err = grant, err
		j.mu.Unlock()
		j.signal()
	}()
	return j, nil
}

// pin holds all connections of an attempt to the device that answered first.
func (j *Joining) pin(state tlsState) error {
	key, err := keyOf(state)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.key == nil:
		j.key = key
	case !j.key.Equal(key):
		return fmt.Errorf("link: join: %w", ErrImpostor)
	}
	return nil
}

// begin learns who is there and says the first words.
func (j *Joining) begin(ctx context.Context) error {
	data, err := post(ctx, j.client, pathHello, nil, maxSmall, soon)
	if err == nil {
		err = decode(data, &j.hello)
	}
	if err != nil {
		return err
	}
	if j.hello.Oldest > peer.Protocol || j.hello.Newest < peer.Protocol {
		return fmt.Errorf("link: join: %w", &peer.Refusal{Code: peer.TooNew})
	}
	if j.o.Check != nil {
		if err := j.o.Check(j.hello); err != nil {
			return fmt.Errorf("link: join: %w", err)
		}
	}
	j.mu.Lock()
	host := j.key
	j.mu.Unlock()
	j.knock, err = peer.NewKnock(peer.KnockOptions{Self: j.o.Identity.Public(), Host: host, Link: j.o.Link, Name: j.o.Identity.Name, Role: j.o.Role,
		Version: j.o.Identity.Version, Now: j.o.Now, Random: j.o.Random})
	if err != nil {
		return fmt.Errorf("link: join: %w", err)
	}
	for j.knock.State() == peer.PairUnknown {
		if more, err := j.step(ctx); err != nil || !more {
			return err
		}
	}
	return nil
}

// step makes one call of pairing; false once there is nothing more to say.
func (j *Joining) step(ctx context.Context) (more bool, err error) {
	call, body, more := j.knock.Next()
	if !more {
		return false, nil
	}
	data, err := post(ctx, j.client, pathPair+string(call), body, peer.MaxPairMessage, soon)
	if len(data) == 0 && err != nil {
		return true, err
	}
	return true, j.knock.Take(data)
}

// run asks until the host has decided and the person here has confirmed.
func (j *Joining) run(ctx context.Context) (*Grant, error) {
	failures := 0
	for !j.knock.Trusted() {
		more, err := j.step(ctx)
		var refusal *peer.Refusal
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.As(err, &refusal) && refusal.Code != peer.SlowDown && refusal.Code != peer.TooManyAsking:
			return nil, err
		case err != nil && refusal == nil:
			if failures++; failures > 20 {
				return nil, err
			}
		default:
			failures = 0
		}
		if state := j.knock.State(); !more && state != peer.PairAccepted {
			return nil, fmt.Errorf("link: join: %w", refusalOf(state))
		}
		j.signal()
		rest(ctx, askEvery)
	}
	return j.fetch(ctx)
}

// refusalOf gives what a request that came to nothing says.
func refusalOf(state peer.PairState) *peer.Refusal {
	if state == peer.PairDeclined {
		return &peer.Refusal{Code: peer.Declined}
	}
	return &peer.Refusal{Code: peer.NotAsking}
}

func (j *Joining) fetch(ctx context.Context) (*Grant, error) {
	for tries := 0; ; tries++ {
		data, err := post(ctx, j.client, pathGrant, nil, maxSmall, soon)
		var g Grant
		if err == nil {
			err = decode(data, &g)
		}
		if err == nil || tries >= 5 || ctx.Err() != nil {
			return &g, err
		}
		rest(ctx, askEvery)
	}
}

// Hello says who answered.
func (j *Joining) Hello() Hello { return j.hello }

// Digits gives the six digits to compare; "" with a link.
func (j *Joining) Digits() string { return j.knock.Digits() }

// State says what the host has decided so far.
func (j *Joining) State() peer.PairState { return j.knock.State() }

// Confirm says that both screens show the same digits.
func (j *Joining) Confirm() { j.knock.Confirm() }

// Cancel gives up, and tells the host.
func (j *Joining) Cancel() {
	j.knock.Cancel()
	ctx, done := context.WithTimeout(context.Background(), soon)
	defer done()
	if _, err := j.step(ctx); err == nil {
		j.signal()
	}
	j.cancel()
	<-j.done
}

// Changed gives a channel that is closed at the next change.
func (j *Joining) Changed() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.changed
}

func (j *Joining) signal() {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.changed)
	j.changed = make(chan struct{})
}

// Wait returns when it is over. Errors: a *peer.Refusal where the host said no or it
// took too long; ctx's.
func (j *Joining) Wait(ctx context.Context) (Grant, error) {
	select {
	case <-j.done:
	case <-ctx.Done():
		return Grant{}, ctx.Err()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return Grant{}, j.err
	}
	return *j.grant, nil
}

// Accept writes what was granted into the book of the session's record, so that New goes
// on from there.
func Accept(book Book, self Identity, g Grant, now time.Time) error {
	at := uint64(now.UnixMilli())
	rows := []Peer{{Key: self.Public(), Name: clean(self.Name), Role: g.Role, Index: g.Index, Paired: at}}
	for _, k := range g.Known {
		rows = append(rows, Peer{Key: k.Key, Name: clean(k.Name), Role: k.Role, Index: k.Index, Addresses: k.Addresses, Paired: at, Seen: at})
	}
	for _, row := range rows {
		if err := WritePeer(book, row); err != nil {
			return err
		}
	}
	return nil
}
