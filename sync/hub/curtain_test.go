package hub_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"folkmoot/sync/moot"
)

// spoken is everything that a hub answers, streams too.
type spoken struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// forget starts anew.
func (s *spoken) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Reset()
}

// of gives a handler whose answers are taken down, in the clear.
func (s *spoken) of(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		next.ServeHTTP(&listening{w, s}, r)
	})
}

type listening struct {
	http.ResponseWriter
	to *spoken
}

func (l *listening) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *listening) Write(p []byte) (int, error) {
	l.to.mu.Lock()
	l.to.text.Write(p)
	l.to.mu.Unlock()
	return l.ResponseWriter.Write(p)
}

// holdings gives everything that a page shows, keeps, and can reach from its window.
const holdings = `async () => {
	const out = [location.href, document.title, document.cookie, document.documentElement.outerHTML, JSON.stringify(history.state),
		...performance.getEntries().map(e => e.name)];
	for (const storage of [localStorage, sessionStorage]) for (let i = 0; i < storage.length; i++) out.push(storage.key(i), storage.getItem(storage.key(i)));
	for (const { name } of await indexedDB.databases()) {
		const base = await new Promise((good, bad) => { const q = indexedDB.open(name); q.onsuccess = () => good(q.result); q.onerror = () => bad(q.error) });
		for (const shelf of base.objectStoreNames) out.push(JSON.stringify(await new Promise((good, bad) => {
			const q = base.transaction(shelf, "readonly").objectStore(shelf).getAll(); q.onsuccess = () => good(q.result); q.onerror = () => bad(q.error) })));
		base.close();
	}
	const seen = new Set(), next = [window, document, ...document.querySelectorAll("*")];
	const meet = (value, name) => {
		if (typeof value === "string" || typeof value === "number") out.push(JSON.stringify(name) + ":" + JSON.stringify(value));
		else if (value && (typeof value === "object" || typeof value === "function")) next.push(value);
	};
	while (next.length > 0 && seen.size < 500000) {
		const one = next.pop();
		if (seen.has(one)) continue;
		seen.add(one);
		if (one instanceof Map || one instanceof Set) one.forEach((value, key) => { meet(key, ""); meet(value, String(key)) });
		for (const name of Reflect.ownKeys(one)) {
			let value;
			try { value = one[name] } catch { continue }
			if (typeof name === "string") out.push(name);
			meet(value, String(name));
		}
	}
	if (next.length > 0) throw new Error("more than can be looked at");
	return out.join("\n");
}`

// earlier is what must not be found of a person once the device was passed on.
type earlier map[string]*regexp.Regexp

func exactly(text string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[^0-9a-zA-Z])` + regexp.QuoteMeta(text) + `($|[^0-9a-zA-Z])`)
}

// found gives the names of what is in a text.
func (e earlier) found(text string) (names []string) {
	for name, sign := range e {
		if at := sign.FindStringIndex(text); at != nil {
			names = append(names, name+" in …"+text[max(0, at[0]-60):min(len(text), at[1]+20)]+"…")
		}
	}
	return names
}

// earlier gives what a page and its hub know of the person who holds the device.
func (s *station) earlier(p *page, name, statement string) earlier {
	s.t.Helper()
	var identity struct{ Token string }
	if err := json.Unmarshal([]byte(p.text(`() => localStorage.getItem("folkmoot.identity")`)), &identity); err != nil || identity.Token == "" {
		s.t.Fatalf("no identity: %v", err)
	}
	people := s.replica.View().People()
	if len(people) != 1 {
		s.t.Fatalf("%d people, want 1", len(people))
	}
	return earlier{
		"the token": exactly(identity.Token), "the id": exactly(people[0].ID.String()), "the number": exactly(strconv.Itoa(people[0].Number())),
		"the name": exactly(name), "the statement": exactly(statement), "a vote": regexp.MustCompile(`"value":"disagree"`),
	}
}

// write sends a statement and goes back to the votes.
func (p *page) write(text string) {
	p.t.Helper()
	p.press("Write a statement")
	p.fill("#statement", text)
	p.press("Send")
	p.nothingWaits()
	p.press("Back to answering")
	p.screen("vote")
}

func (p *page) fill(field, text string) {
	p.t.Helper()
	p.until("the field "+field, `(field, text) => {
		const input = document.querySelector(field);
		if (!input) return false;
		const type = Object.getPrototypeOf(input);
		Object.getOwnPropertyDescriptor(type, "value").set.call(input, text);
		input.dispatchEvent(new Event("input", { bubbles: true }));
		return true;
	}`, field, text)
}

// Once a device was passed on, nothing that the person before answered is in the page,
// in what it keeps or can reach, or in anything that the hub says to the next person;
// nor after the page is opened again, and after it went to another hub.
func TestCurtain(t *testing.T) {
	t.Parallel()
	here, there := newFront(t), newFront(t)
	a, b := newStation(t, here, 71), newStation(t, there, 73)
	said := &spoken{}
	for _, s := range []*station{a, b} {
		s.front.server.Handler = said.of(s.front.handler)
	}
	a.prepare([]*moot.SetField{{Field: moot.Moderated, Value: "on", Rev: 1}}, here.url(), there.url())
	a.meet(&b.venue)
	const name, statement = "Wilhelmina Quartz", "The curtain should hide this sentence of mine"
	p := newPage(t)
	p.must(p.Navigate(a.url() + "/j/" + code))
	p.screen("notice")
	p.until("the name", `() => { const go = document.querySelector("main button.filled"); if (go && !document.querySelector("#name")) go.click(); return !!document.querySelector("#name") }`)
	p.fill("#name", name)
	p.through()
	for range 3 {
		p.vote("Disagree")
	}
	p.write(statement)
	a.hasVotes(3)
	p.nothingWaits()
	secrets := a.earlier(p, name, statement)
	if found := secrets.found(p.text(holdings)); len(found) != len(secrets) {
		t.Fatalf("before the curtain only %q are found of %d: this would show nothing", found, len(secrets))
	}
	if !regexp.MustCompile(`"remembers":"[0-9a-f]{64}"`).MatchString(p.text(holdings)) {
		t.Fatal("what the page has in memory only is not found: this would show nothing")
	}
	if found := secrets.found(said.String()); len(found) < 5 { // a hub says no token
		t.Fatalf("the hub said only %q", found)
	}
	nothing := func(when string) {
		t.Helper()
		if found := secrets.found(p.text(holdings)); len(found) > 0 {
			t.Errorf("%s the page has %q", when, found)
		}
		if found := secrets.found(said.String()); len(found) > 0 {
			t.Errorf("%s the hub said %q", when, found)
		}
	}
	p.passOn()
	said.forget()
	nothing("behind the curtain")
	p.press("I am the next person")
	p.screen("notice")
	p.through()
	for range 4 {
		p.vote("Agree")
	}
	a.hasVotes(7)
	p.nothingWaits()
	nothing("with the next person")
	p.must(p.Reload())
	p.screen("vote")
	p.vote("Agree")
	a.hasVotes(8)
	p.nothingWaits()
	nothing("opened again")
	a.meet(&b.venue)
	a.kill()
	p.vote("Agree")
	b.hasVotes(9)
	p.nothingWaits()
	nothing("at the other hub")
	if !strings.Contains(said.String(), `"value":"agree"`) {
		t.Error("the hub said nothing of the next person either: this shows nothing")
	}
}
