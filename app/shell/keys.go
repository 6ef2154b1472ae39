package shell

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// keyList are the keys, or a text that names them, and the texts that say what they do.
var keyList = [][2]string{{"1 – 9", "host.key_step"}, {"Space", "host.key_space"}, {"Q", "host.key_q"}, {"W", "host.key_w"}, {"B", "host.key_b"},
	{"P", "host.key_p"}, {"D", "host.key_devices"}, {"T", "desk.key_table"}, {"C", "desk.key_colours"}, {"Page ↑ ↓", "desk.key_page"}, {"← → Home End", "desk.key_replay"},
	{"desk.keys_wheel", "desk.key_zoom"}, {"desk.keys_whole", "desk.key_whole"}, {"Ctrl+Z", "desk.key_undo"}, {"?", "host.key_help"}}

// listenKeys lets the desk be run without a mouse. Keys come here where no field has the
// focus.
func (s *Shell) listenKeys(w fyne.Window) {
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { s.key(e.Name) })
	w.Canvas().SetOnTypedRune(func(r rune) {
		if (r == '?' || r == '？') && s.window.Canvas().Overlays().Top() == nil {
			s.askKeys()
		}
	})
	w.Canvas().AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) {
		if s.room != nil && s.window.Canvas().Overlays().Top() == nil {
			s.room.undo()
		}
	})
}

func (s *Shell) key(name fyne.KeyName) {
	if s.asking != nil {
		switch name {
		case fyne.KeyEscape:
			s.closeQuestion()
		case fyne.KeyReturn, fyne.KeyEnter:
			if q := s.asking; q.Go != nil && q.Entry == nil {
				q.Go.Tapped(nil)
			}
		}
		return
	}
	if s.window.Canvas().Overlays().Top() != nil {
		return // a list of files has the keys
	}
	if name == fyne.KeyF1 {
		s.askKeys()
	}
	if s.room == nil || s.room.fetching != nil {
		return
	}
	r := s.room
	switch name {
	case fyne.KeySpace:
		r.startOrClose()
	case fyne.KeyQ:
		r.act(readmodel.Act{Act: "wall", Mode: "join"})
	case fyne.KeyW:
		s.toggleWall()
	case fyne.KeyB:
		r.black()
	case fyne.KeyP:
		r.toggleMask()
	case fyne.KeyD:
		r.look(devicesPlace)
	case fyne.KeyT, fyne.KeyC, fyne.KeyEscape, fyne.KeyPageDown, fyne.KeyPageUp:
		if r.body.Objects[0] == r.opinions.Object() {
			r.onMap(name)
		}
	default:
		if len(name) == 1 && name[0] >= '1' && name[0] <= '9' && r.sheet != nil {
			r.lookAt(int(name[0] - '1'))
		}
	}
}

// lookAt goes to a step by its place in the agenda; the devices stand behind the last one.
func (r *room) lookAt(place int) {
	switch {
	case place < len(r.sheet.Steps):
		r.look(r.sheet.Steps[place].ID)
	case place == len(r.sheet.Steps):
		r.look(devicesPlace)
	}
}

// scrollPage is how much of a page is gone at once: a line or two stay to be seen.
const scrollPage = 0.85

// onMap does what a key of the map's screen says.
func (r *room) onMap(name fyne.KeyName) {
	switch name {
	case fyne.KeyT:
		r.opinions.Toggle()
	case fyne.KeyC:
		r.opinions.Sort.Toggle()
	case fyne.KeyEscape:
		r.opinions.Escape()
	case fyne.KeyPageDown:
		r.opinions.Pages(scrollPage)
	case fyne.KeyPageUp:
		r.opinions.Pages(-scrollPage)
	}
}

// askKeys shows the keys.
func (s *Shell) askKeys() {
	rows := look.Column(2 * look.Gap)
	for _, one := range keyList {
		rows.Add(look.Row(3*look.Gap, 1, look.Sized(fyne.NewSize(130, 26), look.NewText(s.style, s.style.Say(one[0]), look.TextOptions{Bold: true, Single: true})), look.NewText(s.style, s.style.Say(one[1]), look.TextOptions{})))
	}
	s.ask(asked{title: s.style.Say("host.keys"), lines: []string{s.style.Say("host.keys_help")}, body: rows, width: 520})
}
