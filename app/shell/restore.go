package shell

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// listWidth is how wide the list of backups is.
const listWidth = 600

// askRestore asks which backup a session is to be brought back from: one of those that
// this computer knows, or a file.
func (s *Shell) askRestore() {
	s.work(func(ctx context.Context) func() {
		files, err := s.program.Shelf.BackupFiles(ctx)
		return func() {
			if err != nil {
				s.tell(err)
				return
			}
			s.askWhich(files)
		}
	})
}

func (s *Shell) askWhich(files []readmodel.BackupFile) {
	st := s.style
	path := newEntry(1)
	body := look.Column(3 * look.Gap)
	list := look.Column(look.Gap)
	for _, file := range files {
		b := look.NewItem(st, backupName(st, file), "", func() {
			s.closeQuestion()
			s.bringBack(file.Path)
		})
		b.Enable(!file.Here)
		list.Add(b)
	}
	if len(files) == 0 {
		body.Add(look.NewText(st, st.Say("backup.no_files"), look.TextOptions{Bold: true}))
	} else {
		body.Add(look.Sized(fyne.NewSize(listWidth, min(220, look.HeightFor(list, listWidth-4*look.Gap)+4*look.Gap)), look.NewScroll(list)))
	}
	body.Add(look.Wrap(0, look.NewButton(st, st.Say("desk.choose_file"), look.Outline, func() { s.chooseFile(s.bringBack) })))
	body.Add(look.NewText(st, st.Say("desk.import_path"), look.TextOptions{Bold: true}))
	s.ask(asked{title: st.Say("backup.restore_title"), lines: []string{st.Say("backup.restore_help")}, body: body, entry: path, width: 660, does: st.Say("backup.restore_go"),
		act: func() { s.bringBack(strings.TrimSpace(path.Text)) }})
}

// backupName gives what a backup is called in a list.
func backupName(st look.Style, file readmodel.BackupFile) string {
	title := file.Title
	if title == "" {
		title = st.Say("desk.unreadable_title")
	}
	said := st.Say("backup.made", look.Args{"Time": time.UnixMilli(int64(file.Made)).Format("2006-01-02 15:04"), "N": file.Entries})
	if file.Here {
		said = st.Say("backup.here_short")
	}
	return st.Say("text.dotted", look.Args{"First": title, "Second": said})
}

// bringBack makes a session again from a backup, and says what is not in it.
func (s *Shell) bringBack(path string) {
	s.closeQuestion()
	s.band.say(notice{text: inWords("backup.restoring"), works: true})
	s.work(func(ctx context.Context) func() {
		brought, err := s.program.Shelf.BringBack(ctx, path)
		return func() {
			s.band.clear()
			s.refreshHome()
			if err != nil {
				s.tell(err)
				return
			}
			st := s.style
			told := asked{title: st.Say("backup.restore_title"), lines: append([]string{brought.Title}, screen.Lines(st, brought.Notes)...), informs: true}
			if s.room == nil {
				told.does, told.act = st.Say("desk.imported_open"), func() { s.openSession(brought.ID, s.options.Port) }
			}
			s.ask(told)
		}
	})
}
