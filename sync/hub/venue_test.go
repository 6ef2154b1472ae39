package hub_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

const code = "482163"

var badgeKey = badge.Key{3: 1}

// clock is a wall clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// venue is a hub with a session of three statements, voting open.
type venue struct {
	t          testing.TB
	replica    *replica.Replica
	hub        *hub.Hub
	lan, own   *httptest.Server
	clock      *clock
	statements []string
	route      *route
}

// route is an order that a test sets.
type route struct{ order []moot.StatementID }

func (r *route) Order(moot.ParticipantID) []moot.StatementID { return r.order }

type noHost struct{}

func (noHost) State() any                                { return map[string]any{"steps": []string{"one"}} }
func (noHost) Do(context.Context, json.RawMessage) error { return nil }

func newVenue(t testing.TB) *venue {
	t.Helper()
	file, err := store.Create(t.TempDir(), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := replica.Open(file, replica.Options{Session: file.Session(), Key: file.Keys().Sign, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	v := &venue{t: t, replica: r, clock: &clock{now: time.Now()}, route: &route{}}
	first := []moot.Payload{
		&moot.SetField{Field: moot.Title, Value: "A square for the market", Rev: 1}, &moot.SetField{Field: moot.JoinCode, Value: code, Rev: 1},
		&moot.SetField{Field: moot.Question, Value: "How safe is it now?", Rev: 1},
		&moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, StepKind: moot.StepOpinion, At: 1},
	}
	for i := range 3 {
		first = append(first, &moot.NewStatement{Text: fmt.Sprintf("Statement %d", i), Lang: "en", Standing: moot.Approved, Seed: true})
	}
	v.do(first...)
	for _, s := range r.View().Statements {
		v.statements = append(v.statements, s.ID.String())
	}
	v.hub = hub.New(r, hub.Options{Router: v.route, Random: rand.Reader, Now: v.clock.Now, Host: noHost{}, HostToken: "secret", BadgeKey: func() (badge.Key, error) { return badgeKey, nil },
		Addresses: func() []string { return []string{"http://192.168.7.7:8080", "http://10.0.0.9:8080"} }})
	v.lan, v.own = httptest.NewServer(v.hub.Handler()), httptest.NewServer(v.hub.HostHandler())
	t.Cleanup(func() { v.hub.Close(); v.lan.Close(); v.own.Close(); r.Close(); file.Close() })
	return v
}

func id() oplog.ItemID {
	var id oplog.ItemID
	rand.Read(id[:])
	return id
}

// do brings acts into the record past the hub, as the host does.
func (v *venue) do(payloads ...moot.Payload) {
	v.t.Helper()
	var list []moot.Item
	for _, p := range payloads {
		list = append(list, moot.Item{CID: id(), Payload: p})
	}
	out, err := v.replica.Do(context.Background(), list...)
	if err != nil {
		v.t.Fatal(err)
	}
	for i, o := range out {
		if o.Refusal != nil || o.Stale != nil {
			v.t.Fatalf("item %d: %+v", i, o)
		}
	}
}

// call sends a call and reads the answer. A body that is a string goes out as it is.
func (v *venue) call(method, path, token string, body any, change ...func(*http.Request)) (int, map[string]any, http.Header) {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	if text, ok := body.(string); ok {
		raw = []byte(text)
	}
	base := v.lan.URL
	if strings.HasPrefix(path, "/host") {
		base = v.own.URL
	}
	req, err := http.NewRequest(method, base+path, bytes.NewReader(raw))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for _, c := range change {
		c(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	var doc map[string]any
	json.Unmarshal(answer, &doc)
	return res.StatusCode, doc, res.Header
}

func newToken() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

// join lets a new device in.
func (v *venue) join(name string) (token string, person map[string]any) {
	v.t.Helper()
	token = newToken()
	status, doc, _ := v.call("POST", "/api/v1/join", "", map[string]any{"code": code, "token": token, "lang": "en", "name": name})
	if status != http.StatusCreated {
		v.t.Fatalf("join: %d %v", status, doc)
	}
	return token, doc["person"].(map[string]any)
}

// send sends items of a device.
func (v *venue) send(token string, list ...map[string]any) (int, map[string]any) {
	v.t.Helper()
	status, doc, _ := v.call("POST", "/api/v1/items", token, items(list...))
	return status, doc
}

func newItem(kind, key string, rev, value any) map[string]any {
	return map[string]any{"cid": id().String(), "kind": kind, "key": key, "rev": rev, "value": value}
}

func voteItem(sid, value string, rev int) map[string]any { return newItem("vote", sid, rev, value) }

func statementItem(text string) map[string]any {
	return newItem("statement", "", 1, map[string]any{"text": text, "lang": "zh-Hant"})
}

func items(list ...map[string]any) map[string]any {
	return map[string]any{"items": list, "waiting": 0}
}

// rows gives the length of a list in an answer.
func rows(doc map[string]any, name string) int {
	list, _ := doc[name].([]any)
	return len(list)
}

func reason(doc map[string]any) string {
	refused, _ := doc["refused"].([]any)
	if len(refused) == 0 {
		return ""
	}
	return refused[0].(map[string]any)["reason"].(string)
}

func errorCode(doc map[string]any) string {
	e, _ := doc["error"].(map[string]any)
	c, _ := e["code"].(string)
	return c
}
