package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// The measures of the frame in rems, as in the wall's page.
const (
	wallSide       = 2.4
	wallTop        = 1.6
	wallGap        = 1.2
	wallTitleSize  = 1.9
	wallLeftSize   = 2.3 // of the clock in the header
	wallTitleRoom  = 7   // the header is no higher: what is longer takes turns
	wallFootSize   = 1.3
	wallPageNumber = 0.6 // above the number of the page
)

// frame draws header, footer and the number of the page, and gives what is between.
func (w *Wall) frame(p *wallPen) wallArea {
	whole := wallArea{wallSide * p.rem, wallTop * p.rem, p.size.Width - 2*wallSide*p.rem, p.size.Height - 2*wallTop*p.rem}
	head, foot := w.header(p, whole), w.footer(p, whole)
	body := whole
	body.y += head + wallGap*p.rem
	body.h -= head + foot + 2*wallGap*p.rem
	if !p.numbered {
		return body
	}
	number := p.set(p.say("wall.page", look.Args{"N": p.page + 1, "Total": w.pages}), 1, body.w, wallInk{role: look.Quiet})
	if w.pages > 1 {
		p.put(number, fyne.TextAlignTrailing, wallArea{body.x, body.y + body.h - number.height, body.w, number.height})
	}
	body.h -= number.height + wallPageNumber*p.rem
	return body
}

// header draws the title, with the clock that runs at its right, and gives its height.
func (w *Wall) header(p *wallPen, a wallArea) float32 {
	var clock *canvas.Text
	room := a.w
	if w.sheet.Mode != "clock" {
		style := p.style
		p.ticking = newWallClock(p, w.sheet.Step, w.now, wallLeftSize, func(text string) string { return style.Say("clock.left", look.Args{"Time": text}) })
		if clock = p.ticking.text; clock != nil {
			clock.Alignment = fyne.TextAlignTrailing
			room -= clock.MinSize().Width + 2*p.rem
		}
	}
	title := p.turning(p.fit(w.heading(p), wallTitleSize, room, wallTitleRoom*p.rem, wallInk{bold: true}), wallTitleRoom*p.rem)
	height := title.height
	if clock != nil {
		size := clock.MinSize()
		height = max(height, size.Height)
		p.add(clock, wallArea{a.x + a.w - size.Width, a.y + (height-size.Height)/2, size.Width, size.Height})
	}
	p.put(title, fyne.TextAlignLeading, wallArea{a.x, a.y + (height-title.height)/2, room, title.height})
	return height
}

func (w *Wall) heading(p *wallPen) wallSaid {
	switch w.sheet.Mode {
	case "map":
		return p.say("map.title")
	case "statements":
		return p.say("wall.statements")
	case "tables":
		return p.say("wall.tables")
	case "rules":
		return p.say("wall.rules")
	}
	return p.in(w.sheet.Title)
}

// footer draws who is here and what was received, and gives its height: on one line
// where they fit, else below each other.
func (w *Wall) footer(p *wallPen, a wallArea) float32 {
	var badges []wallBlock
	for _, badge := range w.badges(p) {
		badges = append(badges, p.set(badge, 1, a.w, wallInk{role: look.OnWaiting}))
	}
	room := a.w
	for _, badge := range badges {
		room -= badge.width + 2*wallBadgeSide*p.rem + wallBadgeGap*p.rem
	}
	people, received := w.people(p), w.received(p)
	size := wallLargest(wallFootSize, 1, func(size float32) bool { return p.beside(people, received, size, room) })
	left := p.set(people, size, room, wallInk{})
	right := p.set(received, size, a.w, wallInk{role: look.Action})
	top, above := max(left.height, wallTallest(badges)+2*wallBadgeTop*p.rem*float32(min(1, len(badges)))), float32(0)
	height := max(top, right.height)
	if left.width+right.width+2*p.rem > room {
		above, height = top, top+right.height
	}
	y := a.y + a.h - height
	lineHeight := height
	if above > 0 {
		lineHeight = top
	}
	x := a.x
	for _, badge := range badges {
		x += p.badge(badge, x, y, lineHeight)
	}
	p.put(left, fyne.TextAlignLeading, wallArea{x, y + (lineHeight-left.height)/2, room, left.height})
	p.put(right, fyne.TextAlignTrailing, wallArea{a.x, y + above + (height-above-right.height)/2, a.w, right.height})
	return height
}

// beside says that two texts fit on one line, apart from each other.
func (p *wallPen) beside(left, right wallSaid, size, room float32) bool {
	return p.set(left, size, room, wallInk{}).width+p.set(right, size, room, wallInk{}).width+2*p.rem <= room &&
		len(p.set(left, size, room, wallInk{}).lines)+len(p.set(right, size, room, wallInk{}).lines) <= 2*p.languages()
}

// The measures of a badge in rems.
const (
	wallBadgeSide = 0.6
	wallBadgeTop  = 0.1
	wallBadgeGap  = 0.8
)

func (w *Wall) badges(p *wallPen) []wallSaid {
	var badges []wallSaid
	if w.sheet.Sample {
		badges = append(badges, p.say("notice.sample"))
	}
	if w.sheet.Rehearsal {
		badges = append(badges, p.say("notice.rehearsal"))
	}
	return badges
}

// badge draws a badge in the middle of a line, and gives the width that it takes.
func (p *wallPen) badge(b wallBlock, x, y, lineHeight float32) float32 {
	box := wallArea{x, y + (lineHeight-b.height)/2 - wallBadgeTop*p.rem, b.width + 2*wallBadgeSide*p.rem, b.height + 2*wallBadgeTop*p.rem}
	p.box(p.style.Colour(look.Waiting), p.style.Colour(look.WaitEdge), 0.4*p.rem, box)
	p.put(b, fyne.TextAlignCenter, wallArea{box.x, box.y + wallBadgeTop*p.rem, box.w, b.height})
	return box.w + wallBadgeGap*p.rem
}

func wallTallest(blocks []wallBlock) float32 {
	var height float32
	for _, b := range blocks {
		height = max(height, b.height)
	}
	return height
}

// people says how many are here, people or devices, and how many are from an import.
func (w *Wall) people(p *wallPen) wallSaid {
	here := p.say("wall.devices", look.Args{"N": w.sheet.Here})
	if w.sheet.Badges {
		here = p.say("wall.here", look.Args{"N": w.sheet.Here})
	}
	if w.sheet.Imported == 0 {
		return here
	}
	imported := p.say("wall.imported", look.Args{"N": w.sheet.Imported})
	here.text = p.style.Say("text.dotted", look.Args{"First": here.text, "Second": imported.text})
	if here.beneath != "" {
		here.beneath = look.Style{Lang: p.second}.Say("text.dotted", look.Args{"First": here.beneath, "Second": imported.beneath})
	}
	return here
}

func (w *Wall) received(p *wallPen) wallSaid {
	if venue := w.sheet.Venue; venue.Waiting > 0 {
		return p.say("wall.received_waiting", look.Args{"N": w.sheet.Votes, "Waiting": venue.Waiting, "Devices": venue.Devices, "Count": venue.Devices})
	}
	return p.say("wall.received", look.Args{"N": w.sheet.Votes})
}

// wallClock is the clock that runs: the one text that moves by itself.
type wallClock struct {
	text  *canvas.Text // nil where none runs
	over  bool
	write func(clock string) string
}

// newWallClock gives the clock of a step at a size in rems; write puts the minutes and
// seconds into words.
func newWallClock(p *wallPen, step *readmodel.AgendaStep, now uint64, size float32, write func(string) string) wallClock {
	if step == nil {
		return wallClock{}
	}
	text, over := step.Clock(now)
	if text == "" {
		return wallClock{}
	}
	c := wallClock{over: over, write: write}
	if over {
		text = p.style.Say("clock.over")
	} else {
		text = write(text)
	}
	c.text = p.newText(text, size*p.rem, wallInk{bold: true})
	return c
}

// tell moves the clock; false where it has to be drawn anew.
func (c *wallClock) tell(step *readmodel.AgendaStep, now uint64) bool {
	if c.text == nil {
		return true
	}
	text, over := step.Clock(now)
	if over != c.over || text == "" {
		return false
	}
	if written := c.write(text); !over && written != c.text.Text {
		if wallMeasured(written, c.text.TextSize, true).Width > c.text.Size().Width+0.01 {
			return false
		}
		c.text.Text = written
		c.text.Refresh()
	}
	return true
}
