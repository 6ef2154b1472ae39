package readmodel_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"folkmoot/analysis/seating"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// act carries an act out in a room.
func act(t *testing.T, r *readmodeltest.Room, a readmodel.Act) []moot.Item {
	t.Helper()
	items, err := items(t, r, a)
	if err != nil {
		t.Fatalf("%+v: %v", a, err)
	}
	r.Do(items, nil)
	return items
}

func items(t *testing.T, r *readmodeltest.Room, a readmodel.Act) ([]moot.Item, error) {
	t.Helper()
	view, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	return a.Items(context.Background(), view, r.View(), r.Now, r.IDs)
}

// votingRoom is a room of fourteen who voted on nine statements and answered a question.
func votingRoom(t *testing.T) (*readmodeltest.Room, []moot.ParticipantID, []moot.StatementID) {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	r.Do(readmodel.SetField(r.View(), moot.Question, "你覺得安全嗎？", r.IDs))
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 1}, 14, 9)
	return r, pids, sids
}

func TestEveryAct(t *testing.T) {
	r, pids, sids := votingRoom(t)
	waits := moot.StatementID(r.Put(&moot.NewStatement{Text: "在等的。", Lang: "zh-Hant", Standing: moot.Pending, Src: moot.FromPhone, Made: r.Now}))
	english := moot.StatementID(r.Put(&moot.NewStatement{Text: "It waits.", Lang: "en", Standing: moot.Approved, Src: moot.FromPhone, Made: r.Now}))
	first := pids[0].String()
	session := func(f moot.Field) string { return r.View().Session.Get(f) }
	standing := func(id moot.StatementID) moot.Standing { return r.View().Statement(id).Standing }
	cases := []struct {
		act  readmodel.Act
		done func() bool
	}{
		{readmodel.Act{Act: "step", Step: "opinion", Do: "extend", Minutes: 3}, func() bool { return r.View().Step("opinion").Ends == readmodeltest.Start+23*minute }},
		{readmodel.Act{Act: "step", Step: "opinion", Do: "close"}, func() bool { return !r.View().Voting() }},
		{readmodel.Act{Act: "step", Step: "opinion", Do: "undo"}, func() bool { return r.View().Voting() }},
		{readmodel.Act{Act: "step", Step: "map", Do: "start"}, func() bool { return r.View().Step("map").Open && !r.View().Voting() && session(moot.WallMode) == "map" }},
		{readmodel.Act{Act: "wall", Mode: "join"}, func() bool { return session(moot.WallMode) == "join" }},
		{readmodel.Act{Act: "statement", ID: waits.String(), Do: "approve"}, func() bool { return standing(waits) == moot.Approved }},
		{readmodel.Act{Act: "statement", ID: waits.String(), Do: "pending"}, func() bool { return standing(waits) == moot.Pending }},
		{readmodel.Act{Act: "statement", ID: waits.String(), Do: "remove"}, func() bool { return standing(waits) == moot.Removed }},
		{readmodel.Act{Act: "statement", ID: waits.String()[:8], Do: "hide", Reason: "說法重複"}, func() bool {
			return standing(waits) == moot.Hidden && r.View().Statement(waits).Reason == "說法重複"
		}},
		{readmodel.Act{Act: "pair", ID: waits.String(), With: english.String()}, func() bool {
			return r.View().Statement(waits).Texts["en"] == "It waits." && standing(english) == moot.Hidden
		}},
		{readmodel.Act{Act: "pair", ID: waits.String(), Text: " It waited. "}, func() bool { return r.View().Statement(waits).Texts["en"] == "It waited." }},
		{readmodel.Act{Act: "unpair", ID: waits.String()}, func() bool { return r.View().Statement(waits).Texts == nil }},
		{readmodel.Act{Act: "edit", ID: waits.String(), Text: "改過的。"}, func() bool {
			all := r.View().Statements
			last := all[len(all)-1]
			return last.Text == "改過的。" && last.Edits == waits && last.Standing == moot.Pending && standing(waits) == moot.Hidden
		}},
		{readmodel.Act{Act: "add", Text: "再一則。", Lang: "zh-Hant"}, func() bool {
			all := r.View().Statements
			return all[len(all)-1].Text == "再一則。" && all[len(all)-1].Votable() && !all[len(all)-1].Seed
		}},
		{readmodel.Act{Act: "show", What: "results", On: true}, func() bool {
			return session(moot.ShowResult) == "on" && session(moot.MapAnchor) != "" && session(moot.WallMode) == "join"
		}},
		{readmodel.Act{Act: "show", What: "map", On: true}, func() bool { return session(moot.ShowMap) == "on" && session(moot.WallMode) == "map" }},
		{readmodel.Act{Act: "show", What: "map"}, func() bool { return session(moot.ShowMap) == "" && session(moot.WallMode) == "map" }},
		{readmodel.Act{Act: "plan", Mode: "mixed", Min: 3, Max: 5, Seed: 9}, func() bool { return readmodel.NewestPlan(r.View()).Seed == 9 && session(moot.ActivePlan) == "" }},
		{readmodel.Act{Act: "plan", Mode: "answer", Answer: "gather", Min: 3, Max: 5, Seed: 10}, func() bool { return readmodel.NewestPlan(r.View()).Measure == -1 }},
		{readmodel.Act{Act: "show", What: "tables", On: true}, func() bool { return session(moot.ActivePlan) != "" && session(moot.WallMode) == "tables" }},
		{readmodel.Act{Act: "show", What: "devices_down", On: true}, func() bool { return session(moot.DevicesOff) == "on" }},
		{readmodel.Act{Act: "wall", Mode: "black"}, func() bool { return session(moot.WallMode) == "black" }},
		{readmodel.Act{Act: "present", ID: first}, func() bool { return !r.View().Person(pids[0]).Present() }},
		{readmodel.Act{Act: "present", ID: first, On: true}, func() bool { return r.View().Person(pids[0]).Present() }},
		{readmodel.Act{Act: "set", Field: "notice", Value: "誰 \n 為什麼"}, func() bool { return session(moot.Notice) == "誰\n為什麼" }},
		{readmodel.Act{Act: "set", Field: "question", Value: "你覺得安全嗎？"}, func() bool { return true }}, // as it stands
	}
	// The wall goes along with a step, but stays black where somebody made it so.
	cases = append(cases, []struct {
		act  readmodel.Act
		done func() bool
	}{
		{readmodel.Act{Act: "step", Step: "opinion", Do: "start"}, func() bool { return session(moot.WallMode) == "black" }},
		{readmodel.Act{Act: "wall", Mode: "rules"}, func() bool { return session(moot.WallMode) == "rules" }},
		{readmodel.Act{Act: "step", Step: "report", Do: "start"}, func() bool { return session(moot.WallMode) == "clock" }},
		{readmodel.Act{Act: "step", Step: "tables", Do: "start"}, func() bool { return session(moot.WallMode) == "tables" }},
		{readmodel.Act{Act: "step", Step: "checkin", Do: "start"}, func() bool { return session(moot.WallMode) == "join" }},
	}...)
	for _, c := range cases {
		if c.act.Act == "plan" {
			r.Now++
		}
		act(t, r, c.act)
		r.Now += 1000
		if !c.done() {
			t.Errorf("%+v was not done", c.act)
		}
	}
	if standing(sids[0]) != moot.Approved {
		t.Error("another statement was touched")
	}
}

func TestActsThatCannotBe(t *testing.T) {
	r, pids, sids := votingRoom(t)
	fresh := r.Statement("還沒有人投的。")
	imported := r.ImportStatement("7", "1", "別處來的。", 1, 1, 1)
	english := moot.StatementID(r.Put(&moot.NewStatement{Text: "Voted on.", Lang: "en", Standing: moot.Approved, Src: moot.FromPhone, Made: r.Now}))
	r.Vote(pids[0], english, moot.Agree)
	late := moot.StatementID(r.Put(&moot.NewStatement{Text: "Voted on late.", Lang: "en", Standing: moot.Approved, Src: moot.FromPhone, Made: r.Now}))
	r.Put(&moot.SetVote{Person: pids[0], Statement: late, Value: moot.Agree, Rev: 1, Src: moot.FromPhone})
	var refusal *moot.Refusal
	cases := []struct {
		name string
		act  readmodel.Act
		want error // nil for a moot.Refusal
	}{
		{"no act", readmodel.Act{}, readmodel.ErrUnknownAct},
		{"a step that is danced", readmodel.Act{Act: "step", Step: "map", Do: "dance"}, readmodel.ErrUnknownAct},
		{"a statement that is danced", readmodel.Act{Act: "statement", ID: fresh.String(), Do: "dance"}, readmodel.ErrUnknownAct},
		{"a statement that is not there", readmodel.Act{Act: "statement", ID: strings.Repeat("9", 32), Do: "hide"}, readmodel.ErrUnknownStatement},
		{"a beginning that is too short", readmodel.Act{Act: "statement", ID: fresh.String()[:3], Do: "hide"}, readmodel.ErrUnknownStatement},
		{"edit what was voted on", readmodel.Act{Act: "edit", ID: sids[0].String(), Text: "別的。"}, readmodel.ErrVotedOn},
		{"edit what was voted on late", readmodel.Act{Act: "edit", ID: late.String(), Text: "Other."}, readmodel.ErrVotedOn},
		{"edit what came from elsewhere", readmodel.Act{Act: "edit", ID: imported.String(), Text: "別的。"}, readmodel.ErrVotedOn},
		{"edit what is not there", readmodel.Act{Act: "edit", ID: "ffff", Text: "別的。"}, readmodel.ErrUnknownStatement},
		{"pair in one language", readmodel.Act{Act: "pair", ID: sids[0].String(), With: fresh.String()}, readmodel.ErrSameLanguage},
		{"pair with itself", readmodel.Act{Act: "pair", ID: fresh.String(), With: fresh.String()}, readmodel.ErrUnknownStatement},
		{"pair with what was voted on", readmodel.Act{Act: "pair", ID: fresh.String(), With: english.String()}, readmodel.ErrVotedOn},
		{"pair with what is not there", readmodel.Act{Act: "pair", ID: fresh.String(), With: "ffff"}, readmodel.ErrUnknownStatement},
		{"unpair what is no pair", readmodel.Act{Act: "unpair", ID: fresh.String()}, readmodel.ErrUnknownStatement},
		{"show a name", readmodel.Act{Act: "show", What: "names", On: true}, readmodel.ErrUnknownSwitch},
		{"tables without a plan", readmodel.Act{Act: "show", What: "tables", On: true}, readmodel.ErrUnknownPlan},
		{"a wall that is not there", readmodel.Act{Act: "wall", Mode: "party"}, readmodel.ErrUnknownSwitch},
		{"fewer than no seats", readmodel.Act{Act: "plan", Min: -1, Max: 4}, readmodel.ErrSeats},
		{"more at least than at most", readmodel.Act{Act: "plan", Min: 5, Max: 4}, readmodel.ErrSeats},
		{"a plan that is not there", readmodel.Act{Act: "plan", Mode: "dance", Min: 3, Max: 4}, seating.ErrOptions},
		{"nobody's presence", readmodel.Act{Act: "present", ID: "me", On: true}, nil},
		{"a field of the program's", readmodel.Act{Act: "set", Field: string(moot.MapAnchor), Value: "x"}, readmodel.ErrUnknownAct},
		{"the digits", readmodel.Act{Act: "set", Field: string(moot.JoinCode), Value: "111111"}, readmodel.ErrUnknownAct},
		{"the words of an answered question", readmodel.Act{Act: "set", Field: "question", Value: "別的？"}, readmodel.ErrQuestionAnswered},
		{"the ends of an answered question", readmodel.Act{Act: "set", Field: "question_low", Value: "一點也不"}, readmodel.ErrQuestionAnswered},
	}
	for _, c := range cases {
		items, err := items(t, r, c.act)
		if len(items) > 0 || c.want != nil && !errors.Is(err, c.want) || c.want == nil && !errors.As(err, &refusal) {
			t.Errorf("%s: %d items, %v, want %v", c.name, len(items), err, c.want)
		}
	}
}

// Without votes, words may change as often as one likes; a statement that was
// approved stays so, and its number of words in the other language does not move.
func TestEditKeepsTheStanding(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	for _, from := range []moot.Standing{moot.Approved, moot.Pending} {
		id := moot.StatementID(r.Put(&moot.NewStatement{Text: "第一" + from.String(), Lang: "zh-Hant", Standing: from, Seed: true, Src: moot.FromHost, Made: r.Now}))
		act(t, r, readmodel.Act{Act: "edit", ID: id.String(), Text: " 改過" + from.String(), Reason: "錯字"})
		all := r.View().Statements
		last := all[len(all)-1]
		if last.Standing != from || last.Edits != id || !last.Seed || last.Text != "改過"+from.String() {
			t.Errorf("%s: %+v", from, last)
		}
		if old := r.View().Statement(id); old.Standing != moot.Hidden || old.Reason != "錯字" {
			t.Errorf("%s: the old one is %s", from, old.Standing)
		}
		if again, err := items(t, r, readmodel.Act{Act: "edit", ID: last.ID.String(), Text: last.Text}); err != nil || len(again) != 0 {
			t.Errorf("%s: the same words: %d items, %v", from, len(again), err)
		}
	}
}

// A newer version in the other language takes the place of the one before; votes stay
// where they are.
func TestPairKeepsVotes(t *testing.T) {
	r, pids, sids := votingRoom(t)
	before := r.View().Person(pids[0]).Vote(sids[0]).Value
	for _, text := range []string{"More trees.", "Many more trees."} {
		act(t, r, readmodel.Act{Act: "pair", ID: sids[0].String(), Text: text})
		if got := r.View().Statement(sids[0]).Texts["en"]; got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if got := r.View().Person(pids[0]).Vote(sids[0]).Value; got != before {
		t.Errorf("the vote was %v and is %v", before, got)
	}
	votable := 0
	for _, s := range r.View().Statements {
		if s.Votable() {
			votable++
		}
	}
	if votable != len(sids) {
		t.Errorf("%d statements may be voted on, want %d", votable, len(sids))
	}
}
