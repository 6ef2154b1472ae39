package picture

import (
	"strings"

	"github.com/rivo/uniseg"
)

// breakLines gives the lines of a text that is at most width wide, by the rules of
// Unicode (UAX #14), all about equally long.
func breakLines(face *typeface, text string, size, width float64) []string {
	lines := fillLines(face, text, size, width)
	low, high := width/float64(len(lines)+1), width
	for high-low > 1 {
		middle := (low + high) / 2
		if even := fillLines(face, text, size, middle); len(even) <= len(lines) && widest(face, even, size) <= width {
			lines, high = even, middle
		} else {
			low = middle
		}
	}
	return lines
}

// fillLines puts as much on each line as it holds. What cannot be broken sticks out.
func fillLines(face *typeface, text string, size, width float64) []string {
	var lines []string
	line, state := "", -1
	for rest := text; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if line != "" && size*face.width(strings.TrimRight(line+segment, " ")) > width {
			lines, line = append(lines, strings.TrimRight(line, " ")), ""
		}
		line += segment
	}
	return append(lines, strings.TrimRight(line, " \n"))
}

func widest(face *typeface, lines []string, size float64) float64 {
	most := 0.0
	for _, line := range lines {
		most = max(most, size*face.width(line))
	}
	return most
}
