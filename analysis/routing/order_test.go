package routing_test

import (
	"math"
	"slices"
	"testing"

	"folkmoot/analysis/routing"
)

// even gives a room in which all statements stand alike.
func even(statements, votes, target, active int) routing.Room {
	r := routing.Room{Active: active, Needed: 7, Seed: 1, Clock: true, Left: 600, Pace: float64(active) * 4,
		Model: routing.Model{Residual: 0.5, Variance: [2]float64{5, 3}}}
	for i := range statements {
		angle := float64(i)
		r.Statements = append(r.Statements, routing.Statement{Lot: uint64(i), Votes: votes, Target: target, Open: active,
			Loading: [2]float64{math.Cos(angle) / 4, math.Sin(angle) / 4}})
	}
	return r
}

// firsts counts what so many people who ask at once are asked first.
func firsts(r routing.Room, people int, voted ...int) []int {
	counts := make([]int, len(r.Statements))
	for p := range people {
		if order := routing.Order(r, routing.Person{Lot: uint64(p)*31 + 7, Voted: voted}); len(order) > 0 {
			counts[order[0]]++
		}
	}
	return counts
}

func TestPrioritiesDiffer(t *testing.T) {
	r := even(30, 6, 15, 40)
	counts := firsts(r, 40)
	if most := slices.Max(counts); most > 8 {
		t.Errorf("40 neighbours: %d are asked the same first, %v", most, counts)
	}
	a, b := routing.Order(r, routing.Person{Lot: 1}), routing.Order(r, routing.Person{Lot: 2})
	if slices.Equal(a, b) {
		t.Error("neighbours see the same order")
	}
	r.Statements[4].Votes = 0
	if counts = firsts(r, 1000); counts[4] < 2*counts[5] {
		t.Errorf("the least voted is asked %d times of 1000, another one %d times", counts[4], counts[5])
	}
}

// A statement just approved is everybody's soon, and not everybody's next.
func TestNewStatement(t *testing.T) {
	r := even(31, 8, 15, 40)
	r.Statements[30].Votes = 0
	if n := firsts(r, 1000)[30]; n < 60 || n > 500 {
		t.Errorf("of 1000 people %d are asked it first, while others lack 7", n)
	}
	r = even(31, 15, 15, 40)
	r.Statements[30].Votes = 0
	if n := firsts(r, 1000)[30]; n < 400 || n > 800 {
		t.Errorf("of 1000 people %d are asked it first, while nothing else lacks votes", n)
	}
	for p := range 200 {
		if at := slices.Index(routing.Order(r, routing.Person{Lot: uint64(p)}), 30); at > 1 {
			t.Errorf("it is number %d of a person's statements", at+1)
		}
	}
}

// In a hurry hardly anybody is sent to what is nearly there.
func TestWhenTimeIsShortTheLargestGapComesFirst(t *testing.T) {
	r := even(20, 12, 15, 30)
	for i := range 5 {
		r.Statements[i].Votes = 6
	}
	far := func() (n int) {
		for _, count := range firsts(r, 1000)[:5] {
			n += count
		}
		return n
	}
	calm := far()
	r.Left = 30
	if hurried := far(); hurried <= calm || hurried < 900 {
		t.Errorf("with time %d of 1000 are sent to the five that lack most, in a hurry %d", calm, hurried)
	}
	// The same lack weighs more where fewer people can still make up for it.
	r = even(20, 12, 15, 30)
	r.Statements[3].Open = 4
	if counts := firsts(r, 1000); counts[3] < 2*counts[4] {
		t.Errorf("%d are sent where 3 of 4 have to vote, %d where 3 of 30 have to", counts[3], counts[4])
	}
}

// What nobody is left to vote on hurries nobody.
func TestWhatCannotBeReachedChangesNothing(t *testing.T) {
	r := even(20, 15, 15, 40)
	want := firsts(r, 100, 19)
	r.Statements[19].Votes, r.Statements[19].Open, r.Left = 2, 0, 30
	if got := firsts(r, 100, 19); !slices.Equal(got, want) {
		t.Errorf("100 people are asked %v, and %v when a statement of which all have had their say lacks votes", want, got)
	}
}

// When all have what they should have, information decides: what lies along the axis
// of which least is known.
func TestInformationDecidesInTheEnd(t *testing.T) {
	r := even(0, 0, 0, 30)
	for i := range 12 {
		s := routing.Statement{Lot: uint64(i), Votes: 20, Target: 15, Open: 10}
		s.Loading[i%2] = 0.5
		r.Statements = append(r.Statements, s)
	}
	second := 0
	for i, n := range firsts(r, 1000, 0, 2, 4, 6) { // all of them along the first axis
		second += n * (i % 2)
	}
	if second < 800 {
		t.Errorf("of 1000 people who are placed on the first axis %d are asked about the second", second)
	}
	r.Model = routing.Model{}
	r.Statements[7].Divides = 1
	if counts := firsts(r, 1000); counts[7] < 5*counts[6] {
		t.Errorf("without a map the divisive one is asked %d times, another one %d times", counts[7], counts[6])
	}
}

func TestSeedsPutPeopleOnTheMap(t *testing.T) {
	r := even(20, 3, 15, 30)
	for i := range 6 {
		r.Statements[i].Seed = true
	}
	seeds := func(voted ...int) (n int) {
		for _, count := range firsts(r, 100, voted...)[:6] {
			n += count
		}
		return n
	}
	if n := seeds(); n != 100 {
		t.Errorf("%d of 100 newcomers are asked a seed first", n)
	}
	if n := seeds(10, 11, 12, 13, 14, 15, 16); n == 100 {
		t.Error("who is on the map is asked seeds only")
	}
	for i := range 6 {
		r.Statements[i].Votes = 15
	}
	if n := seeds(); n > 20 {
		t.Errorf("%d of 100 newcomers are asked a seed that has its votes, while others lack theirs", n)
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		room  routing.Room
		voted []int
		want  int
	}{
		{"nothing", routing.Room{}, nil, 0},
		{"no statements, votes on what is gone", routing.Room{Active: 3}, []int{4, -1}, 0},
		{"all voted on", even(5, 5, 15, 20), []int{0, 1, 2, 3, 4}, 0},
		{"nothing known but the statements", routing.Room{Statements: make([]routing.Statement, 5)}, []int{1}, 4},
		{"no people", even(5, 0, 15, 0), nil, 5},
	} {
		if got := routing.Order(c.room, routing.Person{Voted: c.voted}); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	last := even(6, 0, 15, 20)
	last.Statements[2].Meta = true
	if order := routing.Order(last, routing.Person{}); order[5] != 2 {
		t.Errorf("the one about the procedure is not last: %v", order)
	}
	still := even(5, 3, 15, 20)
	still.Pace = 0
	if o := routing.Forecast(still); o.Known {
		t.Errorf("a forecast without a pace: %+v", o)
	}
	still.Pace, still.Clock = 80, false
	if o := routing.Forecast(still); o.Known {
		t.Errorf("a forecast without a clock: %+v", o)
	}
	still.Clock, still.Left = true, -5
	if o := routing.Forecast(still); !o.Known || o.Short != 5 || o.Missing[0] != 12 || o.Minutes != 1 || o.Beyond != 0 {
		t.Errorf("time is up, 60 votes are lacking, and a minute more brings 60: %+v", o)
	}
	for i := range still.Statements {
		still.Statements[i].Open = 4
	}
	if o := routing.Forecast(still); o.Short != 5 || o.Minutes != 0 || o.Beyond != 5 {
		t.Errorf("nobody is left who could vote: %+v", o)
	}
}

// Shares are what lots come to.
func TestSharesAreWhatOrderDraws(t *testing.T) {
	for name, change := range map[string]func(*routing.Room){
		"plenty of time": func(*routing.Room) {},
		"a hurry":        func(r *routing.Room) { r.Left = 20 },
		"few lacking":    func(r *routing.Room) { r.Active = 200 },
		"all reached": func(r *routing.Room) {
			for i := range r.Statements {
				r.Statements[i].Votes = 15
			}
		},
		"procedure only": func(r *routing.Room) {
			for i := range r.Statements {
				r.Statements[i].Meta = true
			}
		},
	} {
		r := even(12, 15, 15, 40)
		for i := range 7 {
			r.Statements[i].Votes, r.Statements[i].Seed = 15-3*i, i%2 == 0
		}
		change(&r)
		voted := []int{3, 8}
		const people = 20_000
		counts, shares, sum := firsts(r, people, voted...), routing.Shares(r, []routing.Person{{Voted: voted}}), 0.0
		for i, share := range shares {
			if math.Abs(float64(counts[i])/people-share) > 0.015 {
				t.Errorf("%s: statement %d comes first for %.3f, share %.3f", name, i, float64(counts[i])/people, share)
			}
			sum += share
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: shares add up to %v", name, sum)
		}
	}
	if shares := routing.Shares(even(2, 0, 5, 9), []routing.Person{{Voted: []int{0, 1}}}); shares[0] != 0 || shares[1] != 0 {
		t.Errorf("everything is voted on: %v", shares)
	}
}

// BenchmarkOrder is one person's order among 10,000 statements.
func BenchmarkOrder(b *testing.B) {
	r, p := even(10_000, 4, 15, 300), routing.Person{Lot: 5}
	for i := range 3000 {
		p.Voted = append(p.Voted, 3*i)
	}
	for b.Loop() {
		routing.Order(r, p)
	}
}

// BenchmarkForecast is that of the same room.
func BenchmarkForecast(b *testing.B) {
	r := even(10_000, 4, 15, 300)
	for b.Loop() {
		routing.Forecast(r)
	}
}
