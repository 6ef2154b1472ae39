package pagetest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing"
	"time"

	"folkmoot/assets/pagetest"
)

type object = pagetest.JSON

// screen is one screen in one of its states: how the hub is, and the way there.
type screen struct {
	name string
	path string // "" for the participants' page with its code
	hub  func(state, wall, host object)
	way  func(p *phone)
	want string // the page's name of the screen, "" where it has none
}

// settle puts a person who has come as far as the stage onto the device.
func settle(stage string, votes int) func(p *phone) {
	return func(p *phone) {
		p.hub.Change(func(state, _, _ object) {
			for i := range votes {
				state["me"].(object)["votes"].(object)[pagetest.ID(i)] = object{"value": []string{"agree", "disagree", "pass"}[i%3], "rev": i + 1}
			}
			state["me"].(object)["answers"].(object)["q1"] = object{"value": 4, "rev": 1}
		})
		p.open("/app/page.css") // a document of the same origin, to reach its storage
		identity := fmt.Sprintf(`{"code":%q,"token":"%064d","session":"%032x","stage":%q}`, pagetest.Code, 1, 7, stage)
		p.run(`identity => localStorage.setItem("folkmoot.identity", identity)`, identity)
		p.open("/j/" + pagetest.Code)
	}
}

func then(ways ...func(p *phone)) func(p *phone) {
	return func(p *phone) {
		for _, way := range ways {
			way(p)
		}
	}
}

// press clicks what a selector finds, whatever language it is in.
func press(selector string) func(p *phone) {
	return func(p *phone) {
		p.t.Helper()
		p.until("something to press at "+selector, `s => !!document.querySelector(s)`, selector)
		p.run(`s => document.querySelector(s).click()`, selector)
	}
}

// typed types into what a selector finds.
func typed(selector, text string) func(p *phone) {
	return func(p *phone) {
		p.t.Helper()
		p.until("a field "+selector, `s => !!document.querySelector(s)`, selector)
		p.run(`(s, text) => { const field = document.querySelector(s); field.value = text; field.dispatchEvent(new Event("input", {bubbles: true})) }`, selector, text)
	}
}

func set(name string, value any) func(state, wall, host object) {
	return func(state, _, _ object) { state[name] = value }
}

func shared(p *phone) {
	p.open("/app/page.css")
	p.run(`() => localStorage.setItem("folkmoot.device", JSON.stringify({language: navigator.language.startsWith("en") ? "en" : "zh-Hant", chosen: false, shared: true, code: "482163"}))`)
}

func away(p *phone) {
	p.screen("vote")
	p.loseHub()
	p.linger()
	press(".votes button")(p)
	p.until("something that waits", `() => /1/.test(document.querySelector(".banner").textContent)`)
}

func refuse(p *phone) {
	p.hub.Answer(func(object) object { return object{"reason": "closed"} })
	p.screen("vote")
	p.linger()
	press(".votes button")(p)
	p.until("the reason", `() => !!document.querySelector(".note")`)
}

// pageScreens are all screens of the participants' page in all their states.
func pageScreens() []screen {
	return []screen{
		{name: "pad", path: "/", want: "pad"},
		{name: "pad-short", path: "/", want: "pad", way: then(typed("#code", "482"), press("button[type=submit]"))},
		{name: "pad-wrong", path: "/", want: "pad", way: then(typed("#code", "111111"), press("button[type=submit]"), func(p *phone) {
			p.until("the refusal", `() => !!document.querySelector(".note")`)
		})},
		{name: "hand", path: "/", want: "hand", way: then(shared, func(p *phone) { p.open("/") })},
		{name: "away", want: "away", way: func(p *phone) { p.hub.Away(true); p.open("/j/" + pagetest.Code) }},
		{name: "notice", want: "notice"},
		{name: "notice-again", want: "notice", way: then(settle("ready", 3), press(".pill"))},
		{name: "rehearsal", want: "notice", hub: func(state, _, _ object) {
			state["session"].(object)["rehearsal"], state["session"].(object)["sample"] = true, true
		}},
		{name: "name", want: "name", way: settle("name", 0)},
		{name: "practice", want: "practice", way: settle("practice", 0)},
		{name: "practice-done", want: "practice", way: then(settle("practice", 0), func(p *phone) {
			p.screen("practice")
			p.linger()
			press(".votes button")(p)
			p.until("the way on", `() => !!document.querySelector("main > button.filled")`)
		})},
		{name: "question", want: "question", way: then(settle("ready", 0), func(p *phone) {
			p.hub.Change(func(state, _, _ object) { state["me"].(object)["answers"] = object{} })
		})},
		{name: "vote", want: "vote", way: settle("ready", 4)},
		{name: "vote-long", want: "vote", way: settle("ready", 0), hub: func(state, _, _ object) {
			first := state["statements"].([]object)[0]
			first["text"] = "我覺得市場前面這一整排停車格如果真的要改成小廣場，應該先把卸貨的時間、機車的停車位、下雨天的遮棚、晚上的照明和打掃的責任都談清楚，寫成大家看得懂的約定，再開始動工，這樣攤商、住戶和來買菜的人都能安心，也比較不會做到一半才發現漏了誰的需要，最後又得全部重來。"
			if state["session"].(object)["language"] == "en" {
				first["text"] = "If this row of parking spaces really becomes a plaza, loading times, scooters, shelter from rain and lights should be agreed in plain words before work starts."
			}
		}},
		{name: "vote-earlier", want: "earlier", way: then(settle("ready", 4), press(".pair button"))},
		{name: "vote-away", want: "vote", way: then(settle("ready", 4), away)},
		{name: "vote-refused", want: "vote", way: then(settle("ready", 4), refuse)},
		{name: "vote-elsewhere", want: "vote", way: then(settle("ready", 4), func(p *phone) {
			p.screen("vote")
			p.hub.Other(true)
			p.until("the notice", `() => !!document.querySelector(".note")`)
		})},
		{name: "vote-results-there", want: "vote", way: settle("ready", 4), hub: func(state, _, _ object) {
			state["results"], state["map"] = pagetest.Results(), pagetest.Map()
		}},
		{name: "done", want: "done", way: settle("ready", 14)},
		{name: "empty", want: "empty", way: settle("ready", 0), hub: func(state, _, _ object) { state["statements"], state["order"] = []object{}, []string{} }},
		{name: "wait", want: "wait", way: settle("ready", 0), hub: set("step", nil)},
		{name: "closed", want: "closed", way: settle("ready", 9), hub: set("step", pagetest.Step("opinion", false))},
		{name: "write", want: "write", way: then(settle("ready", 4), press(".pair button:last-child"))},
		{name: "write-hints", want: "write", way: then(settle("ready", 4), func(p *phone) {
			p.hub.Change(func(state, _, _ object) {
				state["me"].(object)["statements"] = []object{
					{"id": pagetest.ID(30), "text": "雨天也要有地方可以坐。", "state": "pending", "reason": ""},
					{"id": pagetest.ID(31), "text": "晚上的燈要亮一點。", "state": "approved", "reason": ""},
					{"id": pagetest.ID(32), "text": "隔壁里的人不要來。", "state": "hidden", "reason": "針對人，不是看法"},
				}
			})
		}, press(".pair button:last-child"), typed("#statement", "為什麼不能停車？攤販也不應該擺到路上。"))},
		{name: "write-empty", want: "write", way: then(settle("ready", 4), press(".pair button:last-child"), press("button[type=submit]"))},
		{name: "results", want: "results", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["results"] = pagetest.Step("map", true), pagetest.Results()
		}},
		{name: "map", want: "map", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["results"], state["map"] = pagetest.Step("map", true), pagetest.Results(), pagetest.Map()
		}},
		{name: "map-text", want: "map", way: then(settle("ready", 9), press("summary")), hub: func(state, _, _ object) {
			state["step"], state["map"] = pagetest.Step("map", true), pagetest.Map()
		}},
		{name: "map-no-groups", want: "map", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["map"] = pagetest.Step("map", true), pagetest.NoGroups()
		}},
		{name: "map-unsure", want: "map", way: then(settle("ready", 9), press("summary")), hub: func(state, _, _ object) {
			state["step"], state["results"], state["map"] = pagetest.Step("map", true), pagetest.Results(), pagetest.Crowd(50, 3)
		}},
		{name: "map-red", want: "map", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["map"] = pagetest.Step("map", true), with(pagetest.Crowd(30, 0), object{"light": "red", "missing": []object{{"id": "missing.half", "args": object{"N": "9"}}}})
		}},
		{name: "map-missing", want: "map", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["map"] = pagetest.Step("map", true), pagetest.NoMap()
		}},
		{name: "table", want: "table", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["table"] = pagetest.Step("tables", true), table(state, false)
			state["results"], state["map"] = pagetest.Results(), pagetest.Map()
		}},
		{name: "table-none", want: "table", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["table"] = pagetest.Step("tables", true), with(table(state, false), object{"number": 0, "people": []object{}})
		}},
		{name: "devices-down", want: "down", way: settle("ready", 9), hub: func(state, _, _ object) {
			state["step"], state["table"] = pagetest.Step("tables", true), table(state, true)
		}},
		{name: "pass-on", want: "vote", way: then(settle("ready", 4), press(".foot .pass"))},
		{name: "idle", want: "vote", way: then(shared, settle("ready", 4), func(p *phone) {
			p.screen("vote")
			p.run(`() => { const real = Date.now; Date.now = () => real() + 95000 }`)
			p.until("the question", `() => !!document.querySelector("[role=alertdialog]")`)
		})},
	}
}

// with gives an object with some of its values replaced.
func with(whole, parts object) object {
	maps.Copy(whole, parts)
	return whole
}

func table(state object, down bool) object {
	if state["session"].(object)["language"] == "en" {
		return pagetest.EnglishTable(down)
	}
	return pagetest.Table(down)
}

func wallIn(mode string, more func(wall object)) func(state, wall, host object) {
	return func(_, wall, _ object) {
		wall["mode"] = mode
		if more != nil {
			more(wall)
		}
	}
}

func wallScreens() []screen {
	at := func(name string, hub func(state, wall, host object)) screen {
		return screen{name: "wall-" + name, path: "/wall", hub: hub, way: func(p *phone) {
			p.open("/wall#" + pagetest.Code)
			p.until("the wall", `() => !!document.querySelector("[data-mode], .black h1")`)
		}}
	}
	both := at("both", wallIn("join", nil))
	both.path = "/wall?lang=both"
	both.way = func(p *phone) {
		p.open("/wall?lang=both#" + pagetest.Code)
		p.until("both languages", `() => !!document.querySelector(".second")`)
	}
	bothMap := screen{name: "wall-map-both", path: both.path, way: both.way, hub: wallIn("map", func(wall object) { wall["map"] = pagetest.Crowd(30, 0) })}
	lost := at("away", wallIn("statements", nil))
	lost.way = func(p *phone) {
		p.open("/wall#" + pagetest.Code)
		p.until("the wall", `() => !!document.querySelector("[data-mode]")`)
		p.hub.Away(true)
		p.until("the notice", `() => !!document.querySelector("footer .waiting")`)
	}
	stranger := screen{name: "wall-digits", path: "/wall", hub: wallIn("join", nil), way: then(func(p *phone) { p.open("/wall") }, typed("#code", "111111"), func(p *phone) {
		p.until("the refusal", `() => document.querySelector("#code-wrong").textContent !== ""`)
	})}
	return []screen{
		stranger,
		at("join", wallIn("join", nil)),
		at("join-long", wallIn("join", func(wall object) {
			wall["title"] = "清溪市場前的十二格路邊停車位，要不要先在假日試辦三個月，改成大家都能坐、能走、有樹蔭的小廣場，之後再一起決定要不要留下來？清溪市場前的十二格路邊停車位，要不要先在假日試辦三個月，改成大家都能坐、能走的小廣場？"
			wall["join"].(object)["addresses"] = []string{"http://192.168.100.100:18080", "http://10.200.200.200:18080"}
		})),
		at("rules", wallIn("rules", nil)),
		at("clock", wallIn("clock", func(wall object) { wall["answers"] = []int{2, 5, 9, 14, 11, 6} })),
		at("statements", wallIn("statements", nil)),
		at("statements-results", wallIn("statements", func(wall object) { wall["results"] = pagetest.Results() })),
		at("map", wallIn("map", func(wall object) { wall["map"] = pagetest.Map() })),
		at("map-unsure", wallIn("map", func(wall object) { wall["map"] = pagetest.Crowd(50, 3) })),
		at("map-no-groups", wallIn("map", func(wall object) { wall["map"] = with(pagetest.Crowd(50, 0), object{"light": "green"}) })),
		at("map-missing", wallIn("map", func(wall object) { wall["map"] = pagetest.NoMap() })),
		at("tables", wallIn("tables", func(wall object) { wall["tables"] = pagetest.Tables() })),
		at("tables-none", wallIn("tables", nil)),
		at("statements-none", wallIn("statements", func(wall object) { wall["statements"] = []object{} })),
		at("rehearsal", wallIn("rules", func(wall object) { wall["rehearsal"], wall["sample"] = true, true })),
		at("black", wallIn("black", nil)),
		both, bothMap, lost,
	}
}

func hostScreens() []screen {
	at := func(name string, hub func(state, wall, host object), ways ...func(p *phone)) screen {
		return screen{name: "host-" + name, hub: hub, way: func(p *phone) {
			p.open("/host#t=" + pagetest.HostToken)
			p.until("the agenda", `() => !!document.querySelector(".rail")`)
			then(ways...)(p)
		}}
	}
	key := func(key string) func(p *phone) {
		return func(p *phone) {
			p.run(`key => window.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}))`, key)
		}
	}
	shownMap := func(_, _, host object) {
		host["map"], host["results"] = pagetest.Map(), pagetest.Results()
		for i, tally := range pagetest.Results()["statements"].([]object) {
			for _, name := range []string{"agree", "disagree", "pass"} {
				host["statements"].([]object)[i][name] = tally[name]
			}
		}
		host["shown"] = object{"results": true, "map": true, "tables": false, "devices_down": false}
	}
	planned := func(mode string) func(_, _, host object) {
		return func(_, _, host object) { host["plan"] = pagetest.Plan(mode) }
	}
	closed := screen{name: "host-closed", way: func(p *phone) { p.open("/host") }}
	lost := at("away", nil, func(p *phone) {
		p.hub.Away(true)
		p.until("the notice", `() => !!document.querySelector("main .waiting")`)
	})
	return []screen{
		at("checkin", nil, key("1")),
		at("disk-low", func(_, _, host object) {
			host["disk"] = object{"state": "low", "left": 300, "folder": "/home/facilitator/.local/share/folkmoot"}
		}),
		at("disk-full", func(_, _, host object) {
			host["disk"] = object{"state": "full", "left": 0, "folder": "/home/facilitator/.local/share/folkmoot"}
		}, key("3")),
		at("checkin-empty", func(_, _, host object) { host["people"], host["names"] = []object{}, object{} }, key("1")),
		at("checkin-names", nil, key("1"), key("p"), press(".dialog .filled")),
		at("unmask", nil, key("p")),
		at("statements", nil, key("2")),
		at("statements-empty", func(_, _, host object) { host["statements"] = []object{} }, key("2")),
		at("statements-results", shownMap, key("2")),
		at("guessed", func(_, _, host object) {
			host["guessing"] = object{"wrong": 112, "until": time.Now().Add(4 * time.Minute).UnixMilli()}
		}, key("1")),
		at("statements-late", func(_, _, host object) { host["late_votes"] = 3 }, key("2")),
		at("not-now", nil, key("2"), press(".statements .acts button:last-child")),
		at("map", shownMap, key("3")),
		at("map-unsure", func(state, wall, host object) {
			shownMap(state, wall, host)
			host["map"] = pagetest.Crowd(50, 3)
		}, key("3")),
		at("map-no-groups", func(state, wall, host object) {
			shownMap(state, wall, host)
			host["map"], host["results"] = pagetest.Crowd(50, 0), nil
		}, key("3")),
		at("map-hidden", nil, key("3")),
		at("tables", planned("mixed"), key("4")),
		at("tables-none", nil, key("4")),
		at("tables-late", func(_, _, host object) {
			host["plan"] = with(pagetest.Plan("mixed"), object{"late": 3})
		}, key("4")),
		at("tables-other", func(_, _, host object) { host["plan"] = with(pagetest.Plan("mixed"), object{"superseding": true}) }, key("4"), press(".modes button:nth-child(4)")),
		at("report-licence", func(_, _, host object) { host["settings"].(object)["licence"] = "" }, key("5")),
		at("announce", planned("alike"), key("4"), press(".table-tools .acts button:last-child")),
		at("report", nil, key("5")),
		at("wall", nil, key("w")),
		at("settings", nil, press(".rail ul li:nth-child(2) button")),
		at("keys", nil, key("?")),
		at("close", nil, key(" ")),
		closed, lost,
	}
}

// 640×400 is what a window of 1280×800 gives a page at 200 % zoom.
func TestPageScreens(t *testing.T) {
	walk(t, pageScreens(), []look{{width: 360, height: 640}, {width: 640, height: 400}, {width: 820, height: 1100}, {width: 1280, height: 800}})
}

func TestWallScreens(t *testing.T) {
	walk(t, wallScreens(), []look{{width: 1280, height: 720}, {width: 1280, height: 800}, {width: 360, height: 640}})
}

func TestHostScreens(t *testing.T) {
	walk(t, hostScreens(), []look{{width: 1280, height: 800}, {width: 820, height: 1100}, {width: 360, height: 640}})
}

// walk goes to every screen in both languages, and there looks at it in every
// size, light and dark: access, layout, and a picture where pictures are asked
// for.
func walk(t *testing.T, screens []screen, sizes []look) {
	axe, err := os.ReadFile("../page/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range screens {
		for _, english := range []bool{false, true} {
			lang := map[bool]string{false: "zh", true: "en"}[english]
			t.Run(one.name+"/"+lang, func(t *testing.T) {
				t.Parallel()
				first := sizes[0]
				first.english = english
				p := newPhone(t, first)
				if english {
					p.hub.Change(pagetest.English)
				}
				if one.hub != nil {
					p.hub.Change(one.hub)
				}
				reach(p, one)
				p.run(`source => { (0, eval)(source) }`, string(axe))
				for i, size := range sizes {
					for _, dark := range []bool{false, true} {
						size.dark, size.english = dark, english
						p.shape(size)
						p.check(fmt.Sprintf("%s-%s-%dx%d%s", one.name, lang, size.width, size.height, map[bool]string{true: "-dark"}[dark]), i == 0 || i == len(sizes)-1 && !dark)
					}
				}
			})
		}
	}
}

func reach(p *phone, one screen) {
	p.t.Helper()
	path := one.path
	if path == "" {
		path = "/j/" + pagetest.Code
	}
	if one.way == nil || one.path == "/" {
		p.open(path)
	}
	if one.way != nil {
		one.way(p)
	}
	if one.want != "" {
		p.screen(one.want)
	}
}

// check holds a screen against the rules of access and of layout.
func (p *phone) check(name string, full bool) {
	p.t.Helper()
	p.run(`() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))`)
	var faults []string
	p.must(json.Unmarshal([]byte(p.run(layoutFaults)), &faults))
	for _, fault := range faults {
		p.t.Errorf("%s: %s", name, fault)
	}
	if full {
		var violations []string
		p.must(json.Unmarshal([]byte(p.run(axeFaults)), &violations))
		for _, violation := range violations {
			p.t.Errorf("%s: %s", name, violation)
		}
	}
	p.picture(name)
}

const axeFaults = `() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.html.slice(0, 160) + " " + (n.any[0] ? n.any[0].message : "")).join(" | ")))`

// layoutFaults finds what is wider than the screen, what is cut off, targets
// that are too small, texts that overlap, and single Chinese characters on a last
// line.
const layoutFaults = `() => {
	const faults = [];
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width) faults.push("wider than the screen: " + document.documentElement.scrollWidth + " of " + width);
	const seen = element => { const box = element.getBoundingClientRect(); return box.width > 1 && box.height > 1 };
	for (const element of document.querySelectorAll("body *")) {
		if (!seen(element) || element.closest("svg") || element.closest(".spoken")) continue;
		const box = element.getBoundingClientRect();
		if (box.right > width + 1 || box.left < -1) faults.push("outside: " + element.outerHTML.slice(0, 100));
		const style = getComputedStyle(element);
		const cut = style.overflowX === "hidden" || style.overflowY === "hidden";
		if (cut && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) faults.push("cut off: " + element.outerHTML.slice(0, 100));
	}
	for (const target of document.querySelectorAll("button, input, select, textarea, summary, a.button")) {
		const box = target.getBoundingClientRect();
		if (seen(target) && (box.height < 47.5 || box.width < 47.5)) faults.push("target of " + box.width + " by " + box.height + ": " + target.outerHTML.slice(0, 100));
		if (seen(target) && !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.scrollWidth > target.clientWidth + 1) faults.push("text wider than its target: " + target.textContent);
	}
	const top = document.querySelector(".dialog") || document.body;
	const texts = [];
	const all = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
	for (let node = all.nextNode(); node; node = all.nextNode()) {
		if (!node.data.trim() || node.parentElement.closest(".spoken, option, .veil, details:not([open]) > :not(summary)") && top === document.body) continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		for (const box of range.getClientRects()) {
			// The middle of a line: what stands above and below it is mostly air.
			if (box.width > 1) texts.push({words: node.data.trim(), node, left: box.left, right: box.right, top: box.top + box.height / 6, bottom: box.bottom - box.height / 6});
		}
	}
	texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
		if (a.node !== b.node && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) faults.push("one over the other: " + a.words + " / " + b.words);
	}));
	for (const block of document.querySelectorAll("h1, h2, p, li, button, label, summary, legend, strong, td, th")) {
		if (!seen(block) || block.querySelector("p, li, h1, h2, div, svg, section, ul, input, select")) continue;
		const lines = new Map();
		const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			if (node.parentElement.closest(".spoken")) continue;
			for (let i = 0; i < node.data.length; i++) {
				const range = document.createRange();
				range.setStart(node, i);
				range.setEnd(node, i + 1);
				const box = range.getBoundingClientRect();
				if (box.width === 0) continue;
				const key = [...lines.keys()].find(y => Math.abs(y - box.bottom) < 12);
				lines.set(key === undefined ? box.bottom : key, (lines.get(key) || "") + node.data[i]);
			}
		}
		const texts = [...lines.entries()].sort((a, b) => a[0] - b[0]).map(line => line[1]);
		const last = texts[texts.length - 1] || "";
		if (texts.length > 1 && last.replace(/[^\u3400-\u9fff]/g, "").length === 1 && !/[A-Za-z0-9]/.test(last)) faults.push("one character alone: " + texts.join(" / "));
	}
	return faults;
}`
