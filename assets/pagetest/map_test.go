package pagetest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"folkmoot/assets/pagetest"
)

// mapFaults finds labels that cover marks or each other, and what of a map lies
// outside its picture. On the narrowest phones a leader may run under another label,
// which hides no word.
const mapFaults = `() => {
	const faults = [];
	const map = document.querySelector("svg.map");
	if (!map) return ["no map"];
	const frame = map.getBoundingClientRect();
	const out = (name, box) => { if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) faults.push(name + " is outside the picture") };
	const cross = (a, b, air) => a.left < b.right - air && b.left < a.right - air && a.top < b.bottom - air && b.top < a.bottom - air;
	const marks = [...map.querySelectorAll("path.mark")].map(one => one.getBoundingClientRect());
	const tags = [...map.querySelectorAll(".tag")].map(one => ({words: one.textContent, box: one.querySelector("rect").getBoundingClientRect(), text: one.querySelector("text").getBoundingClientRect()}));
	const inside = (box, x, y) => x > box.left && x < box.right && y > box.top && y < box.bottom;
	map.querySelectorAll(".leader").forEach((line, i) => {
		const at = line.getScreenCTM(), [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map(name => +line.getAttribute(name));
		for (let part = 0; part <= 60; part++) {
			const x = (x1 + (x2 - x1) * part / 60) * at.a + at.e, y = (y1 + (y2 - y1) * part / 60) * at.d + at.f;
			tags.forEach((tag, j) => { if (i !== j && innerWidth > 320 && inside(tag.box, x, y)) faults.push("the leader of " + tags[i].words + " runs under " + tag.words) });
		}
	});
	let covered = 0;
	for (const box of marks) out("a mark", box);
	for (const [i, tag] of tags.entries()) {
		out(tag.words, tag.box);
		if (tag.text.left < tag.box.left || tag.text.right > tag.box.right) faults.push(tag.words + " is wider than its pill");
		covered += marks.filter(box => cross(tag.box, box, 1)).length;
		for (const other of tags.slice(i + 1)) if (cross(tag.box, other.box, 0)) faults.push(tag.words + " covers " + other.words);
	}
	if (covered > 0) faults.push("labels cover " + covered + " marks");
	const line = one => one.matches(".hollow") ? one.getAttribute("stroke-width") * one.getScreenCTM().a : 0;
	const least = Math.min(...[...map.querySelectorAll("path.mark")].map(one => { const box = one.getBoundingClientRect(); return Math.min(box.width, box.height) + line(one) }));
	if (innerHeight >= 700 && innerWidth >= 1000 && marks.length <= 300 && least < 7) faults.push("marks of " + least + " pixels");
	return [...new Set(faults)];
}`

func (p *phone) checkMap(name string) {
	p.t.Helper()
	p.check(name, false)
	var faults []string
	p.must(json.Unmarshal([]byte(p.run(mapFaults)), &faults))
	for _, fault := range faults {
		p.t.Errorf("%s: %s", name, fault)
	}
}

// openMap opens a page where it shows the map.
var openMap = map[string]func(p *phone){
	"page": func(p *phone) {
		settle("ready", 9)(p)
		p.screen("map")
	},
	"wall": func(p *phone) {
		p.open("/wall#" + pagetest.Code)
		p.until("the map", `() => !!document.querySelector(".map-mode")`)
	},
	"host": func(p *phone) {
		p.open("/host#t=" + pagetest.HostToken)
		p.until("the agenda", `() => !!document.querySelector(".rail")`)
		p.run(`() => window.dispatchEvent(new KeyboardEvent("keydown", {key: "3", bubbles: true, cancelable: true}))`)
	},
}

func showMap(drawn object) func(state, wall, host object) {
	return func(state, wall, host object) {
		state["step"], wall["mode"] = pagetest.Step("map", true), "map"
		for _, told := range []object{state, wall, host} {
			told["map"], told["results"] = drawn, pagetest.Results()
		}
		host["shown"] = object{"results": true, "map": true, "tables": false, "devices_down": false}
	}
}

// 640×400 is what a window of 1280×800 gives a page at 200 % zoom.
func TestMapScreensOfAllSizes(t *testing.T) {
	sizes := map[string][]look{
		"page": {{width: 320, height: 568}, {width: 640, height: 400}, {width: 820, height: 1100}},
		"wall": {{width: 1024, height: 768}, {width: 1280, height: 720}, {width: 1920, height: 1080}},
		"host": {{width: 1280, height: 800}, {width: 360, height: 640}},
	}
	crowds := []struct{ people, groups int }{{8, 2}, {50, 3}, {50, 0}, {300, 5}, {2000, 4}}
	for _, where := range slices.Sorted(maps.Keys(sizes)) {
		for _, crowd := range crowds {
			for _, english := range []bool{false, true} {
				lang := map[bool]string{false: "zh", true: "en"}[english]
				t.Run(fmt.Sprintf("%s-%d-%d/%s", where, crowd.people, crowd.groups, lang), func(t *testing.T) {
					t.Parallel()
					first := sizes[where][0]
					first.english = english
					p := newPhone(t, first)
					if english {
						p.hub.Change(pagetest.English)
					}
					p.hub.Change(showMap(pagetest.Crowd(crowd.people, crowd.groups)))
					openMap[where](p)
					p.until("the map", `() => !!document.querySelector("svg.map")`)
					for _, size := range sizes[where] {
						for _, dark := range []bool{false, true} {
							if dark && (where == "wall" || *pictures == "") {
								continue // the wall is always dark, and colours move nothing
							}
							size.dark, size.english = dark, english
							p.shape(size)
							p.checkMap(fmt.Sprintf("crowd-%s-%d-%d-%s-%dx%d%s", where, crowd.people, crowd.groups, lang, size.width, size.height, map[bool]string{true: "-dark"}[dark]))
						}
					}
				})
			}
		}
	}
}

func TestOddMapsLeaveNoPageBlank(t *testing.T) {
	for name, odd := range pagetest.OddMaps() {
		for where, open := range openMap {
			t.Run(where+"/"+name, func(t *testing.T) {
				t.Parallel()
				p := newPhone(t, look{width: 1280, height: 720})
				_, err := p.EvalOnNewDocument(`window.thrown = []; addEventListener("error", e => thrown.push(e.message))`)
				p.must(err)
				p.hub.Change(showMap(odd))
				open(p)
				p.until("a map or words", `() => !!document.querySelector("svg.map") || /還畫不出意見地圖/.test(document.body.innerText)`)
				if thrown := p.run(`() => thrown`); thrown != "[]" {
					t.Errorf("thrown: %s", thrown)
				}
				if painted := p.run(`() => document.querySelector("svg.map") ? document.querySelector("svg.map").outerHTML.match(/NaN|undefined|Infinity/) : null`); painted != "null" {
					t.Errorf("painted: %s", painted)
				}
				if p.run(`() => !!document.querySelector("svg.map")`) == "true" {
					p.checkMap("odd-" + where + "-" + name)
				}
			})
		}
	}
}

// What is uncertain is painted and said on all three pages, what is sure on none.
func TestUncertaintyIsPaintedAndSaid(t *testing.T) {
	const legend = `() => { const line = document.querySelector(".legend"); return line ? line.innerText.replace(/\s+/g, " ").trim() : "" }`
	for where, open := range openMap {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			p := newPhone(t, look{width: 1280, height: 800})
			p.hub.Change(showMap(pagetest.Crowd(50, 3)))
			open(p)
			p.until("the map", `() => !!document.querySelector("svg.map")`)
			if got := p.run(`() => [document.querySelectorAll("path.mark.hollow").length, document.querySelectorAll("circle.disc").length]`); got != "[6,3]" {
				t.Errorf("hollow marks and discs: %s", got)
			}
			if got := p.run(legend); got != `"空心：介於兩群之間 邊緣柔和：回答還不多"` {
				t.Errorf("legend %s", got)
			}
			if got := p.run(`() => { const one = getComputedStyle(document.querySelector("path.mark.hollow.group-A")); const other = getComputedStyle(document.querySelector("path.mark.group-A:not(.hollow)")); return one.stroke === other.fill && one.fill !== other.fill }`); got != "true" {
				t.Error("a hollow mark is not its group's outline")
			}
			p.says("暫時的結果")
			p.hub.Change(showMap(with(pagetest.Map(), object{"light": "green"})))
			p.until("the sure map", `() => document.querySelectorAll("path.mark").length > 60`)
			if got := p.run(legend); got != `""` {
				t.Errorf("legend of a sure map: %s", got)
			}
			if got := p.run(`() => /暫時的結果|還不可靠/.test(document.body.innerText)`); got != "false" {
				t.Error("a reliable map is called provisional")
			}
		})
	}
}

// A screen reader gets the sentences once, and not again while they stay the same;
// the keyboard reaches the text.
func TestMapIsSaidInWords(t *testing.T) {
	p := newPhone(t, look{width: 360, height: 640})
	p.hub.Change(showMap(pagetest.Crowd(50, 2)))
	openMap["page"](p)
	p.until("the map", `() => !!document.querySelector("svg.map[role=img]")`)
	said := p.run(`() => { const map = document.querySelector("svg.map"); const words = document.getElementById(map.getAttribute("aria-describedby")); return words.getAttribute("aria-live") + ": " + words.textContent }`)
	if want := `"polite: 地圖上有 58 人，分成 2 個意見群。 A 群人最多，有 25 人。 你在意見群 A 和 B 之間。"`; said != want {
		t.Errorf("said %s, want %s", said, want)
	}
	p.run(`() => { window.spoken = 0; new MutationObserver(all => { spoken += all.length }).observe(document.querySelector("[aria-live].spoken"), {childList: true, characterData: true, subtree: true}) }`)
	p.hub.Change(func(state, _, _ object) {
		state["counts"].(object)["votes"] = 1208
		state["map"] = pagetest.Crowd(50, 2)
	})
	p.hub.Change(func(state, _, _ object) { state["map"] = pagetest.Crowd(90, 3) })
	p.until("the next sentences", `() => /3 個意見群/.test(document.querySelector("[aria-live].spoken").textContent)`)
	if got := p.run(`() => spoken`); got != "1" {
		t.Errorf("the words changed %s times", got)
	}
	if got := p.run(`() => { const one = document.querySelector("summary"); one.focus(); return document.activeElement === one }`); got != "true" {
		t.Error("the keyboard does not reach the text")
	}
	press("summary")(p)
	p.until("the table", `() => document.querySelectorAll("details[open] tbody tr").length === 3`)
	for _, words := range []string{"各群多數都同意", "看法不同的地方", "介於兩群之間。"} {
		p.says(words)
	}
}

// A disc moves with its mark, and both end where the map says; where nothing may
// move they are there at once.
func TestDiscsGlideWithTheirMarks(t *testing.T) {
	for _, motion := range []string{"no-preference", "reduce"} {
		t.Run(motion, func(t *testing.T) {
			t.Parallel()
			p := newPhone(t, look{width: 820, height: 1100})
			media := proto.EmulationSetEmulatedMedia{Features: []*proto.EmulationMediaFeature{{Name: "prefers-reduced-motion", Value: motion}}}
			p.must(media.Call(p.Page))
			p.hub.Change(showMap(pagetest.Crowd(50, 3)))
			openMap["page"](p)
			p.until("the map", `() => document.querySelectorAll("circle.disc").length === 3`)
			p.run(`() => {
				performance.now = () => document.timeline.currentTime + 500; // the clock that frames are told of, ahead: they see the start
				const disc = document.querySelector("circle.disc"), mark = document.querySelector("path.mark[data-mark='" + disc.dataset.mark + "']");
				window.apart = 0;
				window.places = new Set();
				const look = () => { if (disc.getAttribute("transform") !== mark.getAttribute("transform")) apart++; places.add(disc.getAttribute("transform")) };
				window.last = disc;
				new MutationObserver(look).observe(document.querySelector("svg.map"), {attributes: true, subtree: true, attributeFilter: ["transform"]});
			}`)
			moved := pagetest.Crowd(50, 3)
			marks := moved["scene"].(object)["marks"].([]object)
			for _, mark := range marks {
				mark["x"] = mark["x"].(float64) - 0.03
			}
			p.hub.Change(showMap(moved))
			end := fmt.Sprintf("translate(%g %g)", 1000*marks[6]["x"].(float64), 1000*marks[6]["y"].(float64))
			p.until("the end of the way", `end => { const [x, y] = end.match(/[0-9.]+/g).map(Number), now = last.getAttribute("transform").match(/[0-9.]+/g).map(Number); return places.size > 0 && Math.abs(x - now[0]) < 0.01 && Math.abs(y - now[1]) < 0.01 }`, end)
			if got := p.run(`() => apart`); got != "0" {
				t.Errorf("a disc was apart from its mark %s times", got)
			}
			if got := p.run(`() => places.size > 1`); got != fmt.Sprint(motion != "reduce") {
				t.Errorf("it was on the way: %s", got)
			}
		})
	}
}
