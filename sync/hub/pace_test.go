package hub

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// watched says whether a body was read.
type watched struct {
	io.Reader
	read bool
}

func (b *watched) Read(p []byte) (int, error) {
	b.read = true
	return b.Reader.Read(p)
}

// Calls that say nothing good cost as much as good ones; over the limit they are not
// read, and so are those of whom nobody knows.
func TestBadCallsCostToo(t *testing.T) {
	many := `{"items":[` + strings.Repeat(`{},`, MaxItems) + `{}]}`
	for name, body := range map[string]string{"no JSON": "hello", "51 items": many, "nested": strings.Repeat("[", 9000)} {
		for _, without := range []guardName{"", guardRate} {
			s := newSite(t, without, alter{})
			token, _ := s.join("")
			for range itemBurst {
				s.call("POST", "/api/v1/items", token, body)
			}
			sent := &watched{Reader: strings.NewReader(body)}
			out := s.call("POST", "/api/v1/items", token, "", func(r *http.Request) { r.Body = io.NopCloser(sent) })
			if limited := without == ""; (out.status == http.StatusTooManyRequests) != limited || sent.read == limited {
				t.Errorf("%s without %q: %d, read %t", name, without, out.status, sent.read)
			}
		}
	}
}

func TestUnknownTokensAreNotRead(t *testing.T) {
	for without, want := range map[guardName]bool{"": false, guardRate: true} {
		s := newSite(t, without, alter{})
		for _, scheme := range []string{"Bearer %s", "Badge %s e 1 m"} {
			sent := &watched{Reader: strings.NewReader(s.vote("agree", 1))}
			out := s.call("POST", "/api/v1/items", "", "", func(r *http.Request) {
				r.Body = io.NopCloser(sent)
				r.Header.Set("Authorization", fmt.Sprintf(scheme, freshToken()))
			})
			if out.status != http.StatusUnauthorized || out.code != "unknown_token" || sent.read != want {
				t.Errorf("without %q: %d %q, read %t, want %t", without, out.status, out.code, sent.read, want)
			}
		}
	}
}

// A call of 50 items after one of none waits for as long as it takes, and is taken then.
func TestWaitIsEnough(t *testing.T) {
	s := newSite(t, "", alter{})
	token, _ := s.join("")
	many := func() string {
		var items []string
		for i := range MaxItems {
			items = append(items, fmt.Sprintf(`vote %s %d "agree"`, s.statement, i+1))
		}
		return itemsBody(items...)
	}
	s.call("POST", "/api/v1/items", token, `{"items":[],"waiting":50}`)
	out := s.call("POST", "/api/v1/items", token, many())
	after, err := time.ParseDuration(out.head.Get("Retry-After") + "s")
	if out.status != http.StatusTooManyRequests || err != nil {
		t.Fatalf("51 items: %d %v", out.status, err)
	}
	s.setNow(s.at().Add(after))
	if out := s.call("POST", "/api/v1/items", token, many()); out.status != http.StatusCreated {
		t.Errorf("after %v: %d %s", after, out.status, out.body)
	}
}

// A scanned badge's calls have the same limit. Who heard its token and cannot sign uses
// up nothing of it.
func TestScannedBadgeHasALimit(t *testing.T) {
	for without, want := range map[guardName]int{"": http.StatusTooManyRequests, guardRate: http.StatusUnauthorized} {
		s := newScene(t, 4, nil, nil)
		now := time.Now()
		s.hub.limits.now = func() time.Time { return now }
		s.hub.without = without
		p := s.joined(12)
		send := func(c heard, from string) int {
			r := httptest.NewRequest(c.method, "http://192.168.7.7:8080"+c.path, strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", c.authorization)
			r.RemoteAddr = from
			w := httptest.NewRecorder()
			s.hub.Handler().ServeHTTP(w, r)
			return w.Code
		}
		for range itemBurst {
			c := p.vote("agree")
			c.authorization = c.authorization[:len(c.authorization)-64] + strings.Repeat("0", 64)
			if got := send(c, "10.0.0.66:1"); got != http.StatusUnauthorized {
				t.Fatalf("a forged call: %d", got)
			}
		}
		forged := p.vote("agree")
		forged.authorization += "0"
		if got := send(forged, "10.0.0.66:1"); got != want {
			t.Errorf("without %q: forged calls without end: %d, want %d", without, got, want)
		}
		for i := range itemBurst {
			if got := send(p.vote("agree"), "10.0.0.5:1"); got != http.StatusCreated {
				t.Fatalf("without %q: vote %d of the badge's own phone: %d", without, i, got)
			}
		}
		if got := send(p.vote("agree"), "10.0.0.6:1"); without == "" && got != http.StatusTooManyRequests {
			t.Errorf("votes without end: %d", got)
		}
	}
}
