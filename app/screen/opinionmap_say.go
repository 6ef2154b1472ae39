package screen

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// mapSentences says the map in words, for those who cannot see it: three sentences at
// most, and that groups are still being worked out. The participants' page says the same
// (assets/page/src/map/sentences.ts).
func mapSentences(s look.Style, shown *readmodel.MapForRoom) []string {
	scene := shown.Scene
	people := 0
	for _, mark := range scene.Marks {
		people += mark.People
	}
	labels := slices.SortedFunc(slices.Values(scene.Labels), func(a, b readmodel.Label) int { return cmp.Compare(a.Group, b.Group) })
	var said []string
	if !shown.GroupsFound || len(labels) < 2 {
		said = append(said, s.Say("map.say_plain", look.Args{"N": people}))
	} else {
		said = append(said, s.Say("map.say_groups", look.Args{"N": people, "Groups": len(labels)}))
		said = append(said, mapCompare(s, scene, labels)...)
	}
	if mapWorking(shown) {
		said = append(said, s.Say("missing.working"))
	}
	return said
}

// mapCompare says which of two groups is the larger, or which of more are far and near.
func mapCompare(s look.Style, scene *readmodel.Scene, labels []readmodel.Label) []string {
	if len(labels) == 2 {
		largest := slices.MaxFunc(labels, func(a, b readmodel.Label) int { return cmp.Compare(a.People, b.People) })
		return []string{s.Say("map.say_largest", look.Args{"Letter": largest.Group, "N": largest.People})}
	}
	far, near := math.Inf(-1), math.Inf(1)
	var farthest, nearest look.Args
	for i, a := range labels {
		for _, b := range labels[i+1:] {
			ax, ay := mapMiddle(scene, a.Group)
			bx, by := mapMiddle(scene, b.Group)
			distance := math.Hypot(ax-bx, ay-by)
			pair := look.Args{"First": a.Group, "Second": b.Group}
			if distance > far {
				far, farthest = distance, pair
			}
			if distance < near {
				near, nearest = distance, pair
			}
		}
	}
	return []string{s.Say("map.say_far", farthest), s.Say("map.say_near", nearest)}
}

// mapMiddle gives where the people of a group stand on average.
func mapMiddle(scene *readmodel.Scene, group string) (x, y float64) {
	people := 0.0
	for _, mark := range scene.Marks {
		if mark.Group == group {
			n := float64(mark.People)
			x, y, people = x+mark.X*n, y+mark.Y*n, people+n
		}
	}
	return x / max(1, people), y / max(1, people)
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

// mapSay puts a sentence of the readmodel into words; one that this version does not
// know is said in general.
func mapSay(s look.Style, one readmodel.Sentence) string {
	args := look.Args{}
	for name, value := range one.Args {
		args[name] = value
	}
	if text := s.Say(one.ID, args); text != one.ID {
		return text
	}
	return s.Say("missing.other")
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
		lines = append(lines, s.Say("desk.map_how_shown", look.Args{"Groups": how.Groups, "Mean": mapFigure(how.Silhouette), "Chance": mapFigure(how.ByChance)}))
	}
	if how.Apart+how.Common+how.Divisions > 0 {
		lines = append(lines, s.Say("desk.map_how_named", look.Args{"Apart": how.Apart, "Common": how.Common, "Divisions": how.Divisions}))
		lines = append(lines, s.Say("desk.map_how_false", look.Args{"Share": mapPercent(how.FalseRate)}))
	}
	return append(lines, s.Say("desk.map_how_engine", look.Args{"Version": how.Engine}))
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
