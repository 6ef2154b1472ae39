package link

import (
	"sync"
	"time"
)

const (
	// leastPiece is how many bytes one call carries over the slowest link, so that it has
	// a chance between two faults; firstPiece is what is tried first, and largestPiece what
	// the fastest link carries: what is on its way lies in memory several times over.
	leastPiece   = 4 << 10
	firstPiece   = 64 << 10
	largestPiece = 512 << 10
	// swift and slow are within which time a call makes the next one larger, or smaller.
	swift = 500 * time.Millisecond
	slow  = 2 * time.Second
)

// pace fits the size of pieces to how fast a link is: a piece that does not come through
// whole is not taken.
type pace struct {
	mu    sync.Mutex
	bytes int
}

// size gives how many bytes of entries the next call carries.
func (p *pace) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bytes == 0 {
		p.bytes = firstPiece
	}
	return p.bytes
}

// took notes how long a call with entries took, and whether it came through.
func (p *pace) took(d time.Duration, well bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !well || d > slow:
		p.bytes = max(leastPiece, p.bytes/2)
	case d < swift:
		p.bytes = min(largestPiece, 2*max(p.bytes, leastPiece))
	}
}

// grow notes that a piece goes out of which it is not known how long it takes: the next
// call of the other side says that it came through.
func (p *pace) grow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes = min(largestPiece, 2*max(p.bytes, leastPiece))
}
