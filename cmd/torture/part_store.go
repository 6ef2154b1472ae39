package main

import (
	"context"
	"os"
	"time"

	"folkmoot/sync/store/storetest"
)

// each tries steps one by one until ctx ends.
func each(ctx context.Context, from, to int, try func(step int) error) error {
	for step := from; step < to && ctx.Err() == nil; step++ {
		if err := try(step); err != nil {
			return At(step, err)
		}
	}
	return nil
}

// imagesPart cuts the power: each step is a disk as a power cut may leave it.
func imagesPart(w *workshop) Part {
	return Part{
		Name: "images", What: "disks as a power cut may leave them, torn at 512 bytes: each opens, is whole and holds what was said to be saved",
		Short: 2000, Release: 200_000, Chunk: 50,
		Run: func(_ context.Context, from, to int, _ func(string, float64)) error {
			folder, err := w.folder("images")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			return storetest.Images(folder, uint64(from), to-from)
		},
	}
}

// faultsPart lets one writing or sync after the other fail.
func faultsPart(w *workshop) Part {
	return Part{
		Name: "faults", What: "each of the first writes and syncs fails, once for a broken disk and once for a full one: nothing is lost, nothing counts twice",
		Short: 50, Release: 500,
		Run: func(ctx context.Context, from, to int, _ func(string, float64)) error {
			folder, err := w.folder("faults")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			return each(ctx, from, to, func(step int) error { return storetest.FaultAt(folder, uint64(step), step+1) })
		},
	}
}

// bitsPart turns over every bit of a log.
func bitsPart(w *workshop) Part {
	const entries = 2000
	return Part{
		Name: "bits", What: "every bit of a log of 2,000 entries is turned over, one at a time, and verify's checks name that entry; a step is an entry",
		Short: entries, Release: entries, Chunk: 20,
		Run: func(_ context.Context, from, to int, note func(string, float64)) error {
			folder, err := w.folder("bits")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			start := time.Now()
			err = storetest.BitsOf(folder, 1, entries, from, to)
			note("seconds an entry", time.Since(start).Seconds()/float64(to-from))
			return err
		},
	}
}
