package readmodel_test

import (
	"context"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// polisRoom gives a room of two camps as the polis engine sees it.
func polisRoom(t *testing.T) (readmodel.PolisMatrix, opinion.PolisMap) {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 2, Leanings: 2}, 30, 12)
	matrix, err := readmodel.LayOutForPolis(r.View())
	if err != nil {
		t.Fatal(err)
	}
	m, err := opinion.Polis(context.Background(), matrix.Votes)
	if err != nil {
		t.Fatal(err)
	}
	return matrix, m
}

func TestPolisScene(t *testing.T) {
	matrix, m := polisRoom(t)
	s := readmodel.PolisScene(matrix, m)
	if s == nil {
		t.Fatal("no scene")
	}
	checkScene(t, s, len(m.InConversation))
	if len(s.Labels) != len(m.Groups) {
		t.Fatalf("%d labels for %d groups", len(s.Labels), len(m.Groups))
	}
	for i, g := range m.Groups {
		l := s.Labels[i]
		if want := string(rune('A' + g.ID)); l.Group != want || l.People != len(g.Members) {
			t.Errorf("group %d of %d people: the label says %s, %d", g.ID, len(g.Members), l.Group, l.People)
		}
	}
}

// Who stands right of somebody for Polis stands right of them in the scene.
func TestPolisSceneKeepsPolissPlaces(t *testing.T) {
	people := []*moot.Person{{ID: moot.ParticipantID{1}}, {ID: moot.ParticipantID{2}}, {ID: moot.ParticipantID{3}}}
	m := opinion.PolisMap{Participants: []int{2, 0, 1}, InConversation: []int{0, 1, 2}, Positions: [][2]float64{{3, 1}, {-1, 0}, {0, -1}},
		Groups: []opinion.PolisCluster{{ID: 0, Members: []int{0}}, {ID: 1, Members: []int{1}}, {ID: 2, Members: []int{2}}}}
	at := map[string]readmodel.Mark{}
	for _, mark := range readmodel.PolisScene(readmodel.PolisMatrix{People: people}, m).Marks {
		at[mark.Group] = mark
	}
	if len(at) != 3 || !(at["A"].X < at["B"].X && at["B"].X < at["C"].X) || !(at["C"].Y < at["A"].Y && at["A"].Y < at["B"].Y) {
		t.Errorf("got %+v", at)
	}
}

func TestPolisSceneOfNobody(t *testing.T) {
	for name, m := range map[string]opinion.PolisMap{"empty": {}, "a row that is not there": {Participants: []int{7}, InConversation: []int{7}, Positions: [][2]float64{{1, 1}}}} {
		if s := readmodel.PolisScene(readmodel.PolisMatrix{}, m); s != nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
