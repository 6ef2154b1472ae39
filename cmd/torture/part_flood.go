package main

import (
	"context"
	"fmt"
	"time"

	"folkmoot/cmd/folkmoot/command/commandtest"
)

const (
	floodTurn  = 5 * time.Second
	floodTurns = 3
	// How many times longer others may wait while one device floods.
	floodLimit = 1.5
)

// floodSockets is over how many connections the device sends, by turns of the steps: a
// program that waits for each answer, a browser, and one that means harm.
var floodSockets = []int{1, 6, 64}

// floodPart lets one device send as fast as it can: others must hardly notice.
func floodPart(w *workshop) Part {
	return Part{
		Name: "flood", What: "fifty people vote, with and without one device that sends as fast as it can, by turns in one run: p99 at most 1.5 times as long",
		Short: 3, Release: 20,
		Run: func(ctx context.Context, from, to int, note func(string, float64)) error {
			program, err := w.built(ctx)
			if err != nil {
				return err
			}
			for step := from; step < to; step++ {
				data, err := w.folder("flood")
				if err != nil {
					return err
				}
				f, err := commandtest.Flood(ctx, program, data, floodTurn, floodTurns, floodSockets[step%len(floodSockets)])
				if err != nil {
					return At(step, err)
				}
				calm, flood := f.Calm.Latency(), f.Flood.Latency()
				note("programs on this computer that wanted a processor", commandtest.Busy())
				note("p50 of the others before, ms", calm.P50)
				note("p50 of the others while one floods, ms", flood.P50)
				note("p99 of the others before, ms", calm.P99)
				note("p99 of the others while one floods, ms", flood.P99)
				note("p99, times as long", f.Ratio())
				note("calls of the flooding device a second", float64(f.Calls)/f.Seconds)
				note("processors of the hub while one floods", f.Hub.Cores)
				if calm.P99 >= goalP99 {
					return At(step, fmt.Errorf("99 of 100 votes took %.0f ms before anybody flooded: this computer is too busy to say anything", calm.P99))
				}
				if f.Ratio() > floodLimit {
					return At(step, fmt.Errorf("99 of 100 votes of the others took %.1f ms while one device sent %.0f calls a second, and %.1f ms before: %.2f times as long",
						flood.P99, float64(f.Calls)/f.Seconds, calm.P99, f.Ratio()))
				}
			}
			return nil
		},
	}
}
