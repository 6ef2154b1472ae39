package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"folkmoot/analysis/seating"
	"folkmoot/app/readmodel"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
)

// host is what the host's page may see and do.
type host struct {
	session opened
	desk    *readmodel.Desk
	// guessing gives the wrong codes of late, and until when new devices have to wait.
	guessing func() (wrong int, until time.Time)
}

// State gives the host's additions to the wall's document.
func (h *host) State() any {
	var venue readmodel.Venue
	venue.Wrong, venue.WaitUntil = guesses(h.guessing())
	return readmodel.NewSheet(h.desk.Current(), h.session.View(), nowMS(), readmodel.SheetOptions{Shown: h.desk.Shown(), Venue: venue, Disk: diskOf(h.session)})
}

// guesses gives what Hub.Guessing says in the read model's terms.
func guesses(wrong int, until time.Time) (int, uint64) {
	if until.IsZero() {
		return wrong, 0
	}
	return wrong, uint64(until.UnixMilli())
}

// diskOf says how the disk of a session does that this process holds.
func diskOf(session any) *readmodel.Disk {
	if held, ok := session.(*local); ok && held != nil {
		return held.watch.Disk()
	}
	return nil
}

// Do carries out one act of the host's page.
func (h *host) Do(ctx context.Context, raw json.RawMessage) error {
	var act readmodel.Act
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&act); err != nil {
		return hub.BadCall{Text: "the act cannot be read: " + err.Error()}
	}
	if _, err := carryOut(ctx, h.session, h.desk.Current(), act, nowMS()); err != nil {
		return plain(err)
	}
	return nil
}

// plain turns what stands against an act into the host's mistake; refusals and
// faults stay what they are.
func plain(err error) error {
	var refusal *moot.Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	if errors.Is(err, seating.ErrOptions) {
		return hub.BadCall{Text: "tables cannot be made like this: " + err.Error()}
	}
	for _, known := range obstacles {
		if errors.Is(err, known.err) {
			if known.code == "" {
				return hub.BadCall{Text: err.Error()}
			}
			return hub.BadCall{Code: known.code, Text: known.err.Error()}
		}
	}
	return err
}

// obstacles are what can stand against an act, with the code by which the pages and the
// desk find their own words; none for what neither of them sends.
var obstacles = []struct {
	err  error
	code string
}{
	{readmodel.ErrUnknownAct, ""}, {readmodel.ErrSeats, ""},
	{readmodel.ErrUnknownStep, ""}, {readmodel.ErrUnknownSwitch, ""}, {readmodel.ErrUnknownTemplate, ""}, {readmodel.ErrUnknownPlan, "no_plan"},
	{readmodel.ErrUnknownStatement, string(moot.UnknownStatement)},
	{readmodel.ErrStepOpen, "step_open"}, {readmodel.ErrStepClosed, "step_closed"}, {readmodel.ErrNoUndo, "no_undo"},
	{readmodel.ErrNobody, "nobody"}, {readmodel.ErrNoAnswers, "no_answers"}, {readmodel.ErrNoMap, "no_map"},
	{errChanged, "changed"},
	{readmodel.ErrQuestionAnswered, "question_answered"}, {readmodel.ErrVotedOn, "voted_on"}, {readmodel.ErrSameLanguage, "same_language"},
}

// stepItems gives the items of an act on a step.
func stepItems(record *moot.View, step moot.StepID, do string, minutes int) ([]moot.Item, error) {
	act := readmodel.Act{Act: "step", Step: string(step), Do: do, Minutes: minutes}
	return act.Items(context.Background(), nil, record, nowMS(), rand.Reader)
}

// standingItems gives the items of a decision on a statement.
func standingItems(record *moot.View, id, do, reason string) ([]moot.Item, error) {
	act := readmodel.Act{Act: "statement", ID: id, Do: do, Reason: reason}
	return act.Items(context.Background(), nil, record, nowMS(), rand.Reader)
}
