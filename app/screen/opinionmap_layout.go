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

// mapTrack is the slider of the replay between when the past begins and now. Where it is too
// narrow for all, when the past begins is left out.
type mapTrack struct{}

// The places of what mapTrack puts there.
const (
	mapTrackFirst = iota
	mapTrackSlider
	mapTrackNow
)

// whole gives the width of all.
func (mapTrack) whole(objects []fyne.CanvasObject) float32 {
	return objects[mapTrackFirst].MinSize().Width + objects[mapTrackSlider].MinSize().Width + objects[mapTrackNow].MinSize().Width + 4*look.Gap
}

func (m mapTrack) MinSize(objects []fyne.CanvasObject) fyne.Size {
	slider, now := objects[mapTrackSlider].MinSize(), objects[mapTrackNow].MinSize()
	return fyne.NewSize(slider.Width+2*look.Gap+now.Width, max(slider.Height, now.Height))
}

func (m mapTrack) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first, now := objects[mapTrackFirst].MinSize(), objects[mapTrackNow].MinSize()
	middle := func(height float32) float32 { return (size.Height - height) / 2 }
	var x float32
	if m.whole(objects) <= size.Width {
		objects[mapTrackFirst].Show()
		x = first.Width + 2*look.Gap
	} else {
		objects[mapTrackFirst].Hide()
	}
	objects[mapTrackFirst].Move(fyne.NewPos(0, middle(first.Height)))
	objects[mapTrackFirst].Resize(first)
	high := objects[mapTrackSlider].MinSize().Height
	objects[mapTrackSlider].Move(fyne.NewPos(x, middle(high)))
	objects[mapTrackSlider].Resize(fyne.NewSize(max(0, size.Width-x-2*look.Gap-now.Width), high))
	objects[mapTrackNow].Move(fyne.NewPos(size.Width-now.Width, middle(now.Height)))
	objects[mapTrackNow].Resize(now)
}

// mapFoot puts the replay's button, its track and the other buttons into one line where
// all fit, the track taking what is left; else the other buttons below.
type mapFoot struct{ width float32 }

// The places of what mapFoot puts there.
const (
	mapFootPlay = iota
	mapFootTrack
	mapFootButtons
)

// beside gives the width of the replay's button with the gap after it.
func (f *mapFoot) beside(objects []fyne.CanvasObject) float32 {
	return objects[mapFootPlay].MinSize().Width + 2*look.Gap
}

func (f *mapFoot) together(objects []fyne.CanvasObject, width float32) bool {
	track := objects[mapFootTrack].(*fyne.Container)
	return f.beside(objects)+mapTrack{}.whole(track.Objects)+2*look.Gap+objects[mapFootButtons].MinSize().Width <= width
}

// replayHeight is the height of the replay's line.
func (f *mapFoot) replayHeight(objects []fyne.CanvasObject) float32 {
	return max(objects[mapFootPlay].MinSize().Height, objects[mapFootTrack].MinSize().Height)
}

// HeightFor gives the height that the foot needs at a width.
func (f *mapFoot) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	replay, buttons := f.replayHeight(objects), objects[mapFootButtons].MinSize().Height
	switch {
	case !objects[mapFootTrack].Visible():
		return buttons
	case f.together(objects, width):
		return max(replay, buttons)
	}
	return replay + look.Gap + buttons
}

func (f *mapFoot) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[mapFootButtons].MinSize().Width
	if objects[mapFootTrack].Visible() {
		least = max(least, f.beside(objects)+objects[mapFootTrack].MinSize().Width)
	}
	return fyne.NewSize(least, f.HeightFor(objects, max(least, f.width)))
}

func (f *mapFoot) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	play, track, buttons := objects[mapFootPlay], objects[mapFootTrack], objects[mapFootButtons]
	least := buttons.MinSize()
	buttons.Move(fyne.NewPos(0, size.Height-least.Height))
	buttons.Resize(fyne.NewSize(size.Width, least.Height))
	if !track.Visible() {
		return
	}
	line := fyne.NewSize(size.Width, f.replayHeight(objects))
	if f.together(objects, size.Width) {
		line = fyne.NewSize(size.Width-least.Width-2*look.Gap, size.Height)
		buttons.Move(fyne.NewPos(size.Width-least.Width, (size.Height-least.Height)/2))
		buttons.Resize(least)
	}
	plays, high := play.MinSize(), track.MinSize().Height
	play.Move(fyne.NewPos(0, (line.Height-plays.Height)/2))
	play.Resize(plays)
	track.Move(fyne.NewPos(f.beside(objects), (line.Height-high)/2))
	track.Resize(fyne.NewSize(line.Width-f.beside(objects), high))
}
