package readmodel

import "strconv"

// DeviceDot is the colour of the dot before a device.
type DeviceDot string

// Colours of a device's dot. None is red, since nothing is lost.
const (
	DotFine DeviceDot = "fine" // all it has is here
	DotWait DeviceDot = "wait" // something is there that is not here, or somebody should look
	DotNone DeviceDot = "none" // it is no part of the session
)

// Dot gives the colour of a device's dot.
func (d Devices) Dot(one Device) DeviceDot {
	switch one.State {
	case DevicePaired:
		if one.Behind > 0 || one.Full || one.Newer || one.Older {
			return DotWait
		}
		return DotFine
	case DeviceAway:
		return DotWait
	}
	return DotNone
}

// Label gives what a device is called: which tablet it is or what kind of laptop, and the
// word that people gave it, "" for none.
func (d Devices) Label(one Device) (kind Sentence, name string) {
	switch {
	case one.Role == RoleHub:
		return Sentence{ID: "devices.laptop"}, one.Name
	case one.Role == RoleBackup:
		return Sentence{ID: "devices.backup_title"}, one.Name
	case one.Index > 0:
		return Sentence{"devices.tablet", map[string]string{"Number": strconv.Itoa(one.Index)}}, one.Name
	}
	return Sentence{ID: "devices.tablet_new"}, one.Name
}

// Line gives what is said below a device's name, in its order, to stand with dots between.
func (d Devices) Line(one Device, now uint64) []Sentence {
	line := d.stand(one, now)
	if clock, days, off := clockOff(one.Ahead); off && !days && one.wanted() {
		line = append(line, clock)
	}
	return line
}

// wanted says that a device is, or may become, a part of the session.
func (d Device) wanted() bool { return d.State != DeviceUnpaired && d.State != DeviceRefused }

// stand says how a device stands, without its clock.
func (d Devices) stand(one Device, now uint64) []Sentence {
	switch one.State {
	case DeviceAsking:
		if one.ByLink {
			return []Sentence{{ID: "devices.new"}, {ID: "devices.by_link"}}
		}
		return []Sentence{{ID: "devices.new"}, {"devices.both_show", map[string]string{"Digits": SpacedDigits(one.Digits)}}}
	case DeviceFound:
		return append([]Sentence{{ID: "devices.new"}, {ID: "devices.not_paired"}}, d.seen(one, now)...)
	case DeviceAway:
		line := []Sentence{{ID: "devices.paired"}}
		if one.AwaySince > 0 {
			line = append(line, Sentence{"devices.away", map[string]string{"Time": d.clock(one.AwaySince, now)}})
		} else {
			line = append(line, Sentence{ID: "devices.away_always"})
		}
		if one.Role == RoleBackup && one.Behind > 0 {
			return append(line, sentence("devices.behind", one.Behind))
		}
		if one.Kept > 0 {
			line = append(line, sentence("devices.kept", one.Kept))
		}
		return line
	case DeviceUnpaired:
		return []Sentence{{ID: "devices.unpaired"}}
	case DeviceRefused:
		return []Sentence{{ID: "devices.refused"}}
	}
	return append([]Sentence{{ID: "devices.paired"}, waitingThere(one)}, d.seen(one, now)...)
}

// waitingThere says what a device in reach has that is not here, or a backup laptop not yet.
func waitingThere(one Device) Sentence {
	switch {
	case one.Role == RoleBackup && one.Behind > 0:
		return sentence("devices.behind", one.Behind)
	case one.Role == RoleBackup:
		return Sentence{ID: "devices.in_step"}
	case one.Kept > 0:
		return sentence("devices.coming", one.Kept)
	}
	return Sentence{ID: "devices.nothing_waits"}
}

// seen says how long ago a device was heard. A clock that was set back counts as no time.
func (d Devices) seen(one Device, now uint64) []Sentence {
	if one.Seen == 0 {
		return nil
	}
	seconds := int((now - min(now, one.Seen)) / 1000)
	switch {
	case seconds < 60:
		return []Sentence{sentence("devices.seen_seconds", seconds)}
	case seconds < 3600:
		return []Sentence{sentence("devices.seen_minutes", seconds/60)}
	}
	return []Sentence{{"devices.seen_at", map[string]string{"Time": d.clock(one.Seen, now)}}}
}

// LowBattery is the charge below which a device has to be plugged in, in percent: an
// evening takes that much.
const LowBattery = 40

// BatteryLow says that a device should be plugged in.
func (d Device) BatteryLow() bool {
	return d.Battery >= 0 && d.Battery < LowBattery && !d.Charging
}

// BatterySays gives a device's charge, false where it says nothing of one.
func (d Device) BatterySays() (Sentence, bool) {
	switch {
	case d.Battery < 0:
		return Sentence{}, false
	case d.Charging:
		return sentence("devices.battery_charging", d.Battery), true
	case d.BatteryLow():
		return sentence("devices.battery_low", d.Battery), true
	}
	return sentence("devices.battery", d.Battery), true
}

// Clocks apart by less than clockWord are not worth a word; by more than half of clockDay
// they are set to another day. In milliseconds.
const (
	clockWord = 60_000
	clockHour = 60 * clockWord
	clockDay  = 24 * clockHour
)

// Notes gives what should be done about a device, the gravest first: what is so, that
// nothing is lost, what to do.
func (d Devices) Notes(one Device) []Sentence {
	var notes []Sentence
	if !one.wanted() {
		return nil
	}
	version := map[string]string{"Version": one.Version}
	switch {
	case one.Full && one.Role == RoleTablet:
		notes = append(notes, Sentence{ID: "devices.full"})
	case one.Full:
		notes = append(notes, Sentence{ID: "devices.full_laptop"})
	}
	switch {
	case one.Newer:
		notes = append(notes, Sentence{"devices.newer", version})
	case one.Older:
		notes = append(notes, Sentence{"devices.older", version})
	}
	if one.State == DeviceAway && one.People > 0 {
		notes = append(notes, sentence("devices.gone_people", one.People))
	}
	if note, days, _ := clockOff(one.Ahead); days {
		notes = append(notes, note)
	}
	return notes
}

// clockOff says how far a device's clock is off, and whether somebody should set it: it
// stands on another day.
func clockOff(ahead int64) (says Sentence, days, off bool) {
	by, keys := ahead, [3]string{"devices.clock_ahead", "devices.clock_ahead_hours", "devices.clock_ahead_days"}
	if ahead < 0 {
		by, keys = -max(ahead, -1<<62), [3]string{"devices.clock_behind", "devices.clock_behind_hours", "devices.clock_behind_days"}
	}
	switch {
	case by < clockWord:
		return Sentence{}, false, false
	case by < 2*clockHour:
		return sentence(keys[0], int(by/clockWord)), false, true
	case by < clockDay/2:
		return sentence(keys[1], int(by/clockHour)), false, true
	}
	return sentence(keys[2], int((by-clockDay/2)/clockDay)+1), true, true
}

// SpacedDigits gives six digits as two threes.
func SpacedDigits(digits string) string {
	if len(digits) == 6 {
		return digits[:3] + " " + digits[3:]
	}
	return digits
}
