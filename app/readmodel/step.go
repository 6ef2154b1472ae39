package readmodel

import (
	"fmt"
	"io"

	"folkmoot/sync/moot"
)

const (
	// UndoWithin is how long after an act on a step it can be undone, in milliseconds.
	UndoWithin = 60_000
	minute     = 60_000
	// LongestExtension is by how many minutes a step can go on longer at once: a day.
	LongestExtension = 24 * 60
)

// StartStep starts a step with the minutes that the agenda gives it, and closes every
// other step that runs. now is in milliseconds since 1970; ids gives random bytes.
// Errors: ErrUnknownStep, ErrStepOpen.
func StartStep(record *moot.View, id moot.StepID, now uint64, ids io.Reader) ([]moot.Item, error) {
	step, err := findStep(record, id)
	if err != nil {
		return nil, err
	}
	if step.Open {
		return nil, fmt.Errorf("readmodel: start step %s: %w", id, ErrStepOpen)
	}
	m := &itemMaker{ids: ids}
	for _, other := range record.Steps {
		if other.Open {
			m.add(closing(other, now))
		}
	}
	act := actOn(step, "start", now)
	act.Open, act.Started, act.Ends = true, now, 0
	if step.Minutes > 0 {
		act.Ends = now + uint64(step.Minutes)*minute
	}
	m.add(act)
	return m.done()
}

// CloseStep closes a running step. Errors: ErrUnknownStep, ErrStepClosed.
func CloseStep(record *moot.View, id moot.StepID, now uint64, ids io.Reader) ([]moot.Item, error) {
	step, err := openStep(record, id, "close")
	if err != nil {
		return nil, err
	}
	m := &itemMaker{ids: ids}
	m.add(closing(step, now))
	return m.done()
}

// ExtendStep moves the end of a running step by some minutes: from its planned end;
// where it runs without a clock, from when its minutes on the agenda will have passed;
// and from now where that is over. Errors: ErrUnknownStep,
// ErrStepClosed, a moot.Refusal (BadValue) for fewer than one minute or more than a day.
func ExtendStep(record *moot.View, id moot.StepID, minutes int, now uint64, ids io.Reader) ([]moot.Item, error) {
	step, err := openStep(record, id, "extend")
	if err != nil {
		return nil, err
	}
	if minutes < 1 || minutes > LongestExtension {
		return nil, &moot.Refusal{Code: moot.BadValue}
	}
	m := &itemMaker{ids: ids}
	act := actOn(step, "extend", now)
	ends := step.Ends
	if ends == 0 {
		ends = step.Started + uint64(step.Minutes)*minute
	}
	act.Ends = max(ends, now) + uint64(minutes)*minute
	m.add(act)
	return m.done()
}

// UndoStep brings a step back to how it stood before the last act on it, if that was
// under a minute ago. A start and the close of another step that it caused are one
// act: whichever of the two steps is named, both go back. Errors: ErrUnknownStep,
// ErrNoUndo.
func UndoStep(record *moot.View, id moot.StepID, now uint64, ids io.Reader) ([]moot.Item, error) {
	step, err := findStep(record, id)
	if err != nil {
		return nil, err
	}
	if by := closedBy(record, step); by != nil {
		step = by
	}
	if !CanUndo(step, now) {
		return nil, fmt.Errorf("readmodel: undo at step %s: %w", id, ErrNoUndo)
	}
	m := &itemMaker{ids: ids}
	m.add(undoing(step, now))
	for _, other := range record.Steps {
		if closedBy(record, other) == step && other.Before != nil {
			m.add(undoing(other, now))
		}
	}
	return m.done()
}

// closedBy gives the step whose start closed this one; nil where it was closed by
// itself, or is not closed.
func closedBy(record *moot.View, step *moot.Step) *moot.Step {
	for _, other := range record.Steps {
		if other != step && step.Last == "close" && other.Last == "start" && other.LastAt == step.LastAt {
			return other
		}
	}
	return nil
}

// CanUndo says whether the last act on a step can still be undone. An undo itself
// cannot, and neither can what two hosts did at once.
func CanUndo(step *moot.Step, now uint64) bool {
	return step.Before != nil && step.Last != "undo" && step.Last != "plan" && now < step.LastAt+UndoWithin
}

func findStep(record *moot.View, id moot.StepID) (*moot.Step, error) {
	if step := record.Step(id); step != nil {
		return step, nil
	}
	return nil, fmt.Errorf("readmodel: step %.40q: %w", string(id), ErrUnknownStep)
}

func openStep(record *moot.View, id moot.StepID, do string) (*moot.Step, error) {
	step, err := findStep(record, id)
	if err == nil && !step.Open {
		err = fmt.Errorf("readmodel: %s step %s: %w", do, id, ErrStepClosed)
	}
	return step, err
}

// actOn gives an act that leaves a step as it stands and replaces its heads.
func actOn(step *moot.Step, do string, now uint64) *moot.StepAct {
	return &moot.StepAct{Step: step.ID, Do: do, Open: step.Open, Started: step.Started, Ends: step.Ends, Replaces: step.Heads,
		Order: step.Order, StepKind: step.Kind, Title: step.Title, Minutes: step.Minutes, At: now}
}

func closing(step *moot.Step, now uint64) *moot.StepAct {
	act := actOn(step, "close", now)
	act.Open = false
	return act
}

func undoing(step *moot.Step, now uint64) *moot.StepAct {
	act := actOn(step.Before, "undo", now)
	act.Replaces = step.Heads
	return act
}

// AgendaStep is a step as the host's agenda shows it.
type AgendaStep struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Title   string `json:"title"` // "" takes the kind's own word
	Minutes int    `json:"minutes"`
	Open    bool   `json:"open"`
	Started uint64 `json:"started"`
	Ends    uint64 `json:"ends"`
	Undo    bool   `json:"undo"` // the last act on the agenda was on this step, and can be undone
}

// Agenda gives the steps in their order.
func Agenda(record *moot.View, now uint64) []AgendaStep {
	agenda, last := make([]AgendaStep, len(record.Steps)), lastActed(record, now)
	for i, s := range record.Steps {
		agenda[i] = AgendaStep{ID: string(s.ID), Kind: string(s.Kind), Title: s.Title, Minutes: s.Minutes,
			Open: s.Open, Started: s.Started, Ends: s.Ends, Undo: s == last}
	}
	return agenda
}

// lastActed gives the step of the last act that can be undone, nil where none can.
func lastActed(record *moot.View, now uint64) *moot.Step {
	var last *moot.Step
	for _, s := range record.Steps {
		if CanUndo(s, now) && closedBy(record, s) == nil && (last == nil || s.LastAt > last.LastAt) {
			last = s
		}
	}
	return last
}
