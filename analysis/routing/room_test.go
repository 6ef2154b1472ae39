package routing_test

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"

	"folkmoot/analysis/routing"
)

// setting is a room and a step to be played through.
type setting struct {
	people, statements int // statements at the beginning
	written            int // statements that are approved while the step runs
	minutes            float64
	seed               uint64
	more               float64 // minutes that the host adds when four fifths are over
}

// end is when the step ends, in seconds, as is known at a time.
func (s setting) end(now float64) float64 {
	if now >= 0.8*s.minutes*60 {
		return (s.minutes + s.more) * 60
	}
	return s.minutes * 60
}

// rule says what a person is asked: the places in the room's statements of those not
// voted on.
type rule struct {
	name  string
	order func(routing.Room, routing.Person, *rand.Rand) []int
	// everyVote says that a page gets a new order after each vote; otherwise only when a
	// statement was approved.
	everyVote bool
}

// played is a room in which time passes. Its clock counts seconds.
type played struct {
	setting
	rule    rule
	draw    *rand.Rand
	now     float64
	people  []*guest
	loads   [][2]float64
	seeds   []bool
	votes   []int
	cast    []float64 // when each vote was cast
	model   routing.Model
	queue   events
	checks  []check
	known   routing.Room // as worked out last
	knownAt float64
}

// guest is a person with a page.
type guest struct {
	lot     uint64
	reading float64 // seconds for a statement, the median
	most    int     // votes after which they stop
	patchy  bool    // the Wi-Fi lets an order through only now and then
	voted   map[int]bool
	current int // on screen, -1 for none
	held    []int
	heldAt  float64
	last    float64 // when they voted last, or came
	here    bool
}

// event is something that happens at a time: a guest comes (statement < 0), is done
// reading, or a statement is approved (guest nil).
type event struct {
	at    float64
	n     int // breaks ties
	guest *guest
	came  bool
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

// check is a forecast that was made while the step ran.
type check struct {
	at      float64 // share of the step gone by
	outlook routing.Outlook
}

// play lets a step pass. The people and the moments at which statements are approved
// are the same for every rule.
func play(s setting, r rule) *played {
	p := &played{setting: s, rule: r, draw: rand.New(rand.NewPCG(s.seed, 99)), model: routing.Model{Residual: 0.55, Variance: [2]float64{6, 3}}}
	world := rand.New(rand.NewPCG(s.seed, 1))
	for range s.statements + s.written {
		p.loads = append(p.loads, loading(world))
	}
	norm(p.loads)
	for i := range s.statements {
		p.add(i < min(18, s.statements/2))
	}
	for i := range s.people {
		p.invite(world, i)
	}
	for range s.written { // from a tenth of the step on to three quarters of it
		p.at((0.1+0.65*world.Float64())*s.minutes*60, nil, false)
	}
	checks := []float64{0.4, 0.6, 0.8}
	for p.queue.Len() > 0 && p.queue[0].at < s.end(p.queue[0].at) {
		e := heap.Pop(&p.queue).(event)
		for len(checks) > 0 && e.at >= checks[0]*s.minutes*60 {
			p.now = checks[0] * s.minutes * 60
			p.checks = append(p.checks, check{checks[0], routing.Forecast(p.room())})
			checks = checks[1:]
		}
		p.now = e.at
		p.happen(e)
	}
	p.now = s.end(p.now)
	return p
}

// loading draws what a statement says about two axes: many say little.
func loading(draw *rand.Rand) [2]float64 {
	strength := draw.ExpFloat64() + 0.1
	angle := 2 * math.Pi * draw.Float64()
	return [2]float64{strength * math.Cos(angle), strength * math.Sin(angle)}
}

// norm makes each axis as long as 1.
func norm(loads [][2]float64) {
	for axis := range 2 {
		sum := 0.0
		for _, l := range loads {
			sum += l[axis] * l[axis]
		}
		for i := range loads {
			loads[i][axis] /= math.Sqrt(sum)
		}
	}
}

func (p *played) add(seed bool) {
	p.seeds, p.votes = append(p.seeds, seed), append(p.votes, 0)
}

// invite brings a person: most are there at the beginning; one in six does only five,
// one in six stops at some time, one in ten has bad Wi-Fi.
func (p *played) invite(world *rand.Rand, i int) {
	g := &guest{lot: uint64(i)*7919 + 5, reading: 12 * math.Exp(0.35*world.NormFloat64()), most: math.MaxInt, voted: map[int]bool{}, current: -1}
	switch kind := world.IntN(6); kind {
	case 0:
		g.most = 5
	case 1:
		g.most = 8 + world.IntN(25)
	}
	g.patchy = world.IntN(10) == 0
	come := 40 * world.Float64()
	if world.IntN(10) == 0 {
		come = p.minutes * 60 * 0.5 * world.Float64()
	}
	p.people = append(p.people, g)
	p.at(come, g, true)
}

func (p *played) at(when float64, g *guest, came bool) {
	heap.Push(&p.queue, event{at: when, n: p.queue.Len() + int(when*1000), guest: g, came: came})
}

func (p *played) happen(e event) {
	switch g := e.guest; {
	case g == nil: // approved: every page asks for the state
		p.add(false)
		for _, other := range p.people {
			if other.here {
				p.fetch(other)
				if other.current < 0 && len(other.voted) < other.most {
					p.show(other)
				}
			}
		}
	case e.came:
		g.here, g.last = true, p.now
		p.fetch(g)
		p.show(g)
	default:
		p.vote(g)
	}
}

// vote is a tap. The page shows the next statement of the order that it holds; the
// answer to the vote then brings the order after that one.
func (p *played) vote(g *guest) {
	g.voted[g.current] = true
	p.votes[g.current]++
	p.cast = append(p.cast, p.now)
	g.last, g.current = p.now, -1
	if len(g.voted) >= g.most {
		return
	}
	p.show(g)
	if p.rule.everyVote {
		p.fetch(g)
	}
}

// show brings the next unanswered statement onto a page, as nextStatement does: those
// that the order omits come last.
func (p *played) show(g *guest) {
	next := slices.IndexFunc(g.held, func(i int) bool { return !g.voted[i] })
	if next >= 0 {
		g.current = g.held[next]
	} else {
		for i := range p.votes {
			if !g.voted[i] {
				g.current = i
				break
			}
		}
	}
	if g.current >= 0 {
		p.at(p.now+g.reading*math.Exp(0.4*p.draw.NormFloat64()), g, false)
	}
}

func (p *played) fetch(g *guest) {
	if g.patchy && g.held != nil && p.now-g.heldAt < 75 {
		return
	}
	person := routing.Person{Lot: g.lot}
	for i := range p.votes {
		if g.voted[i] {
			person.Voted = append(person.Voted, i)
		}
	}
	g.held, g.heldAt = p.rule.order(p.told(), person, p.draw), p.now
}

// active people voted or came within the last two minutes, and have something left.
func (p *played) active(g *guest) bool {
	return g.here && p.now-g.last < 120 && len(g.voted) < len(p.votes)
}

// told is what the desk knows: it counts once a second.
func (p *played) told() routing.Room {
	if p.known.Statements == nil || len(p.known.Statements) != len(p.votes) || p.now-p.knownAt >= 1 {
		p.known, p.knownAt = p.room(), p.now
	}
	return p.known
}

// room is what there is to know now.
func (p *played) room() routing.Room {
	r := routing.Room{Clock: true, Left: p.end(p.now) - p.now, Needed: 7, Model: p.model, Seed: 1, Statements: make([]routing.Statement, len(p.votes))}
	for i, votes := range p.votes {
		r.Statements[i] = routing.Statement{Lot: uint64(i), Votes: votes, Target: p.target(), Loading: p.loads[i], Seed: p.seeds[i]}
	}
	for _, g := range p.people {
		if !p.active(g) {
			continue
		}
		r.Active++
		for i := range p.votes {
			if !g.voted[i] {
				r.Statements[i].Open++
			}
		}
	}
	since := math.Min(p.now, 120)
	recent := 0
	for i := len(p.cast) - 1; i >= 0 && p.cast[i] > p.now-since; i-- {
		recent++
	}
	if since >= 30 {
		r.Pace = float64(recent) / since * 60
	}
	return r
}

// target is 15, or half of the people.
func (p *played) target() int { return min(15, (len(p.people)+1)/2) }

// reached gives the share of statements that have their target, and how many votes the
// others lack in all.
func (p *played) reached() (share float64, lacking int) {
	for _, votes := range p.votes {
		lacking += max(0, p.target()-votes)
		if votes >= p.target() {
			share += 1 / float64(len(p.votes))
		}
	}
	return share, lacking
}

// spread is the mean over the people of how uncertain their place is: the root of the
// mean variance along an axis.
func (p *played) spread() float64 {
	room, sum := p.room(), 0.0
	for _, g := range p.people {
		person := routing.Person{}
		for i := range p.votes {
			if g.voted[i] {
				person.Voted = append(person.Voted, i)
			}
		}
		sum += math.Sqrt(routing.SpreadOf(room, person).Trace() / 2)
	}
	return sum / float64(len(p.people))
}
