package readmodel

import (
	"fmt"
	"io"

	"folkmoot/sync/moot"
)

// Approve lets everybody vote on a statement. Error of this and the next three:
// ErrUnknownStatement.
func Approve(record *moot.View, id moot.StatementID, ids io.Reader) ([]moot.Item, error) {
	return moderate(record, id, moot.Approved, "", ids)
}

// Hide puts a statement aside; its writer sees the reason.
func Hide(record *moot.View, id moot.StatementID, reason string, ids io.Reader) ([]moot.Item, error) {
	return moderate(record, id, moot.Hidden, reason, ids)
}

// Remove takes a statement away for good reason: its text is not shown again.
func Remove(record *moot.View, id moot.StatementID, reason string, ids io.Reader) ([]moot.Item, error) {
	return moderate(record, id, moot.Removed, reason, ids)
}

// Pending puts a statement back among those that wait for a decision.
func Pending(record *moot.View, id moot.StatementID, reason string, ids io.Reader) ([]moot.Item, error) {
	return moderate(record, id, moot.Pending, reason, ids)
}

// moderate replaces all that was decided on a statement so far. Deciding what stands
// already gives no item, unless two hosts decided at once, which it settles.
func moderate(record *moot.View, id moot.StatementID, standing moot.Standing, reason string, ids io.Reader) ([]moot.Item, error) {
	statement := record.Statement(id)
	if statement == nil {
		return nil, fmt.Errorf("readmodel: decide on statement %s: %w", id, ErrUnknownStatement)
	}
	if statement.Standing == standing && statement.Reason == reason && len(statement.Heads) < 2 {
		return nil, nil
	}
	m := &itemMaker{ids: ids}
	m.add(&moot.Moderation{Statement: id, Standing: standing, Reason: moot.CleanText(reason), Replaces: statement.Heads})
	return m.done()
}

// AddStatement adds a statement by the host, open to votes at once. It counts as a
// seed as long as the first opinion round has not started. The record refuses what
// is empty, too long or there already.
func AddStatement(record *moot.View, text, lang string, now uint64, ids io.Reader) ([]moot.Item, error) {
	m := &itemMaker{ids: ids}
	m.add(&moot.NewStatement{Text: moot.CleanText(text), Lang: lang, Standing: moot.Approved, Seed: !voteStarted(record), Src: moot.FromHost, Made: now})
	return m.done()
}

// voteStarted says whether any opinion round was ever started.
func voteStarted(record *moot.View) bool {
	for _, step := range record.Steps {
		if step.Kind == moot.StepOpinion && step.Started > 0 {
			return true
		}
	}
	return false
}
