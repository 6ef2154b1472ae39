package screen

import (
	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// forecastText says how many statements will lack votes when the running step ends, and
// what more time would change; "" where none will.
func forecastText(s look.Style, f readmodel.Forecast) string {
	if len(f.Short) == 0 {
		return ""
	}
	more := s.Say("forecast.nearly", look.Args{"Minutes": f.Minutes, "Rest": f.Beyond})
	switch {
	case f.Minutes == 0:
		more = s.Say("forecast.no_help")
	case f.Beyond == 0:
		more = s.Say("forecast.enough", look.Args{"Minutes": f.Minutes})
	}
	return s.Say("forecast.both", look.Args{"First": s.Say("forecast.short", look.Args{"N": len(f.Short), "Target": f.Target}), "Second": more})
}

// shortText says of one statement how many votes it lacks and will probably have; "" for
// one that will have enough.
func shortText(s look.Style, one readmodel.SheetStatement, sheet *readmodel.Sheet) string {
	f := sheet.Forecast
	short := f.Of(one.ID)
	if short == nil {
		return ""
	}
	return s.Say("forecast.one", look.Args{"N": short.Needs, "Expected": short.Expected, "Target": f.Target})
}
