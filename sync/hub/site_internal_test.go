package hub

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

const siteCode = "482163"

// site is a hub over a real record on the disk, whose calls come without a network.
type site struct {
	t         testing.TB
	record    *replica.Replica
	hub       *Hub
	lan, host http.Handler
	now       atomic.Pointer[time.Time] // the hub's goroutine looks at it too
	name      string                    // the Host that calls are made to
	statement string
}

func (s *site) at() time.Time { return *s.now.Load() }

func (s *site) setNow(now time.Time) { s.now.Store(&now) }

// alter changes a site before its hub starts: the record below it, or what answers.
type alter struct {
	record func(Record) Record
	lan    func(*Hub, http.Handler) http.Handler
	host   func(*Hub) http.Handler
	token  string // the host's; "-" for none
}

type deaf struct{}

func (deaf) State() any                                { return map[string]any{"steps": []string{}} }
func (deaf) Do(context.Context, json.RawMessage) error { return nil }

func newSite(t testing.TB, without guardName, a alter) *site {
	t.Helper()
	file, err := store.Create(t.TempDir(), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := replica.Open(file, replica.Options{Session: file.Session(), Key: file.Keys().Sign, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, record: r, name: "192.168.7.7:8080"}
	s.setNow(time.Now())
	_, err = r.Do(context.Background(),
		s.item(&moot.SetField{Field: moot.Title, Value: "A square for the market", Rev: 1}), s.item(&moot.SetField{Field: moot.JoinCode, Value: siteCode, Rev: 1}),
		s.item(&moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, StepKind: moot.StepOpinion, At: 1}),
		s.item(&moot.NewStatement{Text: "More trees", Lang: "en", Standing: moot.Approved, Seed: true}))
	if err != nil {
		t.Fatal(err)
	}
	s.statement = r.View().Statements[0].ID.String()
	var record Record = r
	if a.record != nil {
		record = a.record(r)
	}
	token := "the-host"
	if a.token == "-" {
		token = ""
	}
	s.hub = New(record, Options{Random: rand.Reader, Now: s.at, Host: deaf{}, HostToken: token,
		Addresses: func() []string { return []string{"http://192.168.7.7:8080"} }})
	s.hub.without = without
	s.lan, s.host = s.hub.Handler(), s.hub.HostHandler()
	if a.lan != nil {
		s.lan = a.lan(s.hub, s.lan)
	}
	if a.host != nil {
		s.host = a.host(s.hub)
	}
	t.Cleanup(func() { s.hub.Close(); r.Close(); file.Close() })
	return s
}

func (s *site) item(p moot.Payload) moot.Item {
	return moot.Item{CID: oplog.ItemID([]byte(freshID(16))[:16]), Payload: p}
}

// freshID gives so many random bytes.
func freshID(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return string(raw)
}

func freshToken() string { return hex.EncodeToString([]byte(freshID(32))) }

// said is an answer.
type said struct {
	status int
	code   string
	body   string
	head   http.Header
	doc    map[string]any
}

func (s *site) ask(handler http.Handler, r *http.Request) said {
	s.t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	out := said{status: w.Code, body: w.Body.String(), head: w.Header()}
	if json.Unmarshal(w.Body.Bytes(), &out.doc) == nil {
		e, _ := out.doc["error"].(map[string]any)
		out.code, _ = e["code"].(string)
	}
	return out
}

// call makes a call as a phone does; changes come after everything else.
func (s *site) call(method, path, token, body string, change ...func(*http.Request)) said {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = s.name
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, c := range change {
		c(r)
	}
	return s.ask(s.lan, r)
}

// asHost has calls go to what the host may ask, on this computer.
func (s *site) asHost() { s.lan, s.name = s.host, "127.0.0.1:4000" }

func joinBody(code, token, name string) string {
	return fmt.Sprintf(`{"code":%q,"token":%q,"lang":"en","name":%q}`, code, token, name)
}

func (s *site) join(name string) (token string, id string) {
	s.t.Helper()
	token = freshToken()
	out := s.call("POST", "/api/v1/join", "", joinBody(siteCode, token, name))
	if out.status != http.StatusCreated {
		s.t.Fatalf("join: %d %s", out.status, out.body)
	}
	return token, out.doc["person"].(map[string]any)["id"].(string)
}

// itemsBody gives a call with items, each "kind key rev value" with its value as JSON.
func itemsBody(items ...string) string {
	for i, item := range items {
		part := strings.SplitN(item, " ", 4)
		items[i] = fmt.Sprintf(`{"cid":"%x","kind":%q,"key":%q,"rev":%s,"value":%s}`, freshID(16), part[0], part[1], part[2], part[3])
	}
	return `{"items":[` + strings.Join(items, ",") + `],"waiting":0}`
}

func (s *site) vote(value string, rev int) string {
	return itemsBody(fmt.Sprintf(`vote %s %d %q`, s.statement, rev, value))
}

func (a said) rows(name string) int {
	list, _ := a.doc[name].([]any)
	return len(list)
}

// votes gives the votes of a person by id.
func (s *site) votes(id string) int {
	n := 0
	for _, p := range s.record.View().People() {
		if p.ID.String() == id {
			for range p.Votes() {
				n++
			}
		}
	}
	return n
}
