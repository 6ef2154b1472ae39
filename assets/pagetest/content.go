package pagetest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"folkmoot/assets"
	"folkmoot/assets/words"
)

const minute = 60_000

// ID gives the id of statement n of the sample, from 0.
func ID(n int) string { return fmt.Sprintf("%032x", 0xa000+n) }

func sampleState() JSON {
	sample := assets.Sample()
	statements, order := []JSON{}, []string{}
	for i, statement := range sample.Statements {
		statements = append(statements, JSON{"id": ID(i), "text": statement.Chinese, "lang": words.Chinese, "seed": true})
		order = append(order, ID(i))
	}
	return JSON{
		"version": 1, "now": now(),
		"session": JSON{
			"id": fmt.Sprintf("%032x", 7), "title": sample.Title.Chinese, "about": sample.About.Chinese,
			"languages": []string{"zh-Hant", "en"}, "language": "zh-Hant", "notice": sample.Notice.Chinese,
			"contact": sample.Contact.Chinese, "licence": sample.Licence.Chinese, "sample": false, "rehearsal": false,
			"practice": sample.Practice.Chinese, "statement_limit": 140, "moderated": true, "emblem": "石虎-7F",
		},
		"question":   JSON{"id": "q1", "text": sample.Question.Text.Chinese, "low": sample.Question.Low.Chinese, "high": sample.Question.High.Chinese},
		"step":       Step("opinion", true),
		"me":         JSON{"id": fmt.Sprintf("%032x", 12), "number": 12, "word": "leopard_cat", "name": "", "votes": JSON{}, "answers": JSON{}, "statements": []JSON{}},
		"statements": statements, "order": order,
		"results": nil, "map": nil, "table": nil,
		"counts": counts(), "hubs": []string{},
	}
}

// English puts the session's own texts into English.
func English(state, wall, host JSON) {
	sample := assets.Sample()
	session := state["session"].(JSON)
	session["title"], session["about"], session["notice"] = sample.Title.English, sample.About.English, sample.Notice.English
	session["contact"], session["practice"], session["language"] = sample.Contact.English, sample.Practice.English, "en"
	question := JSON{"id": "q1", "text": sample.Question.Text.English, "low": sample.Question.Low.English, "high": sample.Question.High.English}
	for _, told := range []JSON{state, wall, host} {
		told["question"], told["language"], told["title"] = question, "en", sample.Title.English
		for i, statement := range told["statements"].([]JSON) {
			if i < len(sample.Statements) {
				statement["text"], statement["lang"] = sample.Statements[i].English, "en"
			}
		}
	}
	settings := JSON{"title": sample.Title.English, "about": sample.About.English, "notice": sample.Notice.English, "contact": sample.Contact.English}
	for name, value := range settings {
		host["settings"].(JSON)[name] = value
	}
}

// Step gives a step of the kind that has run for seven of twenty minutes.
func Step(kind string, open bool) JSON {
	return JSON{"id": kind, "kind": kind, "open": open, "started": now() - 7*minute, "ends": now() + 12*minute + 40_000}
}

func counts() JSON {
	return JSON{"participants": 48, "imported": 73, "votes": 1207, "waiting": 7, "waiting_devices": 3}
}

// Results gives what 121 people said about the sample's statements.
func Results() JSON {
	random := rand.New(rand.NewPCG(1, 2))
	tallies := []JSON{}
	for i := range assets.Sample().Statements {
		agree, disagree := 12+random.IntN(30), 2+random.IntN(24)
		tallies = append(tallies, JSON{"id": ID(i), "agree": agree, "disagree": disagree, "pass": 2 + random.IntN(9)})
	}
	apart := func(id int, direction string, agree, votes int, elsewhere float64) JSON {
		return JSON{"id": ID(id), "direction": direction, "agree": agree, "votes": votes, "elsewhere": elsewhere}
	}
	return JSON{
		"participants": 121, "votes": 1207, "statements": tallies,
		"common": []string{ID(4), ID(10), ID(0)}, "divisive": []string{ID(1), ID(3)},
		"groups": []JSON{
			{"letter": "A", "size": 24, "apart": []JSON{apart(1, "agree", 20, 23, 0.41), apart(7, "agree", 19, 24, 0.5)}},
			{"letter": "B", "size": 36, "apart": []JSON{apart(3, "agree", 31, 35, 0.22), apart(6, "agree", 26, 33, 0.4)}},
			{"letter": "C", "size": 61, "apart": []JSON{apart(2, "disagree", 44, 58, 0.3)}},
		},
	}
}

// Map gives an opinion map of three groups, with the reader in group A.
func Map() JSON {
	random := rand.New(rand.NewPCG(3, 4))
	marks, hulls, labels := []JSON{}, []JSON{}, []JSON{}
	for _, group := range []struct {
		letter           string
		people           int
		x, y, rx, ry     float64
		labelX, labelY   float64
		anchorX, anchorY float64
	}{
		{"A", 24, 0.27, 0.24, 0.15, 0.13, 0.09, 0.06, 0.2, 0.16},
		{"B", 36, 0.66, 0.28, 0.2, 0.16, 0.88, 0.06, 0.76, 0.18},
		{"C", 61, 0.44, 0.53, 0.15, 0.13, 0.16, 0.68, 0.36, 0.6},
	} {
		left := group.people
		var cloud [][2]float64
		for left > 0 {
			angle, far := random.Float64()*2*math.Pi, math.Sqrt(random.Float64())
			x, y := group.x+group.rx*far*math.Cos(angle), group.y+group.ry*far*math.Sin(angle)
			people := 1
			if random.IntN(9) == 0 && left > 2 {
				people = 3
			}
			left -= people
			cloud = append(cloud, [2]float64{x, y})
			marks = append(marks, JSON{"x": x, "y": y, "group": group.letter, "people": people})
		}
		var points [][2]float64
		for i := range 9 {
			angle := 2 * math.Pi * float64(i) / 9
			points = append(points, [2]float64{group.x + group.rx*math.Cos(angle), group.y + group.ry*math.Sin(angle)})
		}
		hulls = append(hulls, JSON{"group": group.letter, "points": points})
		labels = append(labels, JSON{"group": group.letter, "people": group.people, "x": group.labelX, "y": group.labelY, "ax": group.anchorX, "ay": group.anchorY})
	}
	return JSON{
		"groups_found": true, "missing": []JSON{}, "scene": JSON{"marks": marks, "hulls": hulls, "labels": labels},
		"you": JSON{"x": marks[3]["x"], "y": marks[3]["y"], "group": "A"},
	}
}

// NoGroups gives a map on which no groups could be told apart.
func NoGroups() JSON {
	drawn := Map()
	scene := drawn["scene"].(JSON)
	for _, mark := range scene["marks"].([]JSON) {
		mark["group"] = ""
	}
	drawn["groups_found"], drawn["you"] = false, nil
	scene["hulls"], scene["labels"] = []JSON{}, []JSON{}
	return drawn
}

// NoMap gives what is told before there is a map.
func NoMap() JSON {
	return JSON{"groups_found": false, "missing": []JSON{{"id": "missing.people", "args": JSON{"N": "3"}}}, "scene": nil, "you": nil}
}

// Table gives the reader's table.
func Table(down bool) JSON {
	return JSON{
		"number": 3, "name": "", "devices_down": down, "question": assets.Sample().Discussion.Chinese,
		"people": seats(6, 12, 15, 20, 29, 36, 44), "host": JSON{"number": 6, "word": "muntjac", "name": "阿明"},
	}
}

// EnglishTable is Table with its question in English.
func EnglishTable(down bool) JSON {
	return with(Table(down), "question", assets.Sample().Discussion.English)
}

func seats(numbers ...int) []JSON {
	all := words.Animals()
	people := []JSON{}
	for _, n := range numbers {
		word := all[n*7%len(all)]
		switch n {
		case 12:
			word = "leopard_cat"
		case 6:
			word = "muntjac"
		}
		people = append(people, JSON{"number": n, "word": word, "name": ""})
	}
	return people
}

// Tables gives six tables of the wall.
func Tables() []JSON {
	tables := []JSON{}
	for t := range 6 {
		var numbers []int
		for i := range 8 {
			numbers = append(numbers, 1+t+6*i)
		}
		tables = append(tables, JSON{"number": t + 1, "people": seats(numbers...)})
	}
	return tables
}

func sampleWall(state JSON) JSON {
	return JSON{
		"version": 1, "now": now(), "session": state["session"].(JSON)["id"], "title": state["session"].(JSON)["title"], "language": "zh-Hant", "languages": []string{"zh-Hant", "en"},
		"mode": "join", "sample": false, "rehearsal": false, "step": Step("opinion", true),
		"join":   JSON{"addresses": []string{"http://192.168.0.10:8080", "http://folkmoot.local"}, "code": Code, "wifi": "NPO-HUB-4F", "qr": qr()},
		"counts": counts(), "question": state["question"], "answers": nil,
		"statements": clone(state["statements"].([]JSON)), "results": nil, "map": nil, "tables": nil,
	}
}

func sampleHost(wall JSON) JSON {
	host := JSON{}
	for name, value := range wall {
		host[name] = value
	}
	host["steps"] = []JSON{}
	for _, step := range assets.Sample().Steps {
		line := JSON{"id": step.Kind, "kind": step.Kind, "title": "", "minutes": step.Minutes, "open": false, "started": 0, "ends": 0, "undo": false}
		if step.Kind == "opinion" {
			running := Step("opinion", true)
			line["open"], line["started"], line["ends"] = true, running["started"], running["ends"]
		}
		if step.Kind == "checkin" {
			line["started"], line["ends"] = now()-20*minute, now()-8*minute
		}
		host["steps"] = append(host["steps"].([]JSON), line)
	}
	people, names := []JSON{}, JSON{}
	for i, seat := range seats(1, 2, 3, 5, 6, 8, 9, 10, 12, 14, 15, 17, 19, 20, 22, 24, 25, 27, 29, 31, 33, 36, 38, 40, 44, 46) {
		id := fmt.Sprintf("%032x", 0xb000+i)
		people = append(people, JSON{"id": id, "number": seat["number"], "word": seat["word"], "answered": i%7 != 3, "asked": i%3 != 1, "present": i%5 != 4, "seen": now() - 4000, "table": 0})
		if i%3 == 0 {
			names[id] = "阿明"
		}
	}
	statements := []JSON{}
	for i, statement := range clone(wall["statements"].([]JSON)) {
		statement["state"], statement["reason"], statement["look"] = "approved", "", false
		statement["votes"], statement["agree"], statement["disagree"], statement["pass"] = 46-i, 0, 0, 0
		statements = append(statements, statement)
	}
	added := func(n int, text, state, reason string, look bool) JSON {
		return JSON{"id": ID(n), "text": text, "lang": "zh-Hant", "seed": false, "state": state, "reason": reason, "votes": 0, "agree": 0, "disagree": 0, "pass": 0, "look": look}
	}
	statements = append(statements,
		added(20, "我覺得雨天也要有地方可以坐。", "pending", "", false),
		added(21, "小廣場旁邊應該留兩格給行動不便的人停車。", "pending", "", true),
		added(22, "隔壁里的人不要來。", "hidden", "針對人，不是看法", false))
	host["people"], host["names"], host["statements"] = people, names, statements
	host["late_votes"] = 0
	host["shown"] = JSON{"results": false, "map": false, "tables": false, "devices_down": false}
	host["plan"] = nil
	sample := assets.Sample()
	host["settings"] = JSON{"title": sample.Title.Chinese, "about": sample.About.Chinese, "notice": sample.Notice.Chinese, "contact": sample.Contact.Chinese, "licence": "CC BY 4.0"}
	return host
}

// Plan gives a plan of six tables that is not announced yet.
func Plan(mode string) JSON {
	tables := Tables()
	for i, table := range tables {
		table["groups"] = JSON{"A": 2, "B": 2 + i%2, "C": 4 - i%2}
	}
	return JSON{"id": fmt.Sprintf("%032x", 9), "mode": mode, "seed": 1, "announced": false, "superseding": false, "tables": tables, "unseated": 0, "late": 0, "uneven": 0.31}
}

// qr gives a pattern that looks like a code; nobody scans it in a test.
func qr() JSON {
	random := rand.New(rand.NewPCG(5, 6))
	path := ""
	corner := func(x, y int) bool { return x < 8 && y < 8 || x > 24 && y < 8 || x < 8 && y > 24 }
	for y := range 33 {
		for x := range 33 {
			if !corner(x, y) && random.IntN(2) == 0 {
				path += fmt.Sprintf("M%d %dh1v1h-1z", x, y)
			}
		}
	}
	for _, at := range [][2]int{{0, 0}, {26, 0}, {0, 26}} {
		path += fmt.Sprintf("M%d %dh7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z", at[0], at[1])
	}
	return JSON{"size": 33, "path": path}
}

func clone(objects []JSON) []JSON {
	var copies []JSON
	for _, object := range objects {
		fresh := JSON{}
		for name, value := range object {
			fresh[name] = value
		}
		copies = append(copies, fresh)
	}
	return copies
}
