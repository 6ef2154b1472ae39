package screen

import "fyne.io/fyne/v2"

// OnStart lets a test drive the animation that plays the frames.
func (r *mapReplay) OnStart(start func(*fyne.Animation)) { r.start = start }
