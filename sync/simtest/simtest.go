package simtest

import (
	"fmt"
)

// Schedule generates the schedule of a seed, runs it, and checks what must hold. The
// error names the seed and gives the shortest schedule found that fails, as text for Run.
func Schedule(seed uint64) error {
	events := Generate(seed)
	err := Run(seed, events)
	if err == nil {
		return nil
	}
	short, cause := Shorten(seed, events, err)
	return fmt.Errorf("simtest: seed %d: %w\n%s(of %d events; the whole schedule: %v)", seed, cause, Text(short), len(events), err)
}

// attempts is how many shorter schedules Shorten tries.
const attempts = 400

// Shorten takes events out of a schedule that fails as long as it still fails, and gives
// what is left with its error.
func Shorten(seed uint64, events []Event, cause error) ([]Event, error) {
	return shorten(events, cause, func(events []Event) error { return Run(seed, events) })
}

func shorten(events []Event, cause error, run func([]Event) error) ([]Event, error) {
	left := attempts
	for size := (len(events) + 1) / 2; size > 0 && left > 0; {
		shorter := false
		for from := 0; from < len(events) && left > 0; left-- {
			rest := append(append([]Event(nil), events[:from]...), events[min(from+size, len(events)):]...)
			if err := run(rest); err != nil {
				events, cause, shorter = rest, err, true
			} else {
				from += size
			}
		}
		if !shorter || size > len(events) {
			size /= 2
		}
	}
	return events, cause
}
