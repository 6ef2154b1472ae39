package screen

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// mapSentences says the map in words, for those who cannot see it, who is not on it, and
// that groups are still being worked out.
func mapSentences(s look.Style, sheet *readmodel.Sheet) []string {
	var said []string
	for _, one := range sheet.Map.Spoken() {
		said = append(said, mapSay(s, one))
	}
	said = append(said, mapOff(s, sheet)...)
	if mapWorking(sheet.Map) {
		said = append(said, s.Say("missing.working"))
	}
	return said
}

// mapOff says how many people are not on the map, nothing where all are.
func mapOff(s look.Style, sheet *readmodel.Sheet) []string {
	if sheet.OffMap == 0 {
		return nil
	}
	return []string{s.Say("map.say_off", look.Args{"N": sheet.OffMap})}
}

func mapWorking(shown *readmodel.MapForRoom) bool {
	return slices.ContainsFunc(shown.Missing, func(one readmodel.Sentence) bool { return one.ID == readmodel.MissingTest })
}

// mapMissing says what is missing until there is a map.
func mapMissing(s look.Style, shown *readmodel.MapForRoom) []string {
	if shown == nil || len(shown.Missing) == 0 {
		return []string{s.Say("missing.other")}
	}
	said := make([]string, len(shown.Missing))
	for i, one := range shown.Missing {
		said[i] = mapSay(s, one)
	}
	return said
}

// mapBetter says what would make a map more reliable, besides waiting.
func mapBetter(s look.Style, shown *readmodel.MapForRoom) []string {
	var said []string
	for _, one := range shown.Missing {
		if one.ID != readmodel.MissingTest {
			said = append(said, mapSay(s, one))
		}
	}
	return said
}

// mapFirstSentences says what stands above the picture: how many people and groups, and
// what would make the map more reliable first. The rest stands beside it and in the table.
func mapFirstSentences(s look.Style, sheet *readmodel.Sheet) []string {
	said := append([]string{mapSay(s, sheet.Map.Spoken()[0])}, mapOff(s, sheet)...)
	if mapWorking(sheet.Map) {
		said = append(said, s.Say("missing.working"))
	}
	if better := mapBetter(s, sheet.Map); len(better) > 0 && sheet.Light != readmodel.Green {
		said = append(said, better[0])
		if len(better) > 1 {
			said = append(said, s.Say("desk.map_more", look.Args{"N": len(better) - 1}))
		}
	}
	return said
}

// MapUnsure says, before the map is shown to the room, how far it may not be trusted and
// what is missing first; "" where it may, or where there is none.
func MapUnsure(s look.Style, sheet *readmodel.Sheet) string {
	if mapScene(sheet.Map) == nil || sheet.Light == readmodel.Green {
		return ""
	}
	why := look.Args{"Why": mapMissing(s, sheet.Map)[0]}
	if sheet.Light == readmodel.Amber {
		return s.Say("desk.show_amber", why)
	}
	return s.Say("desk.show_red", why)
}

// mapSay puts a sentence of the readmodel into words; one that this version does not
// know is said in general. A statement is named by its beginning: it stands whole elsewhere.
func mapSay(s look.Style, one readmodel.Sentence) string {
	args := look.Args{}
	for name, value := range one.Args {
		args[name] = value
	}
	if text := one.Args["Text"]; text != "" {
		args["Text"] = mapBeginning(text)
	}
	if text := s.Say(one.ID, args); text != one.ID {
		return text
	}
	return s.Say("missing.other")
}

// mapNameLength is how much of a statement names it, in columns: a Chinese character has
// two.
const mapNameLength = 44

// mapBeginning gives the beginning of a long text, cut between words where it has some.
func mapBeginning(text string) string {
	columns, end, blank := 0, 0, 0
	for i, r := range text {
		columns++
		if r > 0x2E80 {
			columns++
		}
		if columns > mapNameLength {
			if blank > end/2 {
				end = blank
			}
			return strings.TrimRight(text[:end], " ,.;:，。、；：") + "…"
		}
		if r == ' ' {
			blank = i
		}
		end = i + len(string(r))
	}
	return text
}

// mapParagraph puts sentences behind each other: Chinese ones need no blank.
func mapParagraph(s look.Style, sentences []string) string {
	if s.Lang == "en" {
		return strings.Join(sentences, " ")
	}
	return strings.Join(sentences, "")
}

// HowLines says how a map was worked out, a sentence a line, for the dialog that the
// shell shows. nil has no lines.
func HowLines(s look.Style, how *readmodel.HowWorkedOut) []string {
	if how == nil {
		return nil
	}
	first, second := mapPercent(how.Explained[0]), mapPercent(how.Explained[1])
	lines := []string{
		s.Say("desk.map_how_counts", look.Args{"N": how.People, "Statements": how.Statements}),
		s.Say("desk.map_how_needed", look.Args{"N": how.VotesNeeded}),
		s.Say("desk.map_how_axes", look.Args{"First": first, "Second": second, "Both": first + second}),
	}
	if len(how.Tried) > 0 {
		lines = append(lines, s.Say("desk.map_how_tried"))
		for _, one := range how.Tried {
			lines = append(lines, s.Say("desk.map_how_try", look.Args{"Groups": one.K, "Mean": mapFigure(one.Mean)}))
		}
	}
	switch {
	case !how.Tested:
		lines = append(lines, s.Say("desk.map_how_untested"))
	case how.Groups == 0:
		lines = append(lines, s.Say("desk.map_how_none"))
	default:
		lines = append(lines, mapHowShown(s, how))
	}
	if how.Tested && how.TestedAgo >= 0 {
		lines = append(lines, mapAgo(s, how.TestedAgo))
	}
	if len(how.Stable) > 0 {
		lines = append(lines, s.Say("desk.map_how_stable"))
		for _, group := range how.Stable {
			lines = append(lines, s.Say("desk.map_how_firm", look.Args{"Letter": group.Letter, "Word": mapStability(s, group.Word), "Mean": mapFigure(group.Mean)}))
		}
		if how.Agreement > 0 {
			lines = append(lines, s.Say("desk.map_how_agree", look.Args{"Mean": mapFigure(how.Agreement)}))
		}
	}
	if how.Apart+how.Common+how.Divisions > 0 {
		lines = append(lines, s.Say("desk.map_how_named", look.Args{"Apart": how.Apart, "Common": how.Common, "Divisions": how.Divisions}))
		lines = append(lines, s.Say("desk.map_how_false", look.Args{"Share": mapPercent(how.FalseRate)}))
	}
	return append(lines, s.Say("desk.map_how_engine", look.Args{"Version": how.Engine}))
}

// mapHowShown says why the groups are shown. In a large room some of the people were tested,
// whose figure is another than that of all; else it is the one that was said of the groups
// tried.
func mapHowShown(s look.Style, how *readmodel.HowWorkedOut) string {
	args := look.Args{"Groups": how.Groups, "N": how.TestedPeople, "Mean": mapFigure(how.Silhouette), "Chance": mapFigure(how.ByChance)}
	if 0 < how.TestedPeople && how.TestedPeople < how.People {
		return s.Say("desk.map_how_some", args)
	}
	for _, one := range how.Tried {
		if one.K == how.Groups {
			args["Mean"] = mapFigure(one.Mean)
		}
	}
	return s.Say("desk.map_how_shown", args)
}

// mapAgo says how long ago the groups were tested: in seconds up to two minutes.
func mapAgo(s look.Style, seconds int) string {
	if seconds < 120 {
		return s.Say("desk.map_how_ago", look.Args{"N": seconds})
	}
	return s.Say("desk.map_how_minutes", look.Args{"N": seconds / 60})
}

func mapPercent(share float64) int { return int(math.Round(100 * share)) }

// mapFigure writes a silhouette: two digits, a true minus.
func mapFigure(x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	if text == "-0.00" {
		return "0.00"
	}
	return strings.Replace(text, "-", "−", 1)
}
