package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// report says of each part what was wanted, done and found, as Markdown.
func report(parts []Part, s *state, release bool, machine string) string {
	var b strings.Builder
	kind := "short run"
	if release {
		kind = "release run"
	}
	fmt.Fprintf(&b, "# Torture: %s\n\n%s. ", kind, machine)
	unfinished, failures := 0, s.failures(parts)
	for _, p := range parts {
		if s.of(p).Done < p.steps(release) {
			unfinished++
		}
	}
	switch {
	case failures > 0:
		fmt.Fprintf(&b, "**%d steps failed**, see below.", failures)
	case unfinished > 0:
		b.WriteString("Nothing failed so far.")
	default:
		b.WriteString("All is done and nothing failed.")
	}
	if unfinished > 0 {
		fmt.Fprintf(&b, " Parts that are not finished: %d; the same command goes on with them.", unfinished)
	}
	b.WriteString("\n\n| part | what | wanted | done | failed | time | builds |\n|---|---|---:|---:|---:|---:|---|\n")
	for _, p := range parts {
		done := s.of(p)
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %s | %s |\n", p.Name, p.What, p.steps(release), done.Done, len(done.Failures),
			time.Duration(done.Seconds*float64(time.Second)).Round(time.Second), strings.Join(done.Builds, ", "))
	}
	writeFigures(&b, parts, s)
	writeFailures(&b, parts, s)
	return b.String()
}

func writeFigures(b *strings.Builder, parts []Part, s *state) {
	for _, p := range parts {
		figures := s.of(p).Figures
		if len(figures) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n## %s\n\n| figure | mean | least | most | times |\n|---|---:|---:|---:|---:|\n", p.Name)
		for _, key := range slices.Sorted(maps.Keys(figures)) {
			f := figures[key]
			fmt.Fprintf(b, "| %s | %s | %s | %s | %d |\n", key, number(f.Sum/float64(f.Count)), number(f.Least), number(f.Most), f.Count)
		}
	}
}

func writeFailures(b *strings.Builder, parts []Part, s *state) {
	if s.failures(parts) == 0 {
		return
	}
	b.WriteString("\n## What failed\n\n")
	for _, p := range parts {
		for _, f := range s.of(p).Failures {
			fmt.Fprintf(b, "- %s, step and seed %d, build %s. Again: `%s`\n\n      %s\n\n", p.Name, f.Step, f.Build, again(p, f.Step),
				strings.ReplaceAll(strings.TrimSpace(f.Why), "\n", "\n      "))
		}
	}
}

// number writes a figure with three digits that count.
func number(v float64) string {
	switch {
	case v == float64(int64(v)):
		return fmt.Sprintf("%d", int64(v))
	case v >= 100 || v <= -100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10 || v <= -10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
