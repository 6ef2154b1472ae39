package moot

import (
	"cmp"
	"slices"

	"folkmoot/sync/oplog"
)

// StepKind says what happens in a step.
type StepKind string

// The kinds of steps. Votes count while a step of kind StepOpinion is open.
const (
	StepCheckin StepKind = "checkin"
	StepOpinion StepKind = "opinion"
	StepMap     StepKind = "map"
	StepTables  StepKind = "tables"
	StepReport  StepKind = "report"
)

// StepAct says how a step stands after the host did something with it: the
// whole standing, so that an undo is one more act with the standing before.
type StepAct struct {
	Step     StepID         `cbor:"1,keyasint"`
	Do       string         `cbor:"2,keyasint"` // plan, start, close, extend, undo
	Open     bool           `cbor:"3,keyasint"`
	Started  uint64         `cbor:"4,keyasint"` // milliseconds since 1970; 0 before the first start
	Ends     uint64         `cbor:"5,keyasint"` // planned end; 0 without a clock
	Replaces []oplog.ItemID `cbor:"6,keyasint"`
	Order    int            `cbor:"7,keyasint"` // place in the agenda
	StepKind StepKind       `cbor:"8,keyasint"`
	Title    string         `cbor:"9,keyasint"` // "" takes the kind's own word
	Minutes  int            `cbor:"10,keyasint"`
	At       uint64         `cbor:"11,keyasint"` // when the host did it, milliseconds since 1970
}

// Kind is "step".
func (*StepAct) Kind() string { return "step" }

func (*StepAct) class() oplog.Class { return oplog.Public }

func (a *StepAct) bounds() error {
	return cmp.Or(checkNumbers(a.Order, a.Minutes), checkTexts(string(a.Step), a.Do, string(a.StepKind), a.Title))
}

func (a *StepAct) check(*State) error {
	known := []StepKind{StepCheckin, StepOpinion, StepMap, StepTables, StepReport}
	if a.Step == "" || len(a.Step) > 40 || !slices.Contains(known, a.StepKind) || a.Minutes < 0 || a.Minutes > 24*60 {
		return refuse(BadValue)
	}
	if len([]rune(a.Title)) > MaxTitle {
		return &Refusal{Code: TooLong, Limit: MaxTitle}
	}
	return nil
}

func (a *StepAct) apply(s *State, e oplog.Entry) {
	s.touch()
	s.mark(RowStep, []byte(a.Step))
	if s.steps[a.Step] == nil {
		s.steps[a.Step] = heads[*StepAct]{}
	}
	s.steps[a.Step].add(a, e, a.Replaces)
}

// Step is how a step stands.
type Step struct {
	ID      StepID
	Kind    StepKind
	Title   string
	Order   int
	Minutes int
	Open    bool
	Started uint64
	Ends    uint64
	// Heads are the acts that an act on this step replaces.
	Heads []oplog.ItemID
	// Last is what was done last, and when (milliseconds since 1970).
	Last   string
	LastAt uint64
	// Before is how the step stood before the last act; nil where several acts
	// stand beside each other or there was none.
	Before *Step
}

// stepOf works the standing out of the acts on a step: closed beats open, the
// rest comes from the newest head. It gives nil where acts replace each other in
// a circle, which no program of ours writes.
func stepOf(id StepID, acts heads[*StepAct]) *Step {
	current := acts.current()
	if len(current) == 0 {
		return nil
	}
	newest := current[len(current)-1]
	step := standing(id, newest.act)
	for _, h := range current {
		step.Heads = append(step.Heads, h.cid)
		step.Open = step.Open && h.act.Open
	}
	if len(current) == 1 && len(newest.replaces) == 1 {
		if before, ok := acts[newest.replaces[0]]; ok {
			step.Before = standing(id, before.act)
		}
	}
	return step
}

func standing(id StepID, a *StepAct) *Step {
	return &Step{ID: id, Kind: a.StepKind, Title: a.Title, Order: a.Order, Minutes: a.Minutes,
		Open: a.Open, Started: a.Started, Ends: a.Ends, Last: a.Do, LastAt: a.At}
}
