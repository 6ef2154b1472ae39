package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// state is what is kept between runs.
type state struct {
	Parts map[string]*progress `json:"parts"`
}

// progress is how far a part is: the steps below Done are done, some of them badly.
type progress struct {
	Done     int                `json:"done"`
	Seconds  float64            `json:"seconds"`
	Failures []failure          `json:"failures"`
	Figures  map[string]*figure `json:"figures"`
	// Builds is which builds of the code were tried, the latest last.
	Builds []string `json:"builds"`
}

// failure is a step that went wrong.
type failure struct {
	Step  int    `json:"step"`
	Why   string `json:"why"`
	Build string `json:"build"`
}

// figure sums up the values noted under one name.
type figure struct {
	Count int     `json:"count"`
	Sum   float64 `json:"sum"`
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

func (f *figure) add(value float64) {
	if f.Count == 0 {
		f.Least, f.Most = value, value
	}
	f.Count, f.Sum = f.Count+1, f.Sum+value
	f.Least, f.Most = min(f.Least, value), max(f.Most, value)
}

// loadState reads what an earlier run left; nothing yet is an empty state.
func loadState(path string, fresh bool) (*state, error) {
	s := &state{Parts: map[string]*progress{}}
	data, err := os.ReadFile(path)
	if fresh || errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(data, s)
	}
	if err != nil || s.Parts == nil {
		return nil, fmt.Errorf("%s cannot be read (%v): begin anew with FRESH=1", path, err)
	}
	return s, nil
}

func (s *state) save(path string) error {
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return writeFile(path, data)
}

// of gives the progress of a part, which begins with its first mention.
func (s *state) of(p Part) *progress {
	if s.Parts[p.Name] == nil {
		s.Parts[p.Name] = &progress{Figures: map[string]*figure{}}
	}
	return s.Parts[p.Name]
}

func (s *state) failures(parts []Part) int {
	n := 0
	for _, p := range parts {
		n += len(s.of(p).Failures)
	}
	return n
}

// settle takes what came of the steps from ≤ step < to; a failed one ends them. What it
// had noted until then is kept.
func (p *progress) settle(from, to int, failed *failure, noted map[string]*figure, seconds float64, build string) {
	p.Seconds += seconds
	if !slices.Contains(p.Builds, build) {
		p.Builds = append(p.Builds, build)
	}
	if failed != nil {
		to = failed.Step + 1
	}
	p.Failures = slices.DeleteFunc(p.Failures, func(f failure) bool { return f.Step >= from && f.Step < to })
	if failed != nil {
		p.Failures = append(p.Failures, *failed)
	}
	for key, values := range noted {
		if p.Figures[key] == nil {
			p.Figures[key] = &figure{Least: values.Least, Most: values.Most}
		}
		f := p.Figures[key]
		f.Count, f.Sum = f.Count+values.Count, f.Sum+values.Sum
		f.Least, f.Most = min(f.Least, values.Least), max(f.Most, values.Most)
	}
}

// writeFile writes a file whole or not at all.
func writeFile(path string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".torture")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temp.Name(), 0o644)
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
