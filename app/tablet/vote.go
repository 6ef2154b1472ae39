package tablet

import (
	"slices"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// votes are the three answers in their order, with their signs.
var votes = []struct {
	name string
	sign sign
}{{"agree", check}, {"disagree", cross}, {"pass", dash}}

// vote shows the statement to answer.
func (w *Window) vote() fyne.CanvasObject {
	b := w.shown.Ballot
	if b == nil {
		return w.between()
	}
	more := []fyne.CanvasObject{}
	if w.shown.Answered > 0 {
		more = append(more, w.button(w.say("vote.back"), outline, readmodel.Touch{Kind: readmodel.TouchBack}))
	}
	more = append(more, w.writeButton(outline))
	return w.ballot(*b, nil, nil, w.hint(), pair(more...))
}

// earlier shows an answered statement again.
func (w *Window) earlier() fyne.CanvasObject {
	b := w.shown.Ballot
	if b == nil {
		return w.between()
	}
	badges := []string{w.say("vote.earlier")}
	if b.Chosen != "" && b.Chosen != "none" {
		badges = append(badges, w.say("vote.yours", look.Args{"Vote": w.say("vote." + b.Chosen)}))
	}
	back := w.button(w.say("vote.take_back"), plain, readmodel.Touch{Kind: readmodel.TouchVote, Key: b.ID, Text: "none"})
	return w.ballot(*b, badges, []fyne.CanvasObject{back}, w.hint(), pair(
		w.button(w.say("vote.now"), outline, readmodel.Touch{Kind: readmodel.TouchWant, Text: string(readmodel.AtVote)}),
		w.button(w.say("vote.back"), outline, readmodel.Touch{Kind: readmodel.TouchBack})))
}

func (w *Window) writeButton(k kind) *Press {
	return w.button("＋ "+w.say("write.title"), k, readmodel.Touch{Kind: readmodel.TouchWant, Text: string(readmodel.AtWrite)})
}

func (w *Window) hint() fyne.CanvasObject {
	return look.NewText(w.style, w.say("vote.hint"), look.TextOptions{Size: 17, Role: look.Quiet, Align: fyne.TextAlignCenter})
}

// ballot puts a statement beside its answers where the tablet lies, above them where it
// stands. The answers keep their place from the bottom of the window, whatever stands above
// them and however long the statement is: nothing moves under a finger. The statement is
// whole, and scrolls where it is longer than its place; what stands above the answers takes
// of that place.
func (w *Window) ballot(b readmodel.HandsetBallot, badges []string, above []fyne.CanvasObject, below ...fyne.CanvasObject) fyne.CanvasObject {
	inside := []fyne.CanvasObject{}
	for _, badge := range badges {
		inside = append(inside, w.quiet(badge))
	}
	w.statement = look.NewScroll(look.Inset(2*look.Gap, 0, look.NewText(w.style, b.Text, look.TextOptions{Size: sizeOf(b.Text), Bold: true})))
	statement := look.Stack(look.Box(w.style.Colour(look.Card), w.style.Colour(look.Line), 12),
		look.Inset(7*look.Gap, 4*look.Gap, look.Filling(2*look.Gap, len(inside), append(inside, w.statement)...)))
	answers := slices.Clone(above)
	for _, v := range votes {
		p := w.press(w.say("vote."+v.name), answer, w.meant(func() { w.choose(v.name) }))
		p.sign, p.size, p.least, p.chosen = v.sign, 27, w.answerHeight(), b.Chosen == v.name
		if v.name == "pass" {
			p.small = w.say("vote.pass_hint")
		}
		answers = append(answers, p)
	}
	return &fyne.Container{Layout: &ballotLayout{}, Objects: []fyne.CanvasObject{statement, look.Column(gap, append(answers, below...)...)}}
}

// sizeOf gives the size of a statement: a long one is smaller, so that more of it is seen at
// once.
func sizeOf(statement string) float32 {
	if readmodel.Characters(statement) > 80 {
		return longSize
	}
	return statementSize
}

// answerHeight is lower on a small tablet, so that statement and answers are seen at once.
func (w *Window) answerHeight() float32 {
	if w.window.Canvas().Size().Height < 1000 {
		return 74
	}
	return 88
}

// choose votes on what is shown.
func (w *Window) choose(vote string) {
	h := w.shown
	switch {
	case h.Practice != nil:
		w.touch(readmodel.Touch{Kind: readmodel.TouchPractise, Text: vote})
	case h.Ballot != nil && (h.Place == readmodel.AtVote || h.Place == readmodel.AtEarlier):
		w.since = w.now() // the next one has not come yet: a second tap is meant for this one
		w.touch(readmodel.Touch{Kind: readmodel.TouchVote, Key: h.Ballot.ID, Text: vote})
	}
}

// ballotLayout puts a statement above its answers, or beside them where there is more
// width than height. It takes all the height there is; the answers stand at its bottom.
type ballotLayout struct{ width, height float32 }

// besideFrom is from what width two columns are wide enough.
const besideFrom = 900

func (l *ballotLayout) columns(width float32) (left, right float32) {
	left = (width - gap) * 0.54
	return left, width - gap - left
}

func (l *ballotLayout) beside(width float32) bool { return width >= besideFrom }

// HeightFor gives the least height at a width.
func (l *ballotLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if l.beside(width) {
		left, right := l.columns(width)
		return max(look.HeightFor(objects[0], left), look.HeightFor(objects[1], right))
	}
	return look.HeightFor(objects[0], width) + gap + look.HeightFor(objects[1], width)
}

// MinSize is Fyne's.
func (l *ballotLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := max(objects[0].MinSize().Width, objects[1].MinSize().Width)
	return fyne.NewSize(width, l.HeightFor(objects, max(width, l.width)))
}

// Layout is Fyne's.
func (l *ballotLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	if l.beside(size.Width) {
		left, right := l.columns(size.Width)
		objects[0].Move(fyne.NewPos(0, 0))
		objects[0].Resize(fyne.NewSize(left, size.Height))
		height := look.HeightFor(objects[1], right)
		objects[1].Move(fyne.NewPos(left+gap, size.Height-height))
		objects[1].Resize(fyne.NewSize(right, height))
		return
	}
	below := look.HeightFor(objects[1], size.Width)
	above := size.Height - gap - below
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width, above))
	objects[1].Move(fyne.NewPos(0, above+gap))
	objects[1].Resize(fyne.NewSize(size.Width, below))
}

// between is shown where there is nothing to answer now: before, after, and when all was.
func (w *Window) between() fyne.CanvasObject {
	h := w.shown
	heading, help := w.say("done.title"), w.say("done.help")
	switch h.Place {
	case readmodel.AtEmpty:
		heading, help = w.say("empty.title"), w.say("empty.help")
	case readmodel.AtWait:
		heading, help = w.say("wait.title"), w.say("tablet.wait_help")
	case readmodel.AtClosed:
		heading, help = w.say("closed.title"), w.say("closed.help", look.Args{"N": h.Answered})
	}
	parts := []fyne.CanvasObject{w.title(heading), w.text(help)}
	if h.Open {
		parts = append(parts, w.writeButton(filled))
		if h.Answered > 0 {
			parts = append(parts, w.button(w.say("vote.back"), outline, readmodel.Touch{Kind: readmodel.TouchBack}))
		}
	}
	if h.CanChange {
		parts = append(parts, w.button(w.say("question.change"), plain, readmodel.Touch{Kind: readmodel.TouchWant, Text: string(readmodel.AtQuestion)}))
	}
	return w.lone(parts...)
}
