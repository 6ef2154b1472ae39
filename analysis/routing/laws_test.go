package routing_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/analysis/routing"
)

func drawRoom(t *rapid.T) routing.Room {
	number := rapid.OneOf(rapid.Float64Range(-2, 2), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e-300}))
	r := routing.Room{Active: rapid.IntRange(-1, 60).Draw(t, "active"), Clock: rapid.Bool().Draw(t, "clock"), Left: number.Draw(t, "left") * 600,
		Pace: number.Draw(t, "pace") * 200, Needed: rapid.IntRange(0, 7).Draw(t, "needed"), Seed: rapid.Uint64().Draw(t, "seed"),
		Model: routing.Model{Residual: number.Draw(t, "residual"), Variance: [2]float64{number.Draw(t, "first"), number.Draw(t, "second")}}}
	for i := range rapid.IntRange(0, 30).Draw(t, "statements") {
		r.Statements = append(r.Statements, routing.Statement{Lot: uint64(i), Votes: rapid.IntRange(-1, 40).Draw(t, "votes"), Target: rapid.IntRange(-1, 20).Draw(t, "target"),
			Open: rapid.IntRange(-1, 60).Draw(t, "open"), Loading: [2]float64{number.Draw(t, "x"), number.Draw(t, "y")}, Divides: number.Draw(t, "divides"),
			Seed: rapid.Bool().Draw(t, "seed"), Meta: rapid.IntRange(0, 9).Draw(t, "meta") == 0})
	}
	return r
}

func drawPerson(t *rapid.T, r routing.Room) routing.Person {
	p := routing.Person{Lot: rapid.Uint64().Draw(t, "person")}
	for i := range r.Statements {
		if rapid.Bool().Draw(t, "voted") {
			p.Voted = append(p.Voted, i)
		}
	}
	return p
}

// Nobody is asked what they voted on, and everything else exactly once, whatever the
// numbers.
func TestOrderIsWhatWasNotVotedOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoom(t)
		p := drawPerson(t, r)
		got := routing.Order(r, p)
		all := append(slices.Clone(got), p.Voted...)
		slices.Sort(all)
		for i, place := range all {
			if place != i {
				t.Fatalf("order %v and voted on %v are not all of %d statements", got, p.Voted, len(r.Statements))
			}
		}
		if len(all) != len(r.Statements) || !slices.Equal(got, routing.Order(r, p)) {
			t.Fatalf("%d of %d, or another order the second time", len(all), len(r.Statements))
		}
	})
}

// Statements and votes listed in another order change nothing: only lots tell
// statements apart.
func TestListingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoom(t)
		r.Model = routing.Model{} // sums over votes round differently in another order
		p := drawPerson(t, r)
		want := routing.Order(r, p)
		turned := r
		turned.Statements = slices.Clone(r.Statements)
		slices.Reverse(turned.Statements)
		last := len(r.Statements) - 1
		q := routing.Person{Lot: p.Lot}
		for _, i := range p.Voted {
			q.Voted = append(q.Voted, last-i, last-i) // twice is once
		}
		got := routing.Order(turned, q)
		for i := range got {
			got[i] = last - got[i]
		}
		if !slices.Equal(got, want) {
			t.Fatalf("listed backwards %v, forwards %v", got, want)
		}
	})
}

// Statements that come or go elsewhere in the list leave the others as they are: only
// their places are other ones, as if they were renamed with their order kept.
func TestOthersKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoom(t)
		p := drawPerson(t, r)
		at := rapid.IntRange(0, len(r.Statements)).Draw(t, "at")
		more, q := r, routing.Person{Lot: p.Lot}
		more.Statements = slices.Insert(slices.Clone(r.Statements), at, routing.Statement{Lot: 1 << 40, Meta: true})
		moved := func(i int) int {
			if i >= at {
				return i + 1
			}
			return i
		}
		for _, i := range p.Voted {
			q.Voted = append(q.Voted, moved(i))
		}
		var want []int
		for _, i := range routing.Order(r, p) {
			want = append(want, moved(i))
		}
		got := slices.DeleteFunc(routing.Order(more, q), func(i int) bool { return i == at })
		if !slices.Equal(got, want) {
			t.Fatalf("one more at %d: %v, before %v", at, got, want)
		}
	})
}

// What is given is not changed, and what comes back are numbers.
func TestForecastIsFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoom(t)
		kept := slices.Clone(r.Statements)
		o := routing.Forecast(r)
		short := 0
		for i := range o.Votes {
			s := r.Statements[i]
			if v := o.Votes[i]; math.IsNaN(v) || v < float64(s.Votes) || v > float64(max(0, s.Votes)+max(0, s.Open))+1e-6 {
				t.Fatalf("statement %d has %d votes and %d people, and will have %v", i, s.Votes, s.Open, v)
			}
			if o.Missing[i] < 0 || o.Missing[i] > max(0, s.Target) || o.Missing[i] > 0 && s.Meta {
				t.Fatalf("statement %d will lack %d of %d", i, o.Missing[i], s.Target)
			}
			if o.Missing[i] > 0 {
				short++
			}
		}
		if short != o.Short || o.Beyond > o.Short || (o.Minutes == 0) != (o.Beyond == o.Short) || o.Minutes > routing.MostExtra {
			t.Fatalf("%+v", o)
		}
		if o.Known && len(o.Votes) != len(r.Statements) || !o.Known && !reflect.DeepEqual(o, routing.Outlook{}) {
			t.Fatalf("%+v of %d statements", o, len(r.Statements))
		}
		for i := range kept {
			if fmt.Sprint(kept[i]) != fmt.Sprint(r.Statements[i]) { // NaN is not itself
				t.Fatal("the room was changed")
			}
		}
	})
}

// Sherman and Morrison's formula gives what inverting the precision gives.
func TestGainIsWhatAVoteTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := routing.Model{Residual: rapid.Float64Range(0.1, 2).Draw(t, "residual"), Variance: [2]float64{rapid.Float64Range(0.1, 9).Draw(t, "first"), rapid.Float64Range(0.1, 9).Draw(t, "second")}}
		spread := m.Start()
		a, b, c := m.Residual/m.Variance[0], 0.0, m.Residual/m.Variance[1] // WᵀW + σ²S⁻¹
		for range rapid.IntRange(1, 12).Draw(t, "votes") {
			w := [2]float64{rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y")}
			gain := m.Gain(spread, w)
			next := m.After(spread, w)
			a, b, c = a+w[0]*w[0], b+w[0]*w[1], c+w[1]*w[1]
			trace := m.Residual * (a + c) / (a*c - b*b)
			if math.Abs(next.Trace()-trace) > 1e-9*(1+trace) || math.Abs(spread.Trace()-next.Trace()-gain) > 1e-9 || gain < 0 {
				t.Fatalf("trace %v, by inverting %v; gain %v of %v", next.Trace(), trace, gain, spread.Trace())
			}
			spread = next
		}
	})
}
