package look_test

import (
	"image/color"
	"math"
	"testing"

	"folkmoot/app/look"
)

var styles = map[string]look.Style{"light": {Lang: "en"}, "dark": {Lang: "en", Dark: true}}

// The contrasts that WCAG 2.2 AA asks for: 4.5 for text, 3 for what is told by its edge
// or its form.
func TestContrast(t *testing.T) {
	pairs := []struct {
		name      string
		front, on look.Role
		atLeast   float64
	}{
		{"text on paper", look.Ink, look.Paper, 4.5},
		{"text on a card", look.Ink, look.Card, 4.5},
		{"text on what is chosen", look.Ink, look.Chosen, 4.5},
		{"quiet text on paper", look.Quiet, look.Paper, 4.5},
		{"quiet text on a card", look.Quiet, look.Card, 4.5},
		{"quiet text on what is chosen", look.Quiet, look.Chosen, 4.5},
		{"a button's name on a card", look.Action, look.Card, 4.5},
		{"a button's name on paper", look.Action, look.Paper, 4.5},
		{"a button's name where the mouse is", look.Action, look.Chosen, 4.5},
		{"the filled button's name", look.OnAction, look.Action, 4.5},
		{"what waits", look.OnWaiting, look.Waiting, 4.5},
		{"the edge of what waits", look.WaitEdge, look.Waiting, 3},
		{"agree on a card", look.Agree, look.Card, 3},
		{"disagree on a card", look.Disagree, look.Card, 3},
		{"agree beside disagree", look.Agree, look.Disagree, 1.5},
		{"the dot of what is well", look.Fine, look.Paper, 3},
	}
	for name, s := range styles {
		for _, p := range pairs {
			if got := look.Contrast(s.Colour(p.front), s.Colour(p.on)); got < p.atLeast {
				t.Errorf("%s, %s: %.2f, want %.1f", name, p.name, got, p.atLeast)
			}
		}
		for _, letter := range []string{"A", "B", "C", "D", "E"} {
			if got := look.Contrast(s.OnGroup(), s.Group(letter)); got < 4.5 {
				t.Errorf("%s: the label of group %s has %.2f", name, letter, got)
			}
			for _, ground := range []look.Role{look.Paper, look.Card} {
				if got := look.Contrast(s.Group(letter), s.Colour(ground)); got < 3 {
					t.Errorf("%s: the marks of group %s have %.2f", name, letter, got)
				}
			}
		}
	}
}

// Reference figures of https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: black on white is
// 21; #767676 is the darkest grey that just passes 4.5 on white.
func TestContrastItself(t *testing.T) {
	white := color.NRGBA{255, 255, 255, 255}
	if got := look.Contrast(color.NRGBA{A: 255}, white); got < 20.99 || got > 21.01 {
		t.Errorf("black on white %.3f", got)
	}
	if got := look.Contrast(color.NRGBA{0x76, 0x76, 0x76, 255}, white); got < 4.5 || got > 4.6 {
		t.Errorf("grey on white %.3f", got)
	}
}

func TestALetterBeyondEIsInNoGroup(t *testing.T) {
	s := styles["light"]
	if s.Group("F") != s.Colour(look.Quiet) || s.Group("") != s.Colour(look.Quiet) {
		t.Error("a letter beyond E is not that of people in no group")
	}
}

// Classes have to be told from each other and from the groups by colour alone, since their
// marks keep their group's shape: at least 25 apart in CIE Lab, where 2 can just be seen,
// and 18 from the groups' colours.
func TestClassesAreToldByColour(t *testing.T) {
	for name, s := range styles {
		for a := range look.Classes {
			for _, ground := range []look.Role{look.Paper, look.Card} {
				if got := look.Contrast(s.Class(a), s.Colour(ground)); got < 3 {
					t.Errorf("%s: class %d has %.2f", name, a, got)
				}
			}
			for b := range a {
				if far := apart(s.Class(a), s.Class(b)); far < 25 {
					t.Errorf("%s: classes %d and %d are %.0f apart", name, a, b, far)
				}
			}
			for _, letter := range []string{"A", "B", "C", "D", "E", ""} {
				if far := apart(s.Class(a), s.Group(letter)); far < 18 {
					t.Errorf("%s: class %d is %.0f from group %q", name, a, far, letter)
				}
			}
		}
		if s.Class(-1) != s.Colour(look.Quiet) || s.Class(look.Classes) != s.Colour(look.Quiet) {
			t.Errorf("%s: others are not quiet", name)
		}
	}
}

// apart is how far two colours are from each other in CIE 1976 L*a*b* (D65).
func apart(a, b color.NRGBA) float64 {
	p, q := lab(a), lab(b)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}

func lab(c color.NRGBA) [3]float64 {
	linear := func(v uint8) float64 {
		if x := float64(v) / 255; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	root := func(x float64) float64 {
		if x > 0.008856 {
			return math.Cbrt(x)
		}
		return 7.787*x + 16.0/116
	}
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	x, y, z := root((0.4124*r+0.3576*g+0.1805*b)/0.9505), root(0.2126*r+0.7152*g+0.0722*b), root((0.0193*r+0.1192*g+0.9505*b)/1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
