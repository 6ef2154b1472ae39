package command_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"folkmoot/sync/link"
	"folkmoot/sync/store"
)

// figures is what a device in a process of its own measured.
type figures struct {
	Seconds float64 // until it held everything
	CPU     float64 // seconds of processor, this process only
	Peak    float64 // MiB, of the process
	Own     float64 // MiB of it that are not mapped files
	Entries int
	Digest  string
}

// BenchmarkCatchUp is a fresh device that fetches a whole session from a hub over loopback
// TLS, both in processes of their own and with records on the disk: from the start of the
// device to the commit of the last entry. goals: 100,000 entries in 20 s and 150 MiB.
func BenchmarkCatchUp(b *testing.B) {
	for _, entries := range []int{25_000, 50_000, 100_000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			dir := b.TempDir()
			hub, err := newBenchDevice(dir, 1, link.Hub)
			noErr(b, err)
			noErr(b, fill(hub, b.TempDir, entries))
			noErr(b, hub.know(2, link.Hub))
			noErr(b, hub.close())
			for b.Loop() {
				server := startDevice(b, "bench-hub", dir)
				var at string
				server.read(b, &at)
				client := startDevice(b, "bench-fresh", b.TempDir(), at, fmt.Sprint(entries))
				var got, gave figures
				client.read(b, &got)
				noErr(b, server.in.Close())
				server.read(b, &gave)
				noErr(b, client.wait())
				noErr(b, server.wait())
				if got.Entries != entries || got.Digest != gave.Digest {
					b.Fatalf("%d entries with digest %s, on the hub %s", got.Entries, got.Digest, gave.Digest)
				}
				b.ReportMetric(got.Seconds, "s")
				b.ReportMetric(float64(entries)/got.Seconds, "entries/s")
				b.ReportMetric(got.CPU*1e6/float64(entries), "cpu-µs/entry")
				b.ReportMetric(gave.CPU*1e6/float64(entries), "hub-cpu-µs/entry")
				b.ReportMetric(got.Peak, "peak-MiB")
				b.ReportMetric(got.Own, "anon-MiB")
				b.ReportMetric(gave.Peak, "hub-peak-MiB")
				b.ReportMetric(gave.Own, "hub-anon-MiB")
			}
		})
	}
}

// deviceProcess is a device in a process of its own.
type deviceProcess struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startDevice starts this test's program as one of the devices, see benchPrograms.
func startDevice(b *testing.B, name string, args ...string) *deviceProcess {
	b.Helper()
	self, err := os.Executable()
	noErr(b, err)
	cmd := &exec.Cmd{Path: self, Args: append([]string{name}, args...), Stderr: os.Stderr}
	in, err := cmd.StdinPipe()
	noErr(b, err)
	out, err := cmd.StdoutPipe()
	noErr(b, err)
	noErr(b, cmd.Start())
	p := &deviceProcess{cmd: cmd, in: in, out: bufio.NewReader(out)}
	b.Cleanup(func() { cmd.Process.Kill() })
	return p
}

func (p *deviceProcess) read(b *testing.B, into any) {
	b.Helper()
	line, err := p.out.ReadBytes('\n')
	noErr(b, err)
	noErr(b, json.Unmarshal(line, into))
}

func (p *deviceProcess) wait() error { return p.cmd.Wait() }

// benchPrograms are the devices of the benchmarks that run in processes of their own.
var benchPrograms = map[string]func(){"bench-hub": benchHub, "bench-fresh": benchFresh}

// say writes a line for the benchmark.
func say(v any) {
	if err := json.NewEncoder(os.Stdout).Encode(v); err != nil {
		os.Exit(1)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return v
}

// benchHub opens the session in a folder, says where it answers, and what it took when its
// input ends.
func benchHub() {
	file := must(store.Open(filepath.Join(os.Args[1], store.Name(benchSession)), store.Options{}))
	d := must(openBenchDevice(file, 1, link.Hub))
	listener := must(d.listen())
	must(0, d.start(listener))
	say(d.at)
	used := processorTime()
	peak := watchAnonymous()
	must(io.Copy(io.Discard, os.Stdin))
	say(figures{CPU: processorTime() - used, Peak: peakMiB(), Own: peak(), Entries: d.entries(), Digest: d.record.View().Digest()})
	must(0, d.close())
}

// benchFresh makes a device in a folder that fetches everything from a hub.
func benchFresh() {
	var entries int
	must(fmt.Sscan(os.Args[3], &entries))
	d := must(newBenchDevice(os.Args[1], 2, link.Hub))
	must(0, d.know(1, link.Hub, os.Args[2]))
	listener := must(d.listen())
	used, began, peak := processorTime(), time.Now(), watchAnonymous()
	must(0, d.start(listener))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	must(0, until(ctx, d.record, func() bool { return d.entries() >= entries }))
	f := figures{Seconds: time.Since(began).Seconds(), CPU: processorTime() - used, Peak: peakMiB(), Own: peak(), Entries: d.entries()}
	f.Digest = d.record.View().Digest()
	say(f)
	must(0, d.close())
}

// processorTime gives how many seconds of processor this process has had.
func processorTime() float64 {
	var u syscall.Rusage
	must(0, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// statusMiB gives a line of this process's status, in MiB.
func statusMiB(name string) float64 {
	status := must(os.ReadFile("/proc/self/status"))
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var kib float64
			must(fmt.Sscan(rest, &kib))
			return kib / 1024
		}
	}
	return 0
}

// peakMiB gives the largest resident size of this process.
func peakMiB() float64 { return statusMiB("VmHWM") }

// watchAnonymous looks every few milliseconds how much memory this process has that is not
// of mapped files; what it gives ends that and says how much it was at most.
func watchAnonymous() func() float64 {
	stop, most := make(chan struct{}), make(chan float64)
	go func() {
		peak := 0.0
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, statusMiB("RssAnon"))
			select {
			case <-tick.C:
			case <-stop:
				most <- peak
				return
			}
		}
	}()
	return func() float64 { close(stop); return <-most }
}
