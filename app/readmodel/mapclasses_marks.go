package readmodel

import (
	"cmp"
	"slices"
)

// besides is how far from each other marks of several classes at one place are put.
const besides = 0.0115

// classMarks splits the Scene's marks by class. Several at one place stand side by side.
func (v *View) classMarks(p partition) []ClassMark {
	classes := p.places()
	at, free := map[spotCell][]int{}, make([]int, len(v.Scene.Marks))
	for i, m := range v.Scene.Marks {
		free[i] = m.People
		at[cellOf(m.Group, m.X, m.Y)] = append(at[cellOf(m.Group, m.X, m.Y)], i)
	}
	parts := make([]map[int]int, len(v.Scene.Marks))
	for i, id := range v.onMap {
		mark := v.markOf(at, free, v.places[id])
		free[mark]--
		if parts[mark] == nil {
			parts[mark] = map[int]int{}
		}
		parts[mark][classes[i]]++
	}
	marks := make([]ClassMark, 0, len(parts))
	for i, people := range parts {
		left := -besides * float64(len(people)-1) / 2
		for class := range MostClasses + 1 {
			if n := people[class]; n > 0 {
				m := v.Scene.Marks[i]
				m.People, m.X = n, round4(m.X+left)
				marks, left = append(marks, ClassMark{m, class}), left+besides
			}
		}
	}
	return marks
}

// spotCell is a cell of the grid in which people of a group share marks.
type spotCell struct {
	group string
	x, y  int
}

func cellOf(group string, x, y float64) spotCell {
	return spotCell{group, int(x / samePlace), int(y / samePlace)}
}

// markOf finds the mark in which a person is painted: that of their cell, else the nearest
// of their group; of several one that is not full, and hollow as they are.
func (v *View) markOf(at map[spotCell][]int, free []int, place Place) int {
	marks := v.Scene.Marks
	near := at[cellOf(place.Group, place.X, place.Y)]
	if len(near) == 0 {
		for i := range marks {
			near = append(near, i)
		}
	}
	far := func(i int) float64 {
		m := marks[i]
		x, y := m.X-place.X, m.Y-place.Y
		return x*x + y*y + 4*float64(btoi(m.Group != place.Group)) + float64(btoi(m.Between != place.Between || (m.Spread > 0) != (place.Spread > 0)))*samePlace + 2*float64(btoi(free[i] <= 0))
	}
	return slices.MinFunc(near, func(a, b int) int { return cmp.Compare(far(a), far(b)) })
}
