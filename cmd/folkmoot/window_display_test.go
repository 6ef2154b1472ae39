package main_test

import (
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"folkmoot/app/look"
)

// alive says whether a hub answers.
func (r *running) alive() bool {
	res, err := http.Get(r.base() + "/api/v1/alive")
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// awaits waits until something is so of the program.
func (r *running) awaits(what string, met func() bool) {
	r.t.Helper()
	if !wait(met) {
		r.t.Fatalf("waited for %s in vain; the program said:\n%s", what, r.said())
	}
}

// stopped stops the program as a system that goes down does.
func (r *running) stopped() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	r.ends()
}

// A projector's cable that is pulled out, or a display that breaks down, ends no session:
// phones go on.
func TestWindowDisplayGoes(t *testing.T) {
	laptop, screen := newLaptop(t), newScreen(t)
	d := openDesk(screen, laptop, look.Style{Lang: "en"}, "--sample")
	code := d.code()
	screen.pullOut()
	d.awaits("a word on the display", func() bool { return strings.Contains(d.said(), "the display is gone; phones notice nothing") })
	p := joinPhone(t, d.base(), code)
	p.writes(goodOne)
	if !d.alive() {
		t.Error("the hub does not answer without a display")
	}
	d.stopped()
}

// Without a display there is no window, and a sentence that says so.
func TestWindowNoDisplay(t *testing.T) {
	for name, display := range map[string]string{"none": "", "one that does not answer": ":9999"} {
		t.Run(name, func(t *testing.T) {
			sample := newLaptop(t).start(display, "--sample")
			sample.awaits("the hub of the sample", sample.alive)
			if !strings.Contains(sample.said(), "There is no display here") {
				t.Errorf("nothing is said of the display:\n%s", sample.said())
			}
			sample.stopped()
			said, err := newLaptop(t).command(display).CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("the desk without a display: %v, want exit status 1", err)
			}
			if lines := strings.Split(strings.TrimSpace(string(said)), "\n"); !strings.Contains(lines[0], "there is no display here") || len(lines) > 2 {
				t.Errorf("the desk without a display said:\n%s", said)
			}
		})
	}
}
