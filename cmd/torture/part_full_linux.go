package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"folkmoot/sync/store/storetest"
)

// smallDisk is the word by which torture calls itself on a small disk.
const smallDisk = "on-a-small-disk"

// fullPart fills a small memory disk, which torture mounts where nobody else sees it.
func fullPart(w *workshop) Part {
	return Part{
		Name: "full", What: "a real disk of eight MiB runs full: what was saved stays and can be read, and work goes on once there is room",
		Short: 20, Release: 200,
		Run: func(ctx context.Context, from, to int, _ func(string, float64)) error {
			folder, err := w.folder("full")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			return each(ctx, from, to, func(step int) error {
				out, err := storetest.OnSmallDisk("/proc/self/exe", smallDisk, folder, strconv.Itoa(step)).CombinedOutput()
				if err != nil {
					return fmt.Errorf("%w: %s", err, out)
				}
				return nil
			})
		},
	}
}

// onSmallDisk is the other end of fullPart.
func onSmallDisk(args []string) int {
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err == nil {
		err = storetest.Mount(args[0])
	}
	if err == nil {
		err = storetest.Full(args[0], seed, 1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
