package hub

import (
	"sync"
	"time"

	"folkmoot/sync/oplog"
)

// maxWaiting is how many answers a device is believed to hold; more than any session
// asks for. silent is for how long it is believed.
const (
	maxWaiting = 500
	silent     = 10 * time.Minute
)

// devices knows which devices were heard of and what they said still waits in
// them. It is a hint for the host, never part of the record.
type devices struct {
	mu   sync.Mutex
	seen map[oplog.Hash]deviceSeen
}

type deviceSeen struct {
	at      time.Time
	waiting int
}

func newDevices() *devices { return &devices{seen: map[oplog.Hash]deviceSeen{}} }

func (d *devices) saw(token oplog.Hash, at time.Time, waiting int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen[token] = deviceSeen{at: at, waiting: min(max(waiting, 0), maxWaiting)}
}

// heard notes a call without items: the device is there.
func (d *devices) heard(token oplog.Hash, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.seen[token]
	s.at = at
	d.seen[token] = s
}

// waiting gives how many answers were last said to wait, and in how many devices, of
// those that were heard of lately.
func (d *devices) waiting(now time.Time) (answers, holding int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.seen {
		if s.waiting > 0 && now.Sub(s.at) <= silent {
			answers += s.waiting
			holding++
		}
	}
	return answers, holding
}

// seenCount gives how many devices were heard of since the hub started.
func (d *devices) seenCount() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.seen)
}
