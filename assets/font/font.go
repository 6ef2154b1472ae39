// Package font holds the typeface of the desk: Noto Sans TC, with Traditional Chinese
// and Latin, in two weights, so that 繁體中文 draws on a machine with no such font.
//
// Regular and Bold are whole TrueType files: a subset by Big5 would turn characters of
// people's names into diamonds. They come from the npm package
// @expo-google-fonts/noto-sans-tc 0.4.3; LICENSE (SIL Open Font License 1.1) is theirs.
//
// Everything here is constant. Import it only where texts are drawn, in a window or a
// picture: it weighs 14 MB. Start with Typeset where a text is to be drawn in it.
package font

import _ "embed"

// Regular and Bold are TrueType files. Nobody changes their bytes.
var (
	//go:embed regular.ttf
	Regular []byte
	//go:embed bold.ttf
	Bold []byte
)
