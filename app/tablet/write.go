package tablet

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// write takes a statement, with hints that never hold it back.
func (w *Window) write() fyne.CanvasObject {
	limit := w.shown.Limit
	count, coach := w.quiet(""), look.Column(look.Gap)
	held := look.NewText(w.style, "", look.TextOptions{Size: smallSize, Bold: true})
	tell := func(text string) {
		count.Set(w.say("write.count", look.Args{"N": readmodel.Characters(text), "Limit": limit}))
		why := readmodel.Held(text, limit)
		held.Set("")
		if why == "too_long" || why != "" && w.tried {
			held.Set(w.say("coach."+why, look.Args{"N": readmodel.Characters(text) - limit}))
		}
		held.Hidden = held.Text() == ""
		coach.Objects = nil
		for _, hint := range readmodel.Hints(text, limit) {
			coach.Objects = append(coach.Objects, w.quiet(w.say("coach."+hint)))
		}
		w.relayout()
	}
	entry := w.field("statement", w.shown.Draft, w.say("write.start"), 4, func(text string) {
		w.tried = false
		w.touch(readmodel.Touch{Kind: readmodel.TouchDraft, Text: text})
		tell(text)
	})
	if w.shown.Draft == "" && w.shown.Notice != nil && w.shown.Notice.Good { // it was taken
		w.empty("statement")
	}
	send := w.press(w.say("write.send"), filled, w.meant(func() {
		text := w.value("statement")
		w.tried = readmodel.Held(text, limit) != ""
		tell(text)
		if !w.tried {
			w.touch(readmodel.Touch{Kind: readmodel.TouchWrite, Text: text})
		}
	}))
	back := w.button(w.say("write.back"), outline, readmodel.Touch{Kind: readmodel.TouchWant})
	tell(w.value("statement"))
	form := w.card(w.title(w.say("write.title")), w.quiet(w.say("write.tip")), entry, count, held, coach, pair(back, send), w.quiet(w.say("tablet.write_help")))
	return look.Middle(page, look.Column(gap, append([]fyne.CanvasObject{form}, w.mine()...)...))
}

// empty clears a field without telling anybody.
func (w *Window) empty(name string) {
	if f := w.fields[name]; f != nil && f.entry.Text != "" {
		told := f.entry.OnChanged
		f.entry.OnChanged = nil
		f.entry.SetText("")
		f.entry.OnChanged = told
	}
}

// mine lists the person's statements and what became of them.
func (w *Window) mine() []fyne.CanvasObject {
	if len(w.shown.Own) == 0 {
		return nil
	}
	states := map[string]string{"pending": w.say("write.pending"), "approved": w.say("write.approved"), "hidden": w.say("write.hidden"), "removed": w.say("write.removed"), readmodel.OwnHere: w.say("tablet.here")}
	parts := []fyne.CanvasObject{w.strong(w.say("write.mine"))}
	for _, own := range w.shown.Own {
		one := []fyne.CanvasObject{w.text(own.Text), w.quiet(states[own.State])}
		if own.Reason != "" {
			one = append(one, w.quiet(w.say("write.reason", look.Args{"Reason": own.Reason})))
		}
		parts = append(parts, look.Column(look.Gap, one...))
	}
	return []fyne.CanvasObject{w.card(parts...)}
}

// relayout lays what scrolls out anew after a text in it got another height.
func (w *Window) relayout() {
	if w.scroll != nil {
		w.scroll.Layout.Layout(w.scroll.Objects, w.scroll.Size())
	}
}
