package screen

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// deviceList is a list of other devices. Its rows stay what they are while only their
// words change, so that nothing is made anew under the pointer.
type deviceList struct {
	// OnPair, OnDecline and OnUnpair are called with the device that is meant.
	OnPair, OnDecline, OnUnpair func(readmodel.Device)

	style  look.Style
	brief  bool // a card beside others: no headings, no notes, nothing to unpair
	rows   []*deviceRow
	shape  string
	moved  time.Time // when rows came to stand elsewhere
	object *fyne.Container
}

func newDeviceList(s look.Style, brief bool) *deviceList {
	gap := 4 * look.Gap
	if brief {
		gap = 2 * look.Gap
	}
	return &deviceList{style: s, brief: brief, object: look.Column(gap)}
}

// show lists devices of d; lead lets the first that asks have the filled button. It says
// whether anything needs another height.
func (l *deviceList) show(d readmodel.Devices, list []readmodel.Device, now uint64, lead bool) bool {
	shape := ""
	for _, one := range list {
		shape += l.shapeOf(d, one) + "\n"
	}
	rebuilt := shape != l.shape
	if rebuilt {
		l.shape, l.moved, l.rows, l.object.Objects = shape, look.Clock(), nil, nil
		group := ""
		for _, one := range list {
			if key := groupOf(one); key != group && !l.brief {
				group = key
				l.object.Add(look.NewText(l.style, l.style.Say(key), look.TextOptions{Size: look.Small, Role: look.Quiet}))
			}
			row := l.newRow(d, one)
			l.rows = append(l.rows, row)
			l.object.Add(look.Column(2*look.Gap, row.object, look.NewRule(l.style)))
		}
	}
	for i, one := range list {
		rebuilt = l.rows[i].show(d, one, now, lead && i == 0) || rebuilt
	}
	return rebuilt
}

// shapeOf is what a row is made of: with another one the list is made anew.
func (l *deviceList) shapeOf(d readmodel.Devices, one readmodel.Device) string {
	parts := []string{one.ID, string(one.State), string(one.Role), one.Digits, string(d.Dot(one))}
	for _, note := range d.Notes(one) {
		parts = append(parts, note.ID)
	}
	return strings.Join(parts, " ")
}

// groupOf gives the heading under which a device stands.
func groupOf(one readmodel.Device) string {
	switch one.State {
	case readmodel.DeviceAsking:
		return "devices.group_asking"
	case readmodel.DevicePaired:
		return "devices.group_paired"
	case readmodel.DeviceFound:
		return "devices.group_found"
	case readmodel.DeviceAway:
		return "devices.group_away"
	}
	return "devices.group_out"
}

// settled lets through what is pressed on a row that was there to be read: a device that
// came above it must not be let in by mistake.
func (l *deviceList) settled(row *deviceRow, act *func(readmodel.Device)) func() {
	return func() {
		if look.Clock().Sub(l.moved) >= settleTime {
			(*act)(row.device)
		}
	}
}

// deviceRow is one device: a dot, what it is called, how it stands, and what can be done.
type deviceRow struct {
	Pair, Decline, Unpair *look.Button

	style               look.Style
	device              readmodel.Device
	name, line, battery *look.Text
	notes               []*look.Text
	object              fyne.CanvasObject
}

func (l *deviceList) newRow(d readmodel.Devices, one readmodel.Device) *deviceRow {
	s := l.style
	r := &deviceRow{style: s, device: one}
	r.name = look.NewText(s, "", look.TextOptions{Bold: true})
	r.line = look.NewText(s, "", look.TextOptions{Role: look.Quiet, Size: look.Small})
	r.battery = look.NewText(s, "", look.TextOptions{Role: look.Quiet, Size: look.Small, Single: true})
	dots := map[readmodel.DeviceDot]look.Role{readmodel.DotFine: look.Fine, readmodel.DotWait: look.WaitEdge, readmodel.DotNone: look.Quiet}
	words := look.Column(0, r.name, r.line)
	head := look.Row(3*look.Gap, 1, look.NewDot(s.Colour(dots[d.Dot(one)])), words, r.battery)
	switch {
	case one.State == readmodel.DeviceAsking:
		r.Pair = look.NewButton(s, s.Say("devices.pair"), look.Outline, l.settled(r, &l.OnPair))
		head.Add(r.Pair)
		if !l.brief {
			r.Decline = look.NewButton(s, s.Say("devices.decline"), look.Outline, l.settled(r, &l.OnDecline))
			head.Add(r.Decline)
		}
	case !l.brief && (one.State == readmodel.DevicePaired || one.State == readmodel.DeviceAway):
		r.Unpair = look.NewButton(s, s.Say("devices.unpair"), look.Choice, l.settled(r, &l.OnUnpair))
		head.Add(r.Unpair)
	}
	rows := look.Column(2*look.Gap, head)
	if !l.brief {
		if one.State == readmodel.DeviceAsking && one.Digits != "" {
			rows.Add(look.Inset(6*look.Gap, 0, look.Wrap(4*look.Gap, look.NewText(s, readmodel.SpacedDigits(one.Digits), look.TextOptions{Bold: true, Single: true, Size: digitsSize, Role: look.Action}),
				look.AtLeast(digitsSize*1.3, look.NewText(s, s.Say("devices.compare"), look.TextOptions{Role: look.Quiet, Single: true})))))
		}
		for range d.Notes(one) {
			note := look.NewText(s, "", look.TextOptions{Role: look.OnWaiting})
			r.notes = append(r.notes, note)
			rows.Add(look.Inset(5*look.Gap, 0, look.NewNote(s, note)))
		}
	}
	r.object = rows
	return r
}

// digitsSize is the size of the six digits that are compared across a table.
const digitsSize = 36

// show gives the row its words, and says whether they may need another height.
func (r *deviceRow) show(d readmodel.Devices, one readmodel.Device, now uint64, lead bool) bool {
	s, before := r.style, r.measure()
	r.device = one
	r.name.Set(DeviceName(s, d, one))
	line := []string{}
	for _, part := range d.Line(one, now) {
		line = append(line, sentence(s, part))
	}
	r.line.Set(joined(s, line))
	battery, ok := one.BatterySays()
	r.battery.Hidden = !ok
	if ok {
		r.battery.Set(sentence(s, battery))
	}
	for i, note := range d.Notes(one)[:len(r.notes)] { // a brief row has none
		r.notes[i].Set(sentence(s, note))
	}
	if r.Pair != nil {
		kind := look.Outline
		if lead {
			kind = look.Filled
		}
		r.Pair.Set(s.Say("devices.pair"), "", kind)
	}
	return before != r.measure()
}

// measure gives what the row's height follows from: seconds that count up are none of it.
func (r *deviceRow) measure() string {
	all := r.name.Text() + r.battery.Text() + strconv.Itoa(len(r.line.Text()))
	for _, note := range r.notes {
		all += note.Text()
	}
	return all
}

// DeviceName gives what a device is called.
func DeviceName(s look.Style, d readmodel.Devices, one readmodel.Device) string {
	kind, name := d.Label(one)
	if name == "" {
		return sentence(s, kind)
	}
	return s.Say("text.dotted", look.Args{"First": sentence(s, kind), "Second": name})
}

// foundDevices is the card of devices that stands above other things: a few, those that
// want somebody's eye first, and how many more there are.
type foundDevices struct {
	All *look.Button

	style  look.Style
	list   *deviceList
	all    int // devices, listed or not
	more   *look.Text
	object *fyne.Container
}

// mostFound is how many devices the card lists where there is room.
const mostFound = 3

func newFoundDevices(s look.Style, pair func(readmodel.Device), all func()) *foundDevices {
	f := &foundDevices{style: s, list: newDeviceList(s, true), more: look.NewText(s, "", look.TextOptions{Role: look.Quiet, Size: look.Small, Single: true})}
	f.list.OnPair = pair
	f.All = look.NewButton(s, s.Say("devices.all"), look.Choice, all)
	head := look.Row(2*look.Gap, 0, look.NewText(s, s.Say("devices.found_card"), look.TextOptions{Bold: true}), f.more, f.All)
	f.object = look.NewCard(s, look.Column(2*look.Gap, head, f.list.object))
	f.object.Hide()
	return f
}

// show lists the devices, and says whether the card needs another height.
func (f *foundDevices) show(sheet *readmodel.Sheet, lead bool) bool {
	all := sheet.Devices.Brief()
	moved := f.list.show(sheet.Devices, all[:min(len(all), mostFound)], sheet.Now, lead)
	moved = moved || f.all != len(all)
	f.all = len(all)
	f.object.Hidden = f.all == 0
	return moved
}

// fit leaves out devices, the last first, until the card is no higher than most; one stays.
func (f *foundDevices) fit(width, most float32) float32 {
	rows := f.list.object.Objects
	for n := len(rows); ; n-- {
		for i, row := range rows {
			if row.Visible() != (i < n) {
				rowsVisible(row, i < n)
			}
		}
		f.more.Hidden = f.all == n
		f.more.Set(f.style.Say("devices.more", look.Args{"N": f.all - n}))
		if height := look.HeightFor(f.object, width); height <= most || n <= 1 {
			return height
		}
	}
}

func rowsVisible(row fyne.CanvasObject, on bool) {
	if on {
		row.Show()
		return
	}
	row.Hide()
}

// belowFound puts something below the card of devices, with room for itself.
type belowFound struct {
	found     *foundDevices
	gap, room float32
}

// MinSize is Fyne's.
func (l *belowFound) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[1].MinSize() }

// Layout is Fyne's.
func (l *belowFound) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	if objects[0].Visible() {
		height := l.found.fit(size.Width, size.Height-l.gap-l.room)
		objects[0].Move(fyne.NewPos(0, 0))
		objects[0].Resize(fyne.NewSize(size.Width, height))
		y = height + l.gap
	}
	objects[1].Move(fyne.NewPos(0, y))
	objects[1].Resize(fyne.NewSize(size.Width, size.Height-y))
}
