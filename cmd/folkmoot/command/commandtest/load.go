package commandtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"folkmoot/cmd/folkmoot/crowd"
)

// Room is a server with pages open that hold their streams. See OpenRoom.
type Room struct {
	Server *Server
	Hub    *crowd.Hub
	Phones []*crowd.Phone

	stop    context.CancelFunc
	holding sync.WaitGroup
	mu      sync.Mutex
	lost    []error
}

// OpenRoom serves the sample as a rehearsal from a folder, which may hold it already,
// and lets so many phones in. Phones of an earlier room of the folder are the same
// people.
func OpenRoom(ctx context.Context, program Program, data string, people int) (*Room, error) {
	address, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	server, err := program.Serve(data, address, "--sample", "--rehearsal")
	if err != nil {
		return nil, err
	}
	r := &Room{Server: server, stop: func() {}}
	if r.Hub, err = crowd.Look(ctx, server.Base); err == nil {
		err = r.Grow(ctx, people)
	}
	if err != nil {
		server.Kill()
		return nil, err
	}
	return r, nil
}

// Grow lets more phones in, until there are so many.
func (r *Room) Grow(ctx context.Context, people int) error {
	var first error
	var mu sync.Mutex
	var wait sync.WaitGroup
	gate := make(chan struct{}, 50) // more at once only wait for each other
	for i := len(r.Phones); i < people; i++ {
		p := r.Hub.Phone(tokenOf(i))
		r.Phones = append(r.Phones, p)
		wait.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			if err := p.JoinPatiently(ctx, "en"); err != nil {
				mu.Lock()
				defer mu.Unlock()
				first = err
			}
		})
	}
	wait.Wait()
	return first
}

func tokenOf(i int) string {
	sum := sha256.Sum256([]byte("folkmoot torture phone " + strconv.Itoa(i)))
	return hex.EncodeToString(sum[:])
}

// Hold opens the page on every phone and waits until all have heard from the hub.
func (r *Room) Hold(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	earlier := r.stop
	r.stop = func() { stop(); earlier() }
	var opened sync.WaitGroup
	for _, p := range r.Phones {
		opened.Add(1)
		r.holding.Go(func() {
			once := sync.OnceFunc(opened.Done)
			defer once()
			if err := p.Hold(ctx, once); err != nil {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.lost = append(r.lost, err)
			}
		})
	}
	opened.Wait()
	return errors.Join(ctx.Err(), r.Lost())
}

// Lost says how many open pages lost their hub, and why the first did; nil for none.
func (r *Room) Lost() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.lost) == 0 {
		return nil
	}
	return fmt.Errorf("%d open pages lost the hub; the first: %w", len(r.lost), r.lost[0])
}

// Close shuts the pages and ends the hub as Ctrl-C does.
func (r *Room) Close() error {
	r.stop()
	r.holding.Wait()
	r.Hub.Close()
	return r.Server.Interrupt()
}

// Kill shuts the pages and kills the hub.
func (r *Room) Kill() {
	r.stop()
	r.Server.Kill()
	r.holding.Wait()
	r.Hub.Close()
}

// Burdened is a load with what it took.
type Burdened struct {
	crowd.Tally
	Hub, Crowd Measured
}

// Load lets the first phones vote by the clock, see crowd.Load, and measures meanwhile
// the hub's process and this one. Error: something was not saved, or a page lost the hub.
func (r *Room) Load(ctx context.Context, people int, interval time.Duration, count int) (Burdened, error) {
	hub, own := Watch(r.Server.PID()), Watch(os.Getpid())
	b := Burdened{Tally: crowd.Load(ctx, r.Phones[:people], interval, count)}
	b.Hub, b.Crowd = hub.Stop(), own.Stop()
	return b, errors.Join(ctx.Err(), b.Err(), r.Lost())
}

// Files gives the size of a folder's session files, in MiB.
func Files(data string) float64 {
	var sum int64
	paths, _ := filepath.Glob(filepath.Join(data, "*.folkmoot"))
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			sum += info.Size()
		}
	}
	return float64(sum) / (1 << 20)
}
