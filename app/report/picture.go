package report

import (
	"html"
	"io"
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

// WritePNG writes the same as PNG, 2,000 by 1,600 pixels.
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
	if v.Scene == nil {
		return p
	}
	return headed(p, len(v.Map.OnMap), v.Map.Participants, v.Light)
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
	spoken := readmodel.MapForRoom{GroupsFound: true, Scene: p.Scene}
	p.Spoken = strings.Join(sentences(spoken.Spoken(), p.Lang), " ")
	return headed(p, len(m.InConversation), len(m.Participants), "") // Polis has no light
}

// headed puts at the top, and before what is spoken, how many of the people are on the map,
// and its light unless that is green: a picture goes about without the words around it.
func headed(p picture.Picture, on, people int, light readmodel.Light) picture.Picture {
	said := []string{words.Text(p.Lang, "desk.map_title", nil)}
	if on == people {
		said = append(said, words.Text(p.Lang, "person.count", map[string]any{"N": on}))
	} else {
		said = append(said, words.Text(p.Lang, "map.head_part", map[string]any{"On": on, "N": people}))
	}
	switch light {
	case readmodel.Amber:
		said = append(said, words.Text(p.Lang, "desk.map_amber", nil))
	case readmodel.Red:
		said = append(said, words.Text(p.Lang, "desk.map_red", nil))
	}
	p.Head = strings.Join(said, " · ")
	p.Spoken = p.Head + stop(p.Lang) + " " + p.Spoken
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
