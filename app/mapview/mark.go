package mapview

import (
	"image"
	"image/draw"

	"folkmoot/app/look"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/vector"
)

// NewMark gives the mark of a group, for a legend or a heading: its shape in its colour,
// side high and wide.
func NewMark(s look.Style, letter string, side float32) fyne.CanvasObject {
	raster := canvas.NewRaster(func(width, height int) image.Image {
		pixels := image.NewRGBA(image.Rect(0, 0, width, height))
		z := vector.NewRasterizer(width, height)
		radius := float64(min(width, height)) / 2 / farthest
		paths := shapePaths(look.ShapeOf(letter), radius)
		top, bottom := 0.0, 0.0 // beside a text the whole shape stands in the middle, not its centre
		for _, p := range paths[0] {
			top, bottom = min(top, p[1]), max(bottom, p[1])
		}
		for _, path := range paths {
			trace(z, path, float64(width)/2, float64(height)/2-(top+bottom)/2)
		}
		z.DrawOp = draw.Over
		z.Draw(pixels, pixels.Bounds(), image.NewUniform(s.Group(letter)), image.Point{})
		return pixels
	})
	raster.SetMinSize(fyne.NewSize(side, side))
	return raster
}
