package tablet

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

// results shows what people said.
func (w *Window) results() fyne.CanvasObject {
	r := w.shown.Results
	parts := []fyne.CanvasObject{w.title(w.say("results.title")), w.quiet(w.say("results.size", look.Args{"N": r.Participants, "Votes": r.Votes}))}
	for _, section := range r.Sections {
		parts = append(parts, w.section(section))
	}
	return look.Middle(page, look.Column(gap, parts...))
}

func (w *Window) section(s readmodel.HandsetSection) fyne.CanvasObject {
	var head fyne.CanvasObject = w.strong(w.say(s.Key, look.Args{"Letter": s.Letter}))
	if s.Letter != "" {
		head = look.Row(2*look.Gap, 1, mapview.NewMark(w.style, s.Letter, 24), head)
	}
	parts := []fyne.CanvasObject{head}
	for _, line := range s.Lines {
		parts = append(parts, look.NewRule(w.style), w.result(line))
	}
	return w.card(parts...)
}

func (w *Window) result(line readmodel.HandsetResult) fyne.CanvasObject {
	t := line.Tally
	parts := []fyne.CanvasObject{w.text(line.Text), look.NewBar(w.style, t.Agree, t.Disagree, t.Pass)}
	switch {
	case line.Apart != nil:
		parts = append(parts, w.quiet(w.line(*line.Apart)))
	case t.Voted() == 0:
		parts = append(parts, w.quiet(w.say("results.none")))
	default:
		parts = append(parts, w.quiet(w.say("results.counts", look.Args{"Agree": t.Agree, "Disagree": t.Disagree, "Pass": t.Pass})))
	}
	if line.Own != "" {
		parts = append(parts, w.quiet(w.say("vote.yours", look.Args{"Vote": w.say("vote." + line.Own)})))
	}
	return look.Column(2*look.Gap, parts...)
}
