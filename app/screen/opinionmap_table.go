package screen

import (
	"image/color"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// fillGrid shows the map as a table where that is wanted, and says whether it changed
// anything.
func (v *OpinionMap) fillGrid() bool {
	shown := v.asTable()
	changed := v.gridScroll.Hidden == shown
	v.gridScroll.Hidden = !shown
	if !shown || reflect.DeepEqual(v.gridOf, v.table) {
		return changed
	}
	v.gridOf = v.table
	v.grid.Objects = nil
	v.grid.Add(v.gridSpoken())
	for _, group := range v.table.Groups {
		if group.Letter != "" {
			v.grid.Add(look.NewRule(v.style))
			v.grid.Add(v.gridGroup(group))
		}
	}
	v.grid.Add(look.NewRule(v.style))
	v.grid.Add(look.NewText(v.style, v.style.Say("desk.map_votes_by_group"), look.TextOptions{Size: look.Strong, Bold: true}))
	for _, statement := range v.table.Statements {
		v.grid.Add(v.gridStatement(statement))
	}
	return true
}

// gridSpoken gives the map in a few sentences, a line each.
func (v *OpinionMap) gridSpoken() fyne.CanvasObject {
	lines := look.Column(look.Gap)
	for _, said := range mapSentences(v.style, v.sheet) {
		lines.Add(look.NewText(v.style, said, look.TextOptions{Size: look.Strong}))
	}
	return lines
}

// gridGroup says who a group is, and what sets it apart most.
func (v *OpinionMap) gridGroup(group readmodel.TableGroup) fyne.CanvasObject {
	s := v.style
	block := look.Column(look.Gap, look.Row(2*look.Gap, 1, mapview.NewMark(s, group.Letter, 18),
		look.NewText(s, mapGroupLine(s, group.Letter, group.People, group.Stability), look.TextOptions{Bold: true})))
	statement := (*readmodel.SheetStatement)(nil)
	if group.Strongest != nil {
		statement = v.sheet.Statement(group.Strongest.ID)
	}
	switch {
	case group.Hidden:
		block.Add(look.NewText(s, s.Say("desk.map_withheld", look.Args{"Least": readmodel.FewestForWhy}), look.TextOptions{Role: look.Quiet}))
	case statement == nil:
		block.Add(look.NewText(s, s.Say("desk.map_apart_none"), look.TextOptions{Role: look.Quiet}))
	default:
		block.Add(look.NewText(s, s.Say("desk.map_col_strongest"), look.TextOptions{Role: look.Quiet, Size: look.Small}))
		block.Add(look.NewText(s, statement.Text, look.TextOptions{}))
		block.Add(look.NewText(s, mapApart(s, group.Letter, *group.Strongest), look.TextOptions{Role: look.Quiet, Size: look.Body - 1}))
	}
	return block
}

// gridStatement gives a statement, whole, with a row a group.
func (v *OpinionMap) gridStatement(statement readmodel.TableStatement) fyne.CanvasObject {
	s := v.style
	names := []string{s.Say("vote.agree"), s.Say("vote.disagree"), s.Say("vote.pass"), s.Say("class.unanswered")}
	columns := newMapColumns(names)
	head := []fyne.CanvasObject{look.NewSpace(0)}
	for _, name := range names {
		head = append(head, mapCellText(s, name, look.Small, look.Quiet))
	}
	block := look.Column(look.Gap, look.NewText(s, statement.Text, look.TextOptions{Bold: true}), &fyne.Container{Layout: columns, Objects: head})
	for i, cell := range statement.Cells {
		group := v.table.Groups[i]
		letter := group.Letter
		if letter == "" {
			letter = s.Say("desk.sort_all")
		}
		name := look.Row(1.5*look.Gap, -1, look.NewText(s, letter, look.TextOptions{Single: true, Size: look.Body - 1}))
		if group.Letter != "" {
			name = look.Row(1.5*look.Gap, -1, mapview.NewMark(s, letter, 14), name)
		}
		if group.Hidden {
			why := look.NewText(s, s.Say("desk.map_withheld", look.Args{"Least": readmodel.FewestForWhy}), look.TextOptions{Role: look.Quiet, Size: look.Small})
			block.Add(look.Wrap(2*look.Gap, name, why))
			continue
		}
		row := []fyne.CanvasObject{name}
		for _, n := range []int{cell.Agree, cell.Disagree, cell.Pass, cell.Unseen} {
			row = append(row, mapCellText(s, words.Number(n), look.Body-1, look.Ink))
		}
		block.Add(&fyne.Container{Layout: columns, Objects: row})
	}
	return block
}

// mapGroupLine says who a group is: "A · 24 people · solid"; word may be "".
func mapGroupLine(s look.Style, letter string, people int, word string) string {
	line := s.Say("desk.map_group_line", look.Args{"Letter": letter, "N": people})
	if said := mapStability(s, word); said != "" {
		line = s.Say("text.dotted", look.Args{"First": line, "Second": said})
	}
	return line
}

// mapStability puts how firmly a group stands into words, "" where that is not known.
func mapStability(s look.Style, word string) string {
	switch word {
	case "solid":
		return s.Say("stability.solid")
	case "stable":
		return s.Say("stability.stable")
	case "tentative":
		return s.Say("stability.tentative")
	case "not named":
		return s.Say("stability.not_named")
	}
	return ""
}

func mapCellText(s look.Style, text string, size float32, role look.Role) *canvas.Text {
	t := canvas.NewText(text, color.Color(s.Colour(role)))
	t.TextSize, t.Alignment = size, fyne.TextAlignTrailing
	return t
}

// mapColumns are the columns of a table: the first takes what is left, the others are as
// wide as their names and five digits, and end at the right.
type mapColumns struct{ widths []float32 }

func newMapColumns(names []string) *mapColumns {
	c := &mapColumns{}
	for _, name := range names {
		c.widths = append(c.widths, max(look.MeasureText(name, look.Small, false).Width, look.MeasureText("10,000", look.Body-1, false).Width)+2*look.Gap)
	}
	return c
}

func (c *mapColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[0].MinSize()
	for i, o := range objects[1:] {
		least.Width += c.widths[i]
		least.Height = max(least.Height, o.MinSize().Height)
	}
	return least
}

func (c *mapColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := size.Width
	for i := len(objects) - 1; i > 0; i-- {
		x -= c.widths[i-1]
		high := objects[i].MinSize().Height
		objects[i].Move(fyne.NewPos(x, (size.Height-high)/2))
		objects[i].Resize(fyne.NewSize(c.widths[i-1], high))
	}
	high := objects[0].MinSize().Height
	objects[0].Move(fyne.NewPos(0, (size.Height-high)/2))
	objects[0].Resize(fyne.NewSize(max(0, x), high))
}
