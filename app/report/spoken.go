package report

import (
	"math"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// SpokenMap says the map in a few sentences, for those who cannot see it.
func SpokenMap(v *readmodel.View, lang string) []string {
	if v.Scene == nil {
		return append([]string{words.Text(lang, "map.missing", nil) + stop(lang)}, sentences(v.Missing, lang)...)
	}
	if !v.Map.GroupsFound {
		return []string{words.Text(lang, "map.say_plain", map[string]any{"N": v.Counts.OnMap})}
	}
	said := []string{words.Text(lang, "map.say_groups", map[string]any{"N": v.Counts.OnMap, "Groups": len(v.Letters)})}
	if largest, ok := largestGroup(v.Scene.Labels); ok {
		said = append(said, words.Text(lang, "map.say_largest", map[string]any{"Letter": largest.Group, "N": largest.People}))
	}
	if first, second, ok := furthest(v.Scene); ok {
		said = append(said, words.Text(lang, "map.say_far", map[string]any{"First": first, "Second": second}))
	}
	return said
}

// largestGroup gives the label of the group with the most people, false in a tie.
func largestGroup(labels []readmodel.Label) (largest readmodel.Label, ok bool) {
	for _, l := range labels {
		switch {
		case l.People > largest.People:
			largest, ok = l, true
		case l.People == largest.People:
			ok = false
		}
	}
	return largest, ok
}

// furthest gives the two groups whose middles lie furthest apart, where there are
// three groups or more.
func furthest(s *readmodel.Scene) (first, second string, ok bool) {
	if len(s.Hulls) < 3 {
		return "", "", false
	}
	middle := map[string][3]float64{}
	for _, m := range s.Marks {
		n := float64(m.People)
		sum := middle[m.Group]
		middle[m.Group] = [3]float64{sum[0] + n*m.X, sum[1] + n*m.Y, sum[2] + n}
	}
	most := -1.0
	for i, a := range s.Hulls {
		for _, b := range s.Hulls[i+1:] {
			p, q := middle[a.Group], middle[b.Group]
			if d := math.Hypot(p[0]/p[2]-q[0]/q[2], p[1]/p[2]-q[1]/q[2]); d > most {
				most, first, second = d, a.Group, b.Group
			}
		}
	}
	return first, second, true
}

func stop(lang string) string {
	if lang == words.Chinese {
		return "。"
	}
	return "."
}
