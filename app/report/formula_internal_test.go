package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHarmless(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""}, {"We need lamps", "We need lamps"}, {"1-2 = 3", "1-2 = 3"}, {"我覺得要有燈", "我覺得要有燈"}, {"'=1", "'=1"},
		{"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\tx", "'\tx"}, {"\rx", "'\rx"},
		{"  =1", "'  =1"}, {"\u3000＝1", "'\u3000＝1"}, {"＋1", "'＋1"}, {"－1", "'－1"}, {"＠a", "'＠a"}, {"﹦1", "'﹦1"}, {"−1", "'−1"}, {"\u200b=1", "'\u200b=1"}, {"\ufeff=1", "'\ufeff=1"},
		{"a\n=1", "a\n'=1"}, {"a\r\n=1\r\nb", "a\r\n'=1\r\nb"}, {"a\r=1", "a\r'=1"}, {"a\u2028 -1", "a\u2028' -1"}, {"a\n\n=1", "a\n\n'=1"}, {"\n=1", "\n'=1"}, {"=1\n=2", "'=1\n'=2"},
		{" \t x", "' \t x"}, {"   ", "   "},
	} {
		if got := harmless(tt.text); got != tt.want {
			t.Errorf("%q gives %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Whatever the text: it is all there, nothing but apostrophes was added, and no line of
// it is a formula.
func TestLawHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("=+-@＝\t\r\n\u2028 \u3000\u200ba燈'"))).Draw(t, "text")
		got := harmless(text)
		rest := text
		for _, r := range got {
			if strings.HasPrefix(rest, string(r)) {
				rest = rest[len(string(r)):]
			} else if r != '\'' {
				t.Fatalf("%q became %q", text, got)
			}
		}
		if rest != "" {
			t.Fatalf("%q became %q", text, got)
		}
		for _, line := range strings.FieldsFunc(strings.ReplaceAll(got, "\r\n", "\n"), func(r rune) bool { return r == '\n' || r == '\u2028' }) {
			line = strings.TrimLeft(line, " \u3000\u200b")
			if line != "" && strings.ContainsAny(line[:1], "=+-@\t\r") || strings.HasPrefix(line, "＝") {
				t.Fatalf("%q became %q, where %q is a formula", text, got, line)
			}
		}
		if again := harmless(got); again != got {
			t.Fatalf("%q, once more %q", got, again)
		}
	})
}
