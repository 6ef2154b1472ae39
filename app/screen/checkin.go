package screen

import (
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// Checkin is how people join and who is here.
type Checkin struct {
	// Join is the button that puts the way to join on the wall.
	Join *look.Button
	// Badges asks how many badges to print.
	Badges *look.Button
	// Search narrows the list of people.
	Search *widget.Entry
	// OnAct is called with what its person wants.
	OnAct func(readmodel.Act)
	// OnBadges is called to print badges.
	OnBadges func()
	// OnPerson is called with a person who was pressed.
	OnPerson func(readmodel.SheetPerson)
	// OnPair is called with a device that is to be let in, OnDevices to see all devices.
	OnPair    func(readmodel.Device)
	OnDevices func()
	// OnClimb is called to go to the next way to join (1), or back (-1); OnWifi to say which
	// Wi-Fi was opened for the room.
	OnClimb func(by int)
	OnWifi  func()

	style   look.Style
	masked  bool
	sheet   *readmodel.Sheet
	people  []readmodel.SheetPerson // those listed
	joining *fyne.Container
	chips   *fyne.Container
	list    *widget.GridWrap
	empty   *fyne.Container
	asked   *fyne.Container
	found   *foundDevices
	ways    *joinWays
	root    *fyne.Container
	was     checkinWas
	cell    float32 // how wide a person stands in the list
}

// checkinWas is what is drawn, to tell whether anything is to be drawn anew.
type checkinWas struct {
	link, wifi, addresses, question string
	alone                           bool
	seen, asked, people, present    int
	answered                        int
	imported                        int
	lead, badges                    bool
	joining                         readmodel.Joining
}

// NewCheckin makes the screen.
func NewCheckin(s look.Style) *Checkin {
	c := &Checkin{style: s, masked: true, joining: look.Column(3 * look.Gap), chips: look.Wrap(2 * look.Gap), asked: look.Column(2 * look.Gap)}
	c.Join = look.NewButton(s, s.Say("desk.join_wall"), look.Outline, func() { c.OnAct(readmodel.Act{Act: "wall", Mode: "join"}) })
	c.Badges = look.NewButton(s, s.Say("desk.badges"), look.Outline, func() { c.OnBadges() })
	c.Search = widget.NewEntry()
	c.Search.SetPlaceHolder(s.Say("desk.find"))
	c.Search.OnChanged = func(string) { c.filter() }
	c.list = widget.NewGridWrap(func() int { return len(c.people) }, func() fyne.CanvasObject { return newPersonCell(s, c) }, func(i widget.GridWrapItemID, o fyne.CanvasObject) {
		if i < len(c.people) {
			o.(*personCell).show(c.people[i])
		}
	})
	c.empty = container.NewStack()
	head := look.TopRow(2*look.Gap, 0, c.chips, container.NewGridWrap(fyne.NewSize(180, 38), c.Search))
	people := look.NewCard(s, look.Filling(3*look.Gap, 1, head, &fyne.Container{Layout: &peopleRoom{c}, Objects: []fyne.CanvasObject{c.list, c.empty}}, c.asked))
	left := look.NewCard(s, look.NewScroll(c.joining))
	c.ways = newJoinWays(s, func(by int) { c.OnClimb(by) }, func() { c.OnWifi() })
	c.found = newFoundDevices(s, func(one readmodel.Device) { c.OnPair(one) }, func() { c.OnDevices() })
	right := &fyne.Container{Layout: &belowFound{found: c.found, gap: 4 * look.Gap, room: roomForPeople}, Objects: []fyne.CanvasObject{c.found.object, people}}
	c.root = &fyne.Container{Layout: &sides{side: 380, gap: 4 * look.Gap, first: true}, Objects: []fyne.CanvasObject{left, right}}
	return c
}

// Object gives what is drawn.
func (c *Checkin) Object() fyne.CanvasObject { return c.root }

// Mask hides people's own names, or shows them.
func (c *Checkin) Mask(masked bool) {
	if c.masked == masked {
		return
	}
	c.masked = masked
	if masked {
		c.Search.SetText("") // it may be a name
	}
	if c.sheet != nil {
		c.filter()
	}
}

// Show shows a session.
func (c *Checkin) Show(sheet *readmodel.Sheet, lead bool) {
	same := c.sheet != nil && c.sheet.Wall.Badges == sheet.Wall.Badges && reflect.DeepEqual(c.sheet.People, sheet.People) && reflect.DeepEqual(c.sheet.Names, sheet.Names)
	c.sheet = sheet
	if !same {
		c.filter()
	}
	now := checkinWas{link: sheet.Wall.Venue.JoinLink, wifi: sheet.Wall.Wifi, addresses: strings.Join(sheet.Wall.Venue.Addresses, " "), joining: sheet.Joining, alone: sheet.Venue.Alone, seen: sheet.Venue.Seen,
		asked: sheet.Asked, answered: sheet.Answered, people: len(sheet.People), present: sheet.Present, imported: sheet.Wall.Imported, lead: lead, badges: sheet.Wall.Badges}
	if q := sheet.Wall.Question; q != nil {
		now.question = q.Text[c.style.Lang]
	}
	moved := c.found.show(sheet, lead)
	if now == c.was {
		if moved {
			c.root.Refresh()
		}
		return
	}
	c.was = now
	c.showJoining(sheet)
	c.showChips(sheet)
	c.showAsked(sheet)
	c.root.Refresh()
}

// showJoining gives the two numbered steps, as they stand everywhere.
func (c *Checkin) showJoining(sheet *readmodel.Sheet) {
	s, venue := c.style, sheet.Wall.Venue
	middle := look.TextOptions{Align: fyne.TextAlignCenter}
	strong := look.TextOptions{Align: fyne.TextAlignCenter, Bold: true, Size: look.Strong}
	quiet := look.TextOptions{Align: fyne.TextAlignCenter, Role: look.Quiet}
	first := look.Column(look.Gap, look.NewText(s, "①　"+s.Say("wall.wifi_here"), strong))
	if sheet.Wall.Wifi != "" {
		first = look.Column(look.Gap, look.NewText(s, "①　"+s.Say("wall.wifi"), strong), look.NewText(s, sheet.Wall.Wifi, look.TextOptions{Align: fyne.TextAlignCenter, Size: look.Head}))
		if link := sheet.Wall.Own.WifiLink(); link != "" {
			first.Add(container.NewCenter(look.NewQR(link, 120)))
		}
	}
	if sheet.Wall.Badges {
		c.joining.Objects = []fyne.CanvasObject{first, look.NewText(s, "②　"+s.Say("wall.badge_scan"), strong), look.NewText(s, s.Say("wall.badge_type"), quiet)}
	} else {
		c.joining.Objects = []fyne.CanvasObject{first, look.NewText(s, "②　"+s.Say("wall.scan_short"), strong)}
		if code := look.NewQR(venue.JoinLink, 220); code != nil {
			c.joining.Add(container.NewCenter(code))
		}
		c.joining.Add(look.NewText(s, s.Say("desk.or_type"), quiet))
	}
	for _, address := range venue.Addresses[:min(2, len(venue.Addresses))] {
		c.joining.Add(look.NewText(s, strings.TrimPrefix(address, "http://"), look.TextOptions{Align: fyne.TextAlignCenter, Bold: true, Size: look.Head}))
	}
	if !sheet.Wall.Badges {
		c.joining.Add(look.NewText(s, Spaced(sheet.Wall.Code), look.TextOptions{Align: fyne.TextAlignCenter, Bold: true, Size: 36, Role: look.Action}))
	}
	if sheet.Venue.Alone {
		c.joining.Add(look.NewNote(s, look.NewText(s, s.Say("desk.alone"), middle)))
	} else {
		c.joining.Add(look.NewText(s, together(s, s.Say("desk.through", look.Args{"N": sheet.Venue.Seen}), s.Say("wall.no_internet")), quiet))
	}
	c.joining.Add(container.NewCenter(c.Join))
	c.ways.show(sheet)
	if c.ways.first { // it is what the facilitator is busy with
		c.joining.Objects = append([]fyne.CanvasObject{c.ways.object}, c.joining.Objects...)
	} else {
		c.joining.Add(c.ways.object)
	}
	if !sheet.Wall.Sample && !sheet.Wall.Rehearsal { // where simulated people, who have none, may come
		c.joining.Add(container.NewCenter(c.Badges))
	}
}

// Spaced gives six digits as two threes.
func Spaced(code string) string {
	if len(code) == 6 {
		return code[:3] + " " + code[3:]
	}
	return code
}

func (c *Checkin) showChips(sheet *readmodel.Sheet) {
	s := c.style
	count := s.Say("host.devices_title", look.Args{"N": len(sheet.People)})
	if sheet.Wall.Badges {
		count = s.Say("host.people_title", look.Args{"N": len(sheet.People)})
	}
	c.chips.Objects = []fyne.CanvasObject{look.NewChip(s, count, "")}
	if len(sheet.People) > 0 {
		c.chips.Add(look.NewChip(s, "", s.Say("host.present", look.Args{"N": sheet.Present})))
		c.chips.Add(look.NewChip(s, "", s.Say("desk.took_part", look.Args{"N": sheet.Answered})))
	}
	if sheet.Wall.Imported > 0 {
		c.chips.Add(look.NewChip(s, "", s.Say("wall.imported", look.Args{"N": sheet.Wall.Imported})))
	}
}

// showAsked says how many answered the 0–5 question, and never what.
func (c *Checkin) showAsked(sheet *readmodel.Sheet) {
	s := c.style
	c.asked.Objects = nil
	q := sheet.Wall.Question
	if q == nil {
		return
	}
	c.asked.Add(look.NewRule(s))
	c.asked.Add(look.NewText(s, q.Text[s.Lang], look.TextOptions{Bold: true}))
	c.asked.Add(look.Row(3*look.Gap, 0, look.NewBar(s, sheet.Asked, 0, max(0, len(sheet.People)-sheet.Asked)),
		look.NewText(s, s.Say("host.question_state", look.Args{"N": sheet.Asked, "Total": len(sheet.People)}), look.TextOptions{Single: true})))
	c.asked.Add(look.NewText(s, s.Say("host.question_private"), look.TextOptions{Role: look.Quiet, Size: look.Small}))
}

// filter lists the people whose number, animal or name holds what is searched.
func (c *Checkin) filter() {
	wanted := strings.ToLower(strings.TrimSpace(c.Search.Text))
	c.people = c.people[:0:0]
	for _, p := range c.sheet.People {
		if wanted == "" || strings.Contains(strings.ToLower(c.nameOf(p)), wanted) {
			c.people = append(c.people, p)
		}
	}
	c.empty.Hide()
	if len(c.sheet.People) == 0 {
		help := c.style.Say("host.nobody_help")
		if c.sheet.Wall.Badges {
			help = c.style.Say("host.nobody_badges")
		}
		c.empty.Objects = []fyne.CanvasObject{emptyWords(c.style, c.style.Say("host.nobody"), help)}
		c.empty.Show()
	}
	c.list.Refresh()
}

// nameOf gives what a person is called, with the own name where it is not masked.
func (c *Checkin) nameOf(p readmodel.SheetPerson) string {
	label := words.Person(c.style.Lang, p.Number, p.Word)
	if name := c.sheet.Names[p.ID]; name != "" && !c.masked {
		label += "  " + name
	}
	return label
}

// personCell is one person: number, animal, and a tick where something was answered.
type personCell struct {
	widget.BaseWidget
	style  look.Style
	of     *Checkin
	person readmodel.SheetPerson
	number *canvas.Text
	name   *canvas.Text
	tick   *canvas.Text
}

func newPersonCell(s look.Style, of *Checkin) *personCell {
	p := &personCell{style: s, of: of, number: canvas.NewText("", s.Colour(look.Ink)), name: canvas.NewText("", s.Colour(look.Ink)), tick: canvas.NewText("✓", s.Colour(look.Quiet))}
	p.number.TextStyle.Bold = true
	p.number.Alignment = fyne.TextAlignTrailing
	for _, t := range []*canvas.Text{p.number, p.name, p.tick} {
		t.TextSize = look.Body
	}
	p.ExtendBaseWidget(p)
	return p
}

// roomForPeople is the height that the card of people keeps beside that of devices.
const roomForPeople = 310

// leastCell is the least room of one person in the list, cellHeight its height.
const (
	leastCell  = 190
	cellHeight = 36
)

// peopleRoom gives the list of people its width before it is asked how many stand beside
// each other.
type peopleRoom struct{ of *Checkin }

// MinSize is Fyne's.
func (*peopleRoom) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastCell, 3*cellHeight)
}

// Layout is Fyne's.
func (l *peopleRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad := theme.Padding()
	columns := max(1, int((size.Width+pad)/(leastCell+pad)))
	if cell := (size.Width-float32(columns-1)*pad)/float32(columns) - 0.5; cell != l.of.cell {
		l.of.cell = cell
		l.of.list.Refresh()
	}
	for _, o := range objects {
		o.Resize(size)
	}
}

func (p *personCell) show(person readmodel.SheetPerson) {
	p.person = person
	name := words.Animal(p.style.Lang, person.Word)
	if own := p.of.sheet.Names[person.ID]; own != "" && !p.of.masked {
		name = own
	}
	ink := p.style.Colour(look.Ink)
	if !person.Present {
		ink = p.style.Colour(look.Quiet)
		name = p.style.Say("desk.left_room", look.Args{"Name": name})
	}
	p.number.Text, p.name.Text, p.number.Color, p.name.Color = strconv.Itoa(person.Number), name, ink, ink
	p.name.TextSize = look.Body
	if width := look.MeasureText(name, look.Body, false).Width; width > nameRoom {
		p.name.TextSize = max(8, look.Body*nameRoom/width) // a long name is small, never cut
	}
	p.tick.Hidden = !person.Answered
	p.Refresh()
}

const (
	numberRoom = 40
	nameRoom   = 126
	tickRoom   = 16
)

// Tapped is Fyne's.
func (p *personCell) Tapped(*fyne.PointEvent) { p.of.OnPerson(p.person) }

// CreateRenderer is Fyne's.
func (p *personCell) CreateRenderer() fyne.WidgetRenderer {
	rule := look.NewRule(p.style)
	objects := container.New(&personLayout{p.of}, p.number, p.name, p.tick, rule)
	return widget.NewSimpleRenderer(objects)
}

type personLayout struct{ of *Checkin }

func (l *personLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(leastCell, l.of.cell), cellHeight)
}

func (*personLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	at := []struct{ x, width float32 }{{0, numberRoom - 8}, {numberRoom, nameRoom}, {numberRoom + nameRoom, tickRoom}}
	for i, place := range at {
		height := objects[i].MinSize().Height
		objects[i].Move(fyne.NewPos(place.x, (size.Height-height)/2))
		objects[i].Resize(fyne.NewSize(place.width, height))
	}
	objects[2].Move(fyne.NewPos(size.Width-tickRoom-6, objects[2].Position().Y))
	objects[3].Move(fyne.NewPos(0, size.Height-1))
	objects[3].Resize(fyne.NewSize(size.Width-8, 1))
}

// sides puts two objects beside each other over the whole height, one of them of a fixed
// width.
type sides struct {
	side, gap float32
	first     bool // the first has the fixed width, else the second
}

func (l *sides) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(l.side+l.gap+200, max(a.Height, b.Height))
}

func (l *sides) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := min(l.side, size.Width*0.4)
	left := size.Width - side - l.gap
	if l.first {
		left = side
	}
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(left, size.Height))
	objects[1].Move(fyne.NewPos(left+l.gap, 0))
	objects[1].Resize(fyne.NewSize(size.Width-left-l.gap, size.Height))
}
