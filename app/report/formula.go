package report

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A spreadsheet takes a text that begins with one of a few letters for a formula, and a
// formula may read files and call other programs. So whoever writes a statement would
// write a program for whoever opens the table. In files meant for spreadsheets, and in no
// others, an apostrophe stands before such a text: programs show what follows it.

// harmless gives a text of which no line is taken for a formula.
func harmless(text string) string {
	var b strings.Builder
	start := true // of a line, of which the rest was not written yet
	for at, r := range text {
		if start && formula(text[at:]) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		start = lineEnd(r) && !(r == '\r' && strings.HasPrefix(text[at:], "\r\n"))
	}
	return b.String()
}

// formula says whether a line that begins here would be one, blanks before it apart.
// Programs that tidy texts up make the wide and small forms of the letters the plain ones.
func formula(line string) bool {
	for _, r := range line {
		switch {
		case r == '\t' || r == '\r' && !strings.HasPrefix(line, "\r\n"):
			return true
		case lineEnd(r):
			return false
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r): // also what is not seen at all
			continue
		}
		return strings.ContainsAny(norm.NFKC.String(string(r)), "=+-@") || r == '−'
	}
	return false
}

func lineEnd(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }
