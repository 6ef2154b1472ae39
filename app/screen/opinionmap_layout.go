package screen

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
)

// How wide what stands beside the map is.
const (
	mapSideShare              = 0.32
	mapSideLeast, mapSideMost = 270, 380
	mapSideGap                = 4 * look.Gap
)

// mapSplit puts the map and what it means beside each other.
type mapSplit struct{}

func (mapSplit) widths(width float32) (left, right float32) {
	right = min(mapSideMost, max(mapSideLeast, width*mapSideShare))
	return max(0, width-right-mapSideGap), right
}

func (m mapSplit) MinSize(objects []fyne.CanvasObject) fyne.Size {
	left, right := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(left.Width+mapSideGap+max(mapSideLeast, right.Width), max(left.Height, right.Height))
}

func (m mapSplit) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, right := m.widths(size.Width)
	objects[0].Resize(fyne.NewSize(left, size.Height))
	objects[0].Move(fyne.NewPos(0, 0))
	objects[1].Resize(fyne.NewSize(right, size.Height))
	objects[1].Move(fyne.NewPos(left+mapSideGap, 0))
}

// mapEnds puts one object at the left and one at the right, or below each other where
// both do not fit.
type mapEnds struct{}

const mapEndsGap = 2 * look.Gap

func (mapEnds) beside(objects []fyne.CanvasObject, width float32) bool {
	need := float32(0)
	for _, o := range objects {
		need += o.MinSize().Width + mapEndsGap
	}
	return need-mapEndsGap <= width
}

func (m mapEnds) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var highest, all float32
	for _, o := range objects {
		height := o.MinSize().Height
		highest, all = max(highest, height), all+height+mapEndsGap
	}
	if m.beside(objects, width) {
		return highest
	}
	return all - mapEndsGap
}

func (m mapEnds) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

func (m mapEnds) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	beside := m.beside(objects, size.Width)
	var y float32
	for i, o := range objects {
		least := o.MinSize()
		o.Resize(least)
		switch {
		case !beside:
			o.Move(fyne.NewPos(0, y))
		case i == 0:
			o.Move(fyne.NewPos(0, (size.Height-least.Height)/2))
		default:
			o.Move(fyne.NewPos(size.Width-least.Width, (size.Height-least.Height)/2))
		}
		y += least.Height + mapEndsGap
	}
}
