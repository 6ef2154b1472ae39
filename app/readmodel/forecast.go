package readmodel

import (
	"math"

	"folkmoot/analysis/routing"
	"folkmoot/sync/moot"
)

// Forecast says which statements will probably lack votes when the running step ends.
// The zero value says nothing: no step for voting runs, it has no clock, it began under
// half a minute ago, or nobody votes.
type Forecast struct {
	// Target is how many votes a statement should have.
	Target int
	// Short are the statements that will miss it, in the order of the record.
	Short []ShortStatement
	// Minutes is by how much the step had to be longer for as few as possible to miss
	// it: Beyond. It is 0 where more time alone would not help.
	Minutes, Beyond int
}

// ShortStatement is a statement that will probably miss its target of votes.
type ShortStatement struct {
	ID string
	// Needs is how many votes it lacks now, Expected how many it will have at the end.
	Needs, Expected int
}

// forecastEvery is how often the clock moves a forecast, in seconds: a list that
// changes all the time cannot be read.
const forecastEvery = 10

// Forecast tells how the running step will end, as a record stands at a time in
// milliseconds since 1970.
func (v *View) Forecast(record *moot.View, now uint64) Forecast {
	round := RoundOf(record, now)
	round.Left = forecastEvery * math.Ceil(round.Left/forecastEvery)
	if !round.Running {
		return Forecast{}
	}
	room, listing := v.room(record, round)
	outlook := routing.Forecast(room)
	if !outlook.Known {
		return Forecast{}
	}
	f := Forecast{Target: v.wanted(record), Minutes: outlook.Minutes, Beyond: outlook.Beyond}
	for i, s := range listing {
		if missing := outlook.Missing[i]; missing > 0 {
			one := room.Statements[i]
			f.Short = append(f.Short, ShortStatement{ID: s.ID.String(), Needs: one.Target - one.Votes, Expected: one.Target - missing})
		}
	}
	return f
}

// Of gives what is said of a statement, nil for nothing.
func (f Forecast) Of(id string) *ShortStatement {
	for i := range f.Short {
		if f.Short[i].ID == id {
			return &f.Short[i]
		}
	}
	return nil
}
