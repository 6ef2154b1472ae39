package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Marks are painted from sprites. Their places are kept to a quarter of a pixel, so that
// a gliding mark does not tremble, and their radius too.
const quarter = 4

// mostKept bounds the pixels that are kept, 16 MB: while the map is enlarged every step
// has its own radius.
const mostKept = 4 << 20

// haloWidth is the edge in the ground's colour that tells marks over each other apart,
// in pixels for a mark of ordinary size.
const haloWidth = 0.75

type spriteKey struct {
	shape          Shape
	fill           color.NRGBA
	hollow         bool
	radius         int // in quarters of a pixel
	phaseX, phaseY int // likewise, 0 … 3
}

// sprite is a mark ready to be laid over the image: premultiplied, left and top of the
// mark's whole pixel.
type sprite struct {
	pixels    *image.RGBA
	left, top int
}

// sprites draws marks once and keeps them.
type sprites struct {
	ground color.NRGBA
	kept   map[spriteKey]sprite
	pixels int
}

func (s *sprites) get(key spriteKey) sprite {
	if got, ok := s.kept[key]; ok {
		return got
	}
	if s.kept == nil || s.pixels >= mostKept {
		s.kept, s.pixels = map[spriteKey]sprite{}, 0
	}
	made := drawSprite(key, s.ground)
	s.kept[key] = made
	s.pixels += len(made.pixels.Pix) / 4
	return made
}

func drawSprite(key spriteKey, ground color.NRGBA) sprite {
	radius := float64(key.radius) / quarter
	reach := int(math.Ceil(radius*Farthest+2*haloWidth)) + 1
	side := 2*reach + 1
	pixels := image.NewRGBA(image.Rect(0, 0, side, side))
	dx, dy := float64(reach)+float64(key.phaseX)/quarter, float64(reach)+float64(key.phaseY)/quarter
	fill := func(paths [][][2]float64, c color.NRGBA) {
		z := vector.NewRasterizer(side, side)
		for _, path := range paths {
			trace(z, path, dx, dy)
		}
		z.DrawOp = draw.Over
		z.Draw(pixels, pixels.Bounds(), image.NewUniform(c), image.Point{})
	}
	if ground.A == 0xFF {
		fill(shapePaths(key.shape, radius+haloWidth, false)[:1], ground)
	}
	fill(shapePaths(key.shape, radius, key.hollow), key.fill)
	return sprite{pixels, -reach, -reach}
}

// lay puts a sprite over an image at a pixel.
func (s sprite) lay(dst *image.RGBA, x, y int) {
	side := s.pixels.Rect.Dx()
	area := image.Rect(x+s.left, y+s.top, x+s.left+side, y+s.top+side)
	seen := area.Intersect(dst.Rect)
	for row := seen.Min.Y; row < seen.Max.Y; row++ {
		from := s.pixels.Pix[s.pixels.PixOffset(seen.Min.X-area.Min.X, row-area.Min.Y):]
		to := dst.Pix[dst.PixOffset(seen.Min.X, row):]
		layRow(to[:4*seen.Dx()], from[:4*seen.Dx()])
	}
}

// layRow is source over destination, both premultiplied.
func layRow(to, from []uint8) {
	for i := 0; i+3 < len(from) && i+3 < len(to); i += 4 {
		switch a := uint32(from[i+3]); a {
		case 0:
		case 0xFF:
			to[i], to[i+1], to[i+2], to[i+3] = from[i], from[i+1], from[i+2], 0xFF
		default:
			rest := 0xFF - a
			for c := i; c < i+4; c++ {
				to[c] = uint8(uint32(from[c]) + (uint32(to[c])*rest+127)/0xFF)
			}
		}
	}
}
