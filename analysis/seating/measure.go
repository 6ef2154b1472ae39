package seating

import "fmt"

// Measure judges a seating that is given as the ids at every table, by the given
// attributes (those of the mode Mixed when nil). Everybody of the roster who is at no
// table is left out, as if absent. It refuses people who are not in the roster or
// sit twice. Empty tables do not count.
func Measure(roster Roster, tables [][]ParticipantID, attributes []Attribute) (Measurement, error) {
	people, err := roster.sorted()
	if err != nil {
		return Measurement{}, err
	}
	if attributes == nil {
		attributes = Options{}.attributes()
	}
	at := people.index()
	table := make([]int, len(people)) // from 1, 0 for nobody's
	for t, seats := range tables {
		for _, id := range seats {
			i, ok := at[id]
			if !ok || table[i] > 0 {
				return Measurement{}, fmt.Errorf("%w: %q at table %d is unknown or sits twice", ErrRoster, id, t+1)
			}
			table[i] = t + 1
		}
	}
	var seated Roster
	seats := make([][]int, len(tables))
	for i, p := range people {
		if t := table[i]; t > 0 {
			seats[t-1] = append(seats[t-1], len(seated))
			seated = append(seated, p)
		}
	}
	return measured(features(seated, attributes), seats), nil
}

// measured sums up a seating of all people that the features are about.
func measured(features []feature, tables [][]int) Measurement {
	m := Measurement{Unevenness: map[string]float64{}, Bounds: map[string]float64{}}
	var sizes []int
	for _, seats := range tables {
		if len(seats) > 0 {
			sizes = append(sizes, len(seats))
		}
	}
	for _, f := range features {
		u := f.unevenness(tables)
		m.Attributes = append(m.Attributes, f.Attribute)
		m.Unevenness[f.Field] = u
		weight := f.Weight
		if f.Gather {
			weight = -weight
		} else {
			m.Bounds[f.Field] = f.bound(sizes)
			m.Bound += float64(weight * m.Bounds[f.Field])
		}
		m.E += float64(weight * u)
		m.Lots += weight
	}
	return m
}
