package look

import (
	"image/color"
	"math"
)

// Role is what a colour is for.
type Role int

// The roles.
const (
	Paper     Role = iota // behind everything
	Card                  // what stands on paper
	Line                  // edges and rules
	Ink                   // text
	Quiet                 // text of less weight
	Action                // the filled button, and what can be pressed
	OnAction              // text on Action
	Chosen                // behind what is chosen
	Agree                 // bars
	Disagree              //
	Pass                  //
	Waiting               // behind what waits or is out of reach: never red, since nothing is lost
	WaitEdge              // its edge
	OnWaiting             // text on Waiting
	Fine                  // the dot of what is well
	Shade                 // over the window while a question is asked
	roles
)

// The palette of ../shared/design/ui.md; where it gives no value the contrast of
// WCAG 2.2 AA decided.
var light = [roles]color.NRGBA{
	Paper: rgb(0xF6F4EE), Card: rgb(0xFFFFFF), Line: rgb(0xE2DED3), Ink: rgb(0x1F2430), Quiet: rgb(0x5F6670),
	Action: rgb(0x0F5F5C), OnAction: rgb(0xFFFFFF), Chosen: rgb(0xE1EEEC),
	Agree: rgb(0x4A4E69), Disagree: rgb(0xB5651D), Pass: rgb(0xCFCCC2),
	Waiting: rgb(0xFFF3D6), WaitEdge: rgb(0xA87400), OnWaiting: rgb(0x1F2430), Fine: rgb(0x1E8A5A), Shade: {0, 0, 0, 0x66},
}

var dark = [roles]color.NRGBA{
	Paper: rgb(0x14202B), Card: rgb(0x1C2B38), Line: rgb(0x33465A), Ink: rgb(0xF2F5F8), Quiet: rgb(0xA9B6C3),
	Action: rgb(0x8FDCC9), OnAction: rgb(0x0B1A22), Chosen: rgb(0x24404A),
	Agree: rgb(0xC3C8EE), Disagree: rgb(0xD08433), Pass: rgb(0x5A6B7B),
	Waiting: rgb(0x4A3A12), WaitEdge: rgb(0xF0D060), OnWaiting: rgb(0xFFF3D6), Fine: rgb(0x6FD3A4), Shade: {0, 0, 0, 0x99},
}

// The opinion groups A to E. None is a party's colour, and none stands alone: a group
// has a letter and a shape too (see package picture).
var (
	lightGroups = [...]color.NRGBA{rgb(0x5B3A8E), rgb(0xC2407A), rgb(0x6B4A2B), rgb(0x8A6D00), rgb(0x2F3640)}
	darkGroups  = [...]color.NRGBA{rgb(0xB9A0F0), rgb(0xF27FB0), rgb(0xE0B07C), rgb(0xF0D060), rgb(0xE6EAF0)}
)

// The classes by which the facilitator may have the map coloured. They keep apart from each
// other and from the groups' colours; the first ones are told apart by those who see no
// red or green too.
var (
	lightClasses = [...]color.NRGBA{rgb(0x1F66D1), rgb(0xD0540A), rgb(0x1F7A3D), rgb(0xB032C8), rgb(0x0A8CA8), rgb(0xA3123F), rgb(0x16246B), rgb(0x6F8500)}
	darkClasses  = [...]color.NRGBA{rgb(0x4F93FF), rgb(0xF07F2E), rgb(0x3DB868), rgb(0xD86AF5), rgb(0x4FDDF0), rgb(0xE8525C), rgb(0x2E9C9C), rgb(0xC3F06A)}
)

// Classes is how many classes have a colour of their own.
const Classes = 8

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

// Colour gives the colour of a role.
func (s Style) Colour(r Role) color.NRGBA {
	if s.Dark {
		return dark[r]
	}
	return light[r]
}

// Group gives the colour of an opinion group by its letter; that of Quiet for people
// in no group ("") and for letters beyond E.
func (s Style) Group(letter string) color.NRGBA {
	i := groupIndex(letter)
	switch {
	case i < 0:
		return s.Colour(Quiet)
	case s.Dark:
		return darkGroups[i]
	}
	return lightGroups[i]
}

// Class gives the colour of a class of people by its number, 0 … Classes-1; that of Quiet
// for all others.
func (s Style) Class(number int) color.NRGBA {
	switch {
	case number < 0 || number >= Classes:
		return s.Colour(Quiet)
	case s.Dark:
		return darkClasses[number]
	}
	return lightClasses[number]
}

// OnGroup gives the colour of text on a group's colour.
func (s Style) OnGroup() color.NRGBA {
	if s.Dark {
		return rgb(0x14202B)
	}
	return rgb(0xFFFFFF)
}

// groupIndex gives 0 … 4 for A … E, -1 else.
func groupIndex(letter string) int {
	if len(letter) == 1 && letter[0] >= 'A' && letter[0] <= 'E' {
		return int(letter[0] - 'A')
	}
	return -1
}

// Contrast gives the contrast of two opaque colours, 1 … 21, by WCAG 2.2.
func Contrast(a, b color.NRGBA) float64 {
	high, low := luminance(a), luminance(b)
	if high < low {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, 0 … 1.
func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}
