package command_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// benchRoom opens a fresh session with people and statements to vote on.
func benchRoom(b *testing.B, people, statements int) *replica.Replica {
	b.Helper()
	file, err := store.Create(b.TempDir(), oplog.SessionID{1}, rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	r, err := replica.Open(file, replica.Options{Session: file.Session(), Key: file.Keys().Sign, Now: time.Now, Random: rand.Reader})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { r.Close(); file.Close() })
	var items []moot.Item
	for i := range people {
		items = append(items, moot.Item{CID: benchID(1, i), Payload: &moot.SetPerson{Person: moot.ParticipantID(benchID(9, i)), Field: moot.PersonNumber, Value: strconv.Itoa(i), Rev: 1}})
	}
	for i := range statements {
		items = append(items, moot.Item{CID: benchID(2, i), Payload: &moot.NewStatement{Text: fmt.Sprintf("statement %d", i), Lang: "en", Standing: moot.Approved}})
	}
	if _, err := r.Do(context.Background(), items...); err != nil {
		b.Fatal(err)
	}
	return r
}

func benchID(kind byte, n int) oplog.ItemID {
	id := oplog.ItemID{kind}
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	return id
}

// callers shares b.N calls among that many goroutines.
func callers(b *testing.B, count int, call func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	b.ResetTimer()
	for range count {
		wait.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				call(int(i))
			}
		})
	}
	wait.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saved/s")
}

// BenchmarkSavedVotes is votes saved by a replica on a real file; beside it, in the
// same run, the same number of bytes through bbolt's own Batch, and bare signing.
func BenchmarkSavedVotes(b *testing.B) {
	for _, n := range []int{1, 50, 1000} {
		b.Run(fmt.Sprintf("folkmoot/callers=%d", n), func(b *testing.B) {
			r := benchRoom(b, 1000, 60)
			callers(b, n, func(i int) {
				vote := &moot.SetVote{Person: moot.ParticipantID(benchID(9, i%1000)), Statement: moot.StatementID(benchID(2, i%60)), Value: moot.Agree, Rev: uint64(i), Src: moot.FromPhone, Open: true}
				if _, err := r.Do(context.Background(), moot.Item{CID: benchID(3, i), Payload: vote}); err != nil {
					b.Error(err)
				}
			})
		})
		b.Run(fmt.Sprintf("bbolt-batch/callers=%d", n), func(b *testing.B) {
			db, err := bolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("log")); return err })
			value := make([]byte, 330) // as long as a vote's entry
			callers(b, n, func(i int) {
				if err := db.Batch(func(tx *bolt.Tx) error {
					return tx.Bucket([]byte("log")).Put(binary.BigEndian.AppendUint64(nil, uint64(i)), value)
				}); err != nil {
					b.Error(err)
				}
			})
		})
	}
	b.Run("signing", func(b *testing.B) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		message := make([]byte, 180)
		for b.Loop() {
			ed25519.Sign(key, message)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signed/s")
	})
}

// BenchmarkRehearsal is a whole rehearsal over the real interface, the hub in a
// process of its own; memory is the hub's, at its peak.
func BenchmarkRehearsal(b *testing.B) {
	for _, people := range []int{60, 500} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			for range b.N {
				data := b.TempDir()
				hub := serve(b, data, freeAddress(b), "--sample", "--rehearsal")
				var report struct {
					Sent, Acknowledged int
					LatencyMS          struct{ P50, P99, Max float64 } `json:"latency_ms"`
				}
				runJSON(b, data, &report, "rehearse", "--url", hub.base, "--people", strconv.Itoa(people), "--minutes", "0.5")
				if report.Sent != report.Acknowledged {
					b.Errorf("sent %d, acknowledged %d", report.Sent, report.Acknowledged)
				}
				b.ReportMetric(report.LatencyMS.P50, "p50-ms")
				b.ReportMetric(report.LatencyMS.P99, "p99-ms")
				b.ReportMetric(peakMemory(b, hub.server.PID()), "peak-MiB")
				hub.interrupt()
			}
		})
	}
}

// peakMemory gives the largest resident size of a process, in MiB.
func peakMemory(b *testing.B, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib / 1024
		}
	}
	b.Fatal("no VmHWM in the process's status")
	return 0
}

// reference gives a folder of the shared reference data.
func reference(t testing.TB, parts ...string) string {
	t.Helper()
	base := os.Getenv("FOLKMOOT_REFERENCE")
	if base == "" {
		base = filepath.Join(root(t), "..", "shared", "reference")
	}
	path := filepath.Join(append([]string{base}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("no reference data: %v", err)
	}
	return path
}

// BenchmarkReferenceImport is importing the largest export, commits and signatures
// included, and opening that session again.
func BenchmarkReferenceImport(b *testing.B) {
	path := reference(b, "polis", "exports", "vtaiwan.uberx")
	for range b.N {
		export, err := intake.OpenPolis(path, intake.PolisOptions{})
		if err != nil {
			b.Fatal(err)
		}
		dir := b.TempDir()
		file, err := store.Create(dir, export.Session(), rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		options := replica.Options{Session: file.Session(), Key: file.Keys().Sign, Now: time.Now, Random: rand.Reader}
		r, err := replica.Open(file, options)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.Do(context.Background(), export.Items(nil)...); err != nil {
			b.Fatal(err)
		}
		r.Close()
		path := file.Path()
		file.Close()
		again := time.Now()
		if file, err = store.Open(path, store.Options{}); err != nil {
			b.Fatal(err)
		}
		if r, err = replica.Open(file, options); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(again).Seconds(), "open-s")
		if got := r.View().Votes; got != 49443 {
			b.Errorf("%d votes, want 49443", got)
		}
		r.Close()
		file.Close()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "import+open-s")
}
