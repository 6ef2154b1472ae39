package pagetest_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/assets/pagetest"
)

var laptop = look{width: 1280, height: 800}

func newHost(t *testing.T) *phone {
	t.Helper()
	p := newPhone(t, laptop)
	p.open("/host#t=" + pagetest.HostToken)
	p.until("the agenda", `() => !!document.querySelector(".rail")`)
	return p
}

func (p *phone) key(key string) {
	p.t.Helper()
	p.run(`key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}))`, key)
}

// did waits until the facilitator has done n acts, and gives the last.
func (p *phone) did(n int) object {
	p.t.Helper()
	p.hubHas(fmt.Sprintf("%d acts", n), func() bool { return len(p.hub.Acts()) >= n })
	return p.hub.Acts()[n-1]
}

func same(got, want object) bool {
	for name, value := range want {
		if got[name] != value {
			return false
		}
	}
	return len(got) == len(want)
}

// How the record's disk does stands on every view until it does well.
func TestHostDisk(t *testing.T) {
	p := newHost(t)
	for state, says := range map[string]string{"low": "磁碟空間不多了：剩 300 MB", "short": "磁碟快滿了", "full": "磁碟滿了", "read_only": "磁碟現在寫不進去"} {
		p.hub.Change(func(_, _, host object) {
			host["disk"] = object{"state": state, "left": 300, "folder": "/home/folkmoot"}
		})
		p.says(says)
		p.key("3")
		p.says(says)
	}
	p.hub.Change(func(_, _, host object) { host["disk"] = nil })
	p.until("nothing about the disk", `() => !document.body.innerText.includes("/home/folkmoot")`)
}

func TestHostActs(t *testing.T) {
	p := newHost(t)
	steps := []struct {
		name string
		do   func()
		want object
	}{
		{"extend", func() { p.tap("+2 分") }, object{"act": "step", "step": "opinion", "do": "extend", "minutes": 2.0}},
		{"close, asked first", func() { p.tap("結束這一段"); press(".dialog .filled")(p) }, object{"act": "step", "step": "opinion", "do": "close"}},
		{"approve", func() { p.key("2"); p.tap("通過") }, object{"act": "statement", "id": pagetest.ID(20), "do": "approve", "reason": ""}},
		{"not now, with its reason", func() {
			press(".statements .acts button:last-child")(p)
			typed("#reason", "兩個想法")(p)
			press(".dialog .filled")(p)
		}, object{"act": "statement", "id": pagetest.ID(20), "do": "hide", "reason": "兩個想法"}},
		{"add", func() {
			typed("#add", "晚上的燈要亮一點。")(p)
			press(".side form button:not([disabled])")(p)
		}, object{"act": "add", "text": "晚上的燈要亮一點。", "lang": "zh-Hant"}},
		{"show", func() { press(".switch")(p) }, object{"act": "show", "what": "results", "on": true}},
		{"start looks first", func() { p.key("3"); p.tap("開始「意見地圖」") }, object{"act": "step", "step": "map", "do": "start"}},
		{"tables", func() { p.key("4"); p.tap("看法相近"); p.tap("排桌次") }, object{"act": "plan", "mode": "alike", "min": 4.0, "max": 8.0, "seed": 1.0}},
		{"the QR", func() { p.key("q") }, object{"act": "wall", "mode": "join"}},
		{"black", func() { p.key("b") }, object{"act": "wall", "mode": "black"}},
		{"mode", func() { p.key("w"); p.tap("進行方式") }, object{"act": "wall", "mode": "rules"}},
		{"setting", func() {
			p.tap("設定")
			typed("#set-contact", "小明")(p)
			p.until("save", `() => !document.querySelectorAll(".settings button")[3].disabled`)
			p.run(`() => document.querySelectorAll(".settings button")[3].click()`)
		}, object{"act": "set", "field": "contact", "value": "小明"}},
	}
	for i, step := range steps {
		step.do()
		if got := p.did(i + 1); !same(got, step.want) {
			t.Errorf("%s: got %v, want %v", step.name, got, step.want)
		}
	}
}

// A look at another view loses nothing that was typed.
func TestHostKeepsWhatWasTyped(t *testing.T) {
	p := newHost(t)
	p.tap("設定")
	typed("#set-notice", "收集的人：里辦公處。")(p)
	p.key("1")
	p.says("26 人")
	p.tap("設定")
	p.until("the text again", `() => document.querySelector("#set-notice").value === "收集的人：里辦公處。"`)
}

// Who voted has not answered the 0 to 5 question by that.
func TestHostCountsTheQuestion(t *testing.T) {
	p := newHost(t)
	p.hub.Change(func(_, _, host object) {
		for i, person := range host["people"].([]object) {
			person["answered"], person["asked"] = true, i == 0
		}
	})
	p.key("1")
	p.says("1／26 人已回答")
}

func TestHostMask(t *testing.T) {
	p := newHost(t)
	p.key("1")
	p.says("26 人")
	hidden := func() bool { return !strings.Contains(p.run(`() => document.body.innerText`), "阿明") }
	if !hidden() {
		t.Error("names show before anybody asked")
	}
	p.key("p")
	p.says("沒有投影出去")
	if !hidden() {
		t.Error("names show behind the warning")
	}
	press(".dialog .filled")(p)
	p.says("阿明")
	p.key("p")
	p.until("the mask", `() => !document.body.innerText.includes("阿明")`)
}

// warned says whether the question is asked with the warning; the view behind it
// has the same words.
const warned = `() => { const asked = document.querySelector(".dialog"); return !!asked && asked.textContent.includes("等於告訴大家每個人的看法") }`

func TestHostAnnouncesAlikeTablesWithAWarning(t *testing.T) {
	p := newHost(t)
	p.hub.Change(func(_, _, host object) { host["plan"] = pagetest.Plan("alike") })
	p.key("4")
	p.tap("公布桌次")
	p.until("the warning in the question", warned)
	if n := len(p.hub.Acts()); n != 0 {
		t.Errorf("%d acts before it was confirmed", n)
	}
	press(".dialog .filled")(p)
	if got, want := p.did(1), (object{"act": "show", "what": "tables", "on": true}); !same(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The switch announces too, so it asks as the button does.
func TestHostSwitchAsksBeforeAnnouncing(t *testing.T) {
	p := newHost(t)
	p.hub.Change(func(_, _, host object) { host["plan"] = pagetest.Plan("alike") })
	p.key("4")
	p.until("the plan", `() => !!document.querySelector(".plan")`)
	press(".switches .switch")(p)
	p.until("the warning in the question", warned)
	if n := len(p.hub.Acts()); n != 0 {
		t.Errorf("%d acts before it was confirmed", n)
	}
}

// Black and back: the wall shows again what it showed.
func TestHostBlackAndBack(t *testing.T) {
	p := newHost(t)
	p.key("w")
	press(".wall-modes button:nth-child(5)")(p)
	for i, want := range []string{"map", "black", "map"} {
		if got := p.did(i + 1); got["mode"] != want {
			t.Errorf("act %d: mode %v, want %s", i+1, got["mode"], want)
		}
		if i < 2 {
			p.until("the mode known", `mode => document.querySelector(".wall-modes [aria-pressed=true]").textContent === {map: "意見地圖", black: "全黑"}[mode]`, want)
			p.key("b")
		}
	}
}

func TestHostTokenLeavesTheAddress(t *testing.T) {
	p := newHost(t)
	if address := p.run(`() => location.href`); strings.Contains(address, pagetest.HostToken) {
		t.Errorf("the address is %s", address)
	}
	p.open("/host")
	p.until("the agenda", `() => !!document.querySelector(".rail")`)
}

func TestHostWithoutToken(t *testing.T) {
	p := newPhone(t, laptop)
	p.open("/host")
	p.says("這一頁要從主持的電腦打開")
}

// The results are nobody's before they are shown, the facilitator's list included.
func TestHostResultsStayHidden(t *testing.T) {
	p := newHost(t)
	p.hub.Change(func(_, _, host object) { host["statements"].([]object)[0]["agree"] = 40 })
	p.key("2")
	p.says("46 票")
	if shown := p.run(`() => document.body.innerText + document.querySelectorAll(".bar").length`); strings.Contains(shown, "40 同意") {
		t.Error("agreement shows before results are shown")
	}
}

// A wall on somebody's phone tells nobody how to join, until they know it.
func TestWallAsksForTheDigits(t *testing.T) {
	p := newPhone(t, look{width: 1280, height: 720})
	p.hub.Change(func(_, wall, _ object) { wall["mode"] = "join" })
	p.open("/wall")
	p.says("輸入六位數代碼")
	if shown := p.run(`() => document.body.innerText + document.querySelectorAll(".qr").length`); strings.Contains(shown, "482 163") || !strings.HasSuffix(shown, `0"`) {
		t.Errorf("the wall says %s", shown)
	}
	typed("#code", "111111")(p)
	p.says("不是這一場的代碼")
	typed("#code", "４８２１６３")(p)
	p.says("482 163")
	p.until("the QR", `() => document.querySelectorAll(".qr").length === 1`)
}

// An answer that was asked for before the digits were typed, and comes after, is not
// taken for a word about them.
func TestWallDropsEarlierAnswers(t *testing.T) {
	p := newPhone(t, look{width: 1280, height: 720})
	_, err := p.EvalOnNewDocument(`{
		const real = window.fetch, held = new Promise(done => window.release = done);
		window.fetch = async (url, init) => {
			const answer = await real(url, init);
			const early = String(url).endsWith("/wall") && !(init.headers && init.headers.Authorization);
			if (early) await held;
			return answer;
		};
	}`)
	p.must(err)
	p.open("/wall")
	typed("#code", pagetest.Code)(p)
	p.says("482 163")
	p.run(`() => { window.release(); return new Promise(done => setTimeout(done)) }`)
	p.hub.Change(func(_, wall, _ object) { wall["title"] = "另一個題目" })
	p.says("另一個題目")
	p.says("482 163")
}

// Another session in the hub's place for a moment does not make the digits wrong.
func TestWallKeepsItsDigits(t *testing.T) {
	p := newPhone(t, look{width: 1280, height: 720})
	p.open("/wall#" + pagetest.Code)
	p.says("482 163")
	p.hub.Other(true)
	p.says("輸入六位數代碼")
	p.hub.Other(false)
	p.says("482 163")
}

func TestWallFollows(t *testing.T) {
	p := newPhone(t, look{width: 1280, height: 720})
	p.open("/wall#" + pagetest.Code)
	p.says("482 163")
	for _, mode := range []string{"rules", "clock", "statements", "map", "tables"} {
		p.hub.Change(func(_, wall, _ object) {
			wall["mode"], wall["map"], wall["tables"] = mode, pagetest.Map(), pagetest.Tables()
		})
		p.until("mode "+mode, `mode => document.querySelector("[data-mode]").dataset.mode === mode`, mode)
		smallest := p.run(`() => Math.min(...[...document.querySelectorAll("body *")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.getBoundingClientRect().width > 1).map(e => parseFloat(getComputedStyle(e).fontSize) * (e.ownerSVGElement ? e.ownerSVGElement.getScreenCTM().a : 1))) >= innerHeight * 0.025 - 0.01`)
		if smallest != "true" {
			t.Errorf("%s: some text is under 2.5 %% of the wall's height", mode)
		}
	}
}
