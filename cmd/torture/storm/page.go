package storm

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
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
	// Moves counts how often another address was taken, Rejoined how often another hub
	// did not know the token.
	Moves, Rejoined int
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

// reply is an answer; status 0 is none.
type reply struct {
	status int
	body   []byte
	after  time.Duration
}

// here gives the address at which the page is, and what is closed when it leaves it.
func (p *Page) here() (string, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bases[p.at], p.flight
}

// call asks the hub at which the page is, and gives which that was. When an answer is
// overdue the page looks elsewhere; when it moves, what is on its way is given up.
func (p *Page) call(ctx context.Context, method, path string, body any) (reply, string) {
	base, flight := p.here()
	flying, stop := context.WithCancel(ctx)
	defer stop()
	doubt := time.NewTimer(doubtful)
	defer doubt.Stop()
	answered := make(chan reply, 1)
	go func() { answered <- p.ask(flying, base, method, path, body, patience) }()
	for {
		select {
		case r := <-answered:
			return r, base
		case <-flight:
			stop()
			return <-answered, base
		case <-doubt.C:
			go p.move(ctx)
		}
	}
}

// ask asks a hub at an address.
func (p *Page) ask(ctx context.Context, base, method, path string, body any, limit time.Duration) reply {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	data, err := json.Marshal(body)
	if err != nil {
		panic("storm: a call has no JSON: " + err.Error())
	}
	req, err := http.NewRequestWithContext(ctx, method, base+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		return reply{}
	}
	if method == http.MethodGet {
		req.Body, req.ContentLength = nil, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	if path != "/join" && path != "/alive" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return reply{}
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}
	}
	after, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	return reply{res.StatusCode, text, time.Duration(after) * time.Second}
}

var errNotJoined = errors.New("not let in")

// join joins with the page's token; the same token is the same person everywhere.
func (p *Page) join(ctx context.Context) error {
	r, _ := p.call(ctx, http.MethodPost, "/join", map[string]string{"code": p.code, "token": p.token, "lang": "en", "name": ""})
	var doc struct {
		Session string
		Person  struct{ ID string }
	}
	if r.status != http.StatusCreated || json.Unmarshal(r.body, &doc) != nil || doc.Session != p.session {
		return errNotJoined
	}
	var person moot.ParticipantID
	if err := oplog.ParseHex(person[:], doc.Person.ID); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.person = person
	return nil
}

// learn takes the session's other addresses.
func (p *Page) learn(hubs []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	here := p.bases[p.at]
	for _, base := range hubs {
		if !slices.Contains(p.bases, base) {
			p.bases = append(p.bases, base)
		}
	}
	p.at = slices.Index(p.bases, here)
}

// move looks which of the addresses holds the session, at all of them at once. The
// present one is kept where it answers, within a second of another that does; else the
// page moves there. True where it moved.
func (p *Page) move(ctx context.Context) bool {
	p.mu.Lock()
	bases, at, looking := slices.Clone(p.bases), p.at, p.look
	p.look = true
	p.mu.Unlock()
	if looking {
		return false
	}
	found := p.find(ctx, bases, bases[at])
	p.mu.Lock()
	defer p.mu.Unlock()
	p.look = false
	next := slices.Index(p.bases, found)
	if next < 0 || next == p.at {
		return false
	}
	p.at = next
	p.Moves++
	close(p.flight)
	p.flight = make(chan struct{})
	p.repeat()
	return true
}

// find gives the address to be at, "" where none answers.
func (p *Page) find(ctx context.Context, bases []string, home string) string {
	type word struct {
		base string
		here bool
	}
	words := make(chan word, len(bases))
	for _, base := range bases {
		go func() {
			r := p.ask(ctx, base, http.MethodGet, "/alive", nil, doubtful)
			var doc struct{ Session string }
			words <- word{base, r.status == http.StatusOK && json.Unmarshal(r.body, &doc) == nil && doc.Session == p.session}
		}()
	}
	other, gone := "", false
	var late <-chan time.Time
	for range bases {
		select {
		case w := <-words:
			switch {
			case w.here && w.base == home:
				return home
			case w.base == home:
				gone = true
			case w.here && other == "":
				other, late = w.base, time.After(grace)
			}
		case <-late:
			return other
		}
		if gone && other != "" {
			return other
		}
	}
	return other
}

// repeat sends to another hub what was acknowledged of late: the one that did so may have
// vanished before any other got it. The lock is held.
func (p *Page) repeat() {
	for _, t := range p.acked {
		if time.Since(t.at) < remembered && !slices.ContainsFunc(p.outbox, func(o tap) bool { return o.Statement == t.Statement }) {
			t.again = true
			p.outbox = append(p.outbox, t)
		}
	}
	p.acked, p.fails = nil, 0
	p.poke()
}

// tapAway votes every pace.
func (p *Page) tapAway(ctx context.Context, pace time.Duration) {
	for pause(ctx, pace) {
		p.mu.Lock()
		if !p.stops {
			p.tap(p.statements[p.random.IntN(len(p.statements))])
		}
		p.mu.Unlock()
	}
}

// tap puts a vote into the outbox, in place of an earlier one on the statement. The lock
// is held.
func (p *Page) tap(statement string) {
	now := time.Now()
	v := Vote{Person: p.person, Value: moot.Vote(1 + p.random.IntN(3)), Rev: max(p.known[statement]+1, uint64(now.UnixMilli()))}
	if err := oplog.ParseHex(v.Statement[:], statement); err != nil {
		panic("storm: " + err.Error())
	}
	p.keep(v, now)
}

func (p *Page) keep(v Vote, at time.Time) {
	rand.Read(v.CID[:])
	p.known[v.Statement.String()] = v.Rev
	p.outbox = slices.DeleteFunc(p.outbox, func(t tap) bool { return t.Statement == v.Statement })
	p.outbox = append(p.outbox, tap{Vote: v, at: at})
	p.ledger.Send(v)
	p.fails = 0
	p.poke()
}

// poke sends what waits now, whatever the schedule says.
func (p *Page) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// flush is poke after the hub was reached again.
func (p *Page) flush() {
	p.mu.Lock()
	p.fails = 0
	p.mu.Unlock()
	p.poke()
}

// send empties the outbox, again and again.
func (p *Page) send(ctx context.Context) {
	for ctx.Err() == nil {
		p.mu.Lock()
		batch := slices.Clone(p.outbox[:min(len(p.outbox), atOnce)])
		p.mu.Unlock()
		if len(batch) == 0 {
			select {
			case <-p.wake:
			case <-ctx.Done():
			}
			continue
		}
		wait := p.exchange(ctx, batch)
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-p.wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

type itemDoc struct {
	CID   string `json:"cid"`
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Rev   uint64 `json:"rev"`
	Value string `json:"value"`
}

type verdictDoc struct {
	Session string
	Saved   []struct{ CID string }
	Stale   []struct {
		CID string
		Rev uint64
	}
	Refused []struct{ CID, Reason string }
}

// exchange sends a batch and gives how long to wait before the next, 0 to go on.
func (p *Page) exchange(ctx context.Context, batch []tap) time.Duration {
	var items []itemDoc
	for _, t := range batch {
		items = append(items, itemDoc{t.CID.String(), "vote", t.Statement.String(), t.Rev, t.Value.String()})
	}
	r, base := p.call(ctx, http.MethodPost, "/items", map[string]any{"items": items, "waiting": p.Waiting() - len(batch)})
	var v verdictDoc
	if r.status == http.StatusCreated && json.Unmarshal(r.body, &v) == nil && v.Session == p.session && p.settle(base, batch, v) {
		return 0
	}
	if r.status == http.StatusUnauthorized && p.rejoin(ctx) {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fails.next(p.random, lastRetry, r.after)
}

// rejoin joins once more with the same token, at a hub that does not know it.
func (p *Page) rejoin(ctx context.Context) bool {
	if p.join(ctx) != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Rejoined++
	return true
}

// settle takes a verdict apart; false when it says nothing about these votes.
func (p *Page) settle(base string, batch []tap, v verdictDoc) bool {
	mine := map[string]tap{}
	for _, t := range batch {
		mine[t.CID.String()] = t
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	done := map[oplog.ItemID]bool{}
	for _, s := range v.Saved {
		if t, ok := mine[s.CID]; ok {
			done[t.CID] = true
			p.ledger.Save(hubWord+base, t.CID)
			p.saves = append(p.saves, save{time.Now(), base})
			p.acked = append(p.acked, t)
			p.acked = p.acked[max(0, len(p.acked)-200):]
			p.done[t.Statement.String()] = max(p.done[t.Statement.String()], t.Rev)
		}
	}
	var again []tap
	for _, s := range v.Stale {
		t, ok := mine[s.CID]
		if !ok {
			continue
		}
		done[t.CID] = true
		if newest := p.known[t.Statement.String()] == t.Rev; newest && !t.again && time.Since(t.at) < young {
			t.Rev = max(s.Rev+1, t.Rev)
			again = append(again, t)
		}
	}
	for _, s := range v.Refused {
		if t, ok := mine[s.CID]; ok {
			done[t.CID] = true
			p.ledger.Wrong(fmt.Errorf("%s: vote %s was refused: %s", p.name, s.CID, s.Reason))
		}
	}
	if len(done) == 0 {
		return false
	}
	p.fails = 0
	p.outbox = slices.DeleteFunc(p.outbox, func(t tap) bool { return done[t.CID] })
	for _, t := range again {
		p.keep(t.Vote, t.at)
	}
	return true
}
