package command

import (
	"fmt"
	"strings"
	"time"

	"folkmoot/app/readmodel"
)

// clockFacts is what is known of this computer's clock.
type clockFacts struct {
	now time.Time
	// moved is how far the clock went another way than time did while doctor looked.
	moved time.Duration
	// set says whether a server on the network sets it: "yes", "no", "" for not known.
	set string
	// devices are those of a session that is open.
	devices []readmodel.Device
}

// The years between which a clock is believed.
const (
	firstYear = 2025
	lastYear  = 2100
)

// check says whether times on screens and in the record will be right. Answers count
// whatever a clock says.
func (f clockFacts) check() check {
	zone, offset := f.now.Zone()
	found := fmt.Sprintf("%s, time zone %s (%+d:%02d)", f.now.Format("2006-01-02 15:04:05"), zone, offset/3600, max(offset, -offset)%3600/60)
	switch f.set {
	case "yes":
		found += ", set by the network"
	case "no":
		found += ", not set by the network"
	}
	off := clocksOff(f.devices)
	switch {
	case f.now.Year() < firstYear || f.now.Year() > lastYear:
		return check{"clock", "bad", found, "set date and time: without them the record says that this session was in another year"}
	case f.moved > time.Second || f.moved < -time.Second:
		return check{"clock", "warning", fmt.Sprintf("%s; it jumped by %s while this looked", found, f.moved.Round(time.Second)), "let it be set before the session starts; nothing is lost where it jumps during one"}
	case len(off) > 0:
		return check{"clock", "warning", found + "; " + strings.Join(off, ", "), "set the clocks that are wrong; answers count as usual all the same"}
	}
	c := check{"clock", "good", found, ""}
	if f.set != "yes" {
		c.Cure = "compare it with a phone's"
	}
	return c
}

// clockApart is from where on doctor speaks of another device's clock.
const clockApart = time.Minute

// clocksOff says which devices' clocks are off, and how far.
func clocksOff(devices []readmodel.Device) []string {
	var off []string
	for _, one := range (readmodel.Devices{List: devices}).Ordered() {
		by := min(max(one.Ahead, -1<<43), 1<<43) // milliseconds, so that they can be a Duration
		apart, way := time.Duration(by)*time.Millisecond, "ahead"
		if apart < 0 {
			apart, way = -apart, "behind"
		}
		if apart < clockApart || one.State != readmodel.DevicePaired && one.State != readmodel.DeviceAway {
			continue
		}
		name := one.Name
		switch {
		case one.Index > 0 && one.Role == readmodel.RoleTablet:
			name = fmt.Sprintf("Tablet %d", one.Index)
		case name == "":
			name = "a laptop"
		}
		off = append(off, fmt.Sprintf("%s is %s %s", name, long(apart), way))
	}
	return off
}

// long gives a time in the unit that people would say.
func long(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

// movedSince gives how far the clock went another way than time since a time that has a
// monotonic reading, as time.Now gives it.
func movedSince(start, now time.Time) time.Duration {
	return now.Round(0).Sub(start.Round(0)) - now.Sub(start)
}
