package report_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"folkmoot/analysis/seating"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
)

func marshal(t testing.TB, document any) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteJSON(&b, document); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// The field names are those of the command line's design.
func TestMapDocument(t *testing.T) {
	r := planted(t)
	v := view(t, r)
	doc := report.NewMapDocument(v, report.SourceNames(r.View()))
	got := marshal(t, doc)
	want := []string{"axes", "common_ground", "counts", "divisive", "engine", "explained", "groups", "groups_found", "k", "light", "missing", "null97", "positions", "priorities", "seed", "silhouette", "version"}
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
		t.Errorf("fields %v, want %v", keys, want)
	}
	if doc.K != 3 || len(doc.Groups) != 3 || doc.Groups[0].Letter != "A" || len(doc.Positions) != doc.Counts.OnMap || len(doc.Priorities) != doc.Counts.Statements {
		t.Errorf("k %d, groups %d, positions %d, counts %+v", doc.K, len(doc.Groups), len(doc.Positions), doc.Counts)
	}
	members := 0
	for _, g := range doc.Groups {
		if g.Size != len(g.Members) || len(g.Representative) == 0 {
			t.Errorf("group %s: size %d, %d members, %d statements", g.Letter, g.Size, len(g.Members), len(g.Representative))
		}
		members += g.Size
		for _, s := range g.Representative {
			if s.Agree+s.Disagree+s.Pass+s.Unseen != g.Size || s.Share[0] > s.Share[1] || s.Share[1] > s.Share[2] {
				t.Errorf("group %s on %s: %+v", g.Letter, s.Statement, s)
			}
		}
	}
	if members != doc.Counts.OnMap {
		t.Errorf("%d members, %d on the map", members, doc.Counts.OnMap)
	}
}

// A map that is not there is a document like any other, with empty lists.
func TestMapDocumentOfNobody(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	var b bytes.Buffer
	doc := report.NewMapDocument(view(t, r), report.SourceNames(r.View()))
	if err := report.WriteJSON(&b, doc); err != nil || strings.Contains(b.String(), "null,") || doc.Light != readmodel.Red || len(doc.Missing) == 0 {
		t.Errorf("%v: %s", err, b.String())
	}
	var text bytes.Buffer
	if err := report.WriteMapText(&text, view(t, r), report.SourceNames(r.View())); err != nil || !strings.Contains(text.String(), "0 people, 0 on the map") {
		t.Errorf("%v: %s", err, text.String())
	}
}

func TestFigures(t *testing.T) {
	for figure, want := range map[report.Figure]string{0.123456789: "0.123457", 1e-17: "0", -0.00004: "-4e-05", 12: "12", 0.5: "0.5"} {
		if got, err := json.Marshal(figure); err != nil || string(got) != want {
			t.Errorf("%v: got %s, want %s", float64(figure), got, want)
		}
	}
}

func TestTablesDocument(t *testing.T) {
	r := planted(t)
	v := view(t, r)
	plan, err := v.Seating(t.Context(), readmodel.PlanOptions{Quick: true, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	doc := report.NewTablesDocument(plan, nil, nil)
	got := marshal(t, doc)
	want := []string{"E", "bounds", "fairness", "mode", "rounds", "seed", "size", "unevenness"}
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
		t.Errorf("fields %v, want %v", keys, want)
	}
	seats := 0
	for _, table := range doc.Rounds[0].Tables {
		seats += len(table.Seats)
		if table.Why == "" {
			t.Errorf("table %d has no reason", table.Table)
		}
	}
	if seats != 42 {
		t.Errorf("%d seats", seats)
	}
	var text bytes.Buffer
	short := report.NewTablesDocument(plan, func(id seating.ParticipantID) string { return string(id[:4]) }, func(seating.ParticipantID) string { return "A" })
	if err := report.WriteTablesText(&text, short); err != nil || !strings.Contains(text.String(), "Table 1 · ") || strings.Contains(text.String(), "Not kept") {
		t.Errorf("%v\n%s", err, text.String())
	}
}

func TestMapJSON(t *testing.T) {
	r := planted(t)
	var b bytes.Buffer
	if err := report.WriteMapJSON(&b, source(t, r, 1)); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Session struct {
			Title       string
			Here, Votes int
		}
		Statements []struct {
			ID, Text                         string
			Moderated, Agree, Disagree, Pass int
		}
		Positions []struct {
			Participant string
			X, Y        float64
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Session.Here != 42 || doc.Session.Votes != r.View().Votes || len(doc.Statements) != 26 || len(doc.Positions) != 42 {
		t.Errorf("session %+v, %d statements, %d positions", doc.Session, len(doc.Statements), len(doc.Positions))
	}
	if last := doc.Statements[25]; last.Moderated != -1 || strings.Contains(last.Text, "收起來的一則") {
		t.Errorf("the hidden one: %+v", last)
	}
}

// The same entries give the same bytes, whatever the order in which they came.
func TestSameEntriesSameDocument(t *testing.T) {
	r := planted(t)
	state := moot.NewState(r.View().Session.ID)
	for _, e := range slices.Backward(r.Entries) {
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	v, err := readmodel.Build(t.Context(), state.View(), readmodel.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	report.WriteJSON(&a, report.NewMapDocument(view(t, r), report.SourceNames(r.View())))
	report.WriteJSON(&b, report.NewMapDocument(v, report.SourceNames(state.View())))
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the map depends on the order of arrival")
	}
	if !reflect.DeepEqual(view(t, r).Scene, v.Scene) || !reflect.DeepEqual(view(t, r).Results, v.Results) {
		t.Error("scene or results depend on the order of arrival")
	}
}

func TestOneLine(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"breaks", "兩行\r\n  的意見\n", "兩行 的意見"},
		{"colours of a terminal", "\x1b[31mred\x1b[0m", "[31mred[0m"},
		{"turned around", "abc\u202edef", "abcdef"},
		{"as it is", "a b　c", "a b c"},
	}
	for _, c := range cases {
		if got := report.OneLine(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	args := []any{"plain  text", 7, "two\nlines"}
	if got := report.OneLines(args); got[0] != "plain  text" || got[1] != 7 || got[2] != "two lines" || args[2] != "two\nlines" {
		t.Errorf("got %q of %q", got, args)
	}
}
