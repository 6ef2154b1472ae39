package hub_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"folkmoot/assets/pagetest"
)

// patience is how long a page may take for anything on a busy machine.
const patience = time.Minute

var (
	browserOnce sync.Once
	chromium    *rod.Browser
	browserErr  error
	stopBrowser = func() {}
)

func TestMain(m *testing.M) {
	code := m.Run()
	stopBrowser()
	os.Exit(code)
}

// page is the participants' page in a browser with a storage of its own.
type page struct {
	t testing.TB
	*rod.Page
}

func newPage(t testing.TB) *page {
	t.Helper()
	browserOnce.Do(func() { chromium, stopBrowser, browserErr = pagetest.StartBrowser() })
	if browserErr != nil {
		t.Fatal(browserErr)
	}
	profile, err := chromium.Incognito()
	if err != nil {
		t.Fatal(err)
	}
	tab, err := profile.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	p := &page{t: t, Page: tab.Timeout(3 * time.Minute)}
	p.must(tab.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: "Mozilla/5.0 Chrome/140.0 Safari/537.36", AcceptLanguage: "en-GB"}))
	p.must(tab.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: 360, Height: 640, DeviceScaleFactor: 1}))
	return p
}

func (p *page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// text runs a function in the page that gives a text.
func (p *page) text(function string, args ...any) string {
	p.t.Helper()
	out, err := p.Eval(function, args...)
	p.must(err)
	return out.Value.Str()
}

// until waits for a function in the page to give true.
func (p *page) until(what, function string, args ...any) {
	p.t.Helper()
	if err := p.Timeout(patience).Wait(rod.Eval(function, args...)); err != nil {
		p.t.Fatalf("waited in vain for %s: %v\nthe page says: %s", what, err, p.text(`() => document.body.innerText`))
	}
}

func (p *page) screen(name string) {
	p.t.Helper()
	p.until("screen "+name, `name => !!document.querySelector('[data-screen="' + name + '"]')`, name)
}

func (p *page) says(words string) {
	p.t.Helper()
	p.until("the words "+words, `words => document.body.innerText.includes(words)`, words)
}

// press clicks the button whose text contains the words.
func (p *page) press(words string) {
	p.t.Helper()
	p.until("a button "+words, `words => {
		const b = [...document.querySelectorAll("button")].find(b => b.textContent.includes(words) && !b.disabled);
		if (b) b.click();
		return !!b;
	}`, words)
}

// open goes from an address to the first statement, as a newcomer does.
func (p *page) open(address string) {
	p.t.Helper()
	p.must(p.Navigate(address + "/j/" + code))
	p.screen("notice")
	p.through()
}

// through goes past everything that comes before the first statement.
func (p *page) through() {
	p.t.Helper()
	p.until("the first statement", `() => {
		const screen = document.querySelector("[data-screen]");
		if (!screen) return false;
		if (screen.dataset.screen === "vote") return true;
		const buttons = [...document.querySelectorAll("main button")].filter(b => !b.disabled);
		const go = buttons.find(b => b.classList.contains("filled")) || document.querySelector(".votes button, .scale button");
		if (go) go.click();
		return false;
	}`)
}

// vote answers the statement on screen and waits for the next.
func (p *page) vote(words string) {
	p.t.Helper()
	before := p.text(`() => document.querySelector(".statement h1").innerText`)
	p.until("a vote taken", `(words, before) => {
		const heading = document.querySelector(".statement h1");
		if (!heading || heading.innerText !== before) return true;
		[...document.querySelectorAll(".votes button")].find(b => b.textContent.trim().startsWith(words)).click();
		return false;
	}`, words, before)
}

// nothingWaits waits until the page says that everything is saved.
func (p *page) nothingWaits() {
	p.t.Helper()
	p.until("an empty outbox", `() => { const w = document.querySelector("[data-waiting]"); return !!w && w.dataset.waiting === "0" }`)
}

// answers records all replies that the page gets, with their bodies, and all calls that
// it makes; read it when the page rests.
func (p *page) traffic() (read func() string) {
	p.t.Helper()
	p.must(proto.NetworkEnable{}.Call(p.Page))
	var mu sync.Mutex
	var said []string
	var calls []proto.NetworkRequestID
	seen := map[proto.NetworkRequestID]string{}
	note := func(text string) { mu.Lock(); defer mu.Unlock(); said = append(said, text) }
	go p.EachEvent(func(e *proto.NetworkRequestWillBeSent) {
		note("call " + e.Request.Method + " " + e.Request.URL + " " + e.Request.PostData)
		mu.Lock()
		defer mu.Unlock()
		calls, seen[e.RequestID] = append(calls, e.RequestID), e.Request.URL
	}, func(e *proto.NetworkEventSourceMessageReceived) { note("event " + e.Data) })()
	return func() string {
		mu.Lock()
		ids := append([]proto.NetworkRequestID(nil), calls...)
		mu.Unlock()
		for _, id := range ids {
			if body, err := (proto.NetworkGetResponseBody{RequestID: id}).Call(p.Page); err == nil { // a stream has none yet
				note("reply to " + seen[id] + " " + body.Body)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(said, "\n")
	}
}

// passOn gives the device to the next person.
func (p *page) passOn() {
	p.t.Helper()
	p.press("Next person")
	p.until("the question", `() => !!document.querySelector("[role=dialog]")`)
	p.until("the curtain", `() => { const go = document.querySelector("[role=dialog] .filled"); if (go) go.click(); return !!document.querySelector('[data-screen="hand"]') }`)
}
