package shell

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// buildHome makes the list of sessions.
func (s *Shell) buildHome() {
	h := screen.NewHome(s.style)
	h.OnNew = func() { s.showForm(nil) }
	h.OnImport = s.askImport
	h.OnMerge = s.askMerge
	h.OnRestore = s.askRestore
	h.OnFollow = s.showFollow
	h.OnBringBack = s.bringBack
	h.OnSample = s.openSample
	h.OnOpen = func(id string) { s.openSession(id, s.options.Port) }
	h.OnRehearse = s.rehearse
	h.OnDelete = s.askDelete
	h.OnLanguage = s.SetLanguage
	h.OnTheme = func() { s.SetDark(!s.style.Dark) }
	if s.home != nil {
		h.Show(cardsOf(s.home))
	}
	s.home = h
}

func cardsOf(h *screen.Home) []readmodel.Card {
	cards := []readmodel.Card{}
	for _, row := range h.Rows() {
		cards = append(cards, row.Card)
	}
	return cards
}

// refreshHome reads the list of sessions anew.
func (s *Shell) refreshHome() {
	s.work(func(ctx context.Context) func() {
		cards, err := s.program.Shelf.Cards(ctx)
		return func() {
			if err != nil {
				s.tell(err)
				cards = nil
			}
			s.home.Show(cards)
		}
	})
}

// goHome shows the list of sessions.
func (s *Shell) goHome() {
	s.form = nil
	s.showContent()
	s.refreshHome()
}

// showForm shows the form of a new session; offers are lists of statements to begin with.
func (s *Shell) showForm(offers []readmodel.ListOffer) {
	s.band.leave()
	f := screen.NewNewSession(s.style)
	f.OnCancel = s.goHome
	f.OnMake = s.make
	f.OnPen = s.pen
	f.OnFile = func() { s.chooseFile(s.readList) }
	f.OnTyped = func(text string) {
		s.work(func(ctx context.Context) func() {
			found, err := s.program.Maker.Lists(ctx, "", text)
			return func() {
				if s.form == f && f.Typed() == text && err == nil {
					f.Offer(found)
				}
			}
		})
	}
	s.form = f
	if offers != nil {
		f.Offer(offers)
	}
	s.showContent()
	s.window.Canvas().Focus(f.Title.Focusable())
}

// readList takes a file's statements into the form, or into the session that is open.
func (s *Shell) readList(path string) {
	s.work(func(ctx context.Context) func() {
		offers, err := s.program.Maker.Lists(ctx, path, "")
		return func() {
			switch {
			case err != nil:
				s.tell(err)
			case s.room != nil:
				s.room.askList(offers)
			case s.form != nil:
				s.form.Offer(offers)
			default:
				s.showForm(offers)
			}
		}
	})
}

// make makes the session of the form, and opens it.
func (s *Shell) make(wish readmodel.Wish) {
	s.band.say(notice{text: inWords("desk.working"), works: true})
	s.work(func(ctx context.Context) func() {
		id, err := s.program.Maker.Make(ctx, wish)
		return func() {
			s.band.clear()
			if err != nil {
				s.tell(err) // the form stays as it is
				return
			}
			s.form = nil
			s.openSession(id, s.options.Port)
		}
	})
}

// openSession opens a session and shows it.
func (s *Shell) openSession(id string, port int) {
	if s.room != nil {
		return // one at a time: the other one runs a hub, and people are in it
	}
	s.band.say(notice{text: inWords("desk.opening"), works: true})
	s.work(func(ctx context.Context) func() {
		session, err := s.program.Opener.Open(ctx, id, port)
		return func() {
			s.band.clear()
			if err != nil {
				s.askPort(id, err)
				return
			}
			if s.room != nil { // another one was opened meanwhile
				s.work(func(context.Context) func() { session.Close(); return nil })
				return
			}
			s.room = newRoom(s, session)
			s.showContent()
			s.room.follow()
		}
	})
}

// askPort offers another port where the wished one is taken.
func (s *Shell) askPort(id string, err error) {
	port := freePort(err)
	if port == 0 {
		s.tell(err)
		return
	}
	s.ask(asked{title: wordsOf(s.style, err), does: s.style.Say("desk.port_use", look.Args{"Port": plainNumber(port)}), act: func() { s.openSession(id, port) }})
}

func (s *Shell) openSample() {
	s.band.say(notice{text: inWords("desk.opening"), works: true})
	s.work(func(ctx context.Context) func() {
		id, err := s.program.Opener.Sample(ctx)
		return func() {
			s.band.clear()
			if err != nil {
				s.tell(err)
				return
			}
			s.openSession(id, s.options.Port)
		}
	})
}

// rehearse makes a copy of a session to rehearse with, and opens it.
func (s *Shell) rehearse(id string) {
	s.band.say(notice{text: inWords("desk.working"), works: true})
	s.work(func(ctx context.Context) func() {
		copied, err := s.program.Opener.Rehearsal(ctx, id)
		return func() {
			s.band.clear()
			if err != nil {
				s.tell(err)
				return
			}
			s.openSession(copied, s.options.Port)
		}
	})
}

// askDelete puts a session aside after asking, and offers to take it back.
func (s *Shell) askDelete(id string) {
	cards := cardsOf(s.home)
	i := slices.IndexFunc(cards, func(c readmodel.Card) bool { return c.ID == id })
	if i < 0 {
		return
	}
	title := cards[i].Title
	s.ask(asked{title: s.style.Say("desk.delete_title"), lines: []string{title, s.style.Say("desk.delete_help")}, does: s.style.Say("desk.delete"), act: func() {
		s.work(func(ctx context.Context) func() {
			err := s.program.Shelf.Delete(ctx, id)
			return func() {
				if err != nil {
					s.tell(err)
					return
				}
				s.band.say(notice{text: inWords("desk.deleted", look.Args{"Title": title}), name: inWords("host.undo"), act: func() { s.restore(id) }, stays: true})
				s.refreshHome()
			}
		})
	}})
}

func (s *Shell) restore(id string) {
	s.band.clear()
	s.work(func(ctx context.Context) func() {
		err := s.program.Shelf.Restore(ctx, id)
		return func() {
			s.tell(err)
			s.refreshHome()
		}
	})
}

// askImport asks where what is to be imported lies.
func (s *Shell) askImport() {
	st := s.style
	path := newEntry(1)
	choose := look.Wrap(2*look.Gap,
		look.NewButton(st, st.Say("desk.choose_file"), look.Outline, func() { s.chooseFile(s.bring) }),
		look.NewButton(st, st.Say("desk.choose_folder"), look.Outline, func() { s.chooseFolder(s.bring) }))
	body := look.Column(3*look.Gap, choose, look.NewText(st, st.Say("desk.import_path"), look.TextOptions{Bold: true}))
	s.ask(asked{title: st.Say("desk.import_title"), lines: []string{st.Say("desk.import_help")}, body: body, entry: path, does: st.Say("desk.import_go"),
		act: func() { s.bring(strings.TrimSpace(path.Text)) }})
}

// bring takes in what lies at a path: a list becomes a new session's statements, or goes
// into the session that is open; all else is an export or a pack.
func (s *Shell) bring(path string) {
	s.closeQuestion()
	if strings.HasSuffix(strings.ToLower(path), ".folkmoot") { // a session's file: nothing else can be done with it
		s.lookMerge(path)
		return
	}
	if isList(path) {
		s.readList(path)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.band.say(notice{text: inWords("desk.importing", look.Args{"Name": filepath.Base(path)}), name: inWords("page.cancel"), act: stop, works: true})
	s.work(func(program context.Context) func() {
		defer stop()
		defer context.AfterFunc(program, stop)()
		brought, err := s.program.Maker.Import(ctx, path, func(done, all int) { s.later(func() { s.band.progress(done, all) }) })
		cancelled := ctx.Err() != nil
		return func() {
			s.band.clear()
			s.refreshHome()
			switch {
			case err != nil && cancelled:
				s.band.say(notice{text: inWords("desk.cancelled")})
			case err != nil:
				s.tell(err)
			default:
				s.tellBrought(brought)
			}
		}
	})
}

// isList says whether a file is a list of statements, by its ending.
func isList(path string) bool {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return false
	}
	return slices.Contains([]string{".txt", ".md", ".markdown", ".csv", ".tsv", ".xlsx"}, strings.ToLower(filepath.Ext(path)))
}

// tellBrought says what an import added, what it left out, and offers to open it.
func (s *Shell) tellBrought(b readmodel.Brought) {
	lines := []string{b.Title}
	if b.Already {
		lines = append(lines, s.style.Say("desk.imported_already"))
	} else {
		lines = append(lines, s.style.Say("desk.imported", look.Args{"People": b.People, "Statements": b.Statements, "Votes": b.Votes}))
	}
	lines = append(lines, screen.Lines(s.style, b.Notes)...)
	if len(b.Agreed) > 0 {
		lines = append(lines, s.style.Say("desk.imported_check"))
		lines = append(lines, b.Agreed...)
	}
	lines = append(lines, screen.LeftLines(s.style, b.Left)...)
	told := asked{title: s.style.Say("desk.import_title"), lines: lines, informs: true}
	if s.room == nil {
		told.does, told.act = s.style.Say("desk.imported_open"), func() { s.openSession(b.ID, s.options.Port) }
	}
	s.ask(told)
}

// dropped takes in what was dropped onto the window.
func (s *Shell) dropped(files []fyne.URI) {
	if len(files) == 0 || s.room != nil && s.room.fetching != nil { // nothing goes into a session that is on its way
		return
	}
	path := files[0].Path()
	s.bring(path)
}
