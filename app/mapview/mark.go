package mapview

import (
	"image"

	"folkmoot/app/look"
	"folkmoot/app/picture"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// NewMark gives the mark of a group, for a legend or a heading: its shape in its colour,
// side high and wide.
func NewMark(s look.Style, letter string, side float32) fyne.CanvasObject {
	raster := canvas.NewRaster(func(width, height int) image.Image {
		return picture.DrawMark(width, height, picture.ShapeOf(letter), s.Group(letter), false)
	})
	raster.SetMinSize(fyne.NewSize(side, side))
	return raster
}
