package look

import (
	"folkmoot/assets/font"
	"folkmoot/assets/words"
)

// Style is the language and the palette that something is drawn in. Screens are made
// for one style; another language or theme makes them anew.
type Style struct {
	// Lang is zh-Hant or en.
	Lang string
	// Dark takes the dark palette; the wall is always dark.
	Dark bool
}

// Args are the values of a text of the catalogue.
type Args = map[string]any

// Say gives a text of the catalogue in the style's language; args may be left out.
func (s Style) Say(key string, args ...Args) string {
	var values Args
	if len(args) > 0 {
		values = args[0]
	}
	return Typeset(words.Text(s.Lang, key, values))
}

// Typeset gives a text as it is drawn, see font.Typeset.
func Typeset(text string) string { return font.Typeset(text) }

// The sizes of text, in Fyne's units.
const (
	Small  float32 = 12
	Body   float32 = 15 // at 14 Fyne cuts the lowest row of g, p and y
	Strong float32 = 16 // headings of cards
	Head   float32 = 20 // of screens
	Large  float32 = 28
)

// Gap is the step of all spacing.
const Gap float32 = 4

// Corner is the radius of buttons and cards.
const Corner float32 = 8
