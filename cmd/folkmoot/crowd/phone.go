package crowd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Phone is one simulated device. See Hub.Phone.
type Phone struct {
	hub   *Hub
	token string
	// Fetched is how often the phone asked for the whole state; Hold counts it.
	Fetched int
}

// Phone gives the phone of a token, 64 hexadecimal digits. The same token is the same
// person every time.
func (h *Hub) Phone(token string) *Phone { return &Phone{hub: h, token: token} }

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
	status, answer, err := p.hub.call(ctx, http.MethodPost, "/api/v1/join", "", body)
	var reply struct{ Session string }
	if err == nil && status == http.StatusCreated {
		err = json.Unmarshal(answer, &reply)
	}
	switch {
	case err != nil:
		return err
	case status != http.StatusCreated || reply.Session != p.hub.Session:
		return fmt.Errorf("join: status %d, session %q", status, reply.Session)
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
	status, answer, err := p.hub.call(ctx, http.MethodPost, "/api/v1/items", p.token, body)
	if err != nil {
		return out, err
	}
	if status != http.StatusCreated {
		return out, fmt.Errorf("items: status %d: %.200s", status, answer)
	}
	if err := json.Unmarshal(answer, &out); err != nil {
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

var versionLine = []byte(`data: {"version":`)

// Hold keeps a live stream open as an open page does, and asks for the whole state
// whenever the hub says that there is a new one, until ctx ends, which is no error.
// open, which may be nil, is called once the page has what it shows.
func (p *Phone) Hold(ctx context.Context, open func()) error {
	req, err := p.hub.request(ctx, http.MethodGet, "/api/v1/live", p.token, nil)
	if err != nil {
		return err
	}
	res, err := p.hub.client.Do(req)
	if err != nil {
		return held(ctx, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("live: status %d", res.StatusCode)
	}
	version := uint64(0)
	lines := bufio.NewReaderSize(res.Body, 1<<10) // a longer line is taken in pieces
	for {
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
	req, err := p.hub.request(ctx, http.MethodGet, "/api/v1/state", p.token, nil)
	if err != nil {
		return err
	}
	res, err := p.hub.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("state: status %d", res.StatusCode)
	}
	p.Fetched++
	return nil
}
