package readmodel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// told gives what a hub says to somebody in an open round with two statements.
func told() *readmodel.Told {
	return &readmodel.Told{
		Session:    readmodel.ToldSession{Title: "河岸", Language: "zh-Hant", In: map[string]map[string]string{"en": {"title": "The riverside"}}},
		Step:       &readmodel.ToldStep{ID: "opinion", Kind: "opinion", Open: true},
		Statements: []readmodel.ToldStatement{{ID: "a", Text: "一", Lang: "zh-Hant", Texts: map[string]string{"en": "One"}}, {ID: "b", Text: "二", Lang: "zh-Hant"}},
		Order:      []string{"b", "gone"},
		Me:         readmodel.ToldPerson{Number: 7, Word: "otter", Votes: map[string]readmodel.ToldVote{}, Answers: map[string]readmodel.ToldMark{}},
	}
}

func ready() readmodel.HandsetPerson { return readmodel.HandsetPerson{Stage: readmodel.StageReady} }

func TestHandsetPlaces(t *testing.T) {
	open := &readmodel.ToldSession{Title: "河岸"}
	vote := func(value string, rev uint64) readmodel.ToldVote { return readmodel.ToldVote{Value: value, Rev: rev} }
	person := func(change func(*readmodel.Told, *readmodel.HandsetPerson)) readmodel.HandsetKnown {
		k := readmodel.HandsetKnown{Session: open, Told: told(), Person: ready()}
		change(k.Told, &k.Person)
		return k
	}
	for name, c := range map[string]struct {
		known readmodel.HandsetKnown
		want  readmodel.HandsetPlace
	}{
		"nothing":         {readmodel.HandsetKnown{}, readmodel.AtStart},
		"pairing":         {readmodel.HandsetKnown{Pairing: &readmodel.HandsetPairing{}}, readmodel.AtPairing},
		"on its way":      {readmodel.HandsetKnown{Fetching: true}, readmodel.AtFetching},
		"unpaired":        {readmodel.HandsetKnown{Session: open, Told: told(), Reach: readmodel.HandsetReach{State: readmodel.ReachUnpaired}}, readmodel.AtUnpaired},
		"nobody yet":      {readmodel.HandsetKnown{Session: open}, readmodel.AtWelcome},
		"nobody any more": {readmodel.HandsetKnown{Session: open, PassedOn: true}, readmodel.AtHand},
		"by badge":        {readmodel.HandsetKnown{Session: open, Badging: true}, readmodel.AtBadge},
		"badge in use":    {readmodel.HandsetKnown{Session: open, Badging: true, Moving: true}, readmodel.AtMove},
		"notice":          {person(func(_ *readmodel.Told, p *readmodel.HandsetPerson) { p.Stage = readmodel.StageNotice }), readmodel.AtNotice},
		"about":           {person(func(_ *readmodel.Told, p *readmodel.HandsetPerson) { p.About = true }), readmodel.AtNotice},
		"name":            {person(func(_ *readmodel.Told, p *readmodel.HandsetPerson) { p.Stage = readmodel.StageName }), readmodel.AtName},
		"practice": {person(func(t *readmodel.Told, p *readmodel.HandsetPerson) {
			p.Stage, t.Session.Practice = readmodel.StagePractice, "x"
		}), readmodel.AtPractice},
		"no practice when it is over": {person(func(t *readmodel.Told, p *readmodel.HandsetPerson) {
			p.Stage, t.Session.Practice, t.Step.Open = readmodel.StagePractice, "x", false
		}), readmodel.AtClosed},
		"question": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) { t.Question = &readmodel.ToldQuestion{ID: "q1"} }), readmodel.AtQuestion},
		"question answered": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) {
			t.Question, t.Me.Answers["q1"] = &readmodel.ToldQuestion{ID: "q1"}, readmodel.ToldMark{Value: 0}
		}), readmodel.AtVote},
		"question skipped": {person(func(t *readmodel.Told, p *readmodel.HandsetPerson) {
			t.Question, p.Skipped = &readmodel.ToldQuestion{ID: "q1"}, true
		}), readmodel.AtVote},
		"vote": {person(func(*readmodel.Told, *readmodel.HandsetPerson) {}), readmodel.AtVote},
		"earlier": {person(func(t *readmodel.Told, p *readmodel.HandsetPerson) {
			t.Me.Votes["a"] = vote("agree", 1)
			p.Wish, p.Earlier = readmodel.AtEarlier, "a"
		}), readmodel.AtEarlier},
		"earlier is gone": {person(func(_ *readmodel.Told, p *readmodel.HandsetPerson) { p.Wish, p.Earlier = readmodel.AtEarlier, "x" }), readmodel.AtVote},
		"done": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) {
			t.Me.Votes["a"], t.Me.Votes["b"] = vote("pass", 1), vote("agree", 2)
		}), readmodel.AtDone},
		"taken back": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) {
			t.Me.Votes["a"], t.Me.Votes["b"] = vote("none", 1), vote("agree", 2)
		}), readmodel.AtVote},
		"empty":                      {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) { t.Statements = nil }), readmodel.AtEmpty},
		"wait":                       {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) { t.Step = nil }), readmodel.AtWait},
		"closed":                     {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) { t.Step.Open = false }), readmodel.AtClosed},
		"write":                      {person(func(_ *readmodel.Told, p *readmodel.HandsetPerson) { p.Wish = readmodel.AtWrite }), readmodel.AtWrite},
		"no writing when it is over": {person(func(t *readmodel.Told, p *readmodel.HandsetPerson) { p.Wish, t.Step.Open = readmodel.AtWrite, false }), readmodel.AtClosed},
		"results": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) {
			t.Step.Open, t.Results = false, &readmodel.Results{}
		}), readmodel.AtResults},
		"map": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) {
			t.Step.Open, t.Results, t.Map = false, &readmodel.Results{}, &readmodel.MapForRoom{}
		}), readmodel.AtMap},
		"tables": {person(func(t *readmodel.Told, _ *readmodel.HandsetPerson) {
			t.Step, t.Map, t.Table = &readmodel.ToldStep{Kind: "tables", Open: true}, &readmodel.MapForRoom{}, &readmodel.Table{}
		}), readmodel.AtTable},
		"devices down": {person(func(t *readmodel.Told, p *readmodel.HandsetPerson) {
			p.Wish, t.Table = readmodel.AtWrite, &readmodel.Table{DevicesDown: true}
		}), readmodel.AtDown},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readmodel.HandsetOf(c.known).Place; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHandsetStatementStays(t *testing.T) {
	k := readmodel.HandsetKnown{Lang: "en", Session: &readmodel.ToldSession{}, Told: told(), Person: ready()}
	h := readmodel.HandsetOf(k)
	if h.Next() != "b" || h.Ballot.Text != "二" || h.Title != "The riverside" {
		t.Fatalf("next %q, %+v, title %q", h.Next(), h.Ballot, h.Title)
	}
	k.Person.Current = "b"
	k.Told.Order = []string{"a", "b"}
	if got := readmodel.HandsetOf(k).Next(); got != "b" {
		t.Errorf("another order took the statement away: %q", got)
	}
	k.Told.Me.Votes["b"] = readmodel.ToldVote{Value: "agree", Rev: 5}
	if h = readmodel.HandsetOf(k); h.Next() != "a" || h.Ballot.Text != "One" || h.Ballot.Lang != "en" || h.Answered != 1 || h.Total != 2 {
		t.Errorf("next %q, %+v, %d of %d", h.Next(), h.Ballot, h.Answered, h.Total)
	}
	k.Told.Me.Votes["a"] = readmodel.ToldVote{Value: "pass", Rev: 4}
	first := k.Told.Earlier("")
	if second := k.Told.Earlier(first); first != "b" || second != "a" || k.Told.Earlier(second) != "a" {
		t.Errorf("earlier %q, then %q", first, second)
	}
}

func TestHandsetBanner(t *testing.T) {
	for name, c := range map[string]struct {
		reach readmodel.HandsetReach
		want  string
		saved readmodel.HandsetSaved
	}{
		"here":         {readmodel.HandsetReach{State: readmodel.ReachHere}, "", readmodel.SavedHub},
		"sending":      {readmodel.HandsetReach{State: readmodel.ReachHere, Kept: 2}, "", readmodel.Sending},
		"away":         {readmodel.HandsetReach{State: readmodel.ReachAway, Kept: 12}, "tablet.away tablet.kept", readmodel.SavedHere},
		"away safe":    {readmodel.HandsetReach{State: readmodel.ReachAway}, "tablet.away status.safe", readmodel.SavedHere},
		"alone":        {readmodel.HandsetReach{Kept: 1}, "tablet.alone tablet.kept", readmodel.SavedHere},
		"refused":      {readmodel.HandsetReach{State: readmodel.ReachRefused, Kept: 1}, "tablet.refused tablet.kept", readmodel.SavedHere},
		"newer":        {readmodel.HandsetReach{State: readmodel.ReachAway, Newer: true}, "tablet.newer status.safe", readmodel.SavedHere},
		"older":        {readmodel.HandsetReach{State: readmodel.ReachAway, Older: true}, "tablet.older status.safe", readmodel.SavedHere},
		"full":         {readmodel.HandsetReach{State: readmodel.ReachHere, Full: true}, "tablet.full", readmodel.SavedHub},
		"full, away":   {readmodel.HandsetReach{State: readmodel.ReachAway, Full: true, Kept: 2}, "tablet.full", readmodel.SavedHere},
		"full, newer":  {readmodel.HandsetReach{State: readmodel.ReachRefused, Newer: true, Full: true}, "tablet.full", readmodel.SavedHere},
		"nine minutes": {readmodel.HandsetReach{State: readmodel.ReachHere, Ahead: 9 * 60_000}, "", readmodel.SavedHub},
		"ten minutes":  {readmodel.HandsetReach{State: readmodel.ReachHere, Ahead: -10 * 60_000}, "tablet.clock_minutes(10)", readmodel.SavedHub},
		"some hours":   {readmodel.HandsetReach{State: readmodel.ReachHere, Ahead: 8 * 3_600_000}, "tablet.clock_hours(8)", readmodel.SavedHub},
		"a day":        {readmodel.HandsetReach{State: readmodel.ReachHere, Ahead: 24*3_600_000 + 5}, "tablet.clock_days(1)", readmodel.SavedHub},
	} {
		t.Run(name, func(t *testing.T) {
			k := readmodel.HandsetKnown{Session: &readmodel.ToldSession{}, Told: told(), Person: ready(), Reach: c.reach}
			k.Told.Me.Votes["a"] = readmodel.ToldVote{Value: "agree", Rev: 1}
			h := readmodel.HandsetOf(k)
			var got []string
			for _, line := range h.Banner {
				if !words.Has(line.Key) {
					t.Errorf("no text %s", line.Key)
				}
				key := line.Key
				if strings.HasPrefix(key, "tablet.clock") {
					key = fmt.Sprintf("%s(%v)", key, line.Args["N"])
				}
				got = append(got, key)
			}
			if strings.Join(got, " ") != c.want || h.Saved != c.saved {
				t.Errorf("got %v %q, want %q %q", got, h.Saved, c.want, c.saved)
			}
		})
	}
}

// TestCoach goes by the same sentences as the page's.
func TestCoach(t *testing.T) {
	for text, want := range map[string]string{
		"我覺得開會時間應該提前一個月公告。": "", "The pavement should be wider.": "", "小廣場要有樹蔭": "",
		"為什麼不能停車？": "question", "停車格應該要留下來嗎": "question", "是不是應該先試辦三個月": "question", "Why is there no shade here?": "question",
		"Should we keep the parking spaces": "question", "大家覺得呢？！": "question",
		"路要變寬。攤位要變少。": "two", "The road is too wide. The stalls are too small.": "two", "先試辦；再檢討": "two", "先試辦三個月\n再決定": "two", "費用大約是 3.5 萬元。": "",
		"1. 種樹\n2. 擺椅子": "list", "- more trees": "list", "一、種樹 二、擺椅子": "list", "（1）種樹（2）擺椅子": "list",
		"@石虎 我也這樣想": "reply", "樓上說得對": "reply", "I agree with the above": "reply",
		"停車格不應該拿掉。": "negative", "We shouldn’t remove the parking.": "negative", "不同的人可以有不同的看法，這樣很不錯。": "",
		strings.Repeat("字", 85): "long", strings.Repeat("字", 84): "",
	} {
		if got := strings.Join(readmodel.Hints(text, 140), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"": "empty", "  \n　": "empty", "👍👍🏽": "emoji_only", "？！…": "emoji_only", "👍 好": "", "𠮷": "", "ㄅㄆㄇ": "", "7": "",
		strings.Repeat("字", 140): "", strings.Repeat("字", 141): "too_long"} {
		if got := readmodel.Held(text, 140); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestHandsetResults(t *testing.T) {
	k := readmodel.HandsetKnown{Lang: "en", Session: &readmodel.ToldSession{}, Told: told(), Person: ready()}
	k.Told.Step.Open = false
	k.Told.Me.Votes["a"] = readmodel.ToldVote{Value: "agree", Rev: 1}
	k.Told.Results = &readmodel.Results{Participants: 9, Votes: 30, Statements: []readmodel.Tally{{ID: "a", Agree: 5}, {ID: "gone", Agree: 1}}, Common: []string{"a"},
		Groups: []readmodel.GroupResults{{Letter: "A", Apart: []readmodel.Apart{{ID: "a", Direction: "disagree", Agree: 4, Votes: 5, Elsewhere: 0.04}}}, {Letter: "B"}}}
	r := readmodel.HandsetOf(k).Results
	var keys []string
	for _, s := range r.Sections {
		keys = append(keys, s.Key+s.Letter)
	}
	if want := []string{"results.common", "results.apartA", "results.all"}; !slices.Equal(keys, want) {
		t.Fatalf("sections %v, want %v", keys, want)
	}
	if line := r.Sections[0].Lines[0]; line.Text != "One" || line.Own != "agree" || line.Tally.Agree != 5 {
		t.Errorf("line %+v", line)
	}
	if apart := r.Sections[1].Lines[0].Apart; apart.Key != "results.apart_disagree_few" || apart.Args["Votes"] != 5 {
		t.Errorf("apart %+v", apart)
	}
	if len(r.Sections[2].Lines) != 1 {
		t.Error("a statement that is gone is listed")
	}
}
