package picture_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"folkmoot/app/picture"
)

// element is an element of an SVG as it was read.
type element struct {
	name  string
	attrs map[string]string
	text  string
	in    []*element
}

func (e *element) number(name string) float64 {
	x, err := strconv.ParseFloat(e.attrs[name], 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// all gives the elements of a name at and below e.
func (e *element) all(name string) []*element {
	var found []*element
	if e.name == name {
		found = append(found, e)
	}
	for _, child := range e.in {
		found = append(found, child.all(name)...)
	}
	return found
}

// marks gives the elements of the marks: those in the group with halos.
func (e *element) marks() []*element {
	for _, g := range e.all("g") {
		if g.attrs["paint-order"] == "stroke" {
			return g.in
		}
	}
	return nil
}

// readSVG reads what WriteSVG wrote. It fails on what is no XML.
func readSVG(t testing.TB, p picture.Picture) *element {
	t.Helper()
	var b bytes.Buffer
	if err := picture.WriteSVG(&b, p); err != nil {
		t.Fatal(err)
	}
	root := &element{}
	open := []*element{root}
	decoder := xml.NewDecoder(&b)
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return root.in[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		last := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			last.in = append(last.in, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
}

func TestSVGHoldsNoTextButSaysEverything(t *testing.T) {
	s := scene(t, 5, 50, 3)
	p := drawn(s, "en", picture.Light())
	p.Spoken = "There are <50> people."
	root := readSVG(t, p)
	for _, name := range []string{"text", "tspan", "style", "script", "image", "use", "foreignObject"} {
		if found := root.all(name); len(found) > 0 {
			t.Errorf("%d elements %s", len(found), name)
		}
	}
	for _, e := range append(root.all("g"), append(root.all("path"), root)...) {
		for name := range e.attrs {
			if strings.HasPrefix(name, "font") || name == "class" {
				t.Errorf("%s has an attribute %s", e.name, name)
			}
		}
	}
	if root.attrs["role"] != "img" || root.all("title")[0].text != "Our opinion map" {
		t.Errorf("it is no picture with a title: %v", root.attrs)
	}
	if got, want := root.all("desc")[0].text, "There are <50> people. Folkmoot 1.0.0 · engine folkmoot 1 · seed 1"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := len(root.marks()); got != len(s.Marks) {
		t.Errorf("%d marks of %d", got, len(s.Marks))
	}
	said := map[string]bool{}
	for _, name := range []string{"g", "path"} {
		for _, e := range root.all(name) {
			said[e.attrs["aria-label"]] = true
		}
	}
	for _, want := range []string{"A · 17 people", "B · 17 people", "C · 16 people", "Hollow: between two groups · Soft edge: few answers yet"} {
		if !said[want] {
			t.Errorf("nothing says %q: %v", want, said)
		}
	}
}

// A group's soft discs lie together, so that many of them are no stronger than one.
func TestSVGHasACloudAGroup(t *testing.T) {
	root := readSVG(t, drawn(scene(t, 5, 50, 3), "en", picture.Wall()))
	if got := len(root.all("radialGradient")); got != 3 {
		t.Errorf("%d gradients for three groups", got)
	}
	for _, g := range root.all("radialGradient") {
		if !strings.HasPrefix(g.attrs["id"], "map-soft-") || len(g.all("stop")) != 2 {
			t.Errorf("a gradient %v with %d stops", g.attrs, len(g.all("stop")))
		}
	}
}

func TestFigureHasBothLanguagesAndNoColours(t *testing.T) {
	s := scene(t, 5, 50, 3)
	figure := picture.Figure(picture.Version{Class: "z", Picture: drawn(s, "zh-Hant", picture.Light())}, picture.Version{Class: "e", Picture: drawn(s, "en", picture.Light())})
	for _, want := range []string{`<g class="z">`, `<g class="e">`, `aria-label="A 群 17 人"`, `aria-label="A · 17 people"`, `class="f1 rim"`, `class="c2"`, `<desc id="map-desc">`} {
		if !strings.Contains(figure, want) {
			t.Errorf("the figure lacks %s", want)
		}
	}
	for _, unwanted := range []string{"#5B3A8E", `fill="#`, "<text", "font"} {
		if strings.Contains(figure, unwanted) {
			t.Errorf("the figure holds %s", unwanted)
		}
	}
	if err := xml.Unmarshal([]byte(figure), new(struct{})); err != nil {
		t.Errorf("it is no XML: %v", err)
	}
}
