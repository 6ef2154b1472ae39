package look

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Measure gives the width of a text on one line.
type Measure func(text string) float32

// piece is what stays together on a line; the blanks behind it are not drawn where it
// ends a line.
type piece struct {
	text         string
	width, blank float32
}

// BreakLines gives the lines of a text that is at most width wide, by the rules of
// Unicode (UAX #14): Chinese breaks between characters, but no line begins with 。 or
// ends with 「. A line feed ends a line. A word wider than width is broken anywhere between
// two characters, since it would be cut off otherwise. The lines of a short English text are made about
// equally long; Chinese fills its lines, and no line holds a single character where that
// can be helped. An empty text has one empty line.
func BreakLines(text string, width float32, measure Measure) []string {
	var lines []string
	for _, part := range strings.Split(text, "\n") {
		lines = append(lines, breakPart(within(piecesOf(part, measure), width, measure), width)...)
	}
	return lines
}

// longestWord is how many Chinese characters wide a word may be before it is broken rather
// than make what it stands in wider. No word of a dictionary comes near it; somebody who
// leans on a key does.
const longestWord = 10

// WidestPiece gives the width of the widest part of a text that is not broken where there is
// room for longestWord Chinese characters.
func WidestPiece(text string, measure Measure) float32 {
	return min(WidestWord(text, measure), longestWord*measure("國"))
}

// WidestWord gives the width of the widest part of a text that is not broken while there is
// room for it.
func WidestWord(text string, measure Measure) float32 {
	var widest float32
	for _, part := range strings.Split(text, "\n") {
		for _, p := range piecesOf(part, measure) {
			widest = max(widest, p.width)
		}
	}
	return widest
}

// within breaks the pieces that are wider than width.
func within(pieces []piece, width float32, measure Measure) []piece {
	if !slices.ContainsFunc(pieces, func(p piece) bool { return p.width > width }) {
		return pieces
	}
	var all []piece
	for _, p := range pieces {
		if p.width <= width {
			all = append(all, p)
			continue
		}
		parts := broken(p.text, width, measure)
		parts[len(parts)-1].blank = p.blank
		all = append(all, parts...)
	}
	return all
}

// broken breaks a piece between two characters wherever a line is full. Characters are
// measured one by one, and only a full line as a whole: what a page of letters without a
// blank costs grows with its length, not with its square.
func broken(text string, width float32, measure Measure) []piece {
	solid := strings.TrimRight(text, " \t\u3000")
	var parts []piece
	var at string
	var used float32
	end := func() { parts = append(parts, piece{text: at, width: measure(at)}); at, used = "", 0 }
	for rest, state := solid, -1; rest != ""; {
		var one string
		one, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		own := measure(one)
		if at != "" && (used+own > width || used+own > 0.9*width && measure(at+one) > width) {
			end()
		}
		at, used = at+one, used+own
	}
	end()
	parts[len(parts)-1].text += text[len(solid):]
	return parts
}

func piecesOf(text string, measure Measure) []piece {
	var pieces []piece
	state := -1
	for rest := text; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		solid := strings.TrimRight(segment, " \t\u3000")
		p := piece{text: segment, width: measure(solid)}
		if len(solid) < len(segment) {
			p.blank = measure(segment) - p.width
		}
		pieces = append(pieces, p)
	}
	return pieces
}

// evenLines is up to how many lines a text is spread over evenly. Chinese fills its
// lines, since it breaks anywhere, unless fewer than fewest characters were left over.
const (
	evenLines = 6
	fewest    = 3
)

func chinese(pieces []piece) bool {
	return slices.ContainsFunc(pieces, func(p piece) bool {
		return strings.ContainsFunc(p.text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	})
}

func breakPart(pieces []piece, width float32) []string {
	lines := fill(pieces, width)
	if len(lines) > 1 && len(lines) <= evenLines && (!chinese(pieces) || len(lines[len(lines)-1]) < fewest) {
		lines = even(pieces, width, len(lines))
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		var text strings.Builder
		for _, p := range line {
			text.WriteString(p.text)
		}
		out[i] = strings.TrimRight(text.String(), " \t\u3000")
	}
	return out
}

// fill puts as much on each line as it holds.
func fill(pieces []piece, width float32) [][]piece {
	lines := [][]piece{nil}
	var used float32
	for _, p := range pieces {
		last := len(lines) - 1
		if len(lines[last]) > 0 && used+p.width > width {
			lines, used = append(lines, nil), 0
			last++
		}
		lines[last] = append(lines[last], p)
		used += p.width + p.blank
	}
	return lines
}

// even looks for the narrowest width that needs no more lines.
func even(pieces []piece, width float32, count int) [][]piece {
	low, high := width/float32(count+1), width
	best := fill(pieces, width)
	for high-low > 1 {
		middle := (low + high) / 2
		if lines := fill(pieces, middle); len(lines) <= count {
			best, high = lines, middle
		} else {
			low = middle
		}
	}
	return best
}
