package readmodel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// classed makes a room with an import, tables and answers that was shown its results.
// Everybody has voted.
func classed(t testing.TB, here, imported int, tables [][]int) (*readmodeltest.Room, *readmodel.View) {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	for field, value := range map[moot.Field]string{moot.Question: "做得到嗎？", moot.QuestionLo: "做不到", moot.QuestionHi: "做得到"} {
		r.Do(readmodel.SetField(r.View(), field, value, r.IDs))
	}
	model := readmodel.Rehearsal{Seed: 3, Leanings: 3}
	pids, sids := r.Rehearse(model, here, 14)
	for i := range imported {
		p := r.ImportPerson(fmt.Sprint(i), here+i+1)
		for j, s := range sids {
			if vote := model.Vote(1000+i, j); vote != moot.None {
				r.ImportVote(p, s, vote, readmodeltest.Start-1000)
			}
		}
	}
	if tables != nil {
		plan := &moot.NewPlan{Round: 1, Mode: "mixed", Min: 1, Max: 40, Measure: -1, Made: r.Now}
		for _, table := range tables {
			seats := []moot.ParticipantID{}
			for n := table[0]; n < table[1]; n++ {
				seats = append(seats, pids[n])
			}
			plan.Tables = append(plan.Tables, seats)
		}
		r.Put(plan)
	}
	r.Do(readmodel.Show(r.View(), "results", true, r.IDs))
	return r, build(t, r.View(), readmodel.Options{Quick: true})
}

// names gives classes as "name people".
func names(s readmodel.Sorting) []string {
	var list []string
	for _, c := range s.Classes {
		list = append(list, fmt.Sprint(c.Name.ID, c.Name.Args["N"], " ", c.People))
	}
	return list
}

func TestSortings(t *testing.T) {
	for name, c := range map[string]struct {
		here, imported int
		tables         [][]int
		want           map[readmodel.SortBy][]string
	}{
		"all of the room": {40, 0, [][]int{{0, 20}, {20, 40}}, map[readmodel.SortBy][]string{
			readmodel.ByTable: {"class.table1 20", "class.table2 20"}}},
		"small tables are others": {40, 0, [][]int{{0, 20}, {20, 34}, {34, 37}, {37, 40}}, map[readmodel.SortBy][]string{
			readmodel.ByTable: {"class.table1 20", "class.table2 14", "class.others 6"}}},
		"one small table takes the next with it": {40, 0, [][]int{{0, 20}, {20, 30}, {30, 36}, {36, 40}}, map[readmodel.SortBy][]string{
			readmodel.ByTable: {"class.table1 20", "class.table2 10", "class.others 10"}}},
		"few imported": {36, 4, nil, map[readmodel.SortBy][]string{}},
		"imported":     {30, 10, nil, map[readmodel.SortBy][]string{readmodel.BySource: {"class.room 30", "class.imported 10"}}},
		// Nobody imported is seated: "no table" less "imported" would be two people of the room.
		"two without a table": {30, 10, [][]int{{0, 14}, {14, 28}}, map[readmodel.SortBy][]string{
			readmodel.BySource: {"class.room 30", "class.imported 10"},
			readmodel.ByTable:  {"class.table1 14", "class.others 26"}}},
	} {
		r, v := classed(t, c.here, c.imported, c.tables)
		got := map[readmodel.SortBy][]string{}
		for _, s := range v.Sortings(r.View()) {
			if s.By != readmodel.ByAnswer {
				got[s.By] = names(s)
			}
			people := make([]int, len(s.Classes))
			for _, m := range s.Marks {
				people[m.Class] += m.People
			}
			for i, class := range s.Classes {
				if class.People < readmodel.FewestInClass || people[i] != class.People {
					t.Errorf("%s, %s: %s has %d people, its marks %d", name, s.By, class.Name.ID, class.People, people[i])
				}
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAnswersAreSortedByBand(t *testing.T) {
	r, v := classed(t, 60, 0, nil)
	sortings := v.Sortings(r.View())
	if len(sortings) != 1 || sortings[0].By != readmodel.ByAnswer {
		t.Fatalf("sortings %+v", sortings)
	}
	want := map[string]int{}
	for _, p := range r.View().People() {
		if answer, ok := p.Answer(moot.FirstQuestion); ok {
			want["class."+readmodel.Band(answer.Value)]++
		}
	}
	for _, class := range sortings[0].Classes {
		if !class.Others && want[class.Name.ID] != class.People {
			t.Errorf("%s: %d people, want %d", class.Name.ID, class.People, want[class.Name.ID])
		}
	}
}

// People are told that only the spread of answers is shown, and only after the results are.
func TestAnswersAreNotSortedBeforeResultsAreShown(t *testing.T) {
	r, v := classed(t, 60, 0, nil)
	if len(v.Sortings(r.View())) != 1 {
		t.Fatal("results are shown, and the answers tell nobody apart")
	}
	r.Do(readmodel.Show(r.View(), "results", false, r.IDs))
	if got := v.Sortings(r.View()); len(got) != 0 {
		t.Errorf("results are hidden, and people are told apart: %v", names(got[0]))
	}
}

// Imported people have no answer, and a few of the room have none either: these few must
// not follow, and yet the bands that can be told are.
func TestNoAnswerIsNotToldBesideImported(t *testing.T) {
	r, v := classed(t, 48, 20, nil)
	sortings := v.Sortings(r.View())
	if len(sortings) != 2 || sortings[1].By != readmodel.ByAnswer {
		t.Fatalf("%d ways", len(sortings))
	}
	got := names(sortings[1])
	if len(got) != 3 || sortings[1].Classes[2].Name.ID != readmodel.ClassOthers || sortings[1].Classes[2].People < 25 {
		t.Errorf("classes %v", got)
	}
}

// The classes' marks stand where the Scene has them, in the same groups, and all people
// are on them.
func TestClassMarksAreTheScenes(t *testing.T) {
	r, v := classed(t, 40, 20, nil)
	for _, s := range v.Sortings(r.View()) {
		type row struct {
			group string
			y     float64
		}
		of := map[row]int{}
		for _, m := range s.Marks {
			of[row{m.Group, m.Y}] += m.People
		}
		for _, m := range v.Scene.Marks {
			of[row{m.Group, m.Y}] -= m.People
		}
		for at, n := range of {
			if n != 0 {
				t.Errorf("%s: at %v are %d people more than in the scene", s.By, at, n)
			}
		}
	}
	if v := (*readmodel.View)(nil); v.Sortings(r.View()) != nil {
		t.Error("no map has sortings")
	}
	small, _ := readmodel.Build(context.Background(), readmodeltest.NewOpen(t).View(), readmodel.Options{})
	if small.Sortings(small.Record) != nil {
		t.Error("an empty session has sortings")
	}
}

// What leaves the desk, to the host's page, the wall or a phone, says nothing of classes.
func TestClassesStayOnTheDesk(t *testing.T) {
	r, v := classed(t, 40, 20, [][]int{{0, 20}, {20, 40}})
	sheet := readmodel.NewSheet(v, r.View(), r.Now, readmodel.SheetOptions{Shown: v})
	if len(sheet.Sortings()) == 0 {
		t.Fatal("no classes")
	}
	for name, document := range map[string]any{"sheet": sheet, "wall": sheet.Wall, "map": v.MapForHost(), "results": v.Results} {
		data, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"class", "Classes", "sorting", "stand"} {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s says %q", name, word)
			}
		}
	}
}

// Law: whatever ways there are to tell people apart, no set of classes of one way less a
// set of another's is a few people only.
func TestNoTwoWaysGiveAnybodyAway(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for round := range 400 {
		people := 8 + random.IntN(80)
		ways := make([][]int, 3)
		for w := range ways {
			classes := 1 + random.IntN(14)
			for i := range people {
				class := random.IntN(classes)
				if w > 0 && random.IntN(3) > 0 {
					class = min(ways[0][i], classes-1) // alike but for a few
				}
				ways[w] = append(ways[w], class)
			}
		}
		told := readmodel.Coarsen(ways)
		for a := range told {
			for b := range a {
				if set, few := fewBetween(told[a], told[b]); few > 0 {
					t.Fatalf("round %d: classes %b leave %d people of the other way's", round, set, few)
				}
			}
			for class, n := range sizesOf(told[a]) {
				if n < readmodel.FewestInClass {
					t.Fatalf("round %d: class %d has %d people", round, class, n)
				}
			}
		}
	}
}

func sizesOf(of []int) map[int]int {
	sizes := map[int]int{}
	for _, class := range of {
		sizes[class]++
	}
	return sizes
}

// fewBetween goes through all pairs of sets of classes of which one lies within the other.
func fewBetween(a, b []int) (set, few int) {
	for s := 1; s < 1<<9; s++ {
		touched, inside := 0, 0
		for i := range a {
			if s&(1<<a[i]) != 0 {
				touched |= 1 << b[i]
				inside++
			}
		}
		whole, beyond := 0, 0
		for i := range b {
			if touched&(1<<b[i]) != 0 {
				whole++
			}
		}
		if few = whole - inside; few > 0 && few < readmodel.FewestInClass {
			return s, few
		}
		for class := range 9 { // the classes of b that lie within the set
			outside := false
			n := 0
			for i := range b {
				if b[i] == class {
					n++
					outside = outside || s&(1<<a[i]) == 0
				}
			}
			if !outside {
				beyond += n
			}
		}
		if few = inside - beyond; few > 0 && few < readmodel.FewestInClass {
			return s, few
		}
	}
	return 0, 0
}
