package hub

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"folkmoot/sync/moot"
)

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
		without: guardJoined, change: alter{record: func(r Record) Record { return forgetful{r, new(uint64)} }},
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
			return taken(s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), from(7)))
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
	{
		name: "a stranger who opens the wall's stream without end", without: guardAsking, status: 429, code: "slow_down",
		try: func(s *site) (said, bool) {
			for range wallBurst {
				s.call("GET", "/api/v1/wall/live", "", "", over)
			}
			if out := s.call("GET", "/api/v1/wall/live", siteCode, "", over); out.status != 200 {
				s.t.Errorf("a wall with the digits is held up by it: %d", out.status)
			}
			return taken(s.call("GET", "/api/v1/wall/live", "", "", over))
		},
	},
	{
		name: "strangers who keep all streams of walls", without: guardStreams, status: 503, code: "streams",
		try: func(s *site) (said, bool) {
			for s.hub.limits.openWall(false) {
			}
			for range kept {
				if out := s.call("GET", "/api/v1/wall/live", siteCode, "", over); out.status != 200 {
					s.t.Errorf("a wall with the digits is held up by it: %d", out.status)
				}
				s.hub.limits.openWall(true)
			}
			if s.hub.limits.openWall(true) {
				s.t.Error("there is no end of walls")
			}
			return taken(s.call("GET", "/api/v1/wall/live", "", "", over))
		},
	},
}

// over ends a call as soon as it was answered: a stream sends one document.
func over(r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	cancel()
	*r = *r.WithContext(ctx)
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
			s.name = "127.0.0.1:8080" // as whoever is on the LAN may say
			return taken(s.call(method, path, "the-host", `{"act":"wall"}`))
		}})
	}
	wrong := func(change ...func(*http.Request)) func(s *site) (said, bool) {
		return func(s *site) (said, bool) {
			s.asHost()
			return taken(s.call("GET", "/host/v1/state", "guess", "", change...))
		}
	}
	for _, name := range []string{"evil.example", "evil.local", "192.168.7.7:8080", "127.0.0.1.evil.example"} {
		for _, path := range []string{"/host/v1/state", "/api/v1/wall", "/api/v1/wall/live"} {
			list = append(list, attack{name: "the host's " + path + " by the name " + name, without: guardHost, status: 421, code: "unknown_host", try: func(s *site) (said, bool) {
				s.asHost()
				s.name = name
				return taken(s.call("GET", path, "the-host", "", over))
			}})
		}
	}
	return append(list,
		attack{name: "the host's page without its token", status: 401, code: "host_only", change: alter{token: "-"}, try: wrong()},
		attack{name: "the host's wall read by a page of the session's other address", status: 200,
			change: alter{host: func(h *Hub) http.Handler { return h.guard(true, http.HandlerFunc(h.hostWall)) }},
			try: func(s *site) (said, bool) {
				s.asHost()
				out := s.call("GET", "/api/v1/wall", "", "", header("Origin", "http://192.168.7.7:8080"))
				return out, out.head.Get("Access-Control-Allow-Origin") != ""
			}})
}()
