package shell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/shell"
	"folkmoot/assets/words"
)

// devicesOfRoom are devices in all their states, with what may be wrong with each.
func devicesOfRoom(now uint64) readmodel.Devices {
	tablet := func(id string, index int, name string, state readmodel.DeviceState, battery int) readmodel.Device {
		return readmodel.Device{ID: id, Index: index, Name: name, Role: readmodel.RoleTablet, State: state, Battery: battery, Seen: now - 2000}
	}
	list := []readmodel.Device{
		tablet("t3", 3, "window table", readmodel.DevicePaired, 92), tablet("t5", 5, "廚房", readmodel.DeviceAway, 34), tablet("t8", 0, "Galaxy Tab", readmodel.DeviceAsking, 77),
		tablet("t1", 1, strings.Repeat("很長的名字", 8), readmodel.DevicePaired, 12), tablet("t2", 2, "", readmodel.DevicePaired, readmodel.NoBattery), tablet("t4", 4, "門口", readmodel.DevicePaired, 55),
		tablet("t9", 0, "", readmodel.DeviceFound, 61), tablet("t6", 6, "old", readmodel.DeviceUnpaired, 20), tablet("t7", 0, "stranger", readmodel.DeviceRefused, 90),
		{ID: "b", Name: "Laptop B", Role: readmodel.RoleBackup, State: readmodel.DevicePaired, Battery: 81, Charging: true, Seen: now - 1000},
		{ID: "h", Name: "Room C", Role: readmodel.RoleHub, State: readmodel.DevicePaired, Battery: readmodel.NoBattery, Seen: now - 70_000, Ahead: 7 * 60_000},
	}
	list[1].AwaySince, list[1].Kept, list[1].People = now-80_000, 12, 2
	list[2].Digits = "482907"
	list[3].Full, list[3].Kept = true, 3
	list[4].Newer, list[4].Version = true, "0.9.0"
	list[5].Ahead = -26 * 3_600_000
	return readmodel.Devices{List: list, Name: "Front desk", Port: 8443, Zone: time.UTC}
}

// deviceStates are the states of the Devices screen.
var deviceStates = []struct {
	name string
	into func(s *shell.Shell, f *fake, now uint64)
	want []string // keys of what must be read
}{
	{"empty", func(*shell.Shell, *fake, uint64) {}, []string{"devices.none", "devices.none_help", "devices.backup_none"}},
	{"off", func(_ *shell.Shell, f *fake, _ uint64) { f.session.devices.Off = true }, []string{"devices.off"}},
	{"working", func(s *shell.Shell, f *fake, now uint64) {
		f.session.devices = devicesOfRoom(now)
		s.Working("desk.working")
	}, []string{"desk.working"}},
	{"right", func(_ *shell.Shell, f *fake, now uint64) { f.session.devices = devicesOfRoom(now) }, []string{"devices.compare", "devices.full", "devices.found_help"}},
	{"inviting", func(_ *shell.Shell, f *fake, now uint64) {
		f.session.devices = devicesOfRoom(now)
		f.session.devices.Invitation = &readmodel.Invitation{Link: inviteLink, Until: now + 119_000}
		f.session.devices.List = f.session.devices.List[:3]
	}, []string{"devices.scan", "devices.digits_help"}},
	{"away", func(_ *shell.Shell, f *fake, now uint64) {
		f.session.devices = devicesOfRoom(now)
		facts := readmodel.DeviceFacts{WishedPort: 8443, Port: 8444, NameWished: "folkmoot.local", NameUsed: "folkmoot-2.local", Twins: []string{"Room C"}}
		f.session.devices.Troubles, f.session.devices.Remarks = facts.Troubles(), facts.Remarks()
	}, []string{"devices.no_adapter", "devices.compare"}},
	{"leader-away", func(_ *shell.Shell, f *fake, now uint64) {
		f.session.devices = readmodel.Devices{Name: "Laptop B", Port: 8443, Zone: time.UTC, Leader: readmodel.Leader{ID: "h", Name: "Front desk", Follows: true, AwaySince: now - 12_000},
			List: []readmodel.Device{{ID: "h", Name: "Front desk", Role: readmodel.RoleHub, State: readmodel.DeviceAway, AwaySince: now - 12_000, Battery: readmodel.NoBattery}}}
	}, []string{"devices.take_over", "devices.follows_help"}},
	{"leader-lost", func(_ *shell.Shell, f *fake, now uint64) {
		f.session.devices = readmodel.Devices{Name: "Front desk", Port: 8443, Zone: time.UTC, Leader: readmodel.Leader{ID: "b", Name: "Laptop B", Follows: true, Lost: true},
			List: []readmodel.Device{{ID: "b", Name: "Laptop B", Role: readmodel.RoleHub, State: readmodel.DevicePaired, Seen: now, Battery: 64}}}
	}, []string{"devices.take_over"}},
	{"taken-out", func(_ *shell.Shell, f *fake, now uint64) {
		f.session.devices = readmodel.Devices{Name: "Laptop B", Port: 8443, Zone: time.UTC, Leader: readmodel.Leader{ID: "h", Name: "Front desk", Follows: true, OutBy: "Front desk"},
			List: []readmodel.Device{{ID: "h", Name: "Front desk", Role: readmodel.RoleHub, State: readmodel.DeviceRefused, Battery: readmodel.NoBattery}}}
	}, nil},
	{"split", func(_ *shell.Shell, f *fake, now uint64) {
		f.session.devices = devicesOfRoom(now)
		f.session.devices.Troubles = []*readmodel.Trouble{readmodel.SplitFacts{Log: "0123456789", Name: "Window tablet", Session: "0a1b2c3d", Answers: 31}.Trouble()}
	}, nil},
	{"wrong", func(s *shell.Shell, f *fake, now uint64) {
		f.session.devices = devicesOfRoom(now)
		f.session.fails = readmodel.DeviceTrouble(readmodel.ErrNotAsking)
		f.session.push()
		press(s, fyne.KeyD)
		tapOne(s, words.Text(s.Language(), "devices.pair", nil))
	}, []string{"devices.err_not_asking"}},
}

const inviteLink = "folkmoot://pair/192.168.1.20:8443/AbCdEfGhIjKlMnOpQrStUvWxYz012345678901234567/0a1b2c3d4e5f60718293a4b5c6d7e8f9"

func tapOne(s *shell.Shell, text string) {
	for _, b := range buttons(s) {
		if b.Text() == text {
			b.Tapped(nil)
			return
		}
	}
}

// TestDevicesScreens shows the Devices screen and the card on check-in in their states, in
// both languages and themes and all sizes.
func TestDevicesScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, state := range deviceStates {
			for _, dark := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s-%s-dark=%v", state.name, lang, dark), func(t *testing.T) {
					room := fullRoom(t, 48)
					s, f := inSession(t, lang, dark, room)
					state.into(s, f, room.Now)
					f.session.push()
					for _, place := range []struct {
						name string
						key  fyne.KeyName
					}{{"checkin", key(1)}, {"devices", key(6)}} {
						for i, size := range append(slices.Clone(sizes), fyne.NewSize(1920, 1080)) {
							if dark && i != 1 {
								continue // a colour has no size
							}
							s.Window().Resize(size)
							press(s, place.key)
							for _, line := range blemishes(s.Window()) {
								t.Errorf("%s at %.0f: %s", place.name, size.Width, line)
							}
							picture(t, s, fmt.Sprintf("devices-%s-%s-%s-%.0fx%.0f", place.name, state.name, lang, size.Width, size.Height), dark)
						}
					}
					for _, key := range state.want {
						if !strings.Contains(drawn(s), say(lang, key)) {
							t.Errorf("nothing says %q", say(lang, key))
						}
					}
				})
			}
		}
	}
}

// What is pressed comes to the session, with the device that is meant.
func TestDevicesAreAsked(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	f.session.devices = devicesOfRoom(room.Now)
	f.session.push()
	press(s, fyne.KeyD)
	tap(t, s, "Pair")
	tap(t, s, "Not this one")
	tap(t, s, "Show a QR code")
	if !strings.Contains(drawn(s), "Holds for 2:00") {
		t.Error("no countdown stands below the QR code")
	}
	room.Now += 61_000
	f.session.push()
	if !strings.Contains(drawn(s), "Holds for 0:59") {
		t.Error("the countdown does not count")
	}
	room.Now += 59_000
	f.session.push()
	if strings.Contains(drawn(s), "Holds for") || !strings.Contains(drawn(s), "Show a QR code") {
		t.Error("an invitation that ended still stands there")
	}
	tap(t, s, "Change the name")
	s.Typed("Front desk 2")
	tap(t, s, "Save the name")
	if want := []string{"pair t8", "decline t8", "invite", "name Front desk 2"}; !slices.Equal(f.session.asked, want) {
		t.Errorf("asked %q, want %q", f.session.asked, want)
	}
}

// Unpairing asks first, says what counts, and how much would be left out.
func TestUnpairAsksFirst(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	f.session.devices = devicesOfRoom(room.Now)
	f.session.devices.List = f.session.devices.List[1:2] // out of reach, with twelve answers
	f.session.push()
	press(s, fyne.KeyD)
	tap(t, s, "Unpair")
	if len(f.session.asked) != 0 {
		t.Fatal("unpaired without asking")
	}
	for _, part := range []string{"Tablet 5 · 廚房", "What it has sent so far counts.", "12 answers still lie on it", "cannot be taken back"} {
		if !strings.Contains(drawn(s), part) {
			t.Errorf("the question does not say %q", part)
		}
	}
	tap(t, s, "Cancel")
	if len(f.session.asked) != 0 {
		t.Fatal("cancelled, and unpaired all the same")
	}
	tap(t, s, "Unpair")
	tap(t, s, "Unpair")
	if want := []string{"unpair t5"}; !slices.Equal(f.session.asked, want) {
		t.Errorf("asked %q, want %q", f.session.asked, want)
	}
}

// Where the laptop that leads is gone, taking over is the one filled button, wherever one
// looks, and takes one press; else it asks.
func TestTakeOver(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	follow := func(l readmodel.Leader) {
		l.Follows, l.Name = true, "Front desk"
		f.session.devices = readmodel.Devices{Name: "Laptop B", Leader: l, Zone: time.UTC}
		f.session.push()
	}
	const text = "Take over here"
	follow(readmodel.Leader{AwaySince: room.Now - 9000})
	press(s, key(1))
	if strings.Contains(drawn(s), text) {
		t.Error("taking over is offered for a breath of silence")
	}
	follow(readmodel.Leader{AwaySince: room.Now - 10_000})
	for n := 1; n <= 6; n++ {
		press(s, key(n))
		filled := 0
		for _, b := range buttons(s) {
			if b.Kind() == look.Filled {
				filled++
				if b.Text() != text {
					t.Errorf("place %d: %q is filled", n, b.Text())
				}
			}
		}
		if filled != 1 {
			t.Errorf("place %d: %d filled buttons", n, filled)
		}
	}
	tapOne(s, text)
	follow(readmodel.Leader{Lost: true})
	if !strings.Contains(drawn(s), "Front desk leads now; this laptop follows it.") {
		t.Error("the laptop that was taken over from does not say so")
	}
	tapOne(s, text)
	if len(f.session.asked) != 1 {
		t.Error("taken over from a laptop that is there, without asking")
	}
	if !strings.Contains(drawn(s), "Front desk is in reach and leads now.") {
		t.Error("it is not said that it is in reach")
	}
	tap(t, s, text)
	if want := []string{"take over", "take over"}; !slices.Equal(f.session.asked, want) {
		t.Errorf("asked %q, want %q", f.session.asked, want)
	}
}

// A device that comes above another just before a press does not get what was meant for
// the other.
func TestPairingWaitsForRowsToStand(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	f.session.devices = devicesOfRoom(room.Now)
	f.session.push()
	press(s, fyne.KeyD)
	usual := look.Clock
	now := usual()
	look.Clock = func() time.Time { return now }
	defer func() { look.Clock = usual }()
	other := readmodel.Device{ID: "a", Name: "A stranger", Role: readmodel.RoleTablet, State: readmodel.DeviceAsking, Digits: "111222", Battery: readmodel.NoBattery}
	f.session.devices.List = append(slices.Clone(f.session.devices.List), other)
	f.session.push()
	tapOne(s, "Pair")
	if len(f.session.asked) != 0 {
		t.Fatalf("asked %q", f.session.asked)
	}
	now = now.Add(time.Second)
	tapOne(s, "Pair")
	if want := []string{"pair a"}; !slices.Equal(f.session.asked, want) {
		t.Errorf("asked %q, want %q", f.session.asked, want)
	}
}

// The rail says that a device asks, else how many belong to the session.
func TestRailCountsDevices(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	f.session.devices = devicesOfRoom(room.Now)
	f.session.push()
	if got := s.RailDevices(); got != "1 asks" {
		t.Errorf("beside Devices stands %q", got)
	}
	f.session.devices.List = slices.DeleteFunc(slices.Clone(f.session.devices.List), func(one readmodel.Device) bool { return one.State == readmodel.DeviceAsking })
	f.session.push()
	if got := s.RailDevices(); got != "7" {
		t.Errorf("beside Devices stands %q", got)
	}
}

// Who was taken out reads so wherever one looks, and is offered nothing to take over.
func TestTakenOut(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	f.session.devices = readmodel.Devices{Name: "Laptop B", Leader: readmodel.Leader{Name: "Front desk", Follows: true, AwaySince: 1, OutBy: "Front desk"}, Zone: time.UTC}
	f.session.push()
	for n := 1; n <= 6; n++ {
		press(s, key(n))
		if text := drawn(s); !strings.Contains(text, "what phones send here counts here only") || strings.Contains(text, "Take over here") {
			t.Errorf("place %d: %s", n, text)
		}
	}
}

// A desk that follows asks before it does what the laptop that leads should do: steps
// each time, the rest until it was agreed to.
func TestFollowingAsksBeforeItActs(t *testing.T) {
	room := newRoom(t, "T")
	s, f := inSession(t, "en", false, room)
	f.session.devices = readmodel.Devices{Name: "Laptop B", Leader: readmodel.Leader{ID: "h", Name: "Front desk", Follows: true}, Zone: time.UTC}
	f.session.push()
	const title, yes = "Front desk leads this session", "Do it here all the same"
	start := func(n int) {
		t.Helper()
		press(s, key(n))
		for _, b := range buttons(s) {
			if strings.HasPrefix(b.Text(), "Start ") {
				b.Tapped(nil)
				return
			}
		}
		t.Fatal("there is nothing to start")
	}
	acts := func() int { return len(f.session.acts) }
	start(2)
	if !strings.Contains(drawn(s), title) || acts() != 0 {
		t.Fatalf("a step was started beside the laptop that leads: %+v", f.session.acts)
	}
	tap(t, s, "Cancel")
	if acts() != 0 {
		t.Errorf("cancelled, and done: %+v", f.session.acts)
	}
	start(2)
	tap(t, s, yes)
	if acts() != 1 {
		t.Errorf("done %+v, want the step", f.session.acts)
	}
	press(s, fyne.KeyB) // the wall, black
	if acts() != 2 || strings.Contains(drawn(s), title) {
		t.Errorf("asked again for what was agreed to: %+v", f.session.acts)
	}
	start(3)
	if acts() != 2 || !strings.Contains(drawn(s), title) {
		t.Errorf("a step without asking: %+v", f.session.acts)
	}
	tap(t, s, "Cancel")
	f.session.devices.Leader = readmodel.Leader{ID: "x", Name: "This one"}
	f.session.push()
	start(3)
	if acts() != 3 {
		t.Errorf("a desk that leads asks: %+v", f.session.acts)
	}
}

// What is typed into the question of a new name takes the old one's place.
func TestRenameReplaces(t *testing.T) {
	room := fullRoom(t, 8)
	s, f := inSession(t, "en", false, room)
	f.session.devices = devicesOfRoom(room.Now)
	f.session.push()
	press(s, fyne.KeyD)
	tap(t, s, "Change the name")
	for _, r := range "Hall" {
		s.Window().Canvas().Focused().TypedRune(r)
	}
	tap(t, s, "Save the name")
	if want := []string{"name Hall"}; !slices.Equal(f.session.asked, want) {
		t.Errorf("asked %q, want %q", f.session.asked, want)
	}
}

// Unpairing a laptop says what becomes of its phones, and on a desk that follows who leads.
func TestUnpairingALaptopSaysWhatItMeans(t *testing.T) {
	room := newRoom(t, "T")
	s, f := inSession(t, "en", false, room)
	const phones, leads = "what phones send there later", "Front desk leads this session"
	for _, c := range []struct {
		role    readmodel.DeviceRole
		follows bool
	}{{readmodel.RoleTablet, false}, {readmodel.RoleBackup, false}, {readmodel.RoleHub, true}} {
		f.session.devices = readmodel.Devices{Leader: readmodel.Leader{ID: "h", Name: "Front desk", Follows: c.follows}, Zone: time.UTC,
			List: []readmodel.Device{{ID: "x", Name: "Hall", Index: 3, Role: c.role, State: readmodel.DevicePaired, Seen: room.Now, Battery: readmodel.NoBattery}}}
		f.session.push()
		press(s, fyne.KeyD)
		tapOne(s, "Unpair")
		text := look.Typeset(drawn(s))
		if strings.Contains(text, phones) != (c.role != readmodel.RoleTablet) || strings.Contains(text, leads) != c.follows {
			t.Errorf("%+v: %s", c, text)
		}
		press(s, fyne.KeyEscape)
	}
}
