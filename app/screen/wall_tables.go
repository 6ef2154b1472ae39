package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// The measures of the tables in rems.
const (
	wallTableSize   = 1.4 // of the heading, in sizes of the people's text
	wallTableLeast  = 1.8
	wallCardGap     = 1
	wallCardTop     = 0.8
	wallCardSide    = 1.2
	wallCardHeading = 0.3
	wallSeatGap     = 1.4 // between the columns of people
	wallNumberGap   = 0.5
)

// tables draws who sits where, by number and animal, on as many pages as it takes.
func (w *Wall) tables(p *wallPen, a wallArea) {
	if len(w.sheet.Tables) == 0 {
		p.empty(a, p.say("wall.no_tables"))
		return
	}
	names := w.animals(p)
	var best wallCards
	for _, size := range wallSeatSizes {
		for _, columns := range []int{2, 1, 3, 4, 5} {
			if cards := w.cards(p, names, size, columns, a); cards.better(best) {
				best = cards
			}
		}
	}
	best.draw(p, a, p.turn(len(best.pages)))
}

// wallSeatSizes are the sizes of the people's text that are tried, in rems, the largest
// first: fewer pages go before larger text, since people wait for theirs.
var wallSeatSizes = []float32{2, 1.7, 1.5, 1.3, 1.2, 1.1, 1.05, 1}

// wallCards is the tables as cards of one width, several beside each other.
type wallCards struct {
	names         map[string]wallSaid // of the animals
	size          float32             // of the people, in rems
	columns       int                 // of people on a card
	fit           bool                // no card is wider than the wall
	number, name  float32             // the widths of the parts of a person
	width         float32             // of a card
	across        int
	pages         [][]wallRow
	heading, line float32
}

// wallRow is cards beside each other.
type wallRow struct {
	tables []readmodel.WallTable
	height float32
}

func (c wallCards) better(than wallCards) bool {
	return len(than.pages) == 0 || c.fit && (!than.fit || len(c.pages) < len(than.pages))
}

// cards lays the tables out with a size of text and a number of columns of people.
func (w *Wall) cards(p *wallPen, names map[string]wallSaid, size float32, columns int, a wallArea) wallCards {
	c := wallCards{names: names, size: size, columns: columns}
	longest := 0
	for _, table := range w.sheet.Tables {
		for _, seat := range table.People {
			longest = max(longest, seat.Number)
		}
	}
	c.heading = p.set(wallTableSaid(p, w.sheet.Tables[len(w.sheet.Tables)-1]), c.headingSize(), a.w, wallInk{bold: true}).height
	c.number = wallMeasured(strconv.Itoa(longest), size*p.rem, true).Width // all digits are equally wide
	for _, name := range names {
		c.name = max(c.name, p.nameOf(name, size).width())
	}
	c.line = wallMeasured("國", size*p.rem, true).Height
	c.width = float32(columns)*c.seat(p) + float32(columns-1)*wallSeatGap*p.rem + 2*wallCardSide*p.rem
	c.fit = c.width <= a.w
	c.across = max(1, min(len(w.sheet.Tables), int((a.w+wallCardGap*p.rem)/(c.width+wallCardGap*p.rem))))
	c.width = (a.w - float32(c.across-1)*wallCardGap*p.rem) / float32(c.across)
	c.pages = c.rows(p, c.whole(p, w.sheet.Tables, a), a)
	return c
}

func (c wallCards) headingSize() float32 { return max(wallTableLeast, wallTableSize*c.size) }

// seat is the width of a person.
func (c wallCards) seat(p *wallPen) float32 { return c.number + wallNumberGap*p.rem + c.name }

// height gives the height of a card with some people.
func (c wallCards) height(p *wallPen, people int) float32 {
	lines := (people + c.columns - 1) / c.columns
	return (2*wallCardTop+wallCardHeading)*p.rem + c.heading + float32(lines)*c.line
}

// whole parts a table that is higher than the wall into several cards.
func (c wallCards) whole(p *wallPen, tables []readmodel.WallTable, a wallArea) []readmodel.WallTable {
	lines := max(1, int((a.h-c.height(p, 0))/c.line))
	var parts []readmodel.WallTable
	for _, table := range tables {
		for len(table.People) > lines*c.columns {
			parts = append(parts, readmodel.WallTable{Number: table.Number, People: table.People[:lines*c.columns]})
			table.People = table.People[lines*c.columns:]
		}
		parts = append(parts, table)
	}
	return parts
}

// rows puts the cards in rows, and the rows on pages.
func (c wallCards) rows(p *wallPen, tables []readmodel.WallTable, a wallArea) [][]wallRow {
	pages := [][]wallRow{nil}
	var used float32
	for len(tables) > 0 {
		row := wallRow{tables: tables[:min(c.across, len(tables))]}
		tables = tables[len(row.tables):]
		for _, table := range row.tables {
			row.height = max(row.height, c.height(p, len(table.People)))
		}
		if used > 0 && used+row.height > a.h {
			pages, used = append(pages, nil), 0
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], row)
		used += row.height + wallCardGap*p.rem
	}
	return pages
}

func (c wallCards) draw(p *wallPen, a wallArea, page int) {
	y := a.y
	for _, row := range c.pages[page] {
		for i, table := range row.tables {
			c.card(p, table, wallArea{a.x + float32(i)*(c.width+wallCardGap*p.rem), y, c.width, row.height})
		}
		y += row.height + wallCardGap*p.rem
	}
}

// card draws a table; its people go down the columns by number.
func (c wallCards) card(p *wallPen, table readmodel.WallTable, a wallArea) {
	p.box(p.style.Colour(look.Card), nil, 0.6*p.rem, a)
	inner := wallArea{a.x + wallCardSide*p.rem, a.y + wallCardTop*p.rem, a.w - 2*wallCardSide*p.rem, 0}
	p.put(p.set(wallTableSaid(p, table), c.headingSize(), inner.w, wallInk{bold: true, role: look.Action}), fyne.TextAlignLeading, inner)
	top := inner.y + c.heading + wallCardHeading*p.rem
	across := (inner.w + wallSeatGap*p.rem) / float32(c.columns)
	lines := (len(table.People) + c.columns - 1) / c.columns
	for i, seat := range table.People {
		x, y := inner.x+float32(i/lines)*across, top+float32(i%lines)*c.line
		number := p.single(strconv.Itoa(seat.Number), c.size, wallInk{bold: true})
		p.put(number, fyne.TextAlignTrailing, wallArea{x, y, c.number, c.line})
		p.nameOf(c.names[seat.Word], c.size).put(p, x+c.number+wallNumberGap*p.rem, y, c.line)
	}
}

func wallTableSaid(p *wallPen, table readmodel.WallTable) wallSaid {
	return p.say("table.number", look.Args{"N": table.Number})
}

// wallName is the animal of a person, and its name in the other language beside it.
type wallName struct{ name, other wallBlock }

// animals gives the names of the animals at the tables, by their word.
func (w *Wall) animals(p *wallPen) map[string]wallSaid {
	names := map[string]wallSaid{}
	for _, table := range w.sheet.Tables {
		for _, seat := range table.People {
			if _, known := names[seat.Word]; known {
				continue
			}
			name := wallSaid{text: words.Animal(p.style.Lang, seat.Word)}
			if p.second != "" {
				name.beneath = words.Animal(p.second, seat.Word)
			}
			names[seat.Word] = name
		}
	}
	return names
}

func (p *wallPen) nameOf(said wallSaid, size float32) wallName {
	n := wallName{name: p.single(said.text, size, wallInk{})}
	if said.beneath != "" {
		n.other = p.single(said.beneath, 1, wallInk{role: look.Quiet})
	}
	return n
}

func (n wallName) gap() float32 { return 0.3 * n.name.height }

func (n wallName) width() float32 {
	if len(n.other.lines) == 0 {
		return n.name.width
	}
	return n.name.width + n.gap() + n.other.width
}

func (n wallName) put(p *wallPen, x, y, line float32) {
	p.put(n.name, fyne.TextAlignLeading, wallArea{x, y, n.name.width, line})
	p.put(n.other, fyne.TextAlignLeading, wallArea{x + n.name.width + n.gap(), y + (line - n.other.height), n.other.width, line})
}
