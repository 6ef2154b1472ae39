package shell

import (
	"context"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// told is what was said of backups and of the clock, so that it is said once.
type told struct {
	state readmodel.BackupState
	jump  uint64
}

// safeLine is what stands at the bottom while nothing is said: what is saved, and where
// else.
func (r *room) safeLine(s look.Style) string {
	safe := s.Say("desk.safe")
	if r.sheet == nil {
		return safe
	}
	between := " "
	if s.Lang == "zh-Hant" {
		between = "" // its full stop is wide enough
	}
	return safe + between + screen.BackupLine(s, r.sheet.Backups, r.sheet.Now)
}

// backupShort stands beside the place of the backups: that it is to be looked at, or how
// many minutes old the last one is.
func backupShort(s look.Style, sheet *readmodel.Sheet) string {
	b := sheet.Backups
	ago := b.MinutesAgo(sheet.Now)
	switch {
	case b.State() == readmodel.BackupWrong || b.State() == readmodel.BackupPartly:
		return s.Say("backup.look")
	case ago < 0 || ago >= 60:
		return ""
	}
	return s.Say("backup.minutes", look.Args{"N": ago})
}

// tellSafety says once that backups go wrong, or that the clock jumped.
func (r *room) tellSafety() {
	b, jump := r.sheet.Backups, r.sheet.Jump
	if state := b.State(); state != r.told.state && !b.Working {
		bad := state == readmodel.BackupWrong || state == readmodel.BackupPartly
		was := r.told.state == readmodel.BackupWrong || r.told.state == readmodel.BackupPartly
		r.told.state = state
		switch {
		case bad && r.place != backupPlace:
			first := b.Troubles()[0]
			r.shell.band.say(notice{text: inWords(first.Key, first.Args), name: inWords("backup.see"), act: func() { r.shell.room.look(backupPlace) }, stays: true, wrong: true})
		case was && !bad:
			r.shell.band.answered()
		}
	}
	if jump != nil && jump.At != r.told.jump {
		r.told.jump = jump.At
		minutes := max(jump.By, -jump.By) / 60_000
		key := "desk.clock_forward"
		if jump.By < 0 {
			key = "desk.clock_back"
		}
		r.shell.band.say(notice{text: inWords(key, look.Args{"N": int(minutes)}), stays: true})
	}
}

// backUp writes a backup now, and says what came of it.
func (r *room) backUp() {
	r.backing(func(ctx context.Context) error { return r.session.BackUp(ctx) }, func(err error) {
		if err != nil {
			r.shell.tell(err)
			return
		}
		r.shell.tellBackups(r.session.Backups())
	})
}

// backing does something with the backups while the band says so; then is called where the
// session is still open.
func (r *room) backing(do func(context.Context) error, then func(error)) {
	s, session := r.shell, r.session
	s.band.say(notice{text: inWords("backup.working"), works: true})
	s.work(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			s.band.clear()
			if s.room != nil && s.room.session == session {
				then(err)
			}
		}
	})
}

// chooseSecond lets the second folder be chosen.
func (r *room) chooseSecond() { r.shell.chooseFolder(r.setSecond) }

// setSecond has backups written into a folder too; "" ends that.
func (r *room) setSecond(folder string) {
	r.backing(func(ctx context.Context) error { return r.session.SecondFolder(ctx, folder) }, func(err error) {
		switch {
		case err != nil:
			r.shell.tell(err)
		case folder != "":
			r.shell.tellBackups(r.session.Backups())
		}
	})
}

// leaveSafely goes to the list of sessions once there is a backup.
func (r *room) leaveSafely() {
	r.backUpThen("desk.leave_go", func() {
		if r.shell.room != nil {
			r.shell.room.close()
		}
	})
}

// backUpThen writes the last backup and then goes on; where none can be written, its person
// is asked before: a session should not end without one.
func (r *room) backUpThen(does string, then func()) {
	r.backing(func(ctx context.Context) error { return r.session.BackUp(ctx) }, func(err error) {
		if err == nil {
			then()
			return
		}
		r.shell.ending = false
		r.shell.room.askUnbacked(err, does, then)
	})
}

// askUnbacked asks whether to end without a backup, and offers another folder.
func (r *room) askUnbacked(err error, does string, then func()) {
	st := r.shell.style
	other := look.NewButton(st, st.Say("backup.second_choose"), look.Outline, func() {
		r.shell.closeQuestion()
		r.shell.room.chooseSecond()
	})
	r.shell.ask(asked{title: st.Say("backup.unbacked"), lines: []string{wordsOf(st, err), st.Say("backup.unbacked_help")}, body: look.Wrap(0, other), does: st.Say(does), act: then})
}

// tellBackups says that a backup was written and checked, and where it could not be.
func (s *Shell) tellBackups(b readmodel.Backups) {
	if troubles := b.Troubles(); len(troubles) > 0 {
		s.tell(troubles[0])
		return
	}
	s.band.say(notice{text: inWords("backup.written", look.Args{"N": b.Places})})
}

// tellClosed says what came of closing a session.
func (s *Shell) tellClosed(err error, b readmodel.Backups) {
	switch {
	case err != nil:
		s.tell(err)
	case b.Last > 0 || len(b.Troubles()) > 0:
		s.tellBackups(b)
	}
}
