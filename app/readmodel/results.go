package readmodel

import (
	"slices"

	"folkmoot/analysis/opinion"
	"folkmoot/sync/moot"
)

// How long the lists of what stands out are, in the Results that a room sees.
const (
	apartShown  = 5
	commonShown = 8
	differShown = 8
)

// FewestForWhy is the number of people in a group below which nothing is said of
// what they think: in a group of four, three votes name people.
const FewestForWhy = 5

// Results are the votes on the statements that may be voted on. It names no people.
type Results struct {
	// Participants are those with at least one vote, Votes their votes.
	Participants int            `json:"participants"`
	Votes        int            `json:"votes"`
	Statements   []Tally        `json:"statements"`
	Common       []string       `json:"common"`   // statements that most in every group agree with, the surest first
	Divisive     []string       `json:"divisive"` // statements that set groups apart, the widest first
	Groups       []GroupResults `json:"groups"`   // by letter; empty where no groups were found
	// Shares are, by the id of a statement of Common or Divisive, the groups that may be
	// told of, see View.MayTell, by letter. They are for the facilitator's own screen.
	Shares map[string][]GroupShare `json:"-"`
}

// GroupShare is how much of a group agrees with a statement.
type GroupShare struct {
	Letter string
	// Agree is the share of the group's votes on it, passes included, 0 … 1.
	Agree float64
}

// Of gives the votes of all on a statement, none for one that is not there.
func (r *Results) Of(id string) Tally {
	for _, t := range r.Statements {
		if t.ID == id {
			return t
		}
	}
	return Tally{ID: id}
}

// Tally is the counted votes of all on a statement.
type Tally struct {
	ID       string `json:"id"`
	Agree    int    `json:"agree"`
	Disagree int    `json:"disagree"`
	Pass     int    `json:"pass"`
}

// Voted gives the number of votes, passes included.
func (t Tally) Voted() int { return t.Agree + t.Disagree + t.Pass }

// GroupResults is what sets a group apart.
type GroupResults struct {
	Letter string `json:"letter"`
	Size   int    `json:"size"`
	// Stability says how firmly the group stands in resamples: one of the words of
	// opinion.StabilityWord, "" where that was not measured.
	Stability string `json:"-"`
	// Apart is empty where nothing may be told, see View.MayTell; Hidden says that.
	Apart  []Apart `json:"apart"`
	Hidden bool    `json:"-"`
}

// Apart is a statement that a group holds more than the others do.
type Apart struct {
	ID        string `json:"id"`
	Direction string `json:"direction"` // agree or disagree
	// Agree is how many of the group's votes are on the side of Direction, Votes how
	// many there are, passes included.
	Agree int `json:"agree"`
	Votes int `json:"votes"`
	// Elsewhere is the share of the other groups' votes on that side, 0 … 1.
	Elsewhere float64 `json:"elsewhere"`
	// Group are the group's own votes.
	Group Tally `json:"-"`
}

func (v *View) results() Results {
	r := Results{Participants: v.Counts.Voters, Votes: v.Counts.Votes, Statements: make([]Tally, len(v.listing)),
		Common: []string{}, Divisive: []string{}, Groups: []GroupResults{}}
	index := make(map[moot.StatementID]int, len(v.listing))
	for i, s := range v.listing {
		index[s.ID] = i
		r.Statements[i].ID = s.ID.String()
	}
	for _, p := range v.People {
		for id, cell := range p.Votes() {
			if i, ok := index[id]; ok {
				r.Statements[i].add(cell.Value)
			}
		}
	}
	for _, c := range v.Map.CommonGround {
		if c.Direction == opinion.ForAgree && len(r.Common) < commonShown {
			r.Common = append(r.Common, v.Statements[c.Statement].ID.String())
		}
	}
	for _, d := range v.Map.Divisive {
		if len(r.Divisive) < differShown {
			r.Divisive = append(r.Divisive, v.Statements[d.Statement].ID.String())
		}
	}
	for _, g := range v.GroupsByLetter() {
		r.Groups = append(r.Groups, v.groupResults(g))
	}
	r.Shares = v.shares(slices.Concat(r.Common, r.Divisive))
	return r
}

// shares gives the shares of the groups that may be told of and voted on the statements.
func (v *View) shares(ids []string) map[string][]GroupShare {
	shares := map[string][]GroupShare{}
	for _, g := range v.GroupsByLetter() {
		if !v.MayTell(g) {
			continue
		}
		for column, statement := range v.Statements {
			id, tally := statement.ID.String(), v.Map.Tallies[g][column]
			if slices.Contains(ids, id) && tally.Voted() > 0 {
				shares[id] = append(shares[id], GroupShare{v.Letters[g], float64(tally.Agree) / float64(tally.Voted())})
			}
		}
	}
	return shares
}

func (t *Tally) add(vote moot.Vote) {
	switch vote {
	case moot.Agree:
		t.Agree++
	case moot.Disagree:
		t.Disagree++
	case moot.Pass:
		t.Pass++
	}
}

// MayTell says whether votes of Map.Groups[g] may be told apart from those of all. A
// group of fewer than FewestForWhy may not; and where the small groups together are
// fewer than that, none may, since theirs would follow from the rest; those in no group
// that could be named, and voters who are not on the map, count as one.
func (v *View) MayTell(g int) bool {
	together := 0
	if rest := len(v.Map.Unnamed) + v.Counts.Voters - v.Counts.OnMap; rest < FewestForWhy {
		together = rest
	}
	for _, group := range v.Map.Groups {
		if len(group.Members) < FewestForWhy {
			together += len(group.Members)
		}
	}
	return len(v.Map.Groups[g].Members) >= FewestForWhy && (together == 0 || together >= FewestForWhy)
}

func (v *View) groupResults(g int) GroupResults {
	group := v.Map.Groups[g]
	out := GroupResults{Letter: v.Letters[g], Size: len(group.Members), Stability: string(group.Word), Apart: []Apart{}, Hidden: !v.MayTell(g)}
	if out.Hidden {
		return out
	}
	for _, r := range group.Representative {
		if len(out.Apart) == apartShown {
			break
		}
		out.Apart = append(out.Apart, Apart{
			ID: v.Statements[r.Statement].ID.String(), Direction: string(r.Direction),
			Agree: sided(r.Tally, r.Direction), Votes: r.Tally.Voted(), Elsewhere: v.elsewhere(g, r.Statement, r.Direction),
			Group: Tally{Agree: r.Tally.Agree, Disagree: r.Tally.Disagree, Pass: r.Tally.Pass},
		})
	}
	return out
}

// sided counts the votes on one side.
func sided(t opinion.Tally, direction opinion.Direction) int {
	if direction == opinion.ForDisagree {
		return t.Disagree
	}
	return t.Agree
}

// elsewhere gives the share of votes on one side in all groups but g; 0 without votes.
func (v *View) elsewhere(g, statement int, direction opinion.Direction) float64 {
	side, voted := 0, 0
	for other, tallies := range v.Map.Tallies {
		if other != g {
			side += sided(tallies[statement], direction)
			voted += tallies[statement].Voted()
		}
	}
	if voted == 0 {
		return 0
	}
	return round4(float64(side) / float64(voted))
}
