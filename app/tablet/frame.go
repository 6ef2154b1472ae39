package tablet

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// frame puts head, banner and foot around what is shown.
func (w *Window) frame() fyne.CanvasObject {
	h := w.shown
	parts := []fyne.CanvasObject{w.head()}
	if h.Notice == nil || h.Ballot == nil { // above a ballot there is room for one: what just happened is read first
		parts = append(parts, w.banner()...)
	}
	if h.Notice != nil {
		parts = append(parts, w.notice())
	}
	if w.counts() {
		parts = append(parts, w.status())
	}
	w.scroll = look.NewScroll(look.Inset(3, 3, w.body())) // edges and the ring of the focus are drawn a little outside
	at := len(parts)
	parts = append(parts, w.scroll)
	if w.footed() {
		parts = append(parts, w.foot())
	}
	whole := look.Filling(3*look.Gap, at, parts...)
	return container.NewStack(look.Box(w.style.Colour(look.Paper), nil, 0), look.Inset(side, 4*look.Gap, whole))
}

// body gives what is shown.
func (w *Window) body() fyne.CanvasObject {
	screens := map[readmodel.HandsetPlace]func() fyne.CanvasObject{
		readmodel.AtStart: w.start, readmodel.AtPairing: w.pairing, readmodel.AtFetching: w.fetching, readmodel.AtUnpaired: w.unpaired,
		readmodel.AtWelcome: w.welcome, readmodel.AtHand: w.hand, readmodel.AtBadge: w.badgePad, readmodel.AtMove: w.move,
		readmodel.AtNotice: w.sheet, readmodel.AtName: w.name, readmodel.AtPractice: w.practice, readmodel.AtQuestion: w.question,
		readmodel.AtVote: w.vote, readmodel.AtEarlier: w.earlier, readmodel.AtWrite: w.write,
		readmodel.AtResults: w.results, readmodel.AtMap: w.opinionMap, readmodel.AtTable: w.table, readmodel.AtDown: w.down,
	}
	if screen, ok := screens[w.shown.Place]; ok {
		return screen()
	}
	return w.between()
}

// head says what this is, who answers, and in which language.
func (w *Window) head() fyne.CanvasObject {
	h := w.shown
	name := h.Title
	if name == "" {
		name = "Folkmoot"
	}
	title := look.NewText(w.style, name, look.TextOptions{Size: bodySize, Bold: true})
	var about fyne.CanvasObject
	if h.Person != nil && !h.First {
		b := short(w.button(w.say("notice.open"), choice, readmodel.Touch{Kind: readmodel.TouchAbout}))
		b.chosen = h.Place == readmodel.AtNotice
		about = b
	} else {
		about = look.NewSpace(0)
	}
	right := []fyne.CanvasObject{}
	if h.Person != nil {
		right = append(right, w.single(words.Person(w.style.Lang, h.Person.Number, h.Person.Word), look.TextOptions{Size: bodySize, Bold: true}))
	}
	right = append(right, w.languages())
	return &fyne.Container{Layout: &headLayout{}, Objects: []fyne.CanvasObject{title, about, look.Row(3*look.Gap, -1, right...)}}
}

// languages switches the language at once; before somebody takes part, the palette too.
func (w *Window) languages() fyne.CanvasObject {
	var all []fyne.CanvasObject
	if w.shown.Person == nil {
		key := "desk.dark"
		if w.style.Dark {
			key = "desk.light"
		}
		all = append(all, short(w.press(w.say(key), choice, func() { w.touch(readmodel.Touch{Kind: readmodel.TouchDark}) })))
	}
	for _, lang := range words.Languages() {
		b := short(w.press(w.say("language."+lang), choice, func() { w.touch(readmodel.Touch{Kind: readmodel.TouchLang, Text: lang}) }))
		b.chosen = lang == w.style.Lang
		all = append(all, b)
	}
	return look.Row(2*look.Gap, -1, all...)
}

// banner says what stands over everything: calm, since nothing is lost.
func (w *Window) banner() []fyne.CanvasObject {
	if len(w.shown.Banner) == 0 {
		return nil
	}
	texts := make([]string, len(w.shown.Banner))
	for i, l := range w.shown.Banner {
		texts[i] = w.line(l)
	}
	joint := " "
	if w.style.Lang == words.Chinese {
		joint = ""
	}
	return []fyne.CanvasObject{w.note(look.NewText(w.style, strings.Join(texts, joint), look.TextOptions{Size: 17, Colour: w.style.Colour(look.OnWaiting)}))}
}

// notice says what just happened.
func (w *Window) notice() fyne.CanvasObject {
	l := *w.shown.Notice
	close := short(w.press(w.say("page.close"), plain, func() { w.touch(readmodel.Touch{Kind: readmodel.TouchClose}) }))
	row := func(ink look.Role) fyne.CanvasObject {
		return look.Row(3*look.Gap, 0, look.NewText(w.style, w.line(l), look.TextOptions{Size: 17, Colour: w.style.Colour(ink)}), close)
	}
	if l.Good {
		return look.Stack(look.Box(w.style.Colour(look.Chosen), w.style.Colour(look.Action), 12), look.Inset(4*look.Gap, 2*look.Gap, row(look.Ink)))
	}
	return w.note(row(look.OnWaiting))
}

// counts says whether the line about progress is shown.
func (w *Window) counts() bool {
	switch w.shown.Place {
	case readmodel.AtVote, readmodel.AtEarlier, readmodel.AtDone, readmodel.AtClosed:
		return true
	}
	return false
}

// status says how far the person is, and where their answers are.
func (w *Window) status() fyne.CanvasObject {
	h := w.shown
	progress := ""
	if h.Total > 0 {
		progress = w.say("vote.progress", look.Args{"N": h.Answered, "Total": h.Total})
	}
	return look.Ends(3*look.Gap, look.NewText(w.style, progress, look.TextOptions{Size: 17}), w.saved())
}

func (w *Window) saved() *look.Text {
	text, role := "", look.Quiet
	switch w.shown.Saved {
	case readmodel.SavedHub:
		text, role = "✓ "+w.say("status.saved"), look.Fine
	case readmodel.Sending:
		text = w.say("status.sending")
	case readmodel.SavedHere:
		text = w.say("tablet.here")
	}
	return w.single(text, look.TextOptions{Size: 17, Role: role})
}

// footed says whether the foot is shown: where somebody takes part and is through with
// what comes first.
func (w *Window) footed() bool {
	switch w.shown.Place {
	case readmodel.AtName, readmodel.AtPractice:
		return false
	case readmodel.AtNotice:
		return !w.shown.First && w.shown.Person != nil
	}
	return w.shown.Person != nil
}

// foot leads to the other screens, and to the next person.
func (w *Window) foot() fyne.CanvasObject {
	h := w.shown
	next := short(w.press(w.say("pass.button"), outline, func() { w.asking = true; w.again() }))
	var left fyne.CanvasObject
	if len(h.Tabs) > 1 {
		var tabs []fyne.CanvasObject
		for _, tab := range h.Tabs {
			b := short(w.press(w.say("nav."+string(tab)), choice, func() { w.touch(readmodel.Touch{Kind: readmodel.TouchWant, Text: string(tab)}) }))
			b.chosen = tab == w.tab()
			tabs = append(tabs, b)
		}
		left = look.Wrap(2*look.Gap, tabs...)
	} else {
		left = w.quiet(w.say("vote.foot"))
	}
	bar := look.Ends(3*look.Gap, left, next)
	return look.Stack(look.Box(w.style.Colour(look.Card), w.style.Colour(look.Line), 12), look.Inset(4*look.Gap, 2*look.Gap, bar))
}

func (w *Window) tab() readmodel.HandsetPlace {
	switch p := w.shown.Place; p {
	case readmodel.AtResults, readmodel.AtMap, readmodel.AtTable:
		return p
	case readmodel.AtDown:
		return readmodel.AtTable
	}
	return readmodel.AtVote
}

// over gives the question that covers the window, nil for none.
func (w *Window) over() fyne.CanvasObject {
	h := w.shown
	switch {
	case h.Person == nil:
		return nil
	case h.Idle > 0:
		w.idle = w.text(w.say("idle.help", look.Args{"N": h.Idle}))
		return w.veiled(w.title(w.say("idle.title")), w.idle, pair(
			w.press(w.say("pass.button"), outline, func() { w.touch(readmodel.Touch{Kind: readmodel.TouchPass}) }),
			w.press(w.say("idle.stay"), filled, func() { w.touch(readmodel.Touch{Kind: readmodel.TouchStill}) })))
	case w.asking:
		return w.veiled(w.title(w.say("pass.title")), w.text(w.say("pass.help")), pair(
			w.press(w.say("pass.stay"), outline, func() { w.asking = false; w.again() }),
			w.press(w.say("pass.button"), filled, func() { w.asking = false; w.touch(readmodel.Touch{Kind: readmodel.TouchPass}) })))
	}
	return nil
}

func (w *Window) veiled(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return newVeil(container.NewStack(look.Box(w.style.Colour(look.Shade), nil, 0), look.Middle(560, look.Inset(side, 0, w.card(objects...)))))
}
