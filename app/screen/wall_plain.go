package screen

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
)

// rules draws how people treat each other, one line each.
func (w *Wall) rules(p *wallPen, a wallArea) {
	rules := []wallSaid{p.say("wall.rule_ask"), p.say("wall.rule_listen"), p.say("wall.rule_view"), p.say("wall.rule_mind"), p.say("wall.rule_help")}
	const most = 2.1
	row := a.h / float32(len(rules))
	ring, gap := wallRingSize*most*p.rem, 1.5*p.rem
	room := a.w - ring - gap
	size := wallLargest(most, 1, func(size float32) bool {
		for _, rule := range rules {
			if p.set(rule, size, room, wallInk{bold: true}).height > row {
				return false
			}
		}
		return true
	})
	for i, rule := range rules {
		y := a.y + float32(i)*row
		p.ring(i+1, size, wallArea{a.x + (ring-wallRingSize*size*p.rem)/2, y + (row-wallRingSize*size*p.rem)/2, wallRingSize * size * p.rem, wallRingSize * size * p.rem})
		b := p.set(rule, size, room, wallInk{bold: true})
		p.put(b, fyne.TextAlignLeading, wallArea{a.x + ring + gap, y + (row-b.height)/2, room, b.height})
	}
}

// empty says what is not there yet, with quieter sentences below it.
func (p *wallPen) empty(a wallArea, strong wallSaid, quiet ...wallSaid) {
	const most, share = 2.1, 0.72
	set := func(size float32) wallBlock {
		b := p.set(strong, size, a.w, wallInk{})
		for _, one := range quiet {
			b.under(p.set(one, share*size, a.w, wallInk{role: look.Quiet}), 0.5*size*p.rem)
		}
		return b
	}
	size := wallLargest(most, 1, func(size float32) bool { return set(size).height <= a.h })
	b := p.turning(set(size), a.h)
	p.put(b, fyne.TextAlignCenter, wallArea{a.x, a.y + max(0, (a.h-b.height)/2), a.w, b.height})
}
