package main

import (
	"context"
	"runtime"
	"sync"

	"folkmoot/sync/simtest"
)

// schedulesPart runs the simulator: devices, phones, a bad network, wrong clocks,
// crashes, clones and restores, all from the step's seed.
func schedulesPart() Part {
	return Part{
		Name: "schedules", What: "simulated sessions of several devices on a bad network, with failing disks, wrong clocks, clones and restores: all end with one state, and every answer counts once",
		Short: 20_000, Release: 1_000_000, Chunk: 200,
		Run: func(ctx context.Context, from, to int, _ func(string, float64)) error {
			workers := runtime.NumCPU()
			failed := make([]error, workers)
			var all sync.WaitGroup
			for i := range workers {
				all.Go(func() {
					for step := from + i; step < to && failed[i] == nil && ctx.Err() == nil; step += workers {
						failed[i] = At(step, simtest.Schedule(uint64(step)))
					}
				})
			}
			all.Wait()
			for _, err := range failed {
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}
