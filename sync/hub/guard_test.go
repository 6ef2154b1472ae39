package hub_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTokens(t *testing.T) {
	v := newVenue(t)
	for _, token := range []string{"", "x", newToken()} {
		for _, path := range []string{"/api/v1/state", "/api/v1/live"} {
			if status, doc, _ := v.call("GET", path, token, nil); status != 401 || errorCode(doc) != "unknown_token" {
				t.Errorf("GET %s with token %q: %d %v", path, token, status, doc)
			}
		}
		if status, _ := v.send(token, voteItem(v.statements[0], "agree", 1)); status != 401 {
			t.Errorf("items with token %q: %d", token, status)
		}
	}
}

func TestHostPowersAreNotOnTheLAN(t *testing.T) {
	v := newVenue(t)
	for _, path := range []string{"/host", "/host/", "/host/v1/state", "/host/v1/live", "/host/v1/do", "/host/v1/anything", "/HOST"} {
		for _, method := range []string{"GET", "POST", "PUT", "OPTIONS"} {
			req, err := http.NewRequest(method, v.lan.URL+path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer secret")
			req.Header.Set("Content-Type", "application/json")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s on the LAN: %d", method, path, res.StatusCode)
			}
		}
	}
	act := map[string]any{"act": "wall"}
	for name, c := range map[string]struct {
		method, path, token string
		body                any
		want                int
	}{
		"state, wrong token": {"GET", "/host/v1/state", "wrong", nil, 401},
		"state, own token":   {"GET", "/host/v1/state", "secret", nil, 200},
		"act, no token":      {"POST", "/host/v1/do", "", act, 401},
		"act, own token":     {"POST", "/host/v1/do", "secret", act, 200},
	} {
		if status, doc, _ := v.call(c.method, c.path, c.token, c.body); status != c.want {
			t.Errorf("%s: %d %v, want %d", name, status, doc, c.want)
		}
	}
	if _, doc, _ := v.call("GET", "/host/v1/state", "secret", nil); doc["steps"] == nil || doc["join"] == nil {
		t.Errorf("the host's state: %v", doc)
	}
}

func TestGuard(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	body := items(voteItem(v.statements[0], "agree", 1))
	big := items(voteItem(v.statements[0], strings.Repeat("x", 10<<20), 1))
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			if name == "Host" {
				r.Host = value
			}
			r.Header.Set(name, value)
		}
	}
	many := make([]map[string]any, 51)
	for i := range many {
		many[i] = voteItem(v.statements[0], "agree", 1)
	}
	same := func(*http.Request) {}
	for name, c := range map[string]struct {
		body   any
		change func(*http.Request)
		status int
		code   string
	}{
		"a stranger's name":      {body, header("Host", "evil.example"), 421, "unknown_host"},
		"another site's page":    {body, header("Origin", "http://evil.example"), 403, "cross_origin"},
		"a form":                 {body, header("Content-Type", "text/plain"), 415, "not_json"},
		"10 MB":                  {big, same, 413, "too_big"},
		"10 MB of unknown size":  {big, func(r *http.Request) { r.ContentLength = -1 }, 413, "too_big"},
		"unknown field":          {`{"items":[],"waiting":0,"admin":true}`, same, 400, "bad_json"},
		"unknown field in items": {`{"items":[{"cid":"` + id().String() + `","kind":"vote","key":"","rev":1,"value":"agree","as":"x"}],"waiting":0}`, same, 400, "bad_json"},
		"two values":             {`{"items":[],"waiting":0}{}`, same, 400, "bad_json"},
		"no JSON":                {"hello", same, 400, "bad_json"},
		"a broken id":            {`{"items":[{"cid":"zz","kind":"vote","key":"","rev":1,"value":"agree"}],"waiting":0}`, same, 400, "bad_json"},
		"51 items":               {items(many...), same, 413, "too_many_items"},
	} {
		if status, doc, _ := v.call("POST", "/api/v1/items", token, c.body, c.change); status != c.status || errorCode(doc) != c.code {
			t.Errorf("%s: %d %v, want %d %s", name, status, doc, c.status, c.code)
		}
	}
	if v.replica.View().Votes != 0 {
		t.Error("something of it was stored")
	}
}

// A page that was opened at another address of this session may bring its outbox.
func TestSiblingAddress(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	origin := func(r *http.Request) { r.Header.Set("Origin", "http://10.0.0.9:8080") }
	status, _, head := v.call("OPTIONS", "/api/v1/items", "", nil, origin)
	if status != 204 || head.Get("Access-Control-Allow-Origin") != "http://10.0.0.9:8080" || !strings.Contains(head.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("preflight: %d %v", status, head)
	}
	status, _, head = v.call("POST", "/api/v1/items", token, items(voteItem(v.statements[0], "agree", 1)), origin)
	if status != 201 || head.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("items from the old address: %d %v", status, head)
	}
}

func TestLimits(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	write := func(i int) string {
		_, doc := v.send(token, statementItem(fmt.Sprintf("Idea number %d", i)))
		return reason(doc)
	}
	if _, doc := v.send(token, statementItem("Statement 0")); reason(doc) != "duplicate" {
		t.Errorf("a doubled statement: %v", doc) // and it does not count against anybody
	}
	for i := range 3 {
		if no := write(i); no != "" {
			t.Errorf("statement %d: %s", i, no)
		}
	}
	if no := write(4); no != "too_many_statements" {
		t.Errorf("the fourth statement in a minute: %q", no)
	}
	v.clock.add(time.Minute)
	if no := write(5); no != "" {
		t.Errorf("a minute later: %q", no)
	}
	sent := 0
	for range 100 {
		status, _, head := v.call("POST", "/api/v1/items", token, items(voteItem(v.statements[0], "agree", sent+1)))
		if status == http.StatusTooManyRequests {
			if head.Get("Retry-After") == "" {
				t.Error("no word on when to try again")
			}
			break
		}
		sent++
	}
	if sent < 40 || sent > 60 {
		t.Errorf("%d items in one moment, want about 50", sent)
	}
	other, _ := v.join("")
	if status, _ := v.send(other, voteItem(v.statements[0], "agree", 1)); status != 201 {
		t.Errorf("another device behind the same address: %d", status)
	}
}

// The limit holds for calls at the same moment too.
func TestStatementsAtOnce(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	var wait sync.WaitGroup
	var saved atomic.Int64
	for i := range 12 {
		wait.Go(func() {
			_, doc := v.send(token, statementItem(fmt.Sprintf("Idea %d of one", i)), statementItem(fmt.Sprintf("Idea %d of two", i)))
			saved.Add(int64(rows(doc, "saved")))
		})
	}
	wait.Wait()
	if saved.Load() != 3 {
		t.Errorf("%d statements of one device in one moment, want 3", saved.Load())
	}
}

// A statement that stands twice in one call is one, and gives no allowance back.
func TestStatementTwiceInACall(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	added := 0
	for i := range 5 {
		item := statementItem(fmt.Sprintf("Idea number %d", i))
		_, doc := v.send(token, item, item)
		if rows(doc, "saved") > 0 {
			added++
		}
	}
	if added != 3 {
		t.Errorf("%d statements in a minute, want 3", added)
	}
}

func TestGuessedCodes(t *testing.T) {
	v := newVenue(t)
	guess := func(code string) (int, string) {
		status, _, head := v.call("POST", "/api/v1/join", "", map[string]any{"code": code, "token": newToken(), "lang": "en", "name": ""})
		return status, head.Get("Retry-After")
	}
	for i := range 10 {
		if status, _ := guess(fmt.Sprintf("%06d", i)); status != 403 {
			t.Fatalf("guess %d: %d", i, status)
		}
	}
	if status, after := guess(code); status != 429 || after == "" {
		t.Errorf("the right code after ten wrong ones: %d, again after %q", status, after)
	}
	v.clock.add(61 * time.Second)
	if status, _ := guess(code); status != 201 {
		t.Errorf("a minute later: %d", status)
	}
}
