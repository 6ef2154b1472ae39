package commandtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"folkmoot/cmd/folkmoot/crowd"
)

// Room is a server with pages open that hold their streams. See OpenRoom.
type Room struct {
	Server *Server
	Hub    *crowd.Hub
	Phones []*crowd.Phone

	pages []*crowd.Pages
	held  int // phones whose page is open
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
	r := &Room{Server: server}
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
	before := len(r.Phones)
	for i := before; i < people; i++ {
		r.Phones = append(r.Phones, r.Hub.Phone(tokenOf(i)))
	}
	return crowd.Enter(ctx, r.Phones[before:])
}

func tokenOf(i int) string {
	sum := sha256.Sum256([]byte("folkmoot torture phone " + strconv.Itoa(i)))
	return hex.EncodeToString(sum[:])
}

// Hold opens the page on every phone that has none open, and waits until all show
// something.
func (r *Room) Hold(ctx context.Context) error {
	pages, err := crowd.Open(ctx, r.Phones[r.held:])
	r.pages, r.held = append(r.pages, pages), len(r.Phones)
	return err
}

// Lost says how many open pages lost their hub, and why the first did; nil for none.
func (r *Room) Lost() error {
	var all []error
	for _, p := range r.pages {
		all = append(all, p.Err())
	}
	return errors.Join(all...)
}

func (r *Room) shut() {
	for _, p := range r.pages {
		p.Close()
	}
	for _, p := range r.Phones {
		p.Close()
	}
}

// Close shuts the pages and ends the hub as Ctrl-C does.
func (r *Room) Close() error {
	r.shut()
	return r.Server.Interrupt()
}

// Kill kills the hub and shuts the pages.
func (r *Room) Kill() {
	r.Server.Kill()
	r.shut()
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
