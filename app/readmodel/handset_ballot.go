package readmodel

import (
	"cmp"
	"slices"
)

// inOrder gives the statements in the person's order; those that it leaves out come last.
func (t *Told) inOrder() []*ToldStatement {
	listed := make([]*ToldStatement, 0, len(t.Statements))
	taken := map[string]bool{}
	for _, id := range t.Order {
		if s := t.statement(id); s != nil && !taken[id] {
			listed, taken[id] = append(listed, s), true
		}
	}
	for i := range t.Statements {
		if s := &t.Statements[i]; !taken[s.ID] {
			listed = append(listed, s)
		}
	}
	return listed
}

// next gives the statement to answer: the one that is shown while it is still open, else
// the first that was not answered; nil where all were.
func (t *Told) next(current string) *ToldStatement {
	var first *ToldStatement
	for _, s := range t.inOrder() {
		if t.answered(s.ID) {
			continue
		}
		if s.ID == current {
			return s
		}
		if first == nil {
			first = s
		}
	}
	return first
}

// history gives the statements that were answered, the latest answer first.
func (t *Told) history() []*ToldStatement {
	var done []*ToldStatement
	for i := range t.Statements {
		if s := &t.Statements[i]; t.answered(s.ID) {
			done = append(done, s)
		}
	}
	slices.SortStableFunc(done, func(a, b *ToldStatement) int { return cmp.Compare(t.Me.Votes[b.ID].Rev, t.Me.Votes[a.ID].Rev) })
	return done
}

// Earlier gives the answered statement to show again: the latest one, and after the one
// that is shown the answer before it; the oldest stays. "" where nothing was answered.
func (t *Told) Earlier(shown string) string {
	done := t.history()
	if len(done) == 0 {
		return ""
	}
	at := slices.IndexFunc(done, func(s *ToldStatement) bool { return s.ID == shown })
	return done[min(at+1, len(done)-1)].ID
}
