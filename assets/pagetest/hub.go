// Package pagetest is a pretend hub for the pages: it speaks the hub's HTTP
// interface with made-up content and can be told to be late, away or strict.
//
// Start with New, then Change its state; Items tells what the pages sent.
//
// A State is the JSON of one person's view, as the interface words it.
//
// A Hub may be used from several goroutines.
//
// What will bite: nothing is kept on disk and every token is the same person.
package pagetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"folkmoot/assets"
)

// JSON is an object as it goes over the line.
type JSON = map[string]any

// Policy is the content security policy that the hub sends.
const Policy = "default-src 'self'; connect-src 'self' http:; img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Code is the code that lets people in, and HostToken the facilitator's.
const (
	Code      = "482163"
	HostToken = "host-token"
)

// Hub is a pretend hub on a loopback port.
type Hub struct {
	URL string

	server *httptest.Server
	mu     sync.Mutex
	state  JSON
	wall   JSON
	host   JSON
	items  []JSON
	acts   []JSON
	answer func(item JSON) JSON
	next   []string
	polls  int
	away   bool
	silent bool
	known  bool
	other  bool // another session answers
	full   bool // no more streams
	proxy  Proxy
	opened int
	busy   int // joins that have to wait
	change chan struct{}
	tokens []string
}

// New starts a hub with the sample session in the step of opinions. Close it.
func New() *Hub {
	hub := &Hub{state: sampleState(), known: true, change: make(chan struct{})}
	hub.wall = sampleWall(hub.state)
	hub.host = sampleHost(hub.wall)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", document(assets.Page))
	mux.HandleFunc("GET /j/{code}", document(assets.Page))
	mux.HandleFunc("GET /wall", document(assets.Wall))
	mux.HandleFunc("GET /host", document(assets.Host))
	mux.Handle("GET /app/", http.StripPrefix("/app/", http.FileServerFS(scripts())))
	mux.HandleFunc("POST /api/v1/join", hub.api(hub.join))
	mux.HandleFunc("POST /api/v1/items", hub.api(hub.take))
	mux.HandleFunc("GET /api/v1/state", hub.api(hub.tell(&hub.state)))
	mux.HandleFunc("GET /api/v1/live", hub.api(hub.live(func() any { return beginning(hub.state) })))
	mux.HandleFunc("GET /api/v1/alive", hub.api(hub.alive))
	mux.HandleFunc("GET /api/v1/wall", hub.api(hub.tellWall))
	mux.HandleFunc("GET /api/v1/wall/live", hub.api(func(w http.ResponseWriter, r *http.Request) { hub.live(func() any { return hub.wallFor(r) })(w, r) }))
	mux.HandleFunc("GET /host/v1/state", hub.api(hub.tell(&hub.host)))
	mux.HandleFunc("GET /host/v1/live", hub.api(hub.live(func() any { return beginning(hub.host) })))
	mux.HandleFunc("POST /host/v1/do", hub.api(hub.do))
	hub.server = httptest.NewServer(secure(mux))
	hub.URL = hub.server.URL
	return hub
}

// Close ends the hub and what is connected to it.
func (h *Hub) Close() {
	h.server.CloseClientConnections()
	h.server.Close()
}

// Change changes what the hub tells: a person's state, the wall and the
// facilitator's state. Everybody connected hears of it.
func (h *Hub) Change(act func(state, wall, host JSON)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	act(h.state, h.wall, h.host)
	h.renew()
}

// Away makes the interface vanish while the documents are still served, as if
// the page came from the browser's cache.
func (h *Hub) Away(away bool) {
	h.mu.Lock()
	h.away = away
	h.renew()
	h.mu.Unlock()
	if away {
		h.server.CloseClientConnections()
	}
}

// Silent makes the live streams open without sending a byte.
func (h *Hub) Silent(silent bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.silent = silent
}

// Forget makes the hub refuse every token, and to let one in again that it knew.
func (h *Hub) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = false
	h.renew()
}

// Other makes another session answer at the address, which knows nobody of this one.
func (h *Hub) Other(other bool) {
	h.mu.Lock()
	h.other = other
	h.renew()
	h.mu.Unlock()
	h.server.CloseClientConnections()
}

// Full makes the hub refuse live streams.
func (h *Hub) Full(full bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.full = full
}

// Proxy is what something between a page and the hub does to live streams.
type Proxy int

// The proxies: none, one that answers itself, one that ends each after its first event.
const (
	Clear Proxy = iota
	Refuses
	Cuts
)

// Through puts a proxy between the pages and the hub.
func (h *Hub) Through(proxy Proxy) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.proxy = proxy
}

// Streams gives how many live streams were asked for.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.opened
}

// Busy lets the next joins wait a second.
func (h *Hub) Busy(joins int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy = joins
}

// Answer sets what is said about each item: an object with "rev" and "value" for a
// stale one, with "reason" for a refused, with "late" for one that was kept and not
// counted; nil for saved.
func (h *Hub) Answer(answer func(item JSON) JSON) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

// Next sets the order that comes with receipts. From then on votes leave the version of
// the state as it is, so that pages learn of the order in no other way.
func (h *Hub) Next(order ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next = order
}

// Items gives the items received so far, each with the token it came under.
func (h *Hub) Items() []JSON {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]JSON(nil), h.items...)
}

// Acts gives what the facilitator did so far.
func (h *Hub) Acts() []JSON {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]JSON(nil), h.acts...)
}

// Wait returns once ready gives true, which it asks now and after every change;
// false when ctx ends before.
func (h *Hub) Wait(ctx context.Context, ready func() bool) bool {
	for {
		h.mu.Lock()
		change := h.change
		h.mu.Unlock()
		if ready() {
			return true
		}
		select {
		case <-change:
		case <-ctx.Done():
			return false
		}
	}
}

// Polls gives how often a state was asked for.
func (h *Hub) Polls() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.polls
}

// Tokens gives the tokens that joined, in order.
func (h *Hub) Tokens() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.tokens...)
}

func (h *Hub) renew() {
	for _, told := range []JSON{h.state, h.wall, h.host} {
		told["version"] = told["version"].(int) + 1
		told["now"] = now()
	}
	h.notify()
}

func (h *Hub) notify() {
	close(h.change)
	h.change = make(chan struct{})
}

func (h *Hub) join(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Code, Token, Lang, Name string }
	if !read(w, r, &asked) {
		return
	}
	if h.busy > 0 {
		h.busy--
		w.Header().Set("Retry-After", "1")
		fail(w, http.StatusTooManyRequests, "busy")
		return
	}
	if asked.Code != Code || !h.known && slices.Contains(h.tokens, asked.Token) {
		fail(w, http.StatusForbidden, "wrong_code")
		return
	}
	h.known = true
	h.tokens = append(h.tokens, asked.Token)
	me := h.state["me"].(JSON)
	session := h.state["session"].(JSON)
	reply(w, http.StatusCreated, JSON{"session": session["id"], "person": JSON{"id": me["id"], "number": me["number"], "word": me["word"], "name": ""}})
}

func (h *Hub) take(w http.ResponseWriter, r *http.Request) {
	if !h.allowed(w, r) {
		return
	}
	var sent struct {
		Items   []JSON
		Waiting int
	}
	if !read(w, r, &sent) {
		return
	}
	saved, stale, refused := []JSON{}, []JSON{}, []JSON{}
	for _, item := range sent.Items {
		item["token"] = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		h.items = append(h.items, item)
		verdict := JSON(nil)
		if h.answer != nil {
			verdict = h.answer(item)
		}
		switch {
		case verdict["rev"] != nil:
			stale = append(stale, with(verdict, "cid", item["cid"]))
		case verdict["late"] != nil:
			saved = append(saved, JSON{"cid": item["cid"], "receipt": fmt.Sprint(len(h.items)), "late": true})
		case verdict["reason"] != nil:
			refused = append(refused, with(verdict, "cid", item["cid"]))
		default:
			h.apply(item)
			saved = append(saved, JSON{"cid": item["cid"], "receipt": fmt.Sprint(len(h.items))})
		}
	}
	told := JSON{"session": h.state["session"].(JSON)["id"], "saved": saved, "stale": stale, "refused": refused}
	if h.next == nil {
		h.renew()
	} else {
		told["order"] = h.next
		h.notify()
	}
	reply(w, http.StatusCreated, told)
}

func (h *Hub) apply(item JSON) {
	me := h.state["me"].(JSON)
	cell := JSON{"value": item["value"], "rev": item["rev"]}
	switch item["kind"] {
	case "vote":
		me["votes"].(JSON)[item["key"].(string)] = cell
	case "answer":
		me["answers"].(JSON)[item["key"].(string)] = cell
	case "statement":
		text := item["value"].(JSON)["text"]
		me["statements"] = append(me["statements"].([]JSON), JSON{"id": item["cid"], "text": text, "state": "pending", "reason": ""})
	}
}

func (h *Hub) do(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+HostToken {
		fail(w, http.StatusUnauthorized, "unknown_token")
		return
	}
	act := JSON{}
	if !read(w, r, &act) {
		return
	}
	h.acts = append(h.acts, act)
	if act["act"] == "show" {
		h.host["shown"].(JSON)[act["what"].(string)] = act["on"]
	}
	if act["act"] == "wall" {
		h.host["mode"], h.wall["mode"] = act["mode"], act["mode"]
	}
	h.renew()
	reply(w, http.StatusOK, JSON{"ok": true})
}

func (h *Hub) tell(told *JSON) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if told == &h.state && !h.allowed(w, r) {
			return
		}
		if told == &h.host && r.Header.Get("Authorization") != "Bearer "+HostToken {
			fail(w, http.StatusUnauthorized, "unknown_token")
			return
		}
		h.polls++
		if r.URL.Query().Get("since") == fmt.Sprint((*told)["version"]) {
			reply(w, http.StatusOK, JSON{"version": (*told)["version"], "unchanged": true, "now": now()})
			return
		}
		(*told)["now"] = now()
		reply(w, http.StatusOK, *told)
	}
}

func (h *Hub) tellWall(w http.ResponseWriter, r *http.Request) {
	h.wall["now"] = now()
	reply(w, http.StatusOK, h.wallFor(r))
}

// wallFor tells how to join only to a wall that knows the digits.
func (h *Hub) wallFor(r *http.Request) JSON {
	if r.Header.Get("Authorization") == "Bearer "+Code && !h.other {
		return h.wall
	}
	closed := maps.Clone(h.wall)
	if h.other {
		closed["session"] = fmt.Sprintf("%032x", 99)
	}
	closed["join"] = with(maps.Clone(h.wall["join"].(JSON)), "code", "")
	closed["join"].(JSON)["qr"] = JSON{"size": 0, "path": ""}
	return closed
}

func (h *Hub) alive(w http.ResponseWriter, _ *http.Request) {
	session := h.state["session"].(JSON)
	if h.other {
		reply(w, http.StatusOK, JSON{"session": fmt.Sprintf("%032x", 99), "emblem": "水獺-3c", "now": now(), "title": "T"})
		return
	}
	reply(w, http.StatusOK, JSON{"session": session["id"], "emblem": session["emblem"], "now": now(), "title": session["title"]})
}

func (h *Hub) allowed(w http.ResponseWriter, r *http.Request) bool {
	if !h.known || h.other || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		fail(w, http.StatusUnauthorized, "unknown_token")
		return false
	}
	return true
}

// live streams a value at connect and after every change. It is called with
// the lock held, and gives it up while it waits.
func (h *Hub) live(value func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "wall") && !strings.Contains(r.URL.Path, "host") && !h.allowed(w, r) {
			return
		}
		if h.full {
			fail(w, http.StatusServiceUnavailable, "streams")
			return
		}
		h.opened++
		if h.proxy == Refuses {
			http.Error(w, "<h1>502 Bad Gateway</h1>", http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		for !h.away {
			if !h.silent {
				data, _ := json.Marshal(value())
				fmt.Fprintf(w, ": beat\n\nevent: state\ndata: %s\n\n", data)
			}
			http.NewResponseController(w).Flush()
			if h.proxy == Cuts {
				return
			}
			change := h.change
			h.mu.Unlock()
			select {
			case <-change:
			case <-r.Context().Done():
				h.mu.Lock()
				return
			}
			h.mu.Lock()
		}
	}
}

// api wraps a call: under the lock, and without an answer while the hub is away.
func (h *Hub) api(call http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.away {
			panic(http.ErrAbortHandler)
		}
		call(w, r)
	}
}

func beginning(told JSON) JSON {
	return JSON{"version": told["version"], "now": now(), "step": told["step"], "counts": told["counts"], "hubs": told["hubs"]}
}

func document(page func() []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page())
	}
}

func scripts() fs.FS { return assets.App() }

// secure sends the hub's headers, and lets the pages of other hubs in.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Get("Origin"); origin != "" {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		w.Header().Set("Content-Security-Policy", Policy)
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(r.Body).Decode(into) != nil {
		fail(w, http.StatusBadRequest, "bad_request")
		return false
	}
	return true
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, code string) {
	reply(w, status, JSON{"error": JSON{"code": code, "text": "The pretend hub says no."}})
}

func with(object JSON, name string, value any) JSON {
	object[name] = value
	return object
}

func now() int64 { return time.Now().UnixMilli() }
