package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
)

// Working shows what is under way, Refresh reads the list of sessions anew, ReadList takes
// a file in as if it had been dropped.
func (s *Shell) Working(key string) {
	s.band.say(notice{text: inWords(key), name: inWords("page.cancel"), act: func() {}, works: true})
}
func (s *Shell) Refresh()             { s.refreshHome() }
func (s *Shell) ReadList(path string) { s.readList(path) }

// OpenSession opens a session at the usual port; CloseQuestion takes the question away;
// Wall gives the wall's window, nil for none.
func (s *Shell) OpenSession(id string) { s.openSession(id, s.options.Port) }
func (s *Shell) CloseQuestion()        { s.closeQuestion() }
func (s *Shell) Wall() fyne.Window {
	if s.wall == nil {
		return nil
	}
	return s.wall.window
}

// FyneTexts are Fyne's texts that the desk says in its own.
var FyneTexts = look.FyneTexts

// Field gives the field that an entry of a question is.
func (e *entry) Field() *widget.Entry { return &e.Entry }

// Drop drops a file onto the window; Progress gives where the bar stands, -1 for none.
func (s *Shell) Drop(path string) { s.dropped([]fyne.URI{storage.NewFileURI(path)}) }
func (s *Shell) Progress() float64 {
	if s.band.bar == nil {
		return -1
	}
	return s.band.bar.Value
}

// PressClose closes the window as its owner does; Ended says whether it is closed for good.
func (s *Shell) PressClose() { s.quit() }
func (s *Shell) Ended() bool { return s.ended.Load() }

// Language gives the desk's language; Typed types into the question's field, over what
// stands there; RailDevices gives what stands beside the devices in the rail.
func (s *Shell) Language() string    { return s.style.Lang }
func (s *Shell) Typed(text string)   { s.asking.Entry.SetText(text) }
func (s *Shell) RailDevices() string { return s.room.rail.Devices.Short() }
