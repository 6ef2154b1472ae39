package picture

import (
	"image"
	"image/color"
	"math"
)

// Soft discs are painted on a mask that is as coarse as they allow: cloudCells of its
// cells reach from the middle of the largest to its edge. Since they are faint and have
// no sharp edge, nobody sees the cells.
const cloudCells = 32

// cloudCore is the part of a soft disc, from its middle, that is equally strong; from
// there it fades evenly to nothing.
const cloudCore = 0.4

// clouds keeps the mask and the discs for painting again.
type clouds struct {
	mask  []uint8
	discs map[int]disc // by radius in cells
}

// disc is a soft disc, 2·radius+1 cells high and wide.
type disc struct {
	radius int
	cells  []uint8
}

// Clouds paints the soft discs of spots: those of one colour as one cloud of at most the
// given strength (0 … 1), however many lie over each other. They come before the spots.
func (p *Painter) Clouds(spots []Spot, strength float64) {
	var colours []color.NRGBA
	discs := map[color.NRGBA][]Spot{}
	for _, s := range spots {
		if !(s.Soft > s.Radius) || math.IsInf(s.Soft, 0) {
			continue
		}
		if _, seen := discs[s.Fill]; !seen {
			colours = append(colours, s.Fill)
		}
		discs[s.Fill] = append(discs[s.Fill], s)
	}
	for _, c := range colours {
		p.cloud(discs[c], faded(c, strength))
	}
}

func (p *Painter) cloud(spots []Spot, c color.NRGBA) {
	size := p.dst.Rect.Size()
	most := 0.0
	for _, s := range spots {
		most = max(most, s.Soft)
	}
	step := max(1, int(math.Ceil(most/cloudCells)))
	width, height := (size.X+step-1)/step, (size.Y+step-1)/step
	if len(p.clouds.mask) < width*height {
		p.clouds.mask = make([]uint8, width*height)
	}
	mask := p.clouds.mask[:width*height]
	clear(mask)
	touched := image.Rectangle{}
	for _, s := range spots {
		d := p.clouds.disc(int(math.Round(s.Soft / float64(step))))
		limit := func(x float64) int { return int(max(-1e6, min(1e6, math.Floor(x/float64(step))))) }
		touched = touched.Union(d.lay(mask, width, height, limit(s.X), limit(s.Y)))
	}
	for y := touched.Min.Y; y < touched.Max.Y; y++ {
		for row := y * step; row < min(size.Y, (y+1)*step); row++ {
			tint(p.dst.Pix[row*p.dst.Stride:], mask[y*width+touched.Min.X:y*width+touched.Max.X], touched.Min.X*step, step, size.X, c)
		}
	}
}

func (c *clouds) disc(radius int) disc {
	if d, ok := c.discs[radius]; ok {
		return d
	}
	if c.discs == nil {
		c.discs = map[int]disc{}
	}
	d := disc{radius: radius, cells: make([]uint8, (2*radius+1)*(2*radius+1))}
	for i := range d.cells {
		x, y := float64(i%(2*radius+1)-radius), float64(i/(2*radius+1)-radius)
		far := math.Sqrt(x*x+y*y) / (float64(radius) + 0.5)
		d.cells[i] = uint8(0xFF*min(1, max(0, (1-far)/(1-cloudCore))) + 0.5)
	}
	c.discs[radius] = d
	return d
}

// lay puts the disc over what lies on the mask already, and gives the cells it touches.
func (d disc) lay(mask []uint8, width, height, x, y int) image.Rectangle {
	area := image.Rect(x-d.radius, y-d.radius, x+d.radius+1, y+d.radius+1)
	seen := area.Intersect(image.Rect(0, 0, width, height))
	for row := seen.Min.Y; row < seen.Max.Y; row++ {
		from := d.cells[(row-area.Min.Y)*area.Dx()+seen.Min.X-area.Min.X:][:seen.Dx()]
		to := mask[row*width+seen.Min.X:][:seen.Dx()]
		for i, a := range from {
			rest := uint32(0xFF - to[i])
			to[i] += uint8((uint32(a)*rest + 127) / 0xFF)
		}
	}
	return seen
}

// tint lays a colour over a row of pixels from one on, as strong as the mask says; each
// of its cells counts for step pixels.
func tint(row []uint8, mask []uint8, from, step, width int, c color.NRGBA) {
	for i, m := range mask {
		if m == 0 {
			continue
		}
		a := (uint32(m)*uint32(c.A) + 127) / 0xFF
		add := [4]uint32{uint32(c.R) * a, uint32(c.G) * a, uint32(c.B) * a, 0xFF * a}
		for x := from + i*step; x < min(width, from+(i+1)*step); x++ {
			for k, v := range add {
				row[4*x+k] = uint8((v + uint32(row[4*x+k])*(0xFF-a) + 127) / 0xFF)
			}
		}
	}
}
