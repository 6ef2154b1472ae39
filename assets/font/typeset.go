package font

import (
	"strings"
	"unicode"
)

// narrow are the marks that this typeface draws as wide as a Chinese character.
var narrow = strings.NewReplacer("“", "\"", "”", "\"", "‘", "'", "’", "'", "·", "⋅")

// Typeset gives a text as it is drawn: in one without Chinese curly quotation marks and
// middle dots would stand apart like Chinese ones, so that narrow ones are drawn.
func Typeset(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return text
	}
	return narrow.Replace(text)
}
