package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// room lets the hub's files grow to a number of bytes only: beyond, the system refuses each
// write, as a full disk does. It works wherever tests run.
func (s *serving) room(bytes uint64) {
	s.t.Helper()
	limit := unix.Rlimit{}
	err := unix.Prlimit(s.server.PID(), unix.RLIMIT_FSIZE, nil, &limit)
	if limit.Cur = bytes; err == nil {
		err = unix.Prlimit(s.server.PID(), unix.RLIMIT_FSIZE, &limit, nil)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// hostState asks for what the host's page shows.
func (s *serving) hostState(t *testing.T) (disk *readmodel.Disk, votes int) {
	t.Helper()
	base, token, _ := strings.Cut(s.host, "/host#t=")
	r := &lonePhone{t: t, base: base, client: http.DefaultClient}
	var doc struct {
		Disk   *readmodel.Disk
		Counts struct{ Votes int }
	}
	if status, err := r.call(context.Background(), "GET", "/host/v1/state", token, nil, &doc); status != http.StatusOK || err != nil {
		t.Fatalf("the host's page: %d %v", status, err)
	}
	return doc.Disk, doc.Counts.Votes
}

// tell sends what a client has waiting, and gives status and code of the answer.
func (r *lonePhone) tell(c *loneOutbox) (status int, code string) {
	r.t.Helper()
	var answer struct {
		Error struct{ Code string }
	}
	status, err := r.call(context.Background(), "POST", "/api/v1/items", c.token, map[string]any{"items": []any{c.item}, "waiting": 1}, &answer)
	if err != nil {
		r.t.Fatal(err)
	}
	return status, answer.Error.Code
}

// TestFullDisk lets a real hub run out of room: phones are told so, host and wall can still
// be read, what was received stays, and what was sent meanwhile is saved once there is room.
func TestFullDisk(t *testing.T) {
	data, address := t.TempDir(), freeAddress(t)
	hub := serve(t, data, address, "--sample")
	r := newLonePhone(t, hub)
	c := &loneOutbox{}
	r.join(c)
	for range 5 {
		if !r.send(c) {
			t.Fatal("a vote was not received though there is room")
		}
	}
	_, before := hub.hostState(t)
	hub.room(4096)
	r.send(c) // in vain: it stays in the outbox
	for range 3 {
		if status, code := r.tell(c); status != http.StatusInsufficientStorage || code != "full" {
			t.Errorf("on a full disk: %d %s", status, code)
		}
	}
	if disk, votes := hub.hostState(t); disk == nil || disk.State != readmodel.DiskFull || disk.Folder != data || votes != before {
		t.Errorf("the host reads %+v and %d votes, want a full disk and %d", disk, votes, before)
	}
	var wall struct{ Counts struct{ Votes int } }
	if status, err := r.call(context.Background(), "GET", "/api/v1/wall", "", nil, &wall); status != http.StatusOK || err != nil || wall.Counts.Votes != before {
		t.Errorf("the wall: %d %v, %d votes", status, err, wall.Counts.Votes)
	}
	if left, err := filepath.Glob(filepath.Join(data, "*.reserve")); err != nil || len(left) > 0 {
		t.Errorf("the reserve was not given back: %v %v", left, err)
	}
	hub.room(unix.RLIM_INFINITY)
	for { // writing is tried again after five seconds
		status, code := r.tell(c)
		if status == http.StatusCreated {
			break
		}
		if status != http.StatusInsufficientStorage && status != http.StatusTooManyRequests {
			t.Fatalf("once there is room: %d %s", status, code)
		}
	}
	if disk, votes := hub.hostState(t); disk != nil && disk.State == readmodel.DiskFull || votes != before+1 {
		t.Errorf("once there is room the host reads %+v and %d votes, want %d", disk, votes, before+1)
	}
	hub.kill()
	votes := entriesOf(t, data, (*oplog.Chain).Next)
	if got := votes[c.item["cid"].(string)]; !slices.Equal(got, []string{c.item["value"].(string)}) {
		t.Errorf("what was sent on the full disk stands in the record as %v", got)
	}
	for cid := range r.acknowledged {
		if len(votes[cid]) != 1 {
			t.Errorf("item %s was acknowledged and stands there %d times", cid, len(votes[cid]))
		}
	}
	path, _ := filepath.Glob(filepath.Join(data, "*.folkmoot"))
	f, err := store.Open(path[0], store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.CheckPages(); err != nil || !f.Unclean() {
		t.Errorf("after the kill: %v, unclean %t", err, f.Unclean())
	}
}

// loneOutbox is what one client has waiting, as the page does: one item at a time, sent
// again with the same id until it is received.
type loneOutbox struct {
	token string
	rev   int
	item  map[string]any // nil when everything was received
}

// lonePhone is one client of a real hub.
type lonePhone struct {
	t            *testing.T
	base, code   string
	statements   []string
	client       *http.Client
	acknowledged map[string]bool
}

func newLonePhone(t *testing.T, hub *serving) *lonePhone {
	r := &lonePhone{t: t, base: hub.base, code: hub.code, client: http.DefaultClient, acknowledged: map[string]bool{}}
	var wall struct{ Statements []struct{ ID string } }
	if status, err := r.call(context.Background(), "GET", "/api/v1/wall", "", nil, &wall); status != 200 || err != nil {
		t.Fatalf("wall: %d %v", status, err)
	}
	for _, s := range wall.Statements {
		r.statements = append(r.statements, s.ID)
	}
	return r
}

func (r *lonePhone) call(ctx context.Context, method, path, token string, body, into any) (int, error) {
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

func (r *lonePhone) join(c *loneOutbox) {
	r.t.Helper()
	c.token = fmt.Sprintf("%064x", 1)
	var answer map[string]any
	status, err := r.call(context.Background(), "POST", "/api/v1/join", "", map[string]string{"code": r.code, "token": c.token, "lang": "en", "name": ""}, &answer)
	if status != http.StatusCreated || err != nil {
		r.t.Fatalf("join: %d %v %v", status, answer, err)
	}
}

// send sends what waits, or something new, and says whether it was received.
func (r *lonePhone) send(c *loneOutbox) bool {
	if c.item == nil {
		c.rev++
		value := []string{"agree", "disagree", "pass"}[c.rev%3]
		c.item = map[string]any{"cid": fmt.Sprintf("%032x", c.rev), "kind": "vote", "key": r.statements[c.rev%len(r.statements)], "rev": c.rev, "value": value}
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
