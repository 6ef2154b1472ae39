package readmodel_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

const minute = 60_000

func TestOneStepRunsAtATime(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Now += minute
	r.Do(readmodel.StartStep(r.View(), "map", r.Now, r.IDs))
	opinion, shown := r.View().Step("opinion"), r.View().Step("map")
	if opinion.Open || !shown.Open || shown.Started != r.Now || shown.Ends != r.Now+15*minute {
		t.Fatalf("opinion open %v, map %+v", opinion.Open, shown)
	}
	if r.View().Voting() {
		t.Error("votes still count")
	}
}

// A start that closed another step is one act, from whichever side it is undone.
func TestUndoOfAStartFromEitherSide(t *testing.T) {
	for _, named := range []moot.StepID{"map", "opinion"} {
		r := readmodeltest.NewOpen(t)
		r.Now += minute
		r.Do(readmodel.StartStep(r.View(), "map", r.Now, r.IDs))
		var offered []string
		for _, step := range readmodel.Agenda(r.View(), r.Now) {
			if step.Undo {
				offered = append(offered, step.ID)
			}
		}
		if !slices.Equal(offered, []string{"map"}) {
			t.Errorf("undo is offered at %v, the last act was on the map", offered)
		}
		r.Do(readmodel.UndoStep(r.View(), named, r.Now+1000, r.IDs))
		if v := r.View(); v.Step("map").Open || !v.Step("opinion").Open || !v.Voting() {
			t.Errorf("undone at %s: map open %t, opinion open %t", named, v.Step("map").Open, v.Step("opinion").Open)
		}
	}
}

func TestUndo(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Now += minute
	r.Do(readmodel.StartStep(r.View(), "map", r.Now, r.IDs))
	r.Now += minute - 1
	r.Do(readmodel.UndoStep(r.View(), "map", r.Now, r.IDs))
	if r.View().Step("map").Open || r.View().Step("map").Started != 0 || !r.View().Voting() {
		t.Errorf("after the undo: map %+v, voting %v", r.View().Step("map"), r.View().Voting())
	}
	if _, err := readmodel.UndoStep(r.View(), "map", r.Now, r.IDs); !errors.Is(err, readmodel.ErrNoUndo) {
		t.Errorf("an undo of an undo: %v", err)
	}
	r.Do(readmodel.CloseStep(r.View(), "opinion", r.Now, r.IDs))
	if !readmodel.Agenda(r.View(), r.Now)[1].Undo {
		t.Error("a step just closed cannot be undone")
	}
	r.Now += minute
	if _, err := readmodel.UndoStep(r.View(), "opinion", r.Now, r.IDs); !errors.Is(err, readmodel.ErrNoUndo) {
		t.Errorf("after a minute: %v", err)
	}
}

func TestExtend(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Do(readmodel.ExtendStep(r.View(), "opinion", 2, r.Now, r.IDs))
	if got, want := r.View().Step("opinion").Ends, r.Now+22*minute; got != want {
		t.Errorf("ends at %d, want %d", got, want)
	}
	r.Now += 30 * minute
	r.Do(readmodel.ExtendStep(r.View(), "opinion", 2, r.Now, r.IDs))
	if got, want := r.View().Step("opinion").Ends, r.Now+2*minute; got != want {
		t.Errorf("a step that is over time ends at %d, want %d", got, want)
	}
}

func TestIntentsThatCannotBe(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	v := r.View()
	cases := []struct {
		name string
		call func() ([]moot.Item, error)
		want error
	}{
		{"start what runs", func() ([]moot.Item, error) { return readmodel.StartStep(v, "opinion", r.Now, r.IDs) }, readmodel.ErrStepOpen},
		{"start what is not there", func() ([]moot.Item, error) { return readmodel.StartStep(v, "dance", r.Now, r.IDs) }, readmodel.ErrUnknownStep},
		{"close what does not run", func() ([]moot.Item, error) { return readmodel.CloseStep(v, "map", r.Now, r.IDs) }, readmodel.ErrStepClosed},
		{"extend what does not run", func() ([]moot.Item, error) { return readmodel.ExtendStep(v, "map", 2, r.Now, r.IDs) }, readmodel.ErrStepClosed},
		{"decide on what is not there", func() ([]moot.Item, error) { return readmodel.Approve(v, moot.StatementID{9}, r.IDs) }, readmodel.ErrUnknownStatement},
		{"show what is not there", func() ([]moot.Item, error) { return readmodel.Show(v, "names", true, r.IDs) }, readmodel.ErrUnknownSwitch},
		{"tables without a plan", func() ([]moot.Item, error) { return readmodel.Show(v, "tables", true, r.IDs) }, readmodel.ErrUnknownPlan},
		{"a plan that is not there", func() ([]moot.Item, error) { return readmodel.ActivatePlan(v, moot.PlanID{1}, r.IDs) }, readmodel.ErrUnknownPlan},
		{"a wall mode that is not there", func() ([]moot.Item, error) { return readmodel.WallMode(v, "party", r.IDs) }, readmodel.ErrUnknownSwitch},
		{"no bytes for ids", func() ([]moot.Item, error) {
			return readmodel.CloseStep(v, "opinion", r.Now, strings.NewReader("short"))
		}, io.ErrUnexpectedEOF},
		{"a template that is not there", func() ([]moot.Item, error) {
			return readmodel.NewSession(readmodel.NewSessionOptions{Template: "ball"}, r.Now, r.IDs)
		}, readmodel.ErrUnknownTemplate},
	}
	for _, c := range cases {
		if _, err := c.call(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestModeration(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	s := r.Statement("多種樹。")
	r.Do(readmodel.Hide(r.View(), s, " 請改成\n肯定句 ", r.IDs))
	if got := r.View().Statement(s); got.Standing != moot.Hidden || got.Reason != "請改成 肯定句" {
		t.Errorf("hidden: %+v", got)
	}
	r.Do(readmodel.Pending(r.View(), s, "", r.IDs))
	r.Do(readmodel.Approve(r.View(), s, r.IDs))
	if !r.View().Statement(s).Votable() {
		t.Error("not approved")
	}
	if items, err := readmodel.Approve(r.View(), s, r.IDs); err != nil || len(items) != 0 {
		t.Errorf("approving twice: %d items, %v", len(items), err)
	}
	r.Do(readmodel.AddStatement(r.View(), "後來加的。", "zh-Hant", r.Now, r.IDs))
	if last := r.View().Statements[1]; last.Seed || !last.Votable() {
		t.Errorf("added during the round: %+v", last)
	}
}

func TestSwitches(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Do(readmodel.Show(r.View(), "results", true, r.IDs))
	r.Do(readmodel.Show(r.View(), "devices_down", true, r.IDs))
	r.Do(readmodel.WallMode(r.View(), "map", r.IDs))
	shown := readmodel.ShownSwitches(r.View())
	if !shown["results"] || shown["map"] || !shown["devices_down"] || readmodel.WallModeOf(r.View()) != "map" {
		t.Errorf("shown %v, wall %s", shown, readmodel.WallModeOf(r.View()))
	}
	if items, _ := readmodel.Show(r.View(), "results", true, r.IDs); len(items) != 0 {
		t.Error("showing what is shown writes something")
	}
}

func TestTemplates(t *testing.T) {
	cases := []struct {
		template, lang string
		minutes        []int
		question       bool
	}{
		{"opinion", "en", []int{10, 20, 15, 25, 10}, false},
		{"tictec-80", "zh-Hant", []int{15, 20, 25, 20}, true},
		{"tictec-80", "en", []int{15, 20, 25, 20}, true},
	}
	for _, c := range cases {
		r := readmodeltest.New(t)
		r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: c.template, Title: "T", Languages: []string{c.lang}}, r.Now, r.IDs))
		for i, step := range r.View().Steps {
			if step.Minutes != c.minutes[i] || step.Open {
				t.Errorf("%s: step %d is %+v", c.template, i, step)
			}
		}
		s := r.View().Session
		if len(r.View().Steps) != len(c.minutes) || (s.Get(moot.Question) != "") != c.question || len(s.Get(moot.JoinCode)) != 6 || s.Language() != c.lang {
			t.Errorf("%s in %s: %d steps, question %q, code %q", c.template, c.lang, len(r.View().Steps), s.Get(moot.Question), s.Get(moot.JoinCode))
		}
	}
}

func TestSeedsInTwoLanguages(t *testing.T) {
	r := readmodeltest.New(t)
	seeds := []readmodel.Seed{{Text: "多種樹。", Lang: "zh-Hant", Other: "Plant more trees."}, {Text: "Drive less.", Lang: "en"}}
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "tictec-80", Title: "T", Statements: seeds}, r.Now, r.IDs))
	v := build(t, r.View(), readmodel.Options{})
	if got := v.Listed(); len(got) != 2 || got[0].Texts["en"] != "Plant more trees." || !got[1].Seed {
		t.Errorf("listed %+v", got)
	}
	s := r.View().Session
	if zh, en := s.Text(moot.Question, "zh-Hant"), s.Text(moot.Question, "en"); zh == en || s.Get(moot.Question) != zh {
		t.Errorf("question %q, %q", zh, en)
	}
}

func TestSameBytesSameItems(t *testing.T) {
	o := readmodel.NewSessionOptions{Template: "tictec-80", Title: "T", Fields: map[moot.Field]string{moot.Place: "4F", moot.Question: "?"}}
	seed := bytes.Repeat([]byte("0123456789abcdef"), 200)
	a, err := readmodel.NewSession(o, 1, bytes.NewReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := readmodel.NewSession(o, 1, bytes.NewReader(seed))
	for i := range a {
		x, _ := a[i].Draft()
		y, _ := b[i].Draft()
		if !bytes.Equal(x.Payload, y.Payload) || x.CID != y.CID {
			t.Errorf("item %d differs", i)
		}
	}
}
