package shell

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// stepName gives what a step is called.
func stepName(s look.Style, step readmodel.AgendaStep) string {
	if step.Title != "" {
		return step.Title
	}
	return s.Say("step." + step.Kind)
}

// top is what runs, with its clock, and what can be done to it wherever one looks.
type top struct {
	Home, Undo, Extend, Close, Wall *look.Button

	room                             *room
	title                            *look.Text
	network, join, running, received *look.LiveChip
	mark                             *fyne.Container // that it is no real session
	marked                           string
	line                             *fyne.Container
	object                           fyne.CanvasObject
}

func newTop(r *room) *top {
	s := r.shell.style
	t := &top{room: r, title: look.NewText(s, "", look.TextOptions{Bold: true}), network: look.NewLiveChip(s), join: look.NewLiveChip(s),
		running: look.NewLiveChip(s), received: look.NewLiveChip(s)}
	t.Home = look.NewButton(s, s.Say("desk.home"), look.Plain, r.leave)
	t.Undo = look.NewButton(s, s.Say("host.undo"), look.Outline, r.undo)
	t.Extend = look.NewButton(s, s.Say("host.extend", look.Args{"N": 2}), look.Outline, func() { r.onRunning(readmodel.Act{Act: "step", Do: "extend", Minutes: 2}) })
	t.Close = look.NewButton(s, s.Say("host.close"), look.Outline, func() { r.askClose(*r.sheet.Running()) })
	t.Wall = look.NewButton(s, s.Say("host.wall"), look.Outline, func() { r.look(wallPlace) })
	// They are always there, so that nothing moves under the pointer when a step starts.
	for _, b := range []*look.Button{t.Undo, t.Extend, t.Close} {
		b.Enable(false)
	}
	t.mark = look.Wrap(2 * look.Gap)
	left := look.Wrap(2*look.Gap, t.Home, t.title, t.mark, t.network.Container, t.join.Container)
	right := look.Wrap(2*look.Gap, t.running.Container, t.received.Container, t.Extend, t.Close, t.Undo, t.Wall)
	t.line = look.Ends(2*look.Gap, left, right)
	rule := look.NewRule(s)
	t.object = look.Column(0, look.Stack(look.NewBack(s.Colour(look.Card)), look.Inset(4*look.Gap, 2*look.Gap, t.line)), rule)
	return t
}

// onRunning does something to the step that runs.
func (r *room) onRunning(act readmodel.Act) {
	if running := r.sheet.Running(); running != nil {
		act.Step = running.ID
		r.act(act)
	}
}

func (t *top) show(sheet *readmodel.Sheet) {
	s := t.room.shell.style
	moved := t.title.Text() != sheet.Wall.Title[s.Lang]
	t.title.Set(sheet.Wall.Title[s.Lang])
	network, dot := s.Say("desk.network"), look.Fine
	if sheet.Venue.Alone {
		network, dot = s.Say("desk.network_alone"), look.WaitEdge
	}
	t.network.Dot(dot)
	moved = t.network.Set("", network) || moved
	join := s.Say("host.join", look.Args{"Code": screen.Spaced(sheet.Wall.Code)})
	if sheet.Wall.Badges {
		join = s.Say("host.badges")
	}
	moved = t.join.Set("", join) || moved
	running := sheet.Running()
	name, told := s.Say("host.idle"), ""
	if running != nil {
		name = stepName(s, *running)
		clock, over := running.Clock(sheet.Now)
		switch {
		case over:
			told = s.Say("clock.over")
		case clock != "":
			told = s.Say("clock.left", look.Args{"Time": clock})
		}
	}
	moved = t.running.Set(name, told) || moved
	moved = t.received.Set("", received(s, sheet)) || moved
	t.Extend.Enable(running != nil)
	t.Close.Enable(running != nil)
	t.Undo.Enable(sheet.Undo != nil)
	moved = t.showMark(sheet.Wall, sheet.Devices) || moved
	if moved {
		t.room.shell.relayout()
	}
}

// showMark says that a session is not a real one, and that another laptop leads it.
func (t *top) showMark(wall readmodel.WallSheet, devices readmodel.Devices) bool {
	key := ""
	switch {
	case wall.Rehearsal:
		key = "notice.rehearsal"
	case wall.Sample:
		key = "notice.sample"
	}
	s := t.room.shell.style
	follows := ""
	if devices.Leader.Follows && devices.Leader.OutBy == "" {
		follows = s.Say("follow.card", look.Args{"Name": devices.Leader.Name})
	}
	if key+follows == t.marked {
		return false
	}
	t.marked, t.mark.Objects = key+follows, nil
	if follows != "" {
		t.mark.Add(look.NewChip(s, "", follows))
	}
	if key != "" {
		t.mark.Add(look.NewWaitingChip(s, s.Say(key)))
	}
	return true
}

// relayout lets everything find its place again, after parts changed their size.
func (s *Shell) relayout() {
	if content := s.window.Content(); content != nil {
		content.Refresh()
	}
}

// seen shows or hides a button, and says whether that changed anything.
func seen(b *look.Button, on bool) bool {
	if b.Hidden == !on {
		return false
	}
	b.Hidden = !on
	b.Refresh()
	return true
}

func received(s look.Style, sheet *readmodel.Sheet) string {
	if v := sheet.Venue; v.Waiting > 0 {
		return s.Say("wall.received_waiting", look.Args{"N": sheet.Wall.Votes, "Waiting": v.Waiting, "Devices": v.Devices, "Count": v.Devices})
	}
	return s.Say("wall.received", look.Args{"N": sheet.Wall.Votes})
}

// rail is the agenda in the order of the day, and the places beside it.
type rail struct {
	Steps                                            []*look.Button
	Map, Devices, Wall, Backup, Settings, Mask, Keys *look.Button
	Languages                                        []*look.Button
	Theme                                            *look.Button

	room   *room
	ids    []string
	agenda *fyne.Container
	object fyne.CanvasObject
}

func newRail(r *room) *rail {
	s := r.shell.style
	n := &rail{room: r, agenda: look.Column(0)}
	n.Wall = look.NewItem(s, s.Say("host.wall"), "", func() { r.look(wallPlace) })
	n.Map = look.NewItem(s, s.Say("step.map"), "", func() { r.look(mapPlace) })
	n.Devices = look.NewItem(s, s.Say("devices.title"), "", func() { r.look(devicesPlace) })
	n.Backup = look.NewItem(s, s.Say("backup.title"), "", func() { r.look(backupPlace) })
	n.Settings = look.NewItem(s, s.Say("host.settings"), "", func() { r.look(settingsPlace) })
	n.Mask = look.NewItem(s, s.Say("host.masked"), "P", r.toggleMask)
	n.Keys = look.NewItem(s, s.Say("host.keys"), "?", r.shell.askKeys)
	languages := look.Wrap(look.Gap)
	for _, lang := range []string{"zh-Hant", "en"} {
		b := look.NewButton(s, s.Say("language."+lang), look.Choice, func() { r.shell.SetLanguage(lang) })
		b.Choose(lang == s.Lang)
		n.Languages = append(n.Languages, b)
		languages.Add(b)
	}
	theme := "desk.dark"
	if s.Dark {
		theme = "desk.light"
	}
	n.Theme = look.NewButton(s, s.Say(theme), look.Choice, func() { r.shell.SetDark(!s.Dark) })
	languages.Add(n.Theme)
	heading := func(key string) fyne.CanvasObject {
		return look.Inset(3*look.Gap, look.Gap, look.NewText(s, s.Say(key), look.TextOptions{Size: look.Small, Role: look.Quiet}))
	}
	upper := look.Column(0, heading("host.agenda"), n.agenda, heading("host.venue"), n.Map, n.Devices, n.Wall, n.Backup, n.Settings)
	lower := look.Column(0, heading("host.private"), n.Mask, n.Keys, look.NewSpace(2*look.Gap), languages)
	body := look.Filling(0, 0, look.NewScroll(upper), lower)
	edge := look.NewRule(s)
	n.object = look.Stack(look.NewBack(s.Colour(look.Card)), look.TopRow(0, 0, look.Inset(2*look.Gap, 2*look.Gap, body), edge))
	return n
}

func (n *rail) show(sheet *readmodel.Sheet, place string) {
	s := n.room.shell.style
	if !n.same(sheet.Steps) {
		n.Steps, n.ids, n.agenda.Objects = nil, nil, nil
		for _, step := range sheet.Steps {
			b := look.NewItem(s, "", "", func() { n.room.look(step.ID) })
			n.Steps, n.ids = append(n.Steps, b), append(n.ids, step.ID)
			n.agenda.Add(b)
		}
		n.room.shell.relayout()
	}
	for i, step := range sheet.Steps {
		n.Steps[i].Set(stepName(s, step), countOf(step, sheet), look.Choice)
		n.Steps[i].Choose(step.ID == place)
		n.Steps[i].Mark(step.Open)
	}
	n.Map.Hidden = slices.ContainsFunc(sheet.Steps, func(step readmodel.AgendaStep) bool { return step.Kind == "map" })
	n.Map.Choose(place == mapPlace)
	n.Wall.Choose(place == wallPlace)
	n.Wall.Set(s.Say("host.wall"), s.Say("host.mode_"+sheet.Wall.Mode), look.Choice)
	n.Devices.Choose(place == devicesPlace)
	n.Devices.Set(s.Say("devices.title"), devicesShort(s, sheet.Devices), look.Choice)
	n.Devices.Mark(sheet.Devices.Asking() > 0)
	n.Backup.Choose(place == backupPlace)
	n.Backup.Set(s.Say("backup.title"), backupShort(s, sheet), look.Choice)
	n.Settings.Choose(place == settingsPlace)
	mask := "host.masked"
	if !n.room.masked {
		mask = "host.unmasked"
	}
	n.Mask.Set(s.Say(mask), "P", look.Choice)
	n.Mask.Choose(!n.room.masked)
}

func (n *rail) same(steps []readmodel.AgendaStep) bool {
	if len(n.ids) != len(steps) {
		return false
	}
	for i, step := range steps {
		if n.ids[i] != step.ID {
			return false
		}
	}
	return true
}

// countOf gives the number that stands beside a step: its people, statements or tables.
func countOf(step readmodel.AgendaStep, sheet *readmodel.Sheet) string {
	n := 0
	switch step.Kind {
	case "checkin":
		n = len(sheet.People)
	case "opinion":
		n = sheet.Approved
	case "map":
		n = len(sheet.Findings.Groups)
	case "tables":
		if sheet.Plan != nil {
			n = len(sheet.Plan.Tables)
		}
	}
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// stepHead is the step that is looked at, and its start: looking never starts it.
type stepHead struct {
	Start *look.Button

	room   *room
	leads  bool // Start is the filled button
	name   *look.Text
	told   *look.Text
	object *fyne.Container
}

func newStepHead(r *room) *stepHead {
	s := r.shell.style
	h := &stepHead{room: r, name: look.NewText(s, "", look.TextOptions{Bold: true, Size: look.Head}), told: look.NewText(s, "", look.TextOptions{Role: look.Quiet})}
	h.Start = look.NewButton(s, "", look.Outline, func() {
		if step := r.step(); step != nil {
			r.act(readmodel.Act{Act: "step", Step: step.ID, Do: "start"})
		}
	})
	h.object = look.Ends(3*look.Gap, look.Wrap(3*look.Gap, h.name, h.told), h.Start)
	return h
}

func (h *stepHead) show(sheet *readmodel.Sheet, step *readmodel.AgendaStep) {
	s := h.room.shell.style
	was := h.object.Hidden
	h.object.Hidden = step == nil
	if step == nil {
		h.leads = false
		if !was {
			h.room.shell.relayout()
		}
		return
	}
	told := s.Say("host.not_started")
	switch {
	case step.Open:
		told = s.Say("desk.runs_now")
	case step.Started > 0:
		told = s.Say("host.step_over")
	}
	if step.Minutes > 0 {
		told = s.Say("text.dotted", look.Args{"First": told, "Second": s.Say("host.minutes", look.Args{"N": step.Minutes})})
	}
	before := h.name.Text() + h.told.Text() + h.Start.Text()
	h.name.Set(stepName(s, *step))
	h.told.Set(told)
	h.leads = step.Started == 0 && sheet.Running() == nil && !sheet.Devices.Leader.Follows // who follows only looks
	kind := look.Outline
	if h.leads {
		kind = look.Filled
	}
	h.Start.Set(s.Say("host.start_step", look.Args{"Step": stepName(s, *step)}), "", kind)
	if seen(h.Start, !step.Open) || was || before != h.name.Text()+h.told.Text()+h.Start.Text() {
		h.room.shell.relayout()
	}
}
