package nettest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Net is a switch with hosts on it.
type Net struct {
	t      testing.TB
	middle *namespace
	hosts  []*Host
	subnet int // 10.subnet.0.0/24
	guests int // hosts of other networks
}

// Options change what a network is made of. The zero value gives every host an adapter
// with both kinds of address.
type Options struct {
	NoIPv4    bool // only link-local IPv6
	NoIPv6    bool // only 10.77.0.N
	Unplugged bool // hosts have no adapter until Host.Plug
	Subnet    int  // the second number of its addresses; 77 by default
}

// New makes a network of that many hosts, which is taken down when the test ends. It ends
// the test where the machine refuses.
func New(t testing.TB, hosts int, options ...Options) *Net {
	t.Helper()
	var o Options
	if len(options) > 0 {
		o = options[0]
	}
	n := &Net{t: t, subnet: o.Subnet}
	if n.subnet == 0 {
		n.subnet = 77
	}
	t.Cleanup(n.close)
	n.middle = n.namespace()
	n.must(n.middle.ip(
		"link set lo up",
		"link add middle type bridge stp_state 0 mcast_snooping 0",
		"link set middle addrgenmode none",
		"link set middle up"))
	for i := range hosts {
		h := &Host{net: n, number: i + 1, space: n.namespace(), ipv4: !o.NoIPv4, ipv6: !o.NoIPv6}
		h.last = h.number
		n.must(h.space.ip("link set lo up"))
		n.hosts = append(n.hosts, h)
		if !o.Unplugged {
			h.Plug()
		}
	}
	return n
}

// Host gives the host of that number; the first is 1.
func (n *Net) Host(number int) *Host { return n.hosts[number-1] }

// Hosts gives all of them.
func (n *Net) Hosts() []*Host { return n.hosts }

func (n *Net) close() {
	for _, h := range n.hosts {
		h.space.close()
	}
	n.middle.close()
}

func (n *Net) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatalf("nettest: %v", err)
	}
}

func (n *Net) namespace() *namespace {
	n.t.Helper()
	s, err := newNamespace()
	if err != nil {
		n.t.Fatalf("this test needs network namespaces, and this machine refuses them (%v): run the tests as root, or allow unprivileged user namespaces", err)
	}
	return s
}

// namespace is a network namespace that lives as long as its file is open.
type namespace struct{ file *os.File }

func newNamespace() (*namespace, error) {
	var s namespace
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("unshare: %w", err)
		}
		file, err := os.Open("/proc/thread-self/ns/net")
		s.file = file
		return err
	})
	return &s, err
}

func (s *namespace) close() {
	if s != nil && s.file != nil {
		s.file.Close()
	}
}

// path names the namespace for other programs.
func (s *namespace) path() string {
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), s.file.Fd())
}

// in runs do on a thread inside the namespace.
func (s *namespace) in(do func()) error {
	return onThread(func() error {
		if err := unix.Setns(int(s.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("setns: %w", err)
		}
		do()
		return nil
	})
}

// ip runs lines of the program ip in the namespace, all in one call.
func (s *namespace) ip(lines ...string) error {
	cmd := s.command("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ip %q: %w: %s", lines, err, out)
	}
	return nil
}

func (s *namespace) command(name string, arguments ...string) *exec.Cmd {
	return exec.Command("nsenter", append([]string{"--net=" + s.path(), "--", name}, arguments...)...)
}

// onThread runs do on a thread of its own, which ends with it: so no other goroutine is
// ever run in a foreign namespace.
func onThread(do func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := fmt.Errorf("the function left its goroutine")
		defer func() { done <- err }()
		err = do()
	}()
	return <-done
}
