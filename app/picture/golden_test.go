package picture_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

var golden = []struct {
	people, groups int
	lang           string
	wall           bool
}{
	{0, 0, "zh-Hant", false}, // no map
	{8, 2, "en", false},
	{30, 0, "en", true}, // no groups
	{50, 3, "zh-Hant", false},
	{300, 4, "en", true},
	{2000, 5, "zh-Hant", false},
}

// TestGoldenPictures compares what is painted with what was looked at and found right.
// Processors round differently, and the files hold fewer shades: a little may differ.
func TestGoldenPictures(t *testing.T) {
	for _, c := range golden {
		var s *readmodel.Scene
		if c.people > 0 {
			s = scene(t, 3, c.people, c.groups)
		}
		p := drawn(s, c.lang, picture.Light())
		p.Missing = []string{"還要再有 3 個人多回答幾則意見，大約還要 41 票，才畫得出大家的意見怎麼分布。"}
		if c.wall {
			p.Palette = picture.Wall()
		}
		got := painted(p, 640)
		file := filepath.Join("testdata", fmt.Sprintf("people-%d.png", c.people))
		if *update {
			writeGolden(t, file, got)
		}
		if mean, share := differ(got, readGolden(t, file)); mean > mostMean || share > mostShare {
			t.Errorf("%s: the mean difference is %.3f, and %.3f %% of the pixels differ", file, mean, 100*share)
		}
	}
}

// What processors may make of one picture; a single mark that moved is more.
const mostMean, mostShare = 0.02, 0.0002

func TestGoldenPicturesTellAMarkThatMoved(t *testing.T) {
	s := scene(t, 3, 8, 2)
	s.Marks[4].X += 0.02
	mean, share := differ(painted(drawn(s, "en", picture.Light()), 640), readGolden(t, filepath.Join("testdata", "people-8.png")))
	if mean <= mostMean && share <= mostShare {
		t.Errorf("a mark moved unseen: the mean difference is %.3f, and %.3f %% of the pixels differ", mean, 100*share)
	}
}

// TestGoldenSVG compares the text of an SVG.
func TestGoldenSVG(t *testing.T) {
	var b bytes.Buffer
	if err := picture.WriteSVG(&b, drawn(scene(t, 3, 8, 2), "en", picture.Light())); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "people-8.svg")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !nearlyEqual(b.String(), string(want)) {
		t.Errorf("%s: the text differs", file)
	}
}

// shades is how many bits of a colour's byte the golden files keep: enough to see
// everything, and small.
const shades = 4

func writeGolden(t *testing.T, file string, img *image.RGBA) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	out := image.NewPaletted(img.Rect, nil)
	index := map[color.RGBA]uint8{}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := img.RGBAAt(x, y)
			c = color.RGBA{coarse(c.R), coarse(c.G), coarse(c.B), 0xFF}
			i, ok := index[c]
			if !ok {
				if len(index) == 256 {
					t.Fatalf("%s: more than 256 colours", file)
				}
				i = uint8(len(index))
				index[c] = i
				out.Palette = append(out.Palette, c)
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes", file, b.Len())
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// coarse keeps the upper bits of a shade; white and black stay what they are.
func coarse(v uint8) uint8 {
	const most = 1<<shades - 1
	return uint8((int(v)*most + 127) / 255 * 255 / most)
}

func readGolden(t *testing.T, file string) image.Image {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return img
}

// differ gives the mean difference of two pictures' bytes beyond what the golden files
// leave out, and the share of the pixels that differ clearly.
func differ(a, b image.Image) (mean, share float64) {
	if a.Bounds().Size() != b.Bounds().Size() {
		return 255, 1
	}
	const lost, clear = 255 / (1<<shades - 1) / 2, 24
	size := a.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			p := color.RGBAModel.Convert(a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y)).(color.RGBA)
			q := color.RGBAModel.Convert(b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y)).(color.RGBA)
			most := 0
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				d = max(0, max(d, -d)-lost)
				mean += float64(d) / 3
				most = max(most, d)
			}
			if most > clear {
				share++
			}
		}
	}
	n := float64(size.X * size.Y)
	return mean / n, share / n
}
