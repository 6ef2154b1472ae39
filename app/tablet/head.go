package tablet

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
)

// headLayout puts a title, what stands behind it, and who answers at the right into one
// line; a title that is too long for that has lines of its own.
type headLayout struct{ width float32 }

func (l *headLayout) parts(objects []fyne.CanvasObject) (natural, about, right fyne.Size) {
	title := objects[0].(*look.Text)
	return look.MeasureText(title.Text(), bodySize, true), objects[1].MinSize(), objects[2].MinSize()
}

// alone says whether the title has lines of its own at a width.
func (l *headLayout) alone(objects []fyne.CanvasObject, width float32) bool {
	title, about, right := l.parts(objects)
	return title.Width+about.Width+right.Width+6*look.Gap > width
}

// beside says whether the last two fit into one line.
func (l *headLayout) beside(objects []fyne.CanvasObject, width float32) bool {
	_, about, right := l.parts(objects)
	return about.Width+right.Width+3*look.Gap <= width
}

// HeightFor gives the height at a width.
func (l *headLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	_, about, right := l.parts(objects)
	line := max(about.Height, right.Height)
	if !l.alone(objects, width) {
		return max(line, look.HeightFor(objects[0], width))
	}
	if !l.beside(objects, width) {
		line = about.Height + look.Gap + right.Height
	}
	return look.HeightFor(objects[0], width) + 2*look.Gap + line
}

// MinSize is Fyne's.
func (l *headLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := float32(0)
	for _, o := range objects {
		least = max(least, o.MinSize().Width)
	}
	return fyne.NewSize(least, l.HeightFor(objects, max(least, l.width)))
}

// Layout is Fyne's.
func (l *headLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	title, about, right := l.parts(objects)
	put := func(o fyne.CanvasObject, x, y float32, as fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(as)
	}
	if !l.alone(objects, size.Width) {
		put(objects[0], 0, (size.Height-title.Height)/2, fyne.NewSize(title.Width+1, title.Height))
		put(objects[1], title.Width+3*look.Gap, (size.Height-about.Height)/2, about)
		put(objects[2], size.Width-right.Width, (size.Height-right.Height)/2, right)
		return
	}
	height := look.HeightFor(objects[0], size.Width)
	put(objects[0], 0, 0, fyne.NewSize(size.Width, height))
	y := height + 2*look.Gap
	if l.beside(objects, size.Width) {
		line := max(about.Height, right.Height)
		put(objects[1], 0, y+(line-about.Height)/2, about)
		put(objects[2], size.Width-right.Width, y+(line-right.Height)/2, right)
		return
	}
	put(objects[1], 0, y, about)
	put(objects[2], size.Width-right.Width, y+about.Height+look.Gap, right)
}
