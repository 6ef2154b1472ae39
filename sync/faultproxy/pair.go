package faultproxy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Dial opens a connection to the device that a listener stands for.
type Dial func(ctx context.Context) (net.Conn, error)

// Pair is two devices and the network between them. See New.
type Pair struct {
	name    string
	options Options
	ctx     context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu        sync.Mutex
	random    *rand.Rand
	fault     Fault
	armed     Fault         // strikes with the next frame
	after     int           // bytes of frames that pass before that
	struck    chan struct{} // closed by the strike
	healed    chan struct{} // closed by the healing, and anew for each fault
	hit       Hit
	links     map[*link]bool
	listeners []net.Listener
	lines     [2]line // by the side that sends
	forwarded int64
	closed    bool
}

// line is one direction between the two.
type line struct {
	free time.Time // when a slow line has sent what it took before
}

// New gives a pair in good order. The name is for errors.
func New(name string, seed uint64, options Options) *Pair {
	ctx, stop := context.WithCancel(context.Background())
	return &Pair{name: name, options: options.filled(), ctx: ctx, stop: stop, random: rand.New(rand.NewPCG(seed, 0x70726f7879)),
		links: map[*link]bool{}, struck: make(chan struct{}), healed: make(chan struct{})}
}

// Name gives the pair's name.
func (p *Pair) Name() string { return p.name }

// Serve forwards what comes to a listener until the pair is closed, and closes the
// listener then. The side, 0 or 1, says which of the two devices dials here; dial leads
// to the other one.
func (p *Pair) Serve(side int, l net.Listener, dial Dial) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		l.Close()
		return
	}
	p.listeners = append(p.listeners, l)
	p.work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.work.Go(func() { p.forward(side, conn, dial) })
		}
	})
}

// Strike switches a fault on as soon as a piece of a frame is on its way, or after
// Options.Patience without one: then Hit.InTransit will be false. It returns once the
// fault is on. Error: the context's, or that a fault is on already.
func (p *Pair) Strike(ctx context.Context, fault Fault) error {
	p.mu.Lock()
	if p.fault != None || p.armed != None {
		defer p.mu.Unlock()
		return fmt.Errorf("faultproxy: %s: %s and %s at the same time", p.name, max(p.fault, p.armed), fault)
	}
	began := time.Now()
	struck := make(chan struct{})
	p.struck, p.healed, p.armed, p.after, p.hit = struck, make(chan struct{}), fault, 0, Hit{Fault: fault}
	if fault == Reset {
		p.after = p.random.IntN(4096)
	}
	p.mu.Unlock()
	late := time.NewTimer(p.options.Patience)
	defer late.Stop()
	var err error
	select {
	case <-struck:
	case <-late.C:
	case <-p.ctx.Done():
		err = fmt.Errorf("faultproxy: %s: %w", p.name, net.ErrClosed)
	case <-ctx.Done():
		err = ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.armed != None && err == nil {
		p.begin(nil)
	}
	p.armed = None
	p.hit.Took = time.Since(began)
	return err
}

// begin switches the armed fault on; at is the connection whose frame it meets, nil for
// none. The caller holds the lock.
func (p *Pair) begin(at *link) {
	p.fault, p.armed = p.armed, None
	p.hit.InTransit, p.hit.Connections = at != nil, len(p.links)
	for l := range p.links {
		for _, f := range l.flows {
			if f != nil {
				p.hit.Waiting, p.hit.Bytes = p.hit.Waiting+f.chunks, p.hit.Bytes+f.bytes
			}
		}
		l.left = p.budget()
		if p.fault == BlackHole {
			l.dead = true
		}
	}
	if at != nil {
		at.left = 0
	}
	close(p.struck)
}

// budget draws after how many bytes a connection is reset. The caller holds the lock.
func (p *Pair) budget() int { return 1 + p.random.IntN(16<<10) }

// Heal switches the fault off and says what it did. Without a fault it gives the zero Hit.
func (p *Pair) Heal() Hit {
	p.mu.Lock()
	defer p.mu.Unlock()
	hit := p.hit
	if p.fault == None {
		return Hit{}
	}
	p.fault, p.hit = None, Hit{}
	close(p.healed)
	return hit
}

// Turn lets another fault take the place of the one that is on, at once and whatever is
// on its way, and gives what the earlier one did. Without a fault it does nothing.
func (p *Pair) Turn(fault Fault) Hit {
	p.mu.Lock()
	defer p.mu.Unlock()
	hit := p.hit
	if p.fault == None || fault == None {
		return Hit{}
	}
	p.fault, p.hit = fault, Hit{Fault: fault, Connections: len(p.links)}
	for l := range p.links {
		l.dead = l.dead || fault == BlackHole
	}
	return hit
}

// Hit gives what the fault that is on has done so far; the zero Hit where there is none.
func (p *Pair) Hit() Hit {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault == None {
		return Hit{}
	}
	return p.hit
}

// vanish counts a chunk that nobody will ever get.
func (p *Pair) vanish(bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose(bytes)
}

// lose counts bytes that nobody will ever get, if a fault is on. The caller holds the lock.
func (p *Pair) lose(bytes int) {
	if p.fault != None {
		p.hit.Touched, p.hit.Lost = p.hit.Touched+1, p.hit.Lost+bytes
	}
}

// Forwarded gives how many bytes came through, both directions together.
func (p *Pair) Forwarded() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.forwarded
}

// Close ends all connections and waits until nothing of the pair runs any more.
func (p *Pair) Close() error {
	p.mu.Lock()
	p.closed = true
	var errs []error
	for _, l := range p.listeners {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	p.stop()
	for l := range p.links {
		l.close()
	}
	p.mu.Unlock()
	p.work.Wait()
	return errors.Join(errs...)
}

// now gives the fault that is on, and what is closed when it goes.
func (p *Pair) now() (Fault, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault, p.healed
}

// coin says "lost" half of the time.
func (p *Pair) coin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(2) == 0
}
