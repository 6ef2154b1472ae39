package command_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var (
	buildOnce sync.Once
	built     string
	buildErr  error
)

// program gives the path of folkmootd, built once a test run.
func program(t testing.TB) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "folkmootd")
		if err != nil {
			buildErr = err
			return
		}
		built = filepath.Join(dir, "folkmootd")
		out, err := exec.Command("go", "build", "-o", built, "folkmoot/cmd/folkmootd").CombinedOutput()
		if err != nil {
			buildErr = fmt.Errorf("build folkmootd: %w\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return built
}

// run runs a command and gives what it printed; it must succeed.
func run(t testing.TB, data string, args ...string) string {
	t.Helper()
	out, stderr, status := try(t, data, args...)
	if status != 0 {
		t.Fatalf("folkmootd %s: exit status %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return out
}

// try runs a command and gives what it printed and its exit status.
func try(t testing.TB, data string, args ...string) (out, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(program(t), append([]string{"--data", data}, args...)...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// runJSON runs a command with --json and reads its document.
func runJSON(t testing.TB, data string, into any, args ...string) {
	t.Helper()
	out := run(t, data, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("folkmootd %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// serving is a running "folkmootd serve".
type serving struct {
	t          testing.TB
	cmd        *exec.Cmd
	base, code string
	host       string
	stdout     chan struct{} // closed when the program has said its last word
}

var joinLine = regexp.MustCompile(`(?m)^Join +(http://[^/]+)/j/(\d{6})`)

// serve starts a hub and waits until it says that voting is open.
func serve(t testing.TB, data, listen string, args ...string) *serving {
	t.Helper()
	s := &serving{t: t, stdout: make(chan struct{})}
	s.cmd = exec.Command(program(t), append([]string{"--data", data, "serve", "--listen", listen}, args...)...)
	s.cmd.Stderr = &bytes.Buffer{}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		defer close(s.stdout)
		var said strings.Builder
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			said.WriteString(lines.Text() + "\n")
			if strings.HasPrefix(lines.Text(), "Voting is open") {
				ready <- said.String()
			}
		}
		close(ready)
	}()
	said, ok := <-ready
	if !ok {
		s.cmd.Wait()
		t.Fatalf("serve ended: %s", s.cmd.Stderr)
	}
	m := joinLine.FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("serve printed no address to join:\n%s", said)
	}
	s.base, s.code = m[1], m[2]
	s.host = strings.TrimSpace(regexp.MustCompile(`(?m)^Host +(\S+)`).FindStringSubmatch(said)[1])
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.kill()
		}
	})
	return s
}

// kill ends the hub like a power cut would, as far as a process goes.
func (s *serving) kill() {
	s.cmd.Process.Kill()
	<-s.stdout
	s.cmd.Wait()
}

// interrupt ends the hub as Ctrl-C does.
func (s *serving) interrupt() {
	s.t.Helper()
	s.cmd.Process.Signal(os.Interrupt)
	<-s.stdout
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("serve after an interrupt: %v\n%s", err, s.cmd.Stderr)
	}
}

// freeAddress gives a loopback address that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(filepath.Dir(built))
	}
	stopBrowser()
	os.Exit(code)
}
