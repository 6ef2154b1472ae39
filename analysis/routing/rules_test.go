package routing_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"folkmoot/analysis/routing"
)

var (
	ours    = rule{"ours", func(r routing.Room, p routing.Person, _ *rand.Rand) []int { return routing.Order(r, p) }, true}
	chance  = rule{"random", func(r routing.Room, p routing.Person, draw *rand.Rand) []int { return draw.Perm(len(r.Statements)) }, true}
	fixed   = rule{"fixed", func(r routing.Room, _ routing.Person, _ *rand.Rand) []int { return places(r) }, true}
	before  = rule{"before", beforeOrder, true}
	asItWas = rule{"before, page held", beforeOrder, false}
)

func places(r routing.Room) []int {
	list := make([]int, len(r.Statements))
	for i := range list {
		list[i] = i
	}
	return list
}

// beforeOrder is the rule of the program before this package: seeds first, then the
// number of votes in steps of an eighth of the people, then lots by the loadings.
func beforeOrder(r routing.Room, p routing.Person, _ *rand.Rand) []int {
	step := max(1, (r.Active+7)/8)
	lots := make([]float64, len(r.Statements))
	for i, s := range r.Statements {
		u := rand.New(rand.NewPCG(p.Lot, s.Lot)).Float64()
		telling := s.Loading[0]*s.Loading[0] + s.Loading[1]*s.Loading[1]
		lots[i] = -math.Log(u) / (1 + telling*float64(len(r.Statements)))
	}
	list := places(r)
	slices.SortStableFunc(list, func(a, b int) int {
		x, y := r.Statements[a], r.Statements[b]
		if len(p.Voted) < r.Needed && x.Seed != y.Seed {
			if x.Seed {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.Votes/step, y.Votes/step), cmp.Compare(lots[a], lots[b]))
	})
	return list
}

// result is what a rule reached in some rooms of one setting, on average.
type result struct {
	share, lacking, spread float64
	worst                  float64 // share, of all rooms
	expected               float64 // votes cast, as a multiple of all targets
}

const roomsEach = 4

func average(s setting, r rule) result {
	out := result{worst: 1}
	for seed := range uint64(roomsEach) {
		s.seed = seed + 1
		p := play(s, r)
		share, lacking := p.reached()
		out.share += share / roomsEach
		out.lacking += float64(lacking) / roomsEach
		out.spread += p.spread() / roomsEach
		out.expected += float64(len(p.cast)) / float64(p.target()*len(p.votes)) / roomsEach
		out.worst = min(out.worst, share)
	}
	return out
}

// settings are rooms from too little time to plenty.
var settings = []setting{
	{people: 20, statements: 20, written: 5, minutes: 5},
	{people: 20, statements: 30, written: 8, minutes: 8},
	{people: 20, statements: 40, written: 10, minutes: 14},
	{people: 37, statements: 25, written: 8, minutes: 5},
	{people: 37, statements: 30, written: 10, minutes: 6},
	{people: 37, statements: 30, written: 10, minutes: 8},
	{people: 37, statements: 45, written: 15, minutes: 11},
	{people: 37, statements: 45, written: 15, minutes: 14},
	{people: 77, statements: 45, written: 15, minutes: 3},
	{people: 37, statements: 45, written: 15, minutes: 6.5},
	{people: 37, statements: 45, written: 15, minutes: 7.5},
	{people: 20, statements: 45, written: 15, minutes: 9},
	{people: 77, statements: 45, written: 15, minutes: 4.5},
	{people: 77, statements: 45, written: 15, minutes: 10},
}

// suffices is how many times all targets the room's votes must be for nearly every
// statement to reach its target.
const suffices = 1.3

// Against lots alone, a fixed order and the rule before: where there are votes enough,
// nearly every statement reaches its target; where there are not, fewer votes are
// lacking. Places are known better than by lots.
func TestMoreStatementsReachTheirTarget(t *testing.T) {
	t.Log("                     | votes per | reached the target                       | votes lacking   | mean sd of a place")
	t.Log("people statements min| target    | ours   random fixed  before before, held | ours random bef.| ours  random before")
	won, spread := 0.0, 0.0
	for _, s := range settings {
		us, lots, one, old, held := average(s, ours), average(s, chance), average(s, fixed), average(s, before), average(s, asItWas)
		t.Logf("%6d %4d+%-3d %5.1f | %9.2f | %5.1f%% %5.1f%% %5.1f%% %5.1f%% %5.1f%%       | %4.0f %4.0f %4.0f  | %.3f %.3f %.3f", s.people, s.statements, s.written, s.minutes, us.expected,
			100*us.share, 100*lots.share, 100*one.share, 100*old.share, 100*held.share, us.lacking, lots.lacking, old.lacking, us.spread, lots.spread, old.spread)
		name := fmt.Sprintf("%d people, %d+%d statements, %.1f min", s.people, s.statements, s.written, s.minutes)
		if us.expected >= suffices && us.share < 0.97 {
			t.Errorf("%s: %.1f %% of the statements reach their target", name, 100*us.share)
		}
		if us.expected >= 1 && us.share < max(lots.share, one.share, old.share, held.share)-0.02 {
			t.Errorf("%s: another rule lets more statements reach their target: %.3f, %.3f, %.3f, %.3f, ours %.3f", name, lots.share, one.share, old.share, held.share, us.share)
		}
		if most := 1.1*min(lots.lacking, old.lacking) + 1; us.lacking > most {
			t.Errorf("%s: %.0f votes are lacking, by lots %.0f, by the rule before %.0f", name, us.lacking, lots.lacking, old.lacking)
		}
		if us.expected >= 1 {
			won += (us.share - lots.share)
		}
		spread += us.spread / lots.spread
	}
	if won < 0.4 {
		t.Errorf("against lots alone only %.2f rooms' worth of statements more reach their target", won)
	}
	if mean := spread / float64(len(settings)); mean > 0.96 {
		t.Errorf("places are as uncertain as by lots: %.3f of it", mean)
	}
}

// forecasts counts how forecasts made at one time came out, over all settings.
type forecasts struct {
	statements          int
	off                 float64 // votes, up to the target, in all
	said, missed, right int     // said to miss; did; both
}

func (f *forecasts) take(p *played, o routing.Outlook) {
	for i, want := range o.Votes { // statements written later were not foreseen
		most := float64(p.target()) // what comes beyond the target is nobody's worry
		f.off += math.Abs(min(want, most) - min(float64(p.votes[i]), most))
		said, did := o.Missing[i] > 0, p.votes[i] < p.target()
		f.statements, f.said, f.missed, f.right = f.statements+1, f.said+btoi(said), f.missed+btoi(did), f.right+btoi(said && did)
	}
}

// A forecast is right within half a vote on average, seldom says that a statement will
// miss its target when it does not, and late in a step it names most of those that do.
// Early it is hopeful: it foresees neither the statements still to be written nor the
// people who will stop.
func TestForecastsComeTrue(t *testing.T) {
	for _, want := range []struct{ at, right, found float64 }{{0.4, 0.85, 0.4}, {0.6, 0.85, 0.4}, {0.8, 0.7, 0.8}} {
		var f forecasts
		for _, s := range settings {
			s.seed = 3
			p := play(s, ours)
			for _, c := range p.checks {
				if c.at == want.at && c.outlook.Known {
					f.take(p, c.outlook)
				}
			}
		}
		off, right, found := f.off/float64(f.statements), float64(f.right)/float64(f.said), float64(f.right)/float64(f.missed)
		t.Logf("at %.0f %% of the step: %d statements, off by %.2f votes; %d said to miss, %d did, %d of both", 100*want.at, f.statements, off, f.said, f.missed, f.right)
		if off > 0.5 || right < want.right || found < want.found {
			t.Errorf("at %.0f %%: off by %.2f votes, %.2f of those said to miss did, %.2f of those that did were named", 100*want.at, off, right, found)
		}
	}
}

// The minutes that a forecast asks for do what it says.
func TestMoreTimeHelpsAsForetold(t *testing.T) {
	rooms, short, foretold, left := 0, 0, 0, 0
	for _, s := range settings {
		for seed := range uint64(4) {
			s.seed, s.more = seed+1, 0
			o := play(s, ours).checks[2].outlook
			if !o.Known || o.Minutes == 0 {
				continue
			}
			s.more = float64(o.Minutes)
			p := play(s, ours)
			rooms, short, foretold = rooms+1, short+o.Short, foretold+o.Beyond
			for i := range o.Votes {
				left += btoi(p.votes[i] < p.target())
			}
		}
	}
	t.Logf("%d rooms got more time: %d statements were said to miss, then %d, and %d did", rooms, short, foretold, left)
	if rooms < 5 || left > foretold+short/7 {
		t.Errorf("%d rooms: %d statements miss their target, foretold %d of %d", rooms, left, foretold, short)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
