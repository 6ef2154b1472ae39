package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"
)

// DefaultPixels is how wide a PNG is where nobody asks for another width.
const DefaultPixels = 2000

// WritePNG writes a picture as PNG, so many pixels wide and four fifths as high; 0 for
// DefaultPixels. The same picture gives the same bytes.
func WritePNG(w io.Writer, p Picture, pixels int) error {
	if pixels <= 0 {
		pixels = DefaultPixels
	}
	img := image.NewRGBA(image.Rect(0, 0, pixels, pixels*Height/Width))
	PaintScene(img, p)
	if err := png.Encode(w, img); err != nil {
		return fmt.Errorf("picture: write PNG: %w", err)
	}
	return nil
}

// PaintScene paints a picture over all of an image, as large as fits, in its middle.
func PaintScene(dst *image.RGBA, p Picture) {
	var painter Painter
	scale := min(float64(dst.Rect.Dx())/Width, float64(dst.Rect.Dy())/Height)
	painter.Halo = haloWidth * scale
	painter.Begin(dst, p.Palette.Ground)
	if scale <= 0 {
		return
	}
	width, height := int(math.Round(Width*scale)), int(math.Round(Height*scale))
	corner := dst.Rect.Min.Add(image.Pt((dst.Rect.Dx()-width)/2, (dst.Rect.Dy()-height)/2))
	painter.dst = dst.SubImage(image.Rectangle{Min: corner, Max: corner.Add(image.Pt(width, height))}).(*image.RGBA)
	painter.drawing(p.drawing(), p.Palette, scale)
}

func (p *Painter) drawing(d drawing, colours Palette, scale float64) {
	for _, h := range d.hulls {
		p.Area(faded(colours.ink(h.ink), colours.Hull), scaled(h.points, scale))
	}
	spots := make([]Spot, len(d.marks))
	for i, m := range d.marks {
		s := m.Spot
		s.X, s.Y, s.Radius, s.Soft, s.Fill = s.X*scale, s.Y*scale, s.Radius*scale, s.Soft*scale, colours.ink(m.ink)
		spots[i] = s
	}
	p.Clouds(spots, colours.Cloud)
	for _, l := range d.leaders {
		p.Area(colours.ink(l.ink), scaled(l.corners(), scale))
	}
	for _, s := range spots {
		p.Spot(s)
	}
	for _, label := range d.pills {
		p.Area(colours.ink(label.ink), scaled(label.corners(), scale))
		p.text(label.run, scale, colours.ink(label.run.ink))
	}
	for _, r := range d.runs {
		p.text(r, scale, colours.ink(r.ink))
	}
}

func scaled(points [][2]float64, scale float64) [][2]float64 {
	out := make([][2]float64, len(points))
	for i, at := range points {
		out[i] = [2]float64{at[0] * scale, at[1] * scale}
	}
	return out
}

// corners gives a leader as an area.
func (l leader) corners() [][2]float64 {
	dx, dy := l.ax-l.x, l.ay-l.y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return nil
	}
	dx, dy = dx/length*leaderWide/2, dy/length*leaderWide/2
	return [][2]float64{{l.x - dy, l.y + dx}, {l.ax - dy, l.ay + dx}, {l.ax + dy, l.ay - dx}, {l.x + dy, l.y - dx}}
}

// corners gives a label as an area: two half circles.
func (l pill) corners() [][2]float64 {
	const half = circleCorners / 2
	radius := l.height / 2
	points := make([][2]float64, 0, 2*half+2)
	for i := range half + 1 {
		at := polar(radius, -90+180/float64(half)*float64(i))
		points = append(points, [2]float64{l.left + l.width - radius + at[0], l.top + radius + at[1]})
	}
	for i := range half + 1 {
		at := polar(radius, 90+180/float64(half)*float64(i))
		points = append(points, [2]float64{l.left + radius + at[0], l.top + radius + at[1]})
	}
	return points
}

// fill puts what was drawn at a place of the image, as far as it lies in it.
func (p *Painter) fill(z *vector.Rasterizer, x, y int, c color.NRGBA) {
	dst := p.dst
	area := image.Rectangle{Max: z.Size()}.Add(image.Pt(x, y)).Add(dst.Rect.Min)
	if seen := area.Intersect(dst.Rect); seen != area {
		if seen.Empty() {
			return
		}
		mask := image.NewAlpha(image.Rectangle{Max: z.Size()})
		z.DrawOp = draw.Src
		z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
		draw.DrawMask(dst, seen, image.NewUniform(c), image.Point{}, mask, seen.Min.Sub(area.Min), draw.Over)
		return
	}
	z.DrawOp = draw.Over
	z.Draw(dst, area, image.NewUniform(c), image.Point{})
}
