package shell

import (
	"context"
	"path/filepath"
	"strings"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// askMerge asks where what is to be merged lies.
func (s *Shell) askMerge() {
	st := s.style
	path := newEntry(1)
	choose := look.Wrap(2*look.Gap,
		look.NewButton(st, st.Say("desk.choose_file"), look.Outline, func() { s.chooseFile(s.lookMerge) }),
		look.NewButton(st, st.Say("desk.choose_folder"), look.Outline, func() { s.chooseFolder(s.lookMerge) }))
	body := look.Column(3*look.Gap, choose, look.NewText(st, st.Say("desk.import_path"), look.TextOptions{Bold: true}))
	s.ask(asked{title: st.Say("merge.title"), lines: []string{st.Say("merge.help")}, body: body, entry: path, does: st.Say("merge.look"),
		act: func() { s.lookMerge(strings.TrimSpace(path.Text)) }})
}

// lookMerge says what lies at a path would add, before anything is changed.
func (s *Shell) lookMerge(path string) {
	s.closeQuestion()
	s.band.say(notice{text: inWords("merge.looking", look.Args{"Name": filepath.Base(path)}), works: true})
	s.work(func(ctx context.Context) func() {
		found, err := s.program.Maker.LookMerge(ctx, path)
		return func() {
			s.band.clear()
			if err != nil {
				s.tell(err)
				return
			}
			s.askMerging(path, found)
		}
	})
}

// askMerging shows what a merge would add, and merges it.
func (s *Shell) askMerging(path string, found readmodel.Merge) {
	st := s.style
	q := asked{title: st.Say("merge.title"), lines: screen.MergeLines(st, found, false), width: 600}
	switch {
	case found.Nothing():
		q.informs = true
	case found.New:
		q.does = st.Say("merge.make")
	default:
		q.does = st.Say("merge.go")
	}
	q.act = func() { s.merge(path) }
	s.ask(q)
}

// merge merges what lies at a path, and says what was added.
func (s *Shell) merge(path string) {
	ctx, stop := context.WithCancel(context.Background())
	s.band.say(notice{text: inWords("merge.merging", look.Args{"Name": filepath.Base(path)}), name: inWords("page.cancel"), act: stop, works: true})
	s.work(func(program context.Context) func() {
		defer stop()
		defer context.AfterFunc(program, stop)()
		added, err := s.program.Maker.MergePack(ctx, path, func(done, all int) { s.later(func() { s.band.progress(done, all) }) })
		cancelled := ctx.Err() != nil
		return func() {
			s.band.clear()
			s.refreshHome()
			switch {
			case err != nil && cancelled:
				s.band.say(notice{text: inWords("merge.cancelled")})
			case err != nil:
				s.tell(err)
			default:
				s.tellMerged(added)
			}
		}
	})
}

// tellMerged says what a merge has added, and offers to open the session.
func (s *Shell) tellMerged(added readmodel.Merge) {
	st := s.style
	told := asked{title: st.Say("merge.done"), lines: screen.MergeLines(st, added, true), informs: true, width: 600}
	if s.room == nil {
		told.does, told.act = st.Say("desk.imported_open"), func() { s.openSession(added.ID, s.options.Port) }
	}
	s.ask(told)
}
