package command

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
)

// doctor says how many phones fit where a program may have few connections.
func TestDoctorCountsSockets(t *testing.T) {
	for limit, want := range map[int]string{0: "good", 20000: "good", hubSockets + ownFiles: "good", 1024: "warning", 10: "warning"} {
		if got := checkSockets(limit); got.Verdict != want || got.Found == "" || (want == "good") != (got.Cure == "") {
			t.Errorf("a limit of %d: %+v, want %s", limit, got, want)
		}
	}
	if got := checkSockets(1024).Found; !strings.Contains(got, "about 480 phones") {
		t.Errorf("a limit of 1024: %s", got)
	}
}

// says checks a verdict, what stands in the finding or the cure, and that what is not good
// has a cure.
func says(t *testing.T, got check, verdict, part string) {
	t.Helper()
	if got.Verdict != verdict || !strings.Contains(got.Found+" → "+got.Cure, part) || got.Found == "" || verdict != "good" && got.Cure == "" {
		t.Errorf("%+v, want %s with %q", got, verdict, part)
	}
}

func TestDoctorOnMDNS(t *testing.T) {
	at := func(name string, reason mdns.Reason, addresses ...string) mdns.Adapter {
		a := mdns.Adapter{Name: name, Reason: reason}
		for _, one := range addresses {
			a.Addresses = append(a.Addresses, netip.MustParsePrefix(one))
		}
		return a
	}
	wifi, cable := at("wlan0", mdns.Usable, "192.168.1.4/24"), at("eth0", mdns.Usable, "10.0.0.4/24")
	vpn, lo := at("wg0", mdns.Tunnel, "10.9.0.2/32"), at("lo", mdns.Loopback, "127.0.0.1/8")
	for _, c := range []struct {
		name          string
		h             hearing
		err           error
		verdict, part string
	}{
		{"heard", hearing{adapters: []mdns.Adapter{lo, wifi, vpn}, heard: map[string]bool{"wlan0": true}, others: []string{"A", "B"}}, nil, "good", "wlan0 is heard there; 2 other devices"},
		{"no network", hearing{adapters: []mdns.Adapter{lo}}, nil, "warning", "no network"},
		{"only a VPN", hearing{adapters: []mdns.Adapter{lo, vpn}}, nil, "warning", "VPN"},
		{"deaf", hearing{adapters: []mdns.Adapter{wifi}}, nil, "warning", "UDP port 5353"},
		{"deaf at one", hearing{adapters: []mdns.Adapter{wifi, cable}, heard: map[string]bool{"wlan0": true}}, nil, "warning", "not on eth0"},
		{"a fault", hearing{}, errors.New("no sockets"), "bad", "no sockets"},
	} {
		t.Run(c.name, func(t *testing.T) { says(t, c.h.check(c.err), c.verdict, c.part) })
	}
	facts := readmodel.DeviceFacts{Adapters: deviceAdapters([]mdns.Adapter{lo, vpn, at("wlan0", mdns.Down, "192.168.1.4/24")}), WishedPort: 1, Port: 1}
	if got := facts.Troubles(); len(got) != 1 || got[0].Key != "devices.only_vpn" {
		t.Errorf("a tunnel, and a Wi-Fi that is off: %v", got)
	}
	facts.Adapters = deviceAdapters([]mdns.Adapter{at("eth0", mdns.Usable, "fd00::4/64", "169.254.3.4/16"), at("tun0", mdns.Tunnel, "fe80::1/64")})
	if got := facts.Troubles(); len(got) != 1 || got[0].Key != "devices.only_ipv6" {
		t.Errorf("an address of IPv6, and one of IPv4 that leads nowhere: %v", got)
	}
}

// What doctor announced itself is told from other devices, and from another doctor; the
// search ends with its ctx.
func TestDoctorHearsItself(t *testing.T) {
	found := func(adapter, id, role string) mdns.Found {
		return mdns.Found{Adapter: adapter, Text: map[string]string{"id": id, "role": role}}
	}
	h := heardOf("own", nil, []mdns.Found{found("wlan0", "own", "doctor"), found("wlan0", "a", "hub"), found("eth0", "a", "hub"), found("eth0", "b", "tablet"), found("eth0", "other", "doctor")})
	if len(h.heard) != 1 || !h.heard["wlan0"] || !slices.Equal(h.others, []string{"a", "b"}) {
		t.Errorf("heard %v, others %v", h.heard, h.others)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	nowhere := mdns.Options{Adapters: func() ([]mdns.Adapter, error) { return nil, nil }}
	if h, err := hearItself(ended, nowhere); err != nil || len(h.heard) != 0 {
		t.Errorf("after the end: %v, %v", h.heard, err)
	}
}

func TestDoctorOnFirewalls(t *testing.T) {
	const nftDrops = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tiif lo accept\n\t}\n}\n"
	const nftRejects = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t\ttcp dport 22 accept\n\t\treject\n\t}\n}\n"
	const nftForward = "table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy drop;\n\t\tdrop\n\t}\n\tchain in {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tct state invalid drop\n\t}\n}\n"
	for _, c := range []struct {
		name          string
		facts         firewallFacts
		verdict, part string
	}{
		{"no rules", firewallFacts{system: "linux", read: true}, "good", "no rule"},
		{"policy", firewallFacts{system: "linux", read: true, rules: nftDrops}, "warning", "8080 and 8443"},
		{"a rule", firewallFacts{system: "linux", read: true, rules: nftRejects}, "warning", "drops what comes in"},
		{"forwarding only", firewallFacts{system: "linux", read: true, rules: nftForward}, "good", "no rule"},
		{"iptables accept", firewallFacts{system: "linux", read: true, rules: "-P INPUT ACCEPT\n-P FORWARD DROP\n-A FORWARD -j DROP\n"}, "good", "no rule"},
		{"iptables policy", firewallFacts{system: "linux", read: true, rules: "-P INPUT DROP\n"}, "warning", "drops"},
		{"iptables rule", firewallFacts{system: "linux", read: true, rules: "-P INPUT ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n"}, "warning", "drops"},
		{"not readable", firewallFacts{system: "linux"}, "warning", "doctor --phone"},
		{"none installed", firewallFacts{system: "linux", none: true}, "good", "no firewall was found"},
		{"ufw, none of the others", firewallFacts{system: "linux", ufw: true, none: true}, "warning", "ufw is on"},
		{"ufw", firewallFacts{system: "linux", ufw: true}, "warning", "sudo ufw allow 8080/tcp; sudo ufw allow 8443/tcp"},
		{"ufw lets in", firewallFacts{system: "linux", ufw: true, ufwRules: "-A ufw-user-input -p tcp --dport 8080 -j ACCEPT\n-A ufw-user-input -p tcp --dport 8443 -j ACCEPT\n"}, "good", "lets in"},
		{"ufw lets one in", firewallFacts{system: "linux", ufw: true, ufwRules: "-A ufw-user-input -p tcp --dport 8080 -j ACCEPT\n"}, "warning", "ufw"},
		{"firewalld", firewallFacts{system: "linux", firewalld: true, read: true}, "warning", "--add-port=8080/tcp --add-port=8443/tcp"},
		{"Windows", firewallFacts{system: "windows"}, "warning", "localport=8080,8443"},
		{"macOS off", firewallFacts{system: "darwin", mac: "Firewall is disabled. (State = 0)"}, "good", "off"},
		{"macOS on", firewallFacts{system: "darwin", mac: "Firewall is enabled. (State = 1)"}, "warning", "System Settings"},
	} {
		t.Run(c.name, func(t *testing.T) { says(t, c.facts.check("8080", "8443"), c.verdict, c.part) })
	}
}

func TestDoctorOnClocks(t *testing.T) {
	now := time.Date(2026, 6, 14, 14, 31, 7, 0, time.FixedZone("CST", 8*3600))
	five := readmodel.Device{ID: "5", Index: 5, Role: readmodel.RoleTablet, State: readmodel.DevicePaired, Ahead: 7*60_000 + 5000}
	room := readmodel.Device{ID: "c", Name: "Room C", Role: readmodel.RoleHub, State: readmodel.DeviceAway, Ahead: -26 * 3_600_000}
	stranger := readmodel.Device{ID: "s", Name: "S", State: readmodel.DeviceFound, Ahead: 9 * 3_600_000}
	for _, c := range []struct {
		name          string
		facts         clockFacts
		verdict, part string
	}{
		{"right", clockFacts{now: now, set: "yes"}, "good", "2026-06-14 14:31:07, time zone CST (+8:00), set by the network"},
		{"not set", clockFacts{now: now, set: "no"}, "good", "not set by the network → compare it with a phone's"},
		{"not known", clockFacts{now: now}, "good", "compare it"},
		{"another year", clockFacts{now: now.AddDate(-56, 0, 0)}, "bad", "set date and time"},
		{"far ahead", clockFacts{now: now.AddDate(99, 0, 0)}, "bad", "set date and time"},
		{"jumped", clockFacts{now: now, moved: -5 * time.Minute}, "warning", "jumped by -5m0s"},
		{"a breath", clockFacts{now: now, moved: 900 * time.Millisecond, set: "yes"}, "good", "set by the network"},
		{"devices", clockFacts{now: now, devices: []readmodel.Device{five, room, stranger}}, "warning", "Tablet 5 is 7 min ahead, Room C is 26 hours behind →"},
		{"a stranger", clockFacts{now: now, devices: []readmodel.Device{stranger}}, "good", "CST"},
		{"beyond measure", clockFacts{now: now, devices: []readmodel.Device{{State: readmodel.DevicePaired, Ahead: -1 << 63}}}, "warning", "a laptop is 101806 days behind"},
	} {
		t.Run(c.name, func(t *testing.T) { says(t, c.facts.check(), c.verdict, c.part) })
	}
	start := time.Now()
	if moved := movedSince(start, start.Add(3*time.Second)); moved != 0 {
		t.Errorf("a clock that goes as time does moved by %s", moved)
	}
	if moved := movedSince(start, start.Round(0).Add(time.Hour)); moved != 0 {
		t.Errorf("without the time that passed nothing is known, and %s is said", moved)
	}
}

// A phone is what comes from elsewhere: this computer's own browser proves nothing.
func TestDoctorWaitsForAPhone(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := newPhoneTry(listener)
	if res, err := http.Get("http://" + listener.Addr().String()); err != nil || res.StatusCode != 200 {
		t.Fatalf("this computer gets %v, %v", res, err)
	}
	if len(p.came) != 0 {
		t.Error("this computer itself counts as a phone")
	}
	r := httptest.NewRequest("GET", "/", nil)
	for range 3 { // a phone asks more than once
		r.RemoteAddr = "192.0.2.77:50000"
		p.ServeHTTP(httptest.NewRecorder(), r)
	}
	if from := p.wait(t.Context()); from != "192.0.2.77" {
		t.Errorf("a phone came from %q", from)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	second, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if from := newPhoneTry(second).wait(ended); from != "" {
		t.Errorf("nobody came, and %q is said", from)
	}
	says(t, phoneCheck("192.0.2.77", 9*time.Second, false), "good", "192.0.2.77 got through after 9 s")
	says(t, phoneCheck("", time.Minute, false), "warning", "within 60 s: this Wi-Fi probably keeps devices apart")
	says(t, phoneCheck("", 5*time.Second, true), "warning", "not waited for longer")
	a := &app{Streams: Streams{Err: &strings.Builder{}}}
	says(t, a.checkPhone(t.Context(), ":0", false), "warning", "doctor --phone")
	says(t, a.checkPhone(t.Context(), "127.0.0.1:0", true), "warning", "no network that a phone could be in")
}

func TestDoctorOnPeersPort(t *testing.T) {
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().(*net.TCPAddr).Port
	says(t, checkPeers(taken, map[int]string{taken: "The riverside"}), "good", "to the session \"The riverside\", which is open")
	says(t, checkPeers(taken, map[int]string{taken + 1: "Another"}), "good", "is taken, so tablets and other laptops come in at")
	listener.Close()
	says(t, checkPeers(taken, nil), "good", "is free for tablets")
	says(t, checkFonts(), "good", "nothing has to be installed")
}

func TestDoctorListsWaysToJoin(t *testing.T) {
	got := checkWays([]string{"http://192.168.0.10:8080", "http://10.0.0.7:8080"}, "http://folkmoot.local:8080")
	says(t, got, "good", "1 QR code 192.168.0.10:8080; 2 typed 192.168.0.10:8080; 3 name folkmoot.local:8080; 4 next address 10.0.0.7:8080; 5 own Wi-Fi (pocket router or hotspot); 6 shared tablets; 7 paper")
	if got := wouldReach("192.0.2.4:8081"); len(got) != 1 || got[0] != "http://192.0.2.4:8081" {
		t.Errorf("one address: %v", got)
	}
	if got := wouldReach(":8081"); len(got) == 0 || !strings.HasSuffix(got[0], ":8081") || strings.HasPrefix(got[0], "http://:") {
		t.Errorf("every address: %v", got)
	}
	if got := wouldReach("nowhere"); got != nil {
		t.Errorf("no address: %v", got)
	}
	if got := checkWays([]string{"http://192.168.0.10:8080"}, ""); got.Found != "1 QR code 192.168.0.10:8080; 2 typed 192.168.0.10:8080; 3 own Wi-Fi (pocket router or hotspot); 4 shared tablets; 5 paper" {
		t.Errorf("ways that are not there: %s", got.Found)
	}
	got = checkWays([]string{"http://127.0.0.1:8080"}, "")
	says(t, got, "warning", "no phone can join over this network; what is left: 1 own Wi-Fi (pocket router or hotspot); 2 shared tablets; 3 paper → join a Wi-Fi")
}

// doctor asks the process that has a session open which devices it knows.
func TestDoctorAsksForDevices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if got := askDevices(t.Context(), path); got != nil {
		t.Errorf("without a process: %v", got)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var list []readmodel.Device
	server := &http.Server{Handler: sendDevices(func() []readmodel.Device { return list })}
	go server.Serve(listener)
	defer server.Close()
	if got := askDevices(t.Context(), path); len(got) != 0 {
		t.Errorf("a process that knows none gives %v", got)
	}
	want := readmodel.Device{ID: "5", Index: 5, Role: readmodel.RoleTablet, State: readmodel.DeviceAway, Ahead: 420_000, Battery: -1, Kept: 12}
	list = []readmodel.Device{want}
	if got := askDevices(t.Context(), path); len(got) != 1 || got[0].ID != "5" || got[0].Ahead != want.Ahead || got[0].Kept != 12 || got[0].State != want.State {
		t.Errorf("got %+v", got)
	}
}

// The port of a session that is open here is known to be ours.
func TestDoctorKnowsOwnPort(t *testing.T) {
	p := newPair(t, true, link.Backup)
	stop, err := p.leads.listenSocket(p.leading, p.leadPeers)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.leads.peerPorts(t.Context()); len(got) != 1 || got[p.leadPeers.port] != "The riverside" {
		t.Errorf("%v, want port %d", got, p.leadPeers.port)
	}
	stop()
	if got := p.leads.peerPorts(t.Context()); len(got) != 0 {
		t.Errorf("of a session that is closed: %v", got)
	}
}
