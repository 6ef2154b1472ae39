package tablet

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"folkmoot/app/look"
)

// The sizes of text and targets, in Fyne's units. Nothing that can be pressed is lower
// than target.
const (
	statementSize float32 = 32
	longSize      float32 = 26
	titleSize     float32 = 27
	bodySize      float32 = 19
	smallSize     float32 = 16
	target        float32 = 56
	lowTarget     float32 = 48
)

// page is how wide a column of reading gets, side how far it keeps from the edge.
const (
	page float32 = 860
	side float32 = 6 * look.Gap
	gap  float32 = 4 * look.Gap
)

// theme is that of the desk with larger fields.
type theme struct{ fyne.Theme }

// Size gives Fyne's own widgets the sizes of a tablet.
func (t theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return 21
	case fynetheme.SizeNameInnerPadding:
		return 3 * look.Gap
	}
	return t.Theme.Size(name)
}
