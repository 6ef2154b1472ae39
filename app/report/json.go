package report

import (
	"cmp"
	"io"
	"math"
	"slices"

	"folkmoot/sync/moot"
)

// ExportDocument is map.json: the document of `map --json` under public numbers, with
// the session, its statements and their counts.
type ExportDocument struct {
	Session SessionDocument `json:"session"`
	MapDocument
	Statements []StatementDocument `json:"statements"`
}

// SessionDocument says what the figures are about.
type SessionDocument struct {
	Title     string `json:"title"`
	Date      string `json:"date"`
	Here      int    `json:"here"`
	Imported  int    `json:"imported"`
	Voters    int    `json:"voters"`
	Votes     int    `json:"votes"` // on statements that may be voted on
	Licence   string `json:"licence"`
	Sample    bool   `json:"sample"`
	Rehearsal bool   `json:"rehearsal"`
	Rule      string `json:"rule"`
	Software  string `json:"software"`
}

// StatementDocument is a statement with the last votes of all.
type StatementDocument struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Lang      string `json:"lang"`
	Other     string `json:"text_other_lang"`
	Moderated int    `json:"moderated"` // 1 accepted, 0 not looked at, -1 rejected
	Agree     int    `json:"agree"`
	Disagree  int    `json:"disagree"`
	Pass      int    `json:"pass"`
}

// Rule is the counting rule, as every file states it.
const Rule = "The last vote of each person on each statement counts. Rejected statements are not in totals and on the map. Hands are counted apart."

// WriteMapJSON writes map.json. Positions are rounded to two digits, and people come
// in the order of their public numbers.
func WriteMapJSON(w io.Writer, s *Source) error {
	session := s.record.Session
	doc := ExportDocument{MapDocument: NewMapDocument(s.View, s.Names()), Statements: []StatementDocument{},
		Session: SessionDocument{Title: session.Get(moot.Title), Date: s.day(), Here: s.View.Counts.Here, Imported: s.View.Counts.Imported,
			Voters: s.View.Counts.Voters, Votes: s.View.Counts.Votes, Licence: session.Get(moot.Licence),
			Sample: session.On(moot.Sample), Rehearsal: session.On(moot.Rehearsal), Rule: Rule, Software: joined(" ", "Folkmoot", s.options.Software)}}
	for i := range doc.Positions {
		p := &doc.Positions[i]
		p.X, p.Y = hundredth(p.X), hundredth(p.Y)
		p.SD = [2]Figure{hundredth(p.SD[0]), hundredth(p.SD[1])}
	}
	slices.SortFunc(doc.Positions, func(a, b PositionDocument) int { return compareNumbers(a.Participant, b.Participant) })
	for g := range doc.Groups {
		slices.SortFunc(doc.Groups[g].Members, compareNumbers)
	}
	for _, st := range s.columns() {
		t := s.tallies[st.ID]
		line := StatementDocument{ID: s.comment[st.ID], Text: s.text(st), Lang: st.Lang, Other: s.other(st), Agree: t.Agree, Disagree: t.Disagree, Pass: t.Pass}
		switch moderated(st) {
		case "1":
			line.Moderated = 1
		case "-1":
			line.Moderated = -1
		}
		doc.Statements = append(doc.Statements, line)
	}
	return WriteJSON(w, doc)
}

func hundredth(f Figure) Figure { return Figure(math.Round(float64(f)*100) / 100) }

// compareNumbers orders public numbers.
func compareNumbers(a, b string) int {
	x, _ := whole(a)
	y, _ := whole(b)
	return cmp.Compare(x, y)
}
