package readmodel

import (
	"cmp"
	"slices"
)

// partition puts each person on the map into one class. Merged classes are told as one.
type partition struct {
	by     SortBy
	names  []Sentence
	merged []bool
	of     []int // class of View.onMap, in its order
}

func newPartition(by SortBy, names ...Sentence) partition {
	return partition{by: by, names: names, merged: make([]bool, len(names))}
}

// coarsen puts small classes together until no class, and no difference to the classes of
// those that are told already, has fewer than FewestInClass people. It says whether two
// classes are left.
func (p *partition) coarsen(told []partition) bool {
	if len(p.names) == 0 {
		return false
	}
	for class, people := range p.sizes() {
		p.merged[class] = people < FewestInClass
	}
	for len(p.named()) > MostClasses {
		p.mergeSmallest()
	}
	for len(p.shown()) > 1 {
		if others := p.others(); (others == 0 || others >= FewestInClass) && !slices.ContainsFunc(told, p.givesAway) {
			return true
		}
		p.mergeSmallest()
	}
	return false
}

func (p *partition) sizes() []int {
	sizes := make([]int, len(p.names))
	for _, class := range p.of {
		sizes[class]++
	}
	return sizes
}

// named gives the classes that are told apart, in their order.
func (p *partition) named() []int {
	var named []int
	for class, people := range p.sizes() {
		if people > 0 && !p.merged[class] {
			named = append(named, class)
		}
	}
	return named
}

// others counts the people of the classes that are told as one.
func (p *partition) others() int {
	n := 0
	for class, people := range p.sizes() {
		if p.merged[class] {
			n += people
		}
	}
	return n
}

// mergeSmallest puts the smallest named class, the last of those as small, to the others.
func (p *partition) mergeSmallest() {
	sizes, named := p.sizes(), p.named()
	slices.Reverse(named)
	p.merged[slices.MinFunc(named, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })] = true
}

// shown gives the classes as they are told.
func (p *partition) shown() []MapClass {
	var classes []MapClass
	sizes := p.sizes()
	for _, class := range p.named() {
		classes = append(classes, MapClass{Name: p.names[class], People: sizes[class]})
	}
	if n := p.others(); n > 0 {
		classes = append(classes, MapClass{Name: Sentence{ID: ClassOthers}, People: n, Others: true})
	}
	return classes
}

// places gives each person's place in shown.
func (p *partition) places() []int {
	place := make([]int, len(p.names))
	named := p.named()
	for class := range place {
		place[class] = len(named)
		if i := slices.Index(named, class); i >= 0 {
			place[class] = i
		}
	}
	of := make([]int, len(p.of))
	for i, class := range p.of {
		of[i] = place[class]
	}
	return of
}

// givesAway says whether some classes of p, taken together, are all but a few of the people
// of some classes of other, or the other way round: the few could then be worked out, and
// seen on the map. Going through all sets of p's classes is enough for both: what a set
// leaves of the classes that it touches is what its complement holds beyond whole ones.
func (p *partition) givesAway(other partition) bool {
	mine, theirs := p.places(), other.places()
	var people, all [MostClasses + 1]int
	var touches [MostClasses + 1]uint
	for i := range mine {
		people[mine[i]]++
		all[theirs[i]]++
		touches[mine[i]] |= 1 << theirs[i]
	}
	for set := uint(1); set < 1<<(MostClasses+1); set++ {
		inside, touched := 0, uint(0)
		for class := range people {
			if set&(1<<class) != 0 {
				inside, touched = inside+people[class], touched|touches[class]
			}
		}
		beyond := -inside
		for class := range all {
			if touched&(1<<class) != 0 {
				beyond += all[class]
			}
		}
		if beyond > 0 && beyond < FewestInClass {
			return true
		}
	}
	return false
}
