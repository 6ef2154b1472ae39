package storm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

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
	p.moves++
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
