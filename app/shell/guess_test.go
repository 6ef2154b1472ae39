package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/app/look"
	"folkmoot/assets/words"
)

// That somebody guesses the code is said in the line that is always there, for as long
// as new devices wait, in both languages and in every size.
func TestSomebodyGuessesTheCode(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s-dark=%v", lang, dark), func(t *testing.T) {
				s, f := inSession(t, lang, dark, fullRoom(t, 12))
				text := look.Typeset(words.Text(lang, "host.guessing", map[string]any{"N": 112, "Time": "\x00"}))
				begin, _, _ := strings.Cut(text, "\x00")
				if strings.Contains(drawn(s), begin) {
					t.Fatal("it is said though nobody guesses")
				}
				f.session.venue.Wrong, f.session.venue.WaitUntil = 112, f.session.room.Now+240_000
				f.session.push()
				for _, size := range sizes {
					s.Window().Resize(size)
					if !strings.Contains(drawn(s), begin) {
						t.Errorf("at %.0f nothing says %q", size.Width, begin)
					}
					for _, line := range blemishes(s.Window()) {
						t.Errorf("at %.0f: %s", size.Width, line)
					}
					picture(t, s, fmt.Sprintf("desk-guessing-%s-%.0f", lang, size.Width), dark)
				}
				f.session.venue.WaitUntil = f.session.room.Now
				f.session.push()
				if strings.Contains(drawn(s), begin) {
					t.Error("it is still said when the wait is over")
				}
			})
		}
	}
}
