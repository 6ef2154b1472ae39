package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

const (
	killRounds  = 20
	killClients = 40
	inFlight    = 20 // requests under way when the hub is killed, at the least
)

// outbox is a client that behaves as the page does: one item at a time, sent
// again with the same id until it is received.
type outbox struct {
	index int
	token string
	rev   int
	item  map[string]any // waits; nil when everything was received
}

// rampage is what all clients of the kill test share.
type rampage struct {
	t          *testing.T
	base, code string
	statements []string
	client     *http.Client
	flying     atomic.Int64
	saved      atomic.Int64

	mu           sync.Mutex
	sent         map[string]string // cid → value, of everything that was ever sent
	acknowledged map[string]bool
}

// TestKill kills a real hub twenty times at random moments with at least twenty
// requests in flight, a real browser among the clients. Whatever was acknowledged
// is there, what was sent again counts once, something was stored that was never
// acknowledged and counts once, and all outboxes empty themselves.
func TestKill(t *testing.T) {
	data, address := t.TempDir(), freeAddress(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	hub := serve(t, data, address, "--sample")
	r := newRampage(t, hub)
	clients := make([]*outbox, killClients)
	for i := range clients {
		clients[i] = &outbox{index: i}
		r.join(clients[i])
	}
	p := newPhone(t)
	p.join(hub.base, hub.code)
	stored := 0
	// Whether a kill hits between commit and answer is luck: the rounds go on until one has.
	for round := 0; round < killRounds || stored == 0 && round < 5*killRounds; round++ {
		if round%4 == 0 && round < killRounds {
			p.vote([]string{"Agree", "Disagree"}[round/4%2])
		}
		r.until(hub, clients, 50+random.Int64N(600))
		stored += r.checkStored(data)
		hub = serve(t, data, address, "--sample")
	}
	r.empty(clients)
	if stored == 0 {
		t.Error("no item was stored without being acknowledged: the kills came too late to try that")
	}
	t.Logf("%d items acknowledged over %d kills, %d stored and never acknowledged before the kill", r.saved.Load(), killRounds, stored)
	p.until("an empty outbox", `() => document.body.innerText.includes("received") && !/kept on this device/.test(document.body.innerText)`)
	if got := p.waiting(); got != 0 {
		t.Errorf("%d items still wait in the browser", got)
	}
	hub.interrupt()
	r.checkEach(data)
}

func newRampage(t *testing.T, hub *serving) *rampage {
	r := &rampage{t: t, base: hub.base, code: hub.code, sent: map[string]string{}, acknowledged: map[string]bool{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * killClients}}}
	var wall struct{ Statements []struct{ ID string } }
	if status, err := r.call(context.Background(), "GET", "/api/v1/wall", "", nil, &wall); status != 200 || err != nil {
		t.Fatalf("wall: %d %v", status, err)
	}
	for _, s := range wall.Statements {
		r.statements = append(r.statements, s.ID)
	}
	return r
}

func (r *rampage) call(ctx context.Context, method, path, token string, body, into any) (int, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := r.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, json.Unmarshal(answer, into)
}

func (r *rampage) join(c *outbox) {
	r.t.Helper()
	c.token = fmt.Sprintf("%064x", c.index+1)
	var answer map[string]any
	status, err := r.call(context.Background(), "POST", "/api/v1/join", "", map[string]string{"code": r.code, "token": c.token, "lang": "en", "name": ""}, &answer)
	if status != http.StatusCreated || err != nil {
		r.t.Fatalf("join: %d %v %v", status, answer, err)
	}
}

// send sends what waits in a client's outbox, or something new, and says whether
// it was received.
func (r *rampage) send(c *outbox) bool {
	if c.item == nil {
		c.rev++
		cid := fmt.Sprintf("%08x%024x", c.index+1, c.rev)
		value := []string{"agree", "disagree", "pass"}[c.rev%3]
		c.item = map[string]any{"cid": cid, "kind": "vote", "key": r.statements[c.rev%len(r.statements)], "rev": c.rev, "value": value}
		r.mu.Lock()
		r.sent[cid] = value
		r.mu.Unlock()
	}
	var answer struct {
		Saved []struct{ CID string }
	}
	r.flying.Add(1)
	status, err := r.call(context.Background(), "POST", "/api/v1/items", c.token, map[string]any{"items": []any{c.item}, "waiting": 0}, &answer)
	r.flying.Add(-1)
	if err != nil || status != http.StatusCreated || len(answer.Saved) != 1 {
		return false
	}
	r.mu.Lock()
	r.acknowledged[answer.Saved[0].CID] = true
	r.mu.Unlock()
	r.saved.Add(1)
	c.item = nil
	return true
}

// until lets all clients send without a pause, and kills the hub once so many more
// items were received and at least twenty requests are under way.
func (r *rampage) until(hub *serving, clients []*outbox, more int64) {
	goal := r.saved.Load() + more
	var wait sync.WaitGroup
	for _, c := range clients {
		wait.Go(func() {
			for range 49 { // a device may send fifty at once; then the hub slows it down
				if !r.send(c) {
					return
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { wait.Wait(); close(ended) }()
	for r.saved.Load() < goal || r.flying.Load() < inFlight {
		select {
		case <-ended:
			r.t.Fatalf("the clients came to their end before the kill: %d saved, %d wanted", r.saved.Load(), goal)
		default:
			runtime.Gosched()
		}
	}
	hub.kill()
	<-ended
	r.client.CloseIdleConnections()
}

// empty lets every client send what still waits.
func (r *rampage) empty(clients []*outbox) {
	for _, c := range clients {
		if c.item != nil && !r.send(c) {
			r.t.Errorf("client %d: its outbox does not empty itself", c.index)
		}
	}
}

// entriesOf gives the vote entries of a session's file by item id. check is what
// every entry must pass.
func entriesOf(t *testing.T, data string, check func(*oplog.Chain, oplog.Entry) error) map[string][]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(data, "*.folkmoot"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("sessions: %v %v", paths, err)
	}
	file, err := store.Open(paths[0], store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	chain, votes := oplog.NewChain(file.Session()), map[string][]string{}
	err = oplog.All(file, func(e oplog.Entry) bool {
		if err := check(chain, e); err != nil {
			t.Error(err)
		}
		p, err := moot.Decode(e.Kind, e.Schema, e.Payload)
		if v, ok := p.(*moot.SetVote); ok && err == nil {
			votes[e.CID.String()] = append(votes[e.CID.String()], v.Value.String())
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return votes
}

// checkStored looks at the file of a killed hub: everything acknowledged is there.
// It gives how many items are there that were never acknowledged.
func (r *rampage) checkStored(data string) int {
	r.t.Helper()
	votes, unheard := entriesOf(r.t, data, (*oplog.Chain).Link), 0
	for cid := range r.acknowledged {
		if len(votes[cid]) == 0 {
			r.t.Errorf("item %s was acknowledged and is not stored", cid)
		}
	}
	for cid := range r.sent {
		if len(votes[cid]) > 0 && !r.acknowledged[cid] {
			unheard++
		}
	}
	return unheard
}

// checkEach looks at the end: every item is there once, with what was sent.
func (r *rampage) checkEach(data string) {
	r.t.Helper()
	votes := entriesOf(r.t, data, (*oplog.Chain).Next)
	for cid, value := range r.sent {
		if !slices.Equal(votes[cid], []string{value}) {
			r.t.Errorf("item %s stands in the record as %v, sent as %q", cid, votes[cid], value)
		}
	}
}
