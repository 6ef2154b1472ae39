package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// pairOf is a laptop that leads a session and one that follows it, which know each other.
type pairOf struct {
	leads, follows         *app
	leading, following     *local
	leadPeers, followPeers *peers
}

// newPair makes both; they talk to each other where they talk at all. Items are on the one
// that leads before the other one comes.
func newPair(t *testing.T, talk bool, role link.Role, items ...moot.Item) *pairOf {
	t.Helper()
	p := &pairOf{leads: testApp(t), follows: testApp(t)}
	id := oplog.SessionID{7}
	for a, name := range map[*app]string{p.leads: "Front desk", p.follows: "Laptop B"} {
		if err := a.nameDevice(name); err != nil {
			t.Fatal(err)
		}
	}
	first, err := p.leads.device()
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.follows.device()
	if err != nil {
		t.Fatal(err)
	}
	if p.leading, err = p.leads.create(id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.leading.Close() })
	known := link.Known{Key: first.Public(), Name: first.Name, Role: link.Hub}
	if talk {
		for _, set := range []moot.SetField{{Field: moot.JoinCode, Value: "123456", Rev: 1}, {Field: moot.Title, Value: "The riverside", Rev: 1}} {
			if err := refusals(p.leading.Do(t.Context(), item(&set))); err != nil {
				t.Fatal(err)
			}
		}
		if err := refusals(p.leading.Do(t.Context(), items...)); err != nil {
			t.Fatal(err)
		}
		if err := link.WritePeer(peerBook{p.leading.file}, link.Peer{Key: second.Public(), Name: second.Name, Role: role, Index: 1}); err != nil {
			t.Fatal(err)
		}
		if p.leadPeers, err = p.leads.startPeers(p.leading, peersOptions{listen: "127.0.0.1:0", quiet: true}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if p.leadPeers != nil {
				p.leadPeers.close()
			}
		})
		known.Addresses = p.leadPeers.addresses()
	}
	if p.following, err = p.follows.create(id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.following.Close() })
	if err := link.Accept(peerBook{p.following.file}, second, link.Grant{Session: id, Role: role, Index: 1, Known: []link.Known{known}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if p.followPeers, err = p.follows.startPeers(p.following, peersOptions{listen: "127.0.0.1:0", quiet: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.followPeers.close() })
	return p
}

// until waits until something is so of which the node tells, or the record.
func until(t *testing.T, p *peers, is func() bool) {
	t.Helper()
	for {
		changed, record := p.node.Changed(), p.session.Changed()
		if is() {
			return
		}
		select {
		case <-changed:
		case <-record:
		case <-t.Context().Done():
			t.Fatal("it never came so far")
		}
	}
}

// call runs a command line on a data folder, and gives what it says and whether it could
// be done.
func call(t *testing.T, a *app, args ...string) (said string, done bool) {
	t.Helper()
	var out bytes.Buffer
	status := Main(t.Context(), "folkmoot", append([]string{"--data", a.data}, args...), Streams{Out: &out, Err: &out, In: strings.NewReader(""), Env: func(string) string { return "" }})
	return out.String(), status == 0
}

// On a laptop that only follows, what is the facilitator's is refused with one sentence,
// whether the session is open or not; reading is not, and --anyway does it.
func TestFollowerRefusesHostActs(t *testing.T) {
	p := newPair(t, false, link.Backup)
	list := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(list, []byte("Trees.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	acts := [][]string{
		{"session", "step", "07", "opinion", "start"}, {"session", "present", "07", "--all"}, {"session", "badge-void", "07", "3"}, {"session", "badges-off", "07"},
		{"session", "badges", "07", "--to", filepath.Join(t.TempDir(), "b.html"), "--address", "http://192.168.1.5:8080"}, {"session", "unlink", "07", "--yes"},
		{"statement", "add", "07", "Benches."}, {"statement", "approve", "07", "0011"}, {"statement", "hide", "07", "0011"}, {"import", "statements", list, "--session", "07"},
	}
	const refused = "this laptop follows Front desk, which leads\ntake over first (device take-over), do it there, or say --anyway"
	stop, err := p.follows.listenSocket(p.following, p.followPeers)
	if err != nil {
		t.Fatal(err)
	}
	for _, open := range []bool{true, false} {
		all := acts
		if open {
			all = append(all[:len(all):len(all)], []string{"device", "invite"}, []string{"device", "pair", "0011"}, []string{"device", "decline", "0011"}, []string{"device", "unpair", "0011", "--yes"})
		} else {
			stop()
			p.followPeers.close()
			p.following.Close()
		}
		for _, args := range all {
			if open && args[1] == "unlink" {
				continue // it is refused where the session is open, whoever leads
			}
			if said, done := call(t, p.follows, args...); done || !strings.Contains(said, refused) {
				t.Errorf("open %v: %s: %s", open, strings.Join(args, " "), said)
			}
			if said, _ := call(t, p.follows, append(args, "--anyway")...); strings.Contains(said, "which leads") || strings.Contains(said, "unknown flag") {
				t.Errorf("open %v: %s --anyway: %s", open, strings.Join(args, " "), said)
			}
		}
		for _, args := range [][]string{{"session", "show", "07"}, {"session", "list"}} {
			if said, done := call(t, p.follows, args...); !done {
				t.Errorf("open %v: %s: %s", open, strings.Join(args, " "), said)
			}
		}
	}
	held, err := p.follows.hold(oplog.SessionID{7}) // for the test's end
	if err != nil {
		t.Fatal(err)
	}
	if n := len(held.View().Statements); n != 2 {
		t.Errorf("%d statements, want the two of --anyway", n)
	}
	p.following = held
	if p.followPeers, err = p.follows.startPeers(held, peersOptions{listen: "off", quiet: true}); err != nil {
		t.Fatal(err)
	}
}

// A second room has a facilitator of its own.
func TestRoomMayAct(t *testing.T) {
	p := newPair(t, false, link.Hub)
	if err := p.follows.mayLead(t.Context(), p.following); err != nil {
		t.Error(err)
	}
	if err := p.followPeers.mayAct(deviceCall{Do: "pair"}); err != nil {
		t.Error(err)
	}
}

// Nobody takes over in passing from a laptop that is in reach, a backup or a second room;
// and it is said who leads.
func TestTakeOverFromOneInReach(t *testing.T) {
	for _, role := range []link.Role{link.Backup, link.Hub} {
		p := newPair(t, true, role)
		b := p.followPeers
		until(t, b, func() bool {
			_, _, away := b.node.Lead()
			return away.IsZero() && b.session.View().Session.Get(moot.JoinCode) != ""
		})
		err := b.do(t.Context(), deviceCall{Do: "take-over"})
		if err == nil || !strings.Contains(err.Error(), "Front desk leads, and is in reach") {
			t.Errorf("%s: %v", role, err)
		}
		want := "Front desk leads the session; this laptop follows it."
		if role == link.Hub {
			want = "Front desk leads the session."
		}
		if got := leadLine(b.doc()); got != want {
			t.Errorf("%s: %q", role, got)
		}
		if got := leadLine(p.leadPeers.doc()); got != "This laptop leads the session." {
			t.Errorf("at the one that leads: %q", got)
		}
		if err := b.do(t.Context(), deviceCall{Do: "take-over", Anyway: true}); err != nil {
			t.Error(err)
		}
		if got := leadLine(b.doc()); got != "This laptop leads the session." {
			t.Errorf("after it took over: %q", got)
		}
	}
}

// A laptop is not unpaired in passing; one that was says so until it is let in again.
func TestUnpairedLaptopSaysSo(t *testing.T) {
	p := newPair(t, true, link.Backup)
	b := p.followPeers
	until(t, b, func() bool {
		_, _, away := b.node.Lead()
		return away.IsZero() && b.session.View().Session.Get(moot.JoinCode) != ""
	})
	if out := b.Devices(nowMS()).Leader.OutBy; out != "" {
		t.Errorf("taken out before it was: by %s", out)
	}
	call := deviceCall{Do: "unpair", ID: string(b.node.ID())}
	if err := p.leadPeers.do(t.Context(), call); err == nil || !strings.Contains(err.Error(), "Laptop B is a laptop of this session: once it is unpaired") || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("without a word: %v", err)
	}
	call.Yes = true
	if err := p.leadPeers.do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	until(t, b, func() bool { return b.Devices(nowMS()).Leader.OutBy == "Front desk" })
	const want = "Front desk has taken this laptop out of the session: what phones send here counts here only."
	if got := leadLine(b.doc()); got != want {
		t.Errorf("device list: %q", got)
	}
	if got := strings.Join(newTold(string(b.node.ID())).news(b.Devices(nowMS()), nowMS()), "\n"); !strings.HasPrefix(got, strings.TrimSuffix(want, ".")) {
		t.Errorf("in the terminal: %q", got)
	}
}

// A laptop that follows for the first time greets its room once the session is here whole,
// and does not invite it to open what is opened elsewhere.
func TestFollowerWelcomesOnceItIsWhole(t *testing.T) {
	var items []moot.Item
	for range 400 {
		items = append(items, item(&moot.NewStatement{Text: itemID().String(), Lang: "en", Standing: moot.Approved}))
	}
	p := newPair(t, true, link.Backup, items...)
	var said, out bytes.Buffer
	p.follows.Err, p.follows.Out = &said, &out
	p.follows.awaitSession(t.Context(), p.followPeers)
	if _, _, whole := p.followPeers.node.Fetched(); !whole {
		t.Error("it did not wait for the first exchange")
	}
	if got, want := len(p.following.View().Statements), 400; got != want {
		t.Errorf("%d statements of %d are here", got, want)
	}
	p.follows.welcome(p.following.View(), []string{"http://10.0.0.1:8080"}, "", p.followPeers.elsewhere())
	if text := out.String(); !strings.Contains(text, "Voting is closed: it is opened at Front desk, which leads.") || !strings.Contains(text, "statements 400") {
		t.Errorf("welcome: %s", text)
	}
	out.Reset()
	p.leads.Out = &out
	p.leads.welcome(p.leading.View(), []string{"http://10.0.0.1:8080"}, "", p.leadPeers.elsewhere())
	if text := out.String(); !strings.Contains(text, "open it on the host's page") {
		t.Errorf("welcome of the one that leads: %s", text)
	}
}

// What is said in the terminal as laptops come and go, once each.
func TestToldInTheTerminal(t *testing.T) {
	const self, now = "bbbb", uint64(1_000_000)
	desk := func(state readmodel.DeviceState, since uint64, l readmodel.Leader) readmodel.Devices {
		l.Name, l.AwaySince = "Front desk", since
		if l.ID == self {
			l.Name, l.AwaySince = "Laptop B", 0
		}
		return readmodel.Devices{Leader: l, List: []readmodel.Device{{ID: "aaaa", Name: "Front desk", Role: readmodel.RoleHub, State: state, AwaySince: since}, {ID: "t", Role: readmodel.RoleTablet, State: state, AwaySince: since}}}
	}
	follows, leads := readmodel.Leader{ID: "aaaa", Follows: true}, readmodel.Leader{ID: self}
	told := newTold(self)
	for i, c := range []struct {
		devices readmodel.Devices
		want    string
	}{
		{desk(readmodel.DevicePaired, 0, follows), "Following Front desk, which leads."},
		{desk(readmodel.DevicePaired, 0, follows), ""},
		{desk(readmodel.DeviceAway, now-2000, follows), ""},
		{desk(readmodel.DevicePaired, 0, follows), ""},
		{desk(readmodel.DeviceAway, now-10_000, follows), "Front desk has not been heard of for ten seconds. Phones come here by themselves; to lead from here: device take-over"},
		{desk(readmodel.DevicePaired, 0, follows), "Front desk is back, and leads.|Following Front desk, which leads."},
		{desk(readmodel.DeviceAway, now-10_000, follows), "Front desk has not been heard of for ten seconds. Phones come here by themselves; to lead from here: device take-over"},
		{desk(readmodel.DeviceAway, now-20_000, leads), "This laptop leads now."},
		{desk(readmodel.DevicePaired, 0, leads), "Front desk is back. This laptop leads."},
		{desk(readmodel.DeviceAway, now-10_000, leads), "Front desk is out of reach. It catches up by itself when it is back."},
	} {
		if got := strings.Join(told.news(c.devices, now), "|"); got != c.want {
			t.Errorf("%d: %q, want %q", i, got, c.want)
		}
	}
	if got := newTold(self).news(desk(readmodel.DevicePaired, 0, leads), now); len(got) != 0 {
		t.Errorf("a laptop that always led: %q", got)
	}
}
