package report

import (
	"html"
	"io"
	"math"
	"strings"

	"folkmoot/analysis/opinion"
	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// PictureOptions say how a map is painted.
type PictureOptions struct {
	// Lang is the language of its texts, default zh-Hant.
	Lang string
	// Wall takes the colours of the wall: light on dark.
	Wall bool
	// Software is the version of the program that stands on the picture; may be empty.
	Software string
}

// WriteSVG writes the map as a picture of its own, with a title and a description for
// those who cannot see it. Without a map it says what is missing.
func WriteSVG(w io.Writer, v *readmodel.View, o PictureOptions) error {
	return picture.WriteSVG(w, MapPicture(v, o))
}

// WritePNG writes the same as PNG, 2,000 by 1,500 pixels.
func WritePNG(w io.Writer, v *readmodel.View, o PictureOptions) error {
	return picture.WritePNG(w, MapPicture(v, o), picture.DefaultPixels)
}

// MapPicture gives the picture of a View's map.
func MapPicture(v *readmodel.View, o PictureOptions) picture.Picture {
	p := o.picture(v.Scene)
	if v.Scene == nil {
		p.Missing = sentences(v.Missing, p.Lang)
	}
	p.Made = words.Text(p.Lang, "map.made", map[string]any{"Program": o.program(), "Engine": "folkmoot " + opinion.EngineVersion, "Seed": utoa(v.Seed)})
	p.Spoken = strings.Join(SpokenMap(v, p.Lang), " ")
	return p
}

// polisEngine names the engine and the year of the mathematics that it follows.
const polisEngine = "polis 2024"

// PolisPicture gives the picture of a map that the polis engine made. It has no seed: it
// chooses nothing at random.
func PolisPicture(matrix readmodel.PolisMatrix, m opinion.PolisMap, o PictureOptions) picture.Picture {
	p := o.picture(readmodel.PolisScene(matrix, m))
	p.Made = words.Text(p.Lang, "map.made_plain", map[string]any{"Program": o.program(), "Engine": polisEngine})
	if p.Scene == nil {
		p.Missing = []string{words.Text(p.Lang, "missing.other", nil)}
		p.Spoken = strings.Join(p.Missing, " ")
		return p
	}
	p.Spoken = strings.Join(spokenScene(p.Scene, len(m.InConversation), p.Lang), " ")
	return p
}

func (o PictureOptions) picture(scene *readmodel.Scene) picture.Picture {
	p := picture.Picture{Scene: scene, Lang: o.Lang, Palette: picture.Light()}
	if o.Lang == "" {
		p.Lang = words.Chinese
	}
	if o.Wall {
		p.Palette = picture.Wall()
	}
	return p
}

func (o PictureOptions) program() string { return strings.TrimSpace("Folkmoot " + o.Software) }

// groupIndex gives the place of a letter in the page's palette.
func groupIndex(letter string) int { return int(letter[0]-'A') % 5 }

func escape(text string) string { return html.EscapeString(text) }

// SpokenMap says the map in a few sentences, for those who cannot see it.
func SpokenMap(v *readmodel.View, lang string) []string {
	if v.Scene == nil {
		return append([]string{words.Text(lang, "map.missing", nil) + stop(lang)}, sentences(v.Missing, lang)...)
	}
	if !v.Map.GroupsFound {
		return []string{words.Text(lang, "map.say_plain", map[string]any{"N": v.Counts.OnMap})}
	}
	return spokenScene(v.Scene, v.Counts.OnMap, lang)
}

// spokenScene says a map with groups.
func spokenScene(scene *readmodel.Scene, people int, lang string) []string {
	said := []string{words.Text(lang, "map.say_groups", map[string]any{"N": people, "Groups": len(scene.Labels)})}
	if largest, ok := largestGroup(scene.Labels); ok {
		said = append(said, words.Text(lang, "map.say_largest", map[string]any{"Letter": largest.Group, "N": largest.People}))
	}
	if first, second, ok := furthest(scene); ok {
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
