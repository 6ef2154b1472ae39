package command

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// Devices gives what is known of the session's other devices at a time, in milliseconds
// since 1970.
func (p *peers) Devices(uint64) readmodel.Devices {
	d := readmodel.Devices{Name: p.node.Identity().Name, Port: p.port, Off: p.o.listen == "off"}
	view := p.session.View()
	splits := openSplits(view, p.session.Record())
	if d.Off {
		for _, split := range splits {
			d.Troubles = append(d.Troubles, split.Trouble())
		}
		return d
	}
	d.Addresses = p.addresses()
	facts := p.facts()
	facts.Splits = splits
	prefix := view.Session.ID.String()[:8]
	for _, one := range p.node.Devices() {
		shown := shownDevice(one)
		if one.State == link.StateAway && one.Role == link.Tablet {
			shown.People = peopleOf(view, one.Logs)
		}
		d.List = append(d.List, shown)
		if one.State == link.StateFound && one.Role != link.Tablet && one.Session == prefix {
			facts.Twins = append(facts.Twins, one.Name)
		}
	}
	d.Troubles, d.Remarks = facts.Troubles(), facts.Remarks()
	if l, v, ok := p.node.Invited(); ok {
		d.Invitation = &readmodel.Invitation{Link: l.Text(p.page()), Until: milliseconds(v.Until)}
	}
	id, name, away := p.node.Lead()
	d.Leader = readmodel.Leader{ID: string(id), Name: name, Follows: p.node.Follows(), AwaySince: milliseconds(away)}
	d.Leader.Lost = d.Leader.Follows && p.node.Index() == 0
	d.Leader.OutBy = p.outBy(view, name)
	return d
}

// outBy gives the laptop that took this one out of the session, "" for none: it says so,
// or the record does.
func (p *peers) outBy(view *moot.View, lead string) string {
	for _, one := range p.node.Devices() {
		if r := one.Refusal(); one.State == link.StateRefused && one.Role != link.Tablet && r != nil && r.Code == peer.Unpaired {
			return cmp.Or(one.Name, string(one.ID[:8]))
		}
	}
	own := p.session.Own()
	if slices.ContainsFunc(view.Unpaired(), func(u moot.Unpaired) bool { return u.Replica == own }) {
		return cmp.Or(lead, string(p.node.ID()[:8]))
	}
	return ""
}

// peopleOf gives how many people got their number in one of some logs: those who answered
// on the device that writes them.
func peopleOf(view *moot.View, logs []oplog.ReplicaID) int {
	n := 0
	for p := range view.Everybody() {
		if slices.Contains(logs, p.Log(moot.PersonNumber)) {
			n++
		}
	}
	return n
}

// Fetching says how far the session is that this device was let in to, nil once it is here
// whole, or where it was here before.
func (p *peers) Fetching() *readmodel.Fetching {
	if !p.fetches.Load() {
		return nil
	}
	usable := p.session.View().Session.Get(moot.JoinCode) != ""
	here, all, whole := p.node.Fetched()
	if whole && usable {
		p.fetches.Store(false)
		return nil
	}
	_, name, away := p.node.Lead()
	return &readmodel.Fetching{Name: name, Here: here, All: all, Away: !away.IsZero() && time.Since(away) > fetchPatience, Usable: usable}
}

// fetchPatience is for how long a laptop may be silent that a session is fetched from until
// that is said.
const fetchPatience = 5 * time.Second

// page gives where phones are answered first, "" for nowhere.
func (p *peers) page() string {
	if p.o.web == nil {
		return ""
	}
	if web := p.o.web(); len(web) > 0 {
		return web[0]
	}
	return ""
}

func milliseconds(t time.Time) uint64 {
	if t.IsZero() || t.UnixMilli() < 0 {
		return 0
	}
	return uint64(t.UnixMilli())
}

var shownStates = map[link.State]readmodel.DeviceState{
	link.StateFound: readmodel.DeviceFound, link.StateAsking: readmodel.DeviceAsking, link.StateHere: readmodel.DevicePaired,
	link.StateAway: readmodel.DeviceAway, link.StateUnpaired: readmodel.DeviceUnpaired, link.StateRefused: readmodel.DeviceRefused,
}

func shownDevice(one link.Device) readmodel.Device {
	d := readmodel.Device{ID: string(one.ID), Name: one.Name, Index: one.Index, Role: readmodel.DeviceRole(one.Role), State: shownStates[one.State],
		Digits: one.Digits, ByLink: one.State == link.StateAsking && one.Digits == "", Seen: milliseconds(one.Seen),
		Kept: one.Kept, KeptWhen: milliseconds(one.Seen), Battery: one.Battery, Ahead: one.Ahead.Milliseconds(),
		Version: one.Version, Newer: one.Newer, Older: one.Older, Full: one.Full, Addresses: one.Addresses}
	if r := one.Refusal(); one.State == link.StateRefused && r != nil && r.Code == peer.TooNew { // it is one of the session's, but cannot be talked to
		d.State = readmodel.DevicePaired
	}
	if one.State == link.StateAway {
		d.AwaySince = milliseconds(one.Away)
	}
	if one.Behind {
		d.Behind = int(max(one.Lacks, 1))
	}
	return d
}

// facts gives what devices finding each other rests on.
func (p *peers) facts() readmodel.DeviceFacts {
	f := readmodel.DeviceFacts{WishedPort: p.port, Port: p.port}
	if p.o.listen == "" {
		f.WishedPort = peersPort
	}
	var adapters []mdns.Adapter
	if p.announcer != nil {
		state := p.announcer.State()
		adapters = state.Adapters
		if p.o.host != "" && state.Claimed {
			f.NameWished, f.NameUsed = p.o.host+".local", state.Host
		}
	} else {
		adapters, _ = mdns.Adapters() // none to be had is none
	}
	f.Adapters = deviceAdapters(adapters)
	f.Deaf = p.announcer != nil && !p.heard.Load() && time.Since(p.since) > deafAfter
	return f
}

// deafAfter is how long a device may not hear its own announcement until something on the
// network or this computer keeps it back.
const deafAfter = 8 * time.Second

// Pair lets a device in that asks.
func (p *peers) Pair(ctx context.Context, id string) error {
	return p.device(p.node.Pair(ctx, link.DeviceID(id)), readmodel.ErrNotAsking)
}

// Decline turns a device away that asks.
func (p *peers) Decline(_ context.Context, id string) error {
	return p.device(p.node.Decline(link.DeviceID(id)), readmodel.ErrNotAsking)
}

// Unpair sends a device away.
func (p *peers) Unpair(ctx context.Context, id string) error {
	return p.device(p.node.Unpair(ctx, link.DeviceID(id)), readmodel.ErrUnknownDevice)
}

// device names what stands against an act on a device as screens do.
func (p *peers) device(err, unknown error) error {
	if errors.Is(err, link.ErrUnknownDevice) {
		return errors.Join(unknown, err)
	}
	return err
}

// Invite makes a link that lets one device ask without digits.
func (p *peers) Invite(context.Context) error {
	if p.port == 0 {
		return readmodel.ErrDevicesOff
	}
	p.node.Invite()
	return nil
}

// TakeOver makes this computer the one that leads.
func (p *peers) TakeOver(ctx context.Context) error {
	if id, _, _ := p.node.Lead(); id == p.node.ID() {
		return readmodel.ErrLeadsAlready
	}
	return p.node.TakeOver(ctx)
}

// checkDeviceName gives a name as it is kept. Error: readmodel.ErrDeviceName.
func checkDeviceName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n == 0 || n > 40 || !utf8.ValidString(name) {
		return "", readmodel.ErrDeviceName
	}
	return name, nil
}

// NameDevice changes what other devices call this computer.
func (p *peers) NameDevice(_ context.Context, name string) error {
	name, err := checkDeviceName(name)
	if err == nil {
		err = p.keepName(name)
	}
	if err != nil {
		return err
	}
	p.node.Rename(name)
	identity := p.node.Identity()
	if p.announcer != nil {
		return p.announcer.Update(p.service(identity))
	}
	return nil
}

// addressOf reads an address that somebody typed: a host with or without the port.
func addressOf(text string) string {
	text = strings.TrimSpace(text)
	page := false
	for _, scheme := range []string{"http://", "https://"} {
		rest, found := strings.CutPrefix(text, scheme)
		text, page = rest, page || found
	}
	text, _, _ = strings.Cut(text, "/")
	if host, _, err := net.SplitHostPort(text); err == nil && page { // where phones come in: no device does
		text = host
	}
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.String()
	}
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return netip.AddrPortFrom(ip, peersPort).String()
	}
	return text
}

var _ otherDevices = (*peers)(nil)
