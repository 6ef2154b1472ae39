package storm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"folkmoot/sync/faultproxy"
	"folkmoot/sync/link"
	"folkmoot/sync/nettest"
	"folkmoot/sync/oplog"
)

// Spec is what NewSea makes.
type Spec struct {
	Seed uint64
	// Second is what the second laptop is: a hub, or a backup of the first.
	Second link.Role
	// Tablets and Pages is how many there are.
	Tablets, Pages int
	// People of a tablet; one of them votes every Pace. A page votes every PagePace.
	People         int
	Pace, PagePace time.Duration
	// Program is the path of folkmootd, for laptops that run the real program; empty for
	// laptops that are Devices.
	Program string
	// Calm leaves out the bad network: everybody reaches everybody directly. Far lets
	// what the two laptops tell each other take its time all the same, see Distance.
	Calm, Far bool
}

// Sea is a session on several devices, each a process in a host of its own, and pages.
type Sea struct {
	Spec    Spec
	Hubs    []*Device // the laptop that made the session, and the second one
	Laptops []Laptop  // the same as they run: Devices or Programs
	Tablets []*Device
	Pages   []*Page
	Ledger  *Ledger
	// Pairs are the networks between two devices, those of a page lead to each hub.
	Pairs     []*faultproxy.Pair
	PagePairs [][]*faultproxy.Pair // by page and hub

	net     *nettest.Net
	middle  *nettest.Host // from which the bad network reaches everybody
	session oplog.SessionID
	agreed  string // the digest that all said when they were the same last
	code    string
	texts   []string
}

// NewSea makes hosts, files and networks; nobody runs yet. What it makes is taken down
// with the test.
func NewSea(t testing.TB, spec Spec) *Sea {
	t.Helper()
	s := &Sea{Spec: spec, Ledger: NewLedger()}
	random := rand.New(rand.NewPCG(spec.Seed, 0x736561))
	for i := range s.session {
		s.session[i] = byte(random.Uint32())
	}
	laptops := 2
	s.net = nettest.New(t, laptops+spec.Tablets+spec.Pages+1, nettest.Options{NoIPv6: true})
	s.middle = s.net.Host(laptops + spec.Tablets + spec.Pages + 1)
	t.Cleanup(s.kill)
	if err := s.makeDevices(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.code, s.texts, err = makeSession(t.Context(), s.Hubs[0].Setup.Folder, s.session); err != nil {
		t.Fatal(err)
	}
	for _, d := range s.Hubs {
		s.Laptops = append(s.Laptops, d)
	}
	if spec.Program != "" {
		if s.Laptops, err = s.pairedPrograms(spec.Program); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.makeNetworks(); err != nil {
		t.Fatal(err)
	}
	if err := s.makePages(); err != nil {
		t.Fatal(err)
	}
	return s
}

// Devices gives laptops and tablets.
func (s *Sea) Devices() []*Device { return append(append([]*Device(nil), s.Hubs...), s.Tablets...) }

// All gives laptops and tablets as they run.
func (s *Sea) All() []Laptop {
	all := slices.Clone(s.Laptops)
	for _, d := range s.Tablets {
		all = append(all, d)
	}
	return all
}

func (s *Sea) makeDevices(root string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	for i := range 2 + s.Spec.Tablets {
		name, role := fmt.Sprintf("tablet %d", i-1), link.Tablet
		switch i {
		case 0:
			name, role = "hub", link.Hub
		case 1:
			name, role = "other hub", s.Spec.Second
		}
		folder, err := makeFolder(root, name, s.session)
		if err != nil {
			return err
		}
		host := s.net.Host(1 + i)
		d := &Device{host: host, program: program, ledger: s.Ledger, Setup: Setup{
			Name: name, Folder: folder, Session: s.session.String(), Role: string(role), Index: uint(i), Key: keyOf(s.Spec.Seed, name).Seed(),
			Host: host.Addr().String(), Seed: s.Spec.Seed, People: s.Spec.People, Pace: s.Spec.Pace,
		}}
		if i < 2 {
			s.Hubs = append(s.Hubs, d)
		} else {
			s.Tablets = append(s.Tablets, d)
		}
	}
	for _, d := range s.Devices() {
		for _, other := range s.Devices() {
			if meet(d, other) {
				o := other.Setup
				d.Setup.Book = append(d.Setup.Book, Row{Name: o.Name, Role: o.Role, Index: o.Index, Key: publicOf(keyOf(s.Spec.Seed, o.Name))})
			}
		}
	}
	return nil
}

// meet says whether two devices talk to each other: tablets talk to laptops only.
func meet(a, b *Device) bool {
	return a != b && (a.Setup.Role != string(link.Tablet) || b.Setup.Role != string(link.Tablet))
}

func syncAddress(d *Device) string { return fmt.Sprintf("%s:%d", d.Setup.Host, SyncPort) }
func webAddress(d *Device) string  { return fmt.Sprintf("%s:%d", d.Setup.Host, WebPort) }

// makeNetworks puts the bad network between all who talk to each other.
func (s *Sea) makeNetworks() error {
	if s.Spec.Calm && !s.Spec.Far {
		return nil
	}
	devices := s.Devices()
	for i, a := range devices {
		for j, b := range devices[i+1:] {
			if !meet(a, b) || s.Spec.Calm && i+j > 0 {
				continue
			}
			pair := s.pair(a.Setup.Name + " and " + b.Setup.Name)
			s.Pairs = append(s.Pairs, pair)
			for side, way := range [][2]*Device{{a, b}, {b, a}} {
				if err := s.between(pair, side, way[0].host, way[1].host, SyncPort); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *Sea) pair(name string) *faultproxy.Pair {
	options := faultproxy.Options{}
	if s.Spec.Far {
		options = Distance
	}
	return faultproxy.New(name, s.Spec.Seed<<8+uint64(len(s.Pairs)), options)
}

// Distance is how far laptops are apart that are Far: what one says is under way for so
// long that a hub which did not wait for its backup would be killed with votes that only
// it has.
var Distance = faultproxy.Options{Delay: 50 * time.Millisecond, Jitter: 25 * time.Millisecond, Rate: 1 << 20}

// depart lets the laptops be far from each other from now on.
func (s *Sea) depart(ctx context.Context) error {
	for _, p := range s.Pairs {
		if err := p.Strike(ctx, faultproxy.Slow); err != nil {
			return err
		}
	}
	return nil
}

// between puts a pair's network where a host reaches a port of another one: what it sends
// there ends in a listener on the host itself, which looks as if it were the other. So
// nobody has to be told, and everything else, mDNS among it, goes its way.
func (s *Sea) between(pair *faultproxy.Pair, side int, from, to *nettest.Host, port int) error {
	target := netip.AddrPortFrom(to.Addr(), uint16(port)).String()
	for _, line := range []string{
		fmt.Sprintf("rule add pref 10 to %s ipproto tcp dport %d lookup 77", to.Addr(), port),
		fmt.Sprintf("route replace local %s dev lo src %s table 77", to.Addr(), from.Addr()),
	} {
		if out, err := from.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			return fmt.Errorf("storm: ip %s: %w: %s", line, err, out)
		}
	}
	var listener net.Listener
	var err error
	from.In(func() {
		foreign := net.ListenConfig{Control: func(_, _ string, conn syscall.RawConn) (err error) {
			return errors.Join(conn.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TRANSPARENT, 1) }), err)
		}}
		listener, err = foreign.Listen(context.Background(), "tcp4", target)
	})
	if err != nil {
		return fmt.Errorf("storm: listen in place of %s: %w", target, err)
	}
	pair.Serve(side, listener, func(ctx context.Context) (net.Conn, error) { return s.middle.DialContext(ctx, "tcp", target) })
	return nil
}

// part cuts what is between laptops that are far from each other, meetAgain mends it.
func (s *Sea) part() {
	for _, p := range s.Pairs {
		p.Turn(faultproxy.BlackHole)
	}
}

func (s *Sea) meetAgain() {
	for _, p := range s.Pairs {
		p.Turn(faultproxy.Slow)
	}
}

// makePages makes pages, by turns at one hub and the other.
func (s *Sea) makePages() error {
	for i := range s.Spec.Pages {
		name, host := fmt.Sprintf("page %d", i+1), s.net.Host(1+len(s.Devices())+i)
		var pairs []*faultproxy.Pair
		for _, hub := range s.Hubs {
			if s.Spec.Calm {
				continue
			}
			pair := s.pair(name + " and " + hub.Setup.Name)
			if err := s.between(pair, 0, host, hub.host, WebPort); err != nil {
				return err
			}
			pairs = append(pairs, pair)
		}
		s.PagePairs = append(s.PagePairs, pairs)
		base := "http://" + webAddress(s.Hubs[i%len(s.Hubs)])
		s.Pages = append(s.Pages, NewPage(name, s.Spec.Seed<<8+uint64(i), base, s.session.String(), s.code, s.texts, s.Ledger, host.DialContext))
	}
	return nil
}

// Start starts all devices.
func (s *Sea) Start() error {
	var errs []error
	for _, d := range s.All() {
		errs = append(errs, d.Start())
	}
	return errors.Join(errs...)
}

// Stop ends all devices in order, and the networks.
func (s *Sea) Stop() error {
	var errs []error
	for _, d := range s.All() {
		errs = append(errs, d.Stop())
	}
	return errors.Join(append(errs, s.closeNetworks())...)
}

func (s *Sea) closeNetworks() error {
	var errs []error
	for _, p := range s.Pairs {
		errs = append(errs, p.Close())
	}
	for _, pairs := range s.PagePairs {
		for _, p := range pairs {
			errs = append(errs, p.Close())
		}
	}
	return errors.Join(errs...)
}

func (s *Sea) kill() {
	for _, d := range s.All() {
		d.Kill()
	}
	s.closeNetworks()
}

// Same asks all devices until they say the same digest, and gives after what time; an
// error tells how they stand when the time is over.
func (s *Sea) Same(ctx context.Context, limit time.Duration) (time.Duration, error) {
	began := time.Now()
	for {
		digests, stand := map[string]bool{}, ""
		for _, d := range s.All() {
			digest, err := d.Digest()
			if err != nil {
				return 0, err
			}
			digests[digest] = true
			stand += fmt.Sprintf("\n%s: digest %.16s", d.Name(), digest)
		}
		took := time.Since(began)
		if len(digests) == 1 {
			for s.agreed = range digests {
			}
			return took, nil
		}
		if took > limit {
			return took, fmt.Errorf("after %v the devices differ:%s", took.Round(time.Millisecond), stand)
		}
		if !pause(ctx, 50*time.Millisecond) {
			return took, ctx.Err()
		}
	}
}

// Judge reads all files, folds them anew and holds them against the ledger; the state has
// to be the one that all devices said to have when they were the same last. It gives the
// number of entries of each record, and an error for all that does not hold.
func (s *Sea) Judge() (entries int, err error) {
	return s.judge(s.All(), s.agreed)
}

func (s *Sea) judge(all []Laptop, digest string) (entries int, err error) {
	var wrong []error
	for _, d := range all {
		record, err := d.Read()
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		for _, w := range s.Ledger.Judge(record) {
			wrong = append(wrong, fmt.Errorf("%s: %w", d.Name(), w))
		}
		if entries = record.Entries; record.Digest != digest {
			wrong = append(wrong, fmt.Errorf("the file of %s gives the digest %.16s; all said %.16s", d.Name(), record.Digest, digest))
		}
	}
	return entries, errors.Join(append(wrong, s.Ledger.Err())...)
}
