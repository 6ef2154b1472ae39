package screen

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// Devices is the session's other tablets and laptops: who asks to be let in, who is in
// reach, what lies where, and which laptop leads.
type Devices struct {
	// Invite makes a QR code for one tablet, TakeOver makes this laptop lead, Rename changes
	// what others call it.
	Invite, TakeOver, Rename *look.Button
	// CopyLink copies the link of the QR code, to be typed into a second laptop.
	CopyLink *look.Button
	// OnPair, OnDecline and OnUnpair are called with a device, the others for the buttons.
	OnPair, OnDecline, OnUnpair    func(readmodel.Device)
	OnInvite, OnTakeOver, OnRename func()
	OnCopy                         func(link string)

	style    look.Style
	sheet    *readmodel.Sheet
	list     *deviceList
	troubles *fyne.Container
	empty    *fyne.Container
	pairing  *fyne.Container
	backup   *fyne.Container
	own      *look.Text
	remarks  *fyne.Container
	left     *look.Text // how long the invitation holds
	chips    *fyne.Container
	was      string
	root     *fyne.Container
}

// NewDevices makes the screen.
func NewDevices(s look.Style) *Devices {
	v := &Devices{style: s, troubles: look.Column(2 * look.Gap), empty: look.Column(0), pairing: look.Column(3 * look.Gap), backup: look.Column(2 * look.Gap), chips: look.Wrap(2 * look.Gap), remarks: look.Column(2 * look.Gap)}
	v.list = newDeviceList(s, false)
	v.list.OnPair = func(one readmodel.Device) { v.OnPair(one) }
	v.list.OnDecline = func(one readmodel.Device) { v.OnDecline(one) }
	v.list.OnUnpair = func(one readmodel.Device) { v.OnUnpair(one) }
	v.Invite = look.NewButton(s, s.Say("devices.invite"), look.Outline, func() { v.OnInvite() })
	v.TakeOver = look.NewButton(s, s.Say("devices.take_over"), look.Outline, func() { v.OnTakeOver() })
	v.Rename = look.NewButton(s, s.Say("devices.rename"), look.Choice, func() { v.OnRename() })
	v.CopyLink = look.NewButton(s, s.Say("desk.copy_link"), look.Choice, func() {
		if i := v.sheet.Devices.Invitation; i != nil {
			v.OnCopy(i.Link)
		}
	})
	v.own, v.left = look.NewText(s, "", look.TextOptions{}), look.NewText(s, "", look.TextOptions{Align: fyne.TextAlignCenter, Role: look.Quiet})
	title := look.NewText(s, s.Say("devices.title"), look.TextOptions{Size: look.Head, Bold: true})
	listed := scrolled(look.Column(4*look.Gap, v.troubles, v.list.object, v.empty))
	main := look.NewCard(s, look.Filling(4*look.Gap, 1, look.Wrap(3*look.Gap, title, v.chips), listed))
	strong := look.TextOptions{Size: look.Strong, Bold: true}
	card := func(key string, rows ...fyne.CanvasObject) fyne.CanvasObject {
		return look.NewCard(s, look.Column(3*look.Gap, append([]fyne.CanvasObject{look.NewText(s, s.Say(key), strong)}, rows...)...))
	}
	side := scrolled(look.Column(4*look.Gap, card("devices.pair_tablet", v.pairing), card("devices.backup_title", v.backup), card("devices.this", v.own, v.remarks, look.Wrap(0, v.Rename))))
	v.root = &fyne.Container{Layout: &sides{side: 360, gap: 4 * look.Gap}, Objects: []fyne.CanvasObject{main, side}}
	return v
}

// scrolled lets something scroll beside the bar that Fyne paints over its right edge.
func scrolled(content fyne.CanvasObject) fyne.CanvasObject {
	return look.NewScroll(look.TopRow(0, 0, content, look.Sized(fyne.NewSize(2*look.Gap, 0), look.NewSpace(0))))
}

// Object gives what is drawn.
func (v *Devices) Object() fyne.CanvasObject { return v.root }

// Show shows the devices of a session; lead lets the screen have the filled button.
func (v *Devices) Show(sheet *readmodel.Sheet, lead bool) {
	v.sheet = sheet
	d := sheet.Devices
	moved := v.list.show(d, d.Ordered(), sheet.Now, lead)
	v.left.Set(v.style.Say("devices.left", look.Args{"Time": minutes(d.Invitation.Left(sheet.Now))}))
	if was := v.looks(d, sheet.Now); was != v.was {
		v.was, moved = was, true
		v.showTroubles(d)
		v.showChips(d)
		v.showPairing(d, sheet.Now)
		v.showBackup(d)
		v.showOwn(d)
	}
	if moved {
		v.root.Refresh()
	}
}

// looks is what is drawn beside the list, to tell whether anything is to be drawn anew.
func (v *Devices) looks(d readmodel.Devices, now uint64) string {
	s := v.style
	parts := []string{d.Name, strconv.Itoa(d.Port), strconv.FormatBool(d.Off), strconv.Itoa(len(d.List)), strconv.Itoa(d.Asking()), strconv.Itoa(d.Count(readmodel.DevicePaired)), strconv.Itoa(d.Count(readmodel.DeviceAway)), strconv.FormatBool(d.Invitation.Left(now) > 0),
		d.Leader.Name, d.Leader.OutBy, strconv.FormatBool(d.Leader.Follows), strconv.FormatBool(d.LeaderGone(now))}
	parts = append(parts, d.Addresses...)
	if d.Invitation != nil {
		parts = append(parts, d.Invitation.Link)
	}
	for _, t := range append(d.Troubles[:len(d.Troubles):len(d.Troubles)], d.Remarks...) {
		parts = append(parts, s.Say(t.Key, t.Args))
	}
	for _, one := range d.Backups() {
		parts = append(parts, one.ID, string(one.State), strconv.Itoa(one.Behind), one.Name)
	}
	answers, devices := d.Kept()
	return strings.Join(append(parts, strconv.Itoa(answers), strconv.Itoa(devices)), "\n")
}

func (v *Devices) showTroubles(d readmodel.Devices) {
	s := v.style
	v.troubles.Objects, v.empty.Objects = nil, nil
	for _, t := range d.Troubles {
		v.troubles.Add(look.NewNote(s, look.NewText(s, s.Say(t.Key, t.Args), look.TextOptions{Role: look.OnWaiting})))
	}
	switch {
	case d.Off:
		v.troubles.Add(look.NewNote(s, look.NewText(s, s.Say("devices.off"), look.TextOptions{Role: look.OnWaiting})))
	case len(d.List) == 0:
		v.empty.Add(emptyWords(s, s.Say("devices.none"), s.Say("devices.none_help")))
	case d.Count(readmodel.DeviceFound) > 0:
		v.empty.Add(look.NewText(s, s.Say("devices.found_help"), look.TextOptions{Role: look.Quiet, Size: look.Small}))
	}
	v.troubles.Hidden, v.empty.Hidden = len(v.troubles.Objects) == 0, len(v.empty.Objects) == 0
}

func (v *Devices) showChips(d readmodel.Devices) {
	s := v.style
	v.chips.Objects = nil
	if n := d.Asking(); n > 0 {
		v.chips.Add(look.NewWaitingChip(s, s.Say("devices.ask", look.Args{"N": n})))
	}
	if n := d.Count(readmodel.DevicePaired); n > 0 {
		v.chips.Add(look.NewDotChip(s, look.Fine, s.Say("devices.in_reach", look.Args{"N": n})))
	}
	if n := d.Count(readmodel.DeviceAway); n > 0 {
		v.chips.Add(look.NewDotChip(s, look.WaitEdge, s.Say("devices.out_of_reach", look.Args{"N": n})))
	}
	if answers, devices := d.Kept(); answers > 0 {
		v.chips.Add(look.NewDotChip(s, look.WaitEdge, s.Say("devices.kept_all", look.Args{"N": answers, "Devices": s.Say("devices.on_devices", look.Args{"N": devices})})))
	}
}

// inviteSide is the length of the sides of the QR code that lets a tablet in.
const inviteSide = 220

// showPairing gives the QR code while an invitation holds, else how to get one.
func (v *Devices) showPairing(d readmodel.Devices, now uint64) {
	s := v.style
	v.pairing.Objects = nil
	v.Invite.Enable(!d.Off)
	quiet := look.TextOptions{Role: look.Quiet}
	if d.Invitation.Left(now) == 0 {
		for _, key := range []string{"devices.invite_help", "devices.digits_help"} {
			v.pairing.Add(look.NewText(s, s.Say(key), quiet))
		}
		v.pairing.Add(look.Wrap(0, v.Invite))
		return
	}
	v.pairing.Add(look.NewText(s, s.Say("devices.scan"), look.TextOptions{}))
	if code := look.NewQR(d.Invitation.Link, inviteSide); code != nil {
		v.pairing.Add(container.NewCenter(code))
	}
	v.pairing.Add(v.left)
	v.pairing.Add(look.NewText(s, s.Say("devices.digits_help"), quiet))
	v.pairing.Add(look.Wrap(0, v.CopyLink))
}

// showBackup says which laptop follows which, and how one is made to.
func (v *Devices) showBackup(d readmodel.Devices) {
	s := v.style
	v.backup.Objects = nil
	plain, quiet := look.TextOptions{}, look.TextOptions{Role: look.Quiet}
	if d.Leader.OutBy != "" {
		v.backup.Add(look.NewText(s, s.Say("devices.leader_out", look.Args{"Name": d.Leader.OutBy}), plain))
		return
	}
	if d.Leader.Follows {
		v.backup.Add(look.NewText(s, s.Say("devices.follows", look.Args{"Name": d.Leader.Name}), look.TextOptions{Bold: true}))
		v.backup.Add(look.NewText(s, s.Say("devices.follows_help"), quiet))
		v.backup.Add(look.Wrap(0, v.TakeOver))
		return
	}
	backups := d.Backups()
	for _, one := range backups {
		name, key := one.Name, "devices.backup_fine"
		if name == "" {
			name = s.Say("devices.backup_title")
		}
		switch {
		case one.State == readmodel.DeviceAway:
			key = "devices.backup_away"
		case one.Behind > 0:
			key = "devices.backup_behind"
		}
		v.backup.Add(look.NewText(s, s.Say(key, look.Args{"Name": name, "N": one.Behind}), plain))
	}
	if len(backups) == 0 {
		v.backup.Add(look.NewText(s, s.Say("devices.backup_none"), plain))
		v.backup.Add(look.NewText(s, s.Say("devices.backup_help"), quiet))
	}
}

// showOwn says what others call this laptop, and where they come in.
func (v *Devices) showOwn(d readmodel.Devices) {
	s := v.style
	facts := []string{}
	if d.Name != "" {
		facts = append(facts, d.Name)
	}
	switch {
	case len(d.Addresses) > 0:
		facts = append(facts, d.Addresses[:min(2, len(d.Addresses))]...)
	case d.Port > 0:
		facts = append(facts, s.Say("devices.own_port", look.Args{"Port": strconv.Itoa(d.Port)}))
	}
	v.own.Set(joined(s, facts))
	v.own.Hidden = len(facts) == 0
	v.remarks.Objects = nil
	for _, t := range d.Remarks {
		v.remarks.Add(look.NewText(s, s.Say(t.Key, t.Args), look.TextOptions{Role: look.Quiet, Size: look.Small}))
	}
	v.remarks.Hidden = len(d.Remarks) == 0
	v.Rename.Enable(!d.Off)
}

// minutes gives seconds as "1:59".
func minutes(seconds int) string {
	return strconv.Itoa(seconds/60) + ":" + strconv.Itoa(seconds%60/10) + strconv.Itoa(seconds%10)
}
