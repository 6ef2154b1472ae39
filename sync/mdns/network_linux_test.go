package mdns_test

import (
	"fmt"
	"net/netip"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"folkmoot/sync/mdns"
	"folkmoot/sync/nettest"
)

// announceHere makes the test program announce a hub until it is told to stop.
const announceHere = "MDNS_ANNOUNCE_HERE"

func TestMain(m *testing.M) {
	if os.Getenv(announceHere) != "" {
		announceUntilKilled()
	}
	nettest.Main(m)
}

func announceUntilKilled() {
	a, err := mdns.Announce(hub, mdns.Options{TTL: 2 * time.Second})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	a.Close()
	os.Exit(0)
}

var hub = mdns.Service{
	Instance: "三樓大廳 Hall 3.1", Port: 8443, Host: "folkmoot",
	Text: map[string]string{"v": "1", "id": "0f3a", "role": "hub", "n": `三樓大廳 Hall 3.1`, "w": "8080"},
}

// at gives options for a host: changes are noticed soon, so that tests need not wait.
func at(h *nettest.Host) mdns.Options {
	return mdns.Options{Within: h.In, Watch: 100 * time.Millisecond}
}

func announce(t *testing.T, h *nettest.Host, s mdns.Service) *mdns.Announcer {
	t.Helper()
	a, err := mdns.Announce(s, at(h))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func browse(t *testing.T, h *nettest.Host) *mdns.Browser {
	t.Helper()
	b := mdns.Browse(at(h))
	t.Cleanup(func() { b.Close() })
	return b
}

// until waits for services that fit, and tells how long that took.
func until(t *testing.T, b *mdns.Browser, what string, limit time.Duration, fit func([]mdns.Found) bool) time.Duration {
	t.Helper()
	start, late := time.Now(), time.After(limit)
	for !fit(b.Services()) {
		select {
		case <-b.Changed():
		case <-late:
			t.Fatalf("%s: not within %v; found: %+v", what, limit, b.Services())
		}
	}
	took := time.Since(start)
	t.Logf("%s: %v", what, took.Round(time.Millisecond))
	return took
}

func untilState(t *testing.T, a *mdns.Announcer, what string, limit time.Duration, fit func(mdns.State) bool) {
	t.Helper()
	late := time.After(limit)
	for !fit(a.State()) {
		select {
		case <-a.Changed():
		case <-late:
			t.Fatalf("%s: not within %v: %+v", what, limit, a.State())
		}
	}
}

func claimed(s mdns.State) bool         { return s.Claimed }
func one(services []mdns.Found) bool    { return len(services) == 1 }
func nobody(services []mdns.Found) bool { return len(services) == 0 }

func withAddresses(want ...netip.Addr) func([]mdns.Found) bool {
	return func(services []mdns.Found) bool {
		return len(services) == 1 && slices.Equal(services[0].Addresses, want)
	}
}

// TestFoundWithoutADefaultRoute finds a hub from another host, over each kind of address.
func TestFoundWithoutADefaultRoute(t *testing.T) {
	for _, kind := range []struct {
		name string
		nettest.Options
	}{
		{name: "both"}, {"IPv4 only", nettest.Options{NoIPv6: true}}, {"IPv6 only", nettest.Options{NoIPv4: true}},
	} {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			n := nettest.New(t, 2, kind.Options)
			four, six := n.Host(1).Addr(), n.Host(1).LinkLocal().WithZone(nettest.Adapter)
			want := []netip.Addr{four, six}
			if kind.NoIPv4 {
				want = []netip.Addr{six}
			} else if kind.NoIPv6 {
				want = []netip.Addr{four}
			}

			early := browse(t, n.Host(2))
			a := announce(t, n.Host(1), hub)
			until(t, early, "a hub that comes", 3*time.Second, withAddresses(want...))
			got := early.Services()[0]
			if got.Instance != hub.Instance || got.Port != hub.Port || got.Host != "folkmoot.local" || got.Adapter != nettest.Adapter {
				t.Errorf("found %+v, want %+v", got, hub)
			}
			for key, value := range hub.Text {
				if got.Text[key] != value {
					t.Errorf("text %q: got %q, want %q", key, got.Text[key], value)
				}
			}
			untilState(t, a, "names", 3*time.Second, claimed)
			late := browse(t, n.Host(2))
			until(t, late, "a hub that is there", 3*time.Second, one)

			if got, want := a.State().Situation, map[bool]mdns.Situation{true: mdns.OnlyIPv6}[kind.NoIPv4]; got != want {
				t.Errorf("situation: got %v, want %v", got, want)
			}
			a.Close()
			until(t, early, "a goodbye", time.Second, nobody)
			until(t, late, "a goodbye", time.Second, nobody)
		})
	}
}

// TestKilledHubIsForgotten ends a hub without a goodbye.
func TestKilledHubIsForgotten(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2)
	cmd := n.Host(1).Command("/proc/self/exe")
	cmd.Path, _ = os.Executable()
	cmd = n.Host(1).Command(cmd.Path)
	cmd.Env = append(os.Environ(), announceHere+"=1")
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	b := browse(t, n.Host(2))
	until(t, b, "a hub in a process of its own", 5*time.Second, one)
	cmd.Process.Kill()
	cmd.Wait()
	until(t, b, "a hub that was killed, after 2 s to live", 4*time.Second, nobody)
	if said.Len() > 0 {
		t.Errorf("it said %s", said.String())
	}
}
