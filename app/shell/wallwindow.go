package shell

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// wallWindow is the window that the room looks at. It holds no control of the desk, so
// that nothing private shows where it jumps to.
type wallWindow struct {
	shell  *Shell
	window fyne.Window
	wall   *screen.Wall
	filled fyne.Size // its size on the full screen, zero before
}

// toggleWall opens the wall's window, and from then on lets it fill the screen on which
// it stands, or not.
func (s *Shell) toggleWall() {
	if s.room == nil {
		return
	}
	if s.wall != nil {
		s.wall.fill(!s.wall.window.FullScreen())
		return
	}
	w := &wallWindow{shell: s, window: s.app.NewWindow(""), wall: screen.NewWall(s.style.Lang)}
	w.name(s.style)
	w.wall.SetReading(s.reading)
	w.window.SetPadded(false)
	w.window.SetContent(&fyne.Container{Layout: w, Objects: []fyne.CanvasObject{w.wall}})
	w.window.Resize(fyne.NewSize(960, 540))
	w.window.SetOnClosed(func() {
		s.wall = nil
		if s.room != nil {
			s.room.refresh()
		}
	})
	w.window.Canvas().SetOnTypedKey(w.key)
	s.wall = w
	if s.room.sheet != nil {
		w.show(s.room.sheet)
	}
	w.window.Show()
	s.room.refresh()
}

func (w *wallWindow) name(s look.Style) { w.window.SetTitle(s.Say("desk.wall_title")) }

func (w *wallWindow) show(sheet *readmodel.Sheet) { w.wall.Present(&sheet.Wall, sheet.Now) }

func (w *wallWindow) fill(on bool) {
	w.filled = fyne.Size{}
	w.window.SetFullScreen(on)
}

// key is for who stands at the projector's keyboard.
func (w *wallWindow) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyW:
		w.fill(!w.window.FullScreen())
	case fyne.KeyEscape:
		w.fill(false)
	case fyne.KeyB:
		w.shell.room.black()
	}
}

// Layout is Fyne's. A full screen that gets another size is another screen: the
// projector was pulled out, or another one was chosen.
func (w *wallWindow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
	if !w.window.FullScreen() {
		return
	}
	if w.filled.Width > 0 && (size.Width < w.filled.Width-1 || size.Height < w.filled.Height-1) && w.shell.room != nil {
		w.shell.band.say(notice{text: inWords("desk.wall_screen"), stays: true})
	}
	w.filled = size
}

// MinSize is Fyne's.
func (w *wallWindow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 135) }
