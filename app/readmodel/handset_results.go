package readmodel

import (
	"math"
	"strconv"
)

// HandsetResults is the results as a tablet shows them, in one reader's language.
type HandsetResults struct {
	Participants, Votes int
	Sections            []HandsetSection
}

// HandsetSection is a part of the results. Letter is that of the group whose statements
// these are, "" for all people's.
type HandsetSection struct {
	Key    string
	Letter string
	Lines  []HandsetResult
}

// HandsetResult is a statement with its votes. Apart says how a group stands out, nil
// where the line is not about a group; Own is the reader's answer, "" for none.
type HandsetResult struct {
	Text, Lang string
	Tally      Tally
	Apart      *HandsetLine
	Own        string
}

func (t *Told) resultsFor(lang string) *HandsetResults {
	r := t.Results
	out := &HandsetResults{Participants: r.Participants, Votes: r.Votes}
	add := func(section HandsetSection) {
		if len(section.Lines) > 0 {
			out.Sections = append(out.Sections, section)
		}
	}
	add(HandsetSection{Key: "results.common", Lines: t.resultLines(r.Common, lang)})
	for _, group := range r.Groups {
		section := HandsetSection{Key: "results.apart", Letter: group.Letter}
		for _, apart := range group.Apart {
			for _, line := range t.resultLines([]string{apart.ID}, lang) {
				line.Apart, line.Own = apart.line(group.Letter), ""
				section.Lines = append(section.Lines, line)
			}
		}
		add(section)
	}
	add(HandsetSection{Key: "results.divisive", Lines: t.resultLines(r.Divisive, lang)})
	all := make([]string, len(r.Statements))
	for i, tally := range r.Statements {
		all[i] = tally.ID
	}
	add(HandsetSection{Key: "results.all", Lines: t.resultLines(all, lang)})
	return out
}

func (t *Told) resultLines(ids []string, lang string) []HandsetResult {
	var lines []HandsetResult
	for _, id := range ids {
		s := t.statement(id)
		if s == nil {
			continue
		}
		line := HandsetResult{Tally: t.Results.Of(id)}
		line.Text, line.Lang = s.said(lang)
		if t.answered(id) {
			line.Own = t.Me.Votes[id].Value
		}
		lines = append(lines, line)
	}
	return lines
}

// line says how a group stands out: in people's counts, no shares.
func (a Apart) line(letter string) *HandsetLine {
	tenths := int(math.Round(a.Elsewhere * 10))
	few := tenths == 0 && a.Elsewhere > 0
	key := map[bool]map[bool]string{
		true:  {true: "results.apart_agree_few", false: "results.apart_agree"},
		false: {true: "results.apart_disagree_few", false: "results.apart_disagree"},
	}[a.Direction == "agree"][few]
	return &HandsetLine{Key: key, Args: map[string]any{"Letter": letter, "Agree": a.Agree, "Votes": a.Votes, "Tenths": strconv.Itoa(tenths)}}
}
