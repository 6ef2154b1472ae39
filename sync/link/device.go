package link

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"unicode"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// DeviceID names a device, see peer.DeviceOf.
type DeviceID = peer.DeviceID

// DeviceOf gives the id of the device that has a key.
func DeviceOf(key ed25519.PublicKey) DeviceID { return peer.DeviceOf(key) }

// ParseDeviceID reads 32 hexadecimal digits. Error: oplog.ErrMalformed.
func ParseDeviceID(text string) (DeviceID, error) {
	var id [16]byte
	err := oplog.ParseHex(id[:], text)
	return DeviceID(text), err
}

// Identity is what a device is to others.
type Identity struct {
	// Key proves who it is. It stays the same over sessions and restores.
	Key ed25519.PrivateKey
	// Name is a word for people, MaxName characters at most.
	Name string
	// Version of the program, for people.
	Version string
}

// ID gives the device's id.
func (i Identity) ID() DeviceID { return DeviceOf(i.Public()) }

// Public gives the device's public key.
func (i Identity) Public() ed25519.PublicKey { return i.Key.Public().(ed25519.PublicKey) }

// Role is what a device does in a session.
type Role = peer.Role

// The roles.
const (
	// Hub is a laptop at which phones answer.
	Hub = peer.RoleHub
	// Backup is a laptop that follows a hub and can take its place.
	Backup = peer.RoleBackup
	// Tablet is a device that participants answer on.
	Tablet = peer.RoleTablet
)

// laptop says whether a device of that role is believed what it says about others.
func laptop(r Role) bool { return r == Hub || r == Backup }

func known(r Role) bool { return laptop(r) || r == Tablet }

// MaxName is how many characters of a device's name are kept.
const MaxName = 60

// clean gives a name in a form that can be shown on one line, "" where nothing is left.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // what is not seen at all
			return -1
		}
		return r
	}, moot.CleanText(strings.ToValidUTF8(name, "")))
	runes := []rune(name)
	return strings.TrimSpace(string(runes[:min(len(runes), MaxName)]))
}

// together gives the first list with what it lacks of the second, most at most: the
// newest are kept.
func together(list, more []string, most int) []string {
	out := slices.Clone(list)
	for _, one := range more {
		if i := slices.Index(out, one); i >= 0 {
			out = slices.Delete(out, i, i+1)
		}
		out = append(out, one)
	}
	return out[max(0, len(out)-most):]
}
