package screen

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// The measures of the statements in rems.
const (
	wallStatementSize   = 1.45
	wallStatementLarge  = 2 // where there are few
	wallStatementTop    = 0.75
	wallStatementGap    = 3 // between the columns
	voteBar             = 0.7
	wallVoteBarAbove    = 0.5
	wallVoteBarBelow    = 0.3
	wallMostStatements  = 12 // on a page
	wallMostWithResults = 8
)

// statements draws the statements in two columns, with their votes where the room may
// see them: each whole, on as many pages as they need.
func (w *Wall) statements(p *wallPen, a wallArea) {
	if len(w.sheet.Statements) == 0 {
		p.empty(a, p.say("wall.no_statements"))
		return
	}
	most := wallMostStatements
	if w.sheet.Results {
		most = wallMostWithResults
	}
	var pages [][]wallEntry
	set := func(size float32) int {
		pages = wallPagesOf(w.entries(p, size, a), a.h, most)
		return len(pages)
	}
	if len(w.sheet.Statements) > most {
		set(wallStatementSize)
	} else {
		set(wallLargest(wallStatementLarge, wallStatementSize, func(size float32) bool { return set(size) == 1 }))
	}
	columns := wallInColumns(pages[p.turn(len(pages))])
	for i, column := range columns {
		x, y := a.x+float32(i)*(wallColumnWidth(p, a)+wallStatementGap*p.rem), a.y
		for _, entry := range column {
			p.fill(p.style.Colour(look.Line), wallArea{x, y, wallColumnWidth(p, a), 0.06 * p.rem})
			entry.draw(p, wallArea{x, y + wallStatementTop*p.rem, wallColumnWidth(p, a), entry.text.height})
			y += entry.height
		}
	}
}

func wallColumnWidth(p *wallPen, a wallArea) float32 { return (a.w - wallStatementGap*p.rem) / 2 }

// wallEntry is a statement as it stands in a column, or a part of one that is higher
// than a column.
type wallEntry struct {
	text   wallBlock
	tally  *readmodel.Tally // nil without the votes
	counts wallBlock
	height float32
}

// entries sets the statements at a size in rems, smaller where one alone is too high.
func (w *Wall) entries(p *wallPen, size float32, a wallArea) []wallEntry {
	var entries []wallEntry
	width := wallColumnWidth(p, a)
	for i := range w.sheet.Statements {
		s := &w.sheet.Statements[i]
		last := wallEntry{height: 2 * wallStatementTop * p.rem}
		if w.sheet.Results {
			last.tally = &s.Tally
			last.counts = p.set(wallTallySaid(p, s.Tally), 1, width, wallInk{role: look.Quiet})
			last.height += (wallVoteBarAbove+voteBar+wallVoteBarBelow)*p.rem + last.counts.height
		}
		parts := p.fit(wallStatementSaid(p, s), size, width, a.h-last.height, wallInk{bold: true}).cut(a.h - last.height)
		for _, part := range parts[:len(parts)-1] {
			entries = append(entries, wallEntry{text: part, height: part.height + 2*wallStatementTop*p.rem})
		}
		last.text = parts[len(parts)-1]
		last.height += last.text.height
		entries = append(entries, last)
	}
	return entries
}

func wallStatementSaid(p *wallPen, s *readmodel.WallStatement) wallSaid {
	said := wallSaid{text: look.Typeset(s.In(p.style.Lang))}
	if p.second != "" && s.In(p.second) != s.In(p.style.Lang) {
		said.beneath = look.Typeset(s.In(p.second))
	}
	return said
}

func wallTallySaid(p *wallPen, t readmodel.Tally) wallSaid {
	if t.Voted() == 0 {
		return p.say("results.none")
	}
	return p.say("results.counts", look.Args{"Agree": t.Agree, "Disagree": t.Disagree, "Pass": t.Pass})
}

// draw draws an entry from the top of its text.
func (e wallEntry) draw(p *wallPen, a wallArea) {
	p.put(e.text, fyne.TextAlignLeading, a)
	if e.tally == nil {
		return
	}
	y := a.y + e.text.height + wallVoteBarAbove*p.rem
	p.voteBar(*e.tally, wallArea{a.x, y, a.w, voteBar * p.rem})
	p.put(e.counts, fyne.TextAlignLeading, wallArea{a.x, y + (voteBar+wallVoteBarBelow)*p.rem, a.w, e.counts.height})
}

func (p *wallPen) voteBar(t readmodel.Tally, a wallArea) {
	x := a.x
	for i, n := range []int{t.Agree, t.Disagree, t.Pass} {
		if n > 0 {
			width := a.w * float32(n) / float32(t.Voted())
			p.fill(p.style.Colour([]look.Role{look.Agree, look.Disagree, look.Pass}[i]), wallArea{x, a.y, width, a.h})
			x += width
		}
	}
}

// wallPagesOf gives the entries that stand on each page, in two columns of a height.
func wallPagesOf(entries []wallEntry, height float32, most int) [][]wallEntry {
	var pages [][]wallEntry
	var used float32
	column := 2
	for _, entry := range entries {
		if column < 2 && used+entry.height > height {
			column, used = column+1, 0
		}
		if column == 2 || len(pages[len(pages)-1]) == most {
			pages, column, used = append(pages, nil), 0, 0
		}
		last := len(pages) - 1
		pages[last] = append(pages[last], entry)
		used += entry.height
	}
	return pages
}

// wallInColumns parts the entries of a page where the two columns come out most alike.
func wallInColumns(entries []wallEntry) [2][]wallEntry {
	high := func(entries []wallEntry) (height float32) {
		for _, entry := range entries {
			height += entry.height
		}
		return height
	}
	best := len(entries)
	for at := len(entries); at > 0; at-- {
		if max(high(entries[:at]), high(entries[at:])) <= max(high(entries[:best]), high(entries[best:])) {
			best = at
		}
	}
	return [2][]wallEntry{entries[:best], entries[best:]}
}
