package moot_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"folkmoot/sync/moot"
)

func TestCleanText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"plain", "We need more shade.", "We need more shade."},
		{"blanks at both ends", "  a b \t", "a b"},
		{"runs of blanks", "a \t\n  b", "a b"},
		{"full-width blanks", "　我們　　需要　", "我們 需要"},
		{"a no-break space", "a\u00a0b", "a b"},
		{"line breaks of all kinds", "a\r\nb\u2028c\u0085d", "a b c d"},
		{"control characters", "a\x00b\x07c\x1b[31m\x7f", "abc[31m"},
		{"direction overrides", "a\u202eb\u2066c\u2069\u200e\u200f\u061cd", "abcd"},
		{"a byte order mark", "\ufeffa", "a"},
		{"invalid UTF-8", "a\xff\xfeb", "ab"},
		{"letters and accents apart", "e\u0301te\u0301", "été"},
		{"an accent behind a removed mark", "e\u200e\u0301", "é"},
		{"a family of emoji stays whole", "👩‍👧 ok", "👩‍👧 ok"},
		{"full-width letters stay as typed", "ＡＢ１", "ＡＢ１"},
		{"only what is removed", "\u202e\x00 \u3000", ""},
	} {
		if got := moot.CleanText(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCleanLines(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"lines stay", "a  b\r\nc\n", "a b\nc"},
		{"an empty line between stays", "\n\na\n \n b\u202e \n\n", "a\n\nb"},
		{"other breaks turn into blanks", "a\u2028b\rc", "a b c"},
		{"nothing", " \r\n\t", ""},
	} {
		if got := moot.CleanLines(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Cleaning is done once: again it changes nothing, and the result is valid NFC
// without blanks at its ends.
func TestCleanTextLaws(t *testing.T) {
	nasty := rapid.SampledFrom([]rune{'a', 'e', ' ', '\n', '\r', '\u3000', '\u0301', '\u0323', '\u200e', '\u202e', '\x00', '\ufeff', '\ufffd', '我', '한', 'ᄒ', 'ᅡ', '\u200d', '👩'})
	texts := rapid.OneOf(rapid.String(), rapid.StringOf(nasty))
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		for name, clean := range map[string]func(string) string{"text": moot.CleanText, "lines": moot.CleanLines} {
			got := clean(text)
			if again := clean(got); again != got {
				t.Fatalf("%s: %q, cleaned again %q", name, got, again)
			}
			if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.TrimSpace(got) != got || strings.ContainsAny(got, "\u202e\x00\r") {
				t.Fatalf("%s: %q is not clean", name, got)
			}
		}
	})
}

func ExampleCleanText() {
	fmt.Printf("%q\n", moot.CleanText("　 More\u202e   trees \x07 please\n"))
	// Output:
	// "More trees please"
}
