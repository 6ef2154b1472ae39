package command_test

import (
	"context"
	"crypto/ed25519"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// BenchmarkExchange is two hubs that each hold entries of their own and meet over loopback
// TLS, until both hold everything, on the disk; beside it, in the same run and on the same
// processors, nothing but the signatures of the entries that went over.
func BenchmarkExchange(b *testing.B) {
	const each = 10_000
	for b.Loop() {
		one, other := benchPair(b, link.Hub)
		noErr(b, takeAll(one.record, newRoom(300, 60).base()...))
		fetched, cancel := context.WithTimeout(context.Background(), time.Minute)
		rooms := [2]*room{newRoom(300, 60), newRoom(300, 60)}
		rooms[1].votes = each
		for i, d := range []*benchDevice{one, other} {
			if i == 1 { // it knows the people and statements, as if it had been here before
				noErr(b, takeAll(d.record, newRoom(300, 60).base()...))
			}
			noErr(b, votes(d.record, rooms[i], each, moot.FromPhone))
		}
		total := one.entries() + other.entries()
		moved, used := time.Now(), processorTime()
		listeners(b, one, other)
		for _, d := range []*benchDevice{one, other} {
			noErr(b, until(fetched, d.record, func() bool { return d.entries() >= total }))
		}
		took, spent := time.Since(moved), processorTime()-used
		cancel()
		bare, least := signatures(b, one)
		if one.record.View().Digest() != other.record.View().Digest() {
			b.Fatal("the two differ")
		}
		b.ReportMetric(float64(total)/took.Seconds(), "entries/s")
		b.ReportMetric(bare, "bare-checks/s")
		b.ReportMetric(spent*1e6/float64(total), "cpu-µs/entry")
		b.ReportMetric(least*1e6, "bare-cpu-µs/check")
		b.ReportMetric(float64(total)/took.Seconds()/bare*100, "%-of-bare")
		noErr(b, one.close())
		noErr(b, other.close())
	}
}

// benchPair makes two devices that know each other; role is the second one's.
func benchPair(b *testing.B, role link.Role) (one, other *benchDevice) {
	b.Helper()
	one, err := newBenchDevice(b.TempDir(), 1, link.Hub)
	noErr(b, err)
	other, err = newBenchDevice(b.TempDir(), 2, role)
	noErr(b, err)
	noErr(b, one.know(2, role))
	noErr(b, other.know(2, role))
	return one, other
}

// listeners lets two devices talk: the second calls the first.
func listeners(b *testing.B, one, other *benchDevice) {
	b.Helper()
	first, err := one.listen()
	noErr(b, err)
	second, err := other.listen()
	noErr(b, err)
	noErr(b, other.know(1, link.Hub, one.at))
	noErr(b, one.start(first))
	noErr(b, other.start(second))
}

// signatures gives how many signatures a second all processors check of a device's entries,
// and how many seconds of processor one takes.
func signatures(b *testing.B, d *benchDevice) (rate, cost float64) {
	b.Helper()
	var entries []oplog.Entry
	keys := map[oplog.ReplicaID]ed25519.PublicKey{}
	noErr(b, oplog.All(d.file, func(e oplog.Entry) bool {
		if e.Seq == 1 {
			key, err := oplog.KeyIn(e)
			noErr(b, err)
			keys[e.Replica] = key
		}
		entries = append(entries, e)
		return true
	}))
	began, used := time.Now(), processorTime()
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(entries); i += workers {
				if err := entries[i].CheckSignature(keys[entries[i].Replica]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wait.Wait()
	count := float64(len(entries))
	return count / time.Since(began).Seconds(), (processorTime() - used) / count
}

// BenchmarkTabletVote is a vote on a tablet, from before it is written there until the
// hub's map has it, in a room of 300 people with 60 statements; goal: 99 in 100 within
// half a second. One vote comes after the other, a little later than the map.
func BenchmarkTabletVote(b *testing.B) {
	hub, tablet := benchPair(b, link.Tablet)
	r := newRoom(300, 60)
	noErr(b, takeAll(hub.record, r.base()...))
	noErr(b, votes(hub.record, r, 9_000, moot.FromPhone))
	listeners(b, hub, tablet)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	noErr(b, until(ctx, tablet.record, func() bool { return tablet.entries() == hub.entries() }))
	desk, err := readmodel.NewDesk(hub.record, readmodel.DeskOptions{})
	noErr(b, err)
	defer desk.Close()
	const count = 200 // votes, so that there is a 99 in 100
	var saved, there, shown []time.Duration
	for b.Loop() {
		for range count {
			s, t, m := benchVote(b, hub, tablet, desk, r.vote(moot.FromTablet))
			saved, there, shown = append(saved, s), append(there, t), append(shown, m)
			time.Sleep(time.Duration(r.random.IntN(400)) * time.Millisecond) // people think
		}
	}
	reportTimes(b, "saved", saved)
	reportTimes(b, "hub", there)
	reportTimes(b, "map", shown)
	noErr(b, tablet.close())
	noErr(b, hub.close())
}

// benchVote writes a vote on a tablet and gives after how long it was saved there, in the
// hub's record, and on the hub's map.
func benchVote(b *testing.B, hub, tablet *benchDevice, desk *readmodel.Desk, vote moot.Item) (saved, there, shown time.Duration) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	act := vote.Payload.(*moot.SetVote)
	has := func(v *moot.View) bool { return v.Person(act.Person).Vote(act.Statement).Stamp.Rev == act.Rev }
	arrived := make(chan time.Duration, 1)
	began := time.Now()
	go func() {
		defer close(arrived)
		if until(ctx, hub.record, func() bool { return has(hub.record.View()) }) == nil {
			arrived <- time.Since(began)
		}
	}()
	noErr(b, takeAll(tablet.record, vote))
	saved = time.Since(began)
	for {
		changed := desk.Changed()
		if has(desk.Current().Record) {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			b.Fatal("the map never had the vote")
		}
	}
	return saved, <-arrived, time.Since(began)
}

// reportTimes says within how many milliseconds half of something was done, and 99 in 100.
func reportTimes(b *testing.B, name string, took []time.Duration) {
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.ReportMetric(ms(took[len(took)/2]), name+"-p50-ms")
	b.ReportMetric(ms(took[min(len(took)-1, len(took)*99/100)]), name+"-p99-ms")
}
