package readmodel_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

func build(t testing.TB, record *moot.View, o readmodel.Options) *readmodel.View {
	t.Helper()
	v, err := readmodel.Build(context.Background(), record, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPlantedRoomIsSeen(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	v := build(t, r.View(), readmodel.Options{})
	if !v.Map.GroupsFound || len(v.Letters) != 3 {
		t.Fatalf("groups found %v, letters %v", v.Map.GroupsFound, v.Letters)
	}
	model := readmodel.Rehearsal{Seed: 4}
	of := map[int]map[string]int{}
	for i, p := range pids {
		if of[model.Leaning(i)] == nil {
			of[model.Leaning(i)] = map[string]int{}
		}
		of[model.Leaning(i)][v.Group(p)]++
	}
	for leaning, letters := range of {
		most := 0
		for _, n := range letters {
			most = max(most, n)
		}
		if most < 12 {
			t.Errorf("leaning %d is spread over %v", leaning, letters)
		}
	}
	if v.Counts.Here != 42 || v.Counts.Voters != 42 || v.Counts.Votes != r.View().Votes {
		t.Errorf("counts %+v, record has %d votes", v.Counts, r.View().Votes)
	}
	if len(v.Results.Groups) != 3 || len(v.Results.Groups[0].Apart) == 0 || v.Results.Groups[0].Letter != "A" {
		t.Errorf("results %+v", v.Results.Groups)
	}
}

func TestEveryVoteIsInTheResults(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	a, b := r.Statement("多種樹。"), r.Statement("少開車。")
	p, q := r.Join(3, ""), r.Join(5, "")
	r.Vote(p, a, moot.Agree)
	r.Vote(q, a, moot.Disagree)
	r.Vote(q, a, moot.Pass)
	r.Vote(q, b, moot.Agree)
	r.Vote(q, b, moot.None)
	r.Do(readmodel.Hide(r.View(), a, "改寫後再放", r.IDs))
	v := build(t, r.View(), readmodel.Options{})
	if want := []readmodel.Tally{{ID: b.String()}}; !reflect.DeepEqual(v.Results.Statements, want) {
		t.Errorf("with one hidden: got %+v, want %+v", v.Results.Statements, want)
	}
	r.Do(readmodel.Approve(r.View(), a, r.IDs))
	v = build(t, r.View(), readmodel.Options{})
	want := []readmodel.Tally{{ID: a.String(), Agree: 1, Pass: 1}, {ID: b.String()}}
	if !reflect.DeepEqual(v.Results.Statements, want) || v.Results.Participants != 2 || v.Results.Votes != 2 {
		t.Errorf("got %+v, want %+v", v.Results, want)
	}
	if v.Light != readmodel.Red || v.Missing[0].ID != readmodel.MissingStatements || v.Scene != nil {
		t.Errorf("light %s, missing %v", v.Light, v.Missing)
	}
}

func TestMissingPeople(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 1}, 5, 12)
	v := build(t, r.View(), readmodel.Options{})
	want := readmodel.Sentence{ID: "missing.people", Args: map[string]string{"N": "3"}}
	if len(v.Missing) == 0 || !reflect.DeepEqual(v.Missing[0], want) {
		t.Errorf("got %v, want %v first", v.Missing, want)
	}
}

// The people are the same, the map must not jump: axes keep their direction, letters
// their people, when some votes are added.
func TestMapLiesLikeTheLast(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	model := readmodel.Rehearsal{Seed: 9}
	pids, sids := r.Rehearse(model, 36, 20)
	before := build(t, r.View(), readmodel.Options{})
	for round := range 6 {
		for i, p := range pids[:8] {
			r.Vote(p, sids[(3*round+i)%len(sids)], moot.Vote(1+(round+i)%3))
		}
		after := build(t, r.View(), readmodel.Options{Last: before})
		if !before.Map.GroupsFound || !after.Map.GroupsFound {
			t.Fatal("no groups")
		}
		moved, swapped := 0.0, 0
		for _, p := range pids {
			a, _ := before.You(p)
			b, _ := after.You(p)
			moved = max(moved, (a.X-b.X)*(a.X-b.X)+(a.Y-b.Y)*(a.Y-b.Y))
			if a.Group != b.Group {
				swapped++
			}
		}
		if moved > 0.35*0.35 || swapped > 6 {
			t.Errorf("round %d: somebody moved %.2f squared, %d changed letters", round, moved, swapped)
		}
		before = after
	}
}

func TestOrder(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 2}, 20, 12)
	fresh := r.Statement("剛寫好的一則。")
	newcomer, neighbour := r.Join(90, ""), r.Join(91, "")
	v := build(t, r.View(), readmodel.Options{})
	order := v.Order(newcomer, readmodel.Round{})
	if len(order) != 13 || order[0] != fresh {
		t.Errorf("least voted is not first: %d of %v", slices.Index(order, fresh), len(order))
	}
	if slices.Equal(order, v.Order(neighbour, readmodel.Round{})) {
		t.Error("neighbours see the same order")
	}
	if !slices.Equal(order, build(t, r.View(), readmodel.Options{}).Order(newcomer, readmodel.Round{})) {
		t.Error("the same record gives another order")
	}
	for _, s := range v.Order(pids[0], readmodel.Round{}) {
		if r.View().Person(pids[0]).Vote(s).Value != moot.None {
			t.Errorf("%s was voted on", s)
		}
	}
	if len(sids) != 12 {
		t.Fatal("rehearsal changed")
	}
}

func TestSeedsComeFirst(t *testing.T) {
	r := readmodeltest.New(t)
	seeds := []readmodel.Seed{{Text: "種子一。", Lang: "zh-Hant"}, {Text: "種子二。", Lang: "zh-Hant"}}
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "t", Statements: seeds}, r.Now, r.IDs))
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	first := r.View().Statements[0].ID
	for i := range 12 {
		r.Statement("現場的意見 " + string(rune('甲'+i)))
		r.Vote(r.Join(20+i, ""), first, moot.Agree)
	}
	p := r.Join(1, "")
	v := build(t, r.View(), readmodel.Options{})
	order := v.Order(p, readmodel.Round{})
	if got := r.View().Statement(order[0]); !got.Seed || got.ID == first {
		t.Errorf("the seed without a vote is not first, but %q", got.Text)
	}
	if slices.Index(order, first) < 13 {
		t.Error("the seed that has its votes comes before others that lack theirs")
	}
}

func TestPriorities(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 3}, 24, 16)
	list := build(t, r.View(), readmodel.Options{}).Priorities()
	sum, distinct := 0.0, map[float64]bool{}
	for _, p := range list {
		sum += p.Weight
		distinct[p.Weight] = true
	}
	if sum < 0.999 || sum > 1.001 || len(distinct) < 10 {
		t.Errorf("weights sum up to %v, %d distinct", sum, len(distinct))
	}
}

// What goes on the wall names nobody.
func TestRoomDocumentsNameNobody(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 5}, 30, 14)
	for i, p := range pids {
		r.Put(&moot.SetPerson{Person: p, Field: moot.PersonName, Value: "王小明" + string(rune('一'+i)), Rev: 1})
	}
	r.Do(readmodel.Show(r.View(), "results", true, r.IDs))
	r.Do(readmodel.Show(r.View(), "map", true, r.IDs))
	r.Do(readmodel.MakePlan(context.Background(), build(t, r.View(), readmodel.Options{}), readmodel.PlanOptions{Quick: true}, r.Now, r.IDs))
	r.Do(readmodel.Show(r.View(), "tables", true, r.IDs))
	v := build(t, r.View(), readmodel.Options{})
	shown := readmodel.NextShown(nil, v)
	doc, err := json.Marshal([]any{readmodel.ShownResults(r.View(), shown), readmodel.ShownMap(r.View(), shown), readmodel.WallTables(r.View())})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pids {
		if strings.Contains(string(doc), p.String()) {
			t.Fatalf("%s is on the wall", p)
		}
	}
	if strings.Contains(string(doc), "王小明") {
		t.Error("a name is on the wall")
	}
	table := readmodel.TableFor(r.View(), pids[0])
	if table == nil || len(table.People) < 4 || !strings.HasPrefix(table.People[0].Name, "王小明") {
		t.Errorf("table %+v", table)
	}
}

func TestNothingIsShownUnasked(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, sids := r.Rehearse(readmodel.Rehearsal{Seed: 6}, 20, 14)
	v := build(t, r.View(), readmodel.Options{})
	if readmodel.NextShown(nil, v) != nil || readmodel.ShownResults(r.View(), nil) != nil {
		t.Fatal("shown while voting")
	}
	r.Do(readmodel.Show(r.View(), "results", true, r.IDs))
	shown := readmodel.NextShown(nil, build(t, r.View(), readmodel.Options{}))
	if readmodel.ShownMap(r.View(), shown) != nil || readmodel.ShownResults(r.View(), shown) == nil {
		t.Error("results and map are shown apart")
	}
	votes := shown.Results.Votes
	for i, p := range pids[:5] {
		r.Vote(p, sids[0], moot.Vote(1+(int(r.View().Person(p).Vote(sids[0]).Value))%3))
		next := readmodel.NextShown(shown, build(t, r.View(), readmodel.Options{}))
		if moved := next != shown; moved != (i == 4) {
			t.Errorf("after %d people: moved %v", i+1, moved)
		}
	}
	r.Do(readmodel.Remove(r.View(), sids[1], "個資", r.IDs))
	next := readmodel.NextShown(shown, build(t, r.View(), readmodel.Options{}))
	for _, s := range next.Results.Statements {
		if s.ID == sids[1].String() {
			t.Error("a removed statement is still in the results")
		}
	}
	if votes == 0 {
		t.Error("no votes")
	}
}
