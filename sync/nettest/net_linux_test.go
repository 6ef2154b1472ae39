package nettest_test

import (
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/sync/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m) }

// TestHostsReachEachOther sends a word each way of addressing, and runs a program there.
func TestHostsReachEachOther(t *testing.T) {
	n := nettest.New(t, 3)
	for _, address := range []netip.AddrPort{
		netip.AddrPortFrom(n.Host(1).Addr(), 7000),
		netip.AddrPortFrom(n.Host(1).LinkLocal().WithZone(nettest.Adapter), 7000),
	} {
		listener, err := n.Host(1).Listen("tcp", address.String())
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		go func() {
			if conn, err := listener.Accept(); err == nil {
				io.WriteString(conn, "word")
				conn.Close()
			}
		}()
		conn, err := n.Host(3).Dial("tcp", address.String())
		if err != nil {
			t.Fatalf("from 3 to %v: %v", address, err)
		}
		if got, err := io.ReadAll(conn); string(got) != "word" {
			t.Errorf("from 3 to %v: got %q, %v", address, got, err)
		}
		conn.Close()
	}
	out, err := n.Host(2).Command("ip", "-4", "route").CombinedOutput()
	if err != nil || strings.Contains(string(out), "default") || !strings.Contains(string(out), "10.77.0.0/24 dev eth0") {
		t.Errorf("host 2's routes: %v\n%s\nwant its link's only", err, out)
	}
}

// TestCutMendAndMove looks from another host whether something gets through.
func TestCutMendAndMove(t *testing.T) {
	n := nettest.New(t, 2)
	conn, err := n.Host(1).ListenPacket("udp4", "0.0.0.0:7000")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	asker, err := n.Host(2).ListenPacket("udp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer asker.Close()
	through := func(wait time.Duration) bool {
		to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(n.Host(1).Addr(), 7000))
		if _, err := asker.WriteTo([]byte("?"), to); err != nil {
			return false
		}
		conn.SetReadDeadline(time.Now().Add(wait))
		_, _, err := conn.ReadFrom(make([]byte, 10))
		return err == nil
	}
	const no, yes = 200 * time.Millisecond, 5 * time.Second
	if !through(yes) {
		t.Fatal("nothing gets through a whole cable")
	}
	n.Host(1).Cut()
	if through(no) {
		t.Error("something gets through a cut cable")
	}
	n.Host(1).Mend()
	if !through(yes) {
		t.Error("nothing gets through a mended cable")
	}
	n.Host(2).Down()
	if through(no) {
		t.Error("something gets through from an adapter that is off")
	}
	n.Host(2).Up()
	if !through(yes) {
		t.Error("nothing gets through from an adapter that is on again")
	}
	n.Host(1).SetAddress(99)
	if !through(yes) {
		t.Error("nothing gets to the new address")
	}
}

// TestNetworksDoNotMeet makes two with the same addresses.
func TestNetworksDoNotMeet(t *testing.T) {
	first, second := nettest.New(t, 1), nettest.New(t, 2)
	listener, err := first.Host(1).Listen("tcp", "10.77.0.1:7000")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if conn, err := second.Host(2).Dial("tcp", "10.77.0.1:7000"); err == nil {
		conn.Close()
		t.Error("a host of the second network reaches one of the first")
	}
}

// TestRefusalIsSaid runs a test where namespaces are refused.
func TestRefusalIsSaid(t *testing.T) {
	if os.Getenv("NETTEST_REFUSED") != "" {
		nettest.New(t, 1)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", self, "-test.run=^TestRefusalIsSaid$")
	cmd.Env = append(os.Environ(), "NETTEST_REFUSED=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "this machine refuses them (unshare: operation not permitted): run the tests as root") {
		t.Errorf("got %v, %s", err, out)
	}
}

// TestNothingIsLeft looks for what a network leaves on the machine, during and after.
func TestNothingIsLeft(t *testing.T) {
	look := func() string {
		adapters, err := net.Interfaces()
		if err != nil {
			t.Fatal(err)
		}
		names := ""
		for _, a := range adapters {
			names += a.Name + " "
		}
		files, _ := filepath.Glob("/run/netns/*")
		return names + strings.Join(files, " ")
	}
	before := look()
	t.Run("with a network", func(t *testing.T) {
		n := nettest.New(t, 3)
		n.Host(1).Join(nettest.New(t, 1, nettest.Options{Subnet: 78}))
		if got := look(); got != before {
			t.Errorf("seen from outside: got %q, want %q", got, before)
		}
	})
	if got := look(); got != before {
		t.Errorf("afterwards: got %q, want %q", got, before)
	}
}
