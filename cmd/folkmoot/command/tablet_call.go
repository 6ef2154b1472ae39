package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// tabletReply is what the tablet's own hub answers to a call that never touches a network.
type tabletReply struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

// Header, WriteHeader and Write are those of an http.ResponseWriter.
func (r *tabletReply) Header() http.Header { return r.head }

func (r *tabletReply) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *tabletReply) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(data)
}

// code gives the word by which an answer says no.
func (r *tabletReply) code() string {
	var no struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	json.Unmarshal(r.body.Bytes(), &no) // what is no such answer has no code
	return no.Error.Code
}

// after gives when to try again.
func (r *tabletReply) after() time.Duration {
	seconds, err := strconv.Atoi(r.head.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// callHub asks a hub's handler as the page asks over the network, so that rules, limits and
// receipts are the same. token is "" where nobody has joined.
func callHub(ctx context.Context, handler http.Handler, method, path, token string, body any) (*tabletReply, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("tablet: %s %s: %w", method, path, err)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("tablet: %s %s: %w", method, path, err)
	}
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	reply := &tabletReply{head: http.Header{}}
	handler.ServeHTTP(reply, r)
	return reply, nil
}
