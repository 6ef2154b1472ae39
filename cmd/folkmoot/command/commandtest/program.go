package commandtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Program is the path of a built folkmootd.
type Program string

// Build builds the program into a folder.
func Build(ctx context.Context, folder string) (Program, error) {
	path := filepath.Join(folder, "folkmootd")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "folkmoot/cmd/folkmootd").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build folkmootd: %w\n%s", err, out)
	}
	return Program(path), nil
}

// Run runs a command on a data folder and gives what it printed. What it said on
// standard error stands in the error.
func (p Program) Run(ctx context.Context, data string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, string(p), append([]string{"--data", data}, args...)...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("folkmootd %s: %w\n%s", strings.Join(args, " "), err, said.String())
	}
	return out.String(), nil
}

// Has says whether the program has a command.
func (p Program) Has(ctx context.Context, command string) (bool, error) {
	help, err := p.Run(ctx, os.TempDir(), "--help")
	return regexp.MustCompile(`(?m)^ +` + regexp.QuoteMeta(command) + ` `).MatchString(help), err
}

// Server is a running "folkmootd serve".
type Server struct {
	// Base is the address of the phones, Code what they enter, Host the link of the host's page.
	Base, Code, Host string

	cmd    *exec.Cmd
	said   *tail
	stdout chan struct{} // closed when the program has said its last word
	over   bool
}

var (
	joinLine = regexp.MustCompile(`(?m)^Join +(http://[^/]+)/j/(\d{6})`)
	hostLine = regexp.MustCompile(`(?m)^Host +(\S+)`)
)

// Serve starts a hub and waits until it says whether voting is open.
func (p Program) Serve(data, listen string, args ...string) (*Server, error) {
	s := &Server{stdout: make(chan struct{}), said: &tail{}}
	s.cmd = exec.Command(string(p), append([]string{"--data", data, "serve", "--listen", listen}, args...)...)
	s.cmd.Stderr = s.said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan string, 1)
	go func() {
		defer close(s.stdout)
		defer close(ready)
		var said strings.Builder
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			said.WriteString(lines.Text() + "\n")
			if strings.HasPrefix(lines.Text(), "Voting is ") {
				ready <- said.String()
			}
		}
	}()
	said, ok := <-ready
	if !ok {
		return nil, fmt.Errorf("serve ended: %w\n%s", errors.Join(s.cmd.Wait()), s.said)
	}
	join, host := joinLine.FindStringSubmatch(said), hostLine.FindStringSubmatch(said)
	if join == nil || host == nil {
		s.Kill()
		return nil, fmt.Errorf("serve printed no address to join:\n%s", said)
	}
	s.Base, s.Code, s.Host = join[1], join[2], host[1]
	return s, nil
}

// Kill ends the hub like a power cut would, as far as a process goes. A hub that has
// ended already stays so.
func (s *Server) Kill() {
	if s.over {
		return
	}
	s.cmd.Process.Kill()
	<-s.stdout
	s.cmd.Wait()
	s.over = true
}

// Interrupt ends the hub as Ctrl-C does. Error: it did not end well.
func (s *Server) Interrupt() error {
	s.cmd.Process.Signal(os.Interrupt)
	<-s.stdout
	err := s.cmd.Wait()
	s.over = true
	if err != nil {
		return fmt.Errorf("serve after an interrupt: %w\n%s", err, s.said)
	}
	return nil
}

// PID gives the number of the hub's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Said gives the end of what the hub said on standard error.
func (s *Server) Said() string { return s.said.String() }

// tail keeps the end of what is written.
type tail struct {
	mu   sync.Mutex
	data []byte
}

func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 16 << 10
	t.data = append(t.data, data...)
	if over := len(t.data) - most; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(data), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.data)
}

// FreeAddress gives a loopback address that nobody listens on.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
