package moot_test

import (
	"slices"
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func TestStepActCheck(t *testing.T) {
	h := newHub(1)
	with := func(change func(*moot.StepAct)) *moot.StepAct {
		a := &moot.StepAct{Step: "opinion", Do: "plan", StepKind: moot.StepOpinion, Minutes: 20}
		change(a)
		return a
	}
	runChecks(t, h.state, []checkCase{
		{"a step", with(func(*moot.StepAct) {}), "", 0},
		{"no id", with(func(a *moot.StepAct) { a.Step = "" }), moot.BadValue, 0},
		{"a long id", with(func(a *moot.StepAct) { a.Step = moot.StepID(strings.Repeat("s", 41)) }), moot.BadValue, 0},
		{"an unknown kind", with(func(a *moot.StepAct) { a.StepKind = "lunch" }), moot.BadValue, 0},
		{"minutes below zero", with(func(a *moot.StepAct) { a.Minutes = -1 }), moot.BadValue, 0},
		{"a day", with(func(a *moot.StepAct) { a.Minutes = 24 * 60 }), "", 0},
		{"more than a day", with(func(a *moot.StepAct) { a.Minutes = 24*60 + 1 }), moot.BadValue, 0},
		{"a long title", with(func(a *moot.StepAct) { a.Title = strings.Repeat("題", moot.MaxTitle+1) }), moot.TooLong, moot.MaxTitle},
		{"a title that is not UTF-8", with(func(a *moot.StepAct) { a.Title = "\xff" }), moot.BadValue, 0},
	})
}

// plan, start, close, undo as a host does them: each names the heads it saw.
func stepAct(h *hub, do string, open bool, started uint64) oplog.Entry {
	a := &moot.StepAct{Step: "opinion", Do: do, Open: open, Started: started, Ends: started, StepKind: moot.StepOpinion, Order: 2, Minutes: 20, Title: "Vote", At: h.Now}
	if s := h.view().Step("opinion"); s != nil {
		a.Replaces = s.Heads
	}
	h.Now += 10
	return h.put(a)
}

func TestStepRuns(t *testing.T) {
	h := newHub(1)
	if h.view().Running() != nil || h.view().Step("opinion") != nil || h.view().Voting() {
		t.Error("a step before there is one")
	}
	stepAct(h, "plan", false, 0)
	if v := h.view(); v.Running() != nil || v.Step("opinion").Before != nil {
		t.Errorf("planned: %+v", v.Step("opinion"))
	}
	started := h.Now
	stepAct(h, "start", true, started)
	v := h.view()
	if s := v.Running(); s == nil || !s.Open || s.Started != started || s.Last != "start" || s.LastAt != started || s.Kind != moot.StepOpinion || s.Order != 2 || s.Minutes != 20 || s.Title != "Vote" || len(s.Heads) != 1 {
		t.Errorf("started: %+v", v.Step("opinion"))
	}
	if !v.Voting() {
		t.Error("votes do not count although the step is open")
	}
	stepAct(h, "close", false, started)
	if v := met(t, h); v.Voting() || v.Running() == nil || v.Running().Open {
		t.Errorf("closed: %+v", v.Step("opinion"))
	}
}

func TestUndoRestoresTheStandingBefore(t *testing.T) {
	h := newHub(1)
	stepAct(h, "plan", false, 0)
	stepAct(h, "start", true, 77)
	stepAct(h, "close", false, 77)
	before := h.view().Step("opinion").Before
	if before == nil || !before.Open || before.Last != "start" {
		t.Fatalf("before the close: %+v", before)
	}
	stepAct(h, "undo", before.Open, before.Started)
	s := met(t, h).Step("opinion")
	if !s.Open || s.Started != 77 || s.Last != "undo" || s.Before == nil || s.Before.Open {
		t.Errorf("after the undo: %+v, before it %+v", s, s.Before)
	}
}

// Two hosts act on the same standing: closed beats open, whatever their clocks say.
func TestClosedBeatsOpen(t *testing.T) {
	for _, ahead := range []uint64{0, 3_600_000} {
		a, b := newHub(1), newHub(2)
		b.Now += ahead
		plan := stepAct(a, "start", true, 50)
		b.take(plan)
		stepAct(a, "close", false, 50)
		stepAct(b, "extend", true, 50)
		v := met(t, a, b)
		if s := v.Step("opinion"); s.Open || len(s.Heads) != 2 || s.Before != nil || v.Voting() {
			t.Errorf("clock %d ms ahead: %+v", ahead, s)
		}
		both := stateOf(append(a.log, b.log...)...)
		a.state = both
		stepAct(a, "start", true, 60)
		if s := met(t, a, b).Step("opinion"); !s.Open || len(s.Heads) != 1 {
			t.Errorf("one who saw both opens it again: %+v", s)
		}
	}
}

func TestStepCircle(t *testing.T) {
	h := newHub(1)
	h.send(oplog.ItemID{1}, &moot.StepAct{Step: "s", StepKind: moot.StepMap, Replaces: []oplog.ItemID{{2}}})
	h.send(oplog.ItemID{2}, &moot.StepAct{Step: "s", StepKind: moot.StepMap, Replaces: []oplog.ItemID{{1}}})
	if s := met(t, h).Step("s"); s != nil {
		t.Errorf("acts that replace each other gave %+v", s)
	}
}

func TestStepsInOrderAndWhichRuns(t *testing.T) {
	h := newHub(1)
	put := func(id moot.StepID, order int, open bool, started, at uint64) {
		h.put(&moot.StepAct{Step: id, Order: order, Open: open, Started: started, At: at, StepKind: moot.StepTables})
	}
	running := func() moot.StepID {
		if s := met(t, h).Running(); s != nil {
			return s.ID
		}
		return ""
	}
	put("b", 2, false, 0, 1)
	put("a", 2, false, 0, 2)
	put("z", 1, false, 0, 3)
	var ids []moot.StepID
	for _, s := range h.view().Steps {
		ids = append(ids, s.ID)
	}
	if !slices.Equal(ids, []moot.StepID{"z", "a", "b"}) {
		t.Errorf("order %v", ids)
	}
	put("c", 3, false, 10, 40)
	put("d", 4, false, 20, 30)
	if got := running(); got != "c" {
		t.Errorf("%q runs, want the one closed last", got)
	}
	put("e", 5, true, 50, 90) // extended after f was started
	put("f", 6, true, 60, 60)
	if got := running(); got != "f" {
		t.Errorf("%q runs, want the open one started last", got)
	}
}
