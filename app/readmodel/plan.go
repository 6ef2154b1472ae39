package readmodel

import (
	"fmt"
	"io"
	"slices"

	"folkmoot/sync/moot"
)

// Bands of the answers 0–1, 2–3 and 4–5.
const (
	BandLow    = "low"
	BandMiddle = "middle"
	BandHigh   = "high"
)

// Band gives the band of an answer to the 0–5 question.
func Band(answer int) string {
	switch {
	case answer <= 1:
		return BandLow
	case answer <= 3:
		return BandMiddle
	}
	return BandHigh
}

// ToSeat gives the people that a plan seats, in the order of the map's rows: those
// who are present; where the session knows nothing of presence (an import, say),
// those on the map. Imported people are never seated with a room's.
func (v *View) ToSeat() []*moot.Person {
	var present, mapped, imported []*moot.Person
	known := false
	for _, p := range v.People {
		_, onMap := v.You(p.ID)
		known = known || p.Here() && p.Arrived() > 0
		switch {
		case p.Here() && p.Present():
			present = append(present, p)
		case p.Here() && onMap:
			mapped = append(mapped, p)
		case onMap:
			imported = append(imported, p)
		}
	}
	switch {
	case known:
		return present
	case len(mapped) > 0:
		return mapped
	}
	return imported
}

// ActivatePlan lets a plan hold. Error: ErrUnknownPlan.
func ActivatePlan(record *moot.View, id moot.PlanID, ids io.Reader) ([]moot.Item, error) {
	known := slices.ContainsFunc(record.Plans, func(p *moot.Plan) bool { return p.ID == id })
	if !known {
		return nil, fmt.Errorf("readmodel: activate plan %s: %w", id, ErrUnknownPlan)
	}
	return SetField(record, moot.ActivePlan, id.String(), ids)
}
