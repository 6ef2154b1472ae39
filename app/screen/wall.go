package screen

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// ReadBoth is the reading of a wall in the room's language with the other beneath.
const ReadBoth = "both"

// wallPageTime is how long a page is shown, in milliseconds, where not everything fits on one.
const wallPageTime = 15_000

// Wall is what the room looks at, on the projector or as the desk's thumbnail: all its
// sizes are shares of its own. It is always dark. It shows what fits whole and goes on to
// another page with the rest; the page follows from the time, so that every wall of a
// session turns alike. It needs a Present a second to move its clock.
type Wall struct {
	widget.BaseWidget

	lang, reading string
	sheet         *readmodel.WallSheet // nil before the first Present
	now           uint64

	// What was drawn, and for what.
	size    fyne.Size
	objects []fyne.CanvasObject
	ticking wallClock
	pages   int
	page    int

	// Kept from one drawing to the next.
	opinions *mapview.Map
	mapLang  string
	scene    *readmodel.Scene
	qr, own  *canvas.Image
	qrLink   string
	ownLink  string
}

// NewWall makes a Wall; lang is its language where the session says none.
func NewWall(lang string) *Wall {
	w := &Wall{lang: lang}
	w.ExtendBaseWidget(w)
	return w
}

// SetReading sets the language of the wall: "" for the room's, zh-Hant, en, or ReadBoth.
func (w *Wall) SetReading(lang string) {
	if w.reading != lang {
		w.reading = lang
		w.Refresh()
	}
}

// Present shows a sheet; now is in milliseconds since 1970. Where only the time differs
// from what is shown, only the clock moves.
func (w *Wall) Present(sheet *readmodel.WallSheet, now uint64) {
	kept := wallSteady(sheet)
	same := w.sheet != nil && reflect.DeepEqual(kept, *w.sheet)
	w.now = now
	if !same {
		w.sheet = &kept
		w.Refresh()
		return
	}
	if w.pages > 1 && w.turned() != w.page || !w.ticking.tell(w.sheet.Step, now) {
		w.Refresh()
	}
}

// turned gives the page that it is time for.
func (w *Wall) turned() int { return int(w.now / wallPageTime % uint64(max(1, w.pages))) }

// wallSteady gives a sheet without what changes with the time and is not on the wall. What
// it points to belongs to the sheet, which is never changed after it is given.
func wallSteady(sheet *readmodel.WallSheet) readmodel.WallSheet {
	kept := *sheet
	if kept.Step != nil {
		step := *kept.Step
		step.Undo = false
		kept.Step = &step
	}
	kept.Venue.Seen = 0
	return kept
}

// languages gives the language to write in and the one beneath, "" for none.
func (w *Wall) languages() (first, second string) {
	first = w.lang
	if w.sheet != nil && (w.sheet.Language == words.Chinese || w.sheet.Language == words.English) {
		first = w.sheet.Language
	}
	switch w.reading {
	case "":
		return first, ""
	case ReadBoth:
		if first == words.Chinese {
			return first, words.English
		}
		return first, words.Chinese
	}
	return w.reading, ""
}

// wallMostDrafts bounds the drafts of one drawing: the first finds how many pages there are,
// the second has room for their number, the third has the pages of that room.
const wallMostDrafts = 4

// draw draws everything anew.
func (w *Wall) draw(size fyne.Size) {
	w.size = size
	var pen *wallPen
	w.pages = 1
	for range wallMostDrafts {
		pen = w.newPen(size, pen)
		w.compose(pen)
		if pen.pages == w.pages {
			break
		}
		w.pages = pen.pages
	}
	w.page = w.turned()
	w.objects, w.ticking = pen.objects, pen.ticking
}

func (w *Wall) newPen(size fyne.Size, before *wallPen) *wallPen {
	first, second := w.languages()
	return &wallPen{
		style: look.Style{Lang: first, Dark: true}, second: second, size: size, rem: min(size.Height/wallLines, size.Width/wallLeast),
		page: w.turned(), pages: 1, numbered: before != nil && (before.numbered || before.pages > 1),
	}
}

// compose draws one draft.
func (w *Wall) compose(p *wallPen) {
	if w.sheet == nil || w.sheet.Mode == "black" {
		p.fill(wallBlack, wallArea{w: p.size.Width, h: p.size.Height})
		return
	}
	p.fill(p.style.Colour(look.Paper), wallArea{w: p.size.Width, h: p.size.Height})
	body := w.frame(p)
	switch w.sheet.Mode {
	case "rules":
		w.rules(p, body)
	case "clock":
		w.clock(p, body)
	case "statements":
		w.statements(p, body)
	case "map":
		w.opinionMap(p, body)
	case "tables":
		w.tables(p, body)
	default:
		w.join(p, body)
	}
	if w.sheet.Rehearsal {
		p.edge()
	}
}

// MinSize is Fyne's: a wall is as large as it is made.
func (w *Wall) MinSize() fyne.Size { return fyne.NewSize(16, 9) }

// CreateRenderer is Fyne's.
func (w *Wall) CreateRenderer() fyne.WidgetRenderer {
	w.draw(w.Size())
	return &wallRenderer{w}
}

type wallRenderer struct{ wall *Wall }

func (r *wallRenderer) Layout(size fyne.Size) {
	if size != r.wall.size {
		r.wall.draw(size)
	}
}

func (r *wallRenderer) Refresh() {
	r.wall.draw(r.wall.Size())
	canvas.Refresh(r.wall)
}

func (r *wallRenderer) MinSize() fyne.Size           { return r.wall.MinSize() }
func (r *wallRenderer) Objects() []fyne.CanvasObject { return r.wall.objects }
func (r *wallRenderer) Destroy()                     {}
