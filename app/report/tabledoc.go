package report

import (
	"folkmoot/analysis/seating"
)

// TablesDocument is a group plan as `tables --json` prints it.
type TablesDocument struct {
	Mode       string            `json:"mode"`
	Seed       uint64            `json:"seed"`
	Size       [2]int            `json:"size"` // fewest and most seats
	Rounds     []RoundDocument   `json:"rounds"`
	E          Figure            `json:"E"`
	Unevenness map[string]Figure `json:"unevenness"`
	Bounds     map[string]Figure `json:"bounds"`
	Fairness   FairnessDocument  `json:"fairness"`
}

// RoundDocument is one seating.
type RoundDocument struct {
	Round  int             `json:"round"`
	Tables []TableDocument `json:"tables"`
}

// TableDocument is one table.
type TableDocument struct {
	Table    int            `json:"table"`
	Seats    []SeatDocument `json:"seats"`
	MixGap   Figure         `json:"mix_gap"`
	NewPairs Figure         `json:"new_pairs"` // share of pairs that never met: 1 in a first round
	Why      string         `json:"why"`
}

// SeatDocument is a person at a table.
type SeatDocument struct {
	Participant string   `json:"participant"`
	Group       string   `json:"group"`
	Roles       []string `json:"roles"`
}

// FairnessDocument is what a facilitator should know of a plan.
type FairnessDocument struct {
	LargestMixGap   Figure   `json:"largest_mix_gap"`
	RepeatedPairs   int      `json:"repeated_pairs"`
	PairsLowerBound int      `json:"pairs_lower_bound"`
	Unseated        []string `json:"unseated"`
	Unmet           []string `json:"unmet"` // English sentences
}

// NewTablesDocument gives the document of a plan. name gives the id under which a
// person stands, group the letter of the opinion group; nil leaves ids as they are
// and groups empty. Lists are never nil.
func NewTablesDocument(plan seating.Plan, name, group func(seating.ParticipantID) string) TablesDocument {
	if name == nil {
		name = func(id seating.ParticipantID) string { return string(id) }
	}
	if group == nil {
		group = func(seating.ParticipantID) string { return "" }
	}
	doc := TablesDocument{Mode: string(plan.Mode), Seed: plan.Seed, Size: [2]int{plan.MinSeats, plan.MaxSeats},
		Rounds: []RoundDocument{}, E: Figure(plan.Measure.E), Unevenness: figures(plan.Measure.Unevenness), Bounds: figures(plan.Measure.Bounds),
		Fairness: FairnessDocument{LargestMixGap: Figure(plan.Fairness.LargestMixGap), Unseated: []string{}, Unmet: []string{}}}
	for _, round := range plan.Rounds {
		r := RoundDocument{Round: round.Number, Tables: []TableDocument{}}
		for _, table := range round.Tables {
			r.Tables = append(r.Tables, tableDocument(table, name, group))
		}
		doc.Rounds = append(doc.Rounds, r)
	}
	for _, id := range plan.Fairness.Unseated {
		doc.Fairness.Unseated = append(doc.Fairness.Unseated, name(id))
	}
	for _, rule := range plan.Fairness.Unmet {
		doc.Fairness.Unmet = append(doc.Fairness.Unmet, rule.String())
	}
	return doc
}

func tableDocument(table seating.Table, name, group func(seating.ParticipantID) string) TableDocument {
	doc := TableDocument{Table: table.Number, Seats: []SeatDocument{}, MixGap: Figure(table.MixGap), NewPairs: 1, Why: Why(table)}
	for _, id := range table.Seats {
		doc.Seats = append(doc.Seats, SeatDocument{Participant: name(id), Group: group(id), Roles: []string{}})
	}
	return doc
}

func figures(values map[string]float64) map[string]Figure {
	out := make(map[string]Figure, len(values))
	for name, value := range values {
		out[name] = Figure(value)
	}
	return out
}
