package report

import (
	"io"
	"strconv"
	"strings"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
)

// WritePolisText writes the map of the polis engine for people at a terminal, in plain
// English: groups under Polis's numbers with its representative statements, its majority
// lists, and how it compares.
func WritePolisText(w io.Writer, matrix readmodel.PolisMatrix, m opinion.PolisMap) error {
	t := &printer{w: w}
	votes := 0
	for _, cast := range m.VoteCounts {
		votes += cast
	}
	t.line("%s with votes, %d of them grouped · %s with votes · %s", counted(len(m.Participants), "person", "people"), len(m.InConversation), counted(len(m.Statements), "statement", "statements"), counted(votes, "vote", "votes"))
	t.line("Engine polis, as from a cold start")
	if fits := polisFits(m); fits != "" {
		t.line("Silhouettes: %s", fits)
	}
	statement := func(s, side, voted int, verb string) {
		one := matrix.Statements[s]
		t.line("  %6s  %s", text(polisID(one.SourceID, one.ID.String())), one.Text)
		t.line("          %d of %d %s", side, voted, verb)
	}
	for g, group := range m.Groups {
		t.line("\nGroup %d%s · %s", group.ID, inPictures(group.ID), counted(len(group.Members), "person", "people"))
		for _, r := range m.Representative[g] {
			statement(r.Statement, r.Successes, r.Trials, string(r.Direction))
		}
		if len(m.Representative[g]) == 0 {
			t.line("  Polis names no statement for this group.")
		}
	}
	for _, list := range []struct {
		verb    string
		entries []opinion.PolisMajority
	}{{"agree", m.MajorityAgree}, {"disagree", m.MajorityDisagree}} {
		if len(list.entries) > 0 {
			t.line("\nMost of all %s", list.verb)
		}
		for _, entry := range list.entries {
			statement(entry.Statement, entry.Successes, entry.Trials, list.verb)
		}
	}
	t.line("\nPolis always shows two groups at least, also where there are none; the engine folkmoot tests that.")
	return t.err
}

// inPictures gives the letter that readmodel.PolisScene has for a group of Polis.
func inPictures(group int) string {
	if letter := readmodel.PolisLetter(group); letter != "" {
		return " (" + letter + " in pictures)"
	}
	return ""
}

// polisFits gives the silhouettes by number of groups, the one taken marked.
func polisFits(m opinion.PolisMap) string {
	var fits []string
	for _, grouping := range m.Groupings {
		mark := ""
		if grouping.K == m.K {
			mark = ", taken"
		}
		fits = append(fits, itoa(grouping.K)+" groups "+strconv.FormatFloat(grouping.Silhouette, 'f', 2, 64)+mark)
	}
	return strings.Join(fits, " · ")
}
