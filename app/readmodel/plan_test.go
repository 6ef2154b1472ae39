package readmodel_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

var quick = readmodel.PlanOptions{Quick: true, Seed: 1}

func TestBands(t *testing.T) {
	for answer, want := range []string{"low", "low", "middle", "middle", "high", "high"} {
		if got := readmodel.Band(answer); got != want {
			t.Errorf("%d: got %s, want %s", answer, got, want)
		}
	}
}

// imported adds an import of some people who vote by the choice model.
func imported(r *readmodeltest.Room, people, statements int) []moot.ParticipantID {
	model := readmodel.Rehearsal{Seed: 8}
	var pids []moot.ParticipantID
	var sids []moot.StatementID
	for i := range statements {
		sids = append(sids, r.ImportStatement(strconv.Itoa(i), "0", "來自線上的第 "+strconv.Itoa(i+1)+" 則。", i+1, 1, 1_700_000_000_000))
	}
	for i := range people {
		p := r.ImportPerson(strconv.Itoa(i), i+1)
		pids = append(pids, p)
		for j, s := range sids {
			if vote := model.Vote(i, j); vote != moot.None {
				r.ImportVote(p, s, vote, 1_700_000_000_000+uint64(i*100+j))
			}
		}
	}
	return pids
}

func TestOnlyPresentPeopleAreSeated(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	online := imported(r, 20, 12)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 3}, 21, 6)
	r.Put(&moot.SetPresence{Person: pids[4], In: false, Rev: 2, At: r.Now})
	r.Do(readmodel.MakePlan(context.Background(), build(t, r.View(), readmodel.Options{}), quick, r.Now, r.IDs))
	plan := readmodel.NewestPlan(r.View())
	seated := 0
	for _, table := range plan.Tables {
		if len(table) < 4 || len(table) > 8 {
			t.Errorf("a table of %d", len(table))
		}
		seated += len(table)
	}
	if seated != 20 || plan.Table(pids[4]) != 0 || plan.Table(online[0]) != 0 {
		t.Errorf("%d seated, somebody who left at %d, somebody imported at %d", seated, plan.Table(pids[4]), plan.Table(online[0]))
	}
}

func TestAnImportAloneIsSeated(t *testing.T) {
	r := readmodeltest.New(t)
	imported(r, 20, 12)
	v := build(t, r.View(), readmodel.Options{})
	r.Do(readmodel.MakePlan(context.Background(), v, quick, r.Now, r.IDs))
	seated := 0
	for _, table := range readmodel.NewestPlan(r.View()).Tables {
		seated += len(table)
	}
	if seated != v.Counts.OnMap || v.Counts.Imported != 20 || v.Counts.Here != 0 {
		t.Errorf("%d seated of %+v", seated, v.Counts)
	}
}

func TestNobodyToSeat(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	if _, err := readmodel.MakePlan(context.Background(), build(t, r.View(), readmodel.Options{}), quick, r.Now, r.IDs); !errors.Is(err, readmodel.ErrNobody) {
		t.Errorf("got %v", err)
	}
}

// A mode that has nothing to go by says so, and makes no tables by lot instead.
func TestModesNeedWhatTheyGoBy(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	var first moot.ParticipantID
	for i := range 9 {
		first = r.Join(i+1, "")
	}
	plan := func(mode string) error {
		o := quick
		o.Mode = mode
		_, err := readmodel.MakePlan(context.Background(), build(t, r.View(), readmodel.Options{}), o, r.Now, r.IDs)
		return err
	}
	if err := plan("answer"); !errors.Is(err, readmodel.ErrNoAnswers) {
		t.Errorf("answer: got %v", err)
	}
	if err := plan("alike"); !errors.Is(err, readmodel.ErrNoMap) {
		t.Errorf("alike: got %v", err)
	}
	r.Do(readmodel.SetField(r.View(), moot.Question, "你對這件事有多樂觀？", r.IDs))
	r.Put(&moot.SetAnswer{Person: first, Question: moot.FirstQuestion, Value: 4, Rev: 1})
	for _, mode := range []string{"answer", "mixed", "random"} {
		if err := plan(mode); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// Who comes after the plan was made is told so, and the host hears of them.
func TestLatecomers(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 3}, 12, 9)
	v := build(t, r.View(), readmodel.Options{})
	r.Do(readmodel.MakePlan(context.Background(), v, quick, r.Now, r.IDs))
	r.Do(readmodel.Show(r.View(), "tables", true, r.IDs))
	if late := v.PlanForHost(r.View()).Late; late != 0 {
		t.Errorf("%d late before anybody came", late)
	}
	newcomer := r.Join(99, "")
	if late := v.PlanForHost(r.View()).Late; late != 1 {
		t.Errorf("%d late, want 1", late)
	}
	table := readmodel.TableFor(r.View(), newcomer)
	if table == nil || table.Number != 0 || len(table.People) != 0 {
		t.Errorf("the newcomer sees %+v", table)
	}
}

// Devices go down for everybody, whether or not there are tables.
func TestDevicesDownWithoutTables(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 3}, 9, 9)
	r.Do(readmodel.Show(r.View(), "devices_down", true, r.IDs))
	if table := readmodel.TableFor(r.View(), pids[0]); table == nil || !table.DevicesDown || table.Number != 0 {
		t.Errorf("devices down shows %+v", table)
	}
	r.Do(readmodel.Show(r.View(), "devices_down", false, r.IDs))
	if table := readmodel.TableFor(r.View(), pids[0]); table != nil {
		t.Errorf("nothing is shown, and yet %+v", table)
	}
}

// A plan made anew is seen by the host alone until it is announced.
func TestPlansAreAnnounced(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 3}, 24, 12)
	v := build(t, r.View(), readmodel.Options{})
	r.Do(readmodel.MakePlan(context.Background(), v, quick, r.Now, r.IDs))
	if readmodel.TableFor(r.View(), pids[0]) != nil || v.PlanForHost(r.View()).Announced {
		t.Fatal("tables are shown unasked")
	}
	r.Do(readmodel.Show(r.View(), "tables", true, r.IDs))
	first := v.PlanForHost(r.View())
	if !first.Announced || readmodel.TableFor(r.View(), pids[0]) == nil || len(readmodel.WallTables(r.View())) != len(first.Tables) {
		t.Fatal("tables are not shown")
	}
	r.Now += 1000
	r.Do(readmodel.MakePlan(context.Background(), v, readmodel.PlanOptions{Mode: "random", Quick: true, Seed: 2}, r.Now, r.IDs))
	second := v.PlanForHost(r.View())
	if second.ID == first.ID || second.Announced || second.Mode != "random" || r.View().ActivePlan().ID.String() != first.ID {
		t.Errorf("first %s, second %+v", first.ID, second)
	}
	mix := 0
	for _, table := range second.Tables {
		for _, n := range table.Groups {
			mix += n
		}
	}
	if mix != v.Counts.OnMap {
		t.Errorf("%d people of groups at tables, %d on the map", mix, v.Counts.OnMap)
	}
	r.Do(readmodel.ActivatePlan(r.View(), readmodel.NewestPlan(r.View()).ID, r.IDs))
	if !v.PlanForHost(r.View()).Announced {
		t.Error("the second plan does not hold")
	}
}

func TestTableSpeaksThePersonsLanguage(t *testing.T) {
	r := readmodeltest.New(t)
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "tictec-80", Title: "T"}, r.Now, r.IDs))
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 3}, 12, 9)
	r.Put(&moot.SetPerson{Person: pids[1], Field: moot.PersonLang, Value: "en", Rev: 1})
	r.Do(readmodel.MakePlan(context.Background(), build(t, r.View(), readmodel.Options{}), quick, r.Now, r.IDs))
	r.Do(readmodel.Show(r.View(), "tables", true, r.IDs))
	zh, en := readmodel.TableFor(r.View(), pids[0]), readmodel.TableFor(r.View(), pids[1])
	if zh.Question == en.Question || zh.Question == "" || en.Question == "" {
		t.Errorf("zh %q, en %q", zh.Question, en.Question)
	}
	counts := readmodel.AnswerCounts(r.View())
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if sum < 10 || counts[0]+counts[1] == 0 || counts[4]+counts[5] == 0 {
		t.Errorf("answers %v", counts)
	}
}
