// Torture tries very often what the tests in "make test" only taste: it kills, loads
// and floods the real program, again and again, for as long as it is given. It is for
// developers and is not shipped.
//
// Start with parts.go, the list of what is tried; deal.go shares the time among the
// parts, state.go keeps what is done, so that a run goes on where the last one stopped,
// report.go says what came of it.
//
// Words: a part is one thing to try; it has counted steps, and the number of a step is
// its seed. The short run has fewer steps than the release run.
//
// It must be started in the module's folder, as "make torture" does.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type options struct {
	out     string
	budget  time.Duration
	release bool
	only    []string
	step    int // -1: all that is not done
	fresh   bool
}

func main() {
	var o options
	only := ""
	flag.StringVar(&o.out, "out", filepath.Join("out", "torture"), "folder of state and report")
	flag.DurationVar(&o.budget, "budget", 20*time.Minute, "how long to go on")
	flag.BoolVar(&o.release, "release", false, "as many steps as before a release")
	flag.StringVar(&only, "only", "", "names of the parts to try, with commas; empty for all")
	flag.IntVar(&o.step, "step", -1, "try this step of one part only, done or not")
	flag.BoolVar(&o.fresh, "fresh", false, "forget what was done before")
	flag.Parse()
	if flag.Arg(0) == smallDisk {
		os.Exit(onSmallDisk(flag.Args()[1:]))
	}
	o.only = strings.FieldsFunc(only, func(r rune) bool { return r == ',' || r == ' ' })
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends at once
	status, err := torture(ctx, o, parts, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		status = 2
	}
	os.Exit(status)
}

// torture runs what is not yet done and writes the report. It gives the exit status:
// 0 where nothing ever failed, 1 where something did. The error is of what could not
// even be tried.
func torture(ctx context.Context, o options, list func(*workshop) ([]Part, error), out io.Writer) (int, error) {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return 0, err
	}
	shop, err := newWorkshop(o.out)
	if err != nil {
		return 0, err
	}
	defer shop.close()
	all, err := list(shop)
	if err != nil {
		return 0, err
	}
	chosen, err := choose(all, o)
	if err != nil {
		return 0, err
	}
	path := filepath.Join(o.out, "state.json")
	state, err := loadState(path, o.fresh)
	if err != nil {
		return 0, err
	}
	d := &dealer{options: o, parts: chosen, state: state, path: path, out: out, now: time.Now, build: build(ctx)}
	if err := d.run(ctx); err != nil {
		return 0, err
	}
	text := report(all, state, o.release, machine())
	if err := writeFile(filepath.Join(o.out, "report.md"), []byte(text)); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "\n%s", text)
	if state.failures(all) > 0 {
		return 1, nil
	}
	return 0, nil
}

// choose gives the parts that are asked for.
func choose(all []Part, o options) ([]Part, error) {
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	for _, name := range o.only {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("there is no part %q; there are: %s", name, strings.Join(names, ", "))
		}
	}
	var chosen []Part
	for _, p := range all {
		if len(o.only) == 0 || slices.Contains(o.only, p.Name) {
			chosen = append(chosen, p)
		}
	}
	if o.step >= 0 && len(chosen) != 1 {
		return nil, fmt.Errorf("a step is of one part: say which with ONLY")
	}
	return chosen, nil
}

// build names the code that is tried.
func build(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty=+changes", "--abbrev=8").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func machine() string {
	return fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}
