package picture_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
)

func TestTheSamePictureGivesTheSameBytes(t *testing.T) {
	for name, write := range map[string]func(io.Writer, picture.Picture) error{
		"SVG": picture.WriteSVG,
		"PNG": func(w io.Writer, p picture.Picture) error { return picture.WritePNG(w, p, 400) },
	} {
		var first, second bytes.Buffer
		for _, b := range []*bytes.Buffer{&first, &second} {
			if err := write(b, drawn(scene(t, 4, 60, 3), "en", picture.Light())); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: the bytes differ", name)
		}
	}
}

func TestPNGIsAsLargeAsPromised(t *testing.T) {
	var b bytes.Buffer
	if err := picture.WritePNG(&b, drawn(nil, "en", picture.Light()), 0); err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(&b); err != nil || size.Width != 2000 || size.Height != 1600 {
		t.Errorf("%+v, %v", size, err)
	}
}

// A picture fills an image of another shape in its middle, wherever the image begins.
func TestPaintSceneIntoAPartOfAnImage(t *testing.T) {
	p := drawn(scene(t, 4, 60, 3), "en", picture.Light())
	want := painted(p, 400)
	whole := image.NewRGBA(image.Rect(0, 0, 700, 500))
	picture.PaintScene(whole.SubImage(image.Rect(30, 20, 530, 340)).(*image.RGBA), p)
	for y := range 320 {
		for x := range 400 {
			if whole.RGBAAt(80+x, 20+y) != want.RGBAAt(x, y) {
				t.Fatalf("another pixel at %d, %d", x, y)
			}
		}
	}
	if whole.RGBAAt(29, 100) != (color.RGBA{}) || whole.RGBAAt(531, 100) != (color.RGBA{}) {
		t.Error("it paints beside its part")
	}
}

// However many soft discs of a group lie over each other, they are no stronger than one.
func TestCloudsDoNotAddUp(t *testing.T) {
	strongest := func(discs int) int {
		var p picture.Painter
		img := image.NewRGBA(image.Rect(0, 0, 200, 200))
		p.Begin(img, color.NRGBA{255, 255, 255, 255})
		var spots []picture.Spot
		for i := range discs {
			spots = append(spots, picture.Spot{X: 90 + float64(i%7), Y: 100, Radius: 3, Fill: black, Soft: 60})
		}
		p.Clouds(spots, 0.2)
		least := 255
		for k := 0; k < len(img.Pix); k += 4 {
			least = min(least, int(img.Pix[k]))
		}
		return 255 - least
	}
	if one, many := strongest(1), strongest(300); one < 45 || many > 52 {
		t.Errorf("one disc is %d strong, 300 are %d, want 51 at most", one, many)
	}
}

// Numbers that are none, and places far outside, paint nothing and break nothing.
func TestWrongNumbersPaintNothing(t *testing.T) {
	blank := painted(drawn(&readmodel.Scene{}, "en", picture.Light()), 200)
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e12} {
		s := &readmodel.Scene{Marks: []readmodel.Mark{{X: x, Y: 0.3, People: 1}, {X: 0.3, Y: x, People: 1}}, Labels: []readmodel.Label{}}
		got := painted(drawn(s, "en", picture.Light()), 200)
		if !bytes.Equal(got.Pix, blank.Pix) {
			t.Errorf("%v: something is painted", x)
		}
		var svg bytes.Buffer
		if err := picture.WriteSVG(&svg, drawn(s, "en", picture.Light())); err != nil || strings.Contains(svg.String(), "NaN") || strings.Contains(svg.String(), "Inf") {
			t.Errorf("%v: the SVG has it: %v", x, err)
		}
		var p picture.Painter
		p.Begin(got, color.NRGBA{A: 255})
		p.Area(color.NRGBA{R: 255, A: 255}, [][2]float64{{x, 0}, {x, 10}, {5, x}})
		p.Clouds([]picture.Spot{{X: x, Y: x, Radius: 1, Soft: x}, {X: x, Y: 3, Radius: 1, Soft: 20}}, 0.5)
	}
	picture.PaintScene(image.NewRGBA(image.Rectangle{}), drawn(nil, "en", picture.Light()))
}

// Every text of a picture is drawn: the typeface has all characters, and what it lacks is a
// blank, not a box.
func TestTextsAreDrawn(t *testing.T) {
	blank := picture.Picture{Lang: "en", Palette: picture.Light(), Scene: &readmodel.Scene{Hulls: []readmodel.Hull{{Group: "A"}}}}
	ink := func(made string) int {
		p := blank
		p.Made = made
		return differing(painted(p, 1000), painted(blank, 1000), image.Rect(0, 0, 1000, 800), 60)
	}
	for _, text := range []string{"g", "·", "群", "，", "“a”"} {
		if ink(text) < 2 {
			t.Errorf("%q is not drawn", text)
		}
	}
	if got := ink("\U0010FFFD"); got != 0 {
		t.Errorf("a character that is nowhere is drawn with %d pixels", got)
	}
}

// What is missing is wrapped in the middle, in lines of about the same length.
func TestMissingSentencesWrap(t *testing.T) {
	for lang, sentence := range map[string]string{
		"en":      "Another 3 people have to answer a few more of the statements, and about 41 more votes are needed, before anything can be drawn here.",
		"zh-Hant": "還要再有三個人多回答幾則意見，大約還要四十一票，才畫得出大家的意見怎麼分布；在那之前，主持人可以請大家再看看還沒回答的意見。",
	} {
		p := drawn(nil, lang, picture.Light())
		blank := painted(p, 1000)
		p.Missing = []string{sentence}
		img := painted(p, 1000)
		if out := differing(img, blank, image.Rect(0, 0, 175, 800), 20) + differing(img, blank, image.Rect(825, 0, 1000, 800), 20); out > 0 {
			t.Errorf("%s: %d pixels stick out", lang, out)
		}
		if rows := inkedRows(img, blank); rows < 4 { // the heading moves: where it was and is, and two lines at least
			t.Errorf("%s: the sentence has %d rows with its heading", lang, rows)
		}
	}
}

// inkedRows counts the runs of pixel rows in which two pictures differ.
func inkedRows(a, b *image.RGBA) int {
	rows, last := 0, false
	for y := range a.Rect.Dy() {
		now := differing(a, b, image.Rect(0, y, a.Rect.Dx(), y+1), 20) > 0
		if now && !last {
			rows++
		}
		last = now
	}
	return rows
}

// The small lines never lie over each other, and a version of any length stays inside.
func TestSmallLinesHaveRoom(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hant"} {
		p := drawn(scene(t, 3, 40, 2), lang, picture.Light())
		for _, version := range []string{"", "1.2.0 (0123456789ab)", "1.2.0-rc.1 (0123456789abcdef0123456789abcdef) with changes of our own, and of others that nobody has ever seen before in any place"} {
			p.Made = "Folkmoot " + version + " · engine folkmoot 1 · seed 18446744073709551615"
			left, right := p, p
			left.Made, right.Scene = "", &readmodel.Scene{Hulls: p.Scene.Hulls}
			empty := right
			empty.Made = ""
			ground := painted(empty, 1000)
			made, both, legend := painted(right, 1000), painted(p, 1000), painted(left, 1000)
			over := 0
			for y := 762; y < 800; y++ {
				for x := range 1000 {
					if made.RGBAAt(x, y) != ground.RGBAAt(x, y) && legend.RGBAAt(x, y) != ground.RGBAAt(x, y) && both.RGBAAt(x, y) != made.RGBAAt(x, y) {
						over++
					}
				}
			}
			edge := differing(made, ground, image.Rect(0, 750, 28, 800), 20) + differing(made, ground, image.Rect(972, 750, 1000, 800), 20)
			if over > 0 || edge > 0 {
				t.Errorf("%s, %q: %d pixels over each other, %d at the edge", lang, version, over, edge)
			}
		}
	}
}

func BenchmarkPNGOf2000(b *testing.B) {
	p := drawn(scene(b, 3, 2000, 5), "en", picture.Light())
	for b.Loop() {
		if err := picture.WritePNG(io.Discard, p, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func ExamplePaintScene() {
	img := image.NewRGBA(image.Rect(0, 0, 400, 320))
	scene := &readmodel.Scene{Marks: []readmodel.Mark{{X: 0.5, Y: 0.375, Group: "A", People: 9}}}
	picture.PaintScene(img, picture.Picture{Scene: scene, Lang: "en", Palette: picture.Light()})
	fmt.Println(img.At(200, 162), img.At(10, 150))
	// Output: {91 58 142 255} {255 255 255 255}
}
