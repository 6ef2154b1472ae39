package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Painter paints the parts of a map into an image, and keeps what painting again can
// use. The zero value is ready; Begin comes first. Places are in pixels from the image's
// upper left corner.
type Painter struct {
	dst     *image.RGBA
	ground  color.NRGBA
	sprites sprites
	raster  vector.Rasterizer
	clouds  clouds
}

// Spot is a mark as it is painted.
type Spot struct {
	X, Y, Radius float64
	Shape        Shape
	Fill         color.NRGBA
	// Hollow spots are a line around the ground: their people stand between two groups.
	// A Ring looks the same either way.
	Hollow bool
	// Soft is the radius of the disc around the spot, 0 for none; see Clouds.
	Soft float64
}

// Begin takes the image that is painted from now on, and fills it with the ground.
func (p *Painter) Begin(dst *image.RGBA, ground color.NRGBA) {
	if p.sprites.ground != ground {
		p.sprites = sprites{ground: ground}
	}
	p.dst, p.ground = dst, ground
	draw.Draw(dst, dst.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
}

// Area fills closed lines with a colour, which may be transparent: a hull, or the outlines
// of a text. A line that turns the other way is a hole. Only the part of the image that
// they may touch is gone through.
func (p *Painter) Area(c color.NRGBA, lines ...[][2]float64) {
	left, top, right, bottom := extent(lines)
	if left > right {
		return
	}
	// An area far outside has no whole number that stands for it.
	limit := func(x float64) int { return int(max(-1e6, min(1e6, x))) }
	dst := p.dst
	area := image.Rect(limit(math.Floor(left)), limit(math.Floor(top)), limit(math.Ceil(right)), limit(math.Ceil(bottom))).Add(dst.Rect.Min).Intersect(dst.Rect)
	if area.Empty() {
		return
	}
	corner := area.Min.Sub(dst.Rect.Min)
	p.raster.Reset(area.Dx(), area.Dy())
	for _, line := range lines {
		if len(line) >= 3 {
			trace(&p.raster, line, -float64(corner.X), -float64(corner.Y))
		}
	}
	p.raster.DrawOp = draw.Over
	p.raster.Draw(dst, area, image.NewUniform(c), image.Point{})
}

// extent gives the rectangle around lines; left lies beyond right where there is none.
func extent(lines [][][2]float64) (left, top, right, bottom float64) {
	left, top, right, bottom = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, line := range lines {
		for _, at := range line {
			left, top, right, bottom = min(left, at[0]), min(top, at[1]), max(right, at[0]), max(bottom, at[1])
		}
	}
	return left, top, right, bottom
}

// Spot paints a mark, without its soft disc. Places and radii are kept to a quarter of a
// pixel; what lies outside costs nothing.
func (p *Painter) Spot(s Spot) {
	quarters := int(math.Round(s.Radius * quarter))
	size := p.dst.Rect.Size()
	if reach := (s.Radius + 1) * Farthest; quarters < 2 || s.X < -reach || s.Y < -reach || s.X > float64(size.X)+reach || s.Y > float64(size.Y)+reach {
		return
	}
	left, phaseX := placed(s.X)
	top, phaseY := placed(s.Y)
	key := spriteKey{shape: s.Shape, fill: s.Fill, hollow: s.Hollow && s.Shape != Ring, radius: quarters, phaseX: phaseX, phaseY: phaseY}
	p.sprites.get(key).lay(p.dst, p.dst.Rect.Min.X+left, p.dst.Rect.Min.Y+top)
}

// placed gives the whole pixel and the quarters of a place.
func placed(at float64) (whole, phase int) {
	quarters := int(math.Floor(at*quarter + 0.5))
	whole = int(math.Floor(float64(quarters) / quarter))
	return whole, quarters - whole*quarter
}
