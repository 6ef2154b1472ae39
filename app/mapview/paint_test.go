package mapview_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

var letters = []string{"A", "B", "C", "D", "E", ""}

func TestTheSameScenePaintsTheSamePixels(t *testing.T) {
	scene := crowd(500, 0)
	first := painted(scene, 640, 480, mapview.PaintOptions{})
	if again := painted(scene, 640, 480, mapview.PaintOptions{}); !bytes.Equal(first.Pix, again.Pix) {
		t.Error("painting again gave other pixels")
	}
	if moved := painted(crowd(500, 0.01), 640, 480, mapview.PaintOptions{}); bytes.Equal(first.Pix, moved.Pix) {
		t.Error("another scene gave the same pixels")
	}
}

func TestAnImageThatDoesNotBeginAtZeroIsPaintedAlike(t *testing.T) {
	scene := crowd(100, 0)
	want := painted(scene, 320, 240, mapview.PaintOptions{})
	got := image.NewRGBA(image.Rect(7, 11, 327, 251))
	mapview.Paint(got, scene, mapview.PaintOptions{})
	if !bytes.Equal(got.Pix, want.Pix) {
		t.Error("the pixels differ")
	}
}

func TestEveryGroupHasItsColour(t *testing.T) {
	for _, dark := range []bool{false, true} {
		style := look.Style{Dark: dark}
		for _, letter := range letters {
			img := painted(one(letter, 4), 1000, 750, mapview.PaintOptions{Style: style})
			if got := pixels(img, style.Group(letter)); got < 100 {
				t.Errorf("dark %v, group %q: %d pixels of its colour", dark, letter, got)
			}
		}
	}
}

// The groups are told apart by those who see no colours: where each is painted in black
// and white, no two marks are alike.
func TestShapesDifferWithoutColour(t *testing.T) {
	masks := map[string][]bool{}
	for _, letter := range letters {
		img := painted(one(letter, 9), 1000, 750, mapview.PaintOptions{})
		ground := look.Style{}.Colour(look.Card)
		for y := 325; y < 425; y++ {
			for x := 450; x < 550; x++ {
				masks[letter] = append(masks[letter], color.NRGBAModel.Convert(img.At(x, y)) != ground)
			}
		}
	}
	for i, a := range letters {
		for _, b := range letters[:i] {
			differ := 0
			for p := range masks[a] {
				if masks[a][p] != masks[b][p] {
					differ++
				}
			}
			if differ < 150 {
				t.Errorf("the marks of %q and %q differ in %d pixels only", a, b, differ)
			}
		}
	}
}

func TestMoreThanOnePersonHasALargerMark(t *testing.T) {
	last := 0
	for _, people := range []int{1, 2, 5, 9} {
		got := pixels(painted(one("A", people), 1000, 750, mapview.PaintOptions{}), look.Style{}.Group("A"))
		if got <= last {
			t.Errorf("%d people: %d pixels, before %d", people, got, last)
		}
		last = got
	}
	if twelve := pixels(painted(one("A", 12), 1000, 750, mapview.PaintOptions{}), look.Style{}.Group("A")); twelve != last {
		t.Errorf("12 people have %d pixels, 9 have %d: a mark stops growing at nine", twelve, last)
	}
}

func TestMarksLieWhereTheSceneHasThem(t *testing.T) {
	scene := &readmodel.Scene{Marks: []readmodel.Mark{{X: 0.25, Y: 0.1, Group: "B", People: 4}}}
	for _, c := range []struct {
		name          string
		width, height int
		lens          mapview.Lens
		x, y          int
	}{
		{"four to three", 1000, 750, mapview.Lens{}, 250, 100},
		{"wide: the map stands in the middle", 1200, 750, mapview.Lens{}, 350, 100},
		{"high", 1000, 950, mapview.Lens{}, 250, 200},
		{"enlarged about a place", 1000, 750, mapview.Lens{Zoom: 2, X: 0.3, Y: 0.2}, 400, 175},
		{"enlarged at a corner: nothing beside the map shows", 1000, 750, mapview.Lens{Zoom: 2, X: 0, Y: 0}, 500, 200},
	} {
		img := painted(scene, c.width, c.height, mapview.PaintOptions{Lens: c.lens})
		if got := img.RGBAAt(c.x, c.y); color.NRGBAModel.Convert(got) != (look.Style{}).Group("B") {
			t.Errorf("%s: %v at %d, %d", c.name, got, c.x, c.y)
		}
	}
}

func TestEmphasisDimsTheOthers(t *testing.T) {
	scene := crowd(300, 0)
	style := look.Style{}
	plain := painted(scene, 800, 600, mapview.PaintOptions{})
	stands := painted(scene, 800, 600, mapview.PaintOptions{Emphasis: "B"})
	if got := pixels(stands, style.Group("A")); got != 0 {
		t.Errorf("%d pixels of A in its full colour", got)
	}
	if got, want := pixels(stands, style.Group("B")), pixels(plain, style.Group("B")); got < want {
		t.Errorf("B has %d pixels, without emphasis %d", got, want)
	}
}

func TestNothingIsGroundOnly(t *testing.T) {
	for name, scene := range map[string]*readmodel.Scene{"nil": nil, "empty": {}} {
		img := painted(scene, 40, 30, mapview.PaintOptions{Style: look.Style{Dark: true}})
		if got := pixels(img, look.Style{Dark: true}.Colour(look.Card)); got != 1200 {
			t.Errorf("%s: %d pixels of 1200 are the ground", name, got)
		}
	}
	mapview.Paint(image.NewRGBA(image.Rectangle{}), crowd(5, 0), mapview.PaintOptions{}) // no pixel at all
}

func ExamplePaint() {
	scene := &readmodel.Scene{Marks: []readmodel.Mark{{X: 0.5, Y: 0.375, Group: "A", People: 9}}}
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	mapview.Paint(img, scene, mapview.PaintOptions{Style: look.Style{Lang: "en"}})
	fmt.Println(img.At(200, 150), img.At(10, 10))
	// Output: {91 58 142 255} {255 255 255 255}
}

func BenchmarkPaint2000(b *testing.B) {
	scene := crowd(2000, 0)
	img := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	for b.Loop() {
		mapview.Paint(img, scene, mapview.PaintOptions{})
	}
}
