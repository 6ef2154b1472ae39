package look

import "fyne.io/fyne/v2"

// flowing is an object, or a layout of a container, whose height follows from its
// width, as that of a text does. Fyne asks for one least size; a text that wraps has
// many.
type flowing interface {
	HeightFor(width float32) float32
}

type flowingLayout interface {
	HeightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor gives the height that an object needs at a width.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch it := o.(type) {
	case flowing:
		return it.HeightFor(width)
	case *fyne.Container:
		if l, ok := it.Layout.(flowingLayout); ok {
			return l.HeightFor(it.Objects, width)
		}
	}
	return o.MinSize().Height
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	shown := objects[:0:0]
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

// column stacks objects over the whole width. One may take the height that is left.
type column struct {
	gap   float32
	grow  int // place of the object that takes the rest, -1 for none
	width float32
}

// Column stacks objects over the whole width, gap apart.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap, grow: -1}, Objects: objects}
}

// Filling stacks objects like Column; the one at place grow takes the height that is
// left.
func Filling(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap, grow: grow}, Objects: objects}
}

func (c *column) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var height float32
	for i, o := range visible(objects) {
		if i > 0 {
			height += c.gap
		}
		height += HeightFor(o, width)
	}
	return height
}

func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least float32
	for _, o := range visible(objects) {
		least = max(least, o.MinSize().Width)
	}
	return fyne.NewSize(least, c.HeightFor(objects, max(least, c.width)))
}

func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	rest := size.Height - c.HeightFor(objects, size.Width)
	var y float32
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		height := HeightFor(o, size.Width)
		if i == c.grow {
			height = max(0, height+rest)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height + c.gap
	}
}

// row puts objects beside each other, in the middle of its height. One may take the
// width that is left.
type row struct {
	gap  float32
	grow int
	top  bool
}

// Row puts objects beside each other, gap apart and in the middle of the height; the
// one at place grow takes the width that is left (-1: none does).
func Row(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &row{gap: gap, grow: grow}, Objects: objects}
}

// TopRow is a Row whose objects stand at its top and take its whole height.
func TopRow(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &row{gap: gap, grow: grow, top: true}, Objects: objects}
}

// widths gives each object's width where the row is that wide.
func (r *row) widths(objects []fyne.CanvasObject, width float32) []float32 {
	out := make([]float32, len(objects))
	rest, first := width, true
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if !first {
			rest -= r.gap
		}
		first = false
		if i != r.grow {
			out[i] = o.MinSize().Width
			rest -= out[i]
		}
	}
	if r.grow >= 0 && objects[r.grow].Visible() {
		out[r.grow] = max(rest, objects[r.grow].MinSize().Width)
	}
	return out
}

func (r *row) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var height float32
	for i, w := range r.widths(objects, width) {
		if objects[i].Visible() {
			height = max(height, HeightFor(objects[i], w))
		}
	}
	return height
}

func (r *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for i, o := range visible(objects) {
		if i > 0 {
			least.Width += r.gap
		}
		size := o.MinSize()
		least.Width += size.Width
		least.Height = max(least.Height, size.Height)
	}
	return least
}

func (r *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var x float32
	for i, w := range r.widths(objects, size.Width) {
		o := objects[i]
		if !o.Visible() {
			continue
		}
		height, y := size.Height, float32(0)
		if !r.top {
			height = min(HeightFor(o, w), size.Height)
			y = (size.Height - height) / 2
		}
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, height))
		x += w + r.gap
	}
}

// wrap puts objects beside each other and goes on in a new line where they do not fit.
type wrap struct {
	gap   float32
	width float32
}

// Wrap puts objects beside each other at their least size, gap apart, in as many lines
// as they need.
func Wrap(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &wrap{gap: gap}, Objects: objects}
}

// each calls place for every object with where it stands, in the middle of its line, and
// gives the height of all.
func (w *wrap) each(objects []fyne.CanvasObject, width float32, place func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) float32 {
	var x, y, high float32
	var line []fyne.CanvasObject
	var sizes []fyne.Size
	end := func() {
		var left float32
		for i, o := range line {
			place(o, fyne.NewPos(left, y+(high-sizes[i].Height)/2), sizes[i])
			left += sizes[i].Width + w.gap
		}
		line, sizes = line[:0], sizes[:0]
	}
	for _, o := range visible(objects) {
		size := fyne.NewSize(min(max(o.MinSize().Width, natural(o)), max(width, 1)), 0)
		if x > 0 && x+size.Width > width {
			end()
			x, y, high = 0, y+high+w.gap, 0
		}
		size.Height = HeightFor(o, size.Width)
		line, sizes = append(line, o), append(sizes, size)
		x += size.Width + w.gap
		high = max(high, size.Height)
	}
	end()
	return y + high
}

func (w *wrap) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return w.each(objects, width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
}

func (w *wrap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least float32
	for _, o := range visible(objects) {
		least = max(least, o.MinSize().Width)
	}
	return fyne.NewSize(least, w.HeightFor(objects, max(least, w.width)))
}

func (w *wrap) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w.width = size.Width
	w.each(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Move(at)
		o.Resize(size)
	})
}

// grid puts objects into columns of one width, as many as fit.
type grid struct {
	gap, least float32
	width      float32
}

// Grid puts objects into columns of one width, at least least wide and gap apart.
func Grid(gap, least float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{gap: gap, least: least}, Objects: objects}
}

func (g *grid) columns(width float32) (count int, each float32) {
	count = max(1, int((width+g.gap)/(g.least+g.gap)))
	return count, (width - float32(count-1)*g.gap) / float32(count)
}

// rows gives the height of each line of objects.
func (g *grid) rows(objects []fyne.CanvasObject, width float32) []float32 {
	count, each := g.columns(width)
	var heights []float32
	for i, o := range objects {
		if i%count == 0 {
			heights = append(heights, 0)
		}
		heights[len(heights)-1] = max(heights[len(heights)-1], HeightFor(o, each))
	}
	return heights
}

func (g *grid) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var height float32
	for i, h := range g.rows(visible(objects), width) {
		if i > 0 {
			height += g.gap
		}
		height += h
	}
	return height
}

func (g *grid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(g.least, g.HeightFor(objects, max(g.least, g.width)))
}

func (g *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	objects = visible(objects)
	count, each := g.columns(size.Width)
	heights := g.rows(objects, size.Width)
	var y float32
	for i, o := range objects {
		if i > 0 && i%count == 0 {
			y += heights[i/count-1] + g.gap
		}
		o.Move(fyne.NewPos(float32(i%count)*(each+g.gap), y))
		o.Resize(fyne.NewSize(each, heights[i/count]))
	}
}

// ends puts two objects at the two ends of a line, or on two lines.
type ends struct{ gap, width float32 }

// Ends puts two objects at the two ends of one line where both fit, else below each other;
// the second always ends at the right edge.
func Ends(gap float32, first, second fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &ends{gap: gap}, Objects: []fyne.CanvasObject{first, second}}
}

// natural gives the width at which nothing needs to wrap.
func natural(o fyne.CanvasObject) float32 {
	switch it := o.(type) {
	case *Text:
		if !it.options.Single {
			return it.measure(it.text)
		}
	case *fyne.Container:
		if w, ok := it.Layout.(*wrap); ok {
			var width float32
			for i, part := range visible(it.Objects) {
				if i > 0 {
					width += w.gap
				}
				width += natural(part)
			}
			return width
		}
	}
	return o.MinSize().Width
}

func (e *ends) together(objects []fyne.CanvasObject, width float32) bool {
	return natural(objects[0])+e.gap+natural(objects[1]) <= width
}

func (e *ends) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if e.together(objects, width) {
		return max(HeightFor(objects[0], natural(objects[0])), HeightFor(objects[1], natural(objects[1])))
	}
	return HeightFor(objects[0], width) + e.gap + HeightFor(objects[1], width)
}

func (e *ends) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := max(objects[0].MinSize().Width, objects[1].MinSize().Width)
	return fyne.NewSize(least, e.HeightFor(objects, max(least, e.width)))
}

func (e *ends) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	e.width = size.Width
	if !e.together(objects, size.Width) {
		first := HeightFor(objects[0], size.Width)
		objects[0].Move(fyne.NewPos(0, 0))
		objects[0].Resize(fyne.NewSize(size.Width, first))
		width := min(natural(objects[1]), size.Width)
		objects[1].Move(fyne.NewPos(size.Width-width, first+e.gap))
		objects[1].Resize(fyne.NewSize(width, HeightFor(objects[1], width)))
		return
	}
	x := float32(0)
	for i, o := range objects {
		width := natural(o)
		height := HeightFor(o, width)
		if i == 1 {
			x = size.Width - width
		}
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(width, height))
	}
}

// inset keeps a distance around one object.
type inset struct {
	x, y  float32
	width float32
}

// Inset keeps a distance around an object: x at its sides, y above and below.
func Inset(x, y float32, object fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{x: x, y: y}, Objects: []fyne.CanvasObject{object}}
}

func (n *inset) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], width-2*n.x) + 2*n.y
}

func (n *inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[0].MinSize().Width + 2*n.x
	return fyne.NewSize(least, n.HeightFor(objects, max(least, n.width)))
}

func (n *inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	n.width = size.Width
	objects[0].Move(fyne.NewPos(n.x, n.y))
	objects[0].Resize(size.Subtract(fyne.NewSize(2*n.x, 2*n.y)))
}

// stack puts objects over each other; the last one says how much room is needed.
type stack struct{ width float32 }

// Stack puts objects over each other. The last one says how much room is needed.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &stack{}, Objects: objects}
}

func (s *stack) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[len(objects)-1], width)
}

func (s *stack) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[len(objects)-1].MinSize().Width
	return fyne.NewSize(least, s.HeightFor(objects, max(least, s.width)))
}

func (s *stack) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	s.width = size.Width
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// middle puts an object into the middle, at most so wide.
type middle struct{ most float32 }

// Middle puts an object into the middle of the room, at most most wide.
func Middle(most float32, object fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &middle{most}, Objects: []fyne.CanvasObject{object}}
}

func (m *middle) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], min(m.most, width))
}

func (m *middle) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (m *middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(m.most, size.Width)
	height := min(HeightFor(objects[0], width), size.Height)
	objects[0].Move(fyne.NewPos((size.Width-width)/2, (size.Height-height)/2))
	objects[0].Resize(fyne.NewSize(width, height))
}

// least keeps an object at least so high, in the middle of the height.
type least struct{ height, width float32 }

// AtLeast keeps an object at least so high; what is lower stands in the middle.
func AtLeast(height float32, object fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &least{height: height}, Objects: []fyne.CanvasObject{object}}
}

func (l *least) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return max(l.height, HeightFor(objects[0], width))
}

func (l *least) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := objects[0].MinSize().Width
	return fyne.NewSize(width, l.HeightFor(objects, max(width, l.width)))
}

func (l *least) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	height := min(HeightFor(objects[0], size.Width), size.Height)
	objects[0].Move(fyne.NewPos(0, (size.Height-height)/2))
	objects[0].Resize(fyne.NewSize(size.Width, height))
}
