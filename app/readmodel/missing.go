package readmodel

import (
	"cmp"
	"slices"
	"strconv"

	"folkmoot/analysis/opinion"
)

// Sentence is a text of the catalogue with its arguments, to be put into words in
// the reader's language.
type Sentence struct {
	ID   string            `json:"id"`
	Args map[string]string `json:"args,omitempty"`
}

func sentence(id string, n int) Sentence {
	return Sentence{ID: id, Args: map[string]string{"N": strconv.Itoa(n)}}
}

// Light says how far a map may be trusted.
type Light string

// The lights. Red: no map, or under half of the people on it. Amber: groups not
// tested against chance yet, a group that is tentative, or a statement below its target
// of votes where anybody is here to vote. Green: the rest.
const (
	Red   Light = "red"
	Amber Light = "amber"
	Green Light = "green"
)

// Keys of the catalogue for what is missing.
const (
	MissingPeople     = "missing.people"     // N more people have to answer some more statements
	MissingVotes      = "missing.votes"      // about N more votes are needed
	MissingStatements = "missing.statements" // at least N statements are needed
	MissingVariety    = "missing.variety"    // the answers are too much alike
	MissingTest       = "missing.working"    // groups are still being tested
	MissingHalf       = "missing.half"       // N more people until half of all are on the map
	MissingTarget     = "missing.target"     // the statement Text needs N more votes
	MissingTentative  = "missing.tentative"  // groups Letter (N 1 or more) are not settled; votes on the statement Text would help most
	MissingSettled    = "missing.settled"    // groups Letter (N 1 or more) are not settled
)

// targetVotes is how many votes a statement should have before its figures are
// trusted: 15, as the run-down of the 80-minute workshop has it, or half of the
// people on the map where that is fewer.
const targetVotes = 15

// mostTargets is how many statements below their target are named.
const mostTargets = 3

// judge gives the light, and what would turn it greener.
func (v *View) judge() (Light, []Sentence) {
	short := v.Map.Shortfall
	switch short.Kind {
	case opinion.TooFewStatements:
		return Red, []Sentence{sentence(MissingStatements, len(v.Statements)+short.Statements)}
	case opinion.TooFewPeople:
		missing := []Sentence{sentence(MissingPeople, short.People)}
		if short.Votes > 0 {
			missing = append(missing, sentence(MissingVotes, short.Votes))
		}
		return Red, missing
	}
	if v.Map.K == 0 && v.Map.Explained[0] == 0 {
		return Red, []Sentence{{ID: MissingVariety}}
	}
	if half := (v.Counts.Voters + 1) / 2; v.Counts.OnMap < half {
		return Red, []Sentence{sentence(MissingHalf, half-v.Counts.OnMap)}
	}
	var missing []Sentence
	if v.Counts.Here > 0 { // nobody can vote in what is only imported
		missing = v.belowTarget()
	}
	if m := &v.Map; !m.GroupsTested && !(m.Carried && (m.Calibrated || !m.GroupsFound)) {
		missing = append(missing, Sentence{ID: MissingTest})
	}
	missing = append(missing, v.tentative()...)
	if len(missing) > 0 {
		return Amber, missing
	}
	return Green, nil
}

// belowTarget names the statements that need votes most.
func (v *View) belowTarget() []Sentence {
	target := min(targetVotes, (v.Counts.OnMap+1)/2)
	var short []int
	for column, votes := range v.voted {
		if votes < target {
			short = append(short, column)
		}
	}
	slices.SortStableFunc(short, func(a, b int) int { return cmp.Compare(v.voted[a], v.voted[b]) })
	var missing []Sentence
	for _, column := range short[:min(len(short), mostTargets)] {
		need := sentence(MissingTarget, target-v.voted[column])
		need.Args["Text"] = v.Statements[column].Text
		missing = append(missing, need)
	}
	return missing
}

// tentative names the groups that are not settled, with the statement on which more votes
// of their people would settle most: the one that tells most about places, times the
// people of the groups who have not seen it. Groups for which it is the same are named
// together. Where nobody is here who could vote, or all have voted on everything, they
// are only named.
func (v *View) tentative() []Sentence {
	var missing []Sentence
	at := map[string]int{} // text or "" -> place in missing
	for _, g := range v.GroupsByLetter() {
		if v.Map.Groups[g].Word != opinion.Tentative {
			continue
		}
		text := ""
		if best := v.settling(g); best >= 0 && v.Counts.Here > 0 {
			text = v.Statements[best].Text
		}
		if i, ok := at[text]; ok {
			missing[i].Args["Letter"] += " · " + v.Letters[g]
			missing[i].Args["N"] = "2"
			continue
		}
		need := sentence(MissingSettled, 1)
		need.Args["Letter"] = v.Letters[g]
		if text != "" {
			need.ID, need.Args["Text"] = MissingTentative, text
		}
		at[text] = len(missing)
		missing = append(missing, need)
	}
	return missing
}

// settling gives the statement on which votes of a group would settle most, -1 where all
// of its people have voted on everything.
func (v *View) settling(g int) int {
	best, most := -1, 0.0
	for s, tally := range v.Map.Tallies[g] {
		loading := v.Map.Loadings[s]
		if worth := float64(tally.Unseen) * (loading[0]*loading[0] + loading[1]*loading[1]); worth > most {
			best, most = s, worth
		}
	}
	return best
}
