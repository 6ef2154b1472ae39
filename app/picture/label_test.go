package picture_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
)

// box is an upright rectangle in a picture's units.
type box struct{ left, top, right, bottom float64 }

func (b box) meets(c box) bool {
	return b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom
}

// pills gives the labels' rectangles as the SVG has them.
func pills(root *element) []box {
	var found []box
	for _, e := range root.all("rect")[1:] { // the first is the ground
		found = append(found, box{e.number("x"), e.number("y"), e.number("x") + e.number("width"), e.number("y") + e.number("height")})
	}
	return found
}

var pathStep = regexp.MustCompile(`([MLa])([^MLaz]*)`)
var pathNumber = regexp.MustCompile(`-?[\d.]+`)

// reach gives the rectangle around the marks' path data: lines, or two half circles.
func reach(t testing.TB, d string) box {
	t.Helper()
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	x, y := 0.0, 0.0
	grow := func(up float64) {
		b = box{min(b.left, x), min(b.top, y-up), max(b.right, x), max(b.bottom, y+up)}
	}
	for _, step := range pathStep.FindAllStringSubmatch(d, -1) {
		var n []float64
		for _, text := range pathNumber.FindAllString(step[2], -1) {
			value, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatalf("%q in %q", text, d)
			}
			n = append(n, value)
		}
		switch {
		case step[1] == "a" && len(n) == 7:
			x, y = x+n[5], y+n[6]
			grow(n[0])
		case len(n) == 2:
			x, y = n[0], n[1]
			grow(0)
		default:
			t.Fatalf("%q in %q", step[0], d)
		}
	}
	return b
}

// Whatever the map, in both languages: no label covers a mark, another label, the head or
// the small lines, and nothing sticks out of the picture.
func TestLabelsCoverNothing(t *testing.T) {
	scenes := map[string]*readmodel.Scene{}
	for _, c := range golden {
		if c.people > 0 {
			scenes[fmt.Sprintf("golden of %d", c.people)] = scene(t, 3, c.people, c.groups)
		}
	}
	for seed := range uint64(200) {
		scenes[fmt.Sprintf("seed %d", seed)] = scene(t, seed, 8+int(seed*37%140), 1+int(seed%5))
	}
	for name, s := range scenes {
		marked := markedPixels(s)
		for _, lang := range []string{"en", "zh-Hant"} {
			if wrong := covered(t, s, lang, marked); len(wrong) > 0 {
				t.Errorf("%s, %s: %v", name, lang, wrong)
			}
		}
	}
}

// headBottom is below all that the head paints, see TestHeadStandsAboveTheMap.
const headBottom = 46

// covered gives what is wrong with the labels of a scene in a language.
func covered(t testing.TB, s *readmodel.Scene, lang string, marked func(box) bool) (wrong []string) {
	t.Helper()
	p := drawn(s, lang, picture.Light())
	p.Made = "" // its outlines take most of the time
	root := readSVG(t, p)
	labels := pills(root)
	if len(labels) != len(s.Labels) {
		wrong = append(wrong, fmt.Sprintf("%d labels of %d", len(labels), len(s.Labels)))
	}
	var marks []box
	for _, path := range root.all("path") {
		if path.attrs["stroke"] != "" { // the halo: marks alone have it
			marks = append(marks, reach(t, path.attrs["d"]))
		}
	}
	for _, mark := range marks {
		if mark.top < headBottom {
			wrong = append(wrong, fmt.Sprintf("a mark at %v", mark))
		}
	}
	if len(marks) != len(s.Marks) {
		wrong = append(wrong, fmt.Sprintf("%d marks of %d", len(marks), len(s.Marks)))
	}
	for i, label := range labels {
		if label.left < 0 || label.top < headBottom || label.right > picture.Width || label.bottom > 765 {
			wrong = append(wrong, fmt.Sprintf("a label at %v", label))
		}
		if slices.ContainsFunc(append(marks, labels[:i]...), label.meets) {
			wrong = append(wrong, fmt.Sprintf("the label at %v covers a mark or a label", label))
		}
		if marked(label) {
			wrong = append(wrong, fmt.Sprintf("the label at %v covers pixels of a mark", label))
		}
	}
	return wrong
}

// The head stands at the top left, in both languages, and nowhere else.
func TestHeadStandsAboveTheMap(t *testing.T) {
	s := scene(t, 3, 50, 3)
	for _, lang := range []string{"en", "zh-Hant"} {
		with := drawn(s, lang, picture.Light())
		without := with
		without.Head = ""
		a, b := painted(with, 1000), painted(without, 1000)
		if seen := differing(a, b, image.Rect(30, 8, 600, headBottom), 60); seen < 300 {
			t.Errorf("%s: the head has %d pixels", lang, seen)
		}
		if all, there := differing(a, b, a.Rect, 1), differing(a, b, image.Rect(28, 8, 600, headBottom), 1); all != there {
			t.Errorf("%s: of the head's %d pixels %d are at its place", lang, all, there)
		}
	}
}

// markedPixels says whether a rectangle holds any pixel that the marks of a scene change.
func markedPixels(s *readmodel.Scene) func(box) bool {
	const width = 400
	bare := readmodel.Scene{Hulls: s.Hulls}
	full := bare
	for _, m := range s.Marks {
		m.Spread = 0
		full.Marks = append(full.Marks, m)
	}
	without, with := painted(drawn(&bare, "en", picture.Light()), width), painted(drawn(&full, "en", picture.Light()), width)
	scale := float64(width) / picture.Width
	return func(b box) bool {
		for y := int(b.top * scale); y <= int(b.bottom*scale); y++ {
			for x := int(b.left * scale); x <= int(b.right*scale); x++ {
				if with.RGBAAt(x, y) != without.RGBAAt(x, y) {
					return true
				}
			}
		}
		return false
	}
}

// What is painted as a label is the rectangle that the SVG has.
func TestPaintedLabelsAreThoseOfTheSVG(t *testing.T) {
	s := scene(t, 9, 60, 3)
	p := drawn(s, "zh-Hant", picture.Light())
	img := painted(p, 2000)
	for i, label := range pills(readSVG(t, p)) {
		fill := color.RGBAModel.Convert(p.Palette.Group(s.Labels[i].Group))
		at := func(x, y float64) color.Color { return img.At(int(2*x), int(2*y)) }
		y := (label.top + label.bottom) / 2
		for _, c := range []struct {
			x, y float64
			want bool
		}{{label.left + 3, y, true}, {label.right - 3, y, true}, {(label.left + label.right) / 2, label.top + 2, true}, {label.left - 3, y, false}, {label.right + 3, y, false}} {
			if got := at(c.x, c.y) == fill; got != c.want {
				t.Errorf("label %d: its colour is at %v, %v: %v", i, c.x, c.y, got)
			}
		}
	}
}

// Large numbers make a label's text smaller, not the label wider than its room.
func TestLabelsOfManyPeople(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hant"} {
		for _, people := range []int{1, 12_345, 1_234_567} {
			s := &readmodel.Scene{Hulls: []readmodel.Hull{{Group: "A", Points: [][2]float64{{0.4, 0.4}, {0.6, 0.4}, {0.5, 0.5}}}}, Labels: []readmodel.Label{{Group: "A", People: people, X: 0.5, Y: 0.2, AX: 0.5, AY: 0.4}}}
			label := pills(readSVG(t, drawn(s, lang, picture.Light())))[0]
			if wide := label.right - label.left; wide > 0.17*940+0.1 || wide < 60 {
				t.Errorf("%s: a label of %d people is %v wide", lang, people, wide)
			}
		}
	}
}

func TestUncertainMarksAreVisiblyDifferent(t *testing.T) {
	kinds := []readmodel.Mark{{}, {Between: true}, {Spread: 0.04}, {Between: true, Spread: 0.04}}
	for _, palette := range []picture.Palette{picture.Light(), picture.Wall()} {
		for _, group := range []string{"A", "B", "C", "D", "E"} {
			var pictures []*image.RGBA
			for _, m := range kinds {
				m.X, m.Y, m.Group, m.People = 0.5, 0.375, group, 1
				p := drawn(&readmodel.Scene{Marks: []readmodel.Mark{m}, Hulls: []readmodel.Hull{{Group: group, Points: [][2]float64{{0.3, 0.2}, {0.7, 0.2}, {0.7, 0.6}, {0.3, 0.6}}}}}, "en", palette)
				pictures = append(pictures, painted(p, 1000))
			}
			for i, a := range pictures {
				for j, b := range pictures[:i] {
					if seen := differing(a, b, image.Rect(440, 350, 560, 470), 12); seen < 30 {
						t.Errorf("group %s: %+v and %+v differ in %d pixels", group, kinds[i], kinds[j], seen)
					}
				}
			}
		}
	}
}

// differing counts the pixels of an area in which two pictures differ by at least so much.
func differing(a, b *image.RGBA, area image.Rectangle, least int) int {
	count := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			p, q := a.RGBAAt(x, y), b.RGBAAt(x, y)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				if max(d, -d) >= least {
					count++
					break
				}
			}
		}
	}
	return count
}
