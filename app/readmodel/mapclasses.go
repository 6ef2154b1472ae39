package readmodel

import (
	"strconv"

	"folkmoot/sync/moot"
)

// SortBy is by what the people on the map are told apart, beside their opinion group.
type SortBy string

// What people are told apart by.
const (
	BySource SortBy = "source" // of the room, or imported
	ByTable  SortBy = "table"  // of the newest plan
	ByAnswer SortBy = "answer" // the band of their answer to the 0–5 question
)

// FewestInClass is the number of people below which a class is not told apart: it is
// among the others. MostClasses is how many are, the others not counted.
const (
	FewestInClass = FewestForWhy
	MostClasses   = 8
)

// Keys of the catalogue for the classes.
const (
	ClassRoom       = "class.room"
	ClassImported   = "class.imported"
	ClassTable      = "class.table" // table N
	ClassNoTable    = "class.no_table"
	ClassLow        = "class.low"
	ClassMiddle     = "class.middle"
	ClassHigh       = "class.high"
	ClassUnanswered = "class.unanswered"
	ClassOthers     = "class.others"
)

// Sorting is the people on the map told apart by something that is known of them. It is
// for the facilitator's own screen alone: it names nobody, and yet no class of people
// belongs on a wall, a phone or in a report.
type Sorting struct {
	By SortBy
	// Classes are at least two, each of at least FewestInClass people; the others, where
	// there are any, are the last.
	Classes []MapClass
	// Marks are those of the Scene, one for each class that stands there.
	Marks []ClassMark
}

// MapClass is a class of people on the map.
type MapClass struct {
	// Name is what it is called, and tells it from the others.
	Name   Sentence
	People int
	// Others says that these are several small classes together.
	Others bool
}

// ClassMark is a mark of people of one class.
type ClassMark struct {
	Mark
	Class int // place in Sorting.Classes
}

// Sortings gives the ways to tell the people on the map apart that give nobody away: none
// has a class of fewer than FewestInClass people, and neither one class taken from others
// nor those of two ways taken from each other leave so few. record is the newest; its
// plans and answers count. Empty where there is no map, or nothing to tell apart.
func (v *View) Sortings(record *moot.View) []Sorting {
	if v == nil || v.Scene == nil {
		return nil
	}
	var told []partition
	for _, p := range []partition{v.bySource(), v.byTable(record), v.byAnswer(record)} {
		if p.coarsen(told) {
			told = append(told, p)
		}
	}
	sortings := make([]Sorting, len(told))
	for i, p := range told {
		sortings[i] = Sorting{By: p.by, Classes: p.shown(), Marks: v.classMarks(p)}
	}
	return sortings
}

func (v *View) bySource() partition {
	p := newPartition(BySource, Sentence{ID: ClassRoom}, Sentence{ID: ClassImported})
	for _, id := range v.onMap {
		class := 1
		if v.Record.Person(id).Here() {
			class = 0
		}
		p.of = append(p.of, class)
	}
	return p
}

func (v *View) byTable(record *moot.View) partition {
	plan := NewestPlan(record)
	if plan == nil {
		return newPartition(ByTable)
	}
	names := []Sentence{}
	for i := range plan.Tables {
		names = append(names, Sentence{ID: ClassTable, Args: map[string]string{"N": strconv.Itoa(i + 1)}})
	}
	p := newPartition(ByTable, append(names, Sentence{ID: ClassNoTable})...)
	for _, id := range v.onMap {
		class := len(plan.Tables)
		if table := plan.Table(id); table > 0 {
			class = table - 1
		}
		p.of = append(p.of, class)
	}
	return p
}

// byAnswer tells nothing until the host shows results: until then people were promised that
// nobody sees how the answers spread.
func (v *View) byAnswer(record *moot.View) partition {
	if record.Session.Get(moot.Question) == "" || !record.Session.On(moot.ShowResult) {
		return newPartition(ByAnswer)
	}
	p := newPartition(ByAnswer, Sentence{ID: ClassLow}, Sentence{ID: ClassMiddle}, Sentence{ID: ClassHigh}, Sentence{ID: ClassUnanswered})
	places := map[string]int{BandLow: 0, BandMiddle: 1, BandHigh: 2}
	for _, id := range v.onMap {
		class := 3
		if person := record.Person(id); person != nil {
			if answer, ok := person.Answer(moot.FirstQuestion); ok {
				class = places[Band(answer.Value)]
			}
		}
		p.of = append(p.of, class)
	}
	return p
}
