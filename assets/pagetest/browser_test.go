package pagetest_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"folkmoot/assets/pagetest"
)

var pictures = flag.String("pictures", "", "folder for pictures of every screen")

// patience is how long a page may take for anything on this machine.
const patience = time.Minute

var (
	startOnce sync.Once
	chromium  *rod.Browser
	startErr  error
	stop      = func() {}
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	stop()
	os.Exit(code)
}

// browser gives the one browser of this test run.
func browser(t *testing.T) *rod.Browser {
	t.Helper()
	startOnce.Do(func() { chromium, stop, startErr = pagetest.StartBrowser() })
	if startErr != nil {
		t.Fatal(startErr)
	}
	return chromium
}

// phone is a page in a browser profile of its own, on a pretend hub of its own.
type phone struct {
	*rod.Page
	t   *testing.T
	hub *pagetest.Hub
}

// stoppedClock stops the clock by which a page tells a tap that came too soon.
const stoppedClock = `{ let now = 0; performance.now = () => now; window.skip = milliseconds => { now += milliseconds } }`

type look struct {
	width, height int
	dark          bool
	english       bool
	language      string // of the browser, "" for Chinese or English
	agent         string // of the browser, "" for its own
}

func newPhone(t *testing.T, shape look) *phone {
	t.Helper()
	hub := pagetest.New()
	profile, err := browser(t).Incognito()
	if err != nil {
		t.Fatal(err)
	}
	page, err := profile.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		page.Close()
		proto.TargetDisposeBrowserContext{BrowserContextID: profile.BrowserContextID}.Call(browser(t))
		hub.Close()
	})
	p := &phone{Page: page.Timeout(3 * time.Minute), t: t, hub: hub}
	_, err = p.EvalOnNewDocument(stoppedClock)
	p.must(err)
	p.shape(shape)
	return p
}

func (p *phone) shape(shape look) {
	p.t.Helper()
	theme := "light"
	if shape.dark {
		theme = "dark"
	}
	media := proto.EmulationSetEmulatedMedia{Features: []*proto.EmulationMediaFeature{
		{Name: "prefers-color-scheme", Value: theme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	p.must(media.Call(p.Page))
	language := "zh-TW"
	if shape.english {
		language = "en-GB"
	}
	if shape.language != "" {
		language = shape.language
	}
	agent := shape.agent
	if agent == "" {
		agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
	}
	p.must(p.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: agent, AcceptLanguage: language}))
	p.must(p.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: shape.width, Height: shape.height, DeviceScaleFactor: 1, Mobile: shape.width < 1000}))
}

func (p *phone) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *phone) open(path string) {
	p.t.Helper()
	p.must(p.Navigate(p.hub.URL + path))
	p.must(p.WaitLoad())
}

// run evaluates a function in the page and gives its value as JSON.
func (p *phone) run(function string, arguments ...any) string {
	p.t.Helper()
	result, err := p.Eval(function, arguments...)
	p.must(err)
	data, err := json.Marshal(result.Value)
	p.must(err)
	return string(data)
}

// until waits for a function to give true, and fails with what it was about.
func (p *phone) until(what, function string, arguments ...any) {
	p.t.Helper()
	if err := p.Timeout(patience).Wait(rod.Eval(function, arguments...)); err != nil {
		text := p.run(`() => document.body.innerText`)
		p.t.Fatalf("waited in vain for %s: %v\nthe page says: %s", what, err, text)
	}
}

func (p *phone) screen(name string) {
	p.t.Helper()
	p.until("screen "+name, `name => document.querySelector("[data-screen]") && document.querySelector("[data-screen]").dataset.screen === name`, name)
}

// tap clicks the button whose text contains the words.
func (p *phone) tap(words string) {
	p.t.Helper()
	p.until("a button "+words, `words => !![...document.querySelectorAll("button, a.button, summary")].find(b => b.textContent.includes(words) && !b.disabled)`, words)
	p.run(`words => [...document.querySelectorAll("button, a.button, summary")].find(b => b.textContent.includes(words) && !b.disabled).click()`, words)
}

// linger lets what is on screen have been there long enough to be answered.
func (p *phone) linger() {
	p.t.Helper()
	p.run(`() => skip(400)`)
}

// answer taps one of the three answers to what is on screen.
func (p *phone) answer(words string) {
	p.t.Helper()
	p.linger()
	p.run(`words => [...document.querySelectorAll(".votes button")].find(b => b.textContent.includes(words)).click()`, words)
}

func (p *phone) says(words string) {
	p.t.Helper()
	p.until("the words "+words, `words => document.body.innerText.includes(words)`, words)
}

// join goes from the address with the code to the first statement, with all
// answers before it received.
func (p *phone) join() {
	p.t.Helper()
	p.open("/j/" + pagetest.Code)
	p.screen("notice")
	p.tap("知道了")
	p.screen("name")
	p.tap("繼續")
	p.screen("practice")
	p.answer("略過")
	p.tap("開始作答")
	p.screen("question")
	p.linger()
	p.run(`() => document.querySelectorAll(".scale button")[4].click()`)
	p.screen("vote")
	p.untilReceived("answer", 1) // before, it may not even be in the outbox yet
	p.nothingWaits()
}

// nothingWaits waits until the page holds nothing that the hub has not received.
// Before that the hub must not be taken away from a test that counts what waits.
func (p *phone) nothingWaits() {
	p.t.Helper()
	p.until("an empty outbox", `() => document.querySelector("[data-waiting]").dataset.waiting === "0"`)
}

// requests records every address that the page asks for from now on.
func (p *phone) requests() func() []string {
	p.t.Helper()
	var mu sync.Mutex
	var urls []string
	p.must(proto.NetworkEnable{}.Call(p.Page))
	go p.EachEvent(func(e *proto.NetworkRequestWillBeSent) {
		mu.Lock()
		defer mu.Unlock()
		urls = append(urls, e.Request.URL)
	})()
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), urls...)
	}
}

// picture keeps a picture where the flag asks for it.
func (p *phone) picture(name string) {
	p.t.Helper()
	if *pictures == "" {
		return
	}
	p.must(os.MkdirAll(*pictures, 0o755))
	data, err := p.Screenshot(true, nil)
	p.must(err)
	p.must(os.WriteFile(filepath.Join(*pictures, name+".png"), data, 0o644))
}
