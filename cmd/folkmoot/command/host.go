package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"folkmoot/analysis/seating"
	"folkmoot/app/readmodel"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// host is what the host's page may see and do.
type host struct {
	session opened
	desk    *readmodel.Desk
}

type hostPerson struct {
	ID       string `json:"id"`
	Number   int    `json:"number"`
	Word     string `json:"word"`
	Answered bool   `json:"answered"` // anything
	Asked    bool   `json:"asked"`    // the 0–5 question
	Present  bool   `json:"present"`
	Seen     uint64 `json:"seen"`
	Table    int    `json:"table"`
}

type hostStatement struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Lang     string `json:"lang"`
	Seed     bool   `json:"seed"`
	State    string `json:"state"`
	Reason   string `json:"reason"`
	Votes    int    `json:"votes"`
	Agree    int    `json:"agree"`
	Disagree int    `json:"disagree"`
	Pass     int    `json:"pass"`
	Look     bool   `json:"look"`
}

// hostDoc is the host's additions to the wall document. It is masked: it says that
// somebody answered, never what.
type hostDoc struct {
	Steps      []readmodel.AgendaStep `json:"steps"`
	People     []hostPerson           `json:"people"`
	Names      map[string]string      `json:"names"`
	Statements []hostStatement        `json:"statements"`
	Shown      map[string]bool        `json:"shown"`
	Plan       *readmodel.HostPlan    `json:"plan"`
	Settings   map[string]string      `json:"settings"`
	// Late are the votes that came while voting was closed: kept, and not counted.
	Late int `json:"late_votes"`
	// Map is the host's own view of the opinion map, shown to the room or not.
	Map *readmodel.MapForRoom `json:"host_map"`
}

// State gives the host's additions.
func (h *host) State() any {
	record, view := h.session.View(), h.desk.Current()
	doc := hostDoc{
		Steps: readmodel.Agenda(record, nowMS()), People: []hostPerson{}, Names: map[string]string{}, Statements: []hostStatement{},
		Shown: readmodel.ShownSwitches(record), Plan: view.PlanForHost(record), Settings: record.Session.Fields(), Map: view.MapForHost(),
	}
	delete(doc.Settings, string(moot.MapAnchor)) // it says who is in which group
	tallies := map[string]readmodel.Tally{}
	for _, t := range view.Results.Statements {
		tallies[t.ID] = t
	}
	for _, p := range record.People() {
		if !p.Here() || p.Arrived() == 0 {
			continue // nobody yet: who has only opened the page
		}
		_, answered := p.Answer(moot.FirstQuestion)
		for sid := range p.Late() {
			if p.Vote(sid).Value == moot.None { // else it was answered anew
				doc.Late++
			}
		}
		table := 0
		if plan := record.ActivePlan(); plan != nil {
			table = plan.Table(p.ID)
		}
		doc.People = append(doc.People, hostPerson{ID: p.ID.String(), Number: p.Number(), Word: p.Get(moot.PersonWord),
			Answered: answered || p.Counted() > 0, Asked: answered, Present: p.Present(), Seen: p.Arrived(), Table: table})
		if name := p.Get(moot.PersonName); name != "" {
			doc.Names[p.ID.String()] = name
		}
	}
	for _, s := range record.Statements {
		if s.Pair != (moot.StatementID{}) {
			continue
		}
		t := tallies[s.ID.String()]
		doc.Statements = append(doc.Statements, hostStatement{ID: s.ID.String(), Text: s.Text, Lang: s.Lang, Seed: s.Seed, State: s.Standing.String(), Reason: s.Reason,
			Votes: t.Voted(), Agree: t.Agree, Disagree: t.Disagree, Pass: t.Pass, Look: s.Look})
	}
	return doc
}

type hostAct struct {
	Act     string `json:"act"`
	Step    string `json:"step"`
	Do      string `json:"do"`
	Minutes int    `json:"minutes"`
	ID      string `json:"id"`
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

// Do carries out one act of the host's page.
func (h *host) Do(ctx context.Context, raw json.RawMessage) error {
	var act hostAct
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&act); err != nil {
		return hub.BadCall{Text: "the act cannot be read: " + err.Error()}
	}
	items, err := h.items(ctx, act)
	if err != nil {
		return plain(err)
	}
	outcomes, err := h.session.Do(ctx, items...)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Refusal != nil {
			return o.Refusal
		}
		if o.Stale != nil {
			return hub.BadCall{Code: "changed", Text: "somebody else changed this at the same moment: look at it and do it again"}
		}
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
	for _, known := range []struct {
		err  error
		code string
	}{
		{readmodel.ErrUnknownStep, ""}, {readmodel.ErrUnknownSwitch, ""}, {readmodel.ErrUnknownTemplate, ""}, {readmodel.ErrUnknownPlan, ""},
		{readmodel.ErrUnknownStatement, string(moot.UnknownStatement)},
		{readmodel.ErrStepOpen, "step_open"}, {readmodel.ErrStepClosed, "step_closed"}, {readmodel.ErrNoUndo, "no_undo"},
		{readmodel.ErrNobody, "nobody"}, {readmodel.ErrNoAnswers, "no_answers"}, {readmodel.ErrNoMap, "no_map"},
	} {
		if errors.Is(err, known.err) {
			return hub.BadCall{Code: known.code, Text: known.err.Error()}
		}
	}
	return err
}

// settable are the fields that the host's page may write.
var settable = []moot.Field{moot.Title, moot.About, moot.Notice, moot.Contact, moot.Organiser, moot.Place, moot.Licence, moot.Language, moot.Question,
	moot.QuestionLo, moot.QuestionHi, moot.Prompt, moot.Practice, moot.Moderated, moot.Wifi, moot.Limit}

func (h *host) items(ctx context.Context, act hostAct) ([]moot.Item, error) {
	record := h.session.View()
	switch act.Act {
	case "step":
		return stepItems(record, moot.StepID(act.Step), act.Do, act.Minutes)
	case "statement":
		return standingItems(record, act.ID, act.Do, act.Reason)
	case "add":
		return readmodel.AddStatement(record, act.Text, act.Lang, nowMS(), rand.Reader)
	case "show":
		items, err := showItems(record, act.What, act.On)
		if err == nil && act.On && (act.What == "map" || act.What == "results") {
			var anchor []moot.Item
			anchor, err = readmodel.KeepAnchor(record, h.desk.Current(), rand.Reader)
			items = append(items, anchor...)
		}
		return items, err
	case "wall":
		return readmodel.WallMode(record, act.Mode, rand.Reader)
	case "plan":
		if act.Min < 0 || act.Max < act.Min {
			return nil, hub.BadCall{Text: fmt.Sprintf("a table cannot have at least %d and at most %d seats", act.Min, act.Max)}
		}
		o := readmodel.PlanOptions{Mode: act.Mode, GatherAnswers: act.Answer == "gather", Min: act.Min, Max: act.Max, Seed: act.Seed}
		return readmodel.MakePlan(ctx, h.desk.Current(), o, nowMS(), rand.Reader)
	case "set":
		for _, f := range settable {
			if string(f) == act.Field {
				if aboutQuestion(f) && act.Value != record.Session.Get(f) && anybodyAnswered(record) {
					return nil, hub.BadCall{Code: "question_answered", Text: "people have answered this question already: its words can no longer change"}
				}
				return readmodel.SetField(record, f, act.Value, rand.Reader)
			}
		}
		return nil, hub.BadCall{Text: fmt.Sprintf("the field %.40q cannot be set here", act.Field)}
	}
	return nil, hub.BadCall{Text: fmt.Sprintf("there is no act %.40q", act.Act)}
}

// aboutQuestion says whether a field is a part of the 0–5 question's words.
func aboutQuestion(f moot.Field) bool {
	return f == moot.Question || f == moot.QuestionLo || f == moot.QuestionHi
}

// anybodyAnswered says whether the 0–5 question was answered: answers must not come to
// stand under other words.
func anybodyAnswered(record *moot.View) bool {
	return slices.ContainsFunc(record.People(), func(p *moot.Person) bool { _, ok := p.Answer(moot.FirstQuestion); return ok })
}

// showItems shows something to the room; what the wall has a picture of, it shows too.
func showItems(record *moot.View, what string, on bool) ([]moot.Item, error) {
	items, err := readmodel.Show(record, what, on, rand.Reader)
	if err != nil || !on || what != "map" && what != "tables" {
		return items, err
	}
	wall, err := readmodel.WallMode(record, what, rand.Reader)
	return append(items, wall...), err
}

// stepItems gives the items of an act on a step.
func stepItems(record *moot.View, step moot.StepID, do string, minutes int) ([]moot.Item, error) {
	switch do {
	case "start":
		return readmodel.StartStep(record, step, nowMS(), rand.Reader)
	case "close":
		return readmodel.CloseStep(record, step, nowMS(), rand.Reader)
	case "extend":
		return readmodel.ExtendStep(record, step, minutes, nowMS(), rand.Reader)
	case "undo":
		return readmodel.UndoStep(record, step, nowMS(), rand.Reader)
	}
	return nil, hub.BadCall{Text: fmt.Sprintf("a step can be started, closed, extended or undone, not %.40q", do)}
}

// standingItems gives the items of a decision on a statement.
func standingItems(record *moot.View, id, do, reason string) ([]moot.Item, error) {
	sid, err := findStatement(record, id)
	if err != nil {
		return nil, err
	}
	switch do {
	case "approve":
		return readmodel.Approve(record, sid, rand.Reader)
	case "hide":
		return readmodel.Hide(record, sid, reason, rand.Reader)
	case "remove":
		return readmodel.Remove(record, sid, reason, rand.Reader)
	case "pending":
		return readmodel.Pending(record, sid, reason, rand.Reader)
	}
	return nil, hub.BadCall{Text: fmt.Sprintf("a statement can be approved, hidden, removed or put back to pending, not %.40q", do)}
}

// findStatement gives the statement that an id names: ours or any unique beginning
// of it, or the id that it had in its source.
func findStatement(record *moot.View, id string) (moot.StatementID, error) {
	var sid moot.StatementID
	if oplog.ParseHex(sid[:], id) == nil {
		return sid, nil
	}
	var found []moot.StatementID
	for _, s := range record.Statements {
		if s.SourceID == id {
			return s.ID, nil
		}
		if len(id) >= 4 && strings.HasPrefix(s.ID.String(), id) {
			found = append(found, s.ID)
		}
	}
	if len(found) != 1 {
		return sid, fmt.Errorf("statement %.40q: %w", id, readmodel.ErrUnknownStatement)
	}
	return found[0], nil
}
