package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// markup is what would be more than a text where something took it for markup; short,
// so that it is not broken into lines.
const markup = "**x** [y](http://z) <b>`"

// hostileDesk is a room whose texts are full of markup.
func hostileDesk(t testing.TB) *readmodeltest.Room {
	r := fullRoom(t, 24)
	for _, f := range []moot.Field{moot.Title, moot.About, moot.Notice, moot.Contact, moot.Question, moot.Wifi, moot.Practice, moot.Prompt, moot.Licence} {
		r.Put(&moot.SetField{Field: f, Value: markup, Rev: r.View().Session.Rev(f) + 1})
	}
	for i, standing := range []moot.Standing{moot.Approved, moot.Pending} {
		said := moot.StatementID(r.Put(&moot.NewStatement{Text: fmt.Sprint(markup, i), Lang: "en", Standing: standing, Src: moot.FromPhone, Made: r.Now}))
		if standing == moot.Approved {
			for j, p := range r.View().People() {
				r.Vote(p.ID, said, []moot.Vote{moot.Agree, moot.Disagree}[j%2])
			}
		}
	}
	for _, p := range r.View().People() {
		r.Put(&moot.SetPerson{Person: p.ID, Field: moot.PersonName, Value: markup, Rev: 9})
	}
	return r
}

// The desk shows people's words as they wrote them: nothing of it is taken for bold, a
// link or a picture.
func TestHostileTexts(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		s, _ := inSession(t, lang, false, hostileDesk(t))
		s.Window().Resize(fyne.NewSize(2560, 1440))
		seen := 0
		for _, place := range places {
			place.go_(t, s, lang)
			for _, p := range parts(s.Window()) {
				switch it := p.object.(type) {
				case *widget.Hyperlink:
					t.Errorf("%s: a link %q", place.name, it.Text)
				case *widget.RichText:
					for _, part := range it.Segments {
						if _, plain := part.(*widget.TextSegment); !plain {
							t.Errorf("%s: markup %T %q", place.name, part, part.Textual())
						}
					}
				case *look.Text:
					if strings.Contains(it.Text(), "**x**") && strings.Contains(it.Text(), "[y](http://z)") && strings.Contains(it.Text(), "<b>`") {
						seen++
					}
				}
			}
			if place.name == "statements" && !strings.Contains(drawn(s), look.Typeset(markup)) {
				t.Errorf("the statements do not say %q:\n%s", markup, drawn(s))
			}
		}
		if seen < 4 {
			t.Errorf("%s: %d texts show the markup as it is", lang, seen)
		}
	}
}
