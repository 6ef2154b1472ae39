package faultproxy

import (
	"net"
	"sync"
	"time"
)

const (
	packet = 1460 // bytes of a chunk at the most
	held   = 64   // chunks that a direction holds: what the buffers of a network would
	// again is how long a first packet waits to be sent again, as systems do.
	again = time.Second
)

// link is one connection through the proxy: the end that dialled and the end that was
// reached.
type link struct {
	pair  *Pair
	ends  [2]net.Conn
	flows [2]*flow // by the end that sends
	over  chan struct{}
	once  sync.Once

	// Guarded by the pair's lock.
	dead   bool
	gone   bool // one end of a dead connection has closed it
	broken bool // it is counted as reset
	left   int  // bytes until a Reset
}

// forward brings a new connection to the other device.
func (p *Pair) forward(side int, near net.Conn, dial Dial) {
	l := &link{pair: p, ends: [2]net.Conn{near, nil}, over: make(chan struct{})}
	if !p.enter(l) {
		near.Close()
		return
	}
	defer p.leave(l)
	if !l.knock() {
		return
	}
	far, err := dial(p.ctx)
	if err != nil {
		reset(near) // nobody listens there
		return
	}
	if !l.join(side, far) {
		far.Close()
		return
	}
	var both sync.WaitGroup
	for _, f := range l.flows {
		both.Go(f.read)
		both.Go(f.write)
	}
	both.Wait()
}

func (p *Pair) enter(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		l.left = p.budget()
		p.links[l] = true
	}
	return !p.closed
}

func (p *Pair) leave(l *link) {
	l.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}

// knock lets the first packet of a connection meet the fault. It says whether it got
// through; in a black hole never: then it returns when the end that dialled gives up.
func (l *link) knock() bool {
	for wait := again; ; wait *= 2 {
		fault, healed := l.pair.now()
		switch fault {
		case BlackHole:
			l.vanish()
			return false
		case Slow:
			return l.pause(2*l.delay(), healed)
		case Cut:
			if l.pair.coin() {
				reset(l.ends[0])
				return false
			}
		case Drop:
			if l.pair.coin() {
				if !l.pause(wait, healed) {
					return false
				}
				continue
			}
		}
		return true
	}
}

// vanish takes what is sent into a connection that was opened in a black hole, until its
// end gives up.
func (l *link) vanish() {
	l.pair.mu.Lock()
	l.dead = true
	l.pair.mu.Unlock()
	for data := make([]byte, packet); ; {
		n, err := l.ends[0].Read(data)
		if n > 0 {
			l.pair.vanish(n)
		}
		if err != nil {
			return
		}
	}
}

// join takes the other end.
func (l *link) join(side int, far net.Conn) bool {
	l.pair.mu.Lock()
	defer l.pair.mu.Unlock()
	if l.pair.closed {
		return false
	}
	l.ends[1] = far
	for i := range l.flows {
		l.flows[i] = &flow{link: l, from: l.ends[i], to: l.ends[1-i], end: i, line: &l.pair.lines[(side+i)%2], queue: make(chan chunk, held)}
	}
	return true
}

// close ends both ends in the ordinary way.
func (l *link) close() {
	l.once.Do(func() { close(l.over) })
	for _, end := range l.ends {
		if end != nil {
			end.Close()
		}
	}
}

// reset ends both ends so that whatever they have not read is lost.
func (l *link) reset() {
	l.once.Do(func() { close(l.over) })
	for _, end := range l.ends {
		reset(end)
	}
}

// reset ends a connection with a reset instead of an orderly end.
func reset(end net.Conn) {
	if tcp, ok := end.(interface{ SetLinger(int) error }); ok {
		tcp.SetLinger(0)
	}
	end.Close()
}

// pause waits until the time is over or the fault is healed; false where the connection
// ended first.
func (l *link) pause(d time.Duration, healed <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-healed:
	case <-l.over:
		return false
	}
	return true
}

// delay draws how long a chunk is under way on a slow line.
func (l *link) delay() time.Duration {
	o := l.pair.options
	l.pair.mu.Lock()
	defer l.pair.mu.Unlock()
	return o.Delay - o.Jitter + time.Duration(l.pair.random.Int64N(int64(2*o.Jitter)+1))
}

// isDead says whether bytes of the connection have vanished.
func (l *link) isDead() bool {
	l.pair.mu.Lock()
	defer l.pair.mu.Unlock()
	return l.dead
}

// leaveDead notes that an end closed a dead connection: the other is not told.
func (l *link) leaveDead() {
	l.pair.mu.Lock()
	defer l.pair.mu.Unlock()
	l.gone = true
}

// knows says whether what is sent into a dead connection is still taken for one: once
// the network is well and the other end has closed it, that one answers with a reset.
func (l *link) knows() bool {
	l.pair.mu.Lock()
	defer l.pair.mu.Unlock()
	return !l.gone || l.pair.fault == BlackHole
}
