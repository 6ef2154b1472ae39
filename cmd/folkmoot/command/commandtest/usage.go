package commandtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Usage is what a process takes of its computer at one moment.
type Usage struct {
	At time.Time
	// Resident is all its memory; Anon is that without mapped files, which the system
	// takes back when it likes: the record grows, and is mapped. In MiB.
	Resident, Anon float64
	// CPU is the time that it has computed.
	CPU time.Duration
}

// ErrNoUsage is the error of a system that keeps no such figures.
var ErrNoUsage = errors.New("this system has no /proc: no figures of memory and processor")

// clockTick is the unit of /proc/…/stat on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// UsageOf measures a process.
func UsageOf(pid int) (Usage, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Usage{}, fmt.Errorf("%w (%v)", ErrNoUsage, err)
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Usage{}, fmt.Errorf("%w (%v)", ErrNoUsage, err)
	}
	u := Usage{At: time.Now()}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			u.Resident = mebibytes(rest)
		}
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			u.Anon = mebibytes(rest)
		}
	}
	// The program's name stands in brackets and may hold anything; what follows is numbers.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return Usage{}, ErrNoUsage
	}
	for _, field := range fields[11:13] { // utime and stime
		ticks, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return Usage{}, fmt.Errorf("%w (%v)", ErrNoUsage, err)
		}
		u.CPU += time.Duration(ticks) * clockTick
	}
	return u, nil
}

// SocketsOf gives how many files and connections a process has open; 0 where there are
// no figures.
func SocketsOf(pid int) int {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return 0
	}
	return len(entries)
}

// Busy gives how many programs of the whole computer wanted a processor in the last
// minute; 0 where there are no figures. Far above the number of processors, whatever is
// measured tells of the others.
func Busy() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	load, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return load
}

func mebibytes(field string) float64 {
	kib, err := strconv.ParseFloat(strings.Fields(field)[0], 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}

// Meter measures a process once a second, until stopped. See Watch.
type Meter struct {
	stop context.CancelFunc
	done sync.WaitGroup
	all  []Usage
}

// Watch begins to measure a process.
func Watch(pid int) *Meter {
	ctx, stop := context.WithCancel(context.Background())
	m := &Meter{stop: stop}
	m.done.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for ctx.Err() == nil {
			m.take(pid)
			select {
			case <-tick.C:
			case <-ctx.Done():
				m.take(pid)
			}
		}
	})
	return m
}

// Measured is what a Meter has found.
type Measured struct {
	// Anon is the memory without mapped files, half of the time less; Most is the most
	// of all memory. In MiB.
	Anon, Most float64
	// Cores is how many processors were busy on average.
	Cores float64
}

func (m *Meter) take(pid int) {
	if u, err := UsageOf(pid); err == nil {
		m.all = append(m.all, u)
	}
}

// Stop ends the measuring and gives what was found; all zero where there are no figures.
func (m *Meter) Stop() Measured {
	m.stop()
	m.done.Wait()
	if len(m.all) == 0 {
		return Measured{}
	}
	var out Measured
	var anon []float64
	for _, u := range m.all {
		anon, out.Most = append(anon, u.Anon), max(out.Most, u.Resident)
	}
	slices.Sort(anon)
	out.Anon = anon[len(anon)/2]
	first, last := m.all[0], m.all[len(m.all)-1]
	if passed := last.At.Sub(first.At); passed > 0 {
		out.Cores = float64(last.CPU-first.CPU) / float64(passed)
	}
	return out
}
