package readmodel

import (
	"cmp"
	"math/bits"
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

// coarsen puts small classes together, and then as many more as it must, until no class,
// and no difference to the classes of those that are told already, has fewer than
// FewestInClass people. It says whether two classes are left.
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
	named, set := p.named(), p.leastMerged(p.overlaps(told))
	for i, class := range named {
		p.merged[class] = p.merged[class] || set&(1<<i) != 0
	}
	return len(p.shown()) > 1
}

// leastMerged gives the smallest set of named classes that have to be merged too, of several
// the one with the fewest people, and of these the last classes; all where none will do.
func (p *partition) leastMerged(overlaps []overlap) (set int) {
	named, sizes, small := p.named(), p.sizes(), p.others()
	all := 1<<len(named) - 1
	for count := range len(named) {
		best, least := -1, len(p.of)+1
		for set := all; set >= 0; set-- {
			if bits.OnesCount(uint(set)) != count {
				continue
			}
			merged := small
			for i, class := range named {
				merged += sizes[class] * (set >> i & 1)
			}
			if merged > 0 && merged < FewestInClass || merged >= least {
				continue
			}
			if !slices.ContainsFunc(overlaps, func(c overlap) bool { return c.merged(set).givesAway() }) {
				best, least = set, merged
			}
		}
		if best >= 0 {
			return best
		}
	}
	return all
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

// overlap counts the people of each class of one way (the named ones, then the others) by
// their class of another.
type overlap [][]int

// overlaps gives how the classes lie across those of the ways that are told already.
func (p *partition) overlaps(told []partition) []overlap {
	mine, named := p.places(), len(p.named())
	var all []overlap
	for _, other := range told {
		theirs := other.places()
		c := make(overlap, named+1)
		for i := range c {
			c[i] = make([]int, MostClasses+1)
		}
		for i := range mine {
			c[mine[i]][theirs[i]]++
		}
		all = append(all, c)
	}
	return all
}

// merged gives the overlap with a set of the named classes among the others.
func (c overlap) merged(set int) overlap {
	others := slices.Clone(c[len(c)-1])
	var out overlap
	for i, row := range c[:len(c)-1] {
		if set&(1<<i) == 0 {
			out = append(out, row)
			continue
		}
		for k, n := range row {
			others[k] += n
		}
	}
	return append(out, others)
}

// givesAway says whether some classes of one way, taken together, are all but a few of the
// people of some classes of the other, or the other way round: the few could then be worked
// out, and seen on the map. Going through all sets of the one's classes is enough for both:
// what a set leaves of the classes that it touches is what its complement holds beyond
// whole ones.
func (c overlap) givesAway() bool {
	for set := 1; set < 1<<len(c); set++ {
		beyond := 0
		for k := range c[0] {
			inside, all := 0, 0
			for i, row := range c {
				all += row[k]
				if set&(1<<i) != 0 {
					inside += row[k]
				}
			}
			if inside > 0 {
				beyond += all - inside
			}
		}
		if beyond > 0 && beyond < FewestInClass {
			return true
		}
	}
	return false
}
