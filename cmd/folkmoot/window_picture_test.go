package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/app/look"
)

// keep writes a picture into the folder of FOLKMOOT_PICTURES, where that is set.
func keep(t *testing.T, name string, img image.Image) {
	t.Helper()
	folder := os.Getenv("FOLKMOOT_PICTURES")
	if folder == "" {
		return
	}
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), data.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// holds says what is missing in a picture, nil for nothing.
type holds func(img *image.RGBA) error

// picture takes a picture of a part of the screen once that holds all it must and stands
// still, and keeps it.
func (d *desk) picture(name string, area image.Rectangle, all ...holds) *image.RGBA {
	d.t.Helper()
	var last, now *image.RGBA
	var missing error
	if !wait(func() bool {
		last, now = now, d.screen.x.see(area)
		missing = nil
		for _, one := range all {
			if missing == nil {
				missing = one(now)
			}
		}
		return missing == nil && last != nil && bytes.Equal(last.Pix, now.Pix)
	}) {
		keep(d.t, "window-failed", now)
		d.t.Fatalf("picture %s: %v; without that it does not stand still", name, missing)
	}
	keep(d.t, "window-"+name, now)
	return now
}

// fewest is how many pixels of a colour, or how many that differ, count as something to
// be seen: a small mark of the map has about a hundred.
const fewest = 60

// differs wants another picture than before, in a part of it.
func differs(from *image.RGBA, in image.Rectangle) holds {
	return func(img *image.RGBA) error {
		n := 0
		for y := in.Min.Y; y < in.Max.Y; y++ {
			for x := in.Min.X; x < in.Max.X; x++ {
				if img.RGBAAt(x, y) != from.RGBAAt(x, y) {
					n++
				}
			}
		}
		if n < fewest {
			return fmt.Errorf("only %d pixels differ from the picture before", n)
		}
		return nil
	}
}

// paints wants each of the colours in a part of the picture.
func paints(in image.Rectangle, colours ...color.NRGBA) holds {
	return func(img *image.RGBA) error {
		counts := map[color.RGBA]int{}
		for y := in.Min.Y; y < in.Max.Y; y++ {
			for x := in.Min.X; x < in.Max.X; x++ {
				counts[img.RGBAAt(x, y)]++
			}
		}
		for _, c := range colours {
			if n := counts[color.RGBA(c)]; n < fewest {
				return fmt.Errorf("%d pixels have the colour #%02X%02X%02X", n, c.R, c.G, c.B)
			}
		}
		return nil
	}
}

// groups gives the colours of some opinion groups.
func groups(style look.Style, letters ...string) []color.NRGBA {
	var colours []color.NRGBA
	for _, letter := range letters {
		colours = append(colours, style.Group(letter))
	}
	return colours
}

// black wants nothing but black in a part of the picture.
func black(in image.Rectangle) holds {
	return func(img *image.RGBA) error {
		for y := in.Min.Y; y < in.Max.Y; y++ {
			for x := in.Min.X; x < in.Max.X; x++ {
				if c := img.RGBAAt(x, y); c.R|c.G|c.B != 0 {
					return fmt.Errorf("%v at %d, %d is not black", c, x, y)
				}
			}
		}
		return nil
	}
}

// draws wants a Chinese text of the size look.Strong drawn on one line where it stands
// now: each character in its own square, and another shape for another character. Boxes
// that stand for a missing typeface are all alike.
func (d *desk) draws(text string) holds {
	return func(img *image.RGBA) error {
		at, ok := find(d.sights(), text)
		if !ok {
			return fmt.Errorf("%q does not stand there", text)
		}
		left, top := int(at.X-at.Width/2), int(at.Y-at.Height/2)
		side := int(look.Strong)
		ground, shapes := img.RGBAAt(left, top), map[string]rune{}
		for i, r := range []rune(at.Text) {
			from := left + i*side
			var shape []byte
			inked := 0
			for y := top; y < top+int(at.Height); y++ {
				for x := from; x < from+side; x++ {
					ink := byte(0)
					if img.RGBAAt(x, y) != ground {
						ink = 1
						inked++
					}
					shape = append(shape, ink)
				}
			}
			if inked < 10 {
				return fmt.Errorf("%c of %q is not drawn", r, at.Text)
			}
			if other, ok := shapes[string(shape)]; ok && other != r {
				return fmt.Errorf("%c and %c of %q look alike", other, r, at.Text)
			}
			shapes[string(shape)] = r
		}
		return nil
	}
}
