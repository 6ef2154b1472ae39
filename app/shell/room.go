package shell

import (
	"cmp"
	"context"
	"strconv"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/app/screen"
)

// Places beside the agenda; a step's place is its id.
const (
	wallPlace     = "\x00wall"
	settingsPlace = "\x00settings"
	backupPlace   = "\x00backup"
	mapPlace      = "\x00map" // where the agenda has no step of its own for it
)

// room is a session that is open: its agenda, what runs at the top, one screen.
type room struct {
	shell   *Shell
	session Session
	sheet   *readmodel.Sheet // nil until the first came
	place   string           // what is looked at, "" until the first Sheet
	masked  bool
	before  string             // the wall's mode before it went black
	waiting bool               // an act is on its way
	packs   string             // where packs go
	stop    context.CancelFunc // ends the pretend people, nil where none vote

	stopReplay context.CancelFunc // ends the making of the map's past, nil for none

	top      *top
	disk     *diskStrip
	rail     *rail
	head     *stepHead
	body     *fyne.Container
	object   fyne.CanvasObject
	checkin  *screen.Checkin
	says     *screen.Statements
	opinions *screen.OpinionMap
	tables   *screen.Tables
	report   *screen.Report
	control  *screen.WallControl
	settings *screen.Settings
	backup   *screen.Backup
	devices  *screen.Devices
	leading  *leadStrip
	// fetching stands in place of all that while the session is on its way here, nil once it
	// is whole; anyway says to go on with what came.
	fetching *screen.Fetching
	anyway   bool
	told     told   // what was said of backups and the clock already
	agreed   string // the laptop that leads, beside which this one does things all the same
}

func newRoom(s *Shell, session Session) *room {
	r := &room{shell: s, session: session, masked: true, packs: s.options.Folder}
	r.build()
	return r
}

// build makes all screens in the shell's style.
func (r *room) build() {
	s := r.shell.style
	r.checkin = screen.NewCheckin(s)
	r.checkin.OnAct, r.checkin.OnPerson = r.act, r.askPerson
	r.checkin.OnBadges = r.askBadges
	r.checkin.Mask(r.masked)
	r.says = screen.NewStatements(s)
	r.says.OnAct, r.says.OnAdd, r.says.OnPaste = r.act, r.askAdd, r.askPaste
	r.says.OnShow = r.askShow
	r.says.OnNotNow, r.says.OnEdit, r.says.OnPair = r.askNotNow, r.askEdit, r.askPair
	r.opinions = screen.NewOpinionMap(s)
	r.opinions.OnHow, r.opinions.OnTables = r.askHow, r.lookAtTables
	r.opinions.OnShow = r.askShow
	r.opinions.Replay.OnFrames, r.opinions.Replay.OnCancel = r.replay, r.endReplay
	r.tables = screen.NewTables(s)
	r.tables.OnAct, r.tables.OnAnnounce = r.act, r.askAnnounce
	r.report = screen.NewReport(s, report.Formats, r.packs)
	r.report.OnAct, r.report.OnBrowse, r.report.OnWrite, r.report.OnOpen = r.act, r.shell.chooseFolder, r.writePack, r.shell.openFolder
	r.report.OnMerge = r.shell.askMerge
	r.control = screen.NewWallControl(s)
	r.control.OnAct, r.control.OnWindow, r.control.OnReading = r.act, r.shell.toggleWall, r.setReading
	r.control.OnShow = r.askShow
	r.control.OnPage = func() { r.shell.openPage(r.sheet.Venue.WallLink) }
	r.control.SetReading(r.shell.reading)
	r.settings = screen.NewSettings(s)
	r.settings.OnAct, r.settings.OnPen = r.act, r.shell.pen
	r.backup = screen.NewBackup(s)
	r.backup.OnNow, r.backup.OnSecond, r.backup.OnNone = r.backUp, r.chooseSecond, func() { r.setSecond("") }
	r.listenDevices()
	r.leading = newLeadStrip(r)
	r.top, r.rail, r.head = newTop(r), newRail(r), newStepHead(r)
	r.body = look.Stack(look.NewText(s, s.Say("page.loading"), look.TextOptions{Align: fyne.TextAlignCenter}))
	inside := look.Inset(4*look.Gap, 3*look.Gap, look.Filling(3*look.Gap, 1, r.head.object, r.body))
	r.disk = newDiskStrip(s)
	r.object = look.Filling(0, 3, r.top.object, r.leading.object, r.disk.object, &fyne.Container{Layout: &railed{}, Objects: []fyne.CanvasObject{r.rail.object, inside}}, r.shell.band.object)
}

// anew makes the room again in another style, with what was looked at and typed.
func (r *room) anew() *room {
	fresh := &room{shell: r.shell, session: r.session, place: r.place, masked: r.masked, before: r.before, packs: r.report.Folder.Text, stop: r.stop, told: r.told, anyway: r.anyway, agreed: r.agreed}
	drafts := r.settings.Drafts()
	fresh.build()
	fresh.report.Take(r.report)
	fresh.tables.Take(r.tables)
	r.endReplay()
	fresh.opinions.Take(r.opinions)
	fresh.sheet = r.sheet
	r.shell.room = fresh
	if r.fetching != nil {
		fresh.fetching = r.fetching.Anew(r.shell.style)
		fresh.fetching.OnLeave, fresh.fetching.OnGoOn = fresh.leave, func() { fresh.anyway = true }
	}
	if fresh.sheet != nil {
		fresh.settings.Show(fresh.sheet)
		fresh.settings.Restore(drafts)
		fresh.checkin.Show(fresh.sheet, false)
		fresh.checkin.Search.SetText(r.checkin.Search.Text)
		fresh.refresh()
	}
	return fresh
}

func (r *room) title() string {
	if r.sheet == nil {
		return "Folkmoot"
	}
	return r.sheet.Wall.Title[r.shell.style.Lang] + " · Folkmoot"
}

// follow shows each Sheet of the session. While one waits for Fyne's thread a newer one
// takes its place.
func (r *room) follow() {
	s, session := r.shell, r.session
	var lock sync.Mutex
	var newest *readmodel.Sheet
	session.Follow(func(sheet *readmodel.Sheet) {
		lock.Lock()
		hop := newest == nil
		newest = sheet
		lock.Unlock()
		if !hop {
			return
		}
		s.later(func() {
			lock.Lock()
			sheet := newest
			newest = nil
			lock.Unlock()
			if s.room != nil && s.room.session == session {
				s.room.show(sheet)
			}
		})
	})
}

// show shows a Sheet.
func (r *room) show(sheet *readmodel.Sheet) {
	if r.sheet == nil && r.showFetching(sheet.Fetching) {
		return
	}
	first := r.sheet == nil
	r.sheet = sheet
	if r.place == "" {
		r.place = settingsPlace
		if next := sheet.Next(); next != nil {
			r.place = next.ID
		}
	}
	if first {
		r.shell.window.SetTitle(r.title())
		r.offerCrowd()
	}
	r.refresh()
}

// refresh shows what is known now at the place that is looked at.
func (r *room) refresh() {
	if r.sheet == nil {
		return
	}
	r.tellSafety()
	r.top.show(r.sheet)
	if led, said := r.leading.show(r.sheet), r.disk.show(r.sheet.Disk); led || said {
		r.shell.relayout()
	}
	r.rail.show(r.sheet, r.place)
	r.head.show(r.sheet, r.step())
	r.showPlace()
	if r.shell.wall != nil {
		r.shell.wall.show(r.sheet)
	}
	r.shell.band.warn(guessing(r.sheet))
	if undo := r.sheet.Undo; undo != nil {
		r.shell.band.idle(func(s look.Style) string {
			return s.Say("desk.undo_takes", look.Args{"What": s.Say("undo." + undo.Act.Act)})
		})
	} else {
		r.shell.band.idle(r.safeLine)
	}
}

// guessing says that somebody guesses the code, nil where nobody does.
func guessing(sheet *readmodel.Sheet) func(look.Style) string {
	if sheet.Guessing == nil {
		return nil
	}
	until := time.UnixMilli(int64(sheet.Guessing.Until)).Format("15:04")
	return inWords("host.guessing", look.Args{"N": sheet.Guessing.Wrong, "Time": until})
}

// step gives the step that is looked at, nil for a place beside the agenda.
func (r *room) step() *readmodel.AgendaStep {
	if r.sheet == nil {
		return nil
	}
	for i := range r.sheet.Steps {
		if r.sheet.Steps[i].ID == r.place {
			return &r.sheet.Steps[i]
		}
	}
	return nil
}

// showPlace shows the screen of the place. It may have the filled button where the
// step's own start does not.
func (r *room) showPlace() {
	lead := !r.head.leads && !r.sheet.Devices.Leader.Follows
	var object fyne.CanvasObject
	step := r.step()
	switch {
	case r.place == wallPlace:
		r.control.Show(r.sheet, r.shell.wall != nil)
		object = r.control.Object()
	case r.place == mapPlace:
		r.opinions.Lead = lead
		r.opinions.Show(r.sheet)
		object = r.opinions.Object()
	case r.place == backupPlace:
		r.backup.Show(r.sheet)
		object = r.backup.Object()
	case r.place == devicesPlace:
		r.devices.Show(r.sheet, lead)
		object = r.devices.Object()
	case r.place == settingsPlace || step == nil:
		r.settings.Show(r.sheet)
		object = r.settings.Object()
	case step.Kind == "checkin":
		r.checkin.Show(r.sheet, lead)
		object = r.checkin.Object()
	case step.Kind == "opinion":
		r.says.Show(r.sheet, lead)
		object = r.says.Object()
	case step.Kind == "map":
		r.opinions.Lead = lead
		r.opinions.Show(r.sheet)
		object = r.opinions.Object()
	case step.Kind == "tables":
		r.tables.Show(r.sheet, lead)
		object = r.tables.Object()
	default:
		r.report.Show(r.sheet, lead)
		object = r.report.Object()
	}
	if r.body.Objects[0] != object {
		r.body.Objects = []fyne.CanvasObject{object}
		r.body.Refresh()
	}
}

// look goes to a place. Looking never starts anything.
func (r *room) look(place string) {
	if place != r.place {
		r.shell.band.leave()
		r.opinions.Leave()
		if r.place == settingsPlace {
			r.saveDrafts(nil)
		}
	}
	r.place = place
	r.shell.window.Canvas().Unfocus()
	r.refresh()
}

func (r *room) lookAtTables() {
	for _, step := range r.sheet.Steps {
		if step.Kind == "tables" {
			r.look(step.ID)
			return
		}
	}
}

// act has the session do something, and says what did not work. The Sheet that follows
// shows the rest.
func (r *room) act(act readmodel.Act) { r.try(act, r.shell.tell) }

// try has the session do something; done is called with what stood against it. Where
// another laptop leads, its person is asked before: steps each time, the rest once.
func (r *room) try(act readmodel.Act, done func(error)) {
	if leader := r.leader(); leader.Follows && leader.OutBy == "" && (act.Act == "step" || r.agreed != leader.ID) {
		r.askFollowing(leader, act, done)
		return
	}
	r.doNow(act, done)
}

// doNow does what try asks.
func (r *room) doNow(act readmodel.Act, done func(error)) {
	session := r.session
	r.shell.work(func(ctx context.Context) func() {
		err := session.Do(ctx, act)
		return func() {
			if err != nil {
				done(err)
				return
			}
			r.shell.band.answered()
			if act.Act == "step" && act.Do == "start" {
				r.tellEmpty(act.Step)
			}
			done(nil)
		}
	})
}

// tellEmpty says that a round was started with nothing to answer, or with results shown.
func (r *room) tellEmpty(id string) {
	for _, step := range r.sheet.Steps {
		if step.ID != id || step.Kind != "opinion" {
			continue
		}
		if r.sheet.Approved == 0 {
			r.shell.band.say(notice{text: inWords("desk.started_empty")})
		} else if r.sheet.Shown["results"] || r.sheet.Shown["map"] {
			r.shell.band.say(notice{text: inWords("desk.still_shown"), name: inWords("desk.hide_now"), act: r.hideAll})
		}
	}
}

// hideAll takes results and map back from the room.
func (r *room) hideAll() {
	for _, what := range []string{"results", "map"} {
		if r.sheet.Shown[what] {
			r.act(readmodel.Act{Act: "show", What: what})
		}
	}
}

// undo takes the last act back, where the Sheet offers it.
func (r *room) undo() {
	if r.sheet == nil || r.sheet.Undo == nil {
		return
	}
	session := r.session
	r.shell.work(func(ctx context.Context) func() {
		err := session.Undo(ctx)
		return func() {
			r.shell.band.leave()
			r.shell.tell(err)
		}
	})
}

// saveDrafts saves what was typed into the settings and not saved yet, and calls then,
// which may be nil. What cannot be saved stays typed, and its person is asked before then.
func (r *room) saveDrafts(then func()) {
	drafts, session := r.settings.Drafts(), r.session
	if len(drafts) == 0 {
		if then != nil {
			then()
		}
		return
	}
	r.shell.work(func(ctx context.Context) func() {
		failed := map[string]error{}
		for field, text := range drafts {
			if err := session.Do(ctx, readmodel.Act{Act: "set", Field: field, Value: text}); err != nil {
				failed[field] = err
			}
		}
		return func() {
			now := r.shell.room
			if now == nil || now.session != session {
				return
			}
			var why error
			for field, text := range drafts {
				if why = cmp.Or(failed[field], why); failed[field] == nil {
					now.settings.Saved(field, text)
				}
			}
			switch {
			case why == nil && then != nil:
				then()
			case why != nil && then == nil:
				r.shell.tell(why)
			case why != nil:
				now.askUnsaved(why, then)
			}
		}
	})
}

// askUnsaved asks whether to go on though something typed cannot be saved.
func (r *room) askUnsaved(why error, then func()) {
	s := r.shell.style
	r.shell.ask(asked{title: s.Say("desk.unsaved_title"), lines: []string{wordsOf(s, why)}, does: s.Say("desk.unsaved_go"), act: then})
}

// startOrClose starts the step that is looked at; where one runs it asks whether to
// close it.
func (r *room) startOrClose() {
	if r.sheet == nil {
		return
	}
	if running := r.sheet.Running(); running != nil {
		r.askClose(*running)
		return
	}
	if step := r.step(); step != nil {
		r.act(readmodel.Act{Act: "step", Step: step.ID, Do: "start"})
	}
}

// black darkens the wall, and brings back what it showed.
func (r *room) black() {
	if r.sheet == nil {
		return
	}
	mode := r.sheet.Wall.Mode
	if mode != "black" {
		r.before = mode
		r.act(readmodel.Act{Act: "wall", Mode: "black"})
		return
	}
	if r.before == "" {
		r.before = readmodel.DefaultWallMode
	}
	r.act(readmodel.Act{Act: "wall", Mode: r.before})
}

// toggleMask masks names again, or shows them after a warning.
func (r *room) toggleMask() {
	if !r.masked {
		r.mask(true)
		return
	}
	s := r.shell.style
	r.shell.ask(asked{title: s.Say("host.unmask_title"), lines: []string{s.Say("host.unmask_help")}, does: s.Say("host.unmask_go"), act: func() { r.shell.room.mask(false) }})
}

func (r *room) mask(masked bool) {
	r.masked = masked
	r.checkin.Mask(masked)
	r.refresh()
}

func (r *room) setReading(lang string) {
	r.shell.reading = lang
	if r.shell.wall != nil {
		r.shell.wall.wall.SetReading(lang)
	}
}

// leave goes back to the list of sessions, after asking where a step is running or the
// room looks at the wall.
func (r *room) leave() {
	running := r.sheet != nil && r.sheet.Running() != nil
	if !running && r.shell.wall == nil {
		r.saveDrafts(r.leaveSafely)
		return
	}
	s := r.shell.style
	title, lines := s.Say("desk.leave_wall_title"), []string{}
	if running {
		title, lines = s.Say("desk.leave_title"), append(lines, s.Say("desk.quit_help"))
	}
	if r.shell.wall != nil {
		lines = append(lines, s.Say("desk.leave_wall"))
	}
	r.shell.ask(asked{title: title, lines: lines, does: s.Say("desk.leave_go"), act: func() { r.shell.room.saveDrafts(r.shell.room.leaveSafely) }})
}

// close ends the hub and shows the list of sessions.
func (r *room) close() {
	s, session := r.shell, r.session
	if r.stop != nil {
		r.stop()
	}
	r.endReplay()
	if s.wall != nil {
		s.wall.window.Close()
	}
	s.room = nil
	s.band.clear()
	s.band.warn(nil)
	s.band.idle(inWords("desk.safe"))
	s.showContent()
	s.band.say(notice{text: inWords("desk.closing"), works: true})
	s.work(func(context.Context) func() {
		err := session.Close()
		backups := session.Backups()
		return func() {
			s.band.clear()
			s.tellClosed(err, backups)
			s.refreshHome()
		}
	})
}

// writePack writes the pack and says where it lies.
func (r *room) writePack(wish readmodel.PackWish) {
	session, s := r.session, r.shell
	s.band.say(notice{text: inWords("desk.working"), works: true})
	s.work(func(ctx context.Context) func() {
		done, err := session.Pack(ctx, wish)
		return func() {
			s.band.clear()
			if err != nil {
				s.tell(err)
				return
			}
			if s.room != nil {
				s.room.report.Done(done)
			}
		}
	})
}

// pretendPeople is how many people a rehearsal lets vote.
const pretendPeople = 30

// offerCrowd offers pretend people in a rehearsal.
func (r *room) offerCrowd() {
	if !r.sheet.Wall.Rehearsal {
		return
	}
	r.shell.band.say(notice{text: inWords("desk.rehearsal_made"), name: inWords("desk.crowd", look.Args{"N": strconv.Itoa(pretendPeople)}), act: func() { r.shell.room.runCrowd() }, stays: true})
}

// runCrowd lets pretend people vote until they are done, or stopped.
func (r *room) runCrowd() {
	s, session := r.shell, r.session
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	text := inWords("desk.crowd_runs")
	if !r.sheet.Voting {
		text = inWords("desk.crowd_waits")
	}
	s.band.say(notice{text: text, name: inWords("desk.stop"), act: stop, stays: true})
	s.work(func(program context.Context) func() {
		defer stop()
		defer context.AfterFunc(program, stop)()
		err := session.Crowd(ctx, pretendPeople)
		return func() {
			if s.room == nil || s.room.session != session {
				return
			}
			s.room.offerCrowd() // once more, if wanted
			s.tell(err)
		}
	})
}

// railed puts the rail at the left.
type railed struct{}

const railWidth = 196

// MinSize is Fyne's.
func (*railed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	main := objects[1].MinSize()
	return fyne.NewSize(railWidth+main.Width, max(objects[0].MinSize().Height, main.Height))
}

// Layout is Fyne's.
func (*railed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(railWidth, size.Height))
	objects[1].Move(fyne.NewPos(railWidth, 0))
	objects[1].Resize(fyne.NewSize(size.Width-railWidth, size.Height))
}
