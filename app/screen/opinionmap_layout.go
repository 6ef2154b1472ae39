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

// mapBesideBar keeps the room in which Fyne paints the bar of what scrolls.
func mapBesideBar() fyne.CanvasObject {
	return look.Sized(fyne.NewSize(look.Gap, 0), look.NewSpace(0))
}
