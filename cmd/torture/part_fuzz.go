package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// fuzzTarget is one fuzz test.
type fuzzTarget struct{ folder, name string }

const (
	fuzzShort   = 3  // steps of a target in the short run, ten seconds each
	fuzzRelease = 10 // further steps in the release run, a million inputs each
)

var fuzzFunction = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// fuzzPart runs every fuzz test of the module, by turns. What it finds stays in
// testdata/fuzz of the package and is a test from then on.
func fuzzPart(*workshop) (Part, error) {
	targets, err := fuzzTargets(".")
	if err != nil {
		return Part{}, err
	}
	short := fuzzShort * len(targets)
	return Part{
		Name: "fuzz", What: fmt.Sprintf("%d fuzz tests of decoders and importers: 30 s each, before a release ten million inputs each", len(targets)),
		Short: short, Release: short + fuzzRelease*len(targets),
		Run: func(ctx context.Context, from, to int, note func(string, float64)) error {
			for step := from; step < to; step++ {
				how := "10s"
				if step >= short {
					how = "1000000x"
				}
				if err := targets[step%len(targets)].run(ctx, how); err != nil {
					return At(step, err)
				}
			}
			return nil
		},
	}, nil
}

// run fuzzes one target for a time, or for so many inputs.
func (f fuzzTarget) run(ctx context.Context, how string) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-tags", "ci", "-run", "^$", "-fuzz", "^"+f.name+"$", "-fuzztime", how, "-timeout", "0", "./"+f.folder)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go test ends its children
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s in %s: %w\n%s", f.name, f.folder, err, out)
	}
	return nil
}

// fuzzTargets finds all fuzz tests below a folder, in the order of their names.
func fuzzTargets(root string) ([]fuzzTarget, error) {
	var targets []fuzzTarget
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "node_modules", "out", "bin", "testdata"}, entry.Name()) {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range fuzzFunction.FindAllSubmatch(source, -1) {
			targets = append(targets, fuzzTarget{filepath.ToSlash(filepath.Dir(path)), string(found[1])})
		}
		return nil
	})
	if len(targets) == 0 && err == nil {
		err = errors.New("no fuzz test was found: start torture in the module's folder")
	}
	return targets, err
}
