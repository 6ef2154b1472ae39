package report

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// svgScale is the number of SVG units for a Scene's unit.
const svgScale = 1000

// fonts are asked for in turn: those that come with the usual systems and have
// Traditional Chinese and Latin.
const fonts = `'Noto Sans TC','Noto Sans CJK TC','PingFang TC','Microsoft JhengHei UI','Microsoft JhengHei',system-ui,sans-serif`

// palette is a look of the map.
type palette struct {
	paper, ink, quiet, label string
	groups                   [5]string
}

var (
	lightPalette = palette{paper: "#FFFFFF", ink: "#1F2430", quiet: "#5F6670", label: "#FFFFFF",
		groups: [5]string{"#5B3A8E", "#C2407A", "#6B4A2B", "#8A6D00", "#2F3640"}}
	wallPalette = palette{paper: "#14202B", ink: "#FFFFFF", quiet: "#B9C2CC", label: "#14202B",
		groups: [5]string{"#B9A0F0", "#F27FB0", "#E0B07C", "#F0D060", "#E6EAF0"}}
)

// groupIndex gives the place of a letter in a palette, -1 for no group. Letters
// beyond the fifth begin again.
func groupIndex(letter string) int {
	if letter == "" {
		return -1
	}
	return int(letter[0]-'A') % 5
}

func (p palette) group(letter string) string {
	if i := groupIndex(letter); i >= 0 {
		return p.groups[i]
	}
	return p.quiet
}

// SVGOptions say how a map is painted.
type SVGOptions struct {
	// Lang is the language of its texts, default zh-Hant.
	Lang string
	// Wall takes the colours of the wall: light on dark.
	Wall bool
}

// WriteSVG writes the map as a picture of its own, with a title and a description for
// those who cannot see it. Without a map it says what is missing.
func WriteSVG(w io.Writer, v *readmodel.View, o SVGOptions) error {
	if o.Lang == "" {
		o.Lang = words.Chinese
	}
	p := lightPalette
	if o.Wall {
		p = wallPalette
	}
	painter := svgPainter{lang: o.Lang,
		paint:     func(letter string) string { return `fill="` + p.group(letter) + `"` },
		line:      func(letter string) string { return `stroke="` + p.group(letter) + `"` },
		labelText: `fill="` + p.label + `"`, mark: `stroke="` + p.paper + `"`}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 750" width="1000" height="750" role="img" aria-labelledby="map-title map-desc" xml:lang="%s" font-family="%s">`+"\n", o.Lang, fonts)
	fmt.Fprintf(&out, "<title id=\"map-title\">%s</title>\n<desc id=\"map-desc\">%s</desc>\n", escape(words.Text(o.Lang, "map.title", nil)), escape(strings.Join(SpokenMap(v, o.Lang), " ")))
	fmt.Fprintf(&out, "<rect width=\"1000\" height=\"750\" fill=\"%s\"/>\n", p.paper)
	if v.Scene == nil {
		fmt.Fprintf(&out, "<text x=\"500\" y=\"375\" text-anchor=\"middle\" font-size=\"24\" fill=\"%s\">%s</text>\n", p.ink, escape(strings.Join(sentences(v.Missing, o.Lang), " ")))
	} else {
		painter.scene(&out, v.Scene)
	}
	out.WriteString("</svg>\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// svgPainter paints a Scene; how colours are named is its maker's.
type svgPainter struct {
	lang        string
	paint, line func(letter string) string // attributes that fill, and that draw a line
	labelText   string
	mark        string // attributes of the thin edge around marks
}

// scene paints everything, labels in the painter's language on top.
func (p svgPainter) scene(out *strings.Builder, s *readmodel.Scene) {
	p.bare(out, s)
	for _, l := range s.Labels {
		p.label(out, l)
	}
}

// bare paints all but the labels.
func (p svgPainter) bare(out *strings.Builder, s *readmodel.Scene) {
	for _, h := range s.Hulls {
		points := make([]string, len(h.Points))
		for i, xy := range h.Points {
			points[i] = number(xy[0]*svgScale) + "," + number(xy[1]*svgScale)
		}
		fmt.Fprintf(out, `<polygon points="%s" %s fill-opacity="0.13"/>`+"\n", strings.Join(points, " "), p.paint(h.Group))
	}
	for _, l := range s.Labels {
		fmt.Fprintf(out, `<line x1="%s" y1="%s" x2="%s" y2="%s" %s stroke-width="1.5"/>`+"\n",
			number(l.X*svgScale), number(l.Y*svgScale), number(l.AX*svgScale), number(l.AY*svgScale), p.line(l.Group))
	}
	size := markSize(len(s.Marks))
	for _, m := range s.Marks {
		fmt.Fprintf(out, `<path d="%s" %s %s stroke-width="1"/>`+"\n", markPath(m, size), p.paint(m.Group), p.mark)
	}
}

// label paints a label as wide as its text needs, at most as wide as the Scene allows.
func (p svgPainter) label(out *strings.Builder, l readmodel.Label) {
	text := words.Text(p.lang, "map.label", map[string]any{"Letter": l.Group, "N": l.People})
	size := 21.0
	width := textWidth(text) * size
	if most := readmodel.LabelWidth*svgScale - 24; width > most {
		size *= most / width
		width = most
	}
	height := readmodel.LabelHeight * svgScale * 0.76
	x, y := l.X*svgScale, l.Y*svgScale
	fmt.Fprintf(out, `<rect x="%s" y="%s" width="%s" height="%s" rx="10" %s/>`+"\n", number(x-width/2-12), number(y-height/2), number(width+24), number(height), p.paint(l.Group))
	fmt.Fprintf(out, `<text x="%s" y="%s" text-anchor="middle" font-size="%s" font-weight="700" %s>%s</text>`+"\n", number(x), number(y+size*0.35), number(size), p.labelText, escape(text))
}

// textWidth estimates how wide a text is, in sizes of its type: a Chinese character
// is one, others a little over half.
func textWidth(text string) float64 {
	wide := columns(text) - len([]rune(text))
	return float64(wide) + 0.56*float64(len([]rune(text))-wide)
}

// markSize makes marks smaller where there are many, down to about half.
func markSize(marks int) float64 {
	return min(1, max(0.55, math.Sqrt(200/float64(max(1, marks)))))
}

// markPath draws a mark, size times as large as one is elsewhere: a circle for A, a square for B, then triangle, diamond and
// star, all of about the same area; a ring's dot for people in no group.
func markPath(m readmodel.Mark, size float64) string {
	x, y, r := m.X*svgScale, m.Y*svgScale, m.Radius()*svgScale*size
	switch groupIndex(m.Group) {
	case 1:
		return polygon(x, y, r*1.25, 4, 45, 1)
	case 2:
		return polygon(x, y+r*0.2, r*1.5, 3, -90, 1)
	case 3:
		return polygon(x, y, r*1.3, 4, 0, 1)
	case 4:
		return polygon(x, y, r*1.5, 10, -90, 0.5)
	}
	return fmt.Sprintf("M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 -%s 0z", number(x-r), number(y), number(r), number(r), number(2*r), number(r), number(r), number(2*r))
}

// polygon draws corners around a middle, the first at an angle in degrees; every other
// corner lies nearer by the factor inner.
func polygon(x, y, r float64, corners int, from, inner float64) string {
	var d strings.Builder
	for i := range corners {
		angle := (from + 360*float64(i)/float64(corners)) * math.Pi / 180
		at := r
		if i%2 == 1 {
			at = r * inner
		}
		command := "L"
		if i == 0 {
			command = "M"
		}
		d.WriteString(command + number(x+at*math.Cos(angle)) + " " + number(y+at*math.Sin(angle)))
	}
	return d.String() + "z"
}

// number writes a coordinate with one digit behind the point.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64)
}

func escape(text string) string { return html.EscapeString(text) }
