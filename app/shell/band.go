package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
)

// band is the line at the bottom: what is under way, or what did not work and what was
// kept. It is always there, so that nothing jumps under the pointer when it speaks.
// Nothing in it is red, since nothing is lost.
type band struct {
	Act   *look.Button // what the band offers, nil for nothing
	Close *look.Button

	object *fyne.Container
	style  look.Style
	layout func() // called when the band may need another height
	bar    *widget.ProgressBar
	value  float64
	said   notice
	rest   func(look.Style) string // what stands there while nothing is said
	warns  func(look.Style) string // what the room should know of, in place of that; nil for nothing
	rests  string
}

// notice is what the band says, in whatever language it is asked for.
type notice struct {
	text  func(look.Style) string // nil: nothing
	name  func(look.Style) string // of what it offers; nil for nothing
	act   func()
	works bool // something is under way: there is a bar, and no closing it
	stays bool // it is not taken away by looking elsewhere
	wrong bool // something did not work: what works afterwards takes it away
}

func newBand(s look.Style, layout func()) *band {
	b := &band{style: s, layout: layout, object: look.Column(0), rest: inWords("desk.safe")}
	b.draw()
	return b
}

// say says something; a notice without a text clears the band.
func (b *band) say(n notice) {
	b.said, b.value = n, 0
	b.draw()
}

// clear takes away what is said.
func (b *band) clear() {
	if b.said.text != nil {
		b.say(notice{})
	}
}

// answered takes away what was said to be wrong, since something worked.
func (b *band) answered() {
	if b.said.wrong {
		b.clear()
	}
}

// leave takes away what was said of a place that is no longer looked at.
func (b *band) leave() {
	if !b.said.stays && !b.said.works {
		b.clear()
	}
}

// idle changes what stands there while nothing is said.
func (b *band) idle(text func(look.Style) string) {
	b.rest = text
	if b.rests != b.resting() && b.said.text == nil {
		b.draw()
	}
}

// warn is idle for what should be seen: it stands there in place of anything calmer, for
// as long as it is so.
func (b *band) warn(text func(look.Style) string) {
	b.warns = text
	if b.rests != b.resting() && b.said.text == nil {
		b.draw()
	}
}

// resting gives what stands there while nothing is said.
func (b *band) resting() string {
	if b.warns != nil {
		return b.warns(b.style)
	}
	return b.rest(b.style)
}

// restyled gives the band in another style, saying the same.
func (b *band) restyled(s look.Style) *band {
	fresh := newBand(s, b.layout)
	fresh.said, fresh.value, fresh.rest, fresh.warns = b.said, b.value, b.rest, b.warns
	fresh.draw()
	return fresh
}

func (b *band) draw() {
	b.Act, b.Close, b.bar = nil, nil, nil
	b.rests = b.resting()
	text := look.NewText(b.style, b.rests, look.TextOptions{Role: look.Quiet, Size: look.Small})
	if b.warns != nil {
		text = look.NewText(b.style, b.rests, look.TextOptions{Role: look.OnWaiting})
	}
	line := look.Row(3*look.Gap, 0, text)
	if b.said.text != nil {
		line = look.Row(3*look.Gap, 0, look.NewText(b.style, b.said.text(b.style), look.TextOptions{Role: look.OnWaiting}))
	}
	if b.said.works {
		b.bar = widget.NewProgressBar()
		b.bar.SetValue(b.value)
		line.Add(look.Sized(fyne.NewSize(160, 20), b.bar))
	}
	if b.said.name != nil {
		b.Act = look.NewButton(b.style, b.said.name(b.style), look.Outline, b.said.act)
		b.Act.Low()
		line.Add(b.Act)
	}
	if b.said.text != nil && !b.said.works {
		b.Close = look.NewButton(b.style, b.style.Say("page.close"), look.Choice, b.clear)
		line.Add(b.Close)
	}
	ground := look.Box(b.style.Colour(look.Paper), nil, 0)
	if b.said.text != nil || b.warns != nil {
		ground = look.Box(b.style.Colour(look.Waiting), b.style.Colour(look.WaitEdge), 0)
	}
	b.object.Objects = []fyne.CanvasObject{look.Stack(ground, look.AtLeast(bandHeight, look.Inset(4*look.Gap, look.Gap, line)))}
	b.layout()
}

// bandHeight is how high the band is with a line of text or a button in it.
const bandHeight = 42

// progress moves the bar; all is -1 where it is not known.
func (b *band) progress(done, all int) {
	if b.bar != nil && all > 0 {
		b.value = float64(done) / float64(all)
		b.bar.SetValue(b.value)
	}
}

// inWords gives a text of the catalogue in whatever language it is asked for.
func inWords(key string, args ...look.Args) func(look.Style) string {
	return func(s look.Style) string { return s.Say(key, args...) }
}
