package readmodel_test

import (
	"reflect"
	"testing"

	"folkmoot/app/readmodel"
)

func TestSpoken(t *testing.T) {
	three := []readmodel.Mark{{X: 0.1, Y: 0.1, Group: "A", People: 4}, {X: 0.2, Y: 0.1, Group: "B", People: 900}, {X: 0.9, Y: 0.7, Group: "C", People: 303}}
	tied := []readmodel.Mark{{X: 0.1, Group: "A", People: 4}, {X: 0.2, Group: "B", People: 4}}
	missing := []readmodel.Sentence{{ID: readmodel.MissingPeople, Args: map[string]string{"N": "3"}}}
	for name, c := range map[string]struct {
		m    *readmodel.MapForRoom
		want []readmodel.Sentence
	}{
		"nothing": {nil, []readmodel.Sentence{{ID: "map.missing"}}},
		"no map":  {&readmodel.MapForRoom{Missing: missing}, []readmodel.Sentence{{ID: "map.missing"}, missing[0]}},
		"three": {&readmodel.MapForRoom{GroupsFound: true, Scene: &readmodel.Scene{Marks: three}}, []readmodel.Sentence{
			{ID: "map.say_groups", Args: map[string]string{"N": "1,207", "Groups": "3"}},
			{ID: "map.say_largest", Args: map[string]string{"Letter": "B", "N": "900"}},
			{ID: "map.say_far", Args: map[string]string{"First": "A", "Second": "C"}}}},
		"a tie has no largest": {&readmodel.MapForRoom{GroupsFound: true, Scene: &readmodel.Scene{Marks: tied}}, []readmodel.Sentence{
			{ID: "map.say_groups", Args: map[string]string{"N": "8", "Groups": "2"}}}},
		"no groups": {&readmodel.MapForRoom{Scene: &readmodel.Scene{Marks: three}}, []readmodel.Sentence{{ID: "map.say_plain", Args: map[string]string{"N": "1,207"}}}},
		"no marks":  {&readmodel.MapForRoom{GroupsFound: true, Scene: &readmodel.Scene{}}, []readmodel.Sentence{{ID: "map.say_plain", Args: map[string]string{"N": "0"}}}},
	} {
		if got := c.m.Spoken(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
