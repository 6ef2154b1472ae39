package replica

import (
	"errors"
	"sync"
	"time"
)

const (
	// patience is how close two failures have to be for the record to become read-only.
	patience = time.Minute
	// retryAfter is how often it is then tried to write again.
	retryAfter = 5 * time.Second
)

// Health says how the disk does.
type Health struct {
	// ReadOnly: writing failed twice within a minute. It is tried again every five
	// seconds while somebody sends.
	ReadOnly bool
	// Full: the last failure was for want of room.
	Full bool
	// Err is the last failure, nil where writing has worked since.
	Err error
}

// health counts failed commits.
type health struct {
	now func() time.Time

	mu     sync.Mutex
	last   Health
	failed time.Time // when the last one failed
	next   time.Time // when to try again
}

// Health says how the disk does now.
func (r *Replica) Health() Health {
	r.health.mu.Lock()
	defer r.health.mu.Unlock()
	return r.health.last
}

// SetLow says whether little room is left on the disk: then only votes, answers and
// what a host does are taken, everything else is refused with moot.DiskLow.
func (r *Replica) SetLow(low bool) { r.low.Store(low) }

// Wake wakes those who wait for Changed, for something that is not in the record.
func (r *Replica) Wake() { r.signal() }

// fail notes a failure.
func (h *health) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	h.last = Health{ReadOnly: h.last.ReadOnly || !h.failed.IsZero() && now.Sub(h.failed) < patience, Full: errors.Is(err, ErrFull), Err: err}
	h.failed, h.next = now, now.Add(retryAfter)
}

// well notes that writing works again, and says whether it did not before.
func (h *health) well() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.last.Err != nil
	h.last = Health{}
	return was
}

// refusal gives what is answered without trying to write, nil where it may be tried.
func (h *health) refusal() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.last.ReadOnly || !h.now().Before(h.next) {
		return nil
	}
	if h.last.Full {
		return errors.Join(ErrAgain, ErrReadOnly, ErrFull)
	}
	return errors.Join(ErrAgain, ErrReadOnly)
}
