package picture

import (
	"fmt"
	"image/color"
)

// Palette holds the colours that a map is painted in.
type Palette struct {
	// Ground lies behind the map, and in hollow marks.
	Ground color.NRGBA
	// Ink is for sentences, Quiet for small lines and for people in no group.
	Ink, Quiet color.NRGBA
	// OnGroup is the colour of text on a group's colour.
	OnGroup color.NRGBA
	// Groups are the colours of the groups A to E.
	Groups [5]color.NRGBA
	// Hull is how strong hulls are, and Cloud how strong the soft discs: 0 … 1.
	Hull, Cloud float64
}

// Light gives the palette of paper and of the desk by day; see ../shared/design/ui.md.
func Light() Palette {
	return Palette{Ground: rgb(0xFFFFFF), Ink: rgb(0x1F2430), Quiet: rgb(0x5F6670), OnGroup: rgb(0xFFFFFF), Hull: 0.15, Cloud: 0.14,
		Groups: [5]color.NRGBA{rgb(0x5B3A8E), rgb(0xC2407A), rgb(0x6B4A2B), rgb(0x8A6D00), rgb(0x2F3640)}}
}

// Wall gives the palette of the wall, and of the desk by night.
func Wall() Palette {
	return Palette{Ground: rgb(0x14202B), Ink: rgb(0xF2F5F8), Quiet: rgb(0xA9B6C3), OnGroup: rgb(0x14202B), Hull: 0.24, Cloud: 0.18,
		Groups: [5]color.NRGBA{rgb(0xB9A0F0), rgb(0xF27FB0), rgb(0xE0B07C), rgb(0xF0D060), rgb(0xE6EAF0)}}
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

// Group gives the colour of a group by its letter; Quiet for people in no group ("")
// and for letters beyond E.
func (p Palette) Group(letter string) color.NRGBA {
	if i := groupIndex(letter); i >= 0 {
		return p.Groups[i]
	}
	return p.Quiet
}

// groupIndex gives 0 … 4 for A … E, -1 else.
func groupIndex(letter string) int {
	if len(letter) == 1 && letter[0] >= 'A' && letter[0] <= 'E' {
		return int(letter[0] - 'A')
	}
	return -1
}

// hex writes a colour as SVG does.
func hex(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// faded gives a colour at a strength, 0 … 1.
func faded(c color.NRGBA, strength float64) color.NRGBA {
	c.A = uint8(strength*0xFF + 0.5)
	return c
}
