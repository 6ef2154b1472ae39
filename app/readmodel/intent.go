package readmodel

import (
	"errors"
	"fmt"
	"io"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// What stands against an intent. Rules of the record are moot.Refusal instead.
var (
	// ErrUnknownStep: the agenda has no such step.
	ErrUnknownStep = errors.New("there is no such step")
	// ErrStepOpen: the step that was to start is running.
	ErrStepOpen = errors.New("the step is running already")
	// ErrStepClosed: the step that was to close or go on longer is not running.
	ErrStepClosed = errors.New("the step is not running")
	// ErrNoUndo: nothing was done in the last minute that could be undone.
	ErrNoUndo = errors.New("there is nothing to undo any more")
	// ErrUnknownStatement: there is no such statement.
	ErrUnknownStatement = errors.New("there is no such statement")
	// ErrUnknownSwitch: what was to be shown, or the wall's mode, is not known.
	ErrUnknownSwitch = errors.New("this cannot be shown")
	// ErrUnknownTemplate: there is no such template.
	ErrUnknownTemplate = errors.New("there is no such template")
	// ErrUnknownPlan: there is no such group plan.
	ErrUnknownPlan = errors.New("there is no such group plan")
	// ErrNobody: there is nobody to seat.
	ErrNobody = errors.New("nobody is here to be seated")
	// ErrNoAnswers: tables were to follow the 0–5 question, which nobody to be seated has answered.
	ErrNoAnswers = errors.New("nobody here has answered the 0–5 question")
	// ErrNoMap: tables of like views were asked for, and nobody to be seated is on the opinion map.
	ErrNoMap = errors.New("nobody here is on the opinion map yet")
)

// itemMaker gives items fresh ids.
type itemMaker struct {
	ids   io.Reader
	items []moot.Item
	err   error
}

func (m *itemMaker) add(p moot.Payload) {
	var id oplog.ItemID
	if _, err := io.ReadFull(m.ids, id[:]); err != nil && m.err == nil {
		m.err = fmt.Errorf("readmodel: make an id: %w", err)
	}
	m.items = append(m.items, moot.Item{CID: id, Payload: p})
}

func (m *itemMaker) done() ([]moot.Item, error) {
	if m.err != nil {
		return nil, m.err
	}
	return m.items, nil
}

// setField writes a field of the session with the next revision.
func (m *itemMaker) setField(record *moot.View, field moot.Field, value string) {
	m.add(&moot.SetField{Field: field, Value: value, Rev: record.Session.Rev(field) + 1})
}
