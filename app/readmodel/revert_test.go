package readmodel_test

import (
	"errors"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// revert takes back what an act added.
func revert(t *testing.T, r *readmodeltest.Room, before *moot.View, added []moot.Item) error {
	t.Helper()
	r.Now += 1000
	back, err := readmodel.Revert(before, r.View(), added, r.Now, r.IDs)
	if err != nil {
		return err
	}
	r.Do(back, nil)
	return nil
}

// roomState is what can be seen of a record, hidden statements left out.
func roomState(r *readmodeltest.Room) map[string]string {
	v := r.View()
	state := v.Session.Fields()
	for _, s := range v.Steps {
		if s.Open {
			state["step"] += string(s.ID)
		}
	}
	for _, s := range v.Statements {
		if s.Standing != moot.Hidden && s.Pair == (moot.StatementID{}) {
			state[s.ID.String()] = s.Standing.String() + " " + s.Text + " " + s.Texts["en"]
		}
	}
	for _, p := range v.People() {
		if !p.Present() {
			state["away"] += p.ID.String()
		}
	}
	if plan := readmodel.NewestPlan(v); plan != nil {
		state["seed"] = string(rune('0' + plan.Seed))
	}
	return state
}

func same(a, b map[string]string) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	for k, v := range b {
		if a[k] != v {
			return false
		}
	}
	return true
}

func TestRevertOfEachAct(t *testing.T) {
	r, pids, sids := votingRoom(t)
	act(t, r, readmodel.Act{Act: "plan", Mode: "random", Min: 3, Max: 5, Seed: 1})
	fresh := r.Statement("還沒有人投的。")
	english := moot.StatementID(r.Put(&moot.NewStatement{Text: "In English.", Lang: "en", Standing: moot.Approved, Src: moot.FromPhone, Made: r.Now}))
	for _, a := range []readmodel.Act{
		{Act: "step", Step: "opinion", Do: "close"},
		{Act: "step", Step: "map", Do: "start"},
		{Act: "statement", ID: sids[0].String(), Do: "hide", Reason: "為什麼"},
		{Act: "statement", ID: sids[1].String(), Do: "remove"},
		{Act: "add", Text: "再一則。", Lang: "zh-Hant"},
		{Act: "edit", ID: fresh.String(), Text: "改過的。"},
		{Act: "pair", ID: fresh.String(), Text: "Nobody voted on it."},
		{Act: "pair", ID: fresh.String(), With: english.String()},
		{Act: "show", What: "map", On: true},
		{Act: "show", What: "tables", On: true},
		{Act: "wall", Mode: "rules"},
		{Act: "plan", Mode: "random", Min: 3, Max: 5, Seed: 2},
		{Act: "present", ID: pids[3].String()},
		{Act: "set", Field: "title", Value: "別的名稱"},
	} {
		before, stood := r.View(), roomState(r)
		r.Now += 1000
		added := act(t, r, a)
		if same(roomState(r), stood) {
			t.Errorf("%+v changed nothing", a)
		}
		if err := revert(t, r, before, added); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
		if got := roomState(r); !same(got, stood) {
			t.Errorf("%+v taken back:\n%v\nwant\n%v", a, got, stood)
		}
	}
}

// What somebody did since is not undone with it.
func TestRevertLeavesWhatCameSince(t *testing.T) {
	r, _, sids := votingRoom(t)
	before := r.View()
	added := act(t, r, readmodel.Act{Act: "set", Field: "title", Value: "我的"})
	added = append(added, act(t, r, readmodel.Act{Act: "statement", ID: sids[0].String(), Do: "hide"})...)
	act(t, r, readmodel.Act{Act: "set", Field: "title", Value: "別人的"})
	act(t, r, readmodel.Act{Act: "statement", ID: sids[0].String(), Do: "remove"})
	if err := revert(t, r, before, added); !errors.Is(err, readmodel.ErrNoUndo) {
		t.Errorf("got %v", err)
	}
	if v := r.View(); v.Session.Get(moot.Title) != "別人的" || v.Statement(sids[0]).Standing != moot.Removed {
		t.Errorf("title %q, statement %s", v.Session.Get(moot.Title), v.Statement(sids[0]).Standing)
	}
	if err := revert(t, r, before, nil); !errors.Is(err, readmodel.ErrNoUndo) {
		t.Errorf("nothing: %v", err)
	}
	// The first plan has none before it to go back to.
	before = r.View()
	if err := revert(t, r, before, act(t, r, readmodel.Act{Act: "plan", Mode: "random", Min: 3, Max: 5})); !errors.Is(err, readmodel.ErrNoUndo) {
		t.Errorf("the first plan: %v", err)
	}
}

// Nothing is deleted: votes on a statement that was put aside are there when it comes back.
func TestRevertKeepsVotes(t *testing.T) {
	r, _, sids := votingRoom(t)
	votes, before := r.View().Votes, r.View()
	added := act(t, r, readmodel.Act{Act: "statement", ID: sids[0].String(), Do: "hide"})
	if err := revert(t, r, before, added); err != nil {
		t.Fatal(err)
	}
	if got := r.View().Votes; got != votes {
		t.Errorf("%d votes, want %d", got, votes)
	}
}
