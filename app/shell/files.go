package shell

import (
	"errors"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"folkmoot/app/readmodel"
)

// chooseFile lets a file be chosen; done gets its path, and is not called where none was.
func (s *Shell) chooseFile(done func(path string)) {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			s.tell(err)
			return
		}
		if file != nil {
			path := file.URI().Path()
			file.Close()
			done(path)
		}
	}, s.window)
	s.showFiles(d)
}

// chooseFolder lets a folder be chosen.
func (s *Shell) chooseFolder(done func(path string)) {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err != nil {
			s.tell(err)
			return
		}
		if folder != nil {
			done(folder.Path())
		}
	}, s.window)
	s.showFiles(d)
}

func (s *Shell) showFiles(d *dialog.FileDialog) {
	room := s.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(900, room.Width-64), min(620, room.Height-64)))
	d.Show()
}

// freePort gives the free port that a Trouble offers, 0 for none.
func freePort(err error) int {
	var trouble *readmodel.Trouble
	if errors.As(err, &trouble) {
		return trouble.Port
	}
	return 0
}

// plainNumber gives a number without commas, as ports have it.
func plainNumber(n int) string { return strconv.Itoa(n) }
