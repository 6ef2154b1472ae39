package main_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// deskProgram gives the program with the window. It needs a C compiler, so that it is
// built once, before the tests, and not by them.
func deskProgram(t *testing.T) string {
	t.Helper()
	path := os.Getenv("FOLKMOOT_DESK")
	if path == "" {
		t.Fatal("FOLKMOOT_DESK is not set: build the desk (CGO_ENABLED=1 go build -o bin/folkmoot ./cmd/folkmoot) and set FOLKMOOT_DESK to its path")
	}
	if !filepath.IsAbs(path) {
		t.Fatalf("FOLKMOOT_DESK is %q, want an absolute path", path)
	}
	return path
}

// laptop is what the program finds on the computer: a home and a free port.
type laptop struct {
	t    *testing.T
	home string
	port int
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	deskProgram(t)
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return &laptop{t: t, home: t.TempDir(), port: l.Addr().(*net.TCPAddr).Port}
}

// base is the hub's address.
func (l *laptop) base() string { return fmt.Sprintf("http://127.0.0.1:%d", l.port) }

// command makes a call of the program. display may be "".
func (l *laptop) command(display string, args ...string) *exec.Cmd {
	cmd := exec.Command(deskProgram(l.t), append([]string{"--data", filepath.Join(l.home, "data")}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + l.home, "XDG_CONFIG_HOME=" + filepath.Join(l.home, "config"),
		"LANG=en_US.UTF-8", "FYNE_SCALE=1", "FOLKMOOT_TRACE=" + l.trace()}
	if display != "" {
		cmd.Env = append(cmd.Env, "DISPLAY="+display)
	}
	return cmd
}

func (l *laptop) trace() string { return filepath.Join(l.home, "trace.json") }

// running is the program while it runs.
type running struct {
	*laptop
	cmd   *exec.Cmd
	log   string        // a file with all that it said
	ended chan struct{} // closed: it has
}

// start starts the desk; it is stopped when the test ends. On the network it says nothing.
func (l *laptop) start(display string, args ...string) *running {
	l.t.Helper()
	return l.run(display, append([]string{"--port", strconv.Itoa(l.port), "--no-mdns", "--peers", "127.0.0.1:0"}, args...)...)
}

// run starts the program with some words; it is stopped when the test ends.
func (l *laptop) run(display string, args ...string) *running {
	l.t.Helper()
	file, err := os.CreateTemp(l.home, "log-")
	if err != nil {
		l.t.Fatal(err)
	}
	defer file.Close()
	os.Remove(l.trace()) // of the run before
	r := &running{laptop: l, cmd: l.command(display, args...), log: file.Name(), ended: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = file, file
	if err := r.cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	go func() { defer close(r.ended); r.cmd.Wait() }()
	l.t.Cleanup(func() { r.cmd.Process.Kill(); <-r.ended })
	return r
}

// said gives all that the program printed.
func (r *running) said() string {
	data, err := os.ReadFile(r.log)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(data)
}

// knownFault is what Fyne 2.7.1 says now and then when it ends: it writes the preferences
// once more, and its own watcher of that file reads it while it is empty. Nothing is lost.
var knownFault = regexp.MustCompile(`(?m)^.*Fyne error: +Preferences load error:\n.*Cause: EOF\n.*preferences\.go:\d+\n`)

// ends waits until the program has ended by itself, without a fault.
func (r *running) ends() {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(patience):
		r.t.Fatalf("the program does not end; it said:\n%s", r.said())
	}
	if code := r.cmd.ProcessState.ExitCode(); code != 0 {
		r.t.Errorf("the program ended with status %d; it said:\n%s", code, r.said())
	}
	said := knownFault.ReplaceAllString(r.said(), "")
	for _, fault := range []string{"Error in Fyne call thread", "Fyne error", "panic"} {
		if strings.Contains(said, fault) {
			r.t.Errorf("the program said %q:\n%s", fault, r.said())
		}
	}
}
