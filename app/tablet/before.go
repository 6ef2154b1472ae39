package tablet

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// longestName is how many characters a name may have.
const longestName = 60

// sheet says what this is about: first of all, and whenever somebody asks.
func (w *Window) sheet() fyne.CanvasObject {
	h := w.shown
	heading := w.say("notice.open")
	if h.First {
		heading = w.say("notice.title")
	}
	parts := []fyne.CanvasObject{}
	if h.Sheet.Sample {
		parts = append(parts, w.mark("notice.sample", "notice.sample_help"))
	}
	if h.Sheet.Rehearsal {
		parts = append(parts, w.mark("notice.rehearsal", "notice.rehearsal_help"))
	}
	parts = append(parts, w.title(heading))
	licence := h.Sheet.Licence
	if licence == "" {
		licence = w.say("notice.undecided")
	}
	for _, part := range [][2]string{{w.say("notice.about"), h.Sheet.About}, {w.say("notice.use"), h.Sheet.Use}, {w.say("notice.contact"), h.Sheet.Contact},
		{w.say("notice.licence"), licence}, {w.say("notice.mark"), h.Sheet.Mark}} {
		if part[1] != "" {
			text := append([]fyne.CanvasObject{w.quiet(part[0])}, w.paragraphs(part[1])...)
			parts = append(parts, look.Column(look.Gap, text...))
		}
	}
	if h.First {
		parts = append(parts, w.button(w.say("notice.start"), filled, readmodel.Touch{Kind: readmodel.TouchBegin}))
	} else {
		parts = append(parts, w.button(w.say("notice.back"), filled, readmodel.Touch{Kind: readmodel.TouchAbout}))
	}
	return look.Middle(page, w.card(parts...))
}

// mark says that nothing here is in earnest.
func (w *Window) mark(key, help string) fyne.CanvasObject {
	return w.note(look.NewText(w.style, w.say(key), look.TextOptions{Size: bodySize, Bold: true, Colour: w.style.Colour(look.OnWaiting)}),
		look.NewText(w.style, w.say(help), look.TextOptions{Size: smallSize, Colour: w.style.Colour(look.OnWaiting)}))
}

// name says who the person is here, and asks what to call them.
func (w *Window) name() fyne.CanvasObject {
	me := w.shown.Person
	help := w.quiet(w.say("name.help"))
	tell := func(text string) {
		help.Set(w.say("name.help"))
		if len([]rune(strings.TrimSpace(text))) > longestName {
			help.Set(w.say("name.long", look.Args{"N": longestName}))
		}
	}
	entry := w.field("name", me.Name, "", 1, tell)
	tell(w.value("name"))
	return look.Middle(page, w.card(w.quiet(w.say("name.you")), w.title(words.Person(w.style.Lang, me.Number, me.Word)), w.quiet(w.say("name.why")),
		w.strong(w.say("name.label")), entry, help,
		w.press(w.say("name.go"), filled, w.meant(func() {
			if name := strings.TrimSpace(w.value("name")); len([]rune(name)) <= longestName {
				w.touch(readmodel.Touch{Kind: readmodel.TouchName, Text: name})
			}
		}))))
}

// practice lets a person press once without its counting.
func (w *Window) practice() fyne.CanvasObject {
	b := w.shown.Practice
	said := w.say("practice.intro")
	if b.Chosen != "" {
		said = w.say("practice.done", look.Args{"Vote": w.say("vote." + b.Chosen)})
	}
	next := w.button(w.say("practice.go"), filled, readmodel.Touch{Kind: readmodel.TouchReady})
	next.disabled = b.Chosen == "" // it is there from the beginning, so that the answers do not move
	return w.ballot(*b, []string{w.say("practice.badge"), said}, nil, w.hint(), next)
}

// question asks the 0 to 5 question.
func (w *Window) question() fyne.CanvasObject {
	q := w.shown.Question
	var scale []fyne.CanvasObject
	for n := range 6 {
		b := w.button(strconv.Itoa(n), answer, readmodel.Touch{Kind: readmodel.TouchAnswer, Number: n})
		b.size, b.least, b.chosen = 28, 80, q.Given == n
		scale = append(scale, b)
	}
	ends := look.Ends(4*look.Gap, w.quiet(w.end(0, q.Low)), w.quiet(w.end(5, q.High)))
	return look.Middle(page, w.card(w.quiet(w.say("question.badge")), w.title(q.Text), columnsOf(6, 56, 2*look.Gap, scale...), ends,
		w.button(w.say("question.skip"), plain, readmodel.Touch{Kind: readmodel.TouchSkip})))
}

func (w *Window) end(n int, word string) string {
	if word == "" {
		return strconv.Itoa(n)
	}
	return w.say("question.end", look.Args{"N": n, "Word": word})
}
