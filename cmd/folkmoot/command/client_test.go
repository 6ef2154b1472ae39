package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// outbox is what one client has waiting, as the page does: one item at a time, sent
// again with the same id until it is received.
type outbox struct {
	index int
	token string
	rev   int
	item  map[string]any // nil when everything was received
}

// rampage is one client of a real hub.
type rampage struct {
	t            *testing.T
	base, code   string
	statements   []string
	client       *http.Client
	acknowledged map[string]bool

	mu   sync.Mutex
	sent map[string]string // cid → value, of everything that was ever sent
}

func newRampage(t *testing.T, hub *serving) *rampage {
	r := &rampage{t: t, base: hub.base, code: hub.code, client: http.DefaultClient, acknowledged: map[string]bool{}, sent: map[string]string{}}
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

// send sends what waits, or something new, and says whether it was received.
func (r *rampage) send(c *outbox) bool {
	if c.item == nil {
		c.rev++
		cid, value := fmt.Sprintf("%08x%024x", c.index+1, c.rev), []string{"agree", "disagree", "pass"}[c.rev%3]
		r.mu.Lock()
		r.sent[cid] = value
		r.mu.Unlock()
		c.item = map[string]any{"cid": cid, "kind": "vote", "key": r.statements[c.rev%len(r.statements)], "rev": c.rev, "value": value}
	}
	var answer struct{ Saved []struct{ CID string } }
	status, err := r.call(context.Background(), "POST", "/api/v1/items", c.token, map[string]any{"items": []any{c.item}, "waiting": 0}, &answer)
	if err != nil || status != http.StatusCreated || len(answer.Saved) != 1 {
		return false
	}
	r.acknowledged[answer.Saved[0].CID] = true
	c.item = nil
	return true
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
