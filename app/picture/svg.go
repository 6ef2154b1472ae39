package picture

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"folkmoot/assets/words"

	"golang.org/x/image/font/sfnt"
)

// WriteSVG writes a picture as a file of its own, with a title and a description for those
// who cannot see it. Texts are outlines: nothing depends on the machine's typefaces.
func WriteSVG(w io.Writer, p Picture) error {
	d := p.drawing()
	s := svg{styles: colourStyles{p.Palette}, ids: "map", hull: p.Palette.Hull, cloud: p.Palette.Cloud}
	s.line(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="map-title map-desc" xml:lang="%s">`, Width, Height, Width, Height, html.EscapeString(p.Lang))
	s.line(`<title id="map-title">%s</title>`, html.EscapeString(words.Text(p.Lang, "map.title", nil)))
	s.line(`<desc id="map-desc">%s</desc>`, html.EscapeString(join(p.Spoken, p.Made)))
	s.line(`<rect width="%d" height="%d" %s/>`, Width, Height, s.styles.style(ink{kind: groundInk}, nil))
	s.bare(d)
	s.texts(d.texts)
	s.line(`</svg>`)
	if _, err := io.WriteString(w, s.out.String()); err != nil {
		return fmt.Errorf("picture: write SVG: %w", err)
	}
	return nil
}

// Version is a picture in one language of a page that shows several.
type Version struct {
	// Class is the class of what stands in this language.
	Class string
	Picture
}

// Figure gives the element of a page that shows one map in several languages. The page's
// style sheet has the colours: f0 … f4 and fn fill in the colour of a group and of nobody's,
// s… draw a line and c… stop a gradient in it; hole fills with the ground and rim draws a line
// in it; on, ink and quiet fill texts. The ground is left to the page.
func Figure(versions ...Version) string {
	s := svg{styles: classStyles{}, ids: "map", hull: Light().Hull, cloud: Light().Cloud}
	var spoken []string
	for _, v := range versions {
		spoken = append(spoken, join(v.Spoken, v.Made))
	}
	s.line(`<svg viewBox="0 0 %d %d" role="img" aria-labelledby="map-desc"><desc id="map-desc">%s</desc>`, Width, Height, html.EscapeString(strings.Join(spoken, " ")))
	for i, v := range versions {
		if i == 0 {
			s.bare(v.drawing())
		}
		s.line(`<g class="%s">`, html.EscapeString(v.Class))
		s.texts(v.texts())
		s.line(`</g>`)
	}
	s.out.WriteString(`</svg>`)
	return s.out.String()
}

// MarkPath gives the outline of a group's mark as path data, for a key: around x, y, for a
// radius.
func MarkPath(letter string, x, y, radius float64) string {
	return path(ShapeOf(letter), x, y, radius, false)
}

func join(texts ...string) string { return strings.TrimSpace(strings.Join(texts, " ")) }

// styles names colours: with attributes, or with the classes of a style sheet.
type styles interface {
	// style fills, and draws a line where there is one.
	style(fill ink, line *ink) string
	// stop gives a gradient's colour.
	stop(ink) string
}

type colourStyles struct{ Palette }

func (c colourStyles) style(fill ink, line *ink) string {
	text := `fill="` + hex(c.ink(fill)) + `"`
	if line != nil {
		text += ` stroke="` + hex(c.ink(*line)) + `"`
	}
	return text
}

func (c colourStyles) stop(i ink) string { return `stop-color="` + hex(c.ink(i)) + `"` }

type classStyles struct{}

func (classStyles) style(fill ink, line *ink) string {
	class := classOf("f", fill)
	if line != nil {
		class += " " + classOf("s", *line)
	}
	return `class="` + class + `"`
}

func (classStyles) stop(i ink) string { return `class="` + classOf("c", i) + `"` }

func classOf(kind string, i ink) string {
	switch i.kind {
	case groundInk:
		return map[string]string{"f": "hole", "s": "rim"}[kind]
	case onGroupInk:
		return "on"
	case plainInk:
		return "ink"
	case quietInk:
		return "quiet"
	}
	if g := groupIndex(i.letter); g >= 0 {
		return kind + strconv.Itoa(g)
	}
	return kind + "n"
}

// svg writes the elements of a drawing.
type svg struct {
	out         strings.Builder
	styles      styles
	ids         string
	hull, cloud float64
}

func (s *svg) line(format string, args ...any) {
	fmt.Fprintf(&s.out, format, args...)
	s.out.WriteByte('\n')
}

// bare writes all that has no language.
func (s *svg) bare(d drawing) {
	for _, h := range d.hulls {
		s.line(`<polygon points="%s" %s fill-opacity="%s"/>`, points(h.points), s.styles.style(h.ink, nil), number(s.hull))
	}
	s.clouds(d.marks)
	for _, l := range d.leaders {
		s.line(`<polygon points="%s" %s/>`, points(l.corners()), s.styles.style(l.ink, nil))
	}
	if len(d.marks) == 0 {
		return
	}
	s.line(`<g stroke-width="%s" paint-order="stroke">`, number(2*haloWidth))
	for _, m := range d.marks {
		s.mark(m)
	}
	s.line(`</g>`)
}

// mark writes a mark as one element. The edge in the ground's colour lies below it.
func (s *svg) mark(m mark) {
	ground := ink{kind: groundInk}
	full := path(m.Shape, m.X, m.Y, m.Radius, false)
	if !m.Hollow {
		s.line(`<path d="%s" %s/>`, full, s.styles.style(m.ink, &ground))
		return
	}
	s.line(`<g><path d="%s" %s/><path d="%s" %s/></g>`, full, s.styles.style(ground, &ground), path(m.Shape, m.X, m.Y, m.Radius, true), s.styles.style(m.ink, nil))
}

// clouds writes the soft discs of each group: together at most as strong as one.
func (s *svg) clouds(marks []mark) {
	var inks []ink
	discs := map[ink]string{}
	for _, m := range marks {
		if !m.soft() {
			continue
		}
		if _, seen := discs[m.ink]; !seen {
			inks = append(inks, m.ink)
		}
		discs[m.ink] += fmt.Sprintf(`<circle cx="%s" cy="%s" r="%s"/>`, number(m.X), number(m.Y), number(m.Soft))
	}
	for _, i := range inks {
		id := s.ids + "-soft-" + classOf("", i)
		s.line(`<radialGradient id="%s"><stop offset="%s" %s/><stop offset="1" %s stop-opacity="0"/></radialGradient>`, id, number(cloudCore), s.styles.stop(i), s.styles.stop(i))
		s.line(`<g fill="url(#%s)" opacity="%s">%s</g>`, id, number(s.cloud), discs[i])
	}
}

func (s *svg) texts(t texts) {
	for _, p := range t.pills {
		s.line(`<g role="img" aria-label="%s"><rect x="%s" y="%s" width="%s" height="%s" rx="%s" %s/>`, html.EscapeString(p.run.said),
			number(p.left), number(p.top), number(p.width), number(p.height), number(p.height/2), s.styles.style(p.ink, nil))
		s.line(`<path d="%s" %s/></g>`, p.run.path(), s.styles.style(p.run.ink, nil))
	}
	for _, r := range t.runs {
		s.line(`<path aria-label="%s" d="%s" %s/>`, html.EscapeString(r.said), r.path(), s.styles.style(r.ink, nil))
	}
}

// path gives a text's outlines as path data, each step from where the last one ended: that
// is half as long. What rounding leaves does not add up, since the pen is kept rounded.
func (r run) path() string {
	var d strings.Builder
	letters := map[sfnt.SegmentOp]string{sfnt.SegmentOpMoveTo: "m", sfnt.SegmentOpLineTo: "l", sfnt.SegmentOpQuadTo: "q", sfnt.SegmentOpCubeTo: "c"}
	var pen, start [2]float64
	r.steps(func(s step) {
		if s.op == sfnt.SegmentOpMoveTo && d.Len() > 0 {
			d.WriteString("z")
			pen = start
		}
		d.WriteString(letters[s.op])
		end := pen
		for i := range s.places() {
			for axis := range 2 {
				end[axis] = rounded(s.to[i][axis])
				text := short(end[axis] - pen[axis])
				if i+axis > 0 && text[0] != '-' {
					d.WriteString(" ")
				}
				d.WriteString(text)
			}
		}
		pen = end
		if s.op == sfnt.SegmentOpMoveTo {
			start = end
		}
	})
	return d.String() + "z"
}

// path gives a shape as path data. A circle is one, not the corners that pixels need.
func path(shape Shape, x, y, radius float64, hollow bool) string {
	switch shape {
	case Circle:
		d := circle(x, y, radius)
		if hollow {
			d += circle(x, y, -radius*holeShare(shape, radius))
		}
		return d
	case Ring:
		return circle(x, y, radius*ringReach) + circle(x, y, -radius*ringHole)
	}
	var d strings.Builder
	for _, line := range shapePaths(shape, radius, hollow) {
		for i, at := range line {
			command := "L"
			if i == 0 {
				command = "M"
			}
			d.WriteString(command + number(x+at[0]) + " " + number(y+at[1]))
		}
		d.WriteString("z")
	}
	return d.String()
}

// circle goes round the other way where the radius is negative.
func circle(x, y, radius float64) string {
	sweep, r := "1", number(math.Abs(radius))
	if radius < 0 {
		sweep = "0"
	}
	return "M" + number(x-math.Abs(radius)) + " " + number(y) +
		"a" + r + " " + r + " 0 1 " + sweep + " " + number(2*math.Abs(radius)) + " 0" +
		"a" + r + " " + r + " 0 1 " + sweep + " " + number(-2*math.Abs(radius)) + " 0z"
}

func points(line [][2]float64) string {
	out := make([]string, len(line))
	for i, at := range line {
		out[i] = number(at[0]) + "," + number(at[1])
	}
	return strings.Join(out, " ")
}

// number writes a coordinate with at most two digits behind the point. It never writes a
// negative zero; what is no number, or far away, becomes 0.
func number(x float64) string {
	if !(x > -farAway && x < farAway) {
		return "0"
	}
	return strconv.FormatFloat(rounded(x), 'f', -1, 64)
}

func rounded(x float64) float64 { return math.Round(x*100)/100 + 0 }

// short writes a number without the 0 before its point.
func short(x float64) string {
	text := number(x)
	switch {
	case strings.HasPrefix(text, "0."):
		return text[1:]
	case strings.HasPrefix(text, "-0."):
		return "-" + text[2:]
	}
	return text
}
