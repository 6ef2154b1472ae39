package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// hurried is a round that is nearly over, with statements that lack votes.
func hurried(t testing.TB) *readmodeltest.Room {
	t.Helper()
	r := newRoom(t, "河岸怎麼用")
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	var sids []moot.StatementID
	for i := range 9 {
		sids = append(sids, r.Statement(strings.Repeat("河岸應該留給走路和騎車的人，", 1+i%3)+fmt.Sprintf("至少第 %d 段。", i+1)))
	}
	r.Now = r.View().Steps[1].Ends - 150_000
	for i := range 24 {
		p := r.Join(i+1, "")
		for j, s := range sids {
			if (i+j)%4 == 0 || j < 4 {
				r.Now += 1100
				r.Vote(p, s, moot.Vote(1+(i+j)%3))
			}
		}
	}
	return r
}

// What will lack votes is said on top, and at each statement, with nothing cut.
func TestForecastIsSaid(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s-dark=%v", lang, dark), func(t *testing.T) {
				s, f := inSession(t, lang, dark, hurried(t))
				forecast := f.session.sheet().Forecast
				if len(forecast.Short) != 5 || forecast.Minutes == 0 {
					t.Fatalf("the room is not what it should be: %+v", forecast)
				}
				for _, size := range sizes {
					s.Window().Resize(size)
					press(s, key(2))
					for _, line := range blemishes(s.Window()) {
						t.Errorf("at %.0f: %s", size.Width, line)
					}
					picture(t, s, fmt.Sprintf("desk-forecast-%s-%.0fx%.0f", lang, size.Width, size.Height), dark)
				}
				want := map[string]string{"en": "5 statements will probably miss their target of 12 votes", "zh-Hant": "5 則意見不滿 12 票"}[lang]
				if all := strings.ReplaceAll(drawn(s), "\n", " "); !strings.Contains(plain(all), plain(want)) {
					t.Errorf("nothing says %q in %s", want, all)
				}
				for _, short := range forecast.Short {
					if want := fmt.Sprintf("%d of 12", short.Expected); lang == "en" && !strings.Contains(plain(drawn(s)), plain(want)) {
						t.Errorf("nothing says %q", want)
					}
				}
				f.session.room.Do(readmodel.CloseStep(f.session.room.View(), "opinion", f.session.room.Now, f.session.room.IDs))
				f.session.push()
				if all := plain(drawn(s)); strings.Contains(all, plain(want)) {
					t.Error("the round is closed, and its end is still foretold")
				}
			})
		}
	}
}

// plain leaves out where lines were broken.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\u2060' || r == '\u00a0' {
			return -1
		}
		return r
	}, text)
}
