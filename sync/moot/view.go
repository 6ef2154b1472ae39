package moot

import (
	"bytes"
	"cmp"
	"iter"
	"maps"
	"slices"

	"folkmoot/sync/oplog"
)

// View is a session as it stood at one moment. Nothing in it ever changes, so it
// may be read by everybody at once; nobody writes to its slices and maps.
type View struct {
	Session Session
	// Steps is the agenda in its order.
	Steps []*Step
	// Statements is all of them, whatever their standing, in the order in which
	// they were added: imported ones by their place in the source, then the rest
	// by time.
	Statements []*Statement
	// Plans is all group plans in the order in which they were made.
	Plans []*Plan
	// Votes is the number of counted votes.
	Votes int
	// Shape changes whenever session, steps, statements or plans changed, Version
	// whenever anything did. Both belong to this process only.
	Shape, Version uint64
	// Unknown is the number of entries whose kind this program does not know.
	Unknown int
	// Splits are places at which a log goes on in several ways, by log and number.
	Splits []Split
	// Rules are what is known about which entries count, for other replicas.
	Rules Rules
	// Unlinked says that the names of the session were erased.
	Unlinked bool

	byID     map[StatementID]*Statement
	held     map[splitID]place
	cuts     cuts
	unpaired []Unpaired
	people   crowd
	here     int
	imported int
	voided   map[int]bool
}

// After lets the numbers Shape and Version go on behind those of an earlier View
// of the session, for a state that was made anew while others still hold that View.
func (s *State) After(earlier *View) {
	s.shape, s.voted, s.base = max(s.shape, earlier.Shape)+1, max(s.voted, earlier.Version)+1, nil
}

// View gives the state as it stands. It costs little where little has changed
// since the last call.
func (s *State) View() *View {
	if s.base != nil && s.base.Version == s.voted {
		return s.base
	}
	v := &View{Votes: s.votes, here: s.here, imported: s.imported, Shape: s.shape, Version: s.voted, Unknown: len(s.unknown)}
	if s.base != nil && s.base.Shape == s.shape {
		v.Session, v.Steps, v.Statements, v.Plans, v.byID = s.base.Session, s.base.Steps, s.base.Statements, s.base.Plans, s.base.byID
		v.Splits, v.Rules, v.held, v.cuts = s.base.Splits, s.base.Rules, s.base.held, s.base.cuts
	} else {
		v.Session = Session{ID: s.id, fields: maps.Clone(s.fields)}
		v.Steps = s.stepList()
		v.Statements, v.byID = s.statementList()
		v.Plans = s.planList()
		v.Splits, v.Rules, v.held, v.cuts = s.splitList(), s.ruleList(), maps.Clone(s.rules.held), s.rules.cuts.clone()
	}
	v.people, v.Unlinked, v.voided, v.unpaired = s.people, s.rules.unlinked, s.voided, s.unpairedList()
	s.gen++
	s.base = v
	return v
}

func (s *State) stepList() []*Step {
	var out []*Step
	for id, acts := range s.steps {
		if step := stepOf(id, acts); step != nil {
			out = append(out, step)
		}
	}
	slices.SortFunc(out, func(a, b *Step) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (s *State) statementList() ([]*Statement, map[StatementID]*Statement) {
	out := make([]*Statement, 0, len(s.statements))
	byID := make(map[StatementID]*Statement, len(s.statements))
	for id, rec := range s.statements {
		if rec.made != nil {
			st := rec.value(id)
			out = append(out, st)
			byID[id] = st
		}
	}
	pairUp(byID)
	slices.SortFunc(out, func(a, b *Statement) int {
		if c := cmp.Compare(btoi(a.Row == 0), btoi(b.Row == 0)); c != 0 {
			return c
		}
		if c := cmp.Compare(a.Row, b.Row); c != 0 {
			return c
		}
		x, y := s.statements[a.ID].stamp, s.statements[b.ID].stamp
		return cmp.Or(x.Time.Compare(y.Time), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out, byID
}

// pairUp gives statements the texts of their versions in other languages. Of two
// versions in one language the one with the smaller id stands.
func pairUp(byID map[StatementID]*Statement) {
	from := map[*Statement]map[string]StatementID{}
	for id, version := range byID {
		whole := byID[version.Pair]
		if whole == nil || version.Standing != Approved || version.Lang == whole.Lang {
			continue
		}
		if whole.Texts == nil {
			whole.Texts, from[whole] = map[string]string{whole.Lang: whole.Text}, map[string]StatementID{}
		}
		if old, ok := from[whole][version.Lang]; !ok || bytes.Compare(id[:], old[:]) < 0 {
			whole.Texts[version.Lang], from[whole][version.Lang] = version.Text, id
		}
	}
}

func (s *State) planList() []*Plan {
	out := make([]*Plan, 0, len(s.plans))
	for id, rec := range s.plans {
		out = append(out, &Plan{ID: id, NewPlan: *rec.made})
	}
	slices.SortFunc(out, func(a, b *Plan) int {
		return cmp.Or(cmp.Compare(a.Made, b.Made), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out
}

// Statement gives a statement, nil where there is none of that id.
func (v *View) Statement(id StatementID) *Statement { return v.byID[id] }

// Person gives a person, nil where there is none of that id.
func (v *View) Person(id ParticipantID) *Person { return v.people.get(id) }

// PeopleCount gives the number of people, imported ones among them.
func (v *View) PeopleCount() int { return v.people.count() }

// Here gives the number of people of the room who came: who have sent anything, or
// were said to be present.
func (v *View) Here() int { return v.here }

// Imported gives the number of people who came with an import.
func (v *View) Imported() int { return v.imported }

// People gives everybody in the order of their ids. The list is made anew.
func (v *View) People() []*Person {
	out := make([]*Person, 0, v.people.count())
	for p := range v.people.all {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *Person) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return out
}

// Everybody gives each person once, in no order.
func (v *View) Everybody() iter.Seq[*Person] { return v.people.all }

// Step gives a step of the agenda, nil where there is none.
func (v *View) Step(id StepID) *Step {
	for _, s := range v.Steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Running gives the open step that was started last; else the step that was
// closed last; nil before the first start.
func (v *View) Running() *Step {
	var best *Step
	for _, s := range v.Steps {
		if s.Started == 0 {
			continue
		}
		if best == nil || later(s, best) {
			best = s
		}
	}
	return best
}

// later says whether s, which comes after t in the agenda, is rather the one that runs.
func later(s, t *Step) bool {
	switch {
	case s.Open != t.Open:
		return s.Open
	case s.Open:
		return s.Started >= t.Started
	}
	return s.LastAt >= t.LastAt
}

// Voting says whether votes count now: a step of kind StepOpinion is open.
func (v *View) Voting() bool {
	return slices.ContainsFunc(v.Steps, func(s *Step) bool { return s.Open && s.Kind == StepOpinion })
}

// ActivePlan gives the plan that holds, nil where none does.
func (v *View) ActivePlan() *Plan {
	var id PlanID
	if oplog.ParseHex(id[:], v.Session.Get(ActivePlan)) != nil {
		return nil
	}
	for _, p := range v.Plans {
		if p.ID == id {
			return p
		}
	}
	return nil
}
