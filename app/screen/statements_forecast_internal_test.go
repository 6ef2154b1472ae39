package screen

import (
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

func TestForecastText(t *testing.T) {
	short := func(n int) (list []readmodel.ShortStatement) {
		for range n {
			list = append(list, readmodel.ShortStatement{ID: "x", Needs: 4, Expected: 11})
		}
		return list
	}
	for _, c := range []struct {
		name            string
		forecast        readmodel.Forecast
		english, taiwan string
	}{
		{"nothing runs", readmodel.Forecast{}, "", ""},
		{"all will have enough", readmodel.Forecast{Target: 15}, "", ""},
		{"one, and no time helps", readmodel.Forecast{Target: 15, Short: short(1), Beyond: 1},
			"1 statement will probably miss its target of 15 votes. More time alone would not help.", "到時間可能還有 1 則意見不滿 15 票。只靠延長時間應該不夠。"},
		{"three, two minutes help", readmodel.Forecast{Target: 15, Short: short(3), Minutes: 2},
			"3 statements will probably miss their target of 15 votes. +2 min would be enough.", "到時間可能還有 3 則意見不滿 15 票。再 2 分鐘應該就夠。"},
		{"three, two minutes help two of them", readmodel.Forecast{Target: 15, Short: short(3), Minutes: 2, Beyond: 1},
			"3 statements will probably miss their target of 15 votes. +2 min would be enough for all but 1.", "到時間可能還有 3 則意見不滿 15 票。再 2 分鐘應該只剩 1 則。"},
	} {
		for lang, want := range map[string]string{"en": c.english, "zh-Hant": c.taiwan} {
			if got := forecastText(look.Style{Lang: lang}, c.forecast); got != want {
				t.Errorf("%s: %q, want %q", c.name, got, want)
			}
		}
	}
	sheet := &readmodel.Sheet{Forecast: readmodel.Forecast{Target: 15, Short: short(1)}}
	if got, want := shortText(look.Style{Lang: "en"}, readmodel.SheetStatement{ID: "x"}, sheet), "needs 4 more votes; will probably have 11 of 15"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := shortText(look.Style{Lang: "en"}, readmodel.SheetStatement{ID: "y"}, sheet); got != "" {
		t.Errorf("of one that will have enough: %q", got)
	}
}
