package seating_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"folkmoot/analysis/seating"
)

const smallInstance = `{
 "schema": "folkmoot-groups-1", "name": "small",
 "tables": {"count": 2, "min": 1, "max": 3},
 "attributes": [{"field": "group", "mode": "mix", "weight": 3}, {"field": "coords", "mode": "gather", "weight": 1}],
 "needs": [{"skill": "report", "min": 1}],
 "pairs": {"together": [["a", "b"]], "apart": [["a", "c"]]},
 "locks": [{"id": "c", "table": 2}],
 "rules": {"interpreter": true},
 "participants": [
  {"id": "a", "coords": [1.5, -2], "group": "A", "answer": 0, "band": "low", "role": "citizen", "gender": "f", "age": "60+", "site": "onsite", "can": ["report"], "votes": "+-"},
  {"id": "b", "coords": null, "group": "B"},
  {"id": "c", "group": "B", "answer": 4, "can": []}
 ]}`

func TestReadInstance(t *testing.T) {
	in, err := seating.ReadInstance(strings.NewReader(smallInstance))
	if err != nil {
		t.Fatal(err)
	}
	fields := func(role, gender, age, site string) map[string]string {
		return map[string]string{"role": role, "gender": gender, "age": age, "site": site}
	}
	want := seating.Instance{
		Name: "small",
		Roster: seating.Roster{
			{ID: "a", Position: []float64{1.5, -2}, Group: "A", Answered: true, Band: "low", Fields: fields("citizen", "f", "60+", "onsite"), Skills: []string{"report"}},
			{ID: "b", Group: "B", Fields: fields("", "", "", "")},
			{ID: "c", Group: "B", Answered: true, Answer: 4, Fields: fields("", "", "", ""), Skills: []string{}},
		},
		Rules: seating.Options{
			Tables: 2, MinSeats: 1, MaxSeats: 3,
			Together:   [][]seating.ParticipantID{{"a", "b"}},
			Apart:      [][]seating.ParticipantID{{"a", "c"}},
			Locks:      []seating.Lock{{Person: "c", Table: 2}},
			Needs:      []seating.Need{{Skill: "report", PerTable: 1}},
			Attributes: []seating.Attribute{{Field: "group", Weight: 3}, {Field: "coords", Gather: true, Weight: 1}},
		},
		Ignored: []string{"interpreter"},
	}
	if !reflect.DeepEqual(in, want) {
		t.Errorf("got %+v\nwant %+v", in, want)
	}
	mix := in.MixOnly()
	if !mix.EqualSizes || mix.Tables != 2 || mix.Together != nil || mix.Locks != nil || mix.Needs != nil || len(mix.Attributes) != 2 {
		t.Errorf("mix only: %+v", mix)
	}
}

func TestReadInstanceRefuses(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           error
	}{
		{"schema", "folkmoot-groups-1", "folkmoot-groups-2", nil},
		{"no document", smallInstance, "[", nil},
		{"mode", `"mode": "mix"`, `"mode": "sort"`, seating.ErrOptions},
		{"sizes", `"min": 1, "max": 3`, `"min": 4, "max": 3`, seating.ErrOptions},
		{"same id", `"id": "b"`, `"id": "a"`, seating.ErrRoster},
		{"no list of people", `"participants": [`, `"participants": 3, "other": [`, seating.ErrRoster},
		{"too many people", `{"id": "b"`, strings.Repeat("{},", 10_000) + `{"id": "b"`, seating.ErrRoster},
	}
	for _, test := range tests {
		_, err := seating.ReadInstance(strings.NewReader(strings.Replace(smallInstance, test.old, test.new, 1)))
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

func FuzzReadInstance(f *testing.F) {
	f.Add(smallInstance)
	f.Fuzz(func(t *testing.T, text string) {
		in, err := seating.ReadInstance(strings.NewReader(text))
		if err != nil || len(in.Roster) > 50 {
			return
		}
		in.Rules.Steps = 100
		mustMake(t, in.Roster, in.Rules)
	})
}
