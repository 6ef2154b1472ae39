package faultproxy

import (
	"errors"
	"io"
	"net"
	"time"
)

// chunk is what a packet would carry.
type chunk struct {
	data   []byte
	frames []span
	came   time.Time
}

// flow is one direction of a connection.
type flow struct {
	link     *link
	from, to net.Conn
	end      int // the number of the end that sends
	line     *line
	queue    chan chunk
	records  records

	// Guarded by the pair's lock: what was taken and not yet given on.
	chunks, bytes int
}

// read takes chunks from the end that sends.
func (f *flow) read() {
	defer close(f.queue)
	for {
		data := make([]byte, packet)
		n, err := f.from.Read(data)
		if n > 0 && !f.take(data[:n]) {
			return
		}
		if err == nil {
			continue
		}
		switch {
		case f.link.isDead():
			f.link.leaveDead()
		case !errors.Is(err, io.EOF):
			f.link.reset() // as its sender did
		}
		return
	}
}

// take puts a chunk in the queue; false where the connection is over.
func (f *flow) take(data []byte) bool {
	p := f.link.pair
	c := chunk{data: data, frames: f.records.take(data, p.options.Frame), came: time.Now()}
	if f.link.isDead() {
		if !f.link.knows() {
			reset(f.from)
			return false
		}
		f.link.pair.vanish(len(c.data))
		return true
	}
	p.mu.Lock()
	f.chunks, f.bytes = f.chunks+1, f.bytes+len(data)
	p.mu.Unlock()
	select {
	case f.queue <- c:
		return true
	case <-f.link.over:
		return false
	}
}

// write gives chunks to the other end, as far as the fault lets them.
func (f *flow) write() {
	for c := range f.queue {
		ok := f.pass(c)
		if !ok {
			f.link.close()
			for range f.queue { // until the reader has seen that it is over
			}
			return
		}
	}
	if f.link.isDead() {
		return
	}
	// The stream has ended in order; the other side may still send.
	if half, ok := f.to.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		return
	}
	f.link.close()
}

// pass lets one chunk meet the fault; false where the connection is over.
func (f *flow) pass(c chunk) bool {
	v := f.meet(c)
	switch {
	case v.vanished:
		return true
	case v.broken:
		f.to.Write(c.data[:v.at])
		f.link.reset()
		return false
	case v.fault == Drop:
		return f.resend(c, v.first, v.healed)
	case v.fault == Slow:
		if !f.link.pause(f.due(c), v.healed) {
			return false
		}
		if f.gone(c) {
			return true
		}
	}
	return f.give(c)
}

// gone says whether a chunk that was held up has vanished meanwhile, and counts it.
func (f *flow) gone(c chunk) bool {
	p := f.link.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.link.dead {
		f.less(c)
		p.lose(len(c.data))
	}
	return f.link.dead
}

// verdict is what becomes of a chunk.
type verdict struct {
	fault    Fault
	healed   <-chan struct{}
	first    bool // the fault struck with this chunk
	vanished bool
	broken   bool // its connection is reset after so many of its bytes
	at       int
}

// meet strikes with this chunk if a fault is armed and it carries a piece of a frame,
// says what becomes of it, and counts it. The first chunk that meets a fault meets it
// for certain.
func (f *flow) meet(c chunk) (v verdict) {
	p := f.link.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.armed != None && cuts(c.frames) > 0 && !f.link.dead {
		if p.after -= len(c.data); p.after < 0 {
			p.begin(f.link)
			v.first = true
		}
	}
	v.fault, v.healed = p.fault, p.healed
	switch {
	case f.link.dead:
		v.vanished = true
		f.less(c)
		p.lose(len(c.data))
		return v
	case v.fault == Drop && v.first, v.fault == Slow:
		p.hit.Touched++
	case v.fault == Cut:
		v.broken = v.first || p.random.IntN(2) == 0
	case v.fault == Reset:
		f.link.left -= len(c.data)
		if places := cuts(c.frames); f.link.left <= 0 && places > 0 {
			v.broken, v.at = true, cutAt(c.frames, p.random.IntN(places))
		}
	}
	if v.broken {
		f.breakOff(c, v)
	}
	return v
}

// breakOff counts a chunk of which only the beginning is given. The caller holds the lock.
func (f *flow) breakOff(c chunk, v verdict) {
	p := f.link.pair
	f.less(c)
	p.lose(len(c.data) - v.at)
	p.forwarded += int64(v.at)
	if !f.link.broken {
		p.hit.Resets++
		if v.at > 0 {
			p.hit.Inside++
		}
	}
	f.link.broken = true
}

// less takes a chunk off what is under way. The caller holds the lock.
func (f *flow) less(c chunk) { f.chunks, f.bytes = f.chunks-1, f.bytes-len(c.data) }

// give brings a chunk to the other end.
func (f *flow) give(c chunk) bool {
	_, err := f.to.Write(c.data)
	p := f.link.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	f.less(c)
	if err == nil {
		p.forwarded += int64(len(c.data))
	}
	return err == nil
}

func (f *flow) touch(chunks int) {
	p := f.link.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault != None {
		p.hit.Touched += chunks
	}
}

// due gives how long a chunk still takes on a slow line.
func (f *flow) due(c chunk) time.Duration {
	delay := f.link.delay()
	p := f.link.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.line.free.Before(c.came) {
		f.line.free = c.came
	}
	f.line.free = f.line.free.Add(time.Duration(len(c.data)) * time.Second / time.Duration(p.options.Rate))
	return time.Until(f.line.free.Add(delay))
}

// window is how many chunks a sender has under way at a time.
const window = 10

// resend brings a chunk, and what waits behind it, over a line that loses half of them.
// What has arrived is given on in its order; what was lost is sent again after a wait
// that doubles as long as nothing new gets through.
func (f *flow) resend(c chunk, lose bool, healed <-chan struct{}) bool {
	flight := append([]chunk{c}, f.waiting(window-1)...)
	arrived := make([]bool, len(flight))
	for wait := f.link.pair.options.Again; ; wait *= 2 {
		lost := 0
		for i := range flight {
			if lose && i == 0 { // it is counted
				continue
			}
			if arrived[i] = arrived[i] || !f.link.pair.coin(); !arrived[i] {
				lost++
			}
		}
		f.touch(lost)
		lose = false
		for len(flight) > 0 && arrived[0] {
			if !f.give(flight[0]) {
				return false
			}
			flight, arrived = flight[1:], arrived[1:]
			wait = f.link.pair.options.Again
		}
		if len(flight) == 0 {
			return true
		}
		if !f.link.pause(wait, nil) {
			return false
		}
		select {
		case <-healed:
			return f.rest(flight)
		default:
		}
	}
}

// rest gives what was sent again after the healing.
func (f *flow) rest(flight []chunk) bool {
	for _, c := range flight {
		if v := f.meet(c); v.vanished {
			continue
		} else if v.broken {
			f.link.reset()
			return false
		}
		if !f.give(c) {
			return false
		}
	}
	return true
}

// waiting takes some chunks that are in the queue already.
func (f *flow) waiting(most int) (all []chunk) {
	for len(all) < most {
		select {
		case c, ok := <-f.queue:
			if !ok {
				return all
			}
			all = append(all, c)
		default:
			return all
		}
	}
	return all
}
