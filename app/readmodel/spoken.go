package readmodel

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"folkmoot/assets/words"
)

// Keys of the catalogue for the map in words.
const (
	SayMissing = "map.missing"     // there is no map; no full stop
	SayPlain   = "map.say_plain"   // N people, no distinct groups
	SayGroups  = "map.say_groups"  // N people in Groups groups
	SayLargest = "map.say_largest" // group Letter is the largest, with N people
	SayFar     = "map.say_far"     // groups First and Second are furthest apart
)

// Spoken says the map in a few sentences, for those who cannot see it: how many people
// and groups, the largest, and which two of three or more are furthest apart. Where there
// is no map the first is SayMissing, and what is missing follows.
func (m *MapForRoom) Spoken() []Sentence {
	if m == nil || m.Scene == nil {
		said := []Sentence{{ID: SayMissing}}
		if m != nil {
			said = append(said, m.Missing...)
		}
		return said
	}
	people := map[string]int{}
	all := 0
	for _, mark := range m.Scene.Marks {
		people[mark.Group] += mark.People
		all += mark.People
	}
	letters := lettersOf(m.Scene.Marks)
	if !m.GroupsFound || len(letters) == 0 {
		return []Sentence{counted(SayPlain, all)}
	}
	first := counted(SayGroups, all)
	first.Args["Groups"] = strconv.Itoa(len(letters))
	said := []Sentence{first}
	if letter, ok := largest(letters, people); ok {
		one := counted(SayLargest, people[letter])
		one.Args["Letter"] = letter
		said = append(said, one)
	}
	if len(letters) >= 3 {
		a, b := furthest(m.Scene.Marks, letters)
		said = append(said, Sentence{ID: SayFar, Args: map[string]string{"First": a, "Second": b}})
	}
	return said
}

// counted is a sentence about N people, written as people read numbers.
func counted(id string, n int) Sentence {
	return Sentence{ID: id, Args: map[string]string{"N": words.Number(n)}}
}

// largest gives the group with the most people, false where two have as many.
func largest(letters []string, people map[string]int) (letter string, ok bool) {
	bySize := slices.SortedStableFunc(slices.Values(letters), func(a, b string) int { return cmp.Compare(people[b], people[a]) })
	return bySize[0], len(bySize) == 1 || people[bySize[0]] > people[bySize[1]]
}

// furthest gives the two groups whose middles lie furthest apart.
func furthest(marks []Mark, letters []string) (first, second string) {
	most := -1.0
	for i, a := range letters {
		for _, b := range letters[i+1:] {
			p, q := middleOf(marks, a), middleOf(marks, b)
			if far := math.Hypot(p.x-q.x, p.y-q.y); far > most {
				most, first, second = far, a, b
			}
		}
	}
	return first, second
}

// middleOf gives where the people of a group stand on average.
func middleOf(marks []Mark, group string) point {
	var sum point
	people := 0.0
	for _, m := range marks {
		if m.Group == group {
			n := float64(m.People)
			sum, people = point{sum.x + n*m.X, sum.y + n*m.Y}, people+n
		}
	}
	return point{sum.x / max(1, people), sum.y / max(1, people)}
}
