package tablet_test

import (
	"math"
	"time"

	"folkmoot/app/readmodel"
)

// longStatement is as long as a statement may be.
const longStatement = "我覺得市場前面這一整排停車格如果真的要改成小廣場，應該先把卸貨的時間、機車的停車位、下雨天的遮棚、晚上的照明和打掃的責任都談清楚，寫成大家看得懂的約定，再開始動工，而且每三個月要回來檢討一次，請攤商、住戶和常來買菜的人一起看哪裡需要修改，這樣大家都能安心，也比較願意一起幫忙維護。"

const longEnglish = "If the row of parking spaces in front of the market really becomes a small square, the times for deliveries, the places for scooters, shelter from the rain, lighting at night and the duty of cleaning should all be settled first, in words that everybody understands."

var fixedNow = time.Date(2026, 6, 14, 14, 0, 0, 0, time.UTC)

// person gives a Handset of somebody who takes part.
func person(lang string, place readmodel.HandsetPlace) *readmodel.Handset {
	h := &readmodel.Handset{Place: place, Lang: lang, Title: "多元利害關係人治理", Mark: "石虎-2f", Person: &readmodel.Seat{Number: 312, Word: "leopard_cat"},
		Sheet: readmodel.HandsetSheet{About: "我們談河岸的空間怎麼用。\n大家一起想。", Use: "答案只用來畫意見地圖，活動後三個月刪除姓名。", Contact: "Amy，二樓服務台", Mark: "石虎-2f"},
		Open:  true, Answered: 9, Total: 32, Saved: readmodel.SavedHub, Limit: 140, Tabs: []readmodel.HandsetPlace{readmodel.AtVote},
		Step: &readmodel.ToldStep{ID: "opinion", Kind: "opinion", Open: true, Ends: uint64(fixedNow.Add(12*time.Minute + 40*time.Second).UnixMilli())}}
	if lang == "en" {
		h.Title = "Who governs with whom: a very long title of a session about governance with many stakeholders"
	}
	return h
}

func statement(lang string) string {
	if lang == "en" {
		return "Reaching consensus is necessary for governance with many stakeholders to succeed."
	}
	return "達成共識對多元利害關係人治理機制的成功是必要的。"
}

func changed(h *readmodel.Handset, change func(*readmodel.Handset)) *readmodel.Handset {
	change(h)
	return h
}

// handsets gives every screen in its states, by name.
func handsets(lang string) map[string]*readmodel.Handset {
	all := map[string]*readmodel.Handset{}
	before := func(name string, place readmodel.HandsetPlace, change func(*readmodel.Handset)) {
		all[name] = changed(&readmodel.Handset{Place: place, Lang: lang}, change)
	}
	within := func(name string, place readmodel.HandsetPlace, change func(*readmodel.Handset)) {
		all[name] = changed(person(lang, place), change)
	}
	nothing := func(*readmodel.Handset) {}
	startsOf(before, nothing)
	away := []readmodel.HandsetLine{{Key: "tablet.away"}, {Key: "tablet.kept", Args: map[string]any{"N": 12}}}
	within("notice", readmodel.AtNotice, func(h *readmodel.Handset) { h.First = true })
	within("notice sample", readmodel.AtNotice, func(h *readmodel.Handset) { h.First, h.Sheet.Sample, h.Sheet.Rehearsal = true, true, true })
	within("about", readmodel.AtNotice, nothing)
	within("name", readmodel.AtName, nothing)
	within("practice", readmodel.AtPractice, func(h *readmodel.Handset) {
		h.Practice = &readmodel.HandsetBallot{ID: "practice", Text: "我喜歡吃芒果。"}
	})
	within("practised", readmodel.AtPractice, func(h *readmodel.Handset) {
		h.Practice = &readmodel.HandsetBallot{ID: "practice", Text: "我喜歡吃芒果。", Chosen: "agree"}
	})
	within("question", readmodel.AtQuestion, func(h *readmodel.Handset) {
		h.Question = &readmodel.HandsetQuestion{ID: "q1", Text: "你對多元利害關係人治理有多少了解？", Low: "完全不了解", High: "非常了解", Given: 3}
	})
	ballot := func(h *readmodel.Handset) { h.Ballot = &readmodel.HandsetBallot{ID: "s1", Text: statement(lang)} }
	within("vote", readmodel.AtVote, ballot)
	within("vote first", readmodel.AtVote, func(h *readmodel.Handset) { ballot(h); h.Answered, h.Saved = 0, "" })
	within("vote long", readmodel.AtVote, func(h *readmodel.Handset) {
		h.Ballot = &readmodel.HandsetBallot{ID: "s2", Text: map[string]string{"en": longEnglish, "zh-Hant": longStatement}[lang]}
	})
	within("vote away", readmodel.AtVote, func(h *readmodel.Handset) { ballot(h); h.Banner, h.Saved, h.Kept = away, readmodel.SavedHere, 12 })
	within("vote troubled", readmodel.AtVote, func(h *readmodel.Handset) {
		ballot(h)
		h.Banner = []readmodel.HandsetLine{{Key: "tablet.newer"}, {Key: "tablet.kept", Args: map[string]any{"N": 12}}, {Key: "tablet.clock_days", Args: map[string]any{"N": 1}}}
		h.Notice, h.Saved = &readmodel.HandsetLine{Key: "tablet.not_kept"}, readmodel.SavedHere
	})
	within("vote warned", readmodel.AtVote, func(h *readmodel.Handset) { *h = *all["vote troubled"]; h.Notice = nil })
	within("vote idle", readmodel.AtVote, func(h *readmodel.Handset) { ballot(h); h.Idle = 24 })
	within("earlier", readmodel.AtEarlier, func(h *readmodel.Handset) {
		h.Ballot = &readmodel.HandsetBallot{ID: "s1", Text: statement(lang), Chosen: "disagree"}
		h.Tabs = []readmodel.HandsetPlace{readmodel.AtVote, readmodel.AtResults, readmodel.AtMap, readmodel.AtTable}
	})
	within("write", readmodel.AtWrite, func(h *readmodel.Handset) {
		h.Draft = "為什麼不能停車？"
		h.Own = []readmodel.ToldOwn{{ID: "a", Text: "河岸應該種樹。", State: "approved"}, {ID: "b", Text: "夜間應該開燈。", State: "hidden", Reason: "已有一則相同的"}, {ID: "c", Text: "市場要有廁所。", State: "pending"}, {ID: "d", Text: "橋上要有燈。", State: readmodel.OwnHere}}
	})
	within("written", readmodel.AtWrite, func(h *readmodel.Handset) { h.Notice = &readmodel.HandsetLine{Key: "write.live", Good: true} })
	within("write refused", readmodel.AtWrite, func(h *readmodel.Handset) {
		h.Draft = "河岸應該種樹。"
		h.Notice = &readmodel.HandsetLine{Key: "refused.line", Arg: "refused.duplicate", Args: map[string]any{"Limit": 0}}
	})
	for _, place := range []readmodel.HandsetPlace{readmodel.AtDone, readmodel.AtEmpty} {
		within(string(place), place, func(h *readmodel.Handset) { h.CanChange = true })
	}
	for _, place := range []readmodel.HandsetPlace{readmodel.AtWait, readmodel.AtClosed} {
		within(string(place), place, func(h *readmodel.Handset) { h.Open, h.CanChange = false, place == readmodel.AtWait })
	}
	resultsOf(within)
	tablesOf(within, away)
	return all
}

type adding func(name string, place readmodel.HandsetPlace, change func(*readmodel.Handset))

func startsOf(add adding, nothing func(*readmodel.Handset)) {
	found := []readmodel.HandsetOffer{{ID: "1", Title: "多元利害關係人治理", Host: "Amy 的筆電", Address: "192.168.1.20"}, {ID: "2", Title: "The riverside", Host: "Room B", Full: true}}
	kept := []readmodel.HandsetOffer{{ID: "3", Title: "上週的工作坊", Host: "Bo"}, {ID: "4", Title: "The market", Host: "Amy", Unpaired: true}}
	add("start", readmodel.AtStart, func(h *readmodel.Handset) {
		h.Start = readmodel.HandsetOffers{Found: found, Kept: kept, Looking: true, Name: "Galaxy Tab A9"}
	})
	add("start nothing", readmodel.AtStart, func(h *readmodel.Handset) { h.Start.Looking = true })
	add("start alone", readmodel.AtStart, func(h *readmodel.Handset) { h.Start.Kept = kept })
	add("start none", readmodel.AtStart, nothing)
	for _, stand := range []readmodel.PairingStand{readmodel.PairingAsking, readmodel.PairingCompare, readmodel.PairingWaiting, readmodel.PairingDeclined, readmodel.PairingExpired, readmodel.PairingFailed} {
		add("pairing "+string(stand), readmodel.AtPairing, func(h *readmodel.Handset) {
			h.Pairing = &readmodel.HandsetPairing{Stand: stand, Digits: "482915", Host: "Amy 的筆電", Title: "多元利害關係人治理"}
		})
	}
	for _, reason := range []readmodel.PairingReason{readmodel.ReasonDamaged, readmodel.ReasonNoLink, readmodel.ReasonLinkNewer, readmodel.ReasonSpent,
		readmodel.ReasonImpostor, readmodel.ReasonOwn, readmodel.ReasonVersion, readmodel.ReasonCrowd} {
		add("pairing "+string(reason), readmodel.AtPairing, func(h *readmodel.Handset) {
			h.Pairing = &readmodel.HandsetPairing{Stand: readmodel.PairingFailed, Reason: reason}
		})
	}
	titled := func(h *readmodel.Handset) { h.Title = "多元利害關係人治理" }
	for _, place := range []readmodel.HandsetPlace{readmodel.AtFetching, readmodel.AtUnpaired, readmodel.AtWelcome, readmodel.AtHand, readmodel.AtBadge, readmodel.AtMove} {
		add(string(place), place, func(h *readmodel.Handset) { titled(h); h.Kept = 4 })
	}
	add("hand away", readmodel.AtHand, func(h *readmodel.Handset) {
		titled(h)
		h.Banner = []readmodel.HandsetLine{{Key: "tablet.away"}, {Key: "tablet.kept", Args: map[string]any{"N": 12}}}
	})
	add("badge wrong", readmodel.AtBadge, func(h *readmodel.Handset) { titled(h); h.Notice = &readmodel.HandsetLine{Key: "badge.wrong"} })
}

func resultsOf(add adding) {
	tally := readmodel.Tally{ID: "s1", Agree: 24, Disagree: 7, Pass: 3}
	line := readmodel.HandsetResult{Text: "達成共識對多元利害關係人治理機制的成功是必要的。", Tally: tally, Own: "agree"}
	apart := readmodel.HandsetResult{Text: "河岸應該種樹。", Tally: tally, Apart: &readmodel.HandsetLine{Key: "results.apart_agree",
		Args: map[string]any{"Letter": "A", "Agree": 26, "Votes": 31, "Tenths": "4"}}}
	results := &readmodel.HandsetResults{Participants: 48, Votes: 1207, Sections: []readmodel.HandsetSection{
		{Key: "results.common", Lines: []readmodel.HandsetResult{line}}, {Key: "results.apart", Letter: "A", Lines: []readmodel.HandsetResult{apart}},
		{Key: "results.all", Lines: []readmodel.HandsetResult{line, {Text: "夜間應該開燈。"}}}}}
	tabs := []readmodel.HandsetPlace{readmodel.AtVote, readmodel.AtResults, readmodel.AtMap}
	add("results", readmodel.AtResults, func(h *readmodel.Handset) { h.Results, h.Tabs, h.Open = results, tabs, false })
	add("map", readmodel.AtMap, func(h *readmodel.Handset) {
		h.Results, h.Tabs, h.Open = results, tabs, false
		h.Map = &readmodel.MapForRoom{GroupsFound: true, Light: readmodel.Amber, Missing: []readmodel.Sentence{{ID: "missing.half", Args: map[string]string{"N": "6"}}}, Scene: scene()}
	})
	add("map none", readmodel.AtMap, func(h *readmodel.Handset) {
		h.Tabs = tabs
		h.Map = &readmodel.MapForRoom{Light: readmodel.Red, Missing: []readmodel.Sentence{{ID: "missing.people", Args: map[string]string{"N": "6"}}}}
	})
}

// scene gives a map of three groups.
func scene() *readmodel.Scene {
	s := &readmodel.Scene{}
	for g, letter := range []string{"A", "B", "C"} {
		x, y := 0.25+0.25*float64(g), 0.3+0.15*float64(g%2)
		for i := range 12 {
			turn := float64(i) * 2.4
			s.Marks = append(s.Marks, readmodel.Mark{X: x + 0.012*float64(i%4)*math.Cos(turn), Y: y + 0.012*float64(i%5)*math.Sin(turn), Group: letter, People: 1 + i%3, Between: i == 5})
		}
		s.Hulls = append(s.Hulls, readmodel.Hull{Group: letter, Points: [][2]float64{{x - .07, y - .07}, {x + .07, y - .07}, {x + .07, y + .07}, {x - .07, y + .07}}})
		s.Labels = append(s.Labels, readmodel.Label{Group: letter, People: 23, X: x, Y: 0.08, AX: x, AY: y - 0.07})
	}
	return s
}

func tablesOf(add adding, away []readmodel.HandsetLine) {
	table := readmodel.Table{Number: 3, Question: "你覺得多元利害關係人治理機制可以解決目前全球政治極化的問題嗎？", Host: &readmodel.Seat{Number: 6, Word: "otter"},
		People: []readmodel.Seat{{Number: 6, Word: "otter"}, {Number: 12, Word: "leopard_cat", Name: "小明"}, {Number: 312, Word: "otter"}}}
	tabs := []readmodel.HandsetPlace{readmodel.AtVote, readmodel.AtTable}
	add("table", readmodel.AtTable, func(h *readmodel.Handset) { h.Table, h.Tabs = &table, tabs })
	add("table none", readmodel.AtTable, func(h *readmodel.Handset) { h.Table, h.Tabs = &readmodel.Table{}, tabs })
	down := table
	down.DevicesDown = true
	add("down", readmodel.AtDown, func(h *readmodel.Handset) { h.Table, h.Tabs, h.Banner = &down, tabs, away })
}
