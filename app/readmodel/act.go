package readmodel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// What stands against an Act, besides what the intents say.
var (
	// ErrUnknownAct: there is no such act, or it may not write what it names.
	ErrUnknownAct = errors.New("there is no such act")
	// ErrSeats: tables cannot have so many seats.
	ErrSeats = errors.New("tables cannot have so many seats")
	// ErrQuestionAnswered: people have answered the 0–5 question, whose words were to change.
	ErrQuestionAnswered = errors.New("people have answered this question already: its words can no longer change")
	// ErrVotedOn: people have voted on a statement whose words were to change.
	ErrVotedOn = errors.New("people have voted on this statement already: its words can no longer change")
	// ErrSameLanguage: the two statements to be paired are in one language.
	ErrSameLanguage = errors.New("the two are in the same language")
)

// Act is one thing that a facilitator asks for, as a value: desk and host's page send
// it, Items turns it into items of the record. Which fields count depends on Act:
//
//	step       Step, Do (start, close, extend, undo), Minutes
//	statement  ID, Do (approve, hide, remove, pending), Reason
//	add        Text, Lang
//	edit       ID, Text, Reason: new words for a statement nobody has voted on
//	pair       ID, Text or With: the same in the other language, typed, or another statement
//	unpair     ID
//	show       What, On
//	wall       Mode
//	plan       Mode, Answer (mix, gather), Min, Max, Seed
//	present    ID of a person, On
//	set        Field, Value
//	badges     off only: they are switched on by printing some
type Act struct {
	Act     string `json:"act"`
	Step    string `json:"step"`
	Do      string `json:"do"`
	Minutes int    `json:"minutes"`
	ID      string `json:"id"`
	With    string `json:"with"`
	Reason  string `json:"reason"`
	Text    string `json:"text"`
	Lang    string `json:"lang"`
	What    string `json:"what"`
	On      bool   `json:"on"`
	Mode    string `json:"mode"`
	Answer  string `json:"answer"`
	Min     int    `json:"min"`
	Max     int    `json:"max"`
	Seed    uint64 `json:"seed"`
	Field   string `json:"field"`
	Value   string `json:"value"`
}

// Settable are the fields that an act may write.
var Settable = []moot.Field{moot.Title, moot.About, moot.Notice, moot.Contact, moot.Organiser, moot.Place, moot.Licence, moot.Language, moot.Question,
	moot.QuestionLo, moot.QuestionHi, moot.Prompt, moot.Practice, moot.Moderated, moot.Wifi, moot.Limit}

// Items gives the items of an act. v is the newest View of the session. Errors: those
// above, those of the intents, a moot.Refusal.
func (a Act) Items(ctx context.Context, v *View, record *moot.View, now uint64, ids io.Reader) ([]moot.Item, error) {
	switch a.Act {
	case "step":
		return a.stepItems(record, now, ids)
	case "statement", "edit", "pair", "unpair":
		return a.statementItems(record, now, ids)
	case "add":
		return AddStatement(record, a.Text, a.Lang, now, ids)
	case "show":
		return a.showItems(v, record, ids)
	case "wall":
		return WallMode(record, a.Mode, ids)
	case "plan":
		if a.Min < 0 || a.Max < a.Min {
			return nil, fmt.Errorf("%w: at least %d and at most %d", ErrSeats, a.Min, a.Max)
		}
		o := PlanOptions{Mode: a.Mode, GatherAnswers: a.Answer == "gather", Min: a.Min, Max: a.Max, Seed: a.Seed}
		return MakePlan(ctx, v, o, now, ids)
	case "present":
		return a.presentItems(record, now, ids)
	case "set":
		return a.setItems(record, ids)
	case "badges":
		if a.On {
			return nil, fmt.Errorf("%w: badges are switched on by printing some", ErrUnknownAct)
		}
		return Badges(record, false, ids)
	}
	return nil, fmt.Errorf("%w: %.40q", ErrUnknownAct, a.Act)
}

func (a Act) stepItems(record *moot.View, now uint64, ids io.Reader) ([]moot.Item, error) {
	step := moot.StepID(a.Step)
	switch a.Do {
	case "start":
		return startAndShow(record, step, now, ids)
	case "close":
		return CloseStep(record, step, now, ids)
	case "extend":
		return ExtendStep(record, step, a.Minutes, now, ids)
	case "undo":
		return UndoStep(record, step, now, ids)
	}
	return nil, fmt.Errorf("%w: a step can be started, closed, extended or undone, not %.40q", ErrUnknownAct, a.Do)
}

// startAndShow starts a step and lets the wall follow; a wall that was made black stays so.
func startAndShow(record *moot.View, id moot.StepID, now uint64, ids io.Reader) ([]moot.Item, error) {
	items, err := StartStep(record, id, now, ids)
	if err != nil || WallModeOf(record) == "black" {
		return items, err
	}
	mode := "clock"
	switch step := record.Step(id); {
	case step.Kind == moot.StepCheckin:
		mode = "join"
	case step.Kind == moot.StepMap:
		mode = "map"
	case step.Kind == moot.StepTables && shownPlan(record) != nil:
		mode = "tables"
	}
	wall, err := WallMode(record, mode, ids)
	return append(items, wall...), err
}

func (a Act) statementItems(record *moot.View, now uint64, ids io.Reader) ([]moot.Item, error) {
	id, err := FindStatement(record, a.ID)
	if err != nil {
		return nil, err
	}
	switch a.Act {
	case "edit":
		return EditStatement(record, id, a.Text, a.Reason, now, ids)
	case "unpair":
		return Unpair(record, id, ids)
	case "pair":
		if a.With == "" {
			return PairText(record, id, a.Text, now, ids)
		}
		with, err := FindStatement(record, a.With)
		if err != nil {
			return nil, err
		}
		return PairStatements(record, id, with, a.Reason, now, ids)
	}
	switch a.Do {
	case "approve":
		return Approve(record, id, ids)
	case "hide":
		return Hide(record, id, a.Reason, ids)
	case "remove":
		return Remove(record, id, a.Reason, ids)
	case "pending":
		return Pending(record, id, a.Reason, ids)
	}
	return nil, fmt.Errorf("%w: a statement can be approved, hidden, removed or put back to pending, not %.40q", ErrUnknownAct, a.Do)
}

// showItems shows something to the room; what the wall has a picture of, it shows too.
func (a Act) showItems(v *View, record *moot.View, ids io.Reader) ([]moot.Item, error) {
	items, err := Show(record, a.What, a.On, ids)
	if err != nil || !a.On {
		return items, err
	}
	if a.What == "map" || a.What == "tables" {
		wall, err := WallMode(record, a.What, ids)
		if err != nil {
			return nil, err
		}
		items = append(items, wall...)
	}
	if a.What == "map" || a.What == "results" {
		anchor, err := KeepAnchor(record, v, ids)
		if err != nil {
			return nil, err
		}
		items = append(items, anchor...)
	}
	return items, nil
}

func (a Act) presentItems(record *moot.View, now uint64, ids io.Reader) ([]moot.Item, error) {
	var id moot.ParticipantID
	if oplog.ParseHex(id[:], a.ID) != nil || record.Person(id) == nil {
		return nil, &moot.Refusal{Code: moot.UnknownPerson}
	}
	m := &itemMaker{ids: ids}
	m.add(&moot.SetPresence{Person: id, In: a.On, Rev: now, At: now})
	return m.done()
}

func (a Act) setItems(record *moot.View, ids io.Reader) ([]moot.Item, error) {
	field := moot.Field(a.Field)
	if !slices.Contains(Settable, field) {
		return nil, fmt.Errorf("%w: the field %.40q cannot be set here", ErrUnknownAct, a.Field)
	}
	words := field == moot.Question || field == moot.QuestionLo || field == moot.QuestionHi
	if words && a.Value != record.Session.Get(field) && anybodyAnswered(record) {
		return nil, ErrQuestionAnswered
	}
	return SetField(record, field, a.Value, ids)
}

// anybodyAnswered says whether the 0–5 question was answered: answers must not come to
// stand under other words.
func anybodyAnswered(record *moot.View) bool {
	return slices.ContainsFunc(record.People(), func(p *moot.Person) bool { _, ok := p.Answer(moot.FirstQuestion); return ok })
}

// FindStatement gives the statement that an id names: ours or any unique beginning of
// it, or the id that it had in its source. Error: ErrUnknownStatement.
func FindStatement(record *moot.View, id string) (moot.StatementID, error) {
	var sid moot.StatementID
	if oplog.ParseHex(sid[:], id) == nil {
		return sid, nil
	}
	var found []moot.StatementID
	for _, s := range record.Statements {
		if s.SourceID != "" && s.SourceID == id {
			return s.ID, nil
		}
		if len(id) >= 4 && strings.HasPrefix(s.ID.String(), id) {
			found = append(found, s.ID)
		}
	}
	if len(found) != 1 {
		return sid, fmt.Errorf("statement %.40q: %w", id, ErrUnknownStatement)
	}
	return found[0], nil
}
