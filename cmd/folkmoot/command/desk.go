package command

import (
	"context"
	"fmt"
	"os"
	"sync"

	"folkmoot/sync/oplog"
)

// Desk is the program behind the desk's window: it gives what the window asks of the
// sessions on this computer. Its methods may be called from several goroutines. What
// people can do something about comes back as *readmodel.Trouble.
type Desk struct {
	// Host is the address on which phones are let in, "" for every one of this computer.
	Host string
	// Peers is the address and port for other devices: "" for the usual one, "off" for none.
	Peers string
	// Quiet says that nothing is announced on the network, and nobody looked for.
	Quiet bool

	app  *app
	name string // of the program, for what is logged
	// within gives a ctx that ends with the given one and with the Desk.
	within func(context.Context) (context.Context, context.CancelFunc)
	end    context.CancelFunc
	work   sync.WaitGroup
	pen    pen
	files  sync.Mutex // held while a session's file is opened for reading or moved

	mu     sync.Mutex
	closed bool
	held   map[oplog.SessionID]*local // what this desk has open
	open   map[*DeskSession]bool
	cards  map[oplog.SessionID]seenCard
}

// NewDesk makes the program behind a window. Its sessions lie in data, "" for the
// usual folder. ctx ends its work, and so does Close, which has to be called.
func NewDesk(ctx context.Context, program string, data string, streams Streams) *Desk {
	if streams.Env == nil {
		streams.Env = os.Getenv
	}
	streams.Progress = false // the window has its own bars
	life, end := context.WithCancel(ctx)
	return &Desk{app: &app{Streams: streams, data: data}, name: program, end: end,
		within: func(ctx context.Context) (context.Context, context.CancelFunc) { return eitherOf(ctx, life) },
		held:   map[oplog.SessionID]*local{}, open: map[*DeskSession]bool{}, cards: map[oplog.SessionID]seenCard{}}
}

// Go runs work; its ctx ends when the Desk is closed, and Close waits for it. After
// Close nothing is run.
func (d *Desk) Go(work func(ctx context.Context)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.work.Go(func() {
		ctx, done := d.within(context.Background())
		defer done()
		work(ctx)
	})
}

// Close ends all work, closes the sessions that are open and waits for both. Calling it
// again does nothing.
func (d *Desk) Close() {
	d.mu.Lock()
	d.closed = true
	sessions := make([]*DeskSession, 0, len(d.open))
	for s := range d.open {
		sessions = append(sessions, s)
	}
	d.mu.Unlock()
	d.end()
	d.pen.close()
	for _, s := range sessions {
		if err := s.Close(); err != nil {
			d.log(err)
		}
	}
	d.work.Wait()
}

// log writes a fault down; nobody reads it but who is asked for help.
func (d *Desk) log(err error) { fmt.Fprintf(d.app.Err, "%s: %v\n", d.name, err) }

// until gives a ctx that ends with the given one and with the Desk.
func (d *Desk) until(ctx context.Context) (context.Context, context.CancelFunc) {
	return d.within(ctx)
}

func eitherOf(ctx, other context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(other, cancel)
	return ctx, func() { stop(); cancel() }
}
