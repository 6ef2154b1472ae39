package screen

import (
	"reflect"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// Statements is the list of statements, with what waits for a decision on top.
type Statements struct {
	// Add and Paste are the buttons at the top, Results shows the results to the room.
	Add, Paste, Results *look.Button
	// First and AtOnce choose whether new statements wait for the facilitator.
	First, AtOnce *look.Button
	// OnAct is called with what its person wants, the others to be asked more.
	OnAct    func(readmodel.Act)
	OnShow   func(what string, on bool)
	OnAdd    func()
	OnPaste  func()
	OnNotNow func(readmodel.SheetStatement)
	OnEdit   func(readmodel.SheetStatement)
	OnPair   func(readmodel.SheetStatement)

	style   look.Style
	sheet   *readmodel.Sheet
	rows    []readmodel.SheetStatement // as listed
	moved   time.Time                  // when rows came to stand elsewhere
	lead    bool
	head    *fyne.Container
	list    *widget.List
	empty   fyne.CanvasObject
	side    *fyne.Container
	late    *fyne.Container
	limits  *look.Text
	told    *look.Text // whether the room sees the results
	root    *fyne.Container
	width   float32
	heights []float32 // as the list knows them
}

// NewStatements makes the screen.
func NewStatements(s look.Style) *Statements {
	v := &Statements{style: s, head: look.Wrap(2 * look.Gap), late: look.Column(0)}
	v.Add = look.NewButton(s, s.Say("desk.add"), look.Outline, func() { v.OnAdd() })
	v.Paste = look.NewButton(s, s.Say("desk.paste"), look.Outline, func() { v.OnPaste() })
	v.Results = look.NewButton(s, "", look.Outline, func() {
		v.OnShow("results", !v.sheet.Shown["results"])
	})
	v.First = look.NewButton(s, s.Say("desk.look_first"), look.Choice, func() { v.moderate("on") })
	v.AtOnce = look.NewButton(s, s.Say("desk.at_once"), look.Choice, func() { v.moderate("") })
	v.limits = look.NewText(s, "", look.TextOptions{})
	v.told = look.NewText(s, "", look.TextOptions{Role: look.Quiet})
	v.list = widget.NewList(func() int { return len(v.rows) }, func() fyne.CanvasObject { return newStatementRow(s, v) }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(v.rows) {
			o.(*statementRow).show(v.rows[i], i)
		}
	})
	v.list.HideSeparators = true
	v.empty = emptyWords(s, s.Say("host.none_yet"), s.Say("desk.no_statements_help"))
	listed := &fyne.Container{Layout: &listRoom{v}, Objects: []fyne.CanvasObject{v.list, v.empty}}
	card := look.NewCard(s, look.Filling(3*look.Gap, 2, v.head, v.late, listed))
	v.side = v.sideCard()
	v.root = &fyne.Container{Layout: &sides{side: 280, gap: 4 * look.Gap}, Objects: []fyne.CanvasObject{card, v.side}}
	return v
}

func (v *Statements) moderate(value string) {
	v.OnAct(readmodel.Act{Act: "set", Field: "moderated", Value: value})
}

// sideCard is what holds for all statements.
func (v *Statements) sideCard() *fyne.Container {
	s := v.style
	strong := look.TextOptions{Bold: true}
	return look.NewCard(s, look.NewScroll(look.Column(4*look.Gap,
		look.Column(2*look.Gap, look.NewText(s, s.Say("desk.results"), strong), v.told, look.Wrap(0, v.Results)),
		look.Column(2*look.Gap, look.NewText(s, s.Say("desk.new_ones"), strong), v.First, v.AtOnce),
		look.Column(2*look.Gap, look.NewText(s, s.Say("desk.from_one"), strong), v.limits),
	)))
}

// Object gives what is drawn.
func (v *Statements) Object() fyne.CanvasObject { return v.root }

// Rows gives the statements as they are listed.
func (v *Statements) Rows() []readmodel.SheetStatement { return v.rows }

// Show shows a session. lead says that the screen may have the filled button.
func (v *Statements) Show(sheet *readmodel.Sheet, lead bool) {
	before := v.sheet
	v.sheet = sheet
	if before != nil && v.lead == lead && reflect.DeepEqual(before.Statements, sheet.Statements) && reflect.DeepEqual(before.Shown, sheet.Shown) && reflect.DeepEqual(before.Forecast, sheet.Forecast) &&
		before.Late == sheet.Late && (sheet.Pending == 0 || before.Now/60_000 == sheet.Now/60_000) && before.Settings["moderated"] == sheet.Settings["moderated"] && before.Settings["statement_limit"] == sheet.Settings["statement_limit"] {
		return
	}
	v.lead = lead
	rows := make([]readmodel.SheetStatement, 0, len(sheet.Statements))
	for _, i := range sheet.Listing() {
		rows = append(rows, sheet.Statements[i])
	}
	if !slices.EqualFunc(v.rows, rows, func(a, b readmodel.SheetStatement) bool { return a.ID == b.ID }) {
		v.moved = look.Clock()
	}
	v.rows = rows
	v.showHead()
	v.showSide()
	v.empty.Hide()
	if len(v.rows) == 0 {
		v.empty.Show()
	}
	v.measure()
	v.root.Refresh()
}

func (v *Statements) showHead() {
	s := v.style
	v.head.Objects = []fyne.CanvasObject{look.NewText(s, s.Say("host.statements"), look.TextOptions{Size: look.Head, Bold: true, Single: true})}
	if v.sheet.Pending > 0 {
		v.head.Add(look.NewWaitingChip(s, s.Say("host.waiting_for_you", look.Args{"N": v.sheet.Pending})))
	}
	v.head.Add(look.NewChip(s, "", s.Say("host.live", look.Args{"N": v.sheet.Approved})))
	if v.sheet.Aside > 0 {
		v.head.Add(look.NewChip(s, "", s.Say("host.hidden", look.Args{"N": v.sheet.Aside})))
	}
	v.head.Add(v.Add)
	v.head.Add(v.Paste)
	v.late.Objects = nil
	if v.sheet.Late > 0 {
		v.late.Add(look.NewNote(s, look.NewText(s, s.Say("host.late_votes", look.Args{"N": v.sheet.Late}), look.TextOptions{Role: look.OnWaiting})))
	}
	if text := forecastText(s, v.sheet.Forecast); text != "" {
		v.late.Add(look.NewText(s, text, look.TextOptions{Role: look.Quiet}))
	}
}

func (v *Statements) showSide() {
	s := v.style
	first := v.sheet.Settings["moderated"] == "on"
	v.First.Choose(first)
	v.AtOnce.Choose(!first)
	name, told := "desk.show_results", "host.results_hidden"
	if v.sheet.Shown["results"] {
		name, told = "desk.hide_results", "desk.results_shown"
	}
	v.told.Set(s.Say(told))
	v.Results.Set(s.Say(name), "", look.Outline)
	limit := v.sheet.Settings["statement_limit"]
	if limit == "" {
		limit = "140"
	}
	v.limits.Set(s.Say("desk.limits", look.Args{"Limit": limit}))
}

// measure tells the list how high its rows are: each statement is shown whole. Fyne draws
// the list anew for every height that changes, so that it is empty meanwhile.
func (v *Statements) measure() {
	if v.width <= 0 {
		return
	}
	rows, offset := v.rows, v.list.GetScrollOffset()
	v.rows = nil
	for i, row := range rows {
		height := rowHeight(v.style, row, metaOf(v.style, row, v.sheet), v.width)
		if i == len(v.heights) {
			v.heights = append(v.heights, 0)
		}
		if v.heights[i] != height {
			v.heights[i] = height
			v.list.SetItemHeight(i, height)
		}
	}
	v.rows = rows
	v.list.Refresh()
	v.list.ScrollToOffset(offset)
}

// listRoom gives the list its width before it asks how high its rows are.
type listRoom struct{ of *Statements }

func (l *listRoom) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 120) }

func (l *listRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width != l.of.width {
		l.of.width = size.Width
		l.of.measure()
	}
	for _, o := range objects {
		o.Resize(size)
	}
}

// statementRow is one statement with what can be decided on it.
type statementRow struct {
	widget.BaseWidget
	of                                 *Statements
	one                                readmodel.SheetStatement
	number, text, other, meta          *look.Text
	approve, notNow, edit, pair, again *look.Button
	acts                               *fyne.Container
	style                              look.Style
}

const (
	numberWidth = 40
	actsWidth   = 320
	actsHeight  = 32
	scrollRoom  = 12
	rowPad      = 10
)

func newStatementRow(s look.Style, of *Statements) *statementRow {
	r := &statementRow{of: of, style: s}
	r.number = look.NewText(s, "", look.TextOptions{Role: look.Quiet, Single: true})
	r.text = look.NewText(s, "", look.TextOptions{Bold: true})
	r.other = look.NewText(s, "", look.TextOptions{Role: look.Quiet})
	r.meta = look.NewText(s, "", look.TextOptions{Role: look.Quiet, Size: look.Small})
	decide := func(do string) func() {
		return r.settled(func() { of.OnAct(readmodel.Act{Act: "statement", ID: r.one.ID, Do: do}) })
	}
	r.approve = look.NewButton(s, s.Say("host.approve"), look.Outline, decide("approve"))
	r.again = look.NewButton(s, s.Say("host.restore"), look.Choice, decide("pending"))
	r.notNow = look.NewButton(s, s.Say("desk.not_now"), look.Choice, r.settled(func() { of.OnNotNow(r.one) }))
	r.edit = look.NewButton(s, s.Say("desk.edit"), look.Choice, r.settled(func() { of.OnEdit(r.one) }))
	r.pair = look.NewButton(s, s.Say("desk.pair"), look.Choice, r.settled(func() { of.OnPair(r.one) }))
	r.approve.Low()
	r.acts = look.Wrap(look.Gap, r.approve, r.notNow, r.edit, r.pair, r.again)
	r.ExtendBaseWidget(r)
	return r
}

// settleTime is how long the rows must have stood still before one is decided on: a
// click that comes sooner was meant for another one.
const settleTime = 400 * time.Millisecond

// settled lets through what is pressed on a statement that was there to be read.
func (r *statementRow) settled(act func()) func() {
	return func() {
		if look.Clock().Sub(r.of.moved) >= settleTime {
			act()
		}
	}
}

func (r *statementRow) show(one readmodel.SheetStatement, place int) {
	r.one = one
	r.number.Set(strconv.Itoa(one.Number))
	r.text.Set(one.Text)
	r.other.Set(one.Other)
	r.other.Hidden = one.Other == ""
	r.meta.Set(metaOf(r.style, one, r.of.sheet))
	pending, live := one.State == "pending", one.State == "approved"
	kind := look.Outline
	if place == 0 && pending && r.of.lead {
		kind = look.Filled
	}
	r.approve.Set(r.style.Say("host.approve"), "", kind)
	r.approve.Hidden, r.again.Hidden = live, pending || live
	r.notNow.Hidden = !pending && !live
	r.edit.Hidden = !one.MayEdit() || !pending && !live
	r.pair.Hidden = !live || one.Imported
	r.Refresh()
}

// ago says how long ago something was.
func ago(s look.Style, minutes int) string {
	if minutes == 0 {
		return s.Say("desk.just_now")
	}
	return s.Say("desk.ago", look.Args{"N": minutes})
}

// metaOf says where a statement stands, and never who wrote it.
func metaOf(s look.Style, one readmodel.SheetStatement, sheet *readmodel.Sheet) string {
	facts := []string{}
	switch {
	case one.State == "pending" && one.Made > 0 && sheet.Now > one.Made:
		facts = append(facts, s.Say("host.new"), ago(s, int((sheet.Now-one.Made)/60_000)))
	case one.State == "pending":
		facts = append(facts, s.Say("host.new"))
	case one.State == "hidden" || one.State == "removed":
		facts = append(facts, s.Say("write.hidden"))
		if one.Reason != "" {
			facts = append(facts, s.Say("write.reason", look.Args{"Reason": one.Reason}))
		}
	case one.Seed:
		facts = append(facts, s.Say("host.seed"))
	}
	if one.Look {
		facts = append(facts, s.Say("host.look"))
	}
	if one.State == "approved" {
		facts = append(facts, s.Say("host.votes", look.Args{"N": one.Votes}))
	}
	if short := shortText(s, one, sheet); short != "" {
		facts = append(facts, short)
	}
	if sheet.Shown["results"] && one.Votes > 0 {
		facts = append(facts, s.Say("results.counts", look.Args{"Agree": one.Agree, "Disagree": one.Disagree, "Pass": one.Pass}))
	}
	return joined(s, facts)
}

// narrow says that what can be decided stands below the text, not beside it.
func narrow(width float32) bool { return width < 700 }

// textRoom is how wide a row's text is.
func textRoom(width float32) float32 {
	room := width - numberWidth - scrollRoom
	if !narrow(width) {
		room -= actsWidth + 3*look.Gap
	}
	return max(120, room)
}

// rowHeight gives how high a row must be for its text to be whole; meta is its metaOf.
func rowHeight(s look.Style, one readmodel.SheetStatement, meta string, width float32) float32 {
	room := textRoom(width)
	height := linesOf(one.Text, room, look.Body, true)
	if one.Other != "" {
		height += linesOf(one.Other, room, look.Body, false)
	}
	height += max(linesOf(one.Reason+widestMeta, room, look.Small, false), linesOf(meta+metaRoom, room, look.Small, false))
	if narrow(width) {
		return height + actsHeight + 2*rowPad + look.Gap
	}
	return max(height, actsHeight) + 2*rowPad
}

const (
	// widestMeta stands for what metaOf mostly adds to a reason, so that rows seldom
	// change their height.
	widestMeta = "　　　　　　　　　　　　　　　　"
	// metaRoom is what counts in it may grow by meanwhile.
	metaRoom = "　　"
)

// linesOf gives the height of a text in a room.
func linesOf(text string, room, size float32, bold bool) float32 {
	lines := look.BreakLines(text, room, func(t string) float32 { return look.MeasureText(t, size, bold).Width })
	return float32(len(lines)) * look.MeasureText("國", size, bold).Height
}

// CreateRenderer is Fyne's.
func (r *statementRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(&statementLayout{r}, r.number, r.text, r.other, r.meta, r.acts, look.NewRule(r.style)))
}

type statementLayout struct{ row *statementRow }

func (l *statementLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(numberWidth+actsWidth, actsHeight+2*rowPad)
}

func (l *statementLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	r, room := l.row, textRoom(size.Width)
	r.number.Move(fyne.NewPos(0, rowPad))
	r.number.Resize(r.number.MinSize())
	y := float32(rowPad)
	for _, t := range []*look.Text{r.text, r.other, r.meta} {
		if t.Hidden || t.Text() == "" {
			continue
		}
		height := t.HeightFor(room)
		t.Move(fyne.NewPos(numberWidth, y))
		t.Resize(fyne.NewSize(room, height))
		y += height
	}
	at, width := fyne.NewPos(numberWidth, y+look.Gap), room
	if !narrow(size.Width) {
		width = actsWidth
		at = fyne.NewPos(size.Width-actsWidth-scrollRoom, max(rowPad, (size.Height-look.HeightFor(r.acts, width))/2))
	}
	r.acts.Move(at)
	r.acts.Resize(fyne.NewSize(width, look.HeightFor(r.acts, width)))
	rule := objects[5]
	rule.Move(fyne.NewPos(0, size.Height-1))
	rule.Resize(fyne.NewSize(size.Width, 1))
}
