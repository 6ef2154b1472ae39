package pagetest_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"folkmoot/assets/pagetest"
)

// watchScripts is what a script of somebody else's would find: hit says that it ran.
const watchScripts = `window.hits = []; window.hit = () => { hits.push("ran") };
document.addEventListener("securitypolicyviolation", e => hits.push(e.violatedDirective + " " + e.blockedURI));`

// planted finds what somebody else's text has put into the document.
const planted = `() => [...document.querySelectorAll("script:not([src^='/app/']), img[src='x'], svg[onload], iframe, [onerror], [onload], a[href^='javascript']")].map(e => e.outerHTML.slice(0, 80)).concat(window.hits)`

// readable gives all that a person could read, in fields too.
const readable = `() => document.title + document.body.innerText + [...document.querySelectorAll("input, textarea")].map(f => f.value + f.placeholder).join() + [...document.querySelectorAll("[aria-label]")].map(e => e.getAttribute("aria-label")).join()`

// complaints gives what the browser complained of from now on, but for the network,
// which some screens are about.
func (p *phone) complaints() func() []string {
	p.t.Helper()
	var mu sync.Mutex
	var said []string
	add := func(text string) { mu.Lock(); defer mu.Unlock(); said = append(said, text) }
	p.must(proto.RuntimeEnable{}.Call(p.Page))
	p.must(proto.LogEnable{}.Call(p.Page))
	go p.EachEvent(func(e *proto.RuntimeExceptionThrown) { add("exception: " + e.ExceptionDetails.Text) },
		func(e *proto.RuntimeConsoleAPICalled) {
			if e.Type == proto.RuntimeConsoleAPICalledTypeError {
				add("console error")
			}
		}, func(e *proto.LogEntryAdded) {
			if e.Entry.Level == proto.LogLogEntryLevelError && e.Entry.Source != proto.LogLogEntrySourceNetwork {
				add(e.Entry.Text)
			}
		})()
	return func() []string { mu.Lock(); defer mu.Unlock(); return append([]string(nil), said...) }
}

// Every text that people typed is hostile: on every screen of every page it is a text,
// and nothing of it runs.
func TestHostileTexts(t *testing.T) {
	var mu sync.Mutex
	read := map[string]bool{}
	t.Run("screens", func(t *testing.T) {
		for kind, screens := range map[string][]screen{"page": pageScreens(), "wall": wallScreens(), "host": hostScreens()} {
			for _, one := range screens {
				t.Run(one.name, func(t *testing.T) {
					t.Parallel()
					shape := laptop
					if kind == "page" {
						shape = tablet
					}
					p := newPhone(t, shape)
					_, err := p.EvalOnNewDocument(watchScripts)
					p.must(err)
					complaints := p.complaints()
					if one.hub != nil {
						p.hub.Change(one.hub)
					}
					p.hub.Change(func(state, wall, host object) {
						state["me"].(object)["statements"] = []object{{"id": pagetest.ID(40), "text": "t", "state": "hidden", "reason": "r"}}
						for _, told := range []object{state, wall, host} {
							pagetest.Poison(told)
						}
					})
					reach(p, one)
					p.run(`() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))`)
					var found []string
					p.must(json.Unmarshal([]byte(p.run(planted)), &found))
					for _, thing := range append(found, complaints()...) {
						t.Errorf("%s", thing)
					}
					var text string
					p.must(json.Unmarshal([]byte(p.run(readable)), &text))
					mu.Lock()
					defer mu.Unlock()
					for _, part := range strings.Split(text, "⟪")[1:] {
						field, rest, _ := strings.Cut(part, "⟫")
						read[kind+" "+field] = read[kind+" "+field] || strings.HasPrefix(rest, `"'><script>hit()</script><img src=x`)
					}
				})
			}
		}
	})
	for _, want := range []string{"page title", "page about", "page notice", "page contact", "page licence", "page practice", "page text", "page low", "page high",
		"page name", "page question", "page reason", "wall title", "wall text", "wall wifi", "host title", "host text", "host name", "host about", "host reason"} {
		if !read[want] {
			t.Errorf("nothing shows the hostile text of %s as it is", want)
		}
	}
}

// The watch itself works: what is put into a document as markup is found.
func TestHostileTextsWouldBeFound(t *testing.T) {
	p := newPhone(t, tablet)
	_, err := p.EvalOnNewDocument(watchScripts)
	p.must(err)
	complaints := p.complaints()
	p.open("/")
	p.screen("pad")
	p.run(`text => { document.body.innerHTML = text }`, pagetest.Hostile("title"))
	p.until("a violation of the policy", `() => hits.length > 0`)
	var found []string
	p.must(json.Unmarshal([]byte(p.run(planted)), &found))
	if len(found) < 5 || len(complaints()) == 0 {
		t.Errorf("found only %q and %q", found, complaints())
	}
}
