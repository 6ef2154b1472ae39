package command_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"folkmoot/app/readmodel"
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
	r := &rampage{t: t, base: base, client: http.DefaultClient}
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
func (r *rampage) tell(c *outbox) (status int, code string) {
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
	r := newRampage(t, hub)
	c := &outbox{}
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
