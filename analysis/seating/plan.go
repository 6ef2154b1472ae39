package seating

// Plan is who sits at which table, with the figures that judge it. It is a value of
// its own: nothing in it is shared with the roster or the options.
type Plan struct {
	Mode Mode
	Seed uint64
	// MinSeats and MaxSeats are those asked for; where no number of tables fits
	// them, Fairness.Unmet says so and tables may be smaller.
	MinSeats, MaxSeats int
	// Rounds holds one round in this version.
	Rounds []Round
	// Measure judges the first round.
	Measure  Measurement
	Fairness Fairness
}

// Round is one seating of everybody.
type Round struct {
	Number int
	Tables []Table
}

// Table is one table with its people and how well it mirrors the room.
type Table struct {
	// Number counts from 1.
	Number int
	// Seats are the people by id, ascending.
	Seats []ParticipantID
	// Counts holds for every categorical attribute how many people of each value
	// sit here, values ascending, those of the room that are absent here with 0.
	Counts map[string][]Count
	// MixGap is the share of seats (0 to 1) that would have to change for this
	// table to mirror the room as well as so many seats allow, for the mixed
	// attribute that is furthest off, named in GapField ("" when none is mixed).
	//
	//	gap = ½ Σ_v |n_v/s − p_v|  −  the same for the best rounding at s seats
	MixGap   float64
	GapField string
	// Rounding is the part that was subtracted: closer than this share of seats
	// whole people cannot come to the room here.
	Rounding float64
	// Able counts the people here with each skill that Options.Needs asks for.
	Able map[string]int
	// KeptTogether and KeptApart count the rules about people that touch this
	// table and hold: lists seated here whole, pairs of which one sits here.
	KeptTogether, KeptApart int
}

// Count is how many people have a value.
type Count struct {
	Value  string
	People int
}

// Measurement judges one seating.
type Measurement struct {
	// E is the sum of weight × unevenness, gathered attributes counted negative.
	// In the mode Random it is measured with the attributes of Mixed.
	E float64
	// Lots is the value that E has on average when lots are drawn.
	Lots float64
	// Bound is the same sum of Bounds; below it no seating of these sizes can come.
	// It is meaningful only when nothing is gathered.
	Bound float64
	// Attributes are those that vary in the room, in the order of the options.
	Attributes []Attribute
	// Unevenness per field: 1 is what lots give, 0 every table the room in small.
	Unevenness map[string]float64
	// Bounds per mixed field: the least unevenness that whole people allow with
	// these table sizes, one value at a time; it may be out of reach. Fields with
	// numbers (the map) have bound 0; gathered fields are not listed.
	Bounds map[string]float64
}

// Fairness is what a facilitator should know before the plan is used.
type Fairness struct {
	// LargestMixGap is the largest Table.MixGap.
	LargestMixGap float64
	// Unseated are the people without a seat, by id: the last to check in when
	// there are more people than seats.
	Unseated []ParticipantID
	// Unmet are the rules that do not hold, in the order of keeping.
	Unmet []Unmet
}
