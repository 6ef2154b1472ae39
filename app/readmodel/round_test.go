package readmodel_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// voting is a room of some people and statements in its step for votes, at its start.
func voting(t testing.TB, people, statements int) (*readmodeltest.Room, []moot.ParticipantID, []moot.StatementID) {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	var pids []moot.ParticipantID
	var sids []moot.StatementID
	for i := range statements {
		sids = append(sids, r.Statement(fmt.Sprintf("河岸的意見之%d。", i+1)))
	}
	for i := range people {
		pids = append(pids, r.Join(i+1, ""))
	}
	return r, pids, sids
}

// goOn lets everybody vote on their next statement by the order, with so many seconds
// from one person to the next.
func goOn(t testing.TB, r *readmodeltest.Room, pids []moot.ParticipantID, milliseconds uint64) {
	t.Helper()
	v := build(t, r.View(), readmodel.Options{Quick: true})
	for i, p := range pids {
		r.Now += milliseconds
		if order := v.Order(p, readmodel.RoundOf(r.View(), r.Now)); len(order) > 0 {
			r.Vote(p, order[0], moot.Vote(1+i%3))
		}
	}
}

func TestRound(t *testing.T) {
	r, pids, _ := voting(t, 20, 12)
	ends := r.View().Steps[1].Ends
	round := readmodel.RoundOf(r.View(), r.Now)
	if !round.Running || !round.Clock || round.Left != float64(ends-r.Now)/1000 || round.Pace != 0 || round.Active != 20 {
		t.Errorf("at the start %+v", round)
	}
	for range 3 {
		goOn(t, r, pids, 1000) // 20 votes in 20 s
	}
	if round = readmodel.RoundOf(r.View(), r.Now); math.Abs(round.Pace-60) > 1 || round.Active != 20 {
		t.Errorf("after a minute a pace of %v, %d active", round.Pace, round.Active)
	}
	for range 6 {
		goOn(t, r, pids[:10], 2000)
	}
	r.Now += 10_000
	if round = readmodel.RoundOf(r.View(), r.Now); math.Abs(round.Pace-27.5) > 1 || round.Active != 10 {
		t.Errorf("when half have stopped a pace of %v, %d active", round.Pace, round.Active)
	}
	late := r.Join(99, "")
	if round = readmodel.RoundOf(r.View(), r.Now); round.Active != 11 {
		t.Errorf("somebody came: %d active", round.Active)
	}
	for _, s := range r.View().Statements {
		r.Vote(late, s.ID, moot.Agree)
	}
	if round = readmodel.RoundOf(r.View(), r.Now); round.Active != 10 {
		t.Errorf("somebody has nothing left: %d active", round.Active)
	}
	if round = readmodel.RoundOf(r.View(), ends+5000); round.Left != 0 || !round.Clock {
		t.Errorf("after the end %+v", round)
	}
	r.Do(readmodel.CloseStep(r.View(), "opinion", r.Now, r.IDs))
	if round = readmodel.RoundOf(r.View(), r.Now); round.Running || round.Pace != 0 {
		t.Errorf("closed: %+v", round)
	}
}

// A phone that has just voted is asked something else, though the View is older.
func TestOrderGoesByTheNewestRecord(t *testing.T) {
	r, pids, _ := voting(t, 12, 9)
	v := build(t, r.View(), readmodel.Options{Quick: true})
	round := readmodel.RoundOf(r.View(), r.Now)
	order := v.Order(pids[0], round)
	r.Vote(pids[0], order[0], moot.Agree)
	fresh := r.Statement("剛剛通過的一則。")
	next := v.Order(pids[0], round.Of(r.View()))
	if slices.Contains(next, order[0]) || !slices.Contains(next, fresh) || len(next) != 9 {
		t.Errorf("%d statements; voted on among them %v, new one %v", len(next), slices.Contains(next, order[0]), slices.Contains(next, fresh))
	}
}

func TestForecast(t *testing.T) {
	r, pids, _ := voting(t, 20, 14)
	forecast := func() readmodel.Forecast {
		return build(t, r.View(), readmodel.Options{Quick: true}).Forecast(r.View(), r.Now)
	}
	if f := forecast(); f.Target != 0 || f.Short != nil {
		t.Errorf("a forecast before anybody voted: %+v", f)
	}
	goOn(t, r, pids, 2000) // 30 votes a minute, 140 wanted
	if f := forecast(); f.Target != 10 || len(f.Short) != 0 {
		t.Errorf("with the whole step ahead: %+v", f)
	}
	r.Now = r.View().Steps[1].Ends - 180_000
	for range 2 {
		goOn(t, r, pids, 2500) // 60 of 140 after this, 80 s left
	}
	f := forecast()
	if len(f.Short) < 10 || f.Minutes < 1 || f.Minutes > 5 || f.Beyond != 0 {
		t.Fatalf("too little time: %+v", f)
	}
	for _, s := range f.Short {
		if s.Needs < 1 || s.Expected >= f.Target || s.Expected < f.Target-s.Needs || f.Of(s.ID) == nil {
			t.Errorf("%+v", s)
		}
	}
	r.Do(readmodel.ExtendStep(r.View(), "opinion", f.Minutes, r.Now, r.IDs))
	if f = forecast(); len(f.Short) > 2 {
		t.Errorf("with the minutes asked for: %+v", f)
	}
	if f.Of("nothing") != nil {
		t.Error("a forecast of a statement that is not there")
	}
	r.Do(readmodel.CloseStep(r.View(), "opinion", r.Now, r.IDs))
	if f = forecast(); f.Target != 0 {
		t.Errorf("a forecast of a closed step: %+v", f)
	}
}

// The whole way, from record to order and back, with pages that hold an order for one
// more vote: everything reaches its target.
func TestEveryStatementReachesItsTarget(t *testing.T) {
	r, pids, _ := voting(t, 16, 12)
	held := map[moot.ParticipantID][]moot.StatementID{}
	for turn := range 11 {
		v := build(t, r.View(), readmodel.Options{Quick: true})
		if turn == 5 {
			r.Statement("半路上寫的一則。")
		}
		for i, p := range pids {
			r.Now += 1500
			order := v.Order(p, readmodel.RoundOf(r.View(), r.Now))
			show := slices.IndexFunc(held[p], func(s moot.StatementID) bool { return r.View().Person(p).Vote(s).Value == moot.None })
			if show < 0 {
				held[p], show = order, 0
			}
			r.Vote(p, held[p][show], moot.Vote(1+(i+turn)%3))
			held[p] = order
		}
	}
	v := build(t, r.View(), readmodel.Options{Quick: true})
	for i, tally := range v.Results.Statements {
		if tally.Voted() < 8 {
			t.Errorf("statement %d has %d of 8 votes", i+1, tally.Voted())
		}
	}
}
