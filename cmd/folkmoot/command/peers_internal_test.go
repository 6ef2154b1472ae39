package command

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

func TestAddressOf(t *testing.T) {
	for typed, want := range map[string]string{
		"192.168.1.5":              "192.168.1.5:8443",
		" 192.168.1.5:8444 ":       "192.168.1.5:8444",
		"https://192.168.1.5:8443": "192.168.1.5:8443",
		"http://192.168.1.5/x":     "192.168.1.5:8443",
		"fe80::1":                  "[fe80::1]:8443",
		"[2001:db8::1]:9":          "[2001:db8::1]:9",
		"laptop.local":             "laptop.local:8443",
	} {
		got, err := targetOf(typed)
		if err != nil || len(got.addresses) != 1 || got.addresses[0] != want {
			t.Errorf("%q: %v %v, want %s", typed, got.addresses, err, want)
		}
	}
	for _, typed := range []string{"", "   ", "not an address", "#", "folkmoot://pair?v=1"} {
		if got, err := targetOf(typed); err == nil {
			t.Errorf("%q is taken for %v", typed, got)
		}
	}
}

func TestFoundDevices(t *testing.T) {
	id := "0123456789abcdef0123456789abcdef"
	text := func(more ...string) map[string]string {
		m := map[string]string{"id": id, "role": "hub", "n": "筆電", "s": "01020304", "t": "廣場", "w": "8080"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	services := []mdns.Found{
		{Instance: "x", Text: text(), Port: 8443, Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.1")}},
		{Instance: "x", Text: text(), Port: 8443, Addresses: []netip.Addr{netip.MustParseAddr("fe80::1%eth1")}}, // by another adapter
		{Instance: "doctor", Text: text("role", "doctor"), Port: 1, Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.2")}},
		{Instance: "foreign", Text: map[string]string{}, Port: 2, Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.3")}},
		{Instance: "forged id", Text: text("id", "../../etc"), Port: 3, Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.4")}},
	}
	got := foundDevices(services)
	if len(got) != 1 {
		t.Fatalf("found %+v", got)
	}
	f := got[0]
	if string(f.ID) != id || f.Name != "筆電" || f.Title != "廣場" || f.Session != "01020304" || f.Web != 8080 || !slices.Equal(f.Addresses, []string{"10.0.0.1:8443", "[fe80::1%eth1]:8443"}) {
		t.Errorf("found %+v", f)
	}
}

func TestSessionsFound(t *testing.T) {
	at := []string{"10.0.0.1:8443"}
	devices := []link.Found{
		{ID: "b", Name: "Backup", Role: link.Backup, Session: "1", Title: "One", Addresses: at},
		{ID: "a", Name: "Hub", Role: link.Hub, Session: "1", Title: "One", Addresses: at},
		{ID: "t", Name: "Tablet", Role: link.Tablet, Session: "1", Addresses: at},
		{ID: "c", Name: "Alone", Role: link.Backup, Session: "2", Title: "A two", Addresses: at},
		{ID: "d", Name: "Nowhere", Role: link.Hub, Session: "3", Title: "Three"},
	}
	var got []string
	for _, f := range sessionsFound(devices) {
		got = append(got, f.Host)
	}
	if want := []string{"Alone", "Hub"}; !slices.Equal(got, want) {
		t.Errorf("to choose from: %v, want %v", got, want)
	}
}

func TestShownDevice(t *testing.T) {
	noon := time.UnixMilli(1_790_000_000_000)
	away := shownDevice(link.Device{ID: "x", State: link.StateAway, Seen: noon, Away: noon, Kept: 12, Battery: 34, Ahead: -3 * time.Second})
	if away.State != readmodel.DeviceAway || away.AwaySince != 1_790_000_000_000 || away.Kept != 12 || away.Battery != 34 || away.Ahead != -3000 {
		t.Errorf("away: %+v", away)
	}
	newer := shownDevice(link.Device{ID: "x", State: link.StateRefused, Newer: true, Refused: &peer.Refusal{Code: peer.TooNew}})
	if newer.State != readmodel.DevicePaired || !newer.Newer {
		t.Errorf("of another version: %+v", newer)
	}
	if d := shownDevice(link.Device{State: link.StateHere, Follows: true, Behind: true}); d.Behind != 1 {
		t.Errorf("behind by nothing that is known: %+v", d)
	}
	if d := shownDevice(link.Device{State: link.StateAsking}); !d.ByLink {
		t.Errorf("asking without digits: %+v", d)
	}
}

// TestPeopleOf counts who got a number on a device.
func TestPeopleOf(t *testing.T) {
	a := testApp(t)
	held, err := a.create(oplog.SessionID{9})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	for n, number := range []string{"7", "12"} {
		person := moot.ParticipantID{byte(n + 1)}
		if err := refusals(held.Do(t.Context(), item(&moot.SetPerson{Person: person, Field: moot.PersonNumber, Value: number, Rev: 1}))); err != nil {
			t.Fatal(err)
		}
	}
	if n := peopleOf(held.View(), []oplog.ReplicaID{held.Own()}); n != 2 {
		t.Errorf("%d people on this device, want 2", n)
	}
	if n := peopleOf(held.View(), []oplog.ReplicaID{{1}}); n != 0 {
		t.Errorf("%d people on another, want none", n)
	}
}

// TestDevice: the key is made once, and stays; the name can be changed.
func TestDevice(t *testing.T) {
	a := testApp(t)
	first, err := a.device()
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.device()
	if err != nil || !first.Key.Equal(again.Key) {
		t.Fatalf("another key: %v", err)
	}
	if err := a.nameDevice("Kitchen"); err != nil {
		t.Fatal(err)
	}
	if named, err := a.device(); err != nil || named.Name != "Kitchen" || !named.Key.Equal(first.Key) {
		t.Errorf("named: %q, %v", named.Name, err)
	}
}

func testApp(t *testing.T) *app {
	return &app{Streams: Streams{Out: t.Output(), Err: t.Output(), Env: func(string) string { return "" }}, data: t.TempDir()}
}
