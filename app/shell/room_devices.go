package shell

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// devicesPlace is the place of the session's other devices.
const devicesPlace = "\x00devices"

// listenDevices has what is pressed on devices done.
func (r *room) listenDevices() {
	r.devices = screen.NewDevices(r.shell.style)
	r.devices.OnPair, r.devices.OnDecline, r.devices.OnUnpair = r.pair, r.decline, r.askUnpair
	r.devices.OnInvite = func() { r.onDevices(func(ctx context.Context, s Session) error { return s.Invite(ctx) }, nil) }
	r.devices.OnTakeOver, r.devices.OnRename = r.askTakeOver, r.askRename
	r.devices.OnCopy = func(link string) { r.shell.app.Clipboard().SetContent(link) }
	r.checkin.OnPair, r.checkin.OnDevices = r.pair, func() { r.look(devicesPlace) }
	r.checkin.OnClimb, r.checkin.OnWifi = r.climb, r.askWifi
}

// onDevices asks something about devices of the session; then is called where it worked,
// and may be nil.
func (r *room) onDevices(do func(context.Context, Session) error, then func()) {
	s, session := r.shell, r.session
	s.work(func(ctx context.Context) func() {
		err := do(ctx, session)
		return func() {
			if s.room == nil || s.room.session != session {
				return
			}
			if err != nil {
				s.tell(err)
				return
			}
			s.band.answered()
			if then != nil {
				then()
			}
		}
	})
}

func (r *room) pair(one readmodel.Device) {
	name := r.deviceName(one)
	r.onDevices(func(ctx context.Context, s Session) error { return s.Pair(ctx, one.ID) }, func() {
		r.shell.band.say(notice{text: inWords("devices.paired_done", look.Args{"Name": name})})
	})
}

func (r *room) decline(one readmodel.Device) {
	r.onDevices(func(ctx context.Context, s Session) error { return s.Decline(ctx, one.ID) }, nil)
}

func (r *room) deviceName(one readmodel.Device) string {
	return screen.DeviceName(r.shell.style, r.sheet.Devices, one)
}

// askUnpair asks whether to unpair a device, and says what that means.
func (r *room) askUnpair(one readmodel.Device) {
	s := r.shell.style
	lines := []string{s.Say("devices.unpair_counts"), s.Say("devices.unpair_final")}
	if one.Kept > 0 {
		lines = slices.Insert(lines, 1, s.Say("devices.unpair_kept", look.Args{"N": one.Kept}))
	}
	if one.Role != readmodel.RoleTablet {
		lines = slices.Insert(lines, 1, s.Say("devices.unpair_laptop"))
	}
	if leader := r.leader(); leader.Follows && leader.OutBy == "" {
		lines = append(lines, s.Say("follow.act_title", look.Args{"Name": leader.Name}))
	}
	r.shell.ask(asked{title: s.Say("devices.unpair_title", look.Args{"Name": r.deviceName(one)}), lines: lines, does: s.Say("devices.unpair"), act: func() {
		r.onDevices(func(ctx context.Context, s Session) error { return s.Unpair(ctx, one.ID) }, nil)
	}})
}

// askTakeOver asks whether to lead from here; where the other is gone there is no time for
// questions.
func (r *room) askTakeOver() {
	d := r.sheet.Devices
	if d.LeaderGone(r.sheet.Now) {
		r.takeOver()
		return
	}
	s := r.shell.style
	lines := []string{s.Say("devices.take_help", look.Args{"Name": d.Leader.Name})}
	if d.Leader.AwaySince == 0 {
		lines = slices.Insert(lines, 0, s.Say("devices.take_in_reach", look.Args{"Name": d.Leader.Name}))
	}
	r.shell.ask(asked{title: s.Say("devices.take_title"), lines: lines, does: s.Say("devices.take_over"), act: r.takeOver})
}

func (r *room) takeOver() {
	r.onDevices(func(ctx context.Context, s Session) error { return s.TakeOver(ctx) }, func() {
		r.shell.band.say(notice{text: inWords("devices.took")})
	})
}

// leader gives who leads the session, as it was told last.
func (r *room) leader() readmodel.Leader {
	if r.sheet == nil {
		return readmodel.Leader{}
	}
	return r.sheet.Devices.Leader
}

// askFollowing asks whether to do something here though another laptop leads.
func (r *room) askFollowing(leader readmodel.Leader, act readmodel.Act, done func(error)) {
	s := r.shell.style
	name := look.Args{"Name": leader.Name}
	r.shell.ask(asked{title: s.Say("follow.act_title", name), lines: []string{s.Say("follow.act_help", name)}, does: s.Say("follow.act_go"), act: func() {
		if now := r.shell.room; now != nil && now.session == r.session {
			now.agreed = leader.ID
			now.doNow(act, done)
		}
	}})
}

// askRename asks what others shall call this laptop.
func (r *room) askRename() {
	s := r.shell.style
	field := newEntry(1)
	field.SetText(r.sheet.Devices.Name)
	r.shell.ask(asked{title: s.Say("devices.rename_title"), entry: field, does: s.Say("devices.rename_go"), act: func() {
		name := strings.TrimSpace(field.Text)
		r.onDevices(func(ctx context.Context, s Session) error { return s.NameDevice(ctx, name) }, nil)
	}})
	field.TypedShortcut(&fyne.ShortcutSelectAll{}) // what is typed takes the place of the old name
}

// climb goes to another way to join.
func (r *room) climb(by int) {
	session := r.session
	r.shell.work(func(context.Context) func() {
		session.Climb(by)
		return nil
	})
}

// askWifi asks which Wi-Fi was opened for the room. What is wrong with it is said in the
// question.
func (r *room) askWifi() { r.askWifiAgain(r.sheet.Joining.Own, "") }

func (r *room) askWifiAgain(typed readmodel.OwnWifi, note string) {
	s, session := r.shell.style, r.session
	name, password := newEntry(1), newEntry(1)
	name.SetText(typed.Name)
	password.SetText(typed.Password)
	name.escape, password.escape = r.shell.closeQuestion, r.shell.closeQuestion
	body := look.Column(2*look.Gap, look.NewText(s, s.Say("host.set_wifi"), look.TextOptions{Bold: true}), name, look.NewText(s, s.Say("ladder.password"), look.TextOptions{Bold: true}), password)
	r.shell.ask(asked{title: s.Say("ladder.wifi"), lines: []string{s.Say("ladder.wifi_help")}, note: note, body: body, does: s.Say("ladder.wifi_go"), act: func() {
		wifi := readmodel.OwnWifi{Name: name.Text, Password: password.Text}
		r.shell.work(func(context.Context) func() {
			err := session.OwnWifi(wifi)
			return func() {
				if now := r.shell.room; err != nil && now != nil && now.session == session {
					now.askWifiAgain(wifi, wordsOf(r.shell.style, err))
				}
			}
		})
	}})
}

// devicesShort stands beside the place of the devices: that some ask, else how many belong
// to the session.
func devicesShort(s look.Style, d readmodel.Devices) string {
	switch {
	case d.Asking() > 0:
		return s.Say("devices.rail_ask", look.Args{"N": d.Asking()})
	case d.Paired() > 0:
		return strconv.Itoa(d.Paired())
	}
	return ""
}

// leadStrip says below the top line that this laptop does not lead, where somebody should
// know that, with the offer to take over.
type leadStrip struct {
	TakeOver *look.Button // nil while there is nothing to say

	room   *room
	said   string
	gone   bool
	object *fyne.Container
}

func newLeadStrip(r *room) *leadStrip { return &leadStrip{room: r, object: look.Column(0)} }

// show says who leads, and whether that is another height than before.
func (l *leadStrip) show(sheet *readmodel.Sheet) bool {
	s, said := l.room.shell.style, ""
	sentence, says := sheet.Devices.LeaderSays(sheet.Now)
	if says {
		said = screen.Lines(s, []readmodel.Sentence{sentence})[0]
	}
	gone := sheet.Devices.LeaderGone(sheet.Now)
	if said == l.said && gone == l.gone {
		return false
	}
	l.said, l.gone, l.TakeOver, l.object.Objects = said, gone, nil, nil
	if says {
		out := sheet.Devices.Leader.OutBy != ""
		row := look.Row(4*look.Gap, 0, look.NewText(s, said, look.TextOptions{Role: look.OnWaiting, Bold: out}))
		if !out { // who was taken out has nothing to take over
			kind := look.Outline
			if gone {
				kind = look.Filled
			}
			l.TakeOver = look.NewButton(s, s.Say("devices.take_over"), kind, l.room.askTakeOver)
			row.Add(l.TakeOver)
		}
		ground := look.Box(s.Colour(look.Waiting), s.Colour(look.WaitEdge), 0)
		l.object.Add(look.Stack(ground, look.Inset(4*look.Gap, 2*look.Gap, row)))
	}
	return true
}
