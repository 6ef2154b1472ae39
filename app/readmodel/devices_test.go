package readmodel_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// deviceNow is 14:32:00 on a day, in UTC.
var deviceNow = uint64(time.Date(2026, 6, 14, 14, 32, 0, 0, time.UTC).UnixMilli())

// inEnglish puts sentences together as a screen does.
func inEnglish(list []readmodel.Sentence) string {
	var parts []string
	for _, s := range list {
		args := map[string]any{}
		for k, v := range s.Args {
			args[k] = v
		}
		parts = append(parts, words.Text("en", s.ID, args))
	}
	return strings.Join(parts, " · ")
}

func TestDeviceLines(t *testing.T) {
	now := deviceNow
	for _, c := range []struct {
		name   string
		device readmodel.Device
		line   string
		dot    readmodel.DeviceDot
	}{
		{"as drawn, in reach", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Seen: now - 2000}, "paired · nothing waiting · seen 2 s ago", readmodel.DotFine},
		{"as drawn, away", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceAway, AwaySince: now - 60_000, Kept: 12}, "paired · out of reach since 14:31 · 12 answers kept there", readmodel.DotWait},
		{"as drawn, asking", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceAsking, Digits: "482907", Seen: now}, "new · both screens show 482 907", readmodel.DotNone},
		{"asking by the link", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceAsking, ByLink: true}, "new · scanned the QR code here", readmodel.DotNone},
		{"one answer", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Kept: 1, Seen: now - 61_000}, "paired · 1 answer on its way · seen 1 min ago", readmodel.DotFine},
		{"away since yesterday", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceAway, AwaySince: now - 24*3_600_000}, "paired · out of reach since 2026-06-13 14:32", readmodel.DotWait},
		{"never in reach", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceAway}, "paired · not in reach yet", readmodel.DotWait},
		{"found", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceFound, Seen: now - 3*3_600_000}, "new · not paired · seen at 11:32", readmodel.DotNone},
		{"backup in step", readmodel.Device{Role: readmodel.RoleBackup, State: readmodel.DevicePaired, Seen: now}, "paired · in step · seen 0 s ago", readmodel.DotFine},
		{"backup behind", readmodel.Device{Role: readmodel.RoleBackup, State: readmodel.DevicePaired, Behind: 31, Seen: now + 5000}, "paired · 31 entries behind · seen 0 s ago", readmodel.DotWait},
		{"full", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Full: true}, "paired · nothing waiting", readmodel.DotWait},
		{"newer", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Newer: true}, "paired · nothing waiting", readmodel.DotWait},
		{"clock nearly right", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Ahead: 59_999}, "paired · nothing waiting", readmodel.DotFine},
		{"clock ahead", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Ahead: 7*60_000 + 20_000}, "paired · nothing waiting · clock 7 min ahead", readmodel.DotFine},
		{"clock behind", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Ahead: -60_000}, "paired · nothing waiting · clock 1 min behind", readmodel.DotFine},
		{"clock hours behind", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Ahead: -2 * 3_600_000}, "paired · nothing waiting · clock 2 hours behind", readmodel.DotFine},
		{"unpaired", readmodel.Device{Ahead: 600_000, Role: readmodel.RoleTablet, State: readmodel.DeviceUnpaired, Kept: 3}, "unpaired: what it had sent before counts, what comes later does not", readmodel.DotNone},
		{"refused", readmodel.Device{Role: readmodel.RoleTablet, State: readmodel.DeviceRefused}, "turned away", readmodel.DotNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := readmodel.Devices{List: []readmodel.Device{c.device}, Zone: time.UTC}
			if got := inEnglish(d.Line(c.device, now)); got != c.line {
				t.Errorf("got  %s\nwant %s", got, c.line)
			}
			if got := d.Dot(c.device); got != c.dot {
				t.Errorf("dot %s, want %s", got, c.dot)
			}
		})
	}
}

// Who asks stands first; the order does not depend on the order of arrival.
func TestDevicesAreOrdered(t *testing.T) {
	d := readmodel.Devices{List: []readmodel.Device{
		{ID: "r", State: readmodel.DeviceRefused, Role: readmodel.RoleTablet}, {ID: "u", State: readmodel.DeviceUnpaired, Role: readmodel.RoleTablet},
		{ID: "a5", State: readmodel.DeviceAway, Role: readmodel.RoleTablet, Index: 5}, {ID: "f", State: readmodel.DeviceFound, Role: readmodel.RoleTablet},
		{ID: "p3", State: readmodel.DevicePaired, Role: readmodel.RoleTablet, Index: 3}, {ID: "p1", State: readmodel.DevicePaired, Role: readmodel.RoleTablet, Index: 1},
		{ID: "b", State: readmodel.DevicePaired, Role: readmodel.RoleBackup, Index: 9}, {ID: "h", State: readmodel.DevicePaired, Role: readmodel.RoleHub}, {ID: "q", State: readmodel.DeviceAsking, Role: readmodel.RoleTablet},
	}}
	want := "q h b p1 p3 f a5 u r"
	for range len(d.List) {
		var ids []string
		for _, one := range d.Ordered() {
			ids = append(ids, one.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		d.List = append(slices.Clone(d.List[1:]), d.List[0])
	}
	if got := []int{d.Paired(), d.Asking(), len(d.Backups())}; !slices.Equal(got, []int{5, 1, 1}) {
		t.Errorf("paired, asking, backups: %v", got)
	}
}

func TestDeviceBattery(t *testing.T) {
	for _, c := range []struct {
		device readmodel.Device
		want   string
	}{
		{readmodel.Device{Battery: readmodel.NoBattery}, ""},
		{readmodel.Device{Battery: 92}, "battery 92 %"},
		{readmodel.Device{Battery: 40}, "battery 40 %"},
		{readmodel.Device{Battery: 39}, "battery 39 %, plug it in"},
		{readmodel.Device{Battery: 0}, "battery 0 %, plug it in"},
		{readmodel.Device{Battery: 12, Charging: true}, "battery 12 %, charging"},
	} {
		got := ""
		if s, ok := c.device.BatterySays(); ok {
			got = inEnglish([]readmodel.Sentence{s})
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.device, got, c.want)
		}
	}
}

func TestDeviceNotes(t *testing.T) {
	const minute, hour = 60_000, 3_600_000
	for _, c := range []struct {
		name   string
		device readmodel.Device
		want   []string // how the notes begin
	}{
		{"nothing", readmodel.Device{Ahead: 59_999}, nil},
		{"seven minutes, which stand in the line", readmodel.Device{Ahead: 7*minute + 20_000}, nil},
		{"a day", readmodel.Device{Ahead: 23 * hour}, []string{"Its clock is 1 day ahead"}},
		{"two days", readmodel.Device{Ahead: 36 * hour}, []string{"Its clock is 2 days ahead"}},
		{"as far as can be", readmodel.Device{Ahead: math.MinInt64}, []string{"Its clock is 533"}},
		{"as far ahead", readmodel.Device{Ahead: math.MaxInt64}, []string{"Its clock is 106"}},
		{"full and newer", readmodel.Device{Full: true, Newer: true, Version: "0.9", Role: readmodel.RoleTablet}, []string{"Its storage is full", "It runs version 0.9, which is newer"}},
		{"a full laptop, older", readmodel.Device{Full: true, Older: true, Version: "0.1", Role: readmodel.RoleBackup}, []string{"Its disk is full", "It runs version 0.1, which is too old"}},
		{"gone with two people", readmodel.Device{State: readmodel.DeviceAway, People: 2}, []string{"2 people answered on it"}},
		{"not wanted", readmodel.Device{State: readmodel.DeviceUnpaired, Full: true, Newer: true, Ahead: 9 * hour}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range (readmodel.Devices{}).Notes(c.device) {
				got = append(got, inEnglish([]readmodel.Sentence{s}))
			}
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("got %q, want what begins with %q", got, c.want)
			}
		})
	}
}

// A backup laptop offers to take over after ten seconds of silence, and not before; the
// one that was taken over from says so.
func TestTakeOverIsOffered(t *testing.T) {
	since := uint64(time.Date(2026, 6, 14, 14, 31, 7, 0, time.UTC).UnixMilli())
	for _, c := range []struct {
		name   string
		leader readmodel.Leader
		now    uint64
		want   string
		gone   bool
	}{
		{"it leads itself", readmodel.Leader{AwaySince: since}, since + 60_000, "", false},
		{"heard", readmodel.Leader{Follows: true, Name: "Front desk"}, since, "", false},
		{"a breath", readmodel.Leader{Follows: true, Name: "Front desk", AwaySince: since}, since + 9_999, "", false},
		{"gone", readmodel.Leader{Follows: true, Name: "Front desk", AwaySince: since}, since + 10_000, "Front desk has not been heard since 14:31:07.", true},
		{"lost", readmodel.Leader{Follows: true, Name: "Laptop B", Lost: true}, since, "Laptop B leads now; this laptop follows it.", false},
		{"lost, and the other gone", readmodel.Leader{Follows: true, Name: "Laptop B", Lost: true, AwaySince: since}, since + 12_000, "Laptop B has not been heard since 14:31:07.", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := readmodel.Devices{Leader: c.leader, Zone: time.UTC}
			s, ok := d.LeaderSays(c.now)
			if got := inEnglish([]readmodel.Sentence{s}); ok != (c.want != "") || ok && !strings.HasPrefix(got, c.want) {
				t.Errorf("%v %q, want %q", ok, got, c.want)
			}
			if got := d.LeaderGone(c.now); got != c.gone {
				t.Errorf("gone: %v", got)
			}
		})
	}
}

func TestDeviceTroubles(t *testing.T) {
	wifi := readmodel.AdapterFacts{Name: "wlan0", IPv4: true, IPv6: true}
	fine := readmodel.DeviceFacts{Adapters: []readmodel.AdapterFacts{wifi}, WishedPort: 8443, Port: 8443, NameWished: "folkmoot.local", NameUsed: "folkmoot.local"}
	for _, c := range []struct {
		name   string
		change func(*readmodel.DeviceFacts)
		want   []string
	}{
		{"fine", func(*readmodel.DeviceFacts) {}, nil},
		{"no adapter", func(f *readmodel.DeviceFacts) { f.Adapters = nil }, []string{"devices.no_adapter"}},
		{"one without addresses", func(f *readmodel.DeviceFacts) { f.Adapters = []readmodel.AdapterFacts{{Name: "wlan0"}} }, []string{"devices.no_adapter"}},
		{"only IPv6", func(f *readmodel.DeviceFacts) { f.Adapters = []readmodel.AdapterFacts{{Name: "wlan0", IPv6: true}} }, []string{"devices.only_ipv6"}},
		{"only a VPN", func(f *readmodel.DeviceFacts) {
			f.Adapters = []readmodel.AdapterFacts{{Name: "wg0", IPv4: true, Virtual: true}}
		}, []string{"devices.only_vpn"}},
		{"a VPN beside", func(f *readmodel.DeviceFacts) {
			f.Adapters = append(f.Adapters, readmodel.AdapterFacts{Name: "wg0", IPv4: true, Virtual: true})
		}, nil},
		{"another port", func(f *readmodel.DeviceFacts) { f.Port = 8444 }, []string{"devices.port"}},
		{"name taken", func(f *readmodel.DeviceFacts) { f.NameUsed = "folkmoot-2.local" }, []string{"devices.name_taken"}},
		{"no name left", func(f *readmodel.DeviceFacts) { f.NameUsed = "" }, []string{"devices.name_lost"}},
		{"two hubs", func(f *readmodel.DeviceFacts) { f.Twins = []string{"Room C", "Room D"} }, []string{"devices.twin", "devices.twin"}},
		{"a log that split", func(f *readmodel.DeviceFacts) {
			f.Splits, f.Twins = []readmodel.SplitFacts{{Log: "0123456789", Answers: 7}}, []string{"Room C"}
		}, []string{"devices.split", "devices.twin"}},
		{"deaf", func(f *readmodel.DeviceFacts) { f.Deaf = true }, []string{"devices.deaf"}},
		{"deaf without a network", func(f *readmodel.DeviceFacts) { f.Deaf, f.Adapters = true, nil }, []string{"devices.no_adapter"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			facts := fine
			facts.Adapters = slices.Clone(fine.Adapters)
			c.change(&facts)
			var got []string
			for _, trouble := range append(facts.Troubles(), facts.Remarks()...) {
				got = append(got, trouble.Key)
				for _, lang := range words.Languages() {
					if text := words.Text(lang, trouble.Key, trouble.Args); text == trouble.Key || strings.Contains(text, "no value") {
						t.Errorf("%s: %q", lang, text)
					}
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestInvitationCountsDown(t *testing.T) {
	i := &readmodel.Invitation{Until: deviceNow + 119_001}
	for at, want := range map[uint64]int{deviceNow: 120, deviceNow + 118_001: 1, deviceNow + 119_000: 1, deviceNow + 119_001: 0, deviceNow + 1<<40: 0} {
		if got := i.Left(at); got != want {
			t.Errorf("at %d: %d, want %d", at-deviceNow, got, want)
		}
	}
	if (*readmodel.Invitation)(nil).Left(deviceNow) != 0 {
		t.Error("none holds")
	}
}

// A log that two devices wrote is named as its device is, and by its id where it says none.
func TestSplitSays(t *testing.T) {
	for _, c := range []struct {
		split readmodel.SplitFacts
		want  string
	}{
		{readmodel.SplitFacts{Log: "0123456789", Name: "Window", Session: "ab12", Answers: 7}, "copied: Window. 7 answers here do not count until you say which of the two holds. In a terminal: session branch ab12"},
		{readmodel.SplitFacts{Log: "0123456789", Session: "ab12", Answers: 1}, "copied: 01234567. 1 answer here does not count"},
	} {
		trouble := c.split.Trouble()
		if got := words.Text("en", trouble.Key, trouble.Args); !strings.Contains(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Who was taken out of a session hears that before anything else, and takes nothing over.
func TestTakenOutSays(t *testing.T) {
	d := readmodel.Devices{Leader: readmodel.Leader{Name: "Front desk", Follows: true, Lost: true, AwaySince: 1, OutBy: "Front desk"}}
	if s, ok := d.LeaderSays(deviceNow); !ok || s.ID != "devices.leader_out" || s.Args["Name"] != "Front desk" || d.LeaderGone(deviceNow) {
		t.Errorf("says %+v, gone %v", s, d.LeaderGone(deviceNow))
	}
	d.Leader.Follows = false // it leads in its own record
	if _, ok := d.LeaderSays(deviceNow); !ok {
		t.Error("one that led and was taken out hears nothing")
	}
}
