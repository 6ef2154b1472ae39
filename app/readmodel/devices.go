package readmodel

import (
	"cmp"
	"slices"
	"time"
)

// DeviceRole is what a device does in a session.
type DeviceRole string

// Roles of a device.
const (
	RoleHub    DeviceRole = "hub"    // a laptop that leads, or leads in another room
	RoleBackup DeviceRole = "backup" // a laptop that follows one, and can take over
	RoleTablet DeviceRole = "tablet"
)

// DeviceState is how far this computer and a device have got with each other.
type DeviceState string

// States of a device.
const (
	DeviceFound    DeviceState = "found"    // it is on this network, and nobody paired it
	DeviceAsking   DeviceState = "asking"   // it wants to be paired, and somebody here has to say so
	DevicePaired   DeviceState = "paired"   // it is paired and in reach
	DeviceAway     DeviceState = "away"     // it is paired and out of reach
	DeviceUnpaired DeviceState = "unpaired" // it was paired; what comes from it now does not count
	DeviceRefused  DeviceState = "refused"  // it asked, and was turned away
)

// NoBattery is the charge of a device that says nothing of one.
const NoBattery = -1

// Device is another device of the session, or one that was found on the network. What it
// says of itself is a hint; that it is paired rests on its key.
type Device struct {
	// ID is that of its key, in hexadecimal digits; Name a word that people gave it, may be "".
	ID, Name string
	// Index tells the session's tablets apart, from 1; 0 for one that never was paired.
	Index int
	Role  DeviceRole
	State DeviceState
	// Digits are the six that stand on both screens while it asks; ByLink says that it came
	// with the secret of the invitation instead.
	Digits string
	ByLink bool
	// Seen is when it was heard last, AwaySince since when it is out of reach, in
	// milliseconds since 1970 by this computer's clock; 0 for not known.
	Seen, AwaySince uint64
	// Kept is how many answers lie there that are not here, as it said at KeptWhen.
	Kept     int
	KeptWhen uint64
	// People is how many people answered on it, 0 where that is not known.
	People int
	// Battery is its charge in percent, NoBattery where it says nothing; Charging that it is
	// plugged in.
	Battery  int
	Charging bool
	// Ahead is how far its clock is before this computer's, in milliseconds; less than 0 is behind.
	Ahead int64
	// Version is its program's. Newer or Older says that it cannot talk to this one's.
	Version      string
	Newer, Older bool
	// Full says that its storage takes nothing more.
	Full bool
	// Behind is how many entries a backup laptop lacks yet.
	Behind int
	// Addresses are where it answers.
	Addresses []string
}

// Invitation lets a device in that shows its secret, once.
type Invitation struct {
	// Link is what its QR says.
	Link string
	// Until is when it ends, in milliseconds since 1970.
	Until uint64
}

// Left gives how many whole seconds an invitation still holds, 0 for none.
func (i *Invitation) Left(now uint64) int {
	if i == nil || i.Until <= now {
		return 0
	}
	return int((i.Until - now + 999) / 1000)
}

// Leader is who leads the session: the laptop at which the facilitator works. The zero
// value is a session with one laptop, this one.
type Leader struct {
	// ID and Name are those of the laptop that leads, "" where nobody has to be told apart.
	ID, Name string
	// Follows says that this computer is a backup laptop of it.
	Follows bool
	// AwaySince is since when it is not heard, in milliseconds since 1970; 0 while it is.
	AwaySince uint64
	// Lost says that this computer led before, and the other took over.
	Lost bool
	// OutBy is the laptop that took this one out of the session, "" for none: what is
	// received here counts nowhere else.
	OutBy string
}

// Devices is what is known of the session's other devices. The zero value is: none, and
// nothing stands against one. It does not change after it was given.
type Devices struct {
	List []Device
	// Name and Port are this computer's: what others call it, and where they come in.
	Name string
	Port int
	// Addresses are where this computer is reached by others that do not find it by themselves.
	Addresses []string
	// Off says that no other devices are let in; the rest is empty then.
	Off bool
	// Troubles stand against devices finding each other, the gravest first; Remarks are what
	// is otherwise than usual, with nothing to do about it. See DeviceFacts for both.
	Troubles, Remarks []*Trouble
	// Invitation is the one that holds now, nil for none.
	Invitation *Invitation
	Leader     Leader
	// Zone is where times are told, nil for this computer's.
	Zone *time.Location
}

// Ordered gives the devices in the order in which a facilitator wants them: who asks,
// those that are paired, laptops before tablets, those found, those out of reach, and
// those that are not wanted.
func (d Devices) Ordered() []Device {
	list := slices.Clone(d.List)
	slices.SortFunc(list, func(a, b Device) int {
		return cmp.Or(cmp.Compare(a.State.rank(), b.State.rank()), cmp.Compare(a.Role.rank(), b.Role.rank()),
			cmp.Compare(a.Index, b.Index), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// Brief gives the devices of the session and those that were found, in the order in which
// somebody should look at them: who asks, who is out of reach, the rest.
func (d Devices) Brief() []Device {
	var list []Device
	for _, state := range []DeviceState{DeviceAsking, DeviceAway, DevicePaired, DeviceFound} {
		for _, one := range d.Ordered() {
			if one.State == state {
				list = append(list, one)
			}
		}
	}
	return list
}

func (s DeviceState) rank() int {
	return slices.Index([]DeviceState{DeviceAsking, DevicePaired, DeviceFound, DeviceAway, DeviceUnpaired, DeviceRefused}, s)
}

func (r DeviceRole) rank() int { return slices.Index([]DeviceRole{RoleHub, RoleBackup, RoleTablet}, r) }

// Device gives a device by its id, nil where there is none.
func (d Devices) Device(id string) *Device {
	if i := slices.IndexFunc(d.List, func(one Device) bool { return one.ID == id }); i >= 0 {
		return &d.List[i]
	}
	return nil
}

// Count gives how many devices are in one of the states.
func (d Devices) Count(states ...DeviceState) int {
	n := 0
	for _, one := range d.List {
		if slices.Contains(states, one.State) {
			n++
		}
	}
	return n
}

// Paired gives how many devices belong to the session, in reach or not.
func (d Devices) Paired() int { return d.Count(DevicePaired, DeviceAway) }

// Asking gives how many devices wait for somebody here to pair them.
func (d Devices) Asking() int { return d.Count(DeviceAsking) }

// Kept gives how many answers lie on devices that are out of reach, and on how many.
func (d Devices) Kept() (answers, devices int) {
	for _, one := range d.List {
		if one.State == DeviceAway && one.Kept > 0 {
			answers, devices = answers+one.Kept, devices+1
		}
	}
	return answers, devices
}

// Backups gives the laptops that follow this one.
func (d Devices) Backups() []Device {
	var list []Device
	for _, one := range d.Ordered() {
		if one.Role == RoleBackup && (one.State == DevicePaired || one.State == DeviceAway) {
			list = append(list, one)
		}
	}
	return list
}

// TakeOverAfter is how long the laptop that leads has to be silent before a backup offers
// to take over, in milliseconds: a Wi-Fi that drops for a breath is none.
const TakeOverAfter = 10_000

// LeaderSays gives what a laptop that does not lead says about that all over its screens,
// false where nothing is to be said. It comes with the offer to take over, but where this
// laptop was taken out.
func (d Devices) LeaderSays(now uint64) (Sentence, bool) {
	l := d.Leader
	switch {
	case l.OutBy != "":
		return Sentence{"devices.leader_out", map[string]string{"Name": l.OutBy}}, true
	case !l.Follows:
		return Sentence{}, false
	case l.AwaySince > 0 && now >= l.AwaySince+TakeOverAfter:
		return Sentence{"devices.leader_away", map[string]string{"Name": l.Name, "Time": d.exact(l.AwaySince)}}, true
	case l.Lost:
		return Sentence{"devices.leader_lost", map[string]string{"Name": l.Name}}, true
	}
	return Sentence{}, false
}

// LeaderGone says that the laptop that leads has been silent long enough: taking over is
// the next thing to do.
func (d Devices) LeaderGone(now uint64) bool {
	l := d.Leader
	return l.Follows && l.OutBy == "" && l.AwaySince > 0 && now >= l.AwaySince+TakeOverAfter
}

func (d Devices) zone() *time.Location {
	if d.Zone == nil {
		return time.Local
	}
	return d.Zone
}

// exact gives a time with its seconds.
func (d Devices) exact(at uint64) string {
	return time.UnixMilli(int64(at)).In(d.zone()).Format("15:04:05")
}

// clock gives a time of day; one of another day with its date.
func (d Devices) clock(at, now uint64) string {
	t, today := time.UnixMilli(int64(at)).In(d.zone()), time.UnixMilli(int64(now)).In(d.zone())
	if t.YearDay() != today.YearDay() || t.Year() != today.Year() {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format("15:04")
}
