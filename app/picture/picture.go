package picture

import (
	"image/color"

	"folkmoot/app/readmodel"
)

// Picture is a map with all that stands on it. It names nobody.
type Picture struct {
	// Scene is nil where there is no map yet: the picture then says what is missing.
	Scene *readmodel.Scene
	// Missing are the sentences about that, in the picture's language.
	Missing []string
	// Head is the quiet line at the top that says how far the map can be relied on; may be
	// empty.
	Head string
	// Lang is the language of the labels: zh-Hant or en.
	Lang    string
	Palette Palette
	// Made is the small line at the bottom that says what made the map; may be empty.
	Made string
	// Spoken says the map in a few sentences to those who cannot see it; SVG holds it.
	Spoken string
}

// Width and Height are the size of a picture in its own units, those of its SVG.
const (
	Width  = 1000
	Height = 800
)

// Where the scene lies in a picture: above it there is room for the head, below it for the
// small lines.
const (
	sceneScale = 940.0
	sceneLeft  = (Width - sceneScale*readmodel.SceneWidth) / 2
	sceneTop   = 54.0
)

func placeX(x float64) float64 { return sceneLeft + sceneScale*x }
func placeY(y float64) float64 { return sceneTop + sceneScale*y }

// ink is what something is painted with; which colour that is, the palette knows, or the
// style sheet of the page.
type ink struct {
	kind   inkKind
	letter string // of groupInk
}

type inkKind int

const (
	groupInk inkKind = iota
	groundInk
	onGroupInk
	plainInk
	quietInk
)

func (p Palette) ink(i ink) color.NRGBA {
	switch i.kind {
	case groundInk:
		return p.Ground
	case onGroupInk:
		return p.OnGroup
	case plainInk:
		return p.Ink
	case quietInk:
		return p.Quiet
	}
	return p.Group(i.letter)
}
