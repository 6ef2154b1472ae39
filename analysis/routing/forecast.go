package routing

import "math"

// MostExtra is the largest number of minutes that an Outlook considers adding to a
// step.
const MostExtra = 10

// Outlook is what a room will probably have reached when its step ends.
type Outlook struct {
	// Known is false without a clock, or while the pace is not known; the rest is then
	// empty.
	Known bool
	// Votes are the votes of each of Room.Statements at the end.
	Votes []float64
	// Missing is by how many whole votes each of them will miss its target.
	Missing []int
	// Short is how many statements will miss their target.
	Short int
	// Minutes is the smallest number of whole minutes, up to MostExtra, by which the step
	// had to be longer for as few as possible to miss their target: Beyond. It is 0 where
	// none are short and where more time would not help.
	Minutes, Beyond int
}

// extraPace is what a minute more brings, as a share of a minute's votes now: some
// people stop, and some votes go where they are not needed. Tried on pretend rooms (see
// the test): with 1, a fifth of the statements that a longer step should have brought to
// their target missed it, with 3/4 an eighth.
const extraPace = 0.75

// plenty is more votes than any room casts: with an infinity nothing can be worked out.
const plenty = 1e12

// Forecast lets the room go on at its pace, in small slices of time and in fractions of
// votes, by the weights of Order.
func Forecast(room Room) Outlook {
	if !room.Clock || !positive(room.Pace) {
		return Outlook{}
	}
	f := newFlow(room)
	f.run(f.left, 40)
	o := Outlook{Known: true, Votes: f.votes(), Missing: make([]int, len(room.Statements))}
	for i := range room.Statements {
		o.Missing[i] = f.missing(i)
		o.Short += btoi(o.Missing[i] > 0)
	}
	o.Beyond = o.Short
	for minute := 1; minute <= MostExtra && o.Beyond > 0; minute++ {
		f.run(math.Min(room.Pace*extraPace, plenty), 8)
		if short := f.short(); short < o.Beyond {
			o.Minutes, o.Beyond = minute, short
		}
	}
	return o
}

// flow is a room whose votes are fractions.
type flow struct {
	room Room
	done []float64 // votes
	open []float64 // active people who have not voted on it
	pull []float64 // of the votes of a slice
	left float64   // capacity until the end
}

func newFlow(room Room) *flow {
	n := len(room.Statements)
	f := &flow{room: room, done: make([]float64, n), open: make([]float64, n), pull: make([]float64, n), left: math.Min(room.capacity(), plenty)}
	for i, s := range room.Statements {
		f.done[i], f.open[i] = float64(max(0, s.Votes)), float64(max(0, s.Open))
	}
	return f
}

func (f *flow) votes() []float64 { return append([]float64(nil), f.done...) }

// missing is how many whole votes a statement lacks; two thirds of a vote are as good as one
// (tried like extraPace: with a half, fewer of those that miss their target are named).
func (f *flow) missing(i int) int {
	s := f.room.Statements[i]
	if s.Meta {
		return 0
	}
	return max(0, s.Target-int(math.Floor(f.done[i]+1.0/3)))
}

func (f *flow) short() int {
	n := 0
	for i := range f.done {
		n += btoi(f.missing(i) > 0)
	}
	return n
}

// run spreads so many votes, in so many slices; in a quarter of that where there are
// so many statements that a screen would wait.
func (f *flow) run(votes float64, slices int) {
	if len(f.done) > 1000 {
		slices /= 4
	}
	for range slices {
		f.slice(votes / float64(slices))
	}
}

// slice spreads a few votes over what is below its target and, where not everybody is
// sent there or it can take no more, over the rest.
func (f *flow) slice(votes float64) {
	needs := 0.0
	for i := range f.done {
		needs += math.Min(f.need(i), f.open[i])
	}
	hurry := haste(f.left, needs)
	power := sharpness(hurry)
	for i, s := range f.room.Statements {
		f.pull[i] = raised(gap(f.need(i), float64(s.Target), f.open[i]), power)
	}
	rest := votes - f.spread(votes*towardsNeed(needs, float64(f.room.Active), hurry))
	for i := range f.pull {
		f.pull[i] = 0
		if f.need(i) == 0 {
			f.pull[i] = f.open[i]
		}
	}
	f.spread(rest)
	f.left = math.Max(0, f.left-votes)
}

func (f *flow) need(i int) float64 {
	s := f.room.Statements[i]
	if s.Meta {
		return 0
	}
	return math.Max(0, float64(s.Target)-f.done[i])
}

// spread gives votes to the statements in proportion to pull, to none more than there
// are people to vote on it, and says how many it could place.
func (f *flow) spread(votes float64) (placed float64) {
	sum := 0.0
	for i, p := range f.pull {
		if f.open[i] > 0 {
			sum += p
		}
	}
	if sum <= 0 || votes <= 0 { // what is left over may be below nothing by a rounding
		return 0
	}
	for i, p := range f.pull {
		part := math.Min(f.open[i], votes*p/sum)
		f.done[i] += part
		f.open[i] -= part
		placed += part
	}
	return placed
}
