package readmodel

import (
	"errors"
	"strconv"
)

// What stands against an intent about devices.
var (
	// ErrUnknownDevice: there is no such device any more.
	ErrUnknownDevice = errors.New("there is no such device")
	// ErrNotAsking: the device does not ask any more, or its digits are too old.
	ErrNotAsking = errors.New("the device does not ask to be paired any more")
	// ErrDeviceAway: the device did not answer.
	ErrDeviceAway = errors.New("the device did not answer")
	// ErrDevicesOff: no other devices are let in.
	ErrDevicesOff = errors.New("no other devices are let in")
	// ErrLeadsAlready: this laptop leads already.
	ErrLeadsAlready = errors.New("this laptop leads already")
	// ErrDeviceName: a device's name is empty or too long.
	ErrDeviceName = errors.New("the name of a device has 1 to 40 characters")
)

// DeviceTrouble puts what stands against an intent about devices into words; nil for what
// is none of its errors.
func DeviceTrouble(err error) *Trouble {
	for _, one := range []struct {
		err error
		key string
	}{
		{ErrUnknownDevice, "devices.err_unknown"}, {ErrNotAsking, "devices.err_not_asking"}, {ErrDeviceAway, "devices.err_away"},
		{ErrDevicesOff, "devices.off"}, {ErrLeadsAlready, "devices.err_leads"}, {ErrDeviceName, "devices.err_name"},
	} {
		if errors.Is(err, one.err) {
			return &Trouble{Key: one.key, Err: err}
		}
	}
	return nil
}

// AdapterFacts is what devices finding each other rests on, of one network adapter that is up.
type AdapterFacts struct {
	Name string
	// IPv4 and IPv6 say that it has an address of that kind that others could reach.
	IPv4, IPv6 bool
	// Virtual says that it is a tunnel's, or a container's.
	Virtual bool
}

// DeviceFacts are what Devices.Troubles and Devices.Remarks are made of. The zero value is a computer without
// a network.
type DeviceFacts struct {
	Adapters []AdapterFacts
	// WishedPort is where other devices usually come in, Port where they do.
	WishedPort, Port int
	// NameWished is what this computer wants to be called on the network, as folkmoot.local;
	// NameUsed what it is called, since the other is somebody else's; "" for no name.
	NameWished, NameUsed string
	// Twins are the names of other laptops that lead this session too, and are not paired.
	Twins []string
	// Deaf says that nothing is heard of what is sent to everybody on the network: the
	// Wi-Fi or a firewall keeps it back.
	Deaf bool
	// Splits are logs that two devices wrote at once, of which nobody said which holds.
	Splits []SplitFacts
}

// SplitFacts is a log that two devices wrote at once, since a data folder was copied: from
// there on it does not count until somebody says which of the two holds.
type SplitFacts struct {
	// Log is its id and Name the device that it says it is of, "" for none; Session is the
	// beginning of the session's id.
	Log, Name, Session string
	// Answers is how many there are here that do not count for it.
	Answers int
}

// Trouble says it in words.
func (s SplitFacts) Trouble() *Trouble {
	name := s.Name
	if name == "" {
		name = s.Log[:min(8, len(s.Log))]
	}
	return &Trouble{Key: "devices.split", Args: map[string]any{"Name": name, "N": s.Answers, "ID": s.Session}}
}

// Troubles gives what stands against devices finding each other, the gravest first.
func (f DeviceFacts) Troubles() []*Trouble {
	var all []*Trouble
	say := func(key string, args map[string]any) { all = append(all, &Trouble{Key: key, Args: args}) }
	v4, v6, tunnel := false, false, false
	for _, a := range f.Adapters {
		v4 = v4 || !a.Virtual && a.IPv4
		v6 = v6 || !a.Virtual && a.IPv6
		tunnel = tunnel || a.Virtual && (a.IPv4 || a.IPv6)
	}
	for _, split := range f.Splits {
		all = append(all, split.Trouble())
	}
	for _, twin := range f.Twins {
		say("devices.twin", map[string]any{"Name": twin})
	}
	switch {
	case v4:
	case v6:
		say("devices.only_ipv6", nil)
	case tunnel:
		say("devices.only_vpn", nil)
	default:
		say("devices.no_adapter", nil)
	}
	if f.Deaf && (v4 || v6) {
		say("devices.deaf", nil)
	}
	return all
}

// Remarks says what is otherwise than usual and asks for nothing.
func (f DeviceFacts) Remarks() []*Trouble {
	var all []*Trouble
	if f.Port != f.WishedPort {
		all = append(all, &Trouble{Key: "devices.port", Args: map[string]any{"Wished": strconv.Itoa(f.WishedPort), "Port": strconv.Itoa(f.Port)}})
	}
	switch {
	case f.NameUsed == f.NameWished:
	case f.NameUsed == "":
		all = append(all, &Trouble{Key: "devices.name_lost", Args: map[string]any{"Wished": f.NameWished}})
	default:
		all = append(all, &Trouble{Key: "devices.name_taken", Args: map[string]any{"Wished": f.NameWished, "Name": f.NameUsed}})
	}
	return all
}
