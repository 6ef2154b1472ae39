package crowd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Phone is one simulated device. See Hub.Phone.
type Phone struct {
	hub   *Hub
	token string
	wire  wire
	// Fetched is how often the phone asked for the whole state; Hold counts it.
	Fetched int
}

// Phone gives the phone of a token, 64 hexadecimal digits. The same token is the same
// person every time.
func (h *Hub) Phone(token string) *Phone {
	return &Phone{hub: h, token: token, wire: wire{hub: h, token: token}}
}

// Close ends the phone's connection; what it sends next opens one anew.
func (p *Phone) Close() {
	p.wire.mu.Lock()
	defer p.wire.mu.Unlock()
	p.wire.close()
}

// Item is one thing to send, as the page sends it.
type Item struct {
	CID   string `json:"cid"`
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Rev   uint64 `json:"rev"`
	Value any    `json:"value"`
}

// Receipts is what a hub says became of items.
type Receipts struct {
	Session string
	Saved   []struct{ CID string }
	Stale   []struct{ CID string }
	Refused []struct{ CID, Reason string }
}

// Join lets the phone in, once. Error: Wait where many join.
func (p *Phone) Join(ctx context.Context, lang string) error {
	body, err := json.Marshal(map[string]string{"code": p.hub.Code, "token": p.token, "lang": lang, "name": ""})
	if err != nil {
		return err
	}
	answer, err := p.wire.call(ctx, http.MethodPost, "/api/v1/join", body)
	var reply struct{ Session string }
	if err == nil && answer.status == http.StatusCreated {
		err = json.Unmarshal(answer.body, &reply)
	}
	switch {
	case err != nil:
		return err
	case answer.status != http.StatusCreated || reply.Session != p.hub.Session:
		return fmt.Errorf("join: status %d, session %q", answer.status, reply.Session)
	}
	return nil
}

// JoinPatiently joins and tries again as the hub says, for as long as ctx lasts.
func (p *Phone) JoinPatiently(ctx context.Context, lang string) error {
	for {
		err := p.Join(ctx, lang)
		var wait Wait
		if !errors.As(err, &wait) {
			return err
		}
		timer := time.NewTimer(time.Duration(wait))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// Send sends items in one call. The receipts are worth something where there is no
// error only. Error: Wait where the hub asks to slow down.
func (p *Phone) Send(ctx context.Context, items ...Item) (Receipts, error) {
	var out Receipts
	body, err := json.Marshal(struct {
		Items   []Item `json:"items"`
		Waiting int    `json:"waiting"`
	}{items, 0})
	if err != nil {
		return out, err
	}
	answer, err := p.wire.call(ctx, http.MethodPost, "/api/v1/items", body)
	if err != nil {
		return out, err
	}
	if answer.status != http.StatusCreated {
		return out, fmt.Errorf("items: status %d: %.200s", answer.status, answer.body)
	}
	if err := json.Unmarshal(answer.body, &out); err != nil {
		return Receipts{}, err
	}
	if out.Session != p.hub.Session {
		return Receipts{}, fmt.Errorf("items: another session answers: %q", out.Session)
	}
	return out, nil
}

// Has says whether an item was said to be saved.
func (r Receipts) Has(cid string) bool {
	for _, s := range r.Saved {
		if s.CID == cid {
			return true
		}
	}
	return false
}

// silence is how long a page believes in a stream that says nothing: the hub beats every
// four seconds.
const silence = 9 * time.Second

var versionLine = []byte(`data: {"version":`)

// Hold keeps a live stream open as an open page does, and asks for the whole state
// whenever the hub says that there is a new one, until ctx ends, which is no error.
// open, which may be nil, is called once the page has what it shows.
func (p *Phone) Hold(ctx context.Context, open func()) error {
	live := wire{hub: p.hub, token: p.token}
	if err := live.dial(ctx); err != nil {
		return held(ctx, err)
	}
	defer live.close()
	conn := live.conn
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	conn.SetReadDeadline(time.Now().Add(silence))
	res, err := live.begin(live.write(http.MethodGet, "/api/v1/live", nil))
	if err != nil {
		return held(ctx, err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("live: status %d", res.StatusCode)
	}
	version := uint64(0)
	lines := bufio.NewReaderSize(res.Body, 1<<10) // a longer line is taken in pieces
	for {
		conn.SetReadDeadline(time.Now().Add(silence))
		if ctx.Err() != nil {
			return nil
		}
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return held(ctx, fmt.Errorf("live: the stream ended: %w", err))
		}
		next, ok := versionOf(line)
		if !ok {
			continue
		}
		if next != version {
			version = next
			if err := p.fetch(ctx); err != nil {
				return held(ctx, err)
			}
		}
		if open != nil {
			open()
			open = nil
		}
	}
}

// held takes the end that was wanted for none.
func held(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func versionOf(line []byte) (uint64, bool) {
	rest, ok := bytes.CutPrefix(line, versionLine)
	if !ok {
		return 0, false
	}
	end := bytes.IndexAny(rest, ",}")
	if end < 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(rest[:end]), 10, 64)
	return n, err == nil
}

// fetch asks for the whole state; what it says is for people.
func (p *Phone) fetch(ctx context.Context) error {
	answer, err := p.wire.call(ctx, http.MethodGet, "/api/v1/state", nil)
	if err != nil {
		return err
	}
	if answer.status != http.StatusOK {
		return fmt.Errorf("state: status %d", answer.status)
	}
	p.Fetched++
	return nil
}
