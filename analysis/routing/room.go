package routing

import "math"

// Room is what is known of a room at one moment. The zero value is a room without
// statements.
type Room struct {
	Statements []Statement
	// Active is how many people are still voting, 0 where that is not known.
	Active int
	// Clock says that the step has an end, and Left is how many seconds are left.
	Clock bool
	Left  float64
	// Pace is how many votes the room casts in a minute, 0 where that is not known.
	Pace float64
	// Needed is how many votes put a person on the opinion map.
	Needed int
	// Model is the uncertainty of places on the map; its zero value where there is no
	// map.
	Model Model
	// Seed starts the lots.
	Seed uint64
}

// Statement is what counts for asking a statement.
type Statement struct {
	// Lot names the statement where lots are drawn: it should stay the same while
	// others come and go, and be no other's.
	Lot uint64
	// Votes are the counted votes, Target how many it should have; 0 for no target.
	Votes, Target int
	// Open is how many active people have not voted on it, 0 where that is not known.
	Open int
	// Loading is the weight of an agree on the two axes drawn, as of opinion.Map.
	Loading [2]float64
	// Divides is how much the statement divides the room, 0 … 1.
	Divides float64
	// Seed says that the hosts wrote it.
	Seed bool
	// Meta says that it is about the procedure: it has no target and comes last.
	Meta bool
}

// Person is what counts for asking a person.
type Person struct {
	// Lot is the person's own, so that neighbours see different statements.
	Lot uint64
	// Voted are the places in Room.Statements of those voted on, in any order. Places
	// that are not there are left out.
	Voted []int
}

// need is how many votes a statement lacks.
func (s Statement) need() int {
	if s.Meta {
		return 0
	}
	return max(0, s.Target-max(0, s.Votes))
}

// gap is how far a statement is below its target, 0 … 1: the share of the target that
// it lacks, times the share of those who still could vote on it that it needs.
func (s Statement) gap() float64 { return gap(float64(s.need()), float64(s.Target), float64(s.Open)) }

func gap(need, target, open float64) float64 {
	if need <= 0 || target <= 0 {
		return 0
	}
	share := need / target
	if open > 0 {
		return share * math.Min(1, need/open)
	}
	return share * share
}

// needs sums up what the room's statements lack, as far as there is somebody left to
// vote on them.
func (r Room) needs() int {
	sum := 0
	for _, s := range r.Statements {
		if need := s.need(); r.Active > 0 {
			sum += min(need, max(0, s.Open))
		} else {
			sum += need
		}
	}
	return sum
}

// capacity is how many votes the room will cast until the step's end; infinite without
// a clock or while the pace is not known.
func (r Room) capacity() float64 {
	left, pace := finite(r.Left), finite(r.Pace)
	if !r.Clock || pace <= 0 {
		return math.Inf(1)
	}
	return math.Max(0, left) / 60 * pace
}

// towardsSeeds is the chance that who is not on the map yet is asked seeds first: no
// more people than these lack votes, so that the last of them is not asked everybody.
func (r Room) towardsSeeds() float64 {
	if r.Active <= 0 {
		return 1
	}
	sum := 0
	for _, s := range r.Statements {
		if s.Seed {
			sum += s.need()
		}
	}
	return float64(sum) / float64(r.Active)
}

// haste says how short time is: 0 while the capacity is twice the needs and more, 1
// where it is no more than the needs.
func haste(capacity, needs float64) float64 {
	if needs <= 0 || math.IsInf(capacity, 1) {
		return 0
	}
	return math.Min(1, math.Max(0, 2-capacity/needs))
}

// sharpness is the exponent of the gap; see the package's comment.
func sharpness(haste float64) float64 { return 1 + 2*haste }

// raised is x to a power, without the work where that is known at once.
func raised(x, power float64) float64 {
	if x == 0 || power == 1 {
		return x
	}
	return math.Pow(x, power)
}

// towardsNeed is the chance that a person is asked a statement below its target first.
func towardsNeed(needs, active, haste float64) float64 {
	if active <= 0 {
		return 1
	}
	chance := math.Min(1, 1.5*needs/active)
	return chance + (1-chance)*haste
}

// finite gives 0 for what is no number.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
