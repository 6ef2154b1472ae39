//go:build !linux

package main

const smallDisk = "on-a-small-disk"

// fullPart has no steps here: only Linux lets a program mount a disk of its own.
func fullPart(*workshop) Part {
	return Part{Name: "full", What: "a real small disk runs full (on Linux only)"}
}

func onSmallDisk([]string) int { return 1 }
