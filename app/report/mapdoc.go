package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// MapDocument is the opinion map as `map --json` prints it.
type MapDocument struct {
	Engine      string              `json:"engine"`
	Version     string              `json:"version"`
	Seed        uint64              `json:"seed"`
	Counts      MapCounts           `json:"counts"`
	Light       readmodel.Light     `json:"light"`
	Missing     []string            `json:"missing"` // English sentences
	K           int                 `json:"k"`
	Axes        int                 `json:"axes"`
	Silhouette  map[string]Figure   `json:"silhouette"` // by number of groups
	Null97      Figure              `json:"null97"`
	GroupsFound bool                `json:"groups_found"`
	Explained   [2]Figure           `json:"explained"`
	Groups      []GroupDocument     `json:"groups"`
	Positions   []PositionDocument  `json:"positions"`
	Common      []CommonDocument    `json:"common_ground"`
	Divisive    []DivisiveDocument  `json:"divisive"`
	Priorities  []PriorityStatement `json:"priorities"`
}

// MapCounts are what went into a map.
type MapCounts struct {
	Participants int `json:"participants"`
	OnMap        int `json:"on_map"`
	Statements   int `json:"statements"`
	Votes        int `json:"votes"`
}

// GroupDocument is an opinion group.
type GroupDocument struct {
	Letter         string                   `json:"letter"`
	Size           int                      `json:"size"`
	Stability      Figure                   `json:"stability"` // 0 where it was not measured
	Word           string                   `json:"word"`      // solid, stable, tentative; "" where it was not measured
	Members        []string                 `json:"members"`
	Representative []RepresentativeDocument `json:"representative"`
}

// RepresentativeDocument is a statement that a group holds more than the others do.
type RepresentativeDocument struct {
	Statement string    `json:"statement"`
	Direction string    `json:"direction"`
	Agree     int       `json:"agree"`
	Disagree  int       `json:"disagree"`
	Pass      int       `json:"pass"`
	Unseen    int       `json:"unseen"`
	Share     [3]Figure `json:"share"` // lower bound, mean, upper bound of the share for Direction
	Effect    Figure    `json:"effect"`
	Q         Figure    `json:"q"`
}

// PositionDocument is a person's place on the map.
type PositionDocument struct {
	Participant string    `json:"participant"`
	X           Figure    `json:"x"`
	Y           Figure    `json:"y"`
	SD          [2]Figure `json:"sd"`
	Group       string    `json:"group"` // "" where no groups were found, and for people in none
	Between     bool      `json:"between"`
}

// CommonDocument is a statement that every group holds.
type CommonDocument struct {
	Statement string            `json:"statement"`
	Direction string            `json:"direction"`
	Lower     Figure            `json:"lower"`
	ByGroup   map[string]Figure `json:"by_group"` // "all" where no groups were found, "others" for people in no group
	PolisGIC  Figure            `json:"polis_gic"`
}

// DivisiveDocument is a statement that sets two groups apart.
type DivisiveDocument struct {
	Statement  string    `json:"statement"`
	Between    [2]string `json:"between"` // the group that agrees more, then the other
	Difference Figure    `json:"difference"`
}

// PriorityStatement is how much a statement should be asked next.
type PriorityStatement struct {
	Statement string `json:"statement"`
	Weight    Figure `json:"weight"`
}

// Names say under which id people and statements stand in a document.
type Names struct {
	Participant func(moot.ParticipantID) string
	Statement   func(moot.StatementID) string
}

// SourceNames gives the ids as the source has them, and our own for what came from
// the room. They are the host's: see Source.Names for those of a publication.
func SourceNames(record *moot.View) Names {
	return Names{
		Participant: func(id moot.ParticipantID) string {
			if p := record.Person(id); p != nil && !p.Here() {
				return cmp.Or(p.Get(moot.PersonID), id.String())
			}
			return id.String()
		},
		Statement: func(id moot.StatementID) string {
			if st := record.Statement(id); st != nil && st.Source == moot.Imported {
				return cmp.Or(st.SourceID, id.String())
			}
			return id.String()
		},
	}
}

// Names gives the public numbers.
func (s *Source) Names() Names {
	return Names{
		Participant: func(id moot.ParticipantID) string { return s.number[id] },
		Statement:   func(id moot.StatementID) string { return s.comment[id] },
	}
}

// NewMapDocument gives the document of a View. Lists are never nil.
func NewMapDocument(v *readmodel.View, names Names) MapDocument {
	m := &v.Map
	doc := MapDocument{Engine: "folkmoot", Version: opinion.EngineVersion, Seed: m.Seed,
		Counts: MapCounts{Participants: m.Participants, OnMap: len(m.OnMap), Statements: m.Statements, Votes: m.Votes},
		Light:  v.Light, Missing: sentences(v.Missing, words.English), K: m.K, Axes: m.Axes,
		Silhouette: map[string]Figure{}, Null97: Figure(m.Null97), GroupsFound: m.GroupsFound,
		Explained: [2]Figure{Figure(m.Explained[0]), Figure(m.Explained[1])},
		Groups:    []GroupDocument{}, Positions: []PositionDocument{}, Common: []CommonDocument{}, Divisive: []DivisiveDocument{}, Priorities: []PriorityStatement{}}
	for _, s := range m.Silhouettes {
		doc.Silhouette[itoa(s.K)] = Figure(s.Mean)
	}
	person := func(row int) string { return names.Participant(v.People[row].ID) }
	statement := func(column int) string { return names.Statement(v.Statements[column].ID) }
	for _, g := range v.GroupsByLetter() {
		doc.Groups = append(doc.Groups, groupDocument(v, g, person, statement))
	}
	for _, p := range m.Positions {
		doc.Positions = append(doc.Positions, PositionDocument{Participant: person(p.Participant), X: Figure(p.X), Y: Figure(p.Y),
			SD: [2]Figure{Figure(p.SD[0]), Figure(p.SD[1])}, Group: v.Group(v.People[p.Participant].ID), Between: v.Between(v.People[p.Participant].ID)})
	}
	for _, c := range m.CommonGround {
		doc.Common = append(doc.Common, CommonDocument{Statement: statement(c.Statement), Direction: string(c.Direction),
			Lower: Figure(c.Lower), ByGroup: byLetter(v, c.ByGroup), PolisGIC: Figure(c.PolisGIC)})
	}
	for _, d := range m.Divisive {
		doc.Divisive = append(doc.Divisive, DivisiveDocument{Statement: statement(d.Statement),
			Between: [2]string{v.Letters[d.Between[0]], v.Letters[d.Between[1]]}, Difference: Figure(d.Difference)})
	}
	for _, p := range v.Priorities() {
		doc.Priorities = append(doc.Priorities, PriorityStatement{Statement: statement(p.Statement), Weight: Figure(p.Weight)})
	}
	return doc
}

func groupDocument(v *readmodel.View, g int, person, statement func(int) string) GroupDocument {
	group := v.Map.Groups[g]
	doc := GroupDocument{Letter: v.Letters[g], Size: len(group.Members), Stability: Figure(group.Stability), Word: string(group.Word), Members: []string{}, Representative: []RepresentativeDocument{}}
	for _, row := range group.Members {
		doc.Members = append(doc.Members, person(row))
	}
	for _, r := range group.Representative {
		doc.Representative = append(doc.Representative, RepresentativeDocument{
			Statement: statement(r.Statement), Direction: string(r.Direction),
			Agree: r.Tally.Agree, Disagree: r.Tally.Disagree, Pass: r.Tally.Pass, Unseen: r.Tally.Unseen,
			Share: [3]Figure{Figure(r.Share.Low), Figure(r.Share.Mean), Figure(r.Share.High)}, Effect: Figure(r.Effect), Q: Figure(r.Q)})
	}
	return doc
}

func byLetter(v *readmodel.View, shares []opinion.Share) map[string]Figure {
	out := map[string]Figure{}
	for g, share := range shares {
		letter := "all"
		switch {
		case g < len(v.Letters):
			letter = v.Letters[g]
		case len(v.Letters) > 0:
			letter = "others"
		}
		out[letter] = Figure(share.Mean)
	}
	return out
}

// sentences puts sentences into words. A document waits for nothing: where screens say
// that the test of the groups is under way, it says that there was none.
func sentences(list []readmodel.Sentence, lang string) []string {
	texts := make([]string, len(list))
	for i, s := range list {
		args := make(map[string]any, len(s.Args))
		for name, value := range s.Args {
			args[name] = value
		}
		id := s.ID
		if id == readmodel.MissingTest {
			id = "missing.untested"
		}
		texts[i] = words.Text(lang, id, args)
	}
	return texts
}

// WriteJSON writes a document with a line break at the end.
func WriteJSON(w io.Writer, document any) error {
	data, err := json.MarshalIndent(document, "", " ")
	if err != nil {
		return fmt.Errorf("report: encode JSON: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
