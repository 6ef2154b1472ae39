package screen

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

// mapSort lets the facilitator colour the marks by something else than their group, and
// look at one class of people alone. Which classes may be told readmodel decides.
type mapSort struct {
	// Who opens and closes the choice. Ways choose by what the marks are coloured, "" by
	// group; Classes choose one class of people, Everyone all.
	Who      *look.Button
	Ways     map[readmodel.SortBy]*look.Button
	Classes  []*look.Button
	Everyone *look.Button

	of     *OpinionMap
	ways   []readmodel.Sorting
	by     readmodel.SortBy // "" for the groups
	name   readmodel.Sentence
	only   int // place of the class called name, -1 for everybody
	open   bool
	drawn  sortDrawn
	object *fyne.Container // above the map
	legend *fyne.Container // above the findings: it may need several lines
}

// sortDrawn is what stands there: two that are equal look alike.
type sortDrawn struct {
	ways    []readmodel.SortBy
	by      readmodel.SortBy
	only    int
	open    bool
	classes []readmodel.MapClass
}

var sortNames = map[readmodel.SortBy]string{"": "desk.sort_groups", readmodel.BySource: "desk.sort_source", readmodel.ByTable: "desk.sort_table", readmodel.ByAnswer: "desk.sort_answer"}

func (o *mapSort) make(v *OpinionMap) {
	s := v.style
	o.of, o.only, o.object, o.legend = v, -1, look.Column(2*look.Gap), look.Column(3*look.Gap)
	o.object.Hide()
	o.legend.Hide()
	o.Ways = map[readmodel.SortBy]*look.Button{}
	o.Who = look.NewButton(s, "", look.Choice, o.Toggle)
	for by, key := range sortNames {
		o.Ways[by] = look.NewButton(s, s.Say(key), look.Choice, func() { o.choose(by) })
	}
	o.Everyone = look.NewButton(s, s.Say("desk.sort_all"), look.Choice, func() { o.filter(-1) })
}

// Toggle opens and closes the choice, where there is one.
func (o *mapSort) Toggle() {
	if o.of.sheet != nil && o.offered() && !o.of.asTable() {
		o.open = !o.open
		o.of.fill()
	}
}

func (o *mapSort) take(other *mapSort) {
	o.by, o.name, o.open = other.by, other.name, other.open
	if other.only >= 0 {
		o.only = other.only // offer looks for its name
	}
}

// offer takes the ways there are now. What was chosen stays as long as it may.
func (o *mapSort) offer(ways []readmodel.Sorting) {
	if !reflect.DeepEqual(ways, o.ways) {
		o.ways = ways
	}
	way := o.chosen()
	if way == nil {
		o.by, o.only = "", -1
		return
	}
	if o.only >= 0 {
		o.only = slices.IndexFunc(way.Classes, func(c readmodel.MapClass) bool { return reflect.DeepEqual(c.Name, o.name) })
	}
}

// offered says whether there is anything to choose.
func (o *mapSort) offered() bool { return len(o.ways) > 0 && !o.of.Replay.replaying() }

// chosen gives the way that was chosen, nil for the groups.
func (o *mapSort) chosen() *readmodel.Sorting {
	if i := slices.IndexFunc(o.ways, func(w readmodel.Sorting) bool { return w.By == o.by }); i >= 0 {
		return &o.ways[i]
	}
	return nil
}

// current gives the way by which the map is coloured just now: the past is coloured by its
// groups.
func (o *mapSort) current() *readmodel.Sorting {
	if !o.offered() {
		return nil
	}
	return o.chosen()
}

func (o *mapSort) choose(by readmodel.SortBy) {
	o.by, o.only = by, -1
	o.of.fill()
}

// filter lets a class stand out; chosen again all do.
func (o *mapSort) filter(class int) {
	if class == o.only {
		class = -1
	}
	o.only = class
	if class >= 0 {
		o.name = o.chosen().Classes[class].Name
	}
	o.of.fill()
}

// fill says whether it changed anything.
func (o *mapSort) fill() bool {
	now := sortDrawn{by: o.by, only: o.only, open: o.open}
	if way := o.current(); way != nil && !o.of.asTable() {
		now.classes = way.Classes
	}
	for _, way := range o.ways {
		now.ways = append(now.ways, way.By)
	}
	if !o.offered() || o.of.asTable() {
		now = sortDrawn{}
	}
	if reflect.DeepEqual(now, o.drawn) {
		return false
	}
	if now.by != o.drawn.by {
		look.ScrollTop(o.of.scroll)
	}
	o.drawn = now
	o.object.Objects, o.legend.Objects = nil, nil
	if now.open {
		o.object.Add(o.wayRow(now))
	}
	if now.classes != nil {
		o.fillLegend(now)
	}
	o.object.Hidden, o.legend.Hidden = len(o.object.Objects) == 0, len(o.legend.Objects) == 0
	o.Who.Choose(now.open || now.by != "")
	return true
}

func (o *mapSort) wayRow(now sortDrawn) fyne.CanvasObject {
	s := o.of.style
	row := look.Wrap(2*look.Gap, look.NewText(s, s.Say("desk.sort_by"), look.TextOptions{Role: look.Quiet, Single: true}))
	for _, by := range append([]readmodel.SortBy{""}, now.ways...) {
		o.Ways[by].Choose(by == now.by)
		row.Add(o.Ways[by])
	}
	return row
}

// fillLegend says what the colours are; a class that is pressed stands out alone.
func (o *mapSort) fillLegend(now sortDrawn) {
	s, way := o.of.style, o.chosen()
	heading := s.Say("desk.sort_by_what", look.Args{"What": s.Say(sortNames[way.By])})
	row := look.Wrap(2*look.Gap, o.Everyone)
	o.Everyone.Choose(now.only < 0)
	o.Classes = nil
	for i, class := range now.classes {
		name := s.Say("desk.sort_class", look.Args{"Name": mapSay(s, class.Name), "N": class.People})
		button := look.NewButton(s, name, look.Choice, func() { o.filter(i) })
		button.Choose(i == now.only)
		o.Classes = append(o.Classes, button)
		row.Add(look.Row(1.5*look.Gap, -1, look.Sized(fyne.NewSize(13, 13), canvas.NewCircle(mapview.ClassColour(s, way, i))), button))
	}
	o.legend.Objects = []fyne.CanvasObject{look.NewText(s, heading, look.TextOptions{Size: look.Strong, Bold: true}), row,
		look.NewText(s, s.Say("desk.sort_note", look.Args{"Least": readmodel.FewestInClass}), look.TextOptions{Role: look.Quiet, Size: look.Small}), look.NewRule(s)}
}
