package command_test

import (
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

// browser gives the one browser of this test run.
func browser(t testing.TB) *rod.Browser {
	t.Helper()
	browserOnce.Do(func() { chromium, stopBrowser, browserErr = pagetest.StartBrowser() })
	if browserErr != nil {
		t.Fatal(browserErr)
	}
	return chromium
}

// phone is a page in a browser profile of its own.
type phone struct {
	t testing.TB
	*rod.Page
}

func newPhone(t testing.TB) *phone {
	t.Helper()
	profile, err := browser(t).Incognito()
	if err != nil {
		t.Fatal(err)
	}
	page, err := profile.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { page.Close() })
	p := &phone{t: t, Page: page}
	p.must(page.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: "Mozilla/5.0 Chrome/140.0 Safari/537.36", AcceptLanguage: "en-GB"}))
	p.must(page.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: 360, Height: 640, DeviceScaleFactor: 1}))
	return p
}

func (p *phone) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// until waits for a function in the page to give true.
func (p *phone) until(what, function string, args ...any) {
	p.t.Helper()
	if err := p.Timeout(patience).Wait(rod.Eval(function, args...)); err != nil {
		text, _ := p.Eval(`() => document.body.innerText`)
		p.t.Fatalf("waited in vain for %s: %v\nthe page says: %v", what, err, text.Value)
	}
}

func (p *phone) screen(name string) {
	p.t.Helper()
	p.until("screen "+name, `name => !!document.querySelector('[data-screen="' + name + '"]')`, name)
}

// tap clicks the button whose text contains the words.
func (p *phone) tap(words string) {
	p.t.Helper()
	p.until("a button "+words, `words => {
		const b = [...document.querySelectorAll("button")].find(b => b.textContent.includes(words) && !b.disabled);
		if (b) b.click();
		return !!b;
	}`, words)
}

// join goes from an address to the first statement, as a newcomer does.
func (p *phone) join(address, code string) {
	p.t.Helper()
	p.must(p.Navigate(address + "/j/" + code))
	p.screen("notice")
	p.through()
}

// through goes past everything that comes before the first statement.
func (p *phone) through() {
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
func (p *phone) vote(words string) {
	p.t.Helper()
	before, err := p.Eval(`() => document.querySelector(".statement h1").innerText`)
	p.must(err)
	p.until("a vote taken", `(words, before) => {
		const heading = document.querySelector(".statement h1");
		if (!heading || heading.innerText !== before) return true;
		[...document.querySelectorAll(".votes button")].find(b => b.textContent.includes(words)).click();
		return false;
	}`, words, before.Value.Str())
}

// waiting gives the number of items in the page's outbox.
func (p *phone) waiting() int {
	p.t.Helper()
	out, err := p.Eval(`() => new Promise((resolve, reject) => {
		const open = indexedDB.open("folkmoot", 1);
		open.onsuccess = () => {
			const all = open.result.transaction("outbox", "readonly").objectStore("outbox").count();
			all.onsuccess = () => { open.result.close(); resolve(all.result); };
			all.onerror = () => reject(all.error);
		};
		open.onerror = () => reject(open.error);
	})`)
	p.must(err)
	return out.Value.Int()
}
