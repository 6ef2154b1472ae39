package look_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"folkmoot/app/look"
)

// wide measures as if a Chinese character took 2 and any other 1.
func wide(text string) float32 {
	var width float32
	for _, r := range text {
		width++
		if r >= 0x2E80 {
			width++
		}
	}
	return width
}

func TestBreakLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      float32
		want       []string
	}{
		{"nothing", "", 10, []string{""}},
		{"fits", "short", 10, []string{"short"}},
		{"words", "one two three", 8, []string{"one two", "three"}},
		{"two even lines, not one full and one short", "aa bb cc dd ee", 12, []string{"aa bb cc", "dd ee"}},
		{"a word that is too long is broken", "a extraordinary b", 8, []string{"a", "extraord", "inary b"}},
		{"and again where it fills lines", strings.Repeat("Wort", 5) + " x", 8, []string{"WortWort", "WortWort", "Wort x"}},
		{"by whole characters", "e\u0301e\u0301e\u0301", 4, []string{"e\u0301e\u0301", "e\u0301"}},
		{"no room at all", "ab", 0, []string{"a", "b"}},
		{"a line feed ends a line", "a\nb", 10, []string{"a", "b"}},
		{"Chinese breaks anywhere", "甲乙丙丁", 4, []string{"甲乙", "丙丁"}},
		{"no character stands alone", "甲乙丙丁戊", 8, []string{"甲乙丙", "丁戊"}},
		{"no line begins with 。", "甲乙丙丁。", 8, []string{"甲乙丙", "丁。"}},
		{"no line ends with 「", "甲乙丙「丁戊", 8, []string{"甲乙丙", "「丁戊"}},
	} {
		if got := look.BreakLines(c.text, c.width, wide); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Nothing of a text is lost but blanks at the ends of lines, and no line is wider than
// its room.
func TestBreakLinesKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab cd,.公開的資料「」。，！ ")), 0, 60, -1).Draw(t, "text")
		width := float32(rapid.IntRange(2, 40).Draw(t, "width"))
		lines := look.BreakLines(text, width, wide)
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := bare(strings.Join(lines, "")); got != bare(text) {
			t.Fatalf("%q became %q", text, got)
		}
		for _, line := range lines {
			if !utf8.ValidString(line) || wide(line) > max(width, 2) {
				t.Fatalf("%q is wider than %.0f", line, width)
			}
		}
	})
}

// TestWidestPiece: a text asks for no more room than a long word needs.
func TestWidestPiece(t *testing.T) {
	for text, want := range map[string]float32{"": 0, "one three": 5, "公開": 2, strings.Repeat("Wort", 5): 20, strings.Repeat("Wort", 35): 20} {
		if got := look.WidestPiece(text, wide); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
