package hub_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
)

// failing is a record whose disk takes nothing while err is set.
type failing struct {
	hub.Record
	err error
}

func (f *failing) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.Record.Do(ctx, items...)
}

// A device is told that it should come again, when, and whether the disk is to blame.
func TestFaults(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	full := errors.New("full")
	record := &failing{Record: v.replica}
	again := hub.New(record, hub.Options{Router: v.route, Random: rand.Reader, Now: v.clock.Now, Addresses: func() []string { return []string{"http://127.0.0.1"} },
		Full: func(err error) bool { return err == full }})
	v.lan.Close()
	v.lan = httptest.NewServer(again.Handler())
	t.Cleanup(again.Close)
	item := voteItem(v.statements[0], "agree", 1)
	for _, c := range []struct {
		err    error
		status int
		code   string
		after  string
	}{
		{errors.New("unknown"), http.StatusServiceUnavailable, "again", "1"},
		{full, http.StatusInsufficientStorage, "full", "30"},
	} {
		record.err = c.err
		status, doc, header := v.call("POST", "/api/v1/items", token, items(item))
		if status != c.status || errorCode(doc) != c.code || header.Get("Retry-After") != c.after {
			t.Errorf("%v: %d %v, again after %q; want %d %s %s", c.err, status, doc, header.Get("Retry-After"), c.status, c.code, c.after)
		}
	}
	record.err = nil
	if status, doc := v.send(token, item); status != http.StatusCreated || rows(doc, "saved") != 1 {
		t.Errorf("the same item once the disk does well: %d %v", status, doc)
	}
}
