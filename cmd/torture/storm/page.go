package storm

import (
	"context"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"folkmoot/sync/moot"
)

// How a page behaves, as in assets/page/src: hub/client.ts, hub/link.ts, hub/retry.ts
// and outbox/outbox.ts.
const (
	patience   = 10 * time.Second // for an answer
	doubtful   = 3 * time.Second  // without an answer: look whether another hub answers
	grace      = time.Second      // that the present hub may be later than another
	silence    = 9 * time.Second  // of a stream
	firstRetry = 500 * time.Millisecond
	lastRetry  = 15 * time.Second
	lastFollow = 5 * time.Second // the longest time between two tries to follow a hub
	pollEvery  = 5 * time.Second
	atOnce     = 50               // items in a call
	young      = 10 * time.Second // a tap that is sent again over a newer value
	remembered = time.Minute      // what was acknowledged, for another hub
)

// Page is a phone's page: it votes over HTTP, keeps what is not known to be saved, and
// moves to another address of the session where its hub does not answer. See NewPage.
type Page struct {
	name, session, code, token string
	person                     moot.ParticipantID
	client                     *http.Client
	ledger                     *Ledger
	statements                 []string

	mu     sync.Mutex
	random *mathrand.Rand
	bases  []string
	at     int
	outbox []tap
	known  map[string]uint64 // newest revisions by statement
	done   map[string]uint64 // those that were said to be saved
	stops  bool              // no more taps
	saves  []save
	wake   chan struct{} // something to send, or the hub is back
	fails  failures      // of the outbox
	acked  []tap         // what was acknowledged of late
	flight chan struct{} // closed when the page goes to another address
	look   bool          // it looks for another address
	// moves counts how often another address was taken, rejoined how often another hub
	// did not know the token.
	moves, rejoined int
}

// save is when something was said to be saved, and at which address.
type save struct {
	at   time.Time
	base string
}

// tap is a vote that waits.
type tap struct {
	Vote
	at    time.Time
	again bool // another hub had acknowledged it
}

// failures is how often in a row something failed.
type failures int

// next gives how long to wait before the next try.
func (f *failures) next(random *mathrand.Rand, most, after time.Duration) time.Duration {
	wait := min(most, firstRetry<<min(*f, 6))
	*f++
	wait -= time.Duration(random.Int64N(int64(wait / 5)))
	if after > 0 {
		return after + time.Duration(random.Int64N(int64(wait)))
	}
	return wait
}

// NewPage opens a page at an address; it joins when it runs. The dial is that of its host.
func NewPage(name string, seed uint64, base, session, code string, statements []string, ledger *Ledger, dial func(ctx context.Context, network, address string) (net.Conn, error)) *Page {
	random := mathrand.New(mathrand.NewPCG(seed, 0x70616765))
	token := make([]byte, 32)
	for i := range token {
		token[i] = byte(random.Uint32())
	}
	return &Page{name: name, session: session, code: code, token: hex.EncodeToString(token), ledger: ledger, statements: statements,
		client: &http.Client{Transport: &http.Transport{DialContext: dial, MaxConnsPerHost: 6, DisableCompression: true}},
		random: random, bases: []string{base}, known: map[string]uint64{}, done: map[string]uint64{}, wake: make(chan struct{}, 1), flight: make(chan struct{})}
}

// Run joins, votes every pace, sends and follows the hub until ctx ends.
func (p *Page) Run(ctx context.Context, pace time.Duration) {
	defer p.client.CloseIdleConnections()
	for p.join(ctx) != nil {
		if !pause(ctx, 2*time.Second+time.Duration(p.draw(2000))*time.Millisecond) {
			return
		}
		p.move(ctx)
	}
	var all sync.WaitGroup
	all.Go(func() { p.follow(ctx) })
	all.Go(func() { p.send(ctx) })
	all.Go(func() { p.tapAway(ctx, pace) })
	all.Wait()
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *Page) draw(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(n)
}

// Base gives the address at which the page is.
func (p *Page) Base() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bases[p.at]
}

// Waiting gives how many votes wait in the outbox.
func (p *Page) Waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.outbox)
}

// Moved says how often the page went to another hub, and how often it had to join there
// once more.
func (p *Page) Moved() (moves, rejoined int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moves, p.rejoined
}

// Settled says whether the page has saved something and knows so many addresses.
func (p *Page) Settled(addresses int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.saves) > 0 && len(p.bases) >= addresses
}

// Hush lets the page vote no more; what waits is sent.
func (p *Page) Hush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stops = true
}

// Kept says whether every vote that the page ever took was saved, gave way to a later one
// on the same statement, or still waits: nothing left the outbox in any other way.
func (p *Page) Kept() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits := map[string]uint64{}
	for _, t := range p.outbox {
		waits[t.Statement.String()] = t.Rev
	}
	for statement, rev := range p.known {
		if waits[statement] != rev && p.done[statement] < rev {
			return fmt.Errorf("%s has neither in its outbox nor saved what it voted on statement %s", p.name, statement)
		}
	}
	return nil
}

// SavedAfter gives when the page was first told after a moment that something was
// saved, not counting what an address said.
func (p *Page) SavedAfter(moment time.Time, notAt string) (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.saves {
		if s.at.After(moment) && s.base != notAt {
			return s.at, true
		}
	}
	return time.Time{}, false
}
