package seating

import (
	"slices"
	"strings"
)

// rules are the hard rules of the seated people, checked and brought to units.
type rules struct {
	people Roster
	lay    layout
	// units are the people (indices) that move as one; unitOf is the inverse.
	units  [][]int
	unitOf []int
	// lock is the table (from 0) of a locked unit, −1 otherwise.
	lock []int
	// apart lists for every unit those that may not share its table, ascending.
	apart [][]int
	// pairs are the pairs of people to be kept apart, lists the people to be kept
	// together, each sorted and without repeats.
	pairs [][2]int
	lists [][]int
	// clique is a set of people who are all to be apart, larger than the number of
	// tables; nil otherwise.
	clique []int
	// needs are merged by skill and sorted; can counts holders per unit and need.
	needs []Need
	can   [][]int
	// wanted is the table that each person is locked to, −1 for none; the first
	// lock counts.
	wanted []int
	// unmet are the rules known to be out of reach.
	unmet []Unmet
}

// newRules checks the rules of the options against the people who have a seat.
// unseated people are left out without a word: they are reported as such.
func newRules(people Roster, unseated []ParticipantID, lay layout, o Options) *rules {
	r := &rules{people: people, lay: lay}
	known := people.index()
	for _, id := range unseated {
		known[id] = -1
	}
	r.readLocks(known, o.Locks)
	r.readTogether(known, o.Together)
	r.joinUnits()
	r.limitLocks()
	r.splitUnpackable()
	r.readApart(known, o.Apart)
	r.readNeeds(o.Needs)
	return r
}

func (r *rules) refuse(u Unmet) { r.unmet = append(r.unmet, u) }

// ids names people by index, ascending.
func (r *rules) ids(people []int) []ParticipantID {
	out := make([]ParticipantID, len(people))
	for i, p := range people {
		out[i] = r.people[p].ID
	}
	slices.SortFunc(out, func(a, b ParticipantID) int { return strings.Compare(string(a), string(b)) })
	return out
}

// present turns ids into indices, ascending and once each, and refuses unknown ones.
func (r *rules) present(known map[ParticipantID]int, rule Rule, ids []ParticipantID) []int {
	var here []int
	var absent []ParticipantID
	for _, id := range ids {
		i, ok := known[id]
		if !ok {
			absent = append(absent, id)
		} else if i >= 0 {
			here = append(here, i)
		}
	}
	if absent != nil {
		r.refuse(Unmet{Rule: rule, Why: WhyAbsent, People: absent})
	}
	slices.Sort(here)
	return slices.Compact(here)
}

func (r *rules) readLocks(known map[ParticipantID]int, locks []Lock) {
	r.wanted = make([]int, len(r.people))
	for i := range r.wanted {
		r.wanted[i] = -1
	}
	ordered := slices.Clone(locks)
	slices.SortFunc(ordered, func(a, b Lock) int {
		if c := strings.Compare(string(a.Person), string(b.Person)); c != 0 {
			return c
		}
		return a.Table - b.Table
	})
	for _, lock := range slices.Compact(ordered) {
		for _, i := range r.present(known, RuleLock, []ParticipantID{lock.Person}) {
			who := []ParticipantID{lock.Person}
			switch {
			case lock.Table < 1 || lock.Table > r.lay.tables:
				r.refuse(Unmet{Rule: RuleLock, Why: WhyNoTable, People: who, Tables: []int{lock.Table}})
			case r.wanted[i] >= 0:
				r.refuse(Unmet{Rule: RuleLock, Why: WhyTwoLocks, People: who, Tables: []int{r.wanted[i] + 1, lock.Table}})
			default:
				r.wanted[i] = lock.Table - 1
			}
		}
	}
}

// readTogether joins lists that share people, by the smallest index in each.
func (r *rules) readTogether(known map[ParticipantID]int, lists [][]ParticipantID) {
	leader := make([]int, len(r.people))
	for i := range leader {
		leader[i] = i
	}
	find := func(i int) int {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	for _, list := range lists {
		here := r.present(known, RuleTogether, list)
		for _, i := range here {
			a, b := find(here[0]), find(i)
			leader[max(a, b)] = min(a, b)
		}
	}
	members := make([][]int, len(r.people))
	for i := range r.people {
		members[find(i)] = append(members[find(i)], i)
	}
	for _, list := range members {
		if len(list) > 1 {
			r.lists = append(r.lists, list)
		}
	}
}

// joinUnits makes one unit of each list, more where locks or the largest table
// forbid one, and one of everybody else.
func (r *rules) joinUnits() {
	alone := make([]bool, len(r.people))
	for i := range alone {
		alone[i] = true
	}
	for _, list := range r.lists {
		for _, i := range list {
			alone[i] = false
		}
		for _, part := range r.splitByLock(list) {
			if len(part) > r.lay.max {
				r.refuse(Unmet{Rule: RuleTogether, Why: WhyTooLong, People: r.ids(part), Have: len(part), Want: r.lay.max})
			}
			for chunk := range slices.Chunk(part, r.lay.max) {
				r.units = append(r.units, chunk)
			}
		}
	}
	for i := range r.people {
		if alone[i] {
			r.units = append(r.units, []int{i})
		}
	}
	slices.SortFunc(r.units, slices.Compare)
	r.indexUnits()
}

// splitByLock parts a list whose people are locked to different tables; who has no
// lock goes with the lowest table.
func (r *rules) splitByLock(list []int) [][]int {
	var tables []int
	for _, i := range list {
		if t := r.wanted[i]; t >= 0 {
			tables = append(tables, t)
		}
	}
	slices.Sort(tables)
	tables = slices.Compact(tables)
	if len(tables) < 2 {
		return [][]int{list}
	}
	parts := make([][]int, len(tables))
	for _, i := range list {
		k, _ := slices.BinarySearch(tables, r.wanted[i])
		parts[k] = append(parts[k], i)
	}
	for k := range tables {
		tables[k]++
	}
	r.refuse(Unmet{Rule: RuleTogether, Why: WhyTwoLocks, People: r.ids(list), Tables: tables})
	return parts
}

func (r *rules) indexUnits() {
	r.unitOf = make([]int, len(r.people))
	r.lock = make([]int, len(r.units))
	for u, members := range r.units {
		r.lock[u] = -1
		for _, i := range members {
			r.unitOf[i] = u
			r.lock[u] = max(r.lock[u], r.wanted[i])
		}
	}
}

// limitLocks lets go of locks to a table beyond its last seat.
func (r *rules) limitLocks() {
	taken := make([]int, r.lay.tables)
	over := make([][]int, r.lay.tables)
	locked := make([]int, r.lay.tables)
	for u, members := range r.units {
		t := r.lock[u]
		if t < 0 {
			continue
		}
		locked[t] += len(members)
		if taken[t]+len(members) > r.lay.max {
			r.lock[u] = -1
			over[t] = append(over[t], members...)
			continue
		}
		taken[t] += len(members)
	}
	for t, members := range over {
		if members != nil {
			r.refuse(Unmet{Rule: RuleLock, Why: WhyFull, People: r.ids(members), Tables: []int{t + 1}, Have: locked[t], Want: r.lay.max})
		}
	}
}

// splitUnpackable takes units apart that find no table even when they are seated
// first. The search may still bring their people together.
func (r *rules) splitUnpackable() {
	for {
		size := make([]int, len(r.units))
		for u, members := range r.units {
			size[u] = len(members)
		}
		_, failed := pack(size, r.lock, r.lay.tables, r.lay.max)
		if failed < 0 {
			return
		}
		members := r.units[failed]
		r.units = slices.Delete(r.units, failed, failed+1)
		locks := slices.Delete(r.lock, failed, failed+1)
		for _, i := range members {
			r.units = append(r.units, []int{i})
			locks = append(locks, -1)
		}
		// Units in order of their first person again, each with its lock.
		order := make([]int, len(r.units))
		for k := range order {
			order[k] = k
		}
		slices.SortFunc(order, func(a, b int) int { return slices.Compare(r.units[a], r.units[b]) })
		units := make([][]int, len(order))
		r.lock = make([]int, len(order))
		for k, from := range order {
			units[k], r.lock[k] = r.units[from], locks[from]
			for _, i := range units[k] {
				r.unitOf[i] = k
			}
		}
		r.units = units
	}
}

func (r *rules) readNeeds(needs []Need) {
	perTable := map[string]int{}
	for _, need := range needs {
		perTable[need.Skill] = max(perTable[need.Skill], need.PerTable)
	}
	for skill, k := range perTable {
		if k > 0 && r.lay.tables > 0 {
			r.needs = append(r.needs, Need{skill, k})
		}
	}
	slices.SortFunc(r.needs, func(a, b Need) int { return strings.Compare(a.Skill, b.Skill) })
	r.can = make([][]int, len(r.units))
	for u, members := range r.units {
		r.can[u] = make([]int, len(r.needs))
		for k, need := range r.needs {
			r.can[u][k] = r.holders(members, need.Skill)
		}
	}
}

// holders counts the people who have a skill.
func (r *rules) holders(people []int, skill string) int {
	n := 0
	for _, i := range people {
		if slices.Contains(r.people[i].Skills, skill) {
			n++
		}
	}
	return n
}
