package screen

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// The measures of the clock's mode in rems, which shrink together.
const (
	wallNameSize     = 2.4
	wallClockSize    = 9
	wallPromptSize   = 1.8
	wallPromptWidth  = 51 // 28 of its characters
	wallAnswersWidth = 34
	wallChartHeight  = 6
	wallQuestionSize = 1.3
	wallClockGap     = 0.8
)

// clock draws the name of the step, its time large, and below the question of the
// tables or the answers to the 0–5 question.
func (w *Wall) clock(p *wallPen, a wallArea) {
	scale := wallLargest(1.3, 0.5, func(scale float32) bool {
		parts, unbroken := w.clockParts(p, scale, a)
		return unbroken && wallStacked(parts, wallClockGap*p.rem) <= a.h
	})
	parts, _ := w.clockParts(p, scale, a)
	if wallStacked(parts, wallClockGap*p.rem) <= a.h {
		wallDrawStack(parts, wallClockGap*p.rem, a)
		return
	}
	w.clockPages(p, scale, a)
}

// clockParts gives everything at a scale, and whether no word is broken.
func (w *Wall) clockParts(p *wallPen, scale float32, a wallArea) (parts []wallPart, unbroken bool) {
	name := w.stepName(p)
	unbroken = p.unbroken(name, wallNameSize*scale, a.w, wallInk{}) && p.unbroken(w.prompt(p), wallPromptSize*scale, wallPromptArea(p, a).w, wallInk{})
	parts = append(parts, p.block(p.set(name, wallNameSize*scale, a.w, wallInk{}), fyne.TextAlignCenter, a), w.clockPart(p, scale, a))
	if prompt := w.promptBlock(p, scale, a); len(prompt.lines) > 0 {
		parts = append(parts, p.block(prompt, fyne.TextAlignCenter, a))
	}
	if w.sheet.Question != nil && w.sheet.Answers != nil {
		parts = append(parts, w.answers(p, w.questionBlock(p, scale, a), scale, a))
	}
	return parts, unbroken
}

// clockPages draws name and clock with as much of the prompt as there is room for, and
// the answers on pages of their own.
func (w *Wall) clockPages(p *wallPen, scale float32, a wallArea) {
	const nameRoom = 4
	gap := wallClockGap * p.rem
	name := p.turning(p.set(w.stepName(p), 1.2, a.w, wallInk{}), nameRoom*p.rem)
	clock := []wallPart{p.block(name, fyne.TextAlignCenter, a), w.clockPart(p, scale, a)}
	var pages [][]wallPart
	for _, part := range w.promptBlock(p, scale, a).cut(a.h - wallStacked(clock, gap) - gap) {
		page := clock[:len(clock):len(clock)]
		if len(part.lines) > 0 {
			page = append(page, p.block(part, fyne.TextAlignCenter, a))
		}
		pages = append(pages, page)
	}
	if w.sheet.Question != nil && w.sheet.Answers != nil {
		bare := w.answers(p, wallBlock{}, scale, a)
		for _, part := range w.questionBlock(p, scale, a).cut(a.h - bare.height - gap) {
			pages = append(pages, []wallPart{w.answers(p, part, scale, a)})
		}
	}
	wallDrawStack(pages[p.turn(len(pages))], gap, a)
}

// stepName gives the name of the step, or what is asked of everybody instead.
func (w *Wall) stepName(p *wallPen) wallSaid {
	step := w.sheet.Step
	switch {
	case w.sheet.DevicesDown:
		return p.say("down.title")
	case step == nil:
		return wallSaid{}
	case step.Title != "" || !words.Has("step."+step.Kind):
		return wallSaid{text: look.Typeset(step.Title)}
	}
	return p.say("step." + step.Kind)
}

// clockPart gives the time that is left, or a sentence.
func (w *Wall) clockPart(p *wallPen, scale float32, a wallArea) wallPart {
	clock := newWallClock(p, w.sheet.Step, w.now, wallClockSize*scale, func(text string) string { return text })
	if clock.text == nil {
		return p.block(p.fit(p.say(w.withoutClock()), 1.5, a.w, a.h, wallInk{role: look.Quiet}), fyne.TextAlignCenter, a)
	}
	for clock.text.MinSize().Width > a.w && clock.text.TextSize > p.rem {
		clock.text.TextSize *= wallSmaller
	}
	size := clock.text.MinSize()
	parts := []wallPart{{size.Height, func(y float32) {
		clock.text.Alignment = fyne.TextAlignCenter
		p.add(clock.text, wallArea{a.x + (a.w-size.Width)/2, y, size.Width, size.Height})
		p.ticking = clock
	}}}
	if clock.over && p.second != "" {
		beneath := wallSaid{text: look.Style{Lang: p.second}.Say("clock.over")}
		parts = append(parts, p.block(p.set(beneath, wallNameSize*scale, a.w, wallInk{role: look.Quiet}), fyne.TextAlignCenter, a))
	}
	return wallPart{wallStacked(parts, 0), func(y float32) { wallDrawStack(parts, 0, wallArea{a.x, y, a.w, 0}) }}
}

// withoutClock gives the key of what stands where no clock runs.
func (w *Wall) withoutClock() string {
	switch step := w.sheet.Step; {
	case step == nil:
		return "wall.clock_none"
	case step.Open:
		return "desk.runs_now"
	}
	return "closed.title"
}

// prompt gives what the tables talk about.
func (w *Wall) prompt(p *wallPen) wallSaid {
	if w.sheet.Step == nil || w.sheet.Step.Kind != "tables" {
		return wallSaid{}
	}
	return p.in(w.sheet.Prompt)
}

func wallPromptArea(p *wallPen, a wallArea) wallArea { return a.middle(wallPromptWidth * p.rem) }

func (w *Wall) promptBlock(p *wallPen, scale float32, a wallArea) wallBlock {
	return p.set(w.prompt(p), wallPromptSize*scale, wallPromptArea(p, a).w, wallInk{})
}

func (w *Wall) questionBlock(p *wallPen, scale float32, a wallArea) wallBlock {
	return p.set(p.in(w.sheet.Question.Text), wallQuestionSize*scale, wallPromptArea(p, a).w, wallInk{bold: true})
}

// middle gives the middle of an area, at most width wide.
func (a wallArea) middle(width float32) wallArea {
	width = min(width, a.w)
	return wallArea{a.x + (a.w-width)/2, a.y, width, a.h}
}

// answers gives the question with a column for each answer from 0 to 5.
func (w *Wall) answers(p *wallPen, question wallBlock, scale float32, a wallArea) wallPart {
	chart := a.middle(wallAnswersWidth * p.rem)
	parts := []wallPart{}
	if len(question.lines) > 0 {
		parts = append(parts, p.block(question, fyne.TextAlignCenter, a))
	}
	parts = append(parts, w.columns(p, scale, chart))
	if ends := w.ends(p, chart); ends.height > 0 {
		parts = append(parts, ends)
	}
	gap := 0.3 * p.rem
	return wallPart{wallStacked(parts, gap), func(y float32) { wallDrawStack(parts, gap, wallArea{a.x, y, a.w, 0}) }}
}

// columns gives the chart: above each column how many, below it the answer.
func (w *Wall) columns(p *wallPen, scale float32, a wallArea) wallPart {
	most := 1
	for _, n := range w.sheet.Answers {
		most = max(most, n)
	}
	high, each, gap := wallChartHeight*scale*p.rem, (a.w-5*p.rem)/6, p.rem
	line := p.set(wallSaid{text: "0"}, 1, each, wallInk{}).height
	return wallPart{high + 2*line, func(y float32) {
		for i, n := range w.sheet.Answers {
			column := wallArea{a.x + float32(i)*(each+gap), 0, each, max(0.1*p.rem, high*float32(n)/float32(most))}
			column.y = y + line + high - column.h
			bar := canvas.NewRectangle(p.style.Colour(look.Agree))
			bar.TopLeftCornerRadius, bar.TopRightCornerRadius = 0.3*p.rem, 0.3*p.rem
			p.add(bar, column)
			p.put(p.set(wallSaid{text: words.Number(n)}, 1, each, wallInk{}), fyne.TextAlignCenter, wallArea{column.x, column.y - line, each, line})
			p.put(p.set(wallSaid{text: strconv.Itoa(i)}, 1, each, wallInk{bold: true}), fyne.TextAlignCenter, wallArea{column.x, y + line + high, each, line})
		}
	}}
}

// ends gives what the lowest and the highest answer mean.
func (w *Wall) ends(p *wallPen, a wallArea) wallPart {
	const room = 4.5
	half := (a.w - p.rem) / 2
	block := func(text readmodel.InBoth) wallBlock {
		return p.turning(p.set(p.in(text), 1, half, wallInk{role: look.Quiet}), room*p.rem)
	}
	low, high := block(w.sheet.Question.Low), block(w.sheet.Question.High)
	return wallPart{max(low.height, high.height), func(y float32) {
		p.put(low, fyne.TextAlignLeading, wallArea{a.x, y, half, low.height})
		p.put(high, fyne.TextAlignTrailing, wallArea{a.x + half + p.rem, y, half, high.height})
	}}
}
