package routing

import (
	"cmp"
	"math"
	"slices"
)

// Order gives the places in Room.Statements of those that a person has not voted on, in
// the order in which to ask them. It is empty where all are voted on. See the package's
// comment for the rule.
func Order(room Room, person Person) []int {
	t := room.tide()
	open, cast := room.consider(person, t)
	draw := lots(room.Seed).with(person.Lot).with(uint64(cast))
	beginner := cast < room.Needed && draw.with(1).uniform() < t.seeds
	for i := range open {
		c := &open[i]
		if c.rank == seedBelow && !beginner {
			c.rank = below
		}
		c.lot = draw.with(room.Statements[c.place].Lot).drawn(c.weight)
	}
	slices.SortFunc(open, candidate.compare)
	if draw.uniform() >= t.needed {
		letAhead(open)
	}
	order := make([]int, len(open))
	for i, c := range open {
		order[i] = c.place
	}
	return order
}

// tide is what holds for everybody in a room at one moment.
type tide struct {
	power         float64 // exponent of the gap
	needed, seeds float64 // chances that a person is sent where votes are lacking, a beginner to seeds
}

func (r Room) tide() tide {
	needs := float64(r.needs())
	hurry := haste(r.capacity(), needs)
	return tide{power: sharpness(hurry), needed: towardsNeed(needs, float64(r.Active), hurry), seeds: math.Min(1, r.towardsSeeds()*(1-hurry))}
}

// candidate is a statement that a person may be asked.
type candidate struct {
	place  int
	rank   int // see rankOf
	weight float64
	lot    float64
}

func (c candidate) compare(d candidate) int {
	return cmp.Or(cmp.Compare(c.rank, d.rank), cmp.Compare(c.lot, d.lot), cmp.Compare(c.place, d.place))
}

// consider weighs the statements that a person has not voted on, and counts those that
// they have.
func (r Room) consider(person Person, t tide) (open []candidate, cast int) {
	voted, spread, cast := r.standing(person)
	open = make([]candidate, 0, len(r.Statements)-cast)
	most := 0.0
	for i, s := range r.Statements {
		if !voted[i] {
			gain := r.Model.Gain(spread, s.Loading)
			most = math.Max(most, gain)
			open = append(open, candidate{place: i, rank: rankOf(s), weight: gain})
		}
	}
	for i := range open {
		c := &open[i]
		if most > 0 {
			c.weight /= most
		}
		c.weight = weigh(r.Statements[c.place], c.weight, t.power)
	}
	return open, cast
}

// The ranks: what comes first.
const (
	seedBelow = iota // below its target, and a seed: for who is not on the map yet
	below            // below its target
	reached          // has what it should have
	procedure        // about the procedure
)

func rankOf(s Statement) int {
	switch {
	case s.Meta:
		return procedure
	case s.need() == 0:
		return reached
	case s.Seed:
		return seedBelow
	}
	return below
}

// weigh gives a statement's weight in the lots; gain is relative to the largest.
func weigh(s Statement, gain, power float64) float64 {
	divides := math.Min(1, math.Max(0, finite(s.Divides)))
	if s.need() > 0 {
		return raised(s.gap(), power) * (1 + gain/2 + divides/8)
	}
	weight := gain + divides/4 + 0.02
	return weight * weight * weight
}

// letAhead puts the first of those that have what they should have before all others.
// Seeds keep their place: who is not on the map yet should come onto it.
func letAhead(open []candidate) {
	i := slices.IndexFunc(open, func(c candidate) bool { return c.rank == reached })
	if i > 0 && open[0].rank == below {
		first := open[i]
		copy(open[1:i+1], open[:i])
		open[0] = first
	}
}

// standing says what a person voted on, how uncertain their place is, and how many
// votes that makes.
func (r Room) standing(person Person) (voted []bool, spread Spread, cast int) {
	voted, spread = make([]bool, len(r.Statements)), r.Model.Start()
	for _, i := range person.Voted {
		if i >= 0 && i < len(voted) {
			cast += btoi(!voted[i])
			voted[i] = true
		}
	}
	for i, s := range r.Statements { // in the order of the places, so that sums are the same
		if voted[i] {
			spread = r.Model.After(spread, s.Loading)
		}
	}
	return voted, spread, cast
}

// SpreadOf gives how uncertain a person's place on the map is.
func SpreadOf(room Room, person Person) Spread {
	_, spread, _ := room.standing(person)
	return spread
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
