package screen

import (
	"strings"

	"fyne.io/fyne/v2"
	"github.com/rivo/uniseg"

	"folkmoot/app/look"
)

// wallBeneathShare is the size of the text beneath against that above it.
const wallBeneathShare = 0.6

// wallSmaller is the step by which a text that does not fit is made smaller.
const wallSmaller = 0.93

// wallLargest gives the largest of the scales from most down to least at which something
// fits; least where none does.
func wallLargest(most, least float32, fits func(scale float32) bool) float32 {
	for scale := most; scale > least; scale *= wallSmaller {
		if fits(scale) {
			return scale
		}
	}
	return least
}

// set breaks a text into lines of at most width, at a size in rems.
func (p *wallPen) set(s wallSaid, size, width float32, ink wallInk) wallBlock {
	var b wallBlock
	p.lines(&b, s.text, p.rem*max(1, size), width, ink)
	if s.beneath != "" {
		p.lines(&b, s.beneath, p.rem*max(1, size*wallBeneathShare), width, wallInk{role: look.Quiet})
	}
	return b
}

// fit is set at the largest size, from most rems down to one, at which the text is no
// higher than height and no word is broken. Where there is no such size it gives the
// text at one rem, higher than height.
func (p *wallPen) fit(s wallSaid, most, width, height float32, ink wallInk) wallBlock {
	size := wallLargest(most, 1, func(size float32) bool {
		return p.unbroken(s, size, width, ink) && p.set(s, size, width, ink).height <= height
	})
	return p.set(s, size, width, ink)
}

// wallLongestWord is how many Chinese characters wide a word may be that text is made smaller
// for: a word of a language is shorter, and what is longer is broken at any size.
const wallLongestWord = 24

// unbroken says that no word of a text is wider than width at a size in rems.
func (p *wallPen) unbroken(s wallSaid, size, width float32, ink wallInk) bool {
	widest := func(text string, size float32, bold bool) float32 {
		measure := func(part string) float32 { return look.MeasureText(part, size, bold).Width }
		return min(look.WidestWord(text, measure), wallLongestWord*measure("國"))
	}
	return widest(s.text, p.rem*max(1, size), ink.bold) <= width && widest(s.beneath, p.rem*max(1, size*wallBeneathShare), false) <= width
}

// lines adds the lines of a text; an empty one has none.
func (p *wallPen) lines(b *wallBlock, text string, size, width float32, ink wallInk) {
	if strings.TrimSpace(text) == "" {
		return
	}
	for _, line := range wallBrokenLines(text, size, width, ink.bold) {
		extent := wallMeasured(line, size, ink.bold)
		b.add(wallLine{text: line, size: size, ink: ink, width: extent.Width, height: extent.Height})
	}
}

// single gives a text that stays on one line, at a size in rems.
func (p *wallPen) single(text string, size float32, ink wallInk) wallBlock {
	var b wallBlock
	extent := wallMeasured(text, size*p.rem, ink.bold)
	b.add(wallLine{text: text, size: size * p.rem, ink: ink, width: extent.Width, height: extent.Height})
	return b
}

// wallMeasured is look.MeasureText, at least as high as a line of Chinese is.
func wallMeasured(text string, size float32, bold bool) fyne.Size {
	extent := look.MeasureText(text, size, bold)
	extent.Height = max(extent.Height, look.MeasureText("國g", size, bold).Height)
	return extent
}

// wallBrokenLines is look.BreakLines, whose parts together may measure a little less than
// the line: what is wider all the same is broken here, since on a wall it would be cut off.
func wallBrokenLines(text string, size, width float32, bold bool) []string {
	measure := func(part string) float32 { return look.MeasureText(part, size, bold).Width }
	lines := look.BreakLines(text, width, measure)
	for narrower := width; !wallAllWithin(lines, width, measure) && narrower > 0.9*width; {
		narrower -= 0.02 * width
		lines = look.BreakLines(text, narrower, measure)
	}
	var whole []string
	for _, line := range lines {
		whole = append(whole, wallBrokenWord(line, width, measure)...)
	}
	return whole
}

func wallAllWithin(lines []string, width float32, measure look.Measure) bool {
	for _, line := range lines {
		if measure(line) > width {
			return false
		}
	}
	return true
}

// wallBrokenWord breaks a line anywhere between two characters, where it is wider than width.
func wallBrokenWord(line string, width float32, measure look.Measure) []string {
	if measure(line) <= width {
		return []string{line}
	}
	var lines []string
	at := ""
	for graphemes := uniseg.NewGraphemes(line); graphemes.Next(); {
		next := at + graphemes.Str()
		if at != "" && measure(next) > width {
			lines, next = append(lines, at), graphemes.Str()
		}
		at = next
	}
	return append(lines, at)
}

// wallPart is something of a height that is drawn at a place.
type wallPart struct {
	height float32
	draw   func(y float32)
}

// wallStacked gives the height of parts below each other.
func wallStacked(parts []wallPart, gap float32) float32 {
	height := gap * float32(max(0, len(parts)-1))
	for _, part := range parts {
		height += part.height
	}
	return height
}

// wallDrawStack draws parts below each other, in the middle of an area.
func wallDrawStack(parts []wallPart, gap float32, a wallArea) {
	y := a.y + max(0, (a.h-wallStacked(parts, gap))/2)
	for _, part := range parts {
		part.draw(y)
		y += part.height + gap
	}
}

// block makes a block a part of a stack.
func (p *wallPen) block(b wallBlock, align fyne.TextAlign, a wallArea) wallPart {
	return wallPart{b.height, func(y float32) { p.put(b, align, wallArea{a.x, y, a.w, b.height}) }}
}

// turning gives the part of a text whose turn it is, where it is higher than height.
func (p *wallPen) turning(b wallBlock, height float32) wallBlock {
	parts := b.cut(height)
	return parts[p.turn(len(parts))]
}
