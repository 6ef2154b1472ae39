package tablet

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
)

// columns puts objects into columns of one width: all beside each other where each has
// room enough, else in rows of fewer.
type columns struct {
	count int
	least float32 // width of one
	gap   float32
	width float32
}

// columnsOf puts objects into so many columns, fewer where one would be narrower than
// least.
func columnsOf(count int, least, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &columns{count: max(1, count), least: least, gap: gap}, Objects: objects}
}

// pair puts buttons beside each other where there is room.
func pair(objects ...fyne.CanvasObject) *fyne.Container {
	return columnsOf(len(objects), 200, 3*look.Gap, objects...)
}

// fit gives how many columns there are at a width, and how wide one is.
func (c *columns) fit(objects []fyne.CanvasObject, width float32) (count int, each float32) {
	least := c.least
	for _, o := range objects {
		least = max(least, o.MinSize().Width)
	}
	for count = c.count; count > 1; count-- {
		if each = (width - c.gap*float32(count-1)) / float32(count); each >= least {
			return count, each
		}
	}
	return 1, width
}

// rows gives the height of each row.
func (c *columns) rows(objects []fyne.CanvasObject, width float32) []float32 {
	count, each := c.fit(objects, width)
	var heights []float32
	for i, o := range objects {
		if i%count == 0 {
			heights = append(heights, 0)
		}
		heights[len(heights)-1] = max(heights[len(heights)-1], look.HeightFor(o, each))
	}
	return heights
}

// HeightFor gives the height at a width.
func (c *columns) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := -c.gap
	for _, h := range c.rows(objects, width) {
		height += h + c.gap
	}
	return max(0, height)
}

// MinSize is Fyne's.
func (c *columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := float32(0)
	for _, o := range objects {
		least = max(least, o.MinSize().Width)
	}
	return fyne.NewSize(least, c.HeightFor(objects, max(least, c.width)))
}

// Layout is Fyne's.
func (c *columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	count, each := c.fit(objects, size.Width)
	heights := c.rows(objects, size.Width)
	y := float32(0)
	for i, o := range objects {
		if i > 0 && i%count == 0 {
			y += heights[i/count-1] + c.gap
		}
		o.Move(fyne.NewPos(float32(i%count)*(each+c.gap), y))
		o.Resize(fyne.NewSize(each, heights[i/count]))
	}
}
