package intake

import (
	"strings"
	"unicode"
)

// Language guesses the language of a text among those that Folkmoot has: "zh-Hant"
// where there is a Han character, else "en".
func Language(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return "zh-Hant"
	}
	return "en"
}
