package screen

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
)

// OnStart lets a test drive the animation that plays the frames.
func (r *mapReplay) OnStart(start func(*fyne.Animation)) { r.start = start }

// Scrolled gives how far down the table and what stands beside the map are.
func (v *OpinionMap) Scrolled() (table, beside float32) {
	return look.Scrolled(v.gridScroll), look.Scrolled(v.scroll)
}
