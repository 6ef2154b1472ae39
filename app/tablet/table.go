package tablet

import (
	"fmt"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// table shows where the person sits, with whom, and what is talked about.
func (w *Window) table() fyne.CanvasObject {
	t := w.shown.Table
	parts := []fyne.CanvasObject{w.seat(t)}
	parts = append(parts, w.topic(t)...)
	if len(t.People) > 0 {
		people := []fyne.CanvasObject{w.quiet(w.say("table.people"))}
		for _, p := range t.People {
			people = append(people, w.text(w.seatName(p)))
		}
		parts = append(parts, w.card(people...))
	}
	return look.Middle(page, look.Column(gap, parts...))
}

// down asks to put devices away; the step's clock runs on.
func (w *Window) down() fyne.CanvasObject {
	t := w.shown.Table
	var parts []fyne.CanvasObject
	if t.Number > 0 {
		parts = append(parts, w.seat(t))
	}
	parts = append(parts, w.topic(t)...)
	at := len(parts)
	middle := []fyne.CanvasObject{
		look.NewText(w.style, w.say("down.title"), look.TextOptions{Size: 32, Bold: true, Align: fyne.TextAlignCenter}),
		look.NewText(w.style, w.say("tablet.down_help"), look.TextOptions{Size: bodySize, Role: look.Quiet, Align: fyne.TextAlignCenter}),
	}
	if text := w.clockText(); text != "" {
		w.clock = look.NewText(w.style, text, look.TextOptions{Size: 46, Bold: true, Align: fyne.TextAlignCenter})
		middle = append(middle, w.clock)
	}
	parts = append(parts, look.AtLeast(240, w.card(middle...)))
	return look.Middle(page, look.Filling(gap, at, parts...))
}

func (w *Window) seat(t *readmodel.Table) fyne.CanvasObject {
	centre := func(text string, o look.TextOptions) fyne.CanvasObject {
		o.Align = fyne.TextAlignCenter
		return look.NewText(w.style, text, o)
	}
	if t.Number == 0 {
		return w.card(centre(w.say("table.none"), look.TextOptions{Size: titleSize, Bold: true}))
	}
	me := w.shown.Person
	parts := []fyne.CanvasObject{
		centre(w.say("table.you_at", look.Args{"Person": words.Person(w.style.Lang, me.Number, me.Word)}), look.TextOptions{Size: bodySize, Role: look.Quiet}),
		centre(w.say("table.number", look.Args{"N": t.Number}), look.TextOptions{Size: 76, Bold: true, Role: look.Action}),
	}
	if t.Name != "" {
		parts = append(parts, centre(t.Name, look.TextOptions{Size: bodySize}))
	}
	if t.Host != nil {
		parts = append(parts, centre(w.say("table.host", look.Args{"Person": w.seatName(*t.Host)}), look.TextOptions{Size: bodySize}))
	}
	return w.card(parts...)
}

func (w *Window) topic(t *readmodel.Table) []fyne.CanvasObject {
	if t.Question == "" {
		return nil
	}
	return []fyne.CanvasObject{w.card(w.quiet(w.say("table.topic")), look.NewText(w.style, t.Question, look.TextOptions{Size: 26, Bold: true}))}
}

func (w *Window) seatName(s readmodel.Seat) string {
	name := words.Person(w.style.Lang, s.Number, s.Word)
	if s.Name != "" {
		name += " " + s.Name
	}
	return name
}

// clockText gives what is left of the step, "" where no clock runs. It goes by the hub's
// clock, as far as that is known.
func (w *Window) clockText() string {
	s := w.shown.Step
	if s == nil || !s.Open || s.Ends == 0 {
		return ""
	}
	left := int64(s.Ends) - w.now().UnixMilli() - w.shown.Offset
	if left <= 0 {
		return w.say("clock.over")
	}
	seconds := (left + 999) / 1000
	return w.say("clock.left", look.Args{"Time": fmt.Sprintf("%d:%02d", seconds/60, seconds%60)})
}
