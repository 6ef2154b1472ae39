package readmodel

import (
	"slices"
	"strings"
)

// Rung is a way for phones to join. Where one does not work the next is tried.
type Rung int

// The ways to join, in the order in which they are tried.
const (
	RungQR      Rung = 1 + iota // the QR code with the address in numbers
	RungTyped                   // the short address typed, and six digits
	RungName                    // the name on this network, as folkmoot.local
	RungAdapter                 // the next address of this laptop
	RungRouter                  // a Wi-Fi of one's own: a pocket router, or the laptop's hotspot
	RungTablets                 // shared tablets
	RungPaper                   // printed ballots

	lastRung = RungPaper
)

// Patience is how long the way to join is shown before it counts as not working, in
// milliseconds, where no phone came through.
const Patience = 60_000

// Ladder is where the room stands on the ways to join: which is shown, since when, and how
// many phones came through on each. It is a value; its methods give the next one. The zero
// value stands on the first.
type Ladder struct {
	rung    Rung   // 0 for the first
	address int    // which of the venue's addresses, on RungAdapter
	since   uint64 // since when this way is shown to the room, 0 while it is not
	seen    int    // phones at the last look
	through [lastRung + 1]int
	own     OwnWifi
}

// OwnWifi is a Wi-Fi that was opened for the room. It is kept on this computer only, and
// only while the session is open.
type OwnWifi struct{ Name, Password string }

// Rung gives the way that is shown.
func (l Ladder) Rung() Rung { return max(l.rung, RungQR) }

// At looks at the room: showing says that the way to join is before people's eyes, seen how
// many phones came through since the hub started.
func (l Ladder) At(now uint64, showing bool, seen int) Ladder {
	if seen > l.seen {
		l.through[l.Rung()] += seen - l.seen
	}
	l.seen = seen // fewer than before: the hub started anew
	switch {
	case !showing:
		l.since = 0
	case l.since == 0 || l.since > now: // or the clock was set back
		l.since = now
	}
	return l
}

// Step goes to the next way, or back to the one before: by is 1 or -1. Ways that the venue
// does not have are passed over; beyond an end it stays.
func (l Ladder) Step(by int, v Venue) Ladder {
	next := l
	next.since = 0
	if l.Rung() == RungAdapter && l.address+by >= 1 && l.address+by < len(v.Addresses) {
		next.address = l.address + by
		return next
	}
	for rung := l.Rung() + Rung(by); rung >= RungQR && rung <= lastRung; rung += Rung(by) {
		if !v.has(rung) {
			continue
		}
		next.rung, next.address = rung, 1
		if by < 0 {
			next.address = max(1, len(v.Addresses)-1)
		}
		return next
	}
	return l
}

// Own notes a Wi-Fi of one's own, and goes to that way.
func (l Ladder) Own(wifi OwnWifi) Ladder {
	if l.rung != RungRouter {
		l.since = 0
	}
	l.rung, l.own = RungRouter, OwnWifi{Name: strings.TrimSpace(wifi.Name), Password: wifi.Password}
	return l
}

// has says whether a venue has a way to join.
func (v Venue) has(rung Rung) bool {
	switch rung {
	case RungName:
		return v.NameLink != ""
	case RungAdapter:
		return len(v.Addresses) > 1
	}
	return true
}

// Joining is the way to join as it is shown, on the desk and on the wall.
type Joining struct {
	Rung, Last Rung
	// Through is how many phones came through on this way, All on any.
	Through, All int
	// Stuck says that this way has been shown long enough and no phone at all came
	// through: the Wi-Fi probably keeps devices apart.
	Stuck bool
	// Back and Next say whether there is a way before and one after; After is the next one.
	Back, Next bool
	After      Rung
	// Own is the Wi-Fi that was opened for the room, on RungRouter.
	Own OwnWifi
}

// Joining gives what is shown of the ladder, and the venue as it is on that way: its
// addresses and its link.
func (l Ladder) Joining(now uint64, v Venue) (Joining, Venue) {
	after, before := l.Step(1, v), l.Step(-1, v)
	j := Joining{Rung: l.Rung(), Last: lastRung, Through: l.through[l.Rung()], Own: l.own,
		Next: after.Rung() != l.Rung() || after.address != l.address, Back: before.Rung() != l.Rung() || before.address != l.address, After: after.Rung()}
	for _, n := range l.through {
		j.All += n
	}
	j.Stuck = j.All == 0 && l.since > 0 && now >= l.since+Patience && !v.Alone && j.Rung < RungTablets
	if j.Rung != RungRouter {
		j.Own = OwnWifi{}
	}
	return j, v.on(l)
}

// on gives the venue with the addresses of a way.
func (v Venue) on(l Ladder) Venue {
	link := func(i int) {
		if i < len(v.JoinLinks) {
			v.JoinLink = v.JoinLinks[i]
		}
	}
	switch l.Rung() {
	case RungTyped:
		v.Addresses = v.Addresses[:min(1, len(v.Addresses))]
	case RungName:
		if v.NameLink != "" { // it may have been lost meanwhile
			v.Addresses, v.JoinLink = []string{v.NameAddress}, v.NameLink
		}
	case RungAdapter:
		if l.address < len(v.Addresses) {
			link(l.address)
			v.Addresses = slices.Clone(v.Addresses[l.address : l.address+1])
		}
	}
	return v
}

// WifiLink gives what the QR code of a Wi-Fi says, "" without a name. Phones know it; the
// signs that part its fields are written with a backslash.
func (w OwnWifi) WifiLink() string {
	if w.Name == "" {
		return ""
	}
	escape := strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, `:`, `\:`, `"`, `\"`).Replace
	if w.Password == "" {
		return "WIFI:T:nopass;S:" + escape(w.Name) + ";;"
	}
	return "WIFI:T:WPA;S:" + escape(w.Name) + ";P:" + escape(w.Password) + ";;"
}

// Check gives what is wrong with a Wi-Fi as it was typed, nil for nothing. A password
// has 8 to 63 characters (IEEE 802.11), a name up to 32 bytes.
func (w OwnWifi) Check() *Trouble {
	name := strings.TrimSpace(w.Name)
	if n := len(w.Password); name == "" || len(name) > 32 || n > 0 && (n < 8 || n > 63) {
		return &Trouble{Key: "ladder.bad_wifi"}
	}
	return nil
}
