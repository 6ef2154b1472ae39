package faultproxy

import (
	"fmt"
	"time"
)

// Fault is what is wrong with a pair's network.
type Fault int

// The faults.
const (
	// None: everything is forwarded at once.
	None Fault = iota
	// BlackHole: bytes vanish and connections stay open. Those that were open, or were
	// opened meanwhile, stay dead after the healing, until their ends notice.
	BlackHole
	// Drop: half of the chunks are lost and sent again.
	Drop
	// Cut: half of the chunks are lost, and with a lost one its connection is reset.
	Cut
	// Slow: 75 ± 50 ms of delay and 64 kbit/s in each direction.
	Slow
	// Reset: connections are reset in the middle of a frame, after a random number of bytes.
	Reset
)

var faultNames = []string{"none", "black hole", "half dropped", "half dropped and cut", "slow", "reset in a frame"}

// String gives the fault's name.
func (f Fault) String() string {
	if f < 0 || int(f) >= len(faultNames) {
		return fmt.Sprintf("fault %d", int(f))
	}
	return faultNames[f]
}

// Faults gives all faults but None.
func Faults() []Fault { return []Fault{BlackHole, Drop, Cut, Slow, Reset} }

// Hit is what a fault did, from the strike to the healing.
type Hit struct {
	Fault Fault
	// InTransit says that a piece of a frame was on its way when the fault struck.
	InTransit bool
	// Waiting is how many chunks, and Bytes how many bytes, were on their way at that
	// moment, over Connections open connections.
	Waiting, Bytes, Connections int
	// Touched is how many chunks met the fault until it was healed: vanished, lost,
	// held up or cut into.
	Touched int
	// Lost is how many bytes never arrived; what was sent again is not among them.
	Lost int
	// Resets is how many connections were reset, Inside how many of them with a frame
	// begun and not ended.
	Resets, Inside int
	// Took is how long the strike waited for a frame.
	Took time.Duration
}

// Options for New; the zero value is the network that the package's documentation names.
type Options struct {
	// Frame is how many bytes a TLS record has at the least that counts as a frame, and
	// a chunk where there is no TLS; 0 is 160, more than what only keeps a connection alive.
	Frame int
	// Patience is how long a strike waits for a frame; 0 is 10 s.
	Patience time.Duration
	// Again is the wait before a lost chunk is sent again for the first time; 0 is 200 ms.
	Again time.Duration
	// Delay, Jitter and Rate (bytes a second) are what Slow does; 0 is 75 ms, 50 ms, 8 000.
	Delay, Jitter time.Duration
	Rate          int
}

func (o Options) filled() Options {
	return Options{
		Frame: or(o.Frame, 160), Patience: or(o.Patience, 10*time.Second), Again: or(o.Again, 200*time.Millisecond),
		Delay: or(o.Delay, 75*time.Millisecond), Jitter: or(o.Jitter, 50*time.Millisecond), Rate: or(o.Rate, 8000),
	}
}

func or[T int | time.Duration](value, other T) T {
	if value == 0 {
		return other
	}
	return value
}
