package report

import (
	"cmp"
	"maps"
	"slices"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// byGroup counts the last votes by group, in the order of the letters.
func (s *Source) byGroup() []map[moot.StatementID]readmodel.Tally {
	letters := s.letters()
	counts := make([]map[moot.StatementID]readmodel.Tally, len(letters))
	for g := range counts {
		counts[g] = map[moot.StatementID]readmodel.Tally{}
	}
	for _, p := range s.people {
		g := slices.Index(letters, s.View.Group(p.ID))
		if g < 0 {
			continue
		}
		for id, cell := range p.Votes() {
			t := counts[g][id]
			count(&t, cell.Value)
			counts[g][id] = t
		}
	}
	return counts
}

// count adds a vote to a tally.
func count(t *readmodel.Tally, vote moot.Vote) {
	switch vote {
	case moot.Agree:
		t.Agree++
	case moot.Disagree:
		t.Disagree++
	case moot.Pass:
		t.Pass++
	}
}

// event is a statement or a vote in the history of a conversation.
type event struct {
	at     uint64
	person string
	vote   bool
}

// writeStatsHistory writes how the conversation grew, a row for each statement and
// vote. Nobody counts visitors here: they are the people seen so far.
func (s *Source) writeStatsHistory(to Target) error {
	var events []event
	for _, st := range s.comments {
		events = append(events, event{at: s.statementTime(st), person: s.author(st)})
	}
	for _, v := range s.castVotes() {
		events = append(events, event{at: v.at, person: s.number[v.person], vote: true})
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return table(to, "stats-history.csv", func(row func(...string)) {
		row("n-votes", "n-comments", "n-visitors", "n-voters", "n-commenters")
		votes, comments := 0, 0
		visitors, voters, commenters := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, e := range events {
			visitors[e.person] = true
			if e.vote {
				votes++
				voters[e.person] = true
			} else {
				comments++
				commenters[e.person] = true
			}
			row(itoa(votes), itoa(comments), itoa(len(visitors)), itoa(len(voters)), itoa(len(commenters)))
		}
	})
}

// StatementColumns are the columns of extra/statements.csv: what Polis has no place
// for. Those that this program does not fill yet stay empty.
var StatementColumns = []string{"comment-id", "lang", "text_other_lang", "source", "room", "table", "parent_id", "lineage",
	"accepted_by", "reason", "hands_agree", "hands_disagree", "hands_pass"}

// WriteStatements writes extra/statements.csv.
func WriteStatements(to Target, s *Source) error {
	return table(to, "statements.csv", func(row func(...string)) {
		row(StatementColumns...)
		for _, st := range s.columns() {
			cells := make([]string, len(StatementColumns))
			cells[0], cells[1], cells[2], cells[3] = s.comment[st.ID], st.Lang, s.other(st), string(st.Source)
			if st.Source != moot.Imported && st.Standing == moot.Approved {
				cells[8] = "facilitator"
			}
			cells[9] = oneLine(st.Reason)
			row(cells...)
		}
	})
}

// other is otherText as it may leave the session.
func (s *Source) other(st *moot.Statement) string {
	if withheld(st) {
		return ""
	}
	return otherText(st)
}

// otherText gives a statement's text in another language than its own, "" where there
// is none.
func otherText(st *moot.Statement) string {
	for _, lang := range slices.Sorted(maps.Keys(st.Texts)) {
		if lang != st.Lang {
			return oneLine(st.Texts[lang])
		}
	}
	return ""
}
