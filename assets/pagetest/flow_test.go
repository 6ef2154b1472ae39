package pagetest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"folkmoot/assets/pagetest"
)

var tablet = look{width: 820, height: 1100}

// received gives the items of a kind that the hub has, oldest first.
func (p *phone) received(kind string) []object {
	var found []object
	for _, item := range p.hub.Items() {
		if item["kind"] == kind {
			found = append(found, item)
		}
	}
	return found
}

func (p *phone) untilReceived(kind string, n int) []object {
	p.t.Helper()
	p.hubHas(fmt.Sprintf("%d items of kind %s", n, kind), func() bool { return len(p.received(kind)) >= n })
	return p.received(kind)
}

// hubHas waits until something is true of the hub.
func (p *phone) hubHas(what string, ready func() bool) {
	p.t.Helper()
	p.hubOf(p.hub, what, ready)
}

func (p *phone) hubOf(hub *pagetest.Hub, what string, ready func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if !hub.Wait(ctx, ready) {
		p.t.Fatalf("waited in vain for the hub to have %s; it has %v and %v", what, hub.Items(), hub.Acts())
	}
}

// loseHub takes the hub away, and waits until the page knows.
func (p *phone) loseHub() {
	p.t.Helper()
	p.hub.Away(true)
	p.until("the banner", `() => !!document.querySelector(".banner")`)
}

// passOn gives the device to the next person.
func (p *phone) passOn() {
	p.t.Helper()
	p.tap("換下一位作答")
	p.until("the question", `() => !!document.querySelector("[role=dialog]")`)
	p.run(`() => document.querySelector("[role=dialog] .filled").click()`)
	p.screen("hand")
}

func TestJoinAndVote(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	for range 3 {
		p.answer("同意")
	}
	p.says("已回答 3／14 題")
	p.says("主辦的電腦已收到")
	votes := p.untilReceived("vote", 3)
	seen := map[any]bool{}
	for _, vote := range votes {
		seen[vote["key"]] = true
		if vote["value"] != "agree" {
			t.Errorf("value %v, want agree", vote["value"])
		}
	}
	if len(votes) != 3 || len(seen) != 3 {
		t.Errorf("%d votes on %d statements, want 3 on 3", len(votes), len(seen))
	}
	if answers := p.received("answer"); len(answers) != 1 || answers[0]["value"] != 4.0 {
		t.Errorf("answers %v, want one 4", answers)
	}
	for _, item := range p.hub.Items() {
		if item["key"] == "practice" {
			t.Error("the practice statement was sent")
		}
	}
}

// What to ask next comes with receipts: the one on screen stays, the one after it is
// the hub's newest wish.
func TestReceiptsChangeTheOrder(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.screen("vote")
	p.hub.Next(pagetest.ID(9), pagetest.ID(4))
	p.answer("同意")
	p.untilReceived("vote", 1)
	p.says("主辦的電腦已收到")
	for range 3 {
		p.answer("同意")
	}
	votes := p.untilReceived("vote", 4)
	for i, want := range []int{0, 1, 9, 4} {
		if votes[i]["key"] != pagetest.ID(want) {
			t.Errorf("statement %d is %v, want %s", i+1, votes[i]["key"], pagetest.ID(want))
		}
	}
}

func TestTapTooSoon(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.screen("vote")
	p.answer("不同意")
	p.until("the next statement", `() => document.querySelector(".statement h1").textContent.includes("改成小廣場")`)
	p.run(`() => document.querySelector(".votes button").click()`) // agree, within 0.4 s
	p.answer("略過")
	votes := p.untilReceived("vote", 2)
	if second := votes[1]; second["key"] != pagetest.ID(1) || second["value"] != "pass" {
		t.Errorf("the second vote is %v on %v: the tap before it came within 0.4 s and does not count", second["value"], second["key"])
	}
}

func TestKeyboard(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.screen("vote")
	key := func(key string) {
		p.run(`key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}))`, key)
	}
	p.linger()
	key("2")
	p.until("the next statement", `() => document.querySelector(".statement h1").textContent.includes("改成小廣場")`)
	p.linger()
	key("ArrowDown")
	key("ArrowDown")
	key("ArrowDown")
	p.run(`() => document.activeElement.click()`) // what Enter does to a button
	votes := p.untilReceived("vote", 2)
	if votes[0]["value"] != "disagree" || votes[1]["value"] != "pass" {
		t.Errorf("got %v and %v, want disagree and pass", votes[0]["value"], votes[1]["value"])
	}
}

func TestChangeAndTakeBack(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.screen("vote")
	p.answer("同意")
	p.tap("改上一題")
	p.screen("earlier")
	p.says("你的答案：同意")
	p.answer("不同意")
	p.screen("vote")
	p.tap("改上一題")
	p.tap("收回這題的答案")
	p.screen("vote")
	votes := p.untilReceived("vote", 3)
	last := 0.0
	for i, want := range []string{"agree", "disagree", "none"} {
		rev := votes[i]["rev"].(float64)
		if votes[i]["value"] != want || votes[i]["key"] != pagetest.ID(0) || rev <= last {
			t.Errorf("change %d is %v, want %s with a growing rev", i, votes[i], want)
		}
		last = rev
	}
}

// What was answered while the hub is away is there after a reload, and arrives
// once the hub is back, each item once.
func TestAwayAndBack(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	p.answer("同意")
	p.says("主辦的電腦已收到")
	p.untilReceived("vote", 1)
	p.loseHub()
	p.answer("不同意")
	p.answer("略過")
	p.says("2 題先存在這台，連上會自動送出")
	p.open("/j/" + pagetest.Code)
	p.screen("vote")
	p.says("已回答 3／14 題")
	p.says("2 題先存在這台，連上會自動送出")
	p.hub.Away(false)
	p.says("主辦的電腦已收到")
	cids := map[any]int{}
	for _, vote := range p.untilReceived("vote", 3) {
		cids[vote["cid"]]++
	}
	if len(cids) != 3 {
		t.Errorf("%d different votes arrived, want 3", len(cids))
	}
}

func TestPassOn(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	p.loseHub()
	p.answer("同意")
	p.says("1 題先存在這台")
	p.passOn()
	if kept := p.run(`() => (localStorage.getItem("folkmoot.identity") || "") + (localStorage.getItem("folkmoot.state") || "")`); kept != `""` {
		t.Errorf("of the person before, the device still holds %s", kept)
	}
	p.hub.Away(false)
	p.tap("我是下一位")
	p.screen("notice")
	vote := p.untilReceived("vote", 1)[0]
	tokens := p.hub.Tokens()
	if len(tokens) != 2 || tokens[0] == tokens[1] || vote["token"] != tokens[0] {
		t.Errorf("the first person's vote came under %v, the tokens are %v", vote["token"], tokens)
	}
	p.tap("知道了")
	p.screen("name")
	if shown := p.run(`() => document.body.innerText`); strings.Contains(shown, "改上一題") {
		t.Error("the next person sees the way to earlier answers")
	}
}

// What was not taken of an earlier person is said, but not what it was.
func TestRefusedAfterPassingOn(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	p.loseHub()
	p.tap("寫一則意見")
	typed("#statement", "雨天也要有地方可以坐。")(p)
	p.tap("送出")
	p.says("1 題先存在這台")
	p.tap("回到作答")
	p.passOn()
	p.hub.Answer(func(object) object { return object{"reason": "duplicate"} })
	p.hub.Away(false)
	p.tap("我是下一位")
	p.says("上一位有一則沒有收下")
	if shown := p.run(`() => document.body.innerText`); strings.Contains(shown, "雨天") {
		t.Error("the next person reads what the one before wrote")
	}
}

func TestNewerAnswerIsKept(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.screen("vote")
	p.loseHub()
	p.answer("同意")
	p.says("1 題先存在這台")
	p.run(`() => { const real = Date.now; Date.now = () => real() + 11000 }`)
	p.hub.Answer(func(item object) object { return object{"rev": 1e14, "value": "disagree"} })
	p.hub.Away(false)
	p.says("較新的答案已保留")
	p.tap("改上一題")
	p.says("你的答案：不同意")
}

func TestRefusedStatementComesBack(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.hub.Answer(func(item object) object {
		if item["kind"] == "statement" {
			return object{"reason": "duplicate"}
		}
		return nil
	})
	p.screen("vote")
	p.tap("寫一則意見")
	typed("#statement", "雨天也要有地方可以坐。")(p)
	p.tap("送出")
	p.says("已經有一則一樣的意見")
	p.until("the words again", `() => document.querySelector("#statement").value === "雨天也要有地方可以坐。"`)
}

func TestWriteAStatement(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 0)(p)
	p.screen("vote")
	p.tap("寫一則意見")
	typed("#statement", "小廣場要不要有廁所？")(p)
	p.says("看起來像問句")
	p.tap("送出") // a hint does not block
	p.says("收好了")
	p.says("等主持人看過")
	item := p.untilReceived("statement", 1)[0]
	value := item["value"].(object)
	if value["text"] != "小廣場要不要有廁所？" || value["lang"] != "zh-Hant" || item["key"] != "" {
		t.Errorf("sent %v", item)
	}
}

func TestReplacedSession(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	p.loseHub()
	p.answer("同意")
	p.says("1 題先存在這台")
	p.hub.Forget()
	p.hub.Away(false)
	p.screen("pad")
	p.says("請再輸入一次代碼")
	p.says("前一場沒送出的")
	typed("#code", "482163")(p)
	p.tap("加入")
	p.screen("notice")
}

// A wrong session at the right address, for a moment: nobody loses who they are.
func TestAnotherSessionForAMoment(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	token := p.hub.Tokens()[0]
	p.hub.Other(true)
	p.says("這個位址現在是另一場（水獺-3c）")
	p.answer("同意")
	p.tap("輸入六位數代碼")
	p.screen("pad")
	p.tap("回到剛才的畫面")
	p.screen("vote")
	p.hub.Other(false)
	vote := p.untilReceived("vote", 1)[0]
	if vote["token"] != token || len(p.hub.Tokens()) != 1 {
		t.Errorf("the vote came under %v of %v, joined with %s", vote["token"], p.hub.Tokens(), token)
	}
	p.until("the notice gone", `() => !document.body.innerText.includes("另一場")`)
}

// The link of another day is opened: who is in a session stays in it.
func TestWrongLinkChangesNothing(t *testing.T) {
	p := newPhone(t, tablet)
	p.join()
	p.open("/j/111111")
	p.says("沒有這個代碼")
	p.screen("vote")
	p.answer("同意")
	if vote := p.untilReceived("vote", 1)[0]; vote["token"] != p.hub.Tokens()[0] {
		t.Errorf("the vote came under %v, joined with %v", vote["token"], p.hub.Tokens())
	}
}

// So many scan at once that some have to wait: they get in by themselves.
func TestBusyHub(t *testing.T) {
	p := newPhone(t, tablet)
	p.hub.Busy(1)
	p.open("/j/" + pagetest.Code)
	p.screen("notice")
}

// A vote that came after the close is not counted, so it is asked for again should
// the round go on.
func TestLateVoteIsAskedAgain(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 13)(p)
	p.screen("vote")
	p.hub.Answer(func(object) object { return object{"late": true} })
	p.answer("同意")
	p.says("結束之後才到")
	p.screen("vote")
	p.says("已回答 13／14 題")
}

func TestLanguageAtOnce(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 4)(p)
	p.screen("vote")
	p.hub.Away(true)
	p.tap("English")
	p.says("Mostly agree? Press agree")
	if lang := p.run(`() => document.documentElement.lang`); lang != `"en"` {
		t.Errorf("the document's language is %s", lang)
	}
	if lang := p.run(`() => document.querySelector(".statement h1").lang`); lang != `"zh-Hant-TW"` {
		t.Errorf("the statement's language is %s: it stays as written", lang)
	}
}

// A phone of a third language shows the room's.
func TestThirdLanguage(t *testing.T) {
	shape := tablet
	shape.language = "fr-FR"
	p := newPhone(t, shape)
	p.hub.Change(pagetest.English)
	p.open("/j/" + pagetest.Code)
	p.says("Before you start")
}

// A step that starts moves everybody's screen; the map comes when it is shown.
func TestFollowsTheHost(t *testing.T) {
	p := newPhone(t, tablet)
	settle("ready", 4)(p)
	p.screen("vote")
	p.hub.Change(func(state, _, _ object) { state["results"], state["map"] = pagetest.Results(), pagetest.Map() })
	p.says("結果")
	p.screen("vote")
	p.hub.Change(func(state, _, _ object) { state["step"] = pagetest.Step("map", true) })
	p.screen("map")
	p.says("你在這裡")
	p.tap("結果")
	p.screen("results")
	p.hub.Change(func(state, _, _ object) { state["table"] = pagetest.Table(false) })
	p.screen("table")
	p.tap("結果")
	p.screen("results")
	p.hub.Change(func(state, _, _ object) { state["step"] = pagetest.Step("tables", true) })
	p.screen("table")
	p.hub.Change(func(state, _, _ object) { state["table"] = pagetest.Table(true) })
	p.screen("down")
	p.says("剩 12:")
	p.hub.Change(func(state, _, _ object) { state["table"] = pagetest.Table(false) })
	p.screen("table")
}

// Who is in the middle of a statement goes on writing; who has sent it is taken along.
func TestWritersAreTakenAlong(t *testing.T) {
	cases := []struct {
		name   string
		then   func(p *phone)
		screen string
	}{
		{"in the middle", func(*phone) {}, "write"},
		{"sent", func(p *phone) { p.tap("送出"); p.untilReceived("statement", 1) }, "table"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPhone(t, tablet)
			settle("ready", 4)(p)
			p.screen("vote")
			p.tap("寫一則意見")
			typed("#statement", "雨天也要有地方可以坐。")(p)
			c.then(p)
			p.hub.Change(func(state, _, _ object) { state["table"] = pagetest.Table(false) })
			p.until("the table known", `() => JSON.parse(localStorage.getItem("folkmoot.state")).state.table !== undefined && JSON.parse(localStorage.getItem("folkmoot.state")).state.table !== null`)
			p.screen(c.screen)
		})
	}
}

// On a device that goes from hand to hand nobody is shown where they stand.
func TestSharedDeviceHidesThePlace(t *testing.T) {
	p := newPhone(t, tablet)
	shared(p)
	settle("ready", 9)(p)
	p.hub.Change(func(state, _, _ object) {
		state["step"], state["map"] = pagetest.Step("map", true), pagetest.Map()
	})
	p.screen("map")
	if shown := p.run(`() => document.body.innerText + document.querySelector(".map").textContent + document.querySelector(".map").getAttribute("aria-label")`); strings.Contains(shown, "你在") {
		t.Error("the map says where the person stands")
	}
}

func TestIdlePassesOn(t *testing.T) {
	p := newPhone(t, tablet)
	shared(p)
	settle("ready", 4)(p)
	p.screen("vote")
	p.run(`() => { const real = Date.now; Date.now = () => real() + 95000 }`)
	p.says("還在看嗎？")
	p.tap("我還在")
	p.until("the question gone", `() => !document.querySelector("[role=alertdialog]")`)
	p.run(`() => { const real = Date.now; Date.now = () => real() + 125000 }`)
	p.screen("hand")
}

func TestWithoutDatabase(t *testing.T) {
	cases := []struct{ name, before, says string }{
		{"no IndexedDB", `Object.defineProperty(window, "indexedDB", {value: undefined})`, "1 題先存在這台"},
		{"no storage at all", `Object.defineProperty(window, "indexedDB", {value: undefined}); Object.defineProperty(window, "localStorage", {get() { throw new Error("refused") }})`, "請不要關掉這一頁"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPhone(t, tablet)
			_, err := p.EvalOnNewDocument(c.before)
			p.must(err)
			p.join()
			p.loseHub()
			p.answer("同意")
			p.says(c.says)
			p.hub.Away(false)
			p.untilReceived("vote", 1)
		})
	}
}

// Something on the way collects the stream, or the hub has streams enough: the page
// asks instead.
func TestWithoutStream(t *testing.T) {
	for name, cut := range map[string]func(*pagetest.Hub){
		"silent":             func(hub *pagetest.Hub) { hub.Silent(true) },
		"full":               func(hub *pagetest.Hub) { hub.Full(true) },
		"refused by a proxy": func(hub *pagetest.Hub) { hub.Through(pagetest.Refuses) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPhone(t, tablet)
			_, err := p.EvalOnNewDocument(`const later = window.setTimeout; window.setTimeout = (act, ms) => later(act, ms >= 5000 ? ms / 50 : ms)`)
			p.must(err)
			cut(p.hub)
			settle("ready", 4)(p)
			p.screen("vote")
			before := p.hub.Polls()
			p.hub.Change(func(state, _, _ object) { state["step"] = pagetest.Step("opinion", false) })
			p.screen("closed")
			if p.hub.Polls() <= before {
				t.Error("nobody asked")
			}
		})
	}
}

// A proxy that ends each stream after its first event is not asked for streams without
// end: the page asks every five seconds instead.
func TestCutStream(t *testing.T) {
	p := newPhone(t, tablet)
	_, err := p.EvalOnNewDocument(`const later = window.setTimeout; window.setTimeout = (act, ms) => later(act, ms === 5000 ? 100 : ms)`)
	p.must(err)
	p.hub.Through(pagetest.Cuts)
	settle("ready", 4)(p)
	p.screen("vote")
	asked := `n => performance.getEntriesByType("resource").filter(e => /v1\/state/.test(e.name)).length >= n`
	p.until("polls of a state that does not change", asked, 4)
	if n := p.hub.Streams(); n > 4 {
		t.Errorf("%d streams asked for", n)
	}
}

// The hub's other address, or the hub that took over, is tried when the page's
// own does not answer.
func TestMovesToAnotherAddress(t *testing.T) {
	other := pagetest.New()
	defer other.Close()
	p := newPhone(t, tablet)
	p.hub.Change(func(state, _, _ object) { state["hubs"] = []string{p.hub.URL, other.URL} })
	settle("ready", 0)(p)
	p.screen("vote")
	p.hub.Away(true)
	p.answer("同意")
	p.hubOf(other, "the vote", func() bool { return len(other.Items()) > 0 })
}

func TestHintInMessengers(t *testing.T) {
	shape := tablet
	shape.agent = "Mozilla/5.0 (Linux; Android 11; SM-T510) AppleWebKit/537.36 Chrome/96.0 Mobile Safari/537.36 Line/12.0.0/IAB"
	p := newPhone(t, shape)
	p.open("/j/" + pagetest.Code)
	p.screen("notice")
	p.says("LINE")
	if href := p.run(`() => document.querySelector("a.button").href`); !strings.Contains(href, "/j/482163?openExternalBrowser=1") {
		t.Errorf("the way out is %s", href)
	}
}

// Block all but the hub's address, and everything still works: no page asks
// anybody else.
func TestAsksNobodyElse(t *testing.T) {
	p := newPhone(t, tablet)
	asked := p.requests()
	p.join()
	p.answer("同意")
	p.open("/wall#" + pagetest.Code)
	p.says("482 163")
	p.open("/host#t=" + pagetest.HostToken)
	p.until("the agenda", `() => !!document.querySelector(".rail")`)
	for _, url := range asked() {
		if !strings.HasPrefix(url, p.hub.URL+"/") && !strings.HasPrefix(url, "data:") {
			t.Errorf("asked for %s", url)
		}
	}
}
