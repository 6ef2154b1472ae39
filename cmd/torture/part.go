package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"folkmoot/cmd/folkmoot/command/commandtest"
)

// Part is one thing to try very often.
type Part struct {
	// Name is what ONLY takes, What a line for the report.
	Name, What string
	// Short and Release are how many steps the two runs have; the release run goes on
	// after the short one.
	Short, Release int
	// Chunk is how many steps a call of Run is given at most; 0 for one. More make
	// sense where beginning costs much, and mean more to do again after an interrupt.
	Chunk int
	// Run tries the steps from ≤ step < to; the number of a step is its seed. It returns
	// soon after ctx ends: then its steps count as not done, whatever it says. Figures
	// for the report are noted by name. Error: what failed; At says at which step, else
	// the first is blamed.
	Run func(ctx context.Context, from, to int, note func(key string, value float64)) error
	// Close, which may be nil, is called after the last Run and frees what Run keeps.
	Close func() error
}

// steps says how many steps a run has.
func (p Part) steps(release bool) int {
	if release {
		return p.Release
	}
	return p.Short
}

// stepError is a failure with the step that it belongs to.
type stepError struct {
	step int
	err  error
}

func (s *stepError) Error() string { return s.err.Error() }
func (s *stepError) Unwrap() error { return s.err }

// At says at which step something failed; nil stays nil.
func At(step int, err error) error {
	if err == nil {
		return nil
	}
	return &stepError{step, err}
}

// failedAt gives the step that an error blames, which lies from ≤ step < to.
func failedAt(err error, from, to int) int {
	var at *stepError
	if errors.As(err, &at) && at.step >= from && at.step < to {
		return at.step
	}
	return from
}

// workshop is what parts share: a folder, and the program, built once.
type workshop struct {
	out     string // of state and report; parts that keep data have a folder below it
	scratch string // is gone afterwards
	once    sync.Once
	program commandtest.Program
	err     error
}

func newWorkshop(out string) (*workshop, error) {
	absolute, err := filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp(absolute, "scratch")
	if err != nil {
		return nil, fmt.Errorf("make a folder to work in: %w", err)
	}
	return &workshop{out: absolute, scratch: scratch}, nil
}

func (w *workshop) close() { os.RemoveAll(w.scratch) }

// built gives the real program.
func (w *workshop) built(ctx context.Context) (commandtest.Program, error) {
	w.once.Do(func() { w.program, w.err = commandtest.Build(ctx, w.scratch) })
	return w.program, w.err
}

// folder gives a new empty folder that is gone afterwards.
func (w *workshop) folder(name string) (string, error) { return os.MkdirTemp(w.scratch, name) }
