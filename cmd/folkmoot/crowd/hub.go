package crowd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

	at *url.URL
}

// Look asks a hub what there is to vote on. The address may be that of the page to
// join at. Error: ErrNoHub.
func Look(ctx context.Context, address string) (*Hub, error) {
	base, _, _ := strings.Cut(strings.TrimRight(address, "/"), "/j/")
	at, err := place(base)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoHub, err)
	}
	h := &Hub{Base: base, at: at}
	var wall struct {
		Session    string
		Rehearsal  bool
		Join       struct{ Code string }
		Statements []struct{ ID string }
		Question   *struct{ ID string }
	}
	once := wire{hub: h}
	defer once.close()
	answer, err := once.call(ctx, http.MethodGet, "/api/v1/wall", nil)
	if err == nil {
		err = json.Unmarshal(answer.body, &wall)
	}
	if err != nil || answer.status != http.StatusOK {
		return nil, fmt.Errorf("%w at %s: status %d: %v", ErrNoHub, base, answer.status, err)
	}
	h.Session, h.Code, h.Rehearsal, h.Question = wall.Session, wall.Join.Code, wall.Rehearsal, wall.Question != nil
	for _, s := range wall.Statements {
		h.Statements = append(h.Statements, s.ID)
	}
	return h, nil
}
