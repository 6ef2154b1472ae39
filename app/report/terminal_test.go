package report_test

import (
	"bytes"
	"strings"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
)

func mapText(t testing.TB, v *readmodel.View, record *moot.View) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteMapText(&b, v, report.SourceNames(record)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// has complains of what a text lacks; wanted texts that begin with "not " must be absent.
func has(t testing.TB, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		unwanted, not := strings.CutPrefix(want, "not ")
		if strings.Contains(text, unwanted) == not {
			t.Errorf("%q in:\n%s", want, text)
		}
	}
}

func TestMapTextSaysTheLight(t *testing.T) {
	r := planted(t)
	v := view(t, r)
	v.Light, v.Missing = readmodel.Green, nil
	has(t, mapText(t, v, r.View()), "\n\ngreen: the map can be relied on.\n", "Most in every group agree\n")
	v.Light, v.Missing = readmodel.Amber, []readmodel.Sentence{{ID: readmodel.MissingTest}}
	has(t, mapText(t, v, r.View()), "amber: The groups have not been tested against chance.\n", "not relied on", "not moment please")
}

// Whoever left the test out reads so; nobody waits for a document.
func TestDocumentsSayThatGroupsAreNotTested(t *testing.T) {
	r := planted(t)
	v, err := readmodel.Build(t.Context(), r.View(), readmodel.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(report.NewMapDocument(v, report.SourceNames(r.View())).Missing, "\n")
	has(t, got, "The groups have not been tested against chance.", "not Being worked out")
}

func TestMapTextSaysWhatChanceAloneGives(t *testing.T) {
	r := planted(t)
	v := view(t, r)
	if !v.Map.GroupsTested || v.Map.Test.Permutations == 0 {
		t.Fatal("the groups were not tested")
	}
	for chance, want := range map[float64]string{
		0.005: "Chance alone gives groups as clear in fewer than 1 room of 100.\n",
		0.01:  "Chance alone gives groups as clear in fewer than 1 room of 100.\n",
		0.014: "Chance alone gives groups as clear in about 1 room of 100.\n",
		0.234: "Chance alone gives groups as clear in about 23 rooms of 100.\n",
	} {
		v.Map.Test.Chance = chance
		has(t, mapText(t, v, r.View()), want)
	}
}

// Where there are no groups nothing is said of every group.
func TestMapTextWithoutGroups(t *testing.T) {
	r := planted(t)
	v := view(t, r)
	v.Map.GroupsFound, v.Map.K, v.Map.Groups, v.Letters = false, 0, nil, nil
	v.Map.Divisive = nil
	v.Map.CommonGround = []opinion.CommonGround{{Statement: 0, Direction: opinion.ForAgree, Lower: 0.7}, {Statement: 1, Direction: opinion.ForDisagree, Lower: 0.6}}
	has(t, mapText(t, v, r.View()), "\nMost agree\n", "\nMost disagree\n", "at least 70 % agree, at the lower bound\n", "not every group")
}

func TestTextsCountOne(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Vote(r.Join(3, ""), r.Statement("多種樹。"), moot.Agree)
	has(t, mapText(t, view(t, r), r.View()), "1 person, 0 on the map · 1 statement · 1 vote\n")

	v := view(t, planted(t))
	v.Map.Unnamed, v.Map.Groups[0].Members = []int{0}, []int{1}
	has(t, mapText(t, v, planted(t).View()), "\n1 person is in no group that", " · 1 person ·", "not 1 people")

	matrix := readmodel.PolisMatrix{}
	m := opinion.PolisMap{Participants: []int{0}, InConversation: []int{0}, Statements: []int{0}, VoteCounts: []int{1},
		Groups: []opinion.PolisCluster{{ID: 0, Members: []int{0}}, {ID: 2, Members: []int{0, 1}}}}
	m.Representative = make([][]opinion.PolisRepresentative, len(m.Groups))
	var b bytes.Buffer
	if err := report.WritePolisText(&b, matrix, m); err != nil {
		t.Fatal(err)
	}
	has(t, b.String(), "1 person with votes, 1 of them grouped · 1 statement with votes · 1 vote\n", "\nGroup 0 (A in pictures) · 1 person\n", "\nGroup 2 (C in pictures) · 2 people\n")
}
