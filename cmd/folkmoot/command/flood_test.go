package command_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// device is a pretend phone of a flood.
type device struct {
	base, token string
	client      *http.Client
	statements  []string
	rev         int
}

func newDevice(t testing.TB, s *serving, connections int) *device {
	t.Helper()
	d := &device{base: s.base, token: randomHex(32), client: &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}}
	status, err := d.post("/api/v1/join", map[string]any{"code": s.code, "token": d.token, "lang": "en", "name": ""})
	if err != nil || status != http.StatusCreated {
		t.Fatalf("join: %d %v", status, err)
	}
	req, err := http.NewRequest(http.MethodGet, s.base+"/api/v1/state", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	res, err := d.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var state struct{ Statements []struct{ ID string } }
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	for _, s := range state.Statements {
		d.statements = append(d.statements, s.ID)
	}
	return d
}

func randomHex(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return fmt.Sprintf("%x", raw)
}

func (d *device) post(path string, body any) (int, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequest(http.MethodPost, d.base+path, bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+d.token)
	res, err := d.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	return res.StatusCode, nil
}

// vote sends one vote and gives the status.
func (d *device) vote(statement, rev int) (int, error) {
	item := map[string]any{"cid": randomHex(16), "kind": "vote", "key": d.statements[statement%len(d.statements)], "rev": rev, "value": "agree"}
	return d.post("/api/v1/items", map[string]any{"items": []any{item}, "waiting": 0})
}

// calmly lets all devices vote twice a second, spread over it, and gives how long each
// vote took until it was saved.
func calmly(t testing.TB, devices []*device, long time.Duration) []time.Duration {
	t.Helper()
	const every = 500 * time.Millisecond
	begin := time.Now()
	var mu sync.Mutex
	var took []time.Duration
	var wait sync.WaitGroup
	for i, d := range devices {
		wait.Go(func() {
			for at := time.Duration(i) * every / time.Duration(len(devices)); at < long; at += every {
				time.Sleep(time.Until(begin.Add(at)))
				d.rev++
				start := time.Now()
				status, err := d.vote(d.rev, d.rev)
				if err != nil || status != http.StatusCreated {
					t.Errorf("a vote of somebody else: %d %v", status, err)
				}
				mu.Lock()
				took = append(took, time.Since(start))
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return took
}

// p99 gives the time that one in a hundred exceeds.
func p99(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[min(len(took)*99/100, len(took)-1)]
}

// BenchmarkFlood measures how long fifty people wait for their votes while one device
// sends as fast as it can, against how long they wait otherwise; the two take turns, in
// one run, on a hub in a process of its own with a real file. A ratio of 1.5 at most is
// what we promise.
func BenchmarkFlood(b *testing.B) {
	for _, connections := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			s := serve(b, b.TempDir(), freeAddress(b), "--sample")
			var people []*device
			for range 50 {
				people = append(people, newDevice(b, s, 1))
			}
			flooder := newDevice(b, s, connections)
			calmly(b, people, time.Second) // connections, caches
			var calm, flooded []time.Duration
			var calls, cut, saved atomic.Int64
			for range max(b.N, 4) {
				calm = append(calm, calmly(b, people, 3*time.Second)...)
				ctx, cancel := context.WithCancel(b.Context())
				var wait sync.WaitGroup
				for range connections {
					wait.Go(func() {
						for ctx.Err() == nil {
							status, err := flooder.vote(0, int(calls.Add(1)))
							switch {
							case err != nil:
								cut.Add(1)
							case status == http.StatusCreated:
								saved.Add(1)
							}
						}
					})
				}
				flooded = append(flooded, calmly(b, people, 3*time.Second)...)
				cancel()
				wait.Wait()
			}
			before, during := p99(calm), p99(flooded)
			b.ReportMetric(float64(during)/float64(before), "ratio")
			b.ReportMetric(float64(before)/1e6, "p99-before-ms")
			b.ReportMetric(float64(during)/1e6, "p99-during-ms")
			b.ReportMetric(float64(calls.Load())/float64(3*max(b.N, 4)), "flood/s")
			b.ReportMetric(float64(cut.Load()), "cut")
			b.ReportMetric(float64(saved.Load()), "flood-saved")
			b.ReportMetric(0, "ns/op")
		})
	}
}
