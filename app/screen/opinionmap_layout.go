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

// mapFoot puts the replay and the buttons into one line where both fit, the replay taking
// what is left; else below each other.
type mapFoot struct{ width float32 }

// mapReplayLeast is the least width at which the replay stands beside the buttons.
const mapReplayLeast = 300

func (f *mapFoot) together(objects []fyne.CanvasObject, width float32) bool {
	return mapReplayLeast+2*look.Gap+objects[1].MinSize().Width <= width
}

// HeightFor gives the height that the foot needs at a width.
func (f *mapFoot) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	replay, buttons := objects[0].MinSize().Height, objects[1].MinSize().Height
	switch {
	case !objects[0].Visible():
		return buttons
	case f.together(objects, width):
		return max(replay, buttons)
	}
	return replay + look.Gap + buttons
}

func (f *mapFoot) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[1].MinSize().Width
	if objects[0].Visible() {
		least = max(least, objects[0].MinSize().Width)
	}
	return fyne.NewSize(least, f.HeightFor(objects, max(least, f.width)))
}

func (f *mapFoot) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	replay, buttons := objects[0], objects[1]
	least := buttons.MinSize()
	buttons.Move(fyne.NewPos(0, size.Height-least.Height))
	buttons.Resize(fyne.NewSize(size.Width, least.Height))
	if !replay.Visible() {
		return
	}
	high := replay.MinSize().Height
	if f.together(objects, size.Width) {
		buttons.Move(fyne.NewPos(size.Width-least.Width, (size.Height-least.Height)/2))
		buttons.Resize(least)
		replay.Move(fyne.NewPos(0, (size.Height-high)/2))
		replay.Resize(fyne.NewSize(size.Width-least.Width-2*look.Gap, high))
		return
	}
	replay.Move(fyne.NewPos(0, 0))
	replay.Resize(fyne.NewSize(size.Width, high))
}
