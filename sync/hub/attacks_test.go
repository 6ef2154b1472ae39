package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"folkmoot/assets/pagetest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// attack is something that must fail against the hub, and must work where just the one
// thing that stops it is taken out: so that the test shows what it is that stops it.
type attack struct {
	name string
	// without is the guard to take out; else the change.
	without guardName
	change  alter
	// status and code are what the attacker gets.
	status int
	code   string
	// try attacks, and says whether it did what it was after.
	try func(s *site) (said, bool)
}

func TestAttacks(t *testing.T) {
	for _, a := range slicesOf(callAttacks, codeAttacks, pathAttacks, bodyAttacks, floodAttacks, hostAttacks) {
		t.Run(a.name, func(t *testing.T) {
			got, done := a.try(newSite(t, "", alter{}))
			if done {
				t.Errorf("it works: %d %.300s", got.status, got.body)
			}
			if got.status != a.status || got.code != a.code {
				t.Errorf("answer %d %q, want %d %q: %.300s", got.status, got.code, a.status, a.code, got.body)
			}
			if got.status == http.StatusTooManyRequests && got.head.Get("Retry-After") == "" {
				t.Error("no word on when to try again")
			}
			if got, done := a.try(newSite(t, a.without, a.change)); !done {
				t.Errorf("without what should stop it it fails too: %d %.300s", got.status, got.body)
			}
		})
	}
}

func slicesOf(lists ...[]attack) (all []attack) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// gullible is a record to which every token is the same person's.
type gullible struct {
	Record
	views func() *moot.View
}

func (g gullible) Person(oplog.Hash) (moot.ParticipantID, bool) {
	for _, p := range g.views().People() {
		return p.ID, true
	}
	return moot.ParticipantID{}, false
}

// forgetful is a record that knows no device, and to which no item comes twice.
type forgetful struct {
	Record
	times *uint64
}

func (forgetful) Person(oplog.Hash) (moot.ParticipantID, bool) { return moot.ParticipantID{}, false }

func (f forgetful) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	*f.times++
	for i := range items {
		copy(items[i].CID[:], freshID(16))
		if p, ok := items[i].Payload.(*moot.SetPerson); ok {
			p.Rev += *f.times
		}
	}
	return f.Record.Admit(ctx, token, person, items...)
}

// lenient is a record that takes everything.
type lenient struct{ Record }

func (lenient) Do(_ context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	out := make([]moot.Outcome, len(items))
	for i := range out {
		out[i].Receipt = "taken"
	}
	return out, nil
}

func believes(r Record) Record { return gullible{r, r.View} }

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// taken says whether a call was answered as if nothing were wrong.
func taken(s said) (said, bool) { return s, s.status < 400 }

var callAttacks = []attack{
	{
		name: "a stranger's name leads here", without: guardHost, status: 421, code: "unknown_host",
		try: func(s *site) (said, bool) {
			return taken(s.call("GET", "/api/v1/wall", "", "", func(r *http.Request) { r.Host = "evil.example:8080" }))
		},
	},
	{
		name: "another site's page joins", without: guardOrigin, status: 403, code: "cross_origin",
		try: func(s *site) (said, bool) {
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), header("Origin", "http://evil.example"), header("Sec-Fetch-Site", "cross-site")))
		},
	},
	{
		name: "a call without a content type", without: guardType, status: 415, code: "not_json",
		try: func(s *site) (said, bool) {
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), func(r *http.Request) { r.Header.Del("Content-Type") }))
		},
	},
	{
		name: "a form's content type", without: guardType, status: 415, code: "not_json",
		try: func(s *site) (said, bool) {
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), header("Content-Type", "text/plain")))
		},
	},
	{
		name: "a token in a cookie", status: 401, code: "unknown_token",
		change: alter{lan: func(_ *Hub, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c, err := r.Cookie("token"); err == nil {
					r.Header.Set("Authorization", "Bearer "+c.Value)
				}
				next.ServeHTTP(w, r)
			})
		}},
		try: func(s *site) (said, bool) {
			token, id := s.join("")
			out := s.call("POST", "/api/v1/items", "", s.vote("agree", 1), header("Cookie", "token="+token))
			return out, s.votes(id) > 0
		},
	},
	{
		name: "a join once more with another name", status: 201,
		change: alter{record: func(r Record) Record { return forgetful{r, new(uint64)} }},
		try: func(s *site) (said, bool) {
			token, _ := s.join("Ada")
			out := s.call("POST", "/api/v1/join", "", joinBody(siteCode, token, "Mallory"))
			return out, s.record.View().People()[0].Get(moot.PersonName) == "Mallory" || s.record.View().PeopleCount() > 1
		},
	},
	{
		name: "a vote in another person's cell", status: 201,
		change: alter{record: believes},
		try: func(s *site) (said, bool) {
			_, victim := s.join("Ada")
			token := freshToken()
			s.call("POST", "/api/v1/join", "", joinBody(siteCode, token, "Mallory"))
			before := s.votes(victim)
			out := s.call("POST", "/api/v1/items", token, s.vote("disagree", 9))
			return out, s.votes(victim) != before
		},
	},
	{
		name: "a forged token", status: 401, code: "unknown_token",
		change: alter{record: believes},
		try: func(s *site) (said, bool) {
			_, victim := s.join("Ada")
			out := s.call("POST", "/api/v1/items", freshToken(), s.vote("disagree", 9))
			return out, s.votes(victim) > 0
		},
	},
	{
		name: "a revision that nobody can pass", status: 201,
		change: alter{record: func(r Record) Record { return lenient{r} }},
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			out := s.call("POST", "/api/v1/items", token, itemsBody(fmt.Sprintf(`vote %s %d "agree"`, s.statement, uint64(1)<<52)))
			return out, out.rows("saved") > 0
		},
	},
	{
		name: "an older answer over a newer one", status: 201,
		change: alter{record: func(r Record) Record { return lenient{r} }},
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			s.call("POST", "/api/v1/items", token, s.vote("agree", 10))
			out := s.call("POST", "/api/v1/items", token, s.vote("disagree", 9))
			return out, out.rows("saved") > 0
		},
	},
	{
		name: "a text that turns around", without: guardText, status: 201,
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			out := s.call("POST", "/api/v1/items", token, itemsBody(`statement  1 {"text":"Safe\u202egnp.exe \u0007\u200f","lang":"en"}`))
			return out, strings.ContainsAny(fmt.Sprint(s.record.View().Statements[1].Text), "\u202e\u0007\u200f")
		},
	},
}

var codeAttacks = []attack{
	{
		name: "codes guessed by one device", without: guardCodes, status: 429, code: "too_many_codes",
		try: func(s *site) (said, bool) {
			for i := range wrongPerAddress {
				s.call("POST", "/api/v1/join", "", joinBody(fmt.Sprintf("%06d", i), freshToken(), ""))
			}
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), "")))
		},
	},
	{
		name: "codes guessed from many addresses", without: guardCodes, status: 429, code: "too_many_codes",
		try: func(s *site) (said, bool) {
			from := func(i int) func(*http.Request) {
				return func(r *http.Request) { r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:4000", i/200, i%200+1) }
			}
			for i := range wrongPerHub {
				s.call("POST", "/api/v1/join", "", joinBody(fmt.Sprintf("%06d", i), freshToken(), ""), from(i))
			}
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), from(1000)))
		},
	},
	{
		name: "codes guessed from many addresses of one network", without: guardCodes, status: 429, code: "too_many_codes",
		try: func(s *site) (said, bool) {
			from := func(i int) func(*http.Request) {
				return func(r *http.Request) { r.RemoteAddr = fmt.Sprintf("[2001:db8::%x]:4000", i+1) }
			}
			for i := range wrongPerAddress {
				s.call("POST", "/api/v1/join", "", joinBody(fmt.Sprintf("%06d", i), freshToken(), ""), from(i))
			}
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), from(1000)))
		},
	},
	{
		name: "codes guessed at the wall", without: guardCodes, status: 200,
		try: func(s *site) (said, bool) {
			for i := range wrongPerAddress {
				s.call("GET", "/api/v1/wall", fmt.Sprintf("%06d", i), "")
			}
			out := s.call("GET", "/api/v1/wall", siteCode, "")
			return out, strings.Contains(out.body, siteCode)
		},
	},
}

var pathAttacks = func() (list []attack) {
	for name, path := range map[string]string{
		"the host's document by a hidden slash": "/app/host.html%2f.",
		"a file by climbing":                    "/app/x%2f..%2fpage.js",
		"a climb in the open":                   "/app/../app/page.js",
		"a climb in code":                       "/app/%2e%2e/page.js",
		"a doubled slash":                       "//wall",
		"a doubled slash within":                "/app//page.js",
		"a slash hidden in a code":              "/j/..%2f..%2fhost",
		"a backslash hidden in a code":          "/j/..%5c..%5chost",
		"a NUL":                                 "/j/%00",
		"a line break":                          "/j/1%0d%0aSet-Cookie:a=b",
	} {
		list = append(list, attack{name: name, without: guardPath, status: 404, code: "no_such_page",
			try: func(s *site) (said, bool) { return taken(s.call("GET", path, "", "")) }})
	}
	return list
}()

var bodyAttacks = []attack{
	{
		name: "a body of 1 MB", without: guardSize, status: 413, code: "too_big",
		try: func(s *site) (said, bool) {
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), "")+strings.Repeat(" ", 1<<20)))
		},
	},
	{
		name: "a body of 1 MB that does not say so", without: guardSize, status: 413, code: "too_big",
		try: func(s *site) (said, bool) {
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), "")+strings.Repeat(" ", 1<<20), func(r *http.Request) { r.ContentLength = -1 }))
		},
	},
	{
		name: "51 items", without: guardItems, status: 413, code: "too_many_items",
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			var items []string
			for i := range MaxItems + 1 {
				items = append(items, fmt.Sprintf(`vote %s %d "agree"`, s.statement, i+1))
			}
			return taken(s.call("POST", "/api/v1/items", token, itemsBody(items...)))
		},
	},
	{name: "nesting without end", without: guardShape, status: 400, code: "too_deep", try: valued(strings.Repeat("[", 9000) + strings.Repeat("]", 9000))},
	{name: "a number of ten thousand digits", without: guardShape, status: 400, code: "too_deep", try: valued(strings.Repeat("7", 10000))},
	{name: "a text of 60 KB", without: guardShape, status: 400, code: "too_deep", try: valued(`"` + strings.Repeat("a", 60000) + `"`)},
}

// valued sends an item with such a value: read at all, it is taken as far as a "no" of
// the record's rules.
func valued(value string) func(s *site) (said, bool) {
	return func(s *site) (said, bool) {
		token, _ := s.join("")
		return taken(s.call("POST", "/api/v1/items", token, itemsBody("person name 1 "+value)))
	}
}

var floodAttacks = []attack{
	{
		name: "items without end", without: guardRate, status: 429, code: "slow_down",
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			for i := range itemBurst {
				s.call("POST", "/api/v1/items", token, s.vote("agree", i+1))
			}
			return taken(s.call("POST", "/api/v1/items", token, s.vote("disagree", 1000)))
		},
	},
	{
		name: "statements without end", without: guardStatements, status: 201,
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			var items []string
			for i := range statementPerMinute + 1 {
				items = append(items, fmt.Sprintf(`statement  1 {"text":"Idea number %d","lang":"en"}`, i))
			}
			out := s.call("POST", "/api/v1/items", token, itemsBody(items...))
			return out, out.rows("saved") > statementPerMinute
		},
	},
	{
		name: "joins without end", without: guardJoins, status: 429, code: "busy",
		try: func(s *site) (said, bool) {
			var wait sync.WaitGroup
			var in atomic.Int64
			for range 8 {
				wait.Go(func() {
					for range joinBurst / 8 {
						if s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), "")).status == 201 {
							in.Add(1)
						}
					}
				})
			}
			wait.Wait()
			if in.Load() != joinBurst {
				s.t.Errorf("%d joined, want %d", in.Load(), joinBurst)
			}
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), "")))
		},
	},
	{
		name: "a device that asks without end", without: guardAsking, status: 429, code: "slow_down",
		try: func(s *site) (said, bool) {
			token, _ := s.join("")
			for range askBurst {
				s.call("GET", "/api/v1/state", token, "")
			}
			return taken(s.call("GET", "/api/v1/state", token, ""))
		},
	},
	{
		name: "a stranger who looks at the wall without end", without: guardAsking, status: 429, code: "slow_down",
		try: func(s *site) (said, bool) {
			for range wallBurst {
				s.call("GET", "/api/v1/wall", "", "")
			}
			if out := s.call("GET", "/api/v1/wall", siteCode, ""); out.status != 200 {
				s.t.Errorf("a wall with the digits is held up by it: %d", out.status)
			}
			return taken(s.call("GET", "/api/v1/wall", "", ""))
		},
	},
}

// onLAN mounts the host's handler where phones ask.
func onLAN(h *Hub, lan http.Handler) http.Handler {
	host := h.HostHandler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/host") {
			host.ServeHTTP(w, r)
			return
		}
		lan.ServeHTTP(w, r)
	})
}

var hostAttacks = func() (list []attack) {
	for _, ask := range []string{"GET /host", "GET /host/v1/state", "POST /host/v1/do"} {
		method, path, _ := strings.Cut(ask, " ")
		list = append(list, attack{name: ask + " on the LAN", status: 404, change: alter{lan: onLAN}, try: func(s *site) (said, bool) {
			return taken(s.call(method, path, "the-host", `{"act":"wall"}`))
		}})
	}
	wrong := func(change ...func(*http.Request)) func(s *site) (said, bool) {
		return func(s *site) (said, bool) {
			s.lan = s.host
			return taken(s.call("GET", "/host/v1/state", "guess", "", change...))
		}
	}
	return append(list,
		attack{name: "the host's page without its token", status: 401, code: "host_only", change: alter{token: "-"}, try: wrong()},
		attack{name: "the host's page by a stranger's name", without: guardHost, status: 421, code: "unknown_host", try: func(s *site) (said, bool) {
			s.lan = s.host
			return taken(s.call("GET", "/host/v1/state", "the-host", "", func(r *http.Request) { r.Host = "evil.example" }))
		}},
		attack{name: "the host's wall read by a page of the session's other address", status: 200,
			change: alter{host: func(h *Hub) http.Handler { return h.guard(true, http.HandlerFunc(h.hostWall)) }},
			try: func(s *site) (said, bool) {
				s.lan = s.host
				out := s.call("GET", "/api/v1/wall", "", "", header("Origin", "http://192.168.7.7:8080"), func(r *http.Request) { r.Host = "127.0.0.1:4000" })
				return out, out.head.Get("Access-Control-Allow-Origin") != ""
			}})
}()

// Every guard of the list and every limit of the handlers stops an attack: none is there
// that no test would miss.
func TestEveryGuardIsAttacked(t *testing.T) {
	attacked := map[guardName]bool{guardStreams: true, guardReader: true} // in TestStreamFlood, TestReaderThatNeverReads
	for _, a := range slicesOf(callAttacks, codeAttacks, pathAttacks, bodyAttacks, floodAttacks, hostAttacks) {
		attacked[a.without] = true
	}
	for _, name := range []guardName{guardHost, guardPath, guardOrigin, guardType, guardSize, guardRate, guardShape,
		guardItems, guardStatements, guardJoins, guardCodes, guardAsking, guardStreams, guardReader, guardText} {
		if !attacked[name] {
			t.Errorf("nothing attacks %q", name)
		}
	}
	for _, g := range (&Hub{}).guards(true) {
		if !attacked[g.name] {
			t.Errorf("nothing attacks %q", g.name)
		}
	}
}

// A room behind one address votes as it likes.
func TestNoLimitPerAddress(t *testing.T) {
	s := newSite(t, "", alter{})
	for i := range 30 {
		token, _ := s.join("")
		for j := range itemBurst {
			if out := s.call("POST", "/api/v1/items", token, s.vote("agree", j+1)); out.status != http.StatusCreated {
				t.Fatalf("device %d, vote %d of one address: %d %s", i, j, out.status, out.body)
			}
		}
	}
}

// A full disk is said as such; anything else that went wrong is "again".
func TestFullDisk(t *testing.T) {
	full := errors.New("no room")
	for err, want := range map[error]said{full: {status: 507, code: "full"}, errors.New("other"): {status: 503, code: "again"}} {
		s := newSite(t, "", alter{})
		token, _ := s.join("")
		s.hub.record = failing{s.record, err}
		s.hub.options.Full = func(err error) bool { return errors.Is(err, full) }
		out := s.call("POST", "/api/v1/items", token, s.vote("agree", 1))
		if out.status != want.status || out.code != want.code || out.head.Get("Retry-After") == "" {
			t.Errorf("%v: %d %s", err, out.status, out.body)
		}
	}
}

type failing struct {
	Record
	err error
}

func (f failing) Do(context.Context, ...moot.Item) ([]moot.Outcome, error) { return nil, f.err }

// The pretend hub, on which the pages are tested, has the same policy.
func TestPolicyOfTheTests(t *testing.T) {
	if contentPolicy != pagetest.Policy {
		t.Errorf("the pages are tested under %q, and served under %q", pagetest.Policy, contentPolicy)
	}
}

func TestModest(t *testing.T) {
	for text, want := range map[string]bool{
		`{"items":[{"cid":"a","value":{"text":"x \" [[[[[[[[[[","lang":"en"}}],"waiting":0}`: true,
		`[[[[[[[[]]]]]]]]`:                     true,
		`[[[[[[[[[]]]]]]]]]`:                   false,
		strings.Repeat(`[],`, 1000):            true,
		strings.Repeat("1", maxNumber):         true,
		strings.Repeat("1", maxNumber+1):       false,
		"[1,2," + strings.Repeat("3, ", 100):   true,
		`"` + strings.Repeat("a", maxString+2): false,
		`"\`:                                   true, // the decoder's part
	} {
		if got := modest([]byte(text)); got != want {
			t.Errorf("%.60s: %t, want %t", text, got, want)
		}
	}
	if whole, err := json.Marshal(itemDoc{}); err != nil || !modest(whole) {
		t.Errorf("an item of our own: %v", err)
	}
}
