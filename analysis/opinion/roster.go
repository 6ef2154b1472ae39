package opinion

import "slices"

// votesNeeded is how many votes put a participant on the map when there are so many
// visible statements: a third of them, but 3 at least and 7 at most. (7 is the
// threshold of Polis; a third lets small agendas have a map.)
func votesNeeded(statements int) int {
	return max(3, min(7, (statements+2)/3))
}

// onMap gives the participants with at least the needed votes, ascending.
func onMap(votes Votes, needed int) []int {
	var rows []int
	for p := range votes.Participants() {
		if votes.CastBy(p) >= needed {
			rows = append(rows, p)
		}
	}
	return rows
}

// shortfall says what keeps the people on the map from being enough.
func shortfall(votes Votes, needed, people int) Shortfall {
	if people >= PeopleNeeded {
		return Shortfall{}
	}
	missing := Shortfall{
		Kind:       TooFewPeople,
		Statements: max(0, needed-votes.Statements()),
		People:     PeopleNeeded - people,
	}
	if missing.Statements > 0 {
		missing.Kind = TooFewStatements
		return missing
	}
	var gaps []int
	for p := range votes.Participants() {
		if gap := needed - votes.CastBy(p); gap > 0 {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) < missing.People {
		return missing
	}
	slices.Sort(gaps)
	for _, gap := range gaps[:missing.People] {
		missing.Votes += gap
	}
	return missing
}
