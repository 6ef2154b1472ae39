package crowd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Tally is what became of a load.
type Tally struct {
	Sent, Saved int
	// Trouble counts by sentence what was sent and not told to be saved.
	Trouble map[string]int
	// Late is how much later than meant the last send began: a crowd that cannot keep
	// its own pace measures itself.
	Late time.Duration

	millis []float64
}

// Latency is how long it took until it was said that something is saved, in milliseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Add puts another tally into this one.
func (t *Tally) Add(o Tally) {
	t.Sent, t.Saved, t.Late = t.Sent+o.Sent, t.Saved+o.Saved, max(t.Late, o.Late)
	t.millis = append(t.millis, o.millis...)
	for why, n := range o.Trouble {
		t.trouble(why, n)
	}
}

// Took counts one item that was said to be saved.
func (t *Tally) Took(d time.Duration) {
	t.Saved++
	t.millis = append(t.millis, float64(d)/float64(time.Millisecond))
}

func (t *Tally) trouble(why string, n int) {
	if t.Trouble == nil {
		t.Trouble = map[string]int{}
	}
	t.Trouble[why] += n
}

// Latency gives the figures; all zero where nothing was saved.
func (t *Tally) Latency() Latency {
	n := len(t.millis)
	if n == 0 {
		return Latency{}
	}
	slices.Sort(t.millis)
	return Latency{P50: t.millis[n/2], P99: t.millis[min(n-1, n*99/100)], Max: t.millis[n-1]}
}

// Err says what went wrong in one line; nil where all that was sent is saved.
func (t *Tally) Err() error {
	if t.Saved == t.Sent && len(t.Trouble) == 0 {
		return nil
	}
	for why, n := range t.Trouble {
		return fmt.Errorf("%d of %d votes were not saved; %d times: %s", t.Sent-t.Saved, t.Sent, n, why)
	}
	return fmt.Errorf("%d of %d votes were not saved", t.Sent-t.Saved, t.Sent)
}

// Load lets phones vote by the clock: each count times, every later one an interval
// after the one before, the first ones evenly over the first interval. A vote that
// waits for its answer past the moment of the next one holds that back, and the wait
// counts in its latency.
func Load(ctx context.Context, phones []*Phone, interval time.Duration, count int) Tally {
	var all Tally
	var mu sync.Mutex
	var wait sync.WaitGroup
	start := time.Now()
	for i, p := range phones {
		first := start.Add(interval * time.Duration(i) / time.Duration(len(phones)))
		wait.Go(func() {
			own := p.pace(ctx, first, interval, count, i)
			mu.Lock()
			defer mu.Unlock()
			all.Add(own)
		})
	}
	wait.Wait()
	return all
}

// pace sends count votes, the k-th at first + k·interval.
func (p *Phone) pace(ctx context.Context, first time.Time, interval time.Duration, count, offset int) Tally {
	var t Tally
	timer := time.NewTimer(0)
	defer timer.Stop()
	for k := range count {
		due := first.Add(time.Duration(k) * interval)
		timer.Reset(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return t
		}
		t.Late = max(t.Late, time.Since(due))
		vote := Vote(p.hub.Statements[(k+offset)%len(p.hub.Statements)], k+offset)
		t.Sent++
		receipts, err := p.Send(ctx, vote)
		switch {
		case ctx.Err() != nil:
			t.Sent-- // nobody waits for it any more
			return t
		case err != nil:
			t.trouble(err.Error(), 1)
		case !receipts.Has(vote.CID):
			t.trouble(fmt.Sprintf("the hub says %v", receipts), 1)
		default:
			t.Took(time.Since(due))
		}
	}
	return t
}

// Vote gives a vote on a statement that beats every earlier one; turn says which.
func Vote(statement string, turn int) Item {
	return Item{CID: NewID(), Kind: "vote", Key: statement, Rev: uint64(time.Now().UnixMilli()), Value: []string{"agree", "disagree", "pass"}[turn%3]}
}

// NewID gives a fresh item id.
func NewID() string {
	var raw [16]byte
	rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}
