package readmodel

import (
	"slices"

	"folkmoot/sync/moot"
)

// MapForRoom is the map as phones and the wall get it. It names nobody.
type MapForRoom struct {
	GroupsFound bool `json:"groups_found"`
	// Light says how far the map may be trusted, and Missing what would help.
	Light   Light      `json:"light"`
	Missing []Sentence `json:"missing"`
	Scene   *Scene     `json:"scene"` // null where there is no map
}

// ShownResults gives the results that the room may see, nil while the host has not
// shown them. shown is what NextShown gave.
func ShownResults(record *moot.View, shown *View) *Results {
	if shown == nil || !record.Session.On(moot.ShowResult) {
		return nil
	}
	return &shown.without(record).Results
}

// ShownMap gives the map that the room may see, nil while the host has not shown it.
func ShownMap(record *moot.View, shown *View) *MapForRoom {
	if shown == nil || !record.Session.On(moot.ShowMap) {
		return nil
	}
	m := shown.MapForHost()
	m.Missing = withoutGone(record, m.Missing)
	return m
}

// withoutGone gives the sentences less those that quote a statement which may no
// longer be voted on: a statement that the host takes away leaves the room at once.
func withoutGone(record *moot.View, missing []Sentence) []Sentence {
	gone := func(one Sentence) bool {
		text, quotes := one.Args["Text"]
		return quotes && !slices.ContainsFunc(record.Statements, func(s *moot.Statement) bool { return s.Votable() && s.Text == text })
	}
	if !slices.ContainsFunc(missing, gone) {
		return missing
	}
	return slices.DeleteFunc(slices.Clone(missing), gone)
}

// MapForHost gives the map as it stands now, for the host alone: shown to the room
// or not.
func (v *View) MapForHost() *MapForRoom {
	m := &MapForRoom{GroupsFound: v.Map.GroupsFound, Light: v.Light, Missing: v.Missing, Scene: v.Scene}
	if m.Missing == nil {
		m.Missing = []Sentence{}
	}
	return m
}

// AnswersToShow gives AnswerCounts as the room may see them: nil until at least Batch
// people have answered, since fewer could be told apart.
func AnswersToShow(record *moot.View) *[6]int {
	counts := AnswerCounts(record)
	if counts == nil {
		return nil
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	if all < Batch {
		return nil
	}
	return counts
}

// AnswerCounts gives how many people chose each answer of the 0–5 question; nil where
// there is no question.
func AnswerCounts(record *moot.View) *[6]int {
	if record.Session.Get(moot.Question) == "" {
		return nil
	}
	var counts [6]int
	for _, p := range record.People() {
		if cell, ok := p.Answer(moot.FirstQuestion); ok && cell.Value >= 0 && cell.Value < len(counts) {
			counts[cell.Value]++
		}
	}
	return &counts
}
