package readmodel

import (
	"cmp"
	"math"
	"slices"

	"folkmoot/sync/moot"
)

// The unit square in which a Scene lies: x from 0 to 1, y from 0 (top) to 0.75.
const (
	SceneWidth  = 1.0
	SceneHeight = 0.75
)

// LabelWidth and LabelHeight are the room kept for a label, in the Scene's units:
// "A · 24 people" in type of a 45th of the width fits.
const (
	LabelWidth  = 0.17
	LabelHeight = 0.05
)

const (
	// The marks keep away from the edges, so that hulls fit and every label finds a
	// place above or below them.
	sideMargin = 0.06
	topMargin  = 0.11
	// hullRadius is how far a hull reaches beyond its marks, and how round it is.
	hullRadius = 0.022
	// samePlace: people of a group whose places fall into one cell of this size
	// share a mark.
	samePlace = 0.008
)

// Scene is the opinion map as it is painted, in the unit square (y downwards):
// computed once, painted everywhere the same. It names nobody.
type Scene struct {
	Marks  []Mark  `json:"marks"`
	Hulls  []Hull  `json:"hulls"`
	Labels []Label `json:"labels"`
}

// Mark stands for one person, or for several of one group at one place.
type Mark struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Group  string  `json:"group"` // letter, "" where no groups were found
	People int     `json:"people"`
	// Between says that the people here might as well be in a neighbouring group: the
	// mark is painted hollow.
	Between bool `json:"between,omitempty"`
	// Spread is how uncertain the place is, as the radius of a soft disc around the
	// mark; 0 where the place is sure enough to be painted as a mark alone.
	Spread float64 `json:"spread,omitempty"`
}

// Radius gives how large a mark is painted, in the Scene's units: its area grows
// with the number of people, to at most nine times that of one.
func (m Mark) Radius() float64 {
	return 0.0065 * math.Sqrt(math.Min(9, float64(m.People)))
}

// Hull is the soft outline of a group: a closed polygon, its corners rounded.
type Hull struct {
	Group  string       `json:"group"`
	Points [][2]float64 `json:"points"`
}

// Label names a group. It lies outside all hulls and covers no mark.
type Label struct {
	Group  string `json:"group"`
	People int    `json:"people"`
	// X and Y are the middle of the label, AX and AY where its leader ends: at the
	// group's hull.
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
	AX float64 `json:"ax"`
	AY float64 `json:"ay"`
}

// Place is where a person stands in the Scene.
type Place struct {
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Group string  `json:"group"`
	// Between and Spread are those of the Mark.
	Between bool    `json:"between,omitempty"`
	Spread  float64 `json:"spread,omitempty"`
}

// sceneOf paints the places: order fixes the sequence in which people are gone
// through, groupOf gives their letters ("" for none), doubts what is uncertain of them.
func sceneOf(order []moot.ParticipantID, at map[moot.ParticipantID]point, groupOf map[moot.ParticipantID]string, doubts map[moot.ParticipantID]doubt) (Scene, map[moot.ParticipantID]Place) {
	fit, scale := fitOf(order, at)
	places := make(map[moot.ParticipantID]Place, len(order))
	cells := map[cell][]Place{}
	for _, id := range order {
		p := fit(at[id])
		place := Place{X: round4(p.x), Y: round4(p.y), Group: groupOf[id], Between: doubts[id].between,
			Spread: round4(min(mostSpread, scale*doubts[id].spread))}
		places[id] = place
		c := cell{place.Group, place.Between, place.Spread > 0, int(math.Floor(place.X / samePlace)), int(math.Floor(place.Y / samePlace))}
		cells[c] = append(cells[c], place)
	}
	scene := Scene{Marks: marksOf(cells), Hulls: []Hull{}, Labels: []Label{}}
	for _, letter := range lettersOf(scene.Marks) {
		scene.Hulls = append(scene.Hulls, Hull{Group: letter, Points: hullOf(scene.Marks, letter)})
	}
	scene.Labels = placeLabels(scene.Marks, scene.Hulls)
	return scene, places
}

// doubt is what is uncertain of a person's place.
type doubt struct {
	between bool
	spread  float64 // in the units of opinion.Position; 0 for a place that is sure enough
}

// mostSpread is how large a soft disc is painted at most, in the Scene's units.
const mostSpread = 0.05

// cell is a place on a fine grid, apart for each group and for what is uncertain.
type cell struct {
	group           string
	between, spread bool
	x, y            int
}

// marksOf gives a mark a cell, in the middle of its people, from top to bottom.
func marksOf(cells map[cell][]Place) []Mark {
	marks := make([]Mark, 0, len(cells))
	for c, people := range cells {
		var x, y, spread float64
		for _, p := range people {
			x, y, spread = x+p.X, y+p.Y, spread+p.Spread
		}
		n := float64(len(people))
		marks = append(marks, Mark{X: round4(x / n), Y: round4(y / n), Group: c.group, People: len(people), Between: c.between, Spread: round4(spread / n)})
	}
	slices.SortFunc(marks, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X, b.X), cmp.Compare(a.Group, b.Group), cmp.Compare(a.People, b.People), cmp.Compare(btoi(a.Between), btoi(b.Between)), cmp.Compare(a.Spread, b.Spread))
	})
	return marks
}

// lettersOf gives the letters of the groups that have marks, ascending.
func lettersOf(marks []Mark) []string {
	var letters []string
	for _, m := range marks {
		if m.Group != "" {
			letters = append(letters, m.Group)
		}
	}
	slices.Sort(letters)
	return slices.Compact(letters)
}

// fitOf gives the map from the plane to the part of the unit square kept for marks:
// one scale for both axes, which it gives too, the bounding box in the middle, y turned
// downwards.
func fitOf(order []moot.ParticipantID, at map[moot.ParticipantID]point) (fit func(point) point, scale float64) {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, id := range order {
		p := at[id]
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	scale = min((SceneWidth-2*sideMargin)/(high.x-low.x), (SceneHeight-2*topMargin)/(high.y-low.y))
	if math.IsInf(scale, 0) || math.IsNaN(scale) {
		scale = 0
	}
	middle := point{(low.x + high.x) / 2, (low.y + high.y) / 2}
	return func(p point) point {
		return point{SceneWidth/2 + scale*(p.x-middle.x), SceneHeight/2 - scale*(p.y-middle.y)}
	}, scale
}

// round4 rounds to four digits: a tenth of a pixel on a wall of 1 000 pixels. It
// never gives a negative zero.
func round4(x float64) float64 { return math.Round(x*1e4)/1e4 + 0 }
