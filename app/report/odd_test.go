package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// oddRoom is a room of people and statements with votes by a rule; moot.None is no vote.
func oddRoom(t *testing.T, people, statements int, vote func(p, s int) moot.Vote) *readmodeltest.Room {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	sids := make([]moot.StatementID, statements)
	for s := range sids {
		sids[s] = r.Statement(fmt.Sprintf("第 %d 則意見", s+1))
	}
	for p := range people {
		pid := r.Join(p, "")
		for s := range sids {
			if v := vote(p, s); v != moot.None {
				r.Vote(pid, sids[s], v)
			}
		}
	}
	return r
}

func always(v moot.Vote) func(int, int) moot.Vote { return func(int, int) moot.Vote { return v } }

// Rooms that no map can be drawn of, or none that says much, get an ordinary answer with
// a plain sentence in every form in which a map leaves.
func TestOddRoomsGetAPlainAnswer(t *testing.T) {
	sides := func(p, s int) moot.Vote { return []moot.Vote{moot.Agree, moot.Disagree}[(p+s)%2] }
	for name, c := range map[string]struct {
		room *readmodeltest.Room
		says string // at the terminal
	}{
		"nobody":             {readmodeltest.NewOpen(t), "At least 3 statements are needed."},
		"one participant":    {oddRoom(t, 1, 9, sides), "7 more people have to answer some more statements."},
		"one statement":      {oddRoom(t, 20, 1, sides), "At least 3 statements are needed."},
		"all the same":       {oddRoom(t, 20, 9, always(moot.Agree)), "The answers are too much alike to draw a difference."},
		"all pass":           {oddRoom(t, 20, 9, always(moot.Pass)), "The answers are too much alike to draw a difference."},
		"two places":         {oddRoom(t, 20, 9, sides), "Group A · 10 people"},
		"one without a vote": {oddRoom(t, 20, 9, func(p, s int) moot.Vote { return map[bool]moot.Vote{true: moot.None, false: sides(p, s)}[s == 4] }), "Group A · 10 people"},
		"all on one only":    {oddRoom(t, 20, 9, func(p, s int) moot.Vote { return map[bool]moot.Vote{true: sides(p, s), false: moot.None}[s == 4] }), "8 more people have to answer some more statements."},
		"10,000 statements":  {oddRoom(t, 10, 10000, func(p, s int) moot.Vote { return map[bool]moot.Vote{true: sides(p, s), false: moot.None}[s%1000 == p] }), "10 people"},
	} {
		v, err := readmodel.Build(t.Context(), c.room.View(), readmodel.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var text, document, svg, png bytes.Buffer
		names := report.SourceNames(c.room.View())
		for _, err := range []error{
			report.WriteMapText(&text, v, names),
			report.WriteJSON(&document, report.NewMapDocument(v, names)),
			report.WriteSVG(&svg, v, report.PictureOptions{Lang: words.English}),
			report.WritePNG(&png, v, report.PictureOptions{Lang: words.Chinese}),
		} {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !strings.Contains(text.String(), c.says) {
			t.Errorf("%s: does not say %q:\n%s", name, c.says, text.String())
		}
		for form, out := range map[string]string{"text": text.String(), "JSON": document.String(), "SVG": svg.String()} {
			for _, bad := range []string{"NaN", "Inf", ": null", "<no value>", "%!"} {
				if strings.Contains(out, bad) {
					t.Errorf("%s: the %s holds %s", name, form, bad)
				}
			}
		}
	}
}
