package main_test

import (
	"bufio"
	"fmt"
	"image"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Size of the pretend screen: the desk's window and the wall's stand beside each other.
const screenWidth, screenHeight = 2600, 1600

// patience is how long a test waits for what must be seen.
const patience = 20 * time.Second

// glance is how often it looks.
const glance = 25 * time.Millisecond

// tools are the programs that the tests need, with Debian's packages for them.
var tools = map[string]string{"Xvfb": "xvfb", "xdotool": "xdotool", "xclip": "xclip"}

// screen is a pretend display of its own, with a mouse, keys and a clipboard.
type screen struct {
	t      *testing.T
	name   string // as in DISPLAY
	server *exec.Cmd
	gone   chan struct{} // closed: the display is
	x      *x11
}

// newScreen starts a display; it goes when the test ends.
func newScreen(t *testing.T) *screen {
	t.Helper()
	for program, pack := range tools {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: install the package %s, then try again", program, pack)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	s := &screen{t: t, gone: make(chan struct{})}
	s.server = exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp", "-noreset")
	s.server.ExtraFiles = []*os.File{write}
	err = s.server.Start()
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	go func() { defer close(s.gone); s.server.Wait() }()
	t.Cleanup(s.pullOut)
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gave no display: %v", err)
	}
	number = strings.TrimSpace(number)
	s.name, s.x = ":"+number, dialX11(t, number)
	return s
}

// pullOut takes the display away.
func (s *screen) pullOut() {
	s.server.Process.Kill()
	<-s.gone
}

// do runs xdotool and gives what it said.
func (s *screen) do(args ...string) string {
	s.t.Helper()
	said, err := s.try(args...)
	if err != nil {
		s.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, said)
	}
	return said
}

func (s *screen) try(args ...string) (string, error) {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.name)
	said, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(said)), err
}

// copies puts a text on the clipboard, as copying it in another program does.
func (s *screen) copies(text string) {
	s.t.Helper()
	cmd := exec.Command("xclip", "-selection", "clipboard", "-in")
	cmd.Env = append(os.Environ(), "DISPLAY="+s.name)
	cmd.Stdin = strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("xclip: %v", err)
	}
}

// window gives the window with a title, as a pattern; 0 where there is none.
func (s *screen) window(title string) uint32 {
	said, err := s.try("search", "--onlyvisible", "--name", title)
	if err != nil { // it found nothing
		return 0
	}
	number, err := strconv.ParseUint(strings.Fields(said)[0], 10, 32)
	if err != nil {
		s.t.Fatalf("xdotool found %q for %s", said, title)
	}
	return uint32(number)
}

// area gives where a window stands.
func (s *screen) area(window uint32) image.Rectangle {
	s.t.Helper()
	values := map[string]int{}
	for line := range strings.Lines(s.do("getwindowgeometry", "--shell", fmt.Sprint(window))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		values[name], _ = strconv.Atoi(value)
	}
	return image.Rect(values["X"], values["Y"], values["X"]+values["WIDTH"], values["Y"]+values["HEIGHT"])
}

// wait looks again and again until something is so, and says whether it came to that.
func wait(met func() bool) bool {
	deadline, ticker := time.NewTimer(patience), time.NewTicker(glance)
	defer deadline.Stop()
	defer ticker.Stop()
	for !met() {
		select {
		case <-ticker.C:
		case <-deadline.C:
			return false
		}
	}
	return true
}
