package command_test

import (
	"context"
	"fmt"
	"os/exec"
	"sync"
	"testing"
	"time"

	"folkmoot/cmd/folkmoot/crowd"
)

// BenchmarkBackupInStep is votes of 50 open phones, each sending the next one when the
// last is saved, first without and then with a backup laptop that has to hold a vote before
// it is called saved: hub, backup and phones are programs of their own on one computer.
func BenchmarkBackupInStep(b *testing.B) {
	const phones, each = 50, 40 // a phone may send 50 votes at a time
	ctx := context.Background()
	for b.Loop() {
		data := b.TempDir()
		peers := freeAddress(b)
		server := serve(b, data, freeAddress(b), "--sample", "--rehearsal", "--peers", peers)
		hub := lookAt(b, server)
		flat := func(first int) (rate float64, took crowd.Latency) {
			var list []*crowd.Phone
			for i := range phones {
				list = append(list, hub.Phone(fmt.Sprintf("%064x", first+i+1)))
			}
			noErr(b, crowd.Enter(ctx, list))
			began := time.Now()
			tally := flatOut(ctx, list, each)
			rate = float64(tally.Saved) / time.Since(began).Seconds()
			noErr(b, tally.Err())
			return rate, tally.Latency()
		}
		alone, aloneTook := flat(0)
		follower := startBackup(b, data, peers)
		inStep, inStepTook := flat(phones)
		var devices struct {
			Devices []struct{ Behind int }
		}
		runJSON(b, data, &devices, "device", "list")
		if len(devices.Devices) != 1 || devices.Devices[0].Behind != 0 {
			b.Errorf("the backup fell behind: %+v", devices)
		}
		b.ReportMetric(alone, "alone-saved/s")
		b.ReportMetric(aloneTook.P99, "alone-p99-ms")
		b.ReportMetric(inStep, "in-step-saved/s")
		b.ReportMetric(inStepTook.P99, "in-step-p99-ms")
		b.ReportMetric(inStep/alone*100, "%-of-alone")
		follower()
		server.interrupt()
	}
}

// flatOut lets phones vote, each the next time when it was answered.
func flatOut(ctx context.Context, phones []*crowd.Phone, each int) crowd.Tally {
	var all crowd.Tally
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, p := range phones {
		wait.Go(func() {
			var own crowd.Tally
			for range each {
				own.Add(crowd.Load(ctx, []*crowd.Phone{p}, 0, 1))
			}
			mu.Lock()
			defer mu.Unlock()
			all.Add(own)
		})
	}
	wait.Wait()
	return all
}

// startBackup starts a backup laptop, has the hub let it in, and waits until it is in step.
func startBackup(b *testing.B, data, peers string) (end func()) {
	b.Helper()
	backup := b.TempDir()
	cmd := exec.Command(program(b), "--data", backup, "follow", peers, "--same-digits", "--no-mdns", "--listen", freeAddress(b), "--peers", freeAddress(b))
	noErr(b, cmd.Start())
	b.Cleanup(func() { cmd.Process.Kill() })
	until := time.Now().Add(30 * time.Second)
	for {
		var list struct {
			Devices []struct {
				ID, State string
				Behind    int
			}
		}
		runJSON(b, data, &list, "device", "list")
		switch {
		case len(list.Devices) == 1 && list.Devices[0].State == "asking":
			run(b, data, "device", "pair", list.Devices[0].ID)
		case len(list.Devices) == 1 && list.Devices[0].State == "paired" && list.Devices[0].Behind == 0:
			return func() { cmd.Process.Kill(); cmd.Wait() }
		case time.Now().After(until):
			b.Fatalf("the backup did not come to be in step: %+v", list)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
