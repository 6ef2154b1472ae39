package seating

import "fmt"

// Mode says what a plan is for. It only chooses the attributes; the search is one.
type Mode string

const (
	// Mixed makes every table the room in small: opinion groups first, then bands,
	// roles, places on the map, gender and age. It is the default.
	Mixed Mode = "mixed"
	// Alike seats opinion groups together and mixes role and gender inside them.
	Alike Mode = "alike"
	// ByAnswer mixes or gathers by the answer to the 0–5 question, see Options.Answer.
	ByAnswer Mode = "answer"
	// Random draws lots; only the rules are kept.
	Random Mode = "random"
)

// AnswerUse says what the mode ByAnswer does with the bands of the answer.
type AnswerUse string

const (
	// MixAnswers seats all bands at every table. It is the default.
	MixAnswers AnswerUse = "mix"
	// GatherAnswers seats people of one band together.
	GatherAnswers AnswerUse = "gather"
)

// Defaults of Options.
const (
	// DefaultMinSeats is the smallest table when Options.MinSeats is 0.
	DefaultMinSeats = 4
	// DefaultMaxSeats is the largest table when Options.MaxSeats is 0.
	DefaultMaxSeats = 8
	// FirstDescent as Options.Steps stops after the first descent: a good plan at
	// once, not the best one.
	FirstDescent = -1
)

// Options says what plan is wanted. The zero value mixes at as few tables of 4 to 8
// as fit.
type Options struct {
	// Mode chooses the attributes, default Mixed.
	Mode Mode
	// Answer is read in the mode ByAnswer only, default MixAnswers.
	Answer AnswerUse
	// MinSeats and MaxSeats bound the seats of a table, default 4 and 8.
	MinSeats, MaxSeats int
	// Tables is the number of tables; 0 takes as few as fit (in the mode Alike: as
	// few as let every opinion group have tables of its own).
	Tables int
	// EqualSizes lets table sizes differ by at most one.
	EqualSizes bool
	// Seed of all lots; the same seed gives the same plan.
	Seed uint64
	// Together lists people who must share a table. Lists that share a person are
	// one list.
	Together [][]ParticipantID
	// Apart lists people of whom no two may share a table.
	Apart [][]ParticipantID
	// Locks seat people at given tables.
	Locks []Lock
	// Needs say how many people with a skill every table must have.
	Needs []Need
	// Attributes replaces those of the mode when not nil.
	Attributes []Attribute
	// Steps is the budget of each worker in changes looked at. 0 takes the default
	// for the number of people (DefaultSteps), FirstDescent stops early.
	Steps int
}

// Lock seats a person at a table, numbered from 1.
type Lock struct {
	Person ParticipantID
	Table  int
}

// Need asks for at least PerTable people with Skill at every table.
type Need struct {
	Skill    string
	PerTable int
}

// Attribute is something that a plan mixes, or gathers. Field is FieldGroup,
// FieldBand, FieldAnswer, FieldCoords, FieldSpread or a key of Person.Fields. Weight
// is at least 0; with 0 the attribute is measured and not sought.
type Attribute struct {
	Field  string
	Gather bool
	Weight float64
}

// Fields of Attribute that are no key of Person.Fields.
const (
	FieldGroup  = "group"  // Person.Group
	FieldBand   = "band"   // Person.Band
	FieldAnswer = "answer" // Person.Answer as a number
	FieldCoords = "coords" // Person.Position
	FieldSpread = "spread" // the squares of Person.Position: how far from the middle
)

// DefaultSteps is the budget of one worker for so many people: 1 to 2 seconds on one
// core of a laptop from 45 people on, less for fewer. Above 300 people the first
// descent's plan is the plan.
func DefaultSteps(people int) int {
	if people > 300 {
		return FirstDescent
	}
	return min(people*800_000, 36_000_000)
}

// withDefaults fills in what was left at zero and refuses contradictions.
func (o Options) withDefaults() (Options, error) {
	if o.Mode == "" {
		o.Mode = Mixed
	}
	if o.Answer == "" {
		o.Answer = MixAnswers
	}
	if o.MinSeats == 0 {
		o.MinSeats = DefaultMinSeats
		if o.MaxSeats > 0 {
			o.MinSeats = min(o.MinSeats, o.MaxSeats)
		}
	}
	if o.MaxSeats == 0 {
		o.MaxSeats = max(DefaultMaxSeats, o.MinSeats)
	}
	switch {
	case o.Mode != Mixed && o.Mode != Alike && o.Mode != ByAnswer && o.Mode != Random:
		return o, fmt.Errorf("%w: mode %q", ErrOptions, o.Mode)
	case o.Answer != MixAnswers && o.Answer != GatherAnswers:
		return o, fmt.Errorf("%w: answer %q", ErrOptions, o.Answer)
	case o.MinSeats < 1 || o.MaxSeats < o.MinSeats || o.MaxSeats > maxSeatsLimit:
		return o, fmt.Errorf("%w: tables of %d to %d", ErrOptions, o.MinSeats, o.MaxSeats)
	case o.Tables < 0:
		return o, fmt.Errorf("%w: %d tables", ErrOptions, o.Tables)
	}
	for _, need := range o.Needs {
		if need.Skill == "" || need.PerTable < 0 || need.PerTable > maxSeatsLimit {
			return o, fmt.Errorf("%w: need of %d %q a table", ErrOptions, need.PerTable, need.Skill)
		}
	}
	for _, a := range o.Attributes {
		if a.Field == "" || !(a.Weight >= 0 && a.Weight <= 1e6) {
			return o, fmt.Errorf("%w: attribute %q with weight %v", ErrOptions, a.Field, a.Weight)
		}
	}
	return o, nil
}

// maxSeatsLimit keeps the integers of the search in range; no table is as large.
const maxSeatsLimit = 1000

// attributes are those that the search works for and the plan is measured by.
func (o Options) attributes() []Attribute {
	if o.Attributes != nil {
		return o.Attributes
	}
	switch o.Mode {
	case Alike:
		return []Attribute{
			{FieldGroup, true, 8}, {FieldCoords, true, 1},
			{"role", false, 0.5}, {"gender", false, 0.5},
			{FieldBand, false, 0}, {"age", false, 0},
		}
	case ByAnswer:
		if o.Answer == GatherAnswers {
			return []Attribute{
				{FieldBand, true, 8}, {FieldAnswer, true, 1},
				{FieldGroup, false, 0.5}, {"role", false, 0.5}, {"gender", false, 0.5},
				{"age", false, 0}, {FieldCoords, false, 0},
			}
		}
		return []Attribute{
			{FieldBand, false, 4}, {FieldGroup, false, 2},
			{"role", false, 0}, {"gender", false, 0}, {"age", false, 0}, {FieldCoords, false, 0},
		}
	}
	return []Attribute{
		{FieldGroup, false, 3}, {FieldBand, false, 2}, {"role", false, 2}, {FieldCoords, false, 2},
		{FieldSpread, false, 0.5}, {"gender", false, 1}, {"age", false, 1},
	}
}
