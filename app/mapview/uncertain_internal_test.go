package mapview

import (
	"image"
	"image/color"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
)

// Package picture knows no desk: it has the map's colours once more.
func TestThePicturesColoursAreTheDesks(t *testing.T) {
	for _, style := range []look.Style{{}, {Dark: true}} {
		p := palette(style)
		for _, letter := range []string{"A", "B", "C", "D", "E", "", "F"} {
			if got, want := p.Group(letter), style.Group(letter); got != want {
				t.Errorf("dark %v, group %q: %v, the desk has %v", style.Dark, letter, got, want)
			}
		}
		if p.OnGroup != style.OnGroup() || p.Ink != style.Colour(look.Ink) || p.Quiet != style.Colour(look.Quiet) {
			t.Errorf("dark %v: the texts have other colours than the desk's", style.Dark)
		}
	}
	if picture.Light().Ground != (look.Style{}).Colour(look.Card) || picture.Wall().Ground != (look.Style{Dark: true}).Colour(look.Paper) {
		t.Error("the grounds are not the desk's card and the wall")
	}
}

// Who stands between two groups, and whose place is uncertain, is to be seen.
func TestUncertainMarksArePaintedSo(t *testing.T) {
	paint := func(m readmodel.Mark) *image.RGBA {
		m.X, m.Y, m.Group, m.People = 0.5, 0.375, "B", 4
		img := image.NewRGBA(image.Rect(0, 0, 1000, 750))
		Paint(img, &readmodel.Scene{Marks: []readmodel.Mark{m}}, PaintOptions{})
		return img
	}
	card, group := look.Style{}.Colour(look.Card), look.Style{}.Group("B")
	for _, c := range []struct {
		name           string
		mark           readmodel.Mark
		middle, beside bool // in the group's colour; other than the card
	}{
		{"sure", readmodel.Mark{}, true, false},
		{"between", readmodel.Mark{Between: true}, false, false},
		{"uncertain", readmodel.Mark{Spread: 0.06}, true, true},
		{"both", readmodel.Mark{Between: true, Spread: 0.06}, false, true},
	} {
		img := paint(c.mark)
		if got := color.NRGBAModel.Convert(img.At(500, 375)) == group; got != c.middle {
			t.Errorf("%s: the middle is in the group's colour: %v", c.name, got)
		}
		if got := color.NRGBAModel.Convert(img.At(520, 375)) != card; got != c.beside {
			t.Errorf("%s: something is to be seen beside the mark: %v", c.name, got)
		}
	}
}
