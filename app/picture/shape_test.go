package picture_test

import (
	"image/color"
	"testing"

	"folkmoot/app/picture"
)

var black = color.NRGBA{A: 0xFF}

func TestGroupsAreToldWithoutColour(t *testing.T) {
	letters := []string{"A", "B", "C", "D", "E", ""}
	for _, hollow := range []bool{false, true} {
		for i, a := range letters {
			for _, b := range letters[:i] {
				p, q := picture.DrawMark(40, 40, picture.ShapeOf(a), black, hollow), picture.DrawMark(40, 40, picture.ShapeOf(b), black, hollow)
				differ := 0
				for k := 3; k < len(p.Pix); k += 4 {
					if d := int(p.Pix[k]) - int(q.Pix[k]); max(d, -d) > 128 {
						differ++
					}
				}
				if differ < 60 {
					t.Errorf("hollow %v: the marks of %q and %q differ in %d pixels only", hollow, a, b, differ)
				}
			}
		}
	}
	if picture.ShapeOf("F") != picture.Ring || picture.ShapeOf("AB") != picture.Ring {
		t.Error("a letter beyond E has a group's shape")
	}
}

// The line of a hollow mark stays to be seen however small the mark is, and so does the
// hole however large.
func TestHollowMarksHaveALineAndAHole(t *testing.T) {
	for _, side := range []int{12, 20, 60} {
		for _, letter := range []string{"A", "B", "C", "D", "E"} {
			full, hollow := picture.DrawMark(side, side, picture.ShapeOf(letter), black, false), picture.DrawMark(side, side, picture.ShapeOf(letter), black, true)
			sum := func(pix []uint8) (n int) {
				for k := 3; k < len(pix); k += 4 {
					n += int(pix[k])
				}
				return n
			}
			if share := float64(sum(hollow.Pix)) / float64(sum(full.Pix)); share < 0.35 || share > 0.95 {
				t.Errorf("%s at %d: the line is %.2f of the mark", letter, side, share)
			}
		}
	}
}

func TestPaletteBeyondE(t *testing.T) {
	for _, p := range []picture.Palette{picture.Light(), picture.Wall()} {
		if p.Group("") != p.Quiet || p.Group("F") != p.Quiet || p.Group("A") == p.Group("B") {
			t.Error("people in no group have a group's colour, or groups share one")
		}
	}
}
