package mdns_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/sync/mdns"
	"folkmoot/sync/nettest"
)

// avahi is the daemon of that name on a host, with a message bus of its own.
type avahi struct {
	t    *testing.T
	host *nettest.Host
	bus  string
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`

const avahiConfig = `[server]
host-name=elsewhere
use-ipv4=yes
use-ipv6=yes
allow-interfaces=eth0
[publish]
publish-workstation=no
publish-hinfo=no
`

// startAvahi starts the daemon and waits until it says that it is ready.
func startAvahi(t *testing.T, h *nettest.Host) *avahi {
	t.Helper()
	for _, program := range []string{"avahi-daemon", "avahi-browse", "avahi-resolve", "avahi-publish", "dbus-daemon", "unshare"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: run make tools", program)
		}
	}
	dir := t.TempDir()
	a := &avahi{t: t, host: h, bus: "unix:path=" + filepath.Join(dir, "bus")}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bus := write("bus.conf", fmt.Sprintf(busConfig, a.bus))
	a.start("unix:path=", false, "dbus-daemon", "--nofork", "--nopidfile", "--print-address=1", "--config-file="+bus)
	// It wants a folder in /run that its own user owns; in a user namespace there is but one.
	a.start("Server startup complete", true, "unshare", "--mount", "sh", "-c",
		`mount -t tmpfs none /run && mkdir /run/avahi-daemon && mount --bind "$1" /etc/passwd && mount --bind "$2" /etc/group &&
		exec avahi-daemon --no-drop-root --no-chroot --no-rlimits --no-proc-title -f "$0"`,
		write("avahi.conf", avahiConfig),
		write("passwd", "root:x:0:0::/:/bin/sh\navahi:x:0:0::/:/bin/sh\n"), write("group", "root:x:0:\navahi:x:0:\nnetdev:x:0:\n"))
	return a
}

// command gives a program on the host that knows the bus.
func (a *avahi) command(name string, arguments ...string) *exec.Cmd {
	cmd := a.host.Command(name, arguments...)
	cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS="+a.bus)
	return cmd
}

// start starts a program that runs until the test ends, and waits for it to say ready, on
// standard output or error.
func (a *avahi) start(ready string, onError bool, name string, arguments ...string) {
	a.t.Helper()
	cmd := a.command(name, arguments...)
	reader, writer := io.Pipe()
	if onError {
		cmd.Stderr = writer
	} else {
		cmd.Stdout = writer
	}
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		writer.Close()
		close(ended)
	}()
	a.t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
	})
	lines, said := bufio.NewScanner(reader), ""
	for lines.Scan() {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), ready) {
			go io.Copy(io.Discard, reader)
			return
		}
	}
	a.t.Fatalf("%s ended: %s", name, said)
}

// run gives what a program says on standard output until it ends.
func (a *avahi) run(name string, arguments ...string) string {
	a.t.Helper()
	out, err := a.command(name, arguments...).Output()
	if err != nil {
		a.t.Fatalf("%s %q: %v", name, arguments, err)
	}
	return string(out)
}

// watch gives the lines that a program says as it goes on.
func (a *avahi) watch(name string, arguments ...string) <-chan string {
	a.t.Helper()
	cmd := a.command(name, arguments...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		a.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	lines := make(chan string, 1000)
	go func() {
		scanner := bufio.NewScanner(out)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
		cmd.Wait()
		close(lines)
	}()
	a.t.Cleanup(func() {
		cmd.Process.Kill()
		for range lines {
		}
	})
	return lines
}

// untilLines waits until each of the beginnings was said.
func untilLines(t *testing.T, lines <-chan string, limit time.Duration, beginnings ...string) {
	t.Helper()
	missing, late, start, said := map[string]bool{}, time.After(limit), time.Now(), ""
	for _, b := range beginnings {
		missing[b] = true
	}
	for len(missing) > 0 {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("it ended before it said %v:\n%s", missing, said)
			}
			said += line + "\n"
			for b := range missing {
				if strings.HasPrefix(line, b) {
					delete(missing, b)
				}
			}
		case <-late:
			t.Fatalf("not within %v: %v; only\n%s", limit, missing, said)
		}
	}
	t.Logf("%q: %v", beginnings, time.Since(start).Round(time.Millisecond))
}

// TestAvahiSeesUs asks another program for what we announce, and watches it leave.
func TestAvahiSeesUs(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2)
	daemon := startAvahi(t, n.Host(2))
	lines := daemon.watch("avahi-browse", "-rp", mdns.Type)
	a := announce(t, n.Host(1), hub)
	const name = `\228\184\137\230\168\147\229\164\167\229\187\179\032Hall\0323\.1;_folkmoot._tcp;local`
	untilLines(t, lines, 5*time.Second, "=;eth0;IPv4;"+name, "=;eth0;IPv6;"+name)

	all := daemon.run("avahi-browse", "-rpt", mdns.Type)
	for _, want := range []string{";folkmoot.local;10.77.0.1;8443;", `"role=hub"`, `"w=8080"`, `"id=0f3a"`, `"n=\228\184\137\230\168\147\229\164\167\229\187\179 Hall 3.1"`} {
		if !strings.Contains(all, want) {
			t.Errorf("avahi-browse does not say %s:\n%s", want, all)
		}
	}
	for _, spelling := range []string{"folkmoot.local", "FolkMoot.LOCAL"} {
		if got, want := daemon.run("avahi-resolve", "-4", "-n", spelling), "10.77.0.1"; !strings.Contains(got, want) {
			t.Errorf("avahi-resolve %s: got %q, want %s", spelling, got, want)
		}
	}
	if got, want := daemon.run("avahi-resolve", "-6", "-n", "folkmoot.local"), "fe80::77:1"; !strings.Contains(got, want) {
		t.Errorf("avahi-resolve -6: got %q, want %s", got, want)
	}

	go a.Close()
	untilLines(t, lines, 1500*time.Millisecond, "-;eth0;IPv4;"+name, "-;eth0;IPv6;"+name)
}

// TestWeSeeAvahi finds what another program announces, and that it leaves.
func TestWeSeeAvahi(t *testing.T) {
	t.Parallel()
	n := nettest.New(t, 2)
	daemon := startAvahi(t, n.Host(1))
	b := browse(t, n.Host(2))
	publisher := daemon.command("avahi-publish", "-s", "樓上 Upstairs 2.0", mdns.Type, "7777", "id=77", `n=樓上 \ 2.0`)
	if err := publisher.Start(); err != nil {
		t.Fatal(err)
	}
	defer publisher.Process.Kill()
	until(t, b, "a service by avahi", 6*time.Second, func(services []mdns.Found) bool {
		return one(services) && len(services[0].Addresses) > 0 && services[0].Addresses[0] == n.Host(1).Addr()
	})
	got := b.Services()[0]
	if got.Instance != "樓上 Upstairs 2.0" || got.Port != 7777 || got.Host != "elsewhere.local" || got.Text["id"] != "77" || got.Text["n"] != `樓上 \ 2.0` {
		t.Errorf("found %+v", got)
	}
	publisher.Process.Kill()
	publisher.Wait()
	until(t, b, "its goodbye", 3*time.Second, nobody)
}
