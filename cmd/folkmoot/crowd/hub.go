package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ErrNoHub is the error of an address at which no hub answers.
var ErrNoHub = errors.New("no hub answers")

// Wait is the error of a call that should be tried again after a while.
type Wait time.Duration

// Error says for how long.
func (w Wait) Error() string { return "try again in " + time.Duration(w).String() }

// Hub is a hub as phones see it. See Look.
type Hub struct {
	Base, Code, Session string
	// Rehearsal says whether simulated people are let in.
	Rehearsal bool
	// Question says whether the session asks its opening question.
	Question bool
	// Statements is what may be voted on.
	Statements []string

	client *http.Client
}

// Look asks a hub what there is to vote on. The address may be that of the page to
// join at. Error: ErrNoHub.
func Look(ctx context.Context, address string) (*Hub, error) {
	base, _, _ := strings.Cut(strings.TrimRight(address, "/"), "/j/")
	h := &Hub{Base: base, client: &http.Client{Transport: &http.Transport{
		// A phone has a connection to send on and one for its stream; none is made anew.
		MaxIdleConnsPerHost: 1 << 16, IdleConnTimeout: time.Minute, DisableCompression: true,
		ReadBufferSize: 2 << 10, WriteBufferSize: 2 << 10,
	}}}
	var wall struct {
		Session    string
		Rehearsal  bool
		Join       struct{ Code string }
		Statements []struct{ ID string }
		Question   *struct{ ID string }
	}
	status, answer, err := h.call(ctx, http.MethodGet, "/api/v1/wall", "", nil)
	if err == nil {
		err = json.Unmarshal(answer, &wall)
	}
	if err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("%w at %s: status %d: %v", ErrNoHub, base, status, err)
	}
	h.Session, h.Code, h.Rehearsal, h.Question = wall.Session, wall.Join.Code, wall.Rehearsal, wall.Question != nil
	for _, s := range wall.Statements {
		h.Statements = append(h.Statements, s.ID)
	}
	return h, nil
}

// Close gives the connections back.
func (h *Hub) Close() { h.client.CloseIdleConnections() }

// request makes a call that the hub takes.
func (h *Hub) request(ctx context.Context, method, path, token string, body []byte) (*http.Request, error) {
	var data io.Reader
	if body != nil {
		data = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, h.Base+path, data)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return req, nil
}

// call sends one call and reads its answer whole. Error: Wait where the hub says so.
func (h *Hub) call(ctx context.Context, method, path, token string, body []byte) (int, []byte, error) {
	req, err := h.request(ctx, method, path, token, body)
	if err != nil {
		return 0, nil, err
	}
	res, err := h.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil, err
	}
	if wait, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		return res.StatusCode, answer, Wait(time.Duration(wait) * time.Second)
	}
	return res.StatusCode, answer, nil
}
