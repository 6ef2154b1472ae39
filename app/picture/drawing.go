package picture

import (
	"math"
	"slices"
	"strings"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// drawing is all that is painted, in a picture's units, from the lowest to the highest.
type drawing struct {
	hulls   []hull
	leaders []leader
	marks   []mark
	texts
}

// texts are the parts of a drawing that have a language.
type texts struct {
	pills []pill
	runs  []run
}

type hull struct {
	ink    ink
	points [][2]float64
}

type leader struct {
	ink          ink
	x, y, ax, ay float64
}

type mark struct {
	ink ink
	Spot
}

// pill is a label: a rectangle with round ends, and a text.
type pill struct {
	ink                      ink
	left, top, width, height float64
	run                      run
}

// Figures of type, in a picture's units.
const (
	labelSize  = 20.0
	labelSide  = 12.0 // beside a label's text
	labelTall  = 1.75 // how high a label is, in sizes of its text
	leastLabel = 11.0 // a text that had to be smaller is the letter alone
	smallSize  = 14.0
	smallLine  = 786.0 // on which the small texts stand
	smallSide  = 30.0
	topSize    = 20.0
	topLine    = 34.0 // on which the head stands
	headSize   = 30.0
	plainSize  = 22.0
	plainWidth = 640.0
	leaderWide = 1.6
)

// middle lifts a text so that letters and Chinese characters stand in the middle of
// a label, in sizes.
const middle = 0.365

func (p Picture) drawing() drawing {
	if p.Scene == nil {
		return drawing{texts: p.texts()}
	}
	var d drawing
	for _, h := range p.Scene.Hulls {
		points := make([][2]float64, len(h.Points))
		for i, at := range h.Points {
			points[i] = [2]float64{placeX(at[0]), placeY(at[1])}
		}
		d.hulls = append(d.hulls, hull{ink{letter: h.Group}, points})
	}
	for _, l := range p.Scene.Labels {
		d.leaders = append(d.leaders, leader{ink{letter: l.Group}, placeX(l.X), placeY(l.Y), placeX(l.AX), placeY(l.AY)})
	}
	d.marks, d.texts = p.marks(), p.texts()
	return d
}

func (p Picture) marks() []mark {
	size := sceneScale * markSize(len(p.Scene.Marks))
	marks := make([]mark, 0, len(p.Scene.Marks))
	for _, m := range p.Scene.Marks {
		marks = append(marks, mark{ink{letter: m.Group}, Spot{X: placeX(m.X), Y: placeY(m.Y), Radius: size * m.Radius(),
			Shape: ShapeOf(m.Group), Hollow: m.Between && ShapeOf(m.Group) != Ring, Soft: sceneScale * m.Spread}})
	}
	return marks
}

// markSize makes marks smaller where there are many, down to about half: a picture
// cannot be enlarged to tell them apart.
func markSize(marks int) float64 {
	return min(1, max(0.55, math.Sqrt(200/float64(max(1, marks)))))
}

func (p Picture) texts() texts {
	t := texts{runs: p.smallRuns()}
	if p.Head != "" {
		t.runs = append(t.runs, newRun(regular(), p.Head, topSize, smallSide, topLine, 0, ink{kind: quietInk}))
	}
	if p.Scene == nil {
		t.runs = append(p.missingRuns(), t.runs...)
		return t
	}
	for _, l := range p.Scene.Labels {
		t.pills = append(t.pills, p.pill(l))
	}
	if len(p.Scene.Hulls) == 0 {
		t.runs = append(t.runs, newRun(bold(), words.Text(p.Lang, "map.none", nil), labelSize, Width/2, sceneTop+44, 0.5, ink{kind: quietInk}))
	}
	return t
}

// pill puts a label where the scene has it, no larger than the room that the scene keeps.
func (p Picture) pill(l readmodel.Label) pill {
	text, size := words.Text(p.Lang, "map.label", map[string]any{"Letter": l.Group, "N": l.People}), labelSize
	room := sceneScale*readmodel.LabelWidth - 2*labelSide
	if wide := newRun(bold(), text, 1, 0, 0, 0, ink{}).width(); wide*size > room {
		size = room / wide
	}
	if size < leastLabel {
		text, size = l.Group, labelSize
	}
	x, y := placeX(l.X), placeY(l.Y)
	r := newRun(bold(), text, size, x, y+middle*size, 0.5, ink{kind: onGroupInk})
	width, height := r.width()+2*labelSide, size*labelTall
	return pill{ink: ink{letter: l.Group}, left: x - width/2, top: y - height/2, width: width, height: height, run: r}
}

// smallRuns gives the small lines at the bottom: what hollow and soft marks mean, and
// what made the map. Beside each other where they have room, else one above the other.
func (p Picture) smallRuns() []run {
	quiet := ink{kind: quietInk}
	var runs []run
	legend, size, line := p.legend(), smallSize, smallLine
	if p.Made != "" {
		made := newRun(regular(), p.Made, smallSize, Width-smallSide, smallLine, 1, quiet)
		if most := Width - 2*smallSide; made.width() > most {
			made = newRun(regular(), p.Made, smallSize*most/made.width(), Width-smallSide, smallLine, 1, quiet)
		}
		runs = append(runs, made)
		if legend != "" && newRun(regular(), legend, size, 0, 0, 0, quiet).width()+made.width()+4*smallSize > Width-2*smallSide {
			line -= 1.3 * smallSize
		}
	}
	if legend != "" {
		runs = append(runs, newRun(regular(), legend, size, smallSide, line, 0, quiet))
	}
	return runs
}

// legend says what hollow and soft marks mean, "" where there are none.
func (p Picture) legend() string {
	if p.Scene == nil {
		return ""
	}
	marks := p.marks()
	var said []string
	if slices.ContainsFunc(marks, func(m mark) bool { return m.Hollow }) {
		said = append(said, words.Text(p.Lang, "map.hollow", nil))
	}
	if slices.ContainsFunc(marks, func(m mark) bool { return m.soft() }) {
		said = append(said, words.Text(p.Lang, "map.soft", nil))
	}
	return strings.Join(said, " · ")
}

// missingRuns says in the middle that there is no map, and what it needs.
func (p Picture) missingRuns() []run {
	const head, gap = 1.6 * headSize, 1.5 * plainSize
	var lines []string
	for _, sentence := range p.Missing {
		lines = append(lines, breakLines(regular(), sentence, plainSize, plainWidth)...)
	}
	y := Height/2 - (head+gap*float64(len(lines)))/2 + headSize
	runs := []run{newRun(bold(), words.Text(p.Lang, "map.missing", nil), headSize, Width/2, y, 0.5, ink{kind: plainInk})}
	for i, line := range lines {
		runs = append(runs, newRun(regular(), line, plainSize, Width/2, y+head+gap*float64(i), 0.5, ink{kind: quietInk}))
	}
	return runs
}
