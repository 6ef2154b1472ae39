package report

import (
	"strconv"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
)

// PolisDocument is the map of the polis engine under the names of Polis's own
// math-pca2.json, with Polis's sign: inside it a disagree is +1.
type PolisDocument struct {
	Engine     string            `json:"engine"`
	N          int               `json:"n"`
	Statements int               `json:"n-cmts"`
	TIDs       []any             `json:"tids"`
	InConv     []any             `json:"in-conv"`
	VoteCounts map[string]int    `json:"user-vote-counts"`
	ModOut     []any             `json:"mod-out"`
	MetaTIDs   []any             `json:"meta-tids"`
	PCA        polisAxes         `json:"pca"`
	Bases      polisBases        `json:"base-clusters"`
	Groups     []polisGroup      `json:"group-clusters"`
	Votes      map[string]any    `json:"group-votes"`
	Repness    map[string][]any  `json:"repness"`
	Consensus  map[string][]any  `json:"consensus"`
	GAC        map[string]Figure `json:"group-aware-consensus"`
	Priorities map[string]Figure `json:"comment-priorities"`
	Silhouette map[string]Figure `json:"silhouettes"`
}

type polisAxes struct {
	Centre     []Figure   `json:"center"`
	Components [][]Figure `json:"comps"`
	Projection [][]Figure `json:"comment-projection"`
	Extremity  []Figure   `json:"comment-extremity"`
}

type polisBases struct {
	ID      []int    `json:"id"`
	Members [][]any  `json:"members"`
	X       []Figure `json:"x"`
	Y       []Figure `json:"y"`
	Count   []int    `json:"count"`
}

type polisGroup struct {
	ID      int      `json:"id"`
	Members []int    `json:"members"` // ids of base clusters
	Centre  []Figure `json:"center"`
}

// NewPolisDocument gives the document of a map that the polis engine made. Ids
// are those of the source, as numbers where they are; people and statements of
// the room stand under our own.
func NewPolisDocument(matrix readmodel.PolisMatrix, m opinion.PolisMap) PolisDocument {
	person := func(row int) any { return polisID(matrix.People[row].Get("source_id"), matrix.People[row].ID.String()) }
	statement := func(column int) any {
		return polisID(matrix.Statements[column].SourceID, matrix.Statements[column].ID.String())
	}
	d := PolisDocument{
		Engine: "polis", N: len(m.Participants), Statements: len(m.Statements), TIDs: each(m.Statements, statement), InConv: each(m.InConversation, person),
		VoteCounts: map[string]int{}, ModOut: each(matrix.Votes.ModeratedOut, statement), MetaTIDs: each(matrix.Votes.Meta, statement),
		Votes: map[string]any{}, Repness: map[string][]any{}, Consensus: map[string][]any{"agree": {}, "disagree": {}},
		GAC: map[string]Figure{}, Priorities: map[string]Figure{}, Silhouette: map[string]Figure{}, Groups: []polisGroup{},
	}
	for i, row := range m.Participants {
		d.VoteCounts[text(person(row))] = m.VoteCounts[i]
	}
	d.PCA = polisAxes{Centre: figureList(m.Centre), Extremity: figureList(m.Extremity), Components: [][]Figure{}, Projection: [][]Figure{{}, {}}}
	for _, axis := range m.Components {
		d.PCA.Components = append(d.PCA.Components, figureList(axis))
	}
	for i := range m.Statements {
		at := m.StatementPositions[i]
		d.PCA.Projection[0], d.PCA.Projection[1] = append(d.PCA.Projection[0], Figure(at[0])), append(d.PCA.Projection[1], Figure(at[1]))
		d.GAC[text(statement(m.Statements[i]))], d.Priorities[text(statement(m.Statements[i]))] = Figure(m.GroupAwareConsensus[i]), Figure(m.Priorities[i])
	}
	d.clusters(m, person)
	d.statistics(m, statement)
	return d
}

func (d *PolisDocument) clusters(m opinion.PolisMap, person func(int) any) {
	d.Bases = polisBases{ID: []int{}, Members: [][]any{}, X: []Figure{}, Y: []Figure{}, Count: []int{}}
	for _, b := range m.BaseClusters {
		d.Bases.ID, d.Bases.Members = append(d.Bases.ID, b.ID), append(d.Bases.Members, each(b.Members, person))
		d.Bases.X, d.Bases.Y = append(d.Bases.X, Figure(b.Centre[0])), append(d.Bases.Y, Figure(b.Centre[1]))
		d.Bases.Count = append(d.Bases.Count, len(b.Members))
	}
	for _, g := range m.Groupings {
		d.Silhouette[strconv.Itoa(g.K)] = Figure(g.Silhouette)
		if g.K != m.K {
			continue
		}
		for _, c := range g.Clusters {
			d.Groups = append(d.Groups, polisGroup{ID: c.ID, Members: c.Members, Centre: figureList(c.Centre[:])})
		}
	}
}

func (d *PolisDocument) statistics(m opinion.PolisMap, statement func(int) any) {
	for g, group := range m.Groups {
		votes := map[string]opinion.PolisTally{}
		for i, t := range m.GroupVotes[g] {
			votes[text(statement(m.Statements[i]))] = t
		}
		name := strconv.Itoa(group.ID)
		d.Votes[name] = map[string]any{"n-members": len(group.Members), "votes": votes}
		d.Repness[name] = []any{}
		for _, r := range m.Representative[g] {
			entry := map[string]any{"tid": statement(r.Statement), "n-success": r.Successes, "n-trials": r.Trials, "p-success": Figure(r.Share), "p-test": Figure(r.ShareTest),
				"repness": Figure(r.Representativeness), "repness-test": Figure(r.RepresentativenessTest), "repful-for": string(r.Direction)}
			if r.BestAgree {
				entry["best-agree"], entry["n-agree"] = true, r.Agrees
			}
			d.Repness[name] = append(d.Repness[name], entry)
		}
	}
	for word, list := range map[string][]opinion.PolisMajority{"agree": m.MajorityAgree, "disagree": m.MajorityDisagree} {
		for _, c := range list {
			d.Consensus[word] = append(d.Consensus[word], map[string]any{"tid": statement(c.Statement), "n-success": c.Successes, "n-trials": c.Trials,
				"p-success": Figure(c.Share), "p-test": Figure(c.ShareTest)})
		}
	}
}

// polisID gives the source's id, as a number where it is one; else our own.
func polisID(source, own string) any {
	if source == "" {
		return own
	}
	if n, err := strconv.Atoi(source); err == nil {
		return n
	}
	return source
}

func text(id any) string {
	if n, ok := id.(int); ok {
		return strconv.Itoa(n)
	}
	return id.(string)
}

func each(list []int, id func(int) any) []any {
	out := make([]any, len(list))
	for i, at := range list {
		out[i] = id(at)
	}
	return out
}

func figureList(list []float64) []Figure {
	out := make([]Figure, len(list))
	for i, x := range list {
		out[i] = Figure(x)
	}
	return out
}
