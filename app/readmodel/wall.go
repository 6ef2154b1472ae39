package readmodel

import (
	"folkmoot/sync/moot"
)

// InBoth is a text by language, zh-Hant and en; where the session says it in one only,
// that stands for both.
type InBoth map[string]string

// WallSheet is what a projector shows, in the room and as a page: no own name, nobody's
// opinion, and of results and map what the room was shown, which moves in batches.
type WallSheet struct {
	// Mode is one of WallModes.
	Mode  string
	Title InBoth
	// Language is the room's.
	Language          string
	Sample, Rehearsal bool
	// Step is the one that runs, or ran last; nil before the first.
	Step *AgendaStep
	Code string
	Wifi string
	// Badges says that joining takes a badge, so that Here counts people; else it counts
	// devices, from which more than one person may answer, and Code lets in.
	Badges bool
	// Here, Imported and Votes are the people and the counted votes.
	Here, Imported, Votes int
	// Question is the 0–5 question, nil for none; Answers how many chose each, nil
	// where the room may not see it.
	Question   *WallQuestion
	Answers    *[6]int
	Prompt     InBoth
	Statements []WallStatement
	// Results says that the statements' Tally may be shown.
	Results     bool
	Map         *MapForRoom // nil while the room was not shown it
	Tables      []WallTable // nil while they are not announced
	DevicesDown bool
	// Venue has the addresses and the link of the way to join that is shown; Own is the
	// Wi-Fi that was opened for the room, without a name for none.
	Venue Venue
	Own   OwnWifi
}

// WallQuestion is the 0–5 question.
type WallQuestion struct{ Text, Low, High InBoth }

// WallStatement is a statement that may be voted on.
type WallStatement struct {
	Text  string
	Texts map[string]string // by language where somebody paired two, else nil
	Tally Tally
}

// In gives the text in a language; as it was written where nobody paired one.
func (s WallStatement) In(lang string) string {
	if text := s.Texts[lang]; text != "" {
		return text
	}
	return s.Text
}

func newWallSheet(record *moot.View, shown *View, now uint64) WallSheet {
	session := record.Session
	w := WallSheet{
		Mode: WallModeOf(record), Title: inBoth(session, moot.Title), Language: session.Language(), Sample: session.On(moot.Sample), Rehearsal: session.On(moot.Rehearsal),
		Code: session.Get(moot.JoinCode), Badges: session.BadgesOnly(), Wifi: session.Get(moot.Wifi), Here: record.Here(), Imported: record.Imported(), Votes: record.Votes,
		Prompt: inBoth(session, moot.Prompt), Map: ShownMap(record, shown), Tables: WallTables(record), DevicesDown: session.On(moot.DevicesOff),
	}
	if running := record.Running(); running != nil {
		agenda := Agenda(record, now)
		for i := range agenda {
			if agenda[i].ID == string(running.ID) {
				w.Step = &agenda[i]
			}
		}
	}
	if session.Get(moot.Question) != "" {
		w.Question = &WallQuestion{inBoth(session, moot.Question), inBoth(session, moot.QuestionLo), inBoth(session, moot.QuestionHi)}
		if shown != nil && session.On(moot.ShowResult) {
			w.Answers = AnswersToShow(shown.Record)
		}
	}
	tallies := map[string]Tally{}
	if results := ShownResults(record, shown); results != nil {
		w.Results = true
		for _, t := range results.Statements {
			tallies[t.ID] = t
		}
	}
	for _, s := range record.Statements {
		if s.Votable() {
			w.Statements = append(w.Statements, WallStatement{Text: s.Text, Texts: s.Texts, Tally: tallies[s.ID.String()]})
		}
	}
	return w
}

func inBoth(session moot.Session, field moot.Field) InBoth {
	out := InBoth{}
	for _, lang := range []string{"zh-Hant", "en"} {
		out[lang] = session.Text(field, lang)
	}
	return out
}
